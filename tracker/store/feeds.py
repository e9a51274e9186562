"""Calendar feeds: when what they show last changed, and the records they are made of."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, tzinfo
from functools import cache
from typing import Any

import sqlalchemy as sa

from tracker.domain.assignments import LEAD
from tracker.domain.feeds import HOLIDAYS, EventStamp, Feed, Scope, ScopeKind, level_scopes
from tracker.store import feed_views
from tracker.store.database import session
from tracker.store.feed_events import OF_ALL, OUT, event_of, event_rows, granted_in, lead_facts, shown_by
from tracker.store.feed_leads import leads_of, of_plans, settled_name
from tracker.store.inserts import insert_new
from tracker.store.looks import wake_milestones, wake_people, wake_units
from tracker.store.tables import (
    ActingRow,
    AssignmentRow,
    FeedScope,
    InstallationRow,
    MilestoneRow,
    PersonRow,
    PlanRow,
    SavedViewRow,
    ShareRow,
    TaskRow,
    UnitRow,
)

ONE_SECOND = timedelta(seconds=1)
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def touch_milestones(
    milestone_ids: Collection[int],
    now: datetime,
    *,
    left_units: Collection[int] = (),
    plan_ids: Collection[int] = (),
) -> None:
    """Tell the calendars that these milestones look different since `now` (aware UTC).

    Each gets the next SEQUENCE and a later LAST-MODIFIED (RFC 5545 sections 3.8.7.3 and 3.8.7.4), and every scope that
    shows one gets a later time: its plan, each unit with a share, each person of such a unit. `left_units` are units
    whose shares were taken away, `plan_ids` plans whose own title changed: their scopes move as well. Belongs into the
    transaction that makes the change, after its rows are added.
    """
    session().flush()
    query = sa.select(MilestoneRow).where(MilestoneRow.id.in_(milestone_ids)).order_by(MilestoneRow.id)
    for row in session().scalars(query.with_for_update(), execution_options={"populate_existing": True}):
        row.ical_sequence += 1
        row.changed_at = _later(now, row.changed_at)
    # A plan may bring the dates of its school year.
    plans = _keys(ScopeKind.PLAN, plan_ids) | ({HOLIDAYS.key} if plan_ids else set())
    # What looks different to a calendar does so to reminders.
    wake_milestones(milestone_ids)
    wake_units(left_units)
    touch_scopes(_scopes_showing(milestone_ids) | _unit_scopes(left_units) | plans, now)


def touch_scopes_of_units(unit_ids: Collection[int], now: datetime) -> None:
    """Tell the calendars that these units are called otherwise since `now` (aware UTC).

    Milestones that name one as lead get the next SEQUENCE; the scopes of the units themselves move in any case.
    """
    naming = (
        sa.select(MilestoneRow.id)
        .join(AssignmentRow, AssignmentRow.task_id == MilestoneRow.task_id)
        .where(AssignmentRow.unit_id.in_(unit_ids), AssignmentRow.part == LEAD)
        .distinct()
    )
    touch_milestones(session().scalars(naming).all(), now, left_units=unit_ids)


@contextmanager
def touching_new_names(now: datetime) -> Iterator[None]:
    """Tell the calendars of every milestone whose leads are other ones, or called otherwise, after the block.

    Belongs into the transaction that makes the change; `now` is aware UTC. 6 queries.
    """
    shown = of_plans(sa.select(MilestoneRow.id)).where(MilestoneRow.due.is_not(None), OUT)
    before = leads_of(shown)
    yield
    session().flush()
    after = leads_of(shown)
    touch_milestones([each for each in {**before, **after} if after.get(each) != before.get(each)], now)


def touch_people(person_ids: Collection[int], now: datetime) -> None:
    """Tell the calendars that these people have other work since `now` (aware UTC), for they changed their unit."""
    wake_people(person_ids)
    touch_scopes(_keys(ScopeKind.PERSON, person_ids), now)


def touch_people_of_units(unit_ids: Collection[int], now: datetime) -> None:
    """Tell the calendars of everybody who works or acts for these units that other people do its work since `now`."""
    touch_scopes(_people_scopes(unit_ids), now)


def _later(now: datetime, old: datetime) -> datetime:
    """`now`, or a second after `old` where the clock has not moved so far: clients compare whole seconds."""
    return max(now, old + ONE_SECOND)


def _scopes_showing(milestone_ids: Collection[int]) -> set[str]:
    plans = sa.select(TaskRow.plan_id).join(MilestoneRow, MilestoneRow.task_id == TaskRow.id)
    shares = sa.select(ShareRow.unit_id, ShareRow.part).where(ShareRow.milestone_id.in_(milestone_ids)).distinct()
    parts = session().execute(shares).all()
    units = {unit_id for unit_id, _ in parts}
    return (
        _keys(ScopeKind.PLAN, session().scalars(plans.where(MilestoneRow.id.in_(milestone_ids)).distinct()))
        | _keys(ScopeKind.UNIT, units)
        | _keys(ScopeKind.UNIT_LEAD, (unit_id for unit_id, part in parts if part == LEAD))
        | _people_scopes(units)
        | _level_scopes(units)
    )


def _keys(kind: ScopeKind, ids: Iterable[int]) -> set[str]:
    return {Scope(kind, each).key for each in ids}


def _unit_scopes(unit_ids: Collection[int]) -> set[str]:
    units = _keys(ScopeKind.UNIT, unit_ids) | _keys(ScopeKind.UNIT_LEAD, unit_ids)
    return units | _people_scopes(unit_ids) | _level_scopes(unit_ids)


def _level_scopes(unit_ids: Collection[int]) -> set[str]:
    if not unit_ids:
        return set()
    levels = session().scalars(sa.select(UnitRow.level).where(UnitRow.id.in_(unit_ids)).distinct()).all()
    return {scope.key for scope in level_scopes(levels)}


def _people_scopes(unit_ids: Collection[int]) -> set[str]:
    if not unit_ids:
        return set()
    own = sa.select(PersonRow.id).where(PersonRow.unit_id.in_(unit_ids))
    acting = sa.select(ActingRow.person_id).where(ActingRow.unit_id.in_(unit_ids))
    return _keys(ScopeKind.PERSON, session().scalars(sa.union(own, acting)))


def touch_scopes(keys: set[str], now: datetime) -> None:
    """Tell the calendars of these scopes that they look different since `now` (aware UTC).

    They get a time a second later than that of any scope: what a subscriber sees may hang on several of them, and the
    latest of those must move with each. Belongs into the transaction that makes the change.
    """
    if not keys:
        return
    open_scopes(keys, LONG_AGO)
    moment = _later(now, session().scalars(sa.select(sa.func.max(FeedScope.changed_at))).one())
    query = sa.select(FeedScope).where(FeedScope.scope.in_(keys)).order_by(FeedScope.scope)
    for row in session().scalars(query.with_for_update(), execution_options={"populate_existing": True}):
        row.changed_at = _later(moment, row.changed_at)
    session().flush()


def open_scopes(keys: Collection[str], changed_at: datetime) -> None:
    """Make the row of each scope that has none yet, as changed at `changed_at` (UTC)."""
    insert_new(FeedScope, [{"scope": key, "changed_at": changed_at} for key in sorted(keys)])


def feed(scope: Scope, zone: tzinfo, only: Collection[int] | None = None) -> Feed:
    """What the scope shows: every milestone with a due date of the plans that are out, dropped tasks included.

    Days of the log are those of `zone`; with `only`, of these milestones alone. 7 queries, whatever the size; a plan or
    unit that is not there shows nothing.
    """
    shown = shown_by(scope)
    if scope.kind is ScopeKind.VIEW and only is None:
        only = [each.milestone_id for each in feed_views.stamps(scope.id)]
    if only is not None:
        shown = sa.and_(shown, MilestoneRow.id.in_(only))
    query = event_rows().add_columns(granted_in(scope).label("granted")).where(shown)
    rows = session().execute(query.order_by(MilestoneRow.id)).all()
    leads, facts = leads_of(of_plans(sa.select(MilestoneRow.id)).where(shown)), lead_facts(shown, zone)
    whole = scope.kind in OF_ALL
    events = (event_of(row, leads.get(row.id, ()), facts.get(row.id, []), whole=whole) for row in rows)
    return Feed(scope, name_of(scope) or "", tuple(events), calendar_host())


def stamps(scope: Scope) -> list[EventStamp]:
    """Which milestones the scope shows, in the order of their ids, and in which state. 1 query, 2 for a filter."""
    if scope.kind is ScopeKind.VIEW:
        return feed_views.stamps(scope.id)
    query = _stamps_of(scope.kind, scope.id if scope.kind is ScopeKind.LEVEL else None)
    return [EventStamp(*row) for row in session().execute(query, {"scope_id": scope.id})]


@cache
def _stamps_of(kind: ScopeKind, level: int | None) -> sa.Select[*tuple[Any, ...]]:
    """The query of `stamps`, made once of each kind: making it takes longer than asking it."""
    any_id: Any = sa.bindparam("scope_id", type_=sa.Integer)
    scope = Scope(kind, level or any_id)
    columns = (MilestoneRow.id, MilestoneRow.task_id, MilestoneRow.ical_sequence, granted_in(scope))
    return of_plans(sa.select(*columns)).where(shown_by(scope)).order_by(MilestoneRow.id)


def calendar_host() -> str:
    """This installation's part of every UID."""
    return session().scalars(sa.select(InstallationRow.calendar_host)).one()


def set_calendar_host(host: str) -> None:
    """Put a known name in the place of the one that was drawn, before anybody has seen an event."""
    session().execute(sa.update(InstallationRow).values(calendar_host=host))


def name_of(scope: Scope) -> str | None:
    """The school year or title of the plan, the name of unit, person or filter; None where there is no such scope."""
    if scope.kind is ScopeKind.PLAN:
        name = sa.func.coalesce(PlanRow.school_year, PlanRow.title)
        return session().scalar(sa.select(name).where(PlanRow.id == scope.id, OUT))
    if scope.kind is ScopeKind.PERSON:
        return session().scalar(sa.select(PersonRow.name).where(PersonRow.id == scope.id))
    if scope.kind is ScopeKind.LEVEL:
        return scope.level
    if scope.kind is ScopeKind.VIEW:
        return session().scalar(sa.select(SavedViewRow.name).where(SavedViewRow.id == scope.id))
    if scope.kind is ScopeKind.HOLIDAYS:
        return ""
    return session().scalar(sa.select(settled_name()).where(UnitRow.id == scope.id))
