"""Where a milestone stands: its plan, its task, and whose work it is."""

from dataclasses import dataclass

import sqlalchemy as sa

from tracker.domain.assignments import FORMER
from tracker.store.database import session
from tracker.store.tables import MilestoneRow, PlanRow, ShareRow, TaskRow


@dataclass(frozen=True, slots=True)
class MilestoneAt:
    """A milestone in its task and its plan.

    `task_unit_ids` are the units that have, had or will have a share in the task, `unit_ids` those that have one in the
    milestone itself and have not handed it on.
    """

    plan_id: int
    plan_state: str
    task_unit_ids: frozenset[int]
    unit_ids: frozenset[int]


def milestone_at(milestone_id: int) -> MilestoneAt | None:
    """Where the milestone stands; None where there is none. 1 query."""
    sibling = sa.orm.aliased(MilestoneRow)
    query = (
        sa.select(TaskRow.plan_id, PlanRow.state, ShareRow.unit_id, ShareRow.milestone_id, ShareRow.part)
        .add_columns(ShareRow.until_on)
        .select_from(MilestoneRow)
        .join(TaskRow, TaskRow.id == MilestoneRow.task_id)
        .join(PlanRow, PlanRow.id == TaskRow.plan_id)
        .join(sibling, sibling.task_id == TaskRow.id)
        .outerjoin(ShareRow, ShareRow.milestone_id == sibling.id)
        .where(MilestoneRow.id == milestone_id)
    )
    rows = session().execute(query).all()
    if not rows:
        return None
    return MilestoneAt(
        rows[0].plan_id,
        rows[0].state,
        frozenset(row.unit_id for row in rows if row.unit_id),
        frozenset(
            row.unit_id
            for row in rows
            if row.milestone_id == milestone_id and row.part != FORMER and row.until_on is None
        ),
    )
