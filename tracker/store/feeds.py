"""Calendar feeds: when what they show last changed, and the records they are made of."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any

import sqlalchemy as sa

from tracker.domain.assignments import FORMER, LEAD
from tracker.domain.calendar_days import local_day
from tracker.domain.feeds import Feed, FeedEvent, FeedLead, Scope, ScopeKind, level_scopes
from tracker.domain.status import Deadline, ShareFacts, milestone_deadline, milestone_facts
from tracker.domain.work import State
from tracker.store.database import session
from tracker.store.extended import EVER, granted_by
from tracker.store.feed_leads import leads_of, of_plans, settled_name
from tracker.store.inserts import insert_new
from tracker.store.looks import wake_milestones, wake_people, wake_units
from tracker.store.tables import (
    ActingRow,
    AssignmentRow,
    ExtensionRow,
    FeedScope,
    InstallationRow,
    MilestoneRow,
    PersonRow,
    PlanRow,
    ProgressEntry,
    SharePerson,
    ShareRow,
    TaskRow,
    UnitRow,
)
from tracker.store.tenure import LOG_ID, ending, owned_on

OUT = PlanRow.state != "draft"
ONE_SECOND = timedelta(seconds=1)
# Feeds whose milestones are due with the last of their leads, as they speak for all of them.
OF_ALL = (ScopeKind.PLAN, ScopeKind.LEVEL)
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
    plans = _keys(ScopeKind.PLAN, plan_ids)
    # What looks different to a calendar does so to reminders.
    wake_milestones(milestone_ids)
    wake_units(left_units)
    _touch_scopes(_scopes_showing(milestone_ids) | _unit_scopes(left_units) | plans, now)


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
    _touch_scopes(_keys(ScopeKind.PERSON, person_ids), now)


def touch_people_of_units(unit_ids: Collection[int], now: datetime) -> None:
    """Tell the calendars of everybody who works or acts for these units that other people do its work since `now`."""
    _touch_scopes(_people_scopes(unit_ids), now)


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


def _touch_scopes(keys: set[str], now: datetime) -> None:
    if not keys:
        return
    open_scopes(keys, LONG_AGO)
    query = sa.select(FeedScope).where(FeedScope.scope.in_(keys)).order_by(FeedScope.scope)
    for row in session().scalars(query.with_for_update(), execution_options={"populate_existing": True}):
        row.changed_at = _later(now, row.changed_at)
    session().flush()


def open_scopes(keys: Collection[str], changed_at: datetime) -> None:
    """Make the row of each scope that has none yet, as changed at `changed_at` (UTC)."""
    insert_new(FeedScope, [{"scope": key, "changed_at": changed_at} for key in sorted(keys)])


def feed(scope: Scope, zone: tzinfo) -> Feed:
    """What the scope shows: every milestone with a due date of the plans that are out, dropped tasks included.

    Days of the log are those of `zone`. 7 queries, whatever the size; a plan or unit that is not there shows nothing.
    """
    shown = _shown_by(scope)
    query = _event_rows().add_columns(_granted(scope).label("granted")).where(shown)
    rows = session().execute(query.order_by(MilestoneRow.id)).all()
    leads, facts = leads_of(of_plans(sa.select(MilestoneRow.id)).where(shown)), _lead_facts(shown, zone)
    whole = scope.kind in OF_ALL
    events = (_event(row, leads.get(row.id, ()), facts.get(row.id, []), whole=whole) for row in rows)
    return Feed(scope, name_of(scope) or "", tuple(events), _calendar_host())


def _calendar_host() -> str:
    return session().scalars(sa.select(InstallationRow.calendar_host)).one()


def set_calendar_host(host: str) -> None:
    """Put a known name in the place of the one that was drawn, before anybody has seen an event."""
    session().execute(sa.update(InstallationRow).values(calendar_host=host))


def name_of(scope: Scope) -> str | None:
    """The school year or title of the plan, the name of the unit or the person; None where there is no such scope."""
    if scope.kind is ScopeKind.PLAN:
        name = sa.func.coalesce(PlanRow.school_year, PlanRow.title)
        return session().scalar(sa.select(name).where(PlanRow.id == scope.id, OUT))
    if scope.kind is ScopeKind.PERSON:
        return session().scalar(sa.select(PersonRow.name).where(PersonRow.id == scope.id))
    if scope.kind is ScopeKind.LEVEL:
        return scope.level
    if scope.kind is ScopeKind.HOLIDAYS:
        return ""
    return session().scalar(sa.select(settled_name()).where(UnitRow.id == scope.id))


def _shown_by(scope: Scope) -> sa.ColumnElement[bool]:
    """The condition on MilestoneRow, joined with TaskRow and PlanRow, of being in a feed of `scope`."""
    out = sa.and_(MilestoneRow.due.is_not(None), OUT)
    if scope.kind is ScopeKind.PLAN:
        return sa.and_(out, PlanRow.id == scope.id)
    if scope.kind is ScopeKind.HOLIDAYS:
        return sa.false()
    share = sa.orm.aliased(ShareRow)
    return sa.and_(out, sa.exists().where(share.milestone_id == MilestoneRow.id, _shows(scope, share)))


def _shows(scope: Scope, share: Any) -> sa.ColumnElement[bool]:
    """The condition on a share, its milestone's row beside it, of bringing the milestone into a feed of `scope`."""
    if scope.kind is ScopeKind.PERSON:
        owner = sa.select(PersonRow.unit_id).where(PersonRow.id == scope.id)
        # Of a unit for which the person acts: what falls due in that time, whichever day it is today.
        then = (
            ActingRow.from_on <= MilestoneRow.due,
            sa.func.coalesce(ActingRow.until_on, date.max) >= MilestoneRow.due,
        )
        acting = sa.exists().where(ActingRow.person_id == scope.id, ActingRow.unit_id == share.unit_id, *then)
        theirs = sa.or_(share.unit_id == owner.scalar_subquery(), acting.correlate(share, MilestoneRow))
        # What its head gave to others of the unit is not this person's own.
        named = sa.exists().where(SharePerson.share_id == share.id, SharePerson.until_at.is_(None))
        own_or_free = sa.or_(named.where(SharePerson.person_id == scope.id), sa.not_(named))
        of_unit = sa.and_(theirs, own_or_free)
    elif scope.kind is ScopeKind.LEVEL:
        of_unit = share.unit_id.in_(sa.select(UnitRow.id).where(UnitRow.level.in_(scope.unit_levels)))
    else:
        of_unit = share.unit_id == scope.id
    part = share.part == LEAD if scope.kind is ScopeKind.UNIT_LEAD else share.part != FORMER
    # A unit keeps in its calendar what fell due in its own time; what is handed on is its heir's.
    own = sa.or_(share.until_on.is_(None), MilestoneRow.due < share.until_on)
    return sa.and_(of_unit, part, own)


def _granted(scope: Scope) -> sa.ColumnElement[Any]:
    """The latest day granted to the shares that a feed of one unit or person speaks of; NULL in those of all."""
    if scope.kind in OF_ALL:
        return sa.null()
    share = sa.orm.aliased(ShareRow)
    granted = sa.select(sa.func.max(ExtensionRow.granted_due)).join(
        share, ExtensionRow.share_id == sa.func.coalesce(share.log_id, share.id)
    )
    mine = granted.where(share.milestone_id == MilestoneRow.id, _shows(scope, share))
    return sa.type_coerce(mine.correlate(MilestoneRow).scalar_subquery(), sa.Date)


def _event_rows() -> sa.Select[*tuple[Any, ...]]:
    sibling = sa.orm.aliased(MilestoneRow)
    siblings = sa.select(sa.func.count()).where(sibling.task_id == MilestoneRow.task_id, sibling.dropped_on.is_(None))
    return of_plans(
        sa.select(
            MilestoneRow.id,
            MilestoneRow.task_id,
            MilestoneRow.position,
            MilestoneRow.due,
            MilestoneRow.due_as_written,
            MilestoneRow.ical_sequence,
            MilestoneRow.changed_at,
            TaskRow.number,
            TaskRow.title,
            TaskRow.partners_as_written,
            sa.func.coalesce(TaskRow.dropped_on, MilestoneRow.dropped_on).label("dropped_on"),
            sa.case((TaskRow.dropped_on.is_(None), MilestoneRow.dropped_reason), else_=TaskRow.dropped_reason).label(
                "dropped_reason"
            ),
            siblings.scalar_subquery().label("milestones"),
        )
    )


def _lead_facts(shown: sa.ColumnElement[bool], zone: tzinfo) -> dict[int, list[tuple[ShareFacts, date | None]]]:
    """The latest state and day of every lead share that was not handed on, and the day granted, by milestone id."""
    newer = sa.orm.aliased(ProgressEntry)
    latest = sa.select(sa.func.max(newer.version)).where(newer.share_id == LOG_ID).scalar_subquery()
    last = sa.and_(ProgressEntry.share_id == LOG_ID, ProgressEntry.version == latest)
    query = (
        of_plans(
            sa.select(ShareRow.milestone_id, ProgressEntry.state, ProgressEntry.recorded_at, granted_by(EVER)).join(
                MilestoneRow, MilestoneRow.id == ShareRow.milestone_id
            )
        )
        .outerjoin(ProgressEntry, last)
        .where(shown, ShareRow.part == LEAD, owned_on(date.max))
    )
    found: dict[int, list[tuple[ShareFacts, date | None]]] = {}
    for milestone_id, state, recorded_at, granted in session().execute(query):
        day, stands = local_day(recorded_at, zone) if recorded_at else None, State(state or State.NOT_STARTED)
        facts = ShareFacts(stands, last_entry_on=day, submitted_on=day, ended=ending(None, stands))
        found.setdefault(milestone_id, []).append((facts, granted))
    return found


def _event(
    row: Any, leads: tuple[FeedLead, ...], shares: list[tuple[ShareFacts, date | None]], *, whole: bool
) -> FeedEvent:
    """The milestone due with the last of its leads in a feed of the `whole`, else as its unit has it."""
    together = milestone_facts([facts for facts, _ in shares])
    planned = Deadline(None, row.due, row.due)
    dates = [(facts, planned.extended(granted)) for facts, granted in shares]
    deadline = milestone_deadline(planned, dates) if whole else planned.extended(row.granted)
    return FeedEvent(
        milestone_id=row.id,
        task_id=row.task_id,
        number=row.number,
        title=row.title,
        ordinal=row.position,
        milestones=row.milestones,
        due=deadline.due or row.due,
        due_as_written=row.due_as_written,
        leads=leads,
        partners_as_written=row.partners_as_written,
        state=together.state,
        last_entry_on=together.last_entry_on,
        dropped_on=row.dropped_on,
        dropped_reason=row.dropped_reason,
        sequence=row.ical_sequence,
        changed_at=row.changed_at,
    )
