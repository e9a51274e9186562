"""By which rules a plan is watched: the row."""

import sqlalchemy as sa

from tracker.store.database import session
from tracker.store.looks import wake_plan
from tracker.store.tables import PlanRow


def set_rules(plan_id: int, *, late_after_working_day: bool, quiet_days: int) -> None:
    """Replace the rules by which a plan's work is judged late or quiet."""
    values = {"late_after_working_day": late_after_working_day, "quiet_days": quiet_days}
    session().execute(sa.update(PlanRow).where(PlanRow.id == plan_id).values(values))
    wake_plan(plan_id)
