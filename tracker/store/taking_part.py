"""Which milestones of a plan some units take part in."""

from collections.abc import Collection

import sqlalchemy as sa

from tracker.domain.assignments import FORMER
from tracker.domain.views import PlanHead
from tracker.store.amendments import part_on
from tracker.store.database import session
from tracker.store.facts import CutOff
from tracker.store.tables import MilestoneRow, ShareRow, TaskRow
from tracker.store.tenure import owned_on


def milestones_of(plan: PlanHead, unit_ids: Collection[int], part: str, cut_off: CutOff) -> frozenset[int]:
    """The milestones in which one of the units has a share as `part` (lead, partner; either where empty). 1 query."""
    part_then = part_on(plan, cut_off.held_on)
    query = (
        sa.select(ShareRow.milestone_id)
        .join(MilestoneRow, MilestoneRow.id == ShareRow.milestone_id)
        .join(TaskRow, TaskRow.id == MilestoneRow.task_id)
        .where(TaskRow.plan_id == plan.id, ShareRow.unit_id.in_(unit_ids), owned_on(cut_off.held_on))
        .where(part_then == part if part else part_then != FORMER)
        .distinct()
    )
    return frozenset(session().scalars(query))
