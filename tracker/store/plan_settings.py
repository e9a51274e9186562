"""By which rules a plan is watched, and by whom: the rows."""

from collections.abc import Sequence

import sqlalchemy as sa

from tracker.store.database import session
from tracker.store.tables import PlanMonitor, PlanRow


def set_rules(plan_id: int, *, late_after_working_day: bool, quiet_days: int) -> None:
    """Replace the rules by which a plan's work is judged late or quiet."""
    values = {"late_after_working_day": late_after_working_day, "quiet_days": quiet_days}
    session().execute(sa.update(PlanRow).where(PlanRow.id == plan_id).values(values))


def set_monitors(plan_id: int, unit_ids: Sequence[int]) -> None:
    """Replace a plan's monitors, in the order in which they confirm."""
    session().execute(sa.delete(PlanMonitor).where(PlanMonitor.plan_id == plan_id))
    for rank, unit_id in enumerate(unit_ids, start=1):
        session().add(PlanMonitor(plan_id=plan_id, unit_id=unit_id, rank=rank))
    session().flush()
