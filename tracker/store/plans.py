"""Plans and their rows."""

from datetime import date

import sqlalchemy as sa

from tracker.domain.calendar_days import DaysOff
from tracker.domain.status import Calendar
from tracker.domain.views import PlanHead
from tracker.store.database import session
from tracker.store.tables import PlanChange, PlanMonitor, PlanRow
from tracker.store.units import all_days_off, days_off_from


def heads() -> list[PlanHead]:
    """All plans, the newest school year first. 1 query."""
    changed = sa.select(sa.func.max(PlanChange.holds_from)).where(PlanChange.plan_id == PlanRow.id).scalar_subquery()
    query = (
        sa.select(PlanRow, changed, PlanMonitor.unit_id, all_days_off())
        .outerjoin(PlanMonitor, PlanMonitor.plan_id == PlanRow.id)
        .order_by(PlanRow.school_year.desc(), PlanRow.id.desc(), PlanMonitor.rank)
    )
    rows: dict[int, tuple[PlanRow, date | None]] = {}
    monitors: dict[int, list[int]] = {}
    off = DaysOff()
    for row, changed_on, unit_id, days in session().execute(query):
        off = off if rows else days_off_from(days)
        rows[row.id] = row, changed_on
        monitors.setdefault(row.id, []).extend([unit_id] if unit_id else [])
    return [
        PlanHead(
            id=row.id,
            title=row.title,
            school_year=row.school_year,
            number=row.number,
            issuer=row.issuer,
            issued_on=row.issued_on,
            state=row.state,
            monitor_unit_ids=tuple(monitors[row.id]),
            calendar=Calendar(off, row.late_after_working_day, row.quiet_days),
            changed_on=changed_on,
        )
        for row, changed_on in rows.values()
    ]


def head(plan_id: int) -> PlanHead | None:
    """One plan."""
    return next((each for each in heads() if each.id == plan_id), None)


def current() -> PlanHead | None:
    """The plan in force that pages open with: the newest one, else the newest closed one; never a draft."""
    found = [each for each in heads() if each.state != "draft"]
    return next((each for each in found if each.state == "in_force"), found[0] if found else None)
