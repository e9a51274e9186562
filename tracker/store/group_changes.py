"""Work of groups beside the shares that it has: what is compared, and the rows that a confirmed change writes."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from tracker.domain.assignments import FORMER, LEAD, PARTNER
from tracker.domain.errors import StaleState
from tracker.domain.group_changes import Difference, GroupWork, StandingShare
from tracker.domain.status import Ending
from tracker.domain.views import PlanHead, UnitRef
from tracker.domain.words import N_
from tracker.domain.work import State
from tracker.store import units
from tracker.store.database import session
from tracker.store.fact_queries import with_facts
from tracker.store.given import UNTIL
from tracker.store.imports import parties_of_plan
from tracker.store.tables import MilestoneRow, ShareRow, TaskRow, UnitGroup, UnitRow
from tracker.store.tenure import unit_on


@dataclass(frozen=True, slots=True)
class ConfirmedChange:
    """A share that was added to a group's work on a day, or ended (`ended`), and why."""

    number: str
    title: str
    unit: UnitRef
    on: date
    ended: bool
    reason: str


def works(plan: PlanHead, until: datetime) -> list[GroupWork]:
    """Every milestone of a plan on whose task a group is, in the plan's order, with its shares. 2 queries."""
    parties = parties_of_plan(plan.id)
    grouped = {task_id for (task_id, _part), found in parties.items() if any(each.kind == "group" for each in found)}
    rows = session().execute(_shares_of_tasks(), {"task_ids": list(grouped), "until": until})
    found: dict[int, tuple[MilestoneRow, TaskRow, list[StandingShare]]] = {}
    for milestone, task, share, unit_code, group_code, *facts in rows:
        shares = found.setdefault(milestone.id, (milestone, task, []))[2]
        if share is not None:
            shares.append(_standing(share, unit_code, group_code, State(facts[0] or State.NOT_STARTED)))
    return [
        GroupWork(
            milestone_id=milestone.id,
            task_id=task.id,
            number=task.number,
            title=task.title,
            ordinal=milestone.position,
            due=milestone.due,
            leads=tuple(parties.get((task.id, LEAD), ())),
            partners=tuple(parties.get((task.id, PARTNER), ())),
            shares=tuple(shares),
        )
        for milestone, task, shares in found.values()
    ]


@cache
def _shares_of_tasks() -> sa.Select[Any]:
    of_tasks = TaskRow.id.in_(sa.bindparam("task_ids", expanding=True))
    query = (
        sa.select(MilestoneRow, TaskRow, ShareRow, UnitRow.code, UnitGroup.code)
        .join(TaskRow, TaskRow.id == MilestoneRow.task_id)
        .outerjoin(ShareRow, sa.and_(ShareRow.milestone_id == MilestoneRow.id, ShareRow.part != FORMER))
        .outerjoin(UnitRow, UnitRow.id == ShareRow.unit_id)
        .outerjoin(UnitGroup, UnitGroup.id == ShareRow.group_id)
        .where(of_tasks, TaskRow.dropped_on.is_(None), MilestoneRow.dropped_on.is_(None))
        .order_by(TaskRow.position, MilestoneRow.position, MilestoneRow.id, ShareRow.id)
    )
    found: sa.Select[Any] = with_facts(query, UNTIL)
    return found


def _standing(row: ShareRow, unit_code: str, group_code: str | None, state: State) -> StandingShare:
    ended = row.until_on is not None
    by_event = row.ended_by is not None if ended else row.log_id is not None
    return StandingShare(row.id, unit_code, row.part, group_code, state, ended, by_event)


def apply(changes: Collection[Difference], reason: str, today: date) -> dict[str, int]:
    """Add and end the shares from `today` on; returns the id of each share by the difference's key.

    StaleState where another process has just done so.
    """
    unit_ids, group_ids = units.ids_by_code(), units.group_ids_by_code()
    shares: dict[str, int] = {}
    for each in changes:
        if each.share_id is not None:
            ending = {"until_on": today, "ending": Ending.CLOSED.value, "end_reason": reason}
            session().execute(sa.update(ShareRow).where(ShareRow.id == each.share_id).values(ending))
            shares[each.key] = each.share_id
            continue
        row = ShareRow(
            milestone_id=each.work.milestone_id,
            unit_id=unit_ids[each.unit.code],
            part=each.part,
            group_id=group_ids[each.group_code],
            from_on=today,
            from_reason=reason,
        )
        session().add(row)
        try:
            session().flush()
        except IntegrityError:
            raise StaleState(N_("Người khác vừa xác nhận thay đổi này. Hãy tải lại trang.")) from None
        shares[each.key] = row.id
    return shares


def confirmed(plan: PlanHead, today: date) -> list[ConfirmedChange]:
    """What was confirmed before, the latest first. 1 query."""
    joined = ShareRow.from_reason != ""
    left = sa.and_(ShareRow.ending == Ending.CLOSED.value, ShareRow.ended_by.is_(None), ShareRow.group_id.is_not(None))
    query = (
        sa.select(TaskRow.number, TaskRow.title, ShareRow, *unit_on(today))
        .join(MilestoneRow, MilestoneRow.id == ShareRow.milestone_id)
        .join(TaskRow, TaskRow.id == MilestoneRow.task_id)
        .join(UnitRow, UnitRow.id == ShareRow.unit_id)
        .where(TaskRow.plan_id == plan.id, sa.or_(joined, left))
        .order_by(TaskRow.position, ShareRow.id)
    )
    found = []
    for number, title, share, *unit in session().execute(query):
        if share.from_on is not None and share.from_reason:
            found.append(ConfirmedChange(number, title, UnitRef(*unit), share.from_on, False, share.from_reason))
        if share.until_on is not None and share.ended_by is None:
            found.append(ConfirmedChange(number, title, UnitRef(*unit), share.until_on, True, share.end_reason))
    return sorted(found, key=lambda each: each.on, reverse=True)
