"""The weekly page: who gets it on a day, and on which days it would go."""

from dataclasses import replace
from datetime import date

from tests.support.reminding import MONDAY, OFF, RULES, ZONE, person
from tracker.domain.people import Role
from tracker.domain.preferences import Pause, Preference
from tracker.domain.reminder_people import Cast, Office
from tracker.domain.reminder_rules import Event, Group
from tracker.domain.weekly_pages import pages, readers

(RULE,) = (each for each in RULES if each.event is Event.WEEKLY)
FIRST, SECOND, CLERK = person(1, Role.LEADER, None), person(2, Role.LEADER, None), person(3, Role.MEMBER)
FRIDAY = date(2024, 12, 20)


def told(**chosen: Preference) -> dict[int, tuple[int, ...]]:
    """Who gets the page on Monday, and in whose place."""
    found = readers(Cast(office(**chosen), MONDAY))
    return {person_id: tuple(each.id for each in reader.instead_of) for person_id, reader in found.items()}


def office(**chosen: Preference) -> Office:
    ids = {"first": 1, "second": 2, "clerk": 3}
    return Office([FIRST, SECOND, CLERK], OFF, ZONE, {ids[name]: each for name, each in chosen.items()})


def away(stand_in: int | None) -> Preference:
    return Preference(pause=Pause(MONDAY, FRIDAY, stand_in))


def test_every_leader_gets_it_and_who_stands_in_for_one_each_once() -> None:
    no_page = frozenset({Group.WEEKLY})
    assert told() == {1: (), 2: ()}
    assert told(first=away(None)) == {2: ()}
    assert told(first=away(2)) == {2: (1,)}
    assert told(first=away(3)) == {3: (1,), 2: ()}
    assert told(first=away(2), second=away(3)) == {3: (1, 2)}
    assert told(first=replace(away(3), muted=no_page)) == {2: ()}
    assert told(first=away(3), clerk=Preference(muted=no_page)) == {2: ()}


def days(first: date, last: date, people: Office, had: tuple[int, ...] = (), over_on: date = date.max) -> list[str]:
    found = pages(RULE, people, first, last, had, lambda day: day < over_on)
    return [f"{day:%d/%m} {who.id}" for day, who in found]


def test_it_goes_once_a_week_on_the_first_day_on_which_its_reader_is_there() -> None:
    last = date(2025, 1, 10)
    monday_off = [f"{day} {who}" for day in ("16/12", "23/12", "30/12", "06/01") for who in (1, 2)]
    assert days(MONDAY, last, office()) == monday_off
    assert days(MONDAY, last, office(), had=(1, 2)) == monday_off[2:]
    assert days(MONDAY, FRIDAY, office(first=Preference(weekdays=frozenset({4})))) == ["16/12 2", "19/12 1"]
    assert days(MONDAY, FRIDAY, office(first=Preference(pause=Pause(MONDAY, date(2024, 12, 17))))) == [
        "16/12 2",
        "18/12 1",
    ]
    assert days(date(2025, 1, 25), date(2025, 2, 3), office()) == ["03/02 1", "03/02 2"]
    assert days(MONDAY, last, office(), over_on=date(2024, 12, 20)) == ["16/12 1", "16/12 2"]
