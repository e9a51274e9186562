"""What the calendar of days off and of the school year's dates shows, and when that last changed."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from tracker.domain.calendar_days import DaysOff
from tracker.domain.feeds import HOLIDAYS
from tracker.domain.holiday_feed import (
    BEGINNING,
    OF_YEAR,
    HolidayEvent,
    HolidayKind,
    NamedPeriod,
    SchoolYear,
    SetDate,
    holiday_events,
)
from tracker.domain.reading.periods import PlanYear, plan_year
from tracker.domain.reading.times import OfficeDays
from tracker.store import days_off
from tracker.store.database import session
from tracker.store.feeds import touch_scopes
from tracker.store.tables import DayOff, PeriodRow, PlanRow, SchoolDate

_OFFICE_DAYS = sa.union_all(
    sa.select(
        sa.literal("").label("year"),
        sa.case((DayOff.is_off, HolidayKind.OFF.value), else_=HolidayKind.WORKED.value).label("kind"),
        DayOff.day,
    ).where(DayOff.removed_at.is_(None)),
    sa.select(SchoolDate.year, SchoolDate.kind, SchoolDate.day).where(SchoolDate.day.is_not(None)),
)


def events() -> tuple[HolidayEvent, ...]:
    """Every event of the calendar, by day. 3 queries."""
    return holiday_events(days_off.listed(), school_years())


def school_years(others: Collection[str] = ()) -> list[SchoolYear]:
    """The school years of the plans that are out, with the periods closed of each and the dates set. 2 queries.

    Behind them those named in `others` of which no plan is out.
    """
    query: sa.Select[*tuple[Any, ...]] = (
        sa.select(PlanRow.school_year, PlanRow.created_at, PeriodRow.name, PeriodRow.to_on, PeriodRow.closed_at)
        .outerjoin(PeriodRow, PeriodRow.plan_id == PlanRow.id)
        .where(PlanRow.school_year.is_not(None), PlanRow.state != "draft")
        .order_by(PlanRow.school_year, PlanRow.created_at, PlanRow.id, PeriodRow.closed_at, PeriodRow.version)
    )
    found: dict[str, SchoolYear] = {}
    dates = _set_dates()
    for written, created_at, name, to_on, closed_at in session().execute(query):
        year = known_year.name if (known_year := plan_year(written)) else written
        known = found.get(year, SchoolYear(year, created_at, dates=dates.get(year, ())))
        closed = (*known.closed, NamedPeriod(name, to_on, closed_at)) if name else known.closed
        found[year] = replace(known, closed=closed)
    unplanned = (SchoolYear(name, BEGINNING, dates=dates.get(name, ())) for name in others if name not in found)
    return [*found.values(), *unplanned]


def office_days() -> OfficeDays:
    """The office's table of days off, and the school years of which it set dates. 1 query."""
    off: list[tuple[date, bool]] = []
    years: dict[str, dict[str, date]] = {}  # by kind
    for year, kind, day in session().execute(_OFFICE_DAYS):
        if year:
            years.setdefault(year, {})[kind] = day
        else:
            off.append((day, kind == HolidayKind.OFF))
    known = ((plan_year(name), days) for name, days in years.items())
    return OfficeDays(DaysOff.from_rows(off), tuple(_dated(year, days) for year, days in known if year))


def _dated(year: PlanYear, days: Mapping[str, date]) -> PlanYear:
    opens, semester_ends, ends = map(days.get, OF_YEAR)
    return replace(year, opens=opens, semester_ends=semester_ends, ends=ends)


def _set_dates() -> dict[str, tuple[SetDate, ...]]:
    """What the office set, by school year."""
    found: dict[str, tuple[SetDate, ...]] = {}
    for row in session().scalars(sa.select(SchoolDate)):
        told = SetDate(HolidayKind(row.kind), row.day, row.document, row.changed_at)
        found[row.year] = (*found.get(row.year, ()), told)
    return found


def set_date(year: str, new: SetDate) -> None:
    """Keep a date of a school year in the place of what was set of it."""
    row = session().get(SchoolDate, (year, new.kind.value)) or SchoolDate(year=year, kind=new.kind.value)
    row.day, row.document, row.changed_at = new.day, new.document, new.changed_at
    session().add(row)
    session().flush()


def touch(now: datetime) -> None:
    """Tell the calendars that days off or dates of a school year are other ones since `now` (aware UTC).

    Belongs into the transaction that makes the change.
    """
    touch_scopes({HOLIDAYS.key}, now)
