"""What the calendar of days off and of the school year's dates shows, and when that last changed."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from tracker.domain.feeds import HOLIDAYS
from tracker.domain.holiday_feed import HolidayEvent, NamedPeriod, SchoolYear, holiday_events
from tracker.store import days_off
from tracker.store.database import session
from tracker.store.feeds import touch_scopes
from tracker.store.tables import PeriodRow, PlanRow


def events() -> tuple[HolidayEvent, ...]:
    """Every event of the calendar, by day. 2 queries."""
    return holiday_events(days_off.listed(), school_years())


def school_years() -> list[SchoolYear]:
    """The school years of the plans that are out, each with the periods that were closed of it. 1 query."""
    query: sa.Select[*tuple[Any, ...]] = (
        sa.select(PlanRow.school_year, PlanRow.created_at, PeriodRow.name, PeriodRow.to_on, PeriodRow.closed_at)
        .outerjoin(PeriodRow, PeriodRow.plan_id == PlanRow.id)
        .where(PlanRow.school_year.is_not(None), PlanRow.state != "draft")
        .order_by(PlanRow.school_year, PlanRow.created_at, PlanRow.id, PeriodRow.closed_at, PeriodRow.version)
    )
    found: dict[str, SchoolYear] = {}
    for year, created_at, name, to_on, closed_at in session().execute(query):
        known = found.get(year, SchoolYear(year, created_at))
        closed = (*known.closed, NamedPeriod(name, to_on, closed_at)) if name else known.closed
        found[year] = SchoolYear(year, known.known_since, closed)
    return list(found.values())


def touch(now: datetime) -> None:
    """Tell the calendars that days off or dates of a school year are other ones since `now` (aware UTC).

    Belongs into the transaction that makes the change.
    """
    touch_scopes({HOLIDAYS.key}, now)
