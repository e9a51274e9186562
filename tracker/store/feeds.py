"""Calendar feeds: when what they show last changed, the records they are made of, and who subscribes to which."""

from collections.abc import Collection, Iterable
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from tracker.store.database import session
from tracker.store.tables import AssignmentRow, FeedScope, MilestoneRow, PersonRow, ShareRow, TaskRow

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
    _touch_scopes(_scopes_showing(milestone_ids) | _unit_scopes(left_units) | _plan_scopes(plan_ids), now)


def touch_scopes_of_units(unit_ids: Collection[int], now: datetime) -> None:
    """Tell the calendars that these units are called otherwise since `now` (aware UTC).

    Milestones that name one as lead get the next SEQUENCE; the scopes of the units themselves move in any case.
    """
    naming = (
        sa.select(MilestoneRow.id)
        .join(AssignmentRow, AssignmentRow.task_id == MilestoneRow.task_id)
        .where(AssignmentRow.unit_id.in_(unit_ids), AssignmentRow.part == "lead")
        .distinct()
    )
    touch_milestones(session().scalars(naming).all(), now, left_units=unit_ids)


def touch_people(person_ids: Collection[int], now: datetime) -> None:
    """Tell the calendars of these people that they show other work since `now`: the person has changed units."""
    session().flush()
    _touch_scopes({f"person:{person_id}" for person_id in person_ids}, now)


def _later(now: datetime, old: datetime) -> datetime:
    """`now`, or a second after `old` where the clock has not moved so far: clients compare whole seconds."""
    return max(now, old + ONE_SECOND)


def _scopes_showing(milestone_ids: Collection[int]) -> set[str]:
    plans = sa.select(TaskRow.plan_id).join(MilestoneRow, MilestoneRow.task_id == TaskRow.id)
    shares = sa.select(ShareRow.unit_id, ShareRow.part).where(ShareRow.milestone_id.in_(milestone_ids)).distinct()
    parts = session().execute(shares).all()
    return (
        _plan_scopes(session().scalars(plans.where(MilestoneRow.id.in_(milestone_ids)).distinct()))
        | {f"unit:{unit_id}" for unit_id, _ in parts}
        | {f"unit-lead:{unit_id}" for unit_id, part in parts if part == "lead"}
        | _people_scopes({unit_id for unit_id, _ in parts})
    )


def _plan_scopes(plan_ids: Iterable[int]) -> set[str]:
    return {f"plan:{plan_id}" for plan_id in plan_ids}


def _unit_scopes(unit_ids: Collection[int]) -> set[str]:
    both = {f"{kind}:{unit_id}" for kind in ("unit", "unit-lead") for unit_id in unit_ids}
    return both | _people_scopes(unit_ids)


def _people_scopes(unit_ids: Collection[int]) -> set[str]:
    if not unit_ids:
        return set()
    people = sa.select(PersonRow.id).where(PersonRow.unit_id.in_(unit_ids))
    return {f"person:{person_id}" for person_id in session().scalars(people)}


def _touch_scopes(keys: set[str], now: datetime) -> None:
    if not keys:
        return
    _add_missing_scopes(keys, LONG_AGO)
    query = sa.select(FeedScope).where(FeedScope.scope.in_(keys)).order_by(FeedScope.scope)
    for row in session().scalars(query.with_for_update(), execution_options={"populate_existing": True}):
        row.changed_at = _later(now, row.changed_at)
    session().flush()


def _add_missing_scopes(keys: set[str], changed_at: datetime) -> None:
    dialect = postgresql if session().connection().dialect.name == "postgresql" else sqlite
    rows = [{"scope": key, "changed_at": changed_at} for key in sorted(keys)]
    session().execute(dialect.insert(FeedScope).values(rows).on_conflict_do_nothing())
