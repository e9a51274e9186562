"""The shares that somebody wants to urge, as they stand now: one by one, of tasks, or of a whole unit."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from tracker.domain.assignments import FORMER, LEAD
from tracker.domain.calendar_days import local_day
from tracker.domain.status import Calendar, Deadline
from tracker.domain.urging import AskedShare
from tracker.domain.work import State
from tracker.store.database import session
from tracker.store.extended import granted_by
from tracker.store.fact_queries import with_facts
from tracker.store.facts import share_facts
from tracker.store.given import NOW, PLAN_ID, SHARE_IDS, TODAY, UNIT_ID
from tracker.store.tables import MilestoneRow, PlanMonitor, PlanRow, ShareRow, TaskRow, UnitRow
from tracker.store.tenure import ending_on, owed_on, unit_on
from tracker.store.units import all_days_off, days_off_from


@dataclass(frozen=True, slots=True)
class Pick:
    """What was picked, by ids: shares; milestones and tasks, which stand for their leads; a unit's work in a plan."""

    shares: Collection[int] = ()
    milestones: Collection[int] = ()
    tasks: Collection[int] = ()
    unit: tuple[int, int] | None = None

    @property
    def nothing(self) -> bool:
        """Whether nothing at all was picked."""
        return not (self.shares or self.milestones or self.tasks or self.unit)


def asked(pick: Pick, now: datetime, zone: tzinfo, watcher_id: int | None = None) -> list[AskedShare]:
    """What was picked, units by name, their shares by due date.

    `watcher_id` is the unit of who asks. 1 query.
    """
    given: dict[str, Any] = {"now": now, "today": local_day(now, zone), "watcher_id": watcher_id}
    given |= {"share_ids": list(pick.shares), "milestone_ids": list(pick.milestones), "task_ids": list(pick.tasks)}
    given |= dict(zip(("plan_id", "unit_id"), pick.unit or (), strict=False))
    rows = session().execute(_query(pick.unit is not None), given).all()
    off = days_off_from(rows[0].days_off) if rows else None
    found = []
    for row in rows:
        assert off
        found.append(_share(row, Calendar(off, row.late_after_working_day, row.quiet_days), zone))
    return found


def _picked(with_unit: bool) -> sa.ColumnElement[bool]:
    """The condition of having been picked; milestones and tasks stand for who leads them and has not ended."""
    lead = sa.and_(
        ShareRow.part == LEAD,
        sa.or_(
            MilestoneRow.id.in_(sa.bindparam("milestone_ids", expanding=True)),
            TaskRow.id.in_(sa.bindparam("task_ids", expanding=True)),
        ),
        ShareRow.until_on.is_(None),
        TaskRow.dropped_on.is_(None),
        MilestoneRow.dropped_on.is_(None),
    )
    of_unit = sa.and_(TaskRow.plan_id == PLAN_ID, ShareRow.unit_id == UNIT_ID) if with_unit else sa.false()
    return sa.and_(ShareRow.part != FORMER, sa.or_(ShareRow.id.in_(SHARE_IDS), lead, of_unit))


@cache
def _query(with_unit: bool) -> Any:
    watcher = sa.bindparam("watcher_id", type_=sa.Integer)
    watched = sa.exists().where(PlanMonitor.plan_id == PlanRow.id, PlanMonitor.unit_id == watcher)
    sibling = aliased(MilestoneRow)
    others = (sibling.task_id == TaskRow.id, sibling.id != MilestoneRow.id, sibling.dropped_on.is_(None))
    there = sa.and_(TaskRow.dropped_on.is_(None), MilestoneRow.dropped_on.is_(None))
    unit_id, code, name, _short = unit_on(TODAY)
    query = (
        sa.select(
            ShareRow.id,
            ShareRow.part,
            MilestoneRow,
            TaskRow,
            PlanRow.id.label("plan_id"),
            PlanRow.state.label("plan_state"),
            PlanRow.late_after_working_day,
            PlanRow.quiet_days,
            all_days_off().label("days_off"),
            unit_id.label("unit_id"),
            code.label("unit_code"),
            name.label("unit_name"),
            granted_by(NOW).label("granted"),
            sa.exists().where(*others).label("several"),
            watched.label("watched"),
            sa.and_(owed_on(TODAY), ending_on(TODAY).is_(None), there).label("owed"),
        )
        .join(MilestoneRow, MilestoneRow.id == ShareRow.milestone_id)
        .join(TaskRow, TaskRow.id == MilestoneRow.task_id)
        .join(PlanRow, PlanRow.id == TaskRow.plan_id)
        .join(UnitRow, UnitRow.id == ShareRow.unit_id)
        .where(_picked(with_unit))
        .order_by(UnitRow.sort_key, UnitRow.id, MilestoneRow.due, TaskRow.position)
    )
    return with_facts(query, NOW)


def _share(row: Any, calendar: Calendar, zone: tzinfo) -> AskedShare:
    milestone, task = row.MilestoneRow, row.TaskRow
    state: State = share_facts(row[-5:], zone, None).state
    due = Deadline(milestone.start, milestone.original_due, milestone.due).extended(row.granted).due
    return AskedShare(
        id=row.id,
        milestone_id=milestone.id,
        task_id=task.id,
        number=task.number,
        title=task.title,
        ordinal=milestone.position,
        several=bool(row.several),
        part=row.part,
        state=state,
        due=due,
        due_as_written=milestone.due_as_written,
        unit_id=row.unit_id,
        unit_code=row.unit_code,
        unit_name=row.unit_name,
        plan_id=row.plan_id,
        plan_in_force=row.plan_state == "in_force",
        owed=bool(row.owed),
        watched=bool(row.watched),
        calendar=calendar,
        leads_as_written=task.leads_as_written,
    )
