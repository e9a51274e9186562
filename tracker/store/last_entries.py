"""The last entries of the logs before a moment, as pieces of queries that are built once for each day."""

from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from tracker.domain.work import LEAVES_UNIT, WAITING
from tracker.store.tables import ProgressEntry
from tracker.store.tenure import CACHED_DAYS, LOG_ID, Moment


def _latest(until: Moment) -> sa.Subquery:
    """Per share, the versions of its last entry and of its last submission before `until`."""
    submitted = sa.case((ProgressEntry.action.in_([action.value for action in LEAVES_UNIT]), ProgressEntry.version))
    return (
        sa.select(
            ProgressEntry.share_id,
            sa.func.max(ProgressEntry.version).label("last"),
            sa.func.max(submitted).label("submitted"),
        )
        .where(ProgressEntry.recorded_at < until)
        .group_by(ProgressEntry.share_id)
        .subquery()
    )


@lru_cache(CACHED_DAYS)
def last_before(until: Moment) -> tuple[sa.Subquery, Any]:
    """What `_latest` finds, and the entries to join to it as each share's last."""
    return _latest(until), aliased(ProgressEntry)


@lru_cache(CACHED_DAYS)
def facts_before(until: Moment) -> tuple[tuple[Any, ...], tuple[tuple[Any, Any], ...]]:
    """The columns of `facts.with_facts`, and what they are joined from with its conditions."""
    latest = _latest(until)
    last, submission = aliased(ProgressEntry), aliased(ProgressEntry)
    columns = (last.state, last.percent, last.recorded_at, submission.recorded_at, last.version)
    return columns, (
        (latest, latest.c.share_id == LOG_ID),
        (last, sa.and_(last.share_id == LOG_ID, last.version == latest.c.last)),
        (submission, sa.and_(submission.share_id == LOG_ID, submission.version == latest.c.submitted)),
    )


@lru_cache(CACHED_DAYS)
def waiting_before(until: Moment) -> sa.Select[Any]:
    """The logs that waited for an answer before `until`, apart from the tables of `facts_before` in the same query."""
    latest, last = last_before(until)
    return (
        sa.select(last.share_id)
        .join(latest, sa.and_(last.share_id == latest.c.share_id, last.version == latest.c.last))
        .where(last.state.in_([state.value for state in WAITING]))
    )
