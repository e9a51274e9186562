"""Whose a share was on a day, whose log it goes on with, and what a unit was called then."""

from datetime import date, datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from tracker.domain.status import Ending
from tracker.domain.work import State
from tracker.store.tables import ShareRow, UnitPast, UnitRow

HANDED = "handed"
LOG_ID = sa.func.coalesce(ShareRow.log_id, ShareRow.id)
# Pieces of queries are kept by day: building them takes longer than asking, and pages speak for the same few days.
CACHED_DAYS = 64
# A day or a moment, or the name under which a query that is kept is given one each time.
Day = date | sa.BindParameter[Any]
Moment = datetime | sa.BindParameter[Any]


@lru_cache(CACHED_DAYS)
def owned_on(day: Day | None) -> sa.ColumnElement[bool]:
    """The condition on ShareRow of being its unit's on `day`; None asks for the units as the plan was first shared out.

    A closed or cancelled share stays with its unit; one that was handed over does not.
    """
    if day is None:
        return ShareRow.from_on.is_(None)
    begun = sa.or_(ShareRow.from_on.is_(None), ShareRow.from_on <= day)
    kept = sa.or_(ShareRow.until_on.is_(None), ShareRow.until_on > day, ShareRow.ending != HANDED)
    return sa.and_(begun, kept)


@lru_cache(CACHED_DAYS)
def owed_on(day: Day) -> sa.ColumnElement[bool]:
    """The condition on ShareRow of being its unit's work on `day`: neither handed on nor closed nor cancelled."""
    begun = sa.or_(ShareRow.from_on.is_(None), ShareRow.from_on <= day)
    return sa.and_(begun, sa.or_(ShareRow.until_on.is_(None), ShareRow.until_on > day))


@lru_cache(CACHED_DAYS)
def ending_on(day: Day | None) -> sa.ColumnElement[Any]:
    """How a share of UnitRow has ended by `day`, as a value of Ending; NULL while somebody owes it."""
    if day is None:
        return sa.null()
    return sa.case(
        (ShareRow.until_on <= day, ShareRow.ending),
        (UnitRow.ends_on < day, Ending.ORPHANED.value),
    )


def ending(found: str | None, state: State) -> Ending | None:
    """The ending of a share in `state`: what was accepted needs none, what does not apply has its own."""
    if state is State.NOT_APPLICABLE:
        return Ending.NOT_APPLICABLE
    return Ending(found) if found and state is not State.ACCEPTED else None


@lru_cache(CACHED_DAYS)
def unit_on(day: Day | None) -> tuple[Any, Any, Any, Any]:
    """Id, code, name and short name of UnitRow as they were on `day`; None asks for the newest ones."""
    return UnitRow.id, UnitRow.code, name_on(day), _on(day, UnitPast.short_name, UnitRow.short_name)


@lru_cache(CACHED_DAYS)
def name_on(day: Day | None) -> Any:
    """The name of UnitRow on `day`."""
    return _on(day, UnitPast.name, UnitRow.name)


def _on(day: Day | None, then: Any, now: Any) -> Any:
    if day is None:
        return now
    past = aliased(UnitPast)
    column = getattr(past, then.key)
    # The names of a unit follow one another: the one of a day is the first that ends after it, else the newest.
    first = (
        sa.select(column)
        .where(past.unit_id == UnitRow.id, past.until_on > day)
        .order_by(past.until_on)
        .limit(1)
        .scalar_subquery()
    )
    return sa.func.coalesce(first, now)
