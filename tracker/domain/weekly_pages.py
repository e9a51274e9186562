"""Who gets the weekly page of leaders, and on which days it would go: a page about no share, once a week for each."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date

from tracker.domain.calendar_days import ONE_DAY
from tracker.domain.people import Person
from tracker.domain.preferences import SendingDays
from tracker.domain.reminder_people import Cast, Office
from tracker.domain.reminder_rules import Group, Rule


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who gets the page: a leader, or who stands in for one; `instead_of` are those who are away."""

    person: Person
    instead_of: tuple[Person, ...] = ()


def week_of(day: date) -> str:
    """The week of a day as ISO 8601 names it, such as 2024-W51."""
    year, week, _weekday = day.isocalendar()
    return f"{year}-W{week:02}"


def readers(cast: Cast) -> dict[int, Reader]:
    """Who gets the page on the day of `cast`, by the person's id, each once.

    Every leader who did not switch it off; during a pause who stands in for them, unless they switched it off
    themselves. Who is away with nobody in their place is left out: it waits for them until the week is over.
    """
    found: dict[int, list[Person]] = {}
    by_id: dict[int, Person] = {}
    for leader in filter(lambda each: _wants(cast, each), cast.leaders):
        reader = cast.present(leader)
        if reader and _wants(cast, reader):
            by_id[reader.id] = reader
            found.setdefault(reader.id, []).extend([] if reader.id == leader.id else [leader])
    return {person_id: Reader(by_id[person_id], tuple(away)) for person_id, away in found.items()}


def _wants(cast: Cast, person: Person) -> bool:
    return Group.WEEKLY not in cast.preference(person.id).muted


def pages(
    rule: Rule, office: Office, first: date, last: date, had: Collection[int], owed_on: Callable[[date], bool]
) -> list[tuple[date, Person]]:
    """Who would get the page on which day from `first` to `last`, both included, in the order of the days.

    On the first day of the week, from the rule's weekday on, on which the reader is there and sent digests, and on
    which `owed_on` says that there is something to tell. `had` are the ids of those who had it in the week of `first`.
    """
    made: list[tuple[date, Person]] = []
    done = {(person_id, week_of(first)) for person_id in had}
    day = first
    while day <= last:
        if day.isoweekday() >= (rule.weekday or 1) and not office.days_off.is_off(day):
            cast = Cast(office, day)
            for person_id, reader in sorted(readers(cast).items()):
                days = SendingDays(office.days_off, cast.preference(person_id).weekdays)
                key = (person_id, week_of(day))
                if key not in done and days.sends_on(day) and owed_on(day):
                    done.add(key)
                    made.append((day, reader.person))
        day += ONE_DAY
    return made
