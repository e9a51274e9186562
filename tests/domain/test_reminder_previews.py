"""A rehearsal by looks tells what one that decides on everything each day tells, whatever happened on the days."""

import random
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest

from tests.support.reminding import MONDAY, OFF, RULES, ZONE, office, person, share
from tracker.domain.people import Role
from tracker.domain.preferences import Pause, Preference
from tracker.domain.reminder_decisions import decide
from tracker.domain.reminder_facts import LEAD, PARTNER, History, LogLine, OwnDay, Request, Urged, standing_on
from tracker.domain.reminder_previews import by_rule, would_send
from tracker.domain.reminders import Digest, Ledger, Telling
from tracker.domain.work import Action, State

FIRST, LAST = date(2024, 11, 18), date(2025, 1, 31)
CAST = [person(1), person(2, Role.MEMBER), person(3, Role.MONITOR, 9), person(4, Role.LEADER, None)]
CHOSEN = {
    1: Preference(weekdays=frozenset({1, 4}), channels=frozenset({"mail"})),
    2: Preference(pause=Pause(MONDAY, MONDAY + timedelta(days=9))),
}
MOVES = [
    (Action.PROGRESS, State.IN_PROGRESS),
    (Action.SUBMIT, State.SUBMITTED),
    (Action.RETURN, State.RETURNED),
    (Action.ACCEPT, State.ACCEPTED),
]


def history(number: int, chance: random.Random) -> History:
    """A share with some of everything that can happen to one."""

    def day(first: int = 0) -> date:
        return FIRST + timedelta(days=chance.randint(first, 60))

    due = chance.choice([None, FIRST + timedelta(days=chance.randint(-30, 90))])
    made = share(due, id=number, milestone_id=number // 2, part=chance.choice([LEAD, LEAD, PARTNER]))
    made = replace(made, state=State.NOT_STARTED, start=day(), assigned_on=day(), monitor_unit_ids=(9,))
    days = sorted(day() for _ in range(chance.randint(0, 4)))
    log = tuple(LogLine(n, *chance.choice(MOVES), each) for n, each in enumerate(days, 1))
    asked = day()
    requests = (Request(1, asked, asked + timedelta(days=2), (due or asked) + timedelta(days=20)),)
    own = (OwnDay(1, asked + timedelta(days=5), "Dự thảo", asked, chance.choice([None, asked + timedelta(days=4)])),)
    urged = tuple(Urged(each, "Người 3") for each in days)
    return History(made, log, chance.choice([(), requests]), chance.choice([(), own]), urged)


def day_by_day(histories: list[History], told: list[Telling]) -> list[Digest]:
    """The same, looking at everything each day."""
    lines, made = list(told), []
    for n in range((LAST - FIRST).days + 1):
        day = FIRST + timedelta(days=n)
        if not OFF.is_off(day):
            had = frozenset((each.person_id, each.channel) for each in told if each.told_on == day)
            evening = datetime.combine(day, time(23, 59), ZONE)
            people = office(CAST, CHOSEN)
            made += decide(RULES, standing_on(histories, day), people, Ledger(list(lines), had), evening).digests
            lines = list(told) + [telling for digest in made for telling in digest.tellings()]
    return made


@pytest.mark.parametrize("seed", range(12))
def test_a_rehearsal_by_looks_tells_the_same_as_one_that_looks_at_all(seed: int) -> None:
    chance = random.Random(seed)
    histories = [history(number, chance) for number in range(1, 9)]
    due = MONDAY - timedelta(days=30)
    told = [Telling(1, "due", "overdue", due, 1, "mail", FIRST - timedelta(days=n), FIRST) for n in (0, 7)]
    people = office(CAST, CHOSEN)
    expected = day_by_day(histories, told)
    assert would_send(RULES, histories, people, FIRST, LAST, told) == expected
    assert expected


def test_a_line_over_two_channels_is_one_reminder() -> None:
    both = replace(office([person(1)]), preferences={1: Preference(channels=frozenset({"mail", "bell"}))})
    found = would_send(RULES, [History(share(MONDAY))], both, MONDAY, MONDAY)
    assert [digest.channel for digest in found] == ["bell", "mail"]
    assert {code: len(lines) for code, lines in by_rule(found).items()} == {"due-day": 1}
