"""What is asked of the tables to make the events of a feed."""

from datetime import date, tzinfo
from typing import Any

import sqlalchemy as sa

from tracker.domain.assignments import FORMER, LEAD
from tracker.domain.calendar_days import local_day
from tracker.domain.feeds import FeedEvent, FeedLead, Scope, ScopeKind
from tracker.domain.status import Deadline, ShareFacts, milestone_deadline, milestone_facts
from tracker.domain.work import State
from tracker.store.database import session
from tracker.store.extended import EVER, granted_by
from tracker.store.feed_leads import of_plans
from tracker.store.tables import (
    ActingRow,
    ExtensionRow,
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
# Feeds whose milestones are due with the last of their leads, as they speak for all of them.
OF_ALL = (ScopeKind.PLAN, ScopeKind.LEVEL, ScopeKind.VIEW)


def key_of(kind: ScopeKind, number: Any) -> sa.ColumnElement[str]:
    """`Scope.key` in a query; the kind is no value of its own, as the driver is given none."""
    return sa.literal_column(f"'{kind}:'", sa.String).concat(sa.cast(number, sa.String))


def shown_by(scope: Scope) -> sa.ColumnElement[bool]:
    """The condition on MilestoneRow, joined with TaskRow and PlanRow, of being in a feed of `scope`.

    Of a saved filter it is what it chooses from: words are not looked for in the tables (`feed_views`).
    """
    out = sa.and_(MilestoneRow.due.is_not(None), OUT)
    if scope.kind is ScopeKind.PLAN:
        return sa.and_(out, PlanRow.id == scope.id)
    if scope.kind is ScopeKind.VIEW:
        return out
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


def granted_in(scope: Scope) -> sa.ColumnElement[Any]:
    """The latest day granted to the shares that a feed of one unit or person speaks of; NULL in those of all."""
    if scope.kind in OF_ALL:
        return sa.null()
    share = sa.orm.aliased(ShareRow)
    granted = sa.select(sa.func.max(ExtensionRow.granted_due)).join(
        share, ExtensionRow.share_id == sa.func.coalesce(share.log_id, share.id)
    )
    mine = granted.where(share.milestone_id == MilestoneRow.id, _shows(scope, share))
    return sa.type_coerce(mine.correlate(MilestoneRow).scalar_subquery(), sa.Date)


def event_rows() -> sa.Select[*tuple[Any, ...]]:
    sibling = sa.orm.aliased(MilestoneRow)
    siblings = sa.select(sa.func.count()).where(sibling.task_id == MilestoneRow.task_id, sibling.dropped_on.is_(None))
    return of_plans(
        sa.select(
            MilestoneRow.id,
            MilestoneRow.task_id,
            MilestoneRow.position,
            MilestoneRow.start,
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


def lead_facts(shown: sa.ColumnElement[bool], zone: tzinfo) -> dict[int, list[tuple[ShareFacts, date | None]]]:
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


def due_of_all(due: date, shares: list[tuple[ShareFacts, date | None]]) -> date:
    """The day of a milestone planned for `due` in a feed of the whole: with the last of its leads (`lead_facts`)."""
    planned = Deadline(None, due, due)
    return milestone_deadline(planned, [(facts, planned.extended(granted)) for facts, granted in shares]).due or due


def event_of(
    row: Any, leads: tuple[FeedLead, ...], shares: list[tuple[ShareFacts, date | None]], *, whole: bool
) -> FeedEvent:
    """The milestone due with the last of its leads in a feed of the `whole`, else as its unit has it."""
    together = milestone_facts([facts for facts, _ in shares])
    own = Deadline(None, row.due, row.due).extended(row.granted)
    return FeedEvent(
        milestone_id=row.id,
        task_id=row.task_id,
        number=row.number,
        title=row.title,
        ordinal=row.position,
        milestones=row.milestones,
        due=due_of_all(row.due, shares) if whole else own.due or row.due,
        due_as_written=row.due_as_written,
        leads=leads,
        partners_as_written=row.partners_as_written,
        state=together.state,
        last_entry_on=together.last_entry_on,
        dropped_on=row.dropped_on,
        dropped_reason=row.dropped_reason,
        sequence=row.ical_sequence,
        changed_at=row.changed_at,
        start=row.start,
    )
