"""What the tables say of work and people at a moment, as plain values: facts for the oracle of reminders."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from tracker.store.database import db
from tracker.store.tables import (
    ActingRow,
    CheckpointRow,
    DayOff,
    ExtensionRow,
    MilestoneRow,
    PersonRow,
    PlanMonitor,
    PlanRow,
    PreferenceRow,
    ProgressEntry,
    ReminderRule,
    SharePerson,
    ShareRow,
    TaskRow,
    UnitRow,
    UrgingRow,
    UrgingShare,
)

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
DAY = timedelta(days=1)


def local(moment: datetime) -> date:
    return moment.astimezone(ZONE).date()


@dataclass
class Work:
    """A share, and what was written of it; `log` is (version, action, state, day, person)."""

    row: Any
    milestone: Any
    unit: Any
    plan: Any
    task: Any
    monitors: list[int]
    log: list[tuple[int, str, str, date, int]]
    requests: list[Any]
    own_days: list[Any]
    urged: list[date]
    doers: set[int]
    stand_ins: set[int]


@dataclass
class Human:
    """A person with what they chose; `places` are the units for which they may ask today."""

    row: Any
    places: set[int]
    hour: int = 7
    weekdays: set[int] = field(default_factory=lambda: set(range(1, 8)))
    channels: set[str] = field(default_factory=lambda: {"mail", "bell"})
    muted: set[str] = field(default_factory=set)
    pause: tuple[date, date, int | None] | None = None


@dataclass
class Facts:
    """Everything at a moment."""

    works: list[Work]
    people: dict[int, Human]
    rules: list[Any]
    off: dict[date, bool]

    def is_off(self, day: date) -> bool:
        return self.off.get(day, day.isoweekday() > 5)


def _all(table: Any) -> list[Any]:
    return list(db.session.execute(sa.select(table.__table__)).all())


def _by(rows: Iterable[Any], name: str) -> dict[Any, list[Any]]:
    found: dict[Any, list[Any]] = {}
    for row in rows:
        found.setdefault(getattr(row, name), []).append(row)
    return found


def read(now: datetime) -> Facts:
    """The tables as they stand at `now`, the last of its day's changes included."""
    today = local(now)
    milestones, tasks, units, plans = (
        {row.id: row for row in _all(table)} for table in (MilestoneRow, TaskRow, UnitRow, PlanRow)
    )
    logs, asked = _by(_all(ProgressEntry), "share_id"), _by(_all(ExtensionRow), "share_id")
    own_days, named = _by(_all(CheckpointRow), "share_id"), _by(_all(SharePerson), "share_id")
    urgings = {row.id: row for row in _all(UrgingRow)}
    urged, monitors = _by(_all(UrgingShare), "share_id"), _by(_all(PlanMonitor), "plan_id")
    works = []
    for row in sorted(_all(ShareRow), key=lambda each: each.id):
        milestone = milestones[row.milestone_id]
        task = tasks[milestone.task_id]
        log_id = row.log_id or row.id
        people = [each for each in named.get(row.id, []) if each.until_at is None]
        work = Work(
            row,
            milestone,
            units[row.unit_id],
            plans[task.plan_id],
            task,
            [each.unit_id for each in sorted(monitors.get(task.plan_id, []), key=lambda each: each.rank)],
            [_entry(each) for each in sorted(logs.get(log_id, []), key=lambda each: each.version)],
            sorted(asked.get(log_id, []), key=lambda each: each.id),
            own_days.get(log_id, []),
            sorted(local(urgings[each.urging_id].at) for each in urged.get(row.id, [])),
            {each.person_id for each in people if not each.stand_in},
            {each.person_id for each in people if each.stand_in},
        )
        works.append(work)
    return Facts(
        works, _people(today), _all(ReminderRule), {row.day: row.is_off for row in _all(DayOff) if not row.removed_at}
    )


def _entry(row: Any) -> tuple[int, str, str, date, int]:
    return row.version, row.action, row.state, local(row.recorded_at), row.person_id


def _people(today: date) -> dict[int, Human]:
    found = {row.id: Human(row, set() if row.unit_id is None else {row.unit_id}) for row in _all(PersonRow)}
    for row in _all(ActingRow):
        if row.from_on <= today and (row.until_on is None or row.until_on >= today):
            found[row.person_id].places.add(row.unit_id)
    for row in _all(PreferenceRow):
        human = found[row.person_id]
        human.hour, human.weekdays, human.channels = row.hour, set(row.weekdays), set(row.channels)
        human.muted = set(row.muted)
        human.pause = (row.pause_from, row.pause_until, row.stand_in_id) if row.pause_from else None
    return found
