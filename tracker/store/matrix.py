"""A plan's work, task by unit: who is in which column, which tasks are rows, and who has not reported."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa

from tracker.domain.assignments import FORMER, PARTNER
from tracker.domain.names import search_key
from tracker.domain.views import PlanHead, ShareLine, UnitRef
from tracker.domain.work import REPORTED, State
from tracker.store.amendments import held
from tracker.store.database import session
from tracker.store.fact_queries import with_facts
from tracker.store.facts import CutOff, task_lines
from tracker.store.forms import Form
from tracker.store.given import AS_OF, IDS, PLAN_ID, UNTIL
from tracker.store.tables import MilestoneRow, ShareRow, TaskRow, UnitGroup, UnitRow
from tracker.store.tenure import ending, ending_on, owned_on, unit_on


@dataclass(frozen=True, slots=True)
class Column:
    """A unit that has work of a plan in so many `shares`, through a group or, where that is empty, named itself."""

    unit: UnitRef
    kind: str
    level: str | None
    group: str
    group_name: str
    shares: int


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A milestone with the shares of the units asked for, by unit id."""

    task_id: int
    number: str
    title: str
    ordinal: int
    several: bool
    due_as_written: str
    shares: dict[int, ShareLine]


def columns(plan: PlanHead, cut_off: CutOff) -> list[Column]:
    """Every unit with work of a plan on the day shown, once for each way in which it got it. 1 query."""
    rows = session().execute(_columns(cut_off.form(plan)), {**cut_off.given, "plan_id": plan.id})
    found = [
        Column(UnitRef(*row[:4]), row.kind, row.level, row.group_code or "", row.group_name or "", row[-1])
        for row in rows
    ]
    return sorted(found, key=lambda each: (each.level or "", search_key(each.unit.name), each.unit.id))


@cache
def _columns(form: Form) -> sa.Select[Any]:
    group = (UnitGroup.code.label("group_code"), UnitGroup.name.label("group_name"))
    return (
        sa.select(*unit_on(AS_OF), UnitRow.kind, UnitRow.level, *group, sa.func.count())
        .join(ShareRow, ShareRow.unit_id == UnitRow.id)
        .outerjoin(UnitGroup, UnitGroup.id == ShareRow.group_id)
        .join(MilestoneRow, MilestoneRow.id == ShareRow.milestone_id)
        .join(TaskRow, TaskRow.id == MilestoneRow.task_id)
        .where(TaskRow.plan_id == PLAN_ID, owned_on(form.held_on))
        .group_by(UnitRow.id, UnitGroup.id)
    )


def task_ids(plan: PlanHead, unit_ids: Collection[int], group: str | None, cut_off: CutOff) -> list[int]:
    """The tasks in which one of the units has work, or only through that group (its code), in order. 1 query."""
    given = {**cut_off.given, "plan_id": plan.id, "ids": list(unit_ids)} | ({"group": group} if group else {})
    return [row.id for row in session().execute(_tasks(cut_off.form(plan), bool(group)), given)]


@cache
def _tasks(form: Form, through_group: bool) -> sa.Select[*tuple[Any, ...]]:
    query = (
        sa.select(TaskRow.id, TaskRow.position)
        .join(MilestoneRow, MilestoneRow.task_id == TaskRow.id)
        .join(ShareRow, ShareRow.milestone_id == MilestoneRow.id)
        .where(TaskRow.plan_id == PLAN_ID, ShareRow.unit_id.in_(IDS), owned_on(form.held_on), form.part != FORMER)
        .distinct()
    )
    if through_group:
        of_group = UnitGroup.code == sa.bindparam("group")
        query = query.join(UnitGroup, UnitGroup.id == ShareRow.group_id).where(of_group)
    return query.order_by(TaskRow.position, TaskRow.id)


def rows(plan: PlanHead, ids: Collection[int], unit_ids: Collection[int], cut_off: CutOff) -> list[MatrixRow]:
    """These tasks with the shares of these units, as they held on the day shown. 2 queries, 3 where it was other."""
    wanted = set(unit_ids)
    found = task_lines(plan, ids, cut_off, held(plan, cut_off.held_on))
    return [
        MatrixRow(
            line.task_id,
            line.number,
            line.title,
            line.ordinal,
            line.several,
            line.due_as_written,
            {each.unit.id: each for each in (*found.partners.get(line.id, ()), *line.leads) if each.unit.id in wanted},
        )
        for line in found.lines
    ]


def partnered(plan: PlanHead, codes: Collection[str], cut_off: CutOff) -> set[int]:
    """The milestones of a plan in which one of the units took part on the day shown, without leading. 1 query."""
    given = {**cut_off.given, "plan_id": plan.id, "codes": list(codes)}
    return set(session().scalars(_partnered(cut_off.form(plan)), given))


@cache
def _partnered(form: Form) -> sa.Select[int]:
    of_units = UnitRow.code.in_(sa.bindparam("codes", expanding=True))
    return (
        sa.select(ShareRow.milestone_id)
        .join(UnitRow, UnitRow.id == ShareRow.unit_id)
        .join(MilestoneRow, MilestoneRow.id == ShareRow.milestone_id)
        .join(TaskRow, TaskRow.id == MilestoneRow.task_id)
        .where(TaskRow.plan_id == PLAN_ID, of_units, owned_on(form.held_on), form.part == PARTNER)
    )


def unreported(plan: PlanHead, milestone_ids: Collection[int], cut_off: CutOff) -> dict[int, list[UnitRef]]:
    """The units that have not reported their partner shares of these milestones, by milestone id. 1 query."""
    rows = session().execute(_partners(cut_off.form(plan)), {**cut_off.given, "ids": list(milestone_ids)})
    missing: dict[int, list[UnitRef]] = {}
    for row in rows:
        state = State(row[6] or State.NOT_STARTED)
        if state not in REPORTED and ending(row[1], state) is None and state is not State.NOT_APPLICABLE:
            missing.setdefault(row[0], []).append(UnitRef(*row[2:6]))
    return missing


@cache
def _partners(form: Form) -> Any:
    query = (
        sa.select(ShareRow.milestone_id, ending_on(form.held_on), *unit_on(AS_OF))
        .join(UnitRow, UnitRow.id == ShareRow.unit_id)
        .where(ShareRow.milestone_id.in_(IDS), form.part == PARTNER, owned_on(form.held_on))
        .order_by(ShareRow.id)
    )
    return with_facts(query, UNTIL)
