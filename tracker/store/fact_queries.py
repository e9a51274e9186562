"""The queries of `facts`, each made once for every form of a cut-off."""

from collections.abc import Callable
from functools import cache
from typing import Any

import sqlalchemy as sa

from tracker.domain.assignments import FORMER, LEAD, PARTNER
from tracker.domain.work import REPORTED, State
from tracker.store.extended import granted_by
from tracker.store.forms import Form
from tracker.store.given import AS_OF, IDS, PLAN_ID, UNIT_ID, UNTIL
from tracker.store.last_entries import facts_before, last_before, waiting_before
from tracker.store.tables import MilestoneRow, ShareRow, TaskRow, UnitRow
from tracker.store.tenure import LOG_ID, Moment, ending_on, owned_on, unit_on


def with_facts(query: Any, until: Moment) -> Any:
    """`query` over ShareRow with the columns that ShareFacts are made of, last."""
    columns, joins = facts_before(until)
    query = query.add_columns(*columns)
    for target, matches in joins:
        query = query.outerjoin(target, matches)
    return query


_MILESTONE_COLUMNS = (
    MilestoneRow.id,
    MilestoneRow.task_id,
    MilestoneRow.position,
    MilestoneRow.kind,
    MilestoneRow.start,
    MilestoneRow.original_due,
    MilestoneRow.due,
    MilestoneRow.start_as_written,
    MilestoneRow.due_as_written,
    MilestoneRow.dropped_on,
    TaskRow.position.label("task_position"),
    TaskRow.number,
    TaskRow.title,
    TaskRow.heading,
    TaskRow.leads_as_written,
    TaskRow.dropped_on.label("task_dropped_on"),
)

_OF_PLAN = TaskRow.plan_id == PLAN_ID
# The milestones as they are now, in the plan's order.
ALL_MILESTONES = (
    sa.select(*_MILESTONE_COLUMNS)
    .join(TaskRow, TaskRow.id == MilestoneRow.task_id)
    .where(_OF_PLAN)
    .order_by(TaskRow.position, MilestoneRow.position, MilestoneRow.id)
)
LIVING_MILESTONES = ALL_MILESTONES.where(TaskRow.dropped_on.is_(None), MilestoneRow.dropped_on.is_(None))
MILESTONES_OF_TASKS = ALL_MILESTONES.where(TaskRow.id.in_(IDS))

Which = Callable[[Form], sa.ColumnElement[bool]]
"""The condition on ShareRow of being one of those asked for."""


def leads_of_plan(form: Form) -> sa.ColumnElement[bool]:
    """The shares that lead the milestones of the plan `plan_id`."""
    of_plan = sa.select(MilestoneRow.id).join(TaskRow, TaskRow.id == MilestoneRow.task_id).where(_OF_PLAN)
    return sa.and_(form.part == LEAD, ShareRow.milestone_id.in_(of_plan))


def of_milestones(form: Form) -> sa.ColumnElement[bool]:
    """The shares of the milestones `ids`, leads and partners."""
    return sa.and_(form.part != FORMER, ShareRow.milestone_id.in_(IDS))


def that_wait(form: Form) -> sa.ColumnElement[bool]:
    """The shares that wait for an answer."""
    return sa.and_(form.part != FORMER, LOG_ID.in_(waiting_before(UNTIL)))


@cache
def share_rows(which: Which, form: Form) -> Any:
    """Those shares with their units and facts, in the order of the cell they stand in."""
    query = (
        sa.select(ShareRow.id, ShareRow.milestone_id, form.part, ShareRow.until_on, ShareRow.end_reason)
        .add_columns(ShareRow.group_id)
        .add_columns(ending_on(form.held_on), granted_by(form.granted_until), *unit_on(AS_OF))
        .join(UnitRow, UnitRow.id == ShareRow.unit_id)
        .where(which(form), owned_on(form.held_on))
    )
    return with_facts(query, UNTIL).order_by(LOG_ID, ShareRow.id)


@cache
def partners_reported(form: Form) -> sa.Select[*tuple[Any, ...]]:
    """(milestone, partner shares owed, of them reported) of the milestones `ids`."""
    latest, last = last_before(UNTIL)
    done = last.state.in_([state.value for state in REPORTED])
    left = sa.and_(
        ending_on(form.held_on).is_(None),
        sa.func.coalesce(last.state, State.NOT_STARTED.value) != State.NOT_APPLICABLE.value,
    )
    counts = [sa.func.sum(sa.case((each, 1), else_=0)) for each in (sa.or_(done, left), done)]
    return (
        sa.select(ShareRow.milestone_id, *counts)
        .join(UnitRow, UnitRow.id == ShareRow.unit_id)
        .outerjoin(latest, latest.c.share_id == LOG_ID)
        .outerjoin(last, sa.and_(last.share_id == LOG_ID, last.version == latest.c.last))
        .where(form.part == PARTNER, owned_on(form.held_on), ShareRow.milestone_id.in_(IDS))
        .group_by(ShareRow.milestone_id)
    )


@cache
def work_of_unit(form: Form) -> Any:
    """Every share of the unit `unit_id` in the plan `plan_id` with its milestone and facts."""
    unit_id, code, name, short_name = unit_on(AS_OF)
    columns = (
        *_MILESTONE_COLUMNS,
        ShareRow.id.label("share_id"),
        unit_id.label("unit_id"),
        code.label("unit_code"),
        name.label("unit_name"),
        short_name.label("short_name"),
        ending_on(form.held_on).label("ended"),
        granted_by(form.granted_until).label("granted"),
        form.part.label("part"),
    )
    query = (
        sa.select(*columns)
        .join(MilestoneRow, MilestoneRow.id == ShareRow.milestone_id)
        .join(TaskRow, TaskRow.id == MilestoneRow.task_id)
        .join(UnitRow, UnitRow.id == ShareRow.unit_id)
        .where(ShareRow.unit_id == UNIT_ID, _OF_PLAN, form.part != FORMER, owned_on(form.held_on))
    )
    return with_facts(query, UNTIL)
