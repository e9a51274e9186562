"""Which milestones the calendar of a saved filter shows, and when anything that it hangs on last changed."""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from tracker.domain.assignments import LEAD, PARTNER
from tracker.domain.calendar_days import iso_day
from tracker.domain.feeds import EventStamp, ScopeKind
from tracker.domain.list_filters import ListFilter, month_of
from tracker.domain.saved_views import in_calendar
from tracker.domain.searching import read_search
from tracker.domain.timeline import month_after
from tracker.store import saved_views
from tracker.store.database import session
from tracker.store.feed_events import OUT, due_of_all, key_of, lead_facts
from tracker.store.feed_leads import of_plans
from tracker.store.tables import ExtensionRow, FeedScope, MilestoneRow, PlanRow, ShareRow, TaskRow, UnitRow
from tracker.store.tenure import LOG_ID

PARTS = {"": (LEAD,), "partner": (PARTNER,), "any": (LEAD, PARTNER)}
GRANTED = (
    sa.select(ShareRow.milestone_id)
    .join(ExtensionRow, ExtensionRow.share_id == LOG_ID)
    .where(ShareRow.part == LEAD, ExtensionRow.granted_due.is_not(None))
    .correlate(None)
)
"""The ids of the milestones of which a lead share was granted a later day."""


def stamps(view_id: int) -> list[EventStamp]:
    """The milestones with a due date that the filter leaves of every plan that is out, by id. 2 queries, 3 by month.

    Units and levels are asked of who has or had the part when it fell due by the plan, the month of the day that the
    event tells, with what was granted. None where there is no such filter, or none that a calendar can follow.
    """
    view = saved_views.one(view_id)
    wanted = in_calendar(view) if view else None
    if wanted is None:
        return []
    search = read_search(wanted.q)
    rows = session().execute(_query(wanted).order_by(MilestoneRow.id)).all()
    if wanted.month:
        granted = lead_facts(MilestoneRow.id.in_(GRANTED), UTC)
        rows = [row for row in rows if month_of(due_of_all(row.due, granted.get(row.id, []))) == wanted.month]
    found = [row for row in rows if not search or search.finds(row.number, row.title)]
    return [EventStamp(row.id, row.task_id, row.ical_sequence, None) for row in found]


def _query(wanted: ListFilter) -> sa.Select[*tuple[Any, ...]]:
    row = MilestoneRow
    columns = (row.id, row.task_id, row.ical_sequence, row.due, TaskRow.number, TaskRow.title)
    query = of_plans(sa.select(*columns)).where(row.due.is_not(None), OUT)
    if wanted.month:
        first = iso_day(f"{wanted.month}-01")
        planned = sa.and_(row.due >= first, row.due < month_after(first, 1))
        query = query.where(sa.or_(planned, row.id.in_(GRANTED)))
    if wanted.unit or wanted.level:
        query = query.where(_has_part(wanted))
    return query


def _has_part(wanted: ListFilter) -> sa.ColumnElement[bool]:
    """The condition on a milestone that a unit asked for has the part asked for."""
    shares = sa.select(ShareRow.id).join(UnitRow, UnitRow.id == ShareRow.unit_id)
    asked = [ShareRow.milestone_id == MilestoneRow.id, ShareRow.part.in_(PARTS[wanted.part])]
    asked += [UnitRow.code == wanted.unit] if wanted.unit else []
    asked += [UnitRow.level == wanted.level] if wanted.level else []
    asked += [sa.or_(ShareRow.until_on.is_(None), MilestoneRow.due < ShareRow.until_on)]
    return shares.where(*asked).correlate(MilestoneRow).exists()


def _of_plans(column: Any) -> sa.Select[Any]:
    return sa.select(column).select_from(PlanRow).join(FeedScope, FeedScope.scope == key_of(ScopeKind.PLAN, PlanRow.id))


def times_of_plans() -> sa.ScalarSelect[str]:
    """When each plan's calendar last changed, in one text: while it is the same, so is what all of them show."""
    comma: Any = sa.literal_column("','", sa.String)  # not a value of its own: the driver is given none
    return _of_plans(sa.func.aggregate_strings(sa.cast(FeedScope.changed_at, sa.String), comma)).scalar_subquery()


def plans_changed_at() -> datetime | None:
    """When a calendar of any plan last changed (UTC). 1 query."""
    return session().scalar(_of_plans(sa.func.max(FeedScope.changed_at)))
