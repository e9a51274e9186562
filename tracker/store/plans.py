"""Plans and their rows."""

from datetime import date
from functools import cache
from typing import Any

import sqlalchemy as sa

from tracker.domain.calendar_days import DaysOff
from tracker.domain.plan_choice import running_on
from tracker.domain.status import Calendar
from tracker.domain.views import PlanHead, UnitRef
from tracker.store.database import session
from tracker.store.tables import STANDING, MilestoneRow, PlanChange, PlanMonitor, PlanRow, TaskRow, UnitRow
from tracker.store.tenure import unit_on
from tracker.store.units import all_days_off, days_off_from


def heads() -> list[PlanHead]:
    """All plans, the newest school year first. 1 query."""
    rows: dict[int, tuple[PlanRow, date | None, date | None, date | None]] = {}
    monitors: dict[int, list[UnitRef]] = {}
    off = DaysOff()
    for row, changed_on, first_day, last_day, days, *unit in session().execute(_all_heads()):
        off = off if rows else days_off_from(days)
        rows[row.id] = row, changed_on, first_day, last_day
        monitors.setdefault(row.id, []).extend([UnitRef(*unit)] if unit[0] else [])
    return [
        PlanHead(
            id=row.id,
            title=row.title,
            school_year=row.school_year,
            number=row.number,
            issuer=row.issuer,
            issued_on=row.issued_on,
            state=row.state,
            monitors=tuple(monitors[row.id]),
            calendar=Calendar(off, row.late_after_working_day, row.quiet_days),
            changed_on=changed_on,
            first_day=first_day,
            last_day=last_day,
        )
        for row, changed_on, first_day, last_day in rows.values()
    ]


@cache
def _all_heads() -> sa.Select[Any]:
    """The query of `heads`, which almost every page asks."""
    latest = sa.select(sa.func.max(PlanChange.holds_from)).where(PlanChange.plan_id == PlanRow.id, STANDING)
    changed = latest.scalar_subquery()
    span = _span()
    return (
        sa.select(PlanRow, changed, span.c.first_day, span.c.last_day, all_days_off(), *unit_on(None))
        .outerjoin(PlanMonitor, PlanMonitor.plan_id == PlanRow.id)
        .outerjoin(UnitRow, UnitRow.id == PlanMonitor.unit_id)
        .outerjoin(span, span.c.plan_id == PlanRow.id)
        .order_by(PlanRow.school_year.desc(), PlanRow.id.desc(), PlanMonitor.rank)
    )


def _span() -> sa.Subquery:
    """The first and the last day of the tasks of each plan."""
    first = sa.func.min(sa.func.coalesce(MilestoneRow.start, MilestoneRow.due))
    query = sa.select(TaskRow.plan_id, first.label("first_day"), sa.func.max(MilestoneRow.due).label("last_day"))
    living = (TaskRow.dropped_on.is_(None), MilestoneRow.dropped_on.is_(None))
    dated = query.join(MilestoneRow, MilestoneRow.task_id == TaskRow.id).where(*living)
    return dated.group_by(TaskRow.plan_id).subquery()


def head(plan_id: int) -> PlanHead | None:
    """One plan."""
    return next((each for each in heads() if each.id == plan_id), None)


def running(day: date) -> PlanHead | None:
    """The plan that runs on a day (see `running_on`), which pages open with and commands mean; never a draft."""
    return running_on(heads(), day)
