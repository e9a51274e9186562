"""Decisions that changed a plan: the plan as it stands or stood, what each decision replaced, and who asks for it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

from tracker.domain.amendments import (
    Amendment,
    AmendmentHead,
    Change,
    Held,
    Key,
    Thing,
    Withdrawal,
    extra_text,
    parties_text,
    undone,
)
from tracker.domain.assignments import LEAD, PARTNER
from tracker.domain.views import PlanHead
from tracker.store.database import session
from tracker.store.given import PLAN_ID
from tracker.store.imports import parties_of_plan
from tracker.store.tables import STANDING, AmendmentRow, MilestoneRow, PersonRow, PlanChange, ShareRow, TaskRow
from tracker.store.tenure import Day

MILESTONE_DAYS = ("start", "due", "original_due", "dropped_on")
MILESTONE_TEXTS = ("kind", "start_as_written", "due_as_written", "dropped_reason")
TASK_TEXTS = ("number", "title", "product", "leads_as_written", "partners_as_written", "dropped_reason")

_OF_PLAN = sa.select(TaskRow.id).where(TaskRow.plan_id == PLAN_ID)
_TASKS = sa.select(
    *(TaskRow.id, TaskRow.heading, TaskRow.position, TaskRow.extra, TaskRow.dropped_on),
    *(getattr(TaskRow, name) for name in TASK_TEXTS),
).where(TaskRow.plan_id == PLAN_ID)
_MILESTONES = sa.select(
    *(MilestoneRow.id, MilestoneRow.task_id, MilestoneRow.position),
    *(getattr(MilestoneRow, name) for name in (*MILESTONE_TEXTS, *MILESTONE_DAYS)),
).where(MilestoneRow.task_id.in_(_OF_PLAN))
_SHARES = sa.select(ShareRow.id, ShareRow.milestone_id, ShareRow.part).where(
    ShareRow.milestone_id.in_(sa.select(MilestoneRow.id).where(MilestoneRow.task_id.in_(_OF_PLAN)))
)


def look(plan_id: int, *, shares: bool = True) -> dict[Key, Thing]:
    """Everything of a plan that a decision may change, as it is now. 4 queries, 3 without the shares."""
    found: dict[Key, Thing] = {}
    parties = parties_of_plan(plan_id)
    of_plan = {"plan_id": plan_id}
    for task in session().execute(_TASKS, of_plan):
        fields = {name: getattr(task, name) for name in TASK_TEXTS}
        fields |= {"group": task.heading, "position": str(task.position)}
        fields |= {"extra": extra_text(task.extra or ()), "dropped_on": _iso(task.dropped_on)}
        fields |= {
            name: parties_text(parties.get((task.id, part), ()))
            for name, part in (("leads", LEAD), ("partners", PARTNER))
        }
        found["task", task.id] = Thing(task.id, fields)
    owners: dict[int, int] = {}
    for each in session().execute(_MILESTONES, of_plan):
        fields = {name: getattr(each, name) for name in MILESTONE_TEXTS}
        fields |= {name: _iso(getattr(each, name)) for name in MILESTONE_DAYS} | {"position": str(each.position)}
        found["milestone", each.id] = Thing(each.task_id, fields, ("task", each.task_id))
        owners[each.id] = each.task_id
    for share_id, milestone_id, part in session().execute(_SHARES, of_plan) if shares else ():
        found["share", share_id] = Thing(owners[milestone_id], {"part": part}, ("milestone", milestone_id))
    return found


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def of_plan(plan_id: int, *, withdrawn: bool = False) -> list[Amendment]:
    """The decisions that changed a plan, or those that were taken back, in the order of their days. 1 query."""
    which = AmendmentRow.withdrawn_at.is_not(None) if withdrawn else AmendmentRow.withdrawn_at.is_(None)
    return _amendments(AmendmentRow.plan_id == plan_id, which)


def _amendments(*which: sa.ColumnElement[bool]) -> list[Amendment]:
    query = sa.select(AmendmentRow, PersonRow.name).outerjoin(PersonRow, PersonRow.id == AmendmentRow.withdrawn_by)
    found = session().execute(query.where(*which).order_by(AmendmentRow.issued_on, AmendmentRow.id))
    return [_amendment(row, name) for row, name in found]


def _amendment(row: AmendmentRow, name: str | None = None) -> Amendment:
    head = AmendmentHead(row.number, row.issued_on, row.issuer, row.note, row.document_id)
    taken_back = Withdrawal(row.withdrawn_at, name or "", row.withdrawn_reason) if row.withdrawn_at else None
    return Amendment(row.id, row.plan_id, head, taken_back)


def add(plan_id: int, head: AmendmentHead, now: datetime) -> int:
    """Store a decision; returns its id."""
    row = AmendmentRow(
        plan_id=plan_id,
        number=head.number,
        number_key=head.key,
        issued_on=head.issued_on,
        issuer=head.issuer,
        note=head.note,
        document_id=head.document_id,
        recorded_at=now,
    )
    session().add(row)
    session().flush()
    return row.id


def add_changes(plan_id: int, changes: Iterable[Change], holds_from: date, amendment_id: int | None) -> None:
    """Keep what was replaced from the day `holds_from` on, by a decision or (None) by something else with a day."""
    values = [
        {
            "plan_id": plan_id,
            "amendment_id": amendment_id,
            "holds_from": holds_from,
            "subject": each.subject,
            "subject_id": each.subject_id,
            "task_id": each.task_id,
            "field": each.field,
            "old": each.old,
            "new": each.new,
        }
        for each in changes
    ]
    if values:
        session().execute(sa.insert(PlanChange), values)


@dataclass(frozen=True, slots=True)
class KeptChange:
    """A change with the day from which it holds and the decision (None: something else with a day) that made it."""

    holds_from: date
    amendment_id: int | None
    change: Change


def history(plan_id: int, *conditions: sa.ColumnElement[bool]) -> list[KeptChange]:
    """Everything that was replaced in a plan, in the order in which it holds; also what was taken back. 1 query."""
    query = sa.select(PlanChange).where(PlanChange.plan_id == plan_id, *conditions)
    rows = session().scalars(query.order_by(PlanChange.holds_from, PlanChange.id))
    return [KeptChange(row.holds_from, row.amendment_id, _change(row)) for row in rows]


def _change(row: PlanChange) -> Change:
    return Change(row.subject, row.subject_id, row.task_id, row.field, row.old, row.new)  # type: ignore[arg-type]


def changes_after(plan_id: int, day: date | None) -> list[Change]:
    """What was replaced later than `day`, or ever (None), in that order. 1 query."""
    later = () if day is None else (PlanChange.holds_from > day,)
    return [each.change for each in history(plan_id, STANDING, *later)]


def changes_of(amendment: Amendment) -> list[KeptChange]:
    """What one decision replaced, shares too, in that order. 1 query."""
    return history(amendment.plan_id, PlanChange.amendment_id == amendment.id)


def look_on(plan_id: int, day: date | None, *, shares: bool = True) -> dict[Key, Thing]:
    """The plan as it held on `day`, or as first issued (None), with or without its shares."""
    changes = changes_after(plan_id, day)
    return undone(look(plan_id, shares=shares), [each for each in changes if shares or each.subject != "share"])


def look_after(amendment: Amendment) -> dict[Key, Thing]:
    """The plan as it was once this decision had been recorded."""
    return _after(look(amendment.plan_id), amendment, history(amendment.plan_id, STANDING))


def _after(now: dict[Key, Thing], amendment: Amendment, kept: list[KeptChange]) -> dict[Key, Thing]:
    of_it = [at for at, each in enumerate(kept) if each.amendment_id == amendment.id]
    return undone(now, [each.change for each in kept[max(of_it, default=-1) + 1 :]])


def replaced_by(amendment: Amendment) -> tuple[list[Change], dict[Key, Thing]]:
    """What a decision replaced, and the plan as it was once it had been recorded; shares aside. 4 queries.

    One that was taken back is told beside the plan as it is now.
    """
    now = look(amendment.plan_id, shares=False)
    kept = changes_of(amendment) if amendment.withdrawn else history(amendment.plan_id, STANDING)
    own = [each.change for each in kept if each.amendment_id == amendment.id and each.change.subject != "share"]
    return own, now if amendment.withdrawn else _after(now, amendment, kept)


def by_amendment(plan_id: int, task_id: int | None = None) -> dict[int | None, list[Change]]:
    """What each decision (by its id) replaced in a plan, or in one of its tasks; shares aside. 1 query."""
    conditions = [PlanChange.subject != "share"]
    if task_id is not None:
        conditions.append(PlanChange.task_id == task_id)
    found: dict[int | None, list[Change]] = {}
    for each in history(plan_id, *conditions):
        found.setdefault(each.amendment_id, []).append(each.change)
    return found


@dataclass(frozen=True, slots=True)
class TaskHistory:
    """What was replaced in one task: `then` what held otherwise on the day shown, and the decisions, shares aside."""

    then: Held
    decisions: tuple[tuple[Amendment, tuple[Change, ...]], ...]


def of_task(plan: PlanHead, task_id: int, day: date | None) -> TaskHistory:
    """The decisions that changed a task by `day` (None: all), and how it held then (None: when the plan was issued).

    1 query, and none where nothing of the plan was ever changed.
    """
    if plan.changed_on is None:
        return TaskHistory(Held(), ())
    query = (
        sa.select(PlanChange, AmendmentRow)
        .outerjoin(AmendmentRow, AmendmentRow.id == PlanChange.amendment_id)
        .where(PlanChange.task_id == task_id, STANDING)
        .order_by(PlanChange.holds_from, PlanChange.id)
    )
    rows = session().execute(query).all()
    later = [_change(change) for change, _ in rows if day is None or change.holds_from > day]
    decided: dict[int, tuple[Amendment, list[Change]]] = {}
    for change, row in rows:
        known = row is not None and (day is None or row.issued_on <= day)
        if known and change.subject != "share":
            decided.setdefault(row.id, (_amendment(row), []))[1].append(_change(change))
    in_order = sorted(decided.values(), key=lambda each: (each[0].head.issued_on, each[0].id))
    return TaskHistory(Held(reversed(later)), tuple((each, tuple(changes)) for each, changes in in_order))


def one(amendment_id: int) -> Amendment | None:
    """A decision by id."""
    return next(iter(_amendments(AmendmentRow.id == amendment_id)), None)


def held(plan: PlanHead, day: date | None, *others: PlanHead) -> Held:
    """What held otherwise on `day` (or when the plan was issued, None) than now; with `others`, of all of them.

    1 query, and none where nothing has changed since, which is the usual case.
    """
    changed = [each.id for each in (plan, *others) if changed_since(day, each)]
    if not changed:
        return Held()
    given = {"plan_ids": changed, **({} if day is None else {"day": day})}
    return Held(map(_change, session().scalars(_replaced(day is None), given)))


@cache
def _replaced(ever: bool) -> sa.Select[Any]:
    """What was replaced in the plans `plan_ids`, ever or later than `day`, the latest first."""
    of_plans = PlanChange.plan_id.in_(sa.bindparam("plan_ids", expanding=True))
    query = sa.select(PlanChange).where(of_plans, STANDING)
    if not ever:
        query = query.where(PlanChange.holds_from > sa.bindparam("day", type_=sa.Date))
    return query.order_by(PlanChange.holds_from.desc(), PlanChange.id.desc())


def changed_since(day: date | None, *plans: PlanHead) -> bool:
    """Whether one of the plans held otherwise on `day` (or when it was issued, None) than now."""
    return any(each.changed_on is not None and (day is None or each.changed_on > day) for each in plans)


def part_then(day: Day | None, changed: bool) -> sa.ColumnElement[str]:
    """The part that ShareRow had on `day` (or when its plan was issued, None); `changed` is what `changed_since` says.

    For use in queries over ShareRow.
    """
    if not changed:
        return sa.type_coerce(ShareRow.part, sa.String)
    later = [PlanChange.subject == "share", PlanChange.subject_id == ShareRow.id, STANDING]
    if day is not None:
        later.append(PlanChange.holds_from > day)
    first = sa.select(PlanChange.old).where(*later).order_by(PlanChange.holds_from, PlanChange.id).limit(1)
    return sa.func.coalesce(first.scalar_subquery(), ShareRow.part)
