"""What a unit wrote, and was answered, on all its shares of a plan."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from tracker.domain.views import PlanHead
from tracker.domain.work import Action
from tracker.store.database import session
from tracker.store.facts import CutOff
from tracker.store.tables import MilestoneRow, PersonRow, ProgressEntry, ShareRow, TaskRow
from tracker.store.tenure import LOG_ID, owned_on
from tracker.store.within_unit import WITHIN_UNIT


@dataclass(frozen=True, slots=True)
class UnitLogLine:
    """One line of the log of one of the unit's shares, with its task; `at` in UTC."""

    share_id: int
    task_id: int
    number: str
    title: str
    at: datetime
    by: str
    action: Action
    percent: int
    result: str
    difficulty: str
    cause: str
    proposal: str
    reason: str
    capacity: str


def count(plan: PlanHead, unit_id: int, cut_off: CutOff, *, within: bool) -> int:
    """How many lines there are at a cut-off; those that have not left the unit only where `within`. 1 query."""
    return session().scalar(_of_unit(sa.select(sa.func.count()), plan, unit_id, cut_off, within)) or 0


def listed(
    plan: PlanHead, unit_id: int, cut_off: CutOff, *, within: bool, offset: int, limit: int
) -> Sequence[UnitLogLine]:
    """Some of the lines, the newest first. 1 query."""
    entry = ProgressEntry
    columns = (ShareRow.id, TaskRow.id, TaskRow.number, TaskRow.title, entry.recorded_at, PersonRow.name, entry.action)
    texts = (entry.percent, entry.result, entry.difficulty, entry.cause, entry.proposal, entry.reason, entry.capacity)
    query = _of_unit(sa.select(*columns, *texts), plan, unit_id, cut_off, within)
    query = query.order_by(entry.recorded_at.desc(), entry.id.desc()).offset(offset).limit(limit)
    return [UnitLogLine(*(*row[:6], Action(row[6]), *row[7:])) for row in session().execute(query)]


def _of_unit(query: Any, plan: PlanHead, unit_id: int, cut_off: CutOff, within: bool) -> Any:
    seen = () if within else (sa.not_(WITHIN_UNIT),)
    return (
        query.select_from(ProgressEntry)
        .join(ShareRow, ProgressEntry.share_id == LOG_ID)
        .join(MilestoneRow, MilestoneRow.id == ShareRow.milestone_id)
        .join(TaskRow, TaskRow.id == MilestoneRow.task_id)
        .join(PersonRow, PersonRow.id == ProgressEntry.person_id)
        .where(ShareRow.unit_id == unit_id, TaskRow.plan_id == plan.id, owned_on(cut_off.held_on))
        .where(ProgressEntry.recorded_at < cut_off.until, *seen)
    )
