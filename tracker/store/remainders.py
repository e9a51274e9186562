"""What is still to do of plans beside the one that a page shows."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa

from tracker.domain.amendments import Held
from tracker.domain.assignments import FORMER, LEAD
from tracker.domain.status import Deadline, ShareFacts, Status, milestone_deadline, milestone_facts, status
from tracker.domain.summaries import Remainder, remainder
from tracker.domain.views import PlanHead
from tracker.store.amendments import held
from tracker.store.database import session
from tracker.store.extended import granted_by
from tracker.store.fact_queries import with_facts
from tracker.store.facts import CutOff, share_facts, was_there
from tracker.store.forms import Form
from tracker.store.given import IDS, UNIT_ID, UNTIL
from tracker.store.tables import MilestoneRow, ShareRow, TaskRow, UnitRow
from tracker.store.tenure import ending_on, owned_on

Judged = tuple[ShareFacts, Deadline]


def remainders(
    plans: Sequence[PlanHead], cut_off: CutOff, unit_id: int | None = None, then: Held | None = None
) -> list[Remainder]:
    """The milestones of each plan that are open at a cut-off, or the shares of one unit.

    No query without plans; else 1, whatever the number of plans, and 1 more where something changed since and what
    held `then` is not given.
    """
    if not plans:
        return []
    first, *others = plans
    held_then = held(first, cut_off.held_on, *others) if then is None else then
    given = {**cut_off.given, "ids": [each.id for each in plans], **({} if unit_id is None else {"unit_id": unit_id})}
    by_plan: dict[int, dict[int, list[Any]]] = {}
    for row in session().execute(_query(cut_off.form(*plans), unit_id is not None), given):
        if was_there(row, held_then):
            by_plan.setdefault(row.plan_id, {}).setdefault(row.id, []).append(row)
    judge = _of_milestone if unit_id is None else _of_shares
    return [
        remainder(
            plan, (each for rows in by_plan.get(plan.id, {}).values() for each in judge(rows, plan, cut_off, held_then))
        )
        for plan in plans
    ]


@cache
def _query(form: Form, of_unit: bool) -> Any:
    """The milestones of the plans, each with its lead shares or with those of a unit."""
    unit = ShareRow.unit_id == UNIT_ID
    whose = sa.and_(form.part != FORMER, unit) if of_unit else form.part == LEAD
    asked = sa.and_(ShareRow.milestone_id == MilestoneRow.id, whose, owned_on(form.held_on))
    query = (
        sa.select(
            MilestoneRow.id, MilestoneRow.task_id, MilestoneRow.start, MilestoneRow.original_due, MilestoneRow.due
        )
        .add_columns(MilestoneRow.dropped_on, TaskRow.dropped_on.label("task_dropped_on"), TaskRow.plan_id)
        .add_columns(ShareRow.id.label("share_id"), ending_on(form.held_on).label("ended"))
        .add_columns(granted_by(form.granted_until).label("granted"))
        .select_from(MilestoneRow)
        .join(TaskRow, TaskRow.id == MilestoneRow.task_id)
        .join(ShareRow, asked, isouter=not of_unit)
        .outerjoin(UnitRow, UnitRow.id == ShareRow.unit_id)
        .where(TaskRow.plan_id.in_(IDS))
    )
    return with_facts(query, UNTIL)


def _of_milestone(rows: Sequence[Any], plan: PlanHead, cut_off: CutOff, then: Held) -> Iterable[Status]:
    leads = [_judged(row, cut_off, then) for row in rows if row.share_id is not None]
    deadline = milestone_deadline(_planned(rows[0], then), leads)
    yield status(milestone_facts([facts for facts, _ in leads]), deadline, plan.calendar, cut_off.as_of)


def _of_shares(rows: Sequence[Any], plan: PlanHead, cut_off: CutOff, then: Held) -> Iterable[Status]:
    for row in rows:
        facts, deadline = _judged(row, cut_off, then)
        yield status(facts, deadline, plan.calendar, cut_off.as_of)


def _judged(row: Any, cut_off: CutOff, then: Held) -> Judged:
    return share_facts(row[-5:], cut_off.zone, row.ended), _planned(row, then).extended(row.granted)


def _planned(row: Any, then: Held) -> Deadline:
    start, due = (then.day("milestone", row.id, name, getattr(row, name)) for name in ("start", "due"))
    return Deadline(start, row.original_due, due)
