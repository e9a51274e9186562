"""Shares, people and offices for tests of what is reminded, without a database."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from tracker.adapters.reminder_rules import load_rules
from tracker.domain.calendar_days import DaysOff
from tracker.domain.people import Person, Role
from tracker.domain.preferences import DEFAULT, Preference
from tracker.domain.reminder_decisions import decide
from tracker.domain.reminder_facts import LEAD, OwedShare
from tracker.domain.reminder_people import Office
from tracker.domain.reminders import Decision, Ledger
from tracker.domain.status import Calendar
from tracker.domain.work import State

RULES = load_rules()
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
# Lunar New Year 2025 and New Year's Day; 2/12/2024 is a Monday
TET = [date(2025, 1, day) for day in range(25, 32)] + [date(2025, 2, 1), date(2025, 2, 2)]
OFF = DaysOff(off=frozenset([date(2025, 1, 1), *TET]))
MONDAY = date(2024, 12, 16)


def day(text: str) -> date:
    """A day as offices write it: 16/12/2024."""
    return datetime.strptime(text, "%d/%m/%Y").replace(tzinfo=UTC).date()


def share(due: date | None, **changes: object) -> OwedShare:
    """A lead share of unit 1 in progress, due on that day."""
    made = OwedShare(
        id=1,
        milestone_id=1,
        task_id=1,
        position=1,
        number="1",
        title="Rà soát cơ sở vật chất",
        ordinal=1,
        several=False,
        part=LEAD,
        state=State.IN_PROGRESS,
        due=due,
        due_as_written="",
        leads_as_written="",
        partners_as_written="",
        unit_id=1,
        unit_name="Phòng Tài chính - Kế hoạch",
        unit_kind="department",
        unit_ends_on=None,
        leads_done=False,
        calendar=Calendar(OFF),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def person(number: int = 1, role: Role = Role.HEAD, unit_id: int | None = 1, *, active: bool = True) -> Person:
    """Somebody with that id."""
    return Person(number, f"p{number}@example.org", f"Người {number}", role, unit_id, None, None, "vi", active)


MAIL_ALONE = frozenset({"mail"})


def office(people: Iterable[Person], preferences: Mapping[int, Preference] | None = None) -> Office:
    """These people, with what they chose; who chose no channels is told by mail alone, so that each is told once."""
    everybody, chosen = list(people), {}
    for each in everybody:
        own = (preferences or {}).get(each.id, DEFAULT)
        chosen[each.id] = replace(own, channels=MAIL_ALONE) if own.channels == DEFAULT.channels else own
    return Office(everybody, OFF, ZONE, chosen)


def told_on(
    owed: Iterable[OwedShare],
    people: Iterable[Person],
    ledger: Ledger | None = None,
    today: date = MONDAY,
    **more: object,
) -> Decision:
    """What is decided on a day at nine in the morning by the rules that come with the program.

    `at` is another time of day, `rules` and `preferences` are others than the default.
    """
    rules, chosen, at = more.get("rules", RULES), more.get("preferences"), more.get("at", time(9))
    assert isinstance(at, time)
    now = datetime.combine(today, at, ZONE)
    return decide(rules, owed, office(people, chosen), ledger or Ledger(), now)  # type: ignore[arg-type]
