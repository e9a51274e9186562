"""Who leads a milestone as calendars name it: the unit that answers for it now, whatever the plan called it.

A feed's bytes depend on the data alone, so that "now" is told by the events of units that are settled, not by a clock.
"""

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from tracker.domain.assignments import LEAD
from tracker.domain.feeds import FeedLead
from tracker.domain.names import search_key
from tracker.domain.unit_events import heirs_on
from tracker.store.database import session
from tracker.store.tables import (
    AssignmentRow,
    MilestoneRow,
    PlanRow,
    ShareRow,
    TaskRow,
    UnitEventRow,
    UnitGroup,
    UnitPast,
    UnitRow,
)
from tracker.store.tenure import HANDED
from tracker.store.units import succession_query, successions_of

Ids = sa.Select[*tuple[Any, ...]]


def of_plans(query: Ids) -> Ids:
    """The query over MilestoneRow, joined with TaskRow and PlanRow."""
    return query.join(TaskRow, TaskRow.id == MilestoneRow.task_id).join(PlanRow, PlanRow.id == TaskRow.plan_id)


def settled_name() -> Any:
    """The name of UnitRow, leaving out a new one that waits for its day."""
    waiting = (
        sa.select(UnitPast.name)
        .join(UnitEventRow, UnitEventRow.id == UnitPast.event_id)
        .where(UnitPast.unit_id == UnitRow.id, sa.not_(UnitEventRow.settled))
        .order_by(UnitPast.until_on)
        .limit(1)
        .scalar_subquery()
    )
    return sa.func.coalesce(waiting, UnitRow.name)


def leads_of(milestone_ids: Ids) -> dict[int, tuple[FeedLead, ...]]:
    """Who leads each of the milestones, by id, in the order of the cell; what is no unit is as written. 3 queries."""
    names, ends = _units()
    handed = _handed(milestone_ids)
    found: dict[int, dict[str, list[str]]] = {}
    for row in _assignments(milestone_ids):
        leads = found.setdefault(row.milestone_id, {})
        if row.unit_id is None:
            leads.setdefault(row.group_name or row.text, [])
            continue
        last = handed.get((row.milestone_id, row.unit_id), row.unit_id)
        said = {search_key(row.text), search_key(row.name)}
        for unit_id in heirs_on(ends, last, date.max) or (last,):
            formerly = leads.setdefault(names[unit_id], [])
            if search_key(names[unit_id]) not in said and row.name not in formerly:
                formerly.append(row.name)
    return {
        milestone_id: tuple(FeedLead(name, tuple(formerly)) for name, formerly in leads.items())
        for milestone_id, leads in found.items()
    }


def _units() -> tuple[dict[int, str], list[tuple[date, int, tuple[int, ...]]]]:
    """The names of all units, and the ends of units that have come, as `heirs_on` wants them."""
    ended = succession_query().where(UnitEventRow.settled).subquery()
    query = sa.select(UnitRow.id, settled_name(), *ended.c).outerjoin(ended, ended.c.unit_id == UnitRow.id)
    names: dict[int, str] = {}
    rows = []
    for row in session().execute(query.order_by(ended.c.on_day, ended.c.event_id, ended.c.heir_id)):
        names[row[0]] = row[1]
        rows.extend([row[2:]] if row.on_day else [])
    return names, successions_of(rows)


def _assignments(milestone_ids: Ids) -> Any:
    query = (
        sa.select(
            MilestoneRow.id.label("milestone_id"),
            AssignmentRow.unit_id,
            AssignmentRow.text,
            AssignmentRow.name,
            UnitGroup.name.label("group_name"),
        )
        .join(AssignmentRow, AssignmentRow.task_id == MilestoneRow.task_id)
        .outerjoin(UnitGroup, UnitGroup.id == AssignmentRow.group_id)
        .where(AssignmentRow.part == LEAD, MilestoneRow.id.in_(milestone_ids))
        .order_by(MilestoneRow.id, AssignmentRow.position, AssignmentRow.id)
    )
    return session().execute(query)


def _handed(milestone_ids: Ids) -> dict[tuple[int, int], int]:
    """By milestone and unit that led it, the unit to which its share has come by now."""
    heir = aliased(ShareRow)
    query = (
        sa.select(ShareRow.id, ShareRow.milestone_id, ShareRow.unit_id, heir.id, heir.unit_id)
        .join(heir, heir.id == ShareRow.heir_id)
        .join(UnitEventRow, sa.and_(UnitEventRow.id == ShareRow.ended_by, UnitEventRow.settled))
        .where(ShareRow.ending == HANDED, ShareRow.part == LEAD, ShareRow.milestone_id.in_(milestone_ids))
        .order_by(ShareRow.id)
    )
    rows = session().execute(query).all()
    next_of = {row[0]: (row[3], row[4]) for row in rows}
    found: dict[tuple[int, int], int] = {}
    for share_id, milestone_id, unit_id, *_heir in rows:
        at, last = share_id, unit_id
        while at in next_of:
            at, last = next_of[at]
        found.setdefault((milestone_id, unit_id), last)
    return found
