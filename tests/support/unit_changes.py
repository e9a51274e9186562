"""Events of units on the world's plan, and what the plan then tells of a day."""

import json
from datetime import date, datetime
from zoneinfo import ZoneInfo

from tests.support.worlds import NOW
from tracker.cli.plan_status import status_json, status_lines
from tracker.domain.calendar_days import day_end
from tracker.domain.people import Person
from tracker.domain.unit_events import Change, EventKind
from tracker.domain.units import Unit
from tracker.domain.views import PlanHead, ShareLine
from tracker.domain.work import LoggedEntry
from tracker.store import people, plans
from tracker.store.database import db
from tracker.store.facts import CutOff, milestone_lines
from tracker.store.logs import log_of_task, shares_of_task
from tracker.usecases.unit_changes import NO_CHOICES, ChangeResult, Choices, change_units

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
ON = date(2024, 12, 10)
LAST = date(2024, 12, 9)
TODAY = date(2024, 12, 16)
HEIR = Unit("phong-vhxh", "Phòng Văn hóa - Xã hội", "Phòng VH-XH", "department", "ward")
MERGE = Change(
    EventKind.MERGE, ON, "Nghị quyết số 202/2025/QH15", ("phong-gddt", "phong-tckh"), ("phong-vhxh",), (HEIR,)
)
DISSOLVE = Change(EventKind.DISSOLVE, ON, "QĐ 7", ("phong-tckh",))


def happen(
    change: Change,
    choices: Choices = NO_CHOICES,
    *,
    person: Person | None = None,
    now: datetime = NOW,
    dry_run: bool = False,
) -> ChangeResult:
    """Records an event, and forgets what was read before it."""
    result = change_units(change, choices, person=person, now=now, zone=ZONE, dry_run=dry_run)
    db.session.remove()
    return result


def cut(day: date) -> CutOff:
    """The cut-off of a day in Vietnam."""
    return CutOff(day, day_end(day, ZONE), ZONE)


def plan() -> PlanHead:
    """The plan in force."""
    found = plans.running(TODAY)
    assert found
    return found


def told(day: date) -> str:
    """All that `plan status` prints of a day."""
    return json.dumps(status_json(plan(), cut(day)), ensure_ascii=False) + "\n".join(status_lines(plan(), cut(day)))


def lead(number: str, day: date = TODAY) -> tuple[ShareLine, ...]:
    """The lead shares of the first milestone of a task."""
    return next(line for line in milestone_lines(plan(), cut(day)) if line.number == number).leads


def cast(name: str) -> Person:
    """One of the cast, as the person is now."""
    found = people.by_email(f"{name}@example.org")
    assert found
    return found.person


def log(number: str, day: date = TODAY) -> list[LoggedEntry]:
    """The log shown with the first lead share of a task."""
    line = next(line for line in milestone_lines(plan(), cut(day)) if line.number == number)
    return log_of_task(shares_of_task(line.task_id, cut(day)), cut(day), None, 50)[line.leads[0].id]
