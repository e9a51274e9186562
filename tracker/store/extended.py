"""The due date of a share with what was granted to it, for use in queries over ShareRow and MilestoneRow."""

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from tracker.store.tables import ExtensionRow, MilestoneRow
from tracker.store.tenure import CACHED_DAYS, LOG_ID, Moment

EVER = datetime.max.replace(tzinfo=UTC)


@lru_cache(CACHED_DAYS)
def granted_by(until: Moment | None) -> sa.ColumnElement[Any]:
    """The latest day granted to ShareRow before `until` (UTC); NULL without one, and where `until` is None."""
    if until is None:
        return sa.null()
    granted = sa.select(sa.func.max(ExtensionRow.granted_due)).where(
        ExtensionRow.share_id == LOG_ID, ExtensionRow.decided_at < until
    )
    return sa.type_coerce(granted.scalar_subquery(), sa.Date)


def due_with(granted: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """The due date of MilestoneRow, or the day granted where that is later; NULL where the plan has no date."""
    return sa.case((granted > MilestoneRow.due, granted), else_=MilestoneRow.due)
