"""A decision that is taken back: what was reported under it, and the rows brought back to what they said before."""

import json
from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from tracker.domain.amendments import THERE, Amendment, Key, Look, day_of
from tracker.domain.assignments import FORMER
from tracker.store.amendments import MILESTONE_DAYS
from tracker.store.database import session
from tracker.store.tables import (
    AmendmentRow,
    ExtensionRow,
    MilestoneRow,
    PlanChange,
    ProgressEntry,
    ShareRow,
    TaskRow,
)

TABLES: dict[str, Any] = {"task": TaskRow, "milestone": MilestoneRow, "share": ShareRow}
DAYS = (*MILESTONE_DAYS, "start", "due")
COLUMNS = {"group": "heading"}  # a field of a look that the table calls otherwise
PARTIES = ("leads", "partners")


def reported_on(amendment_id: int) -> list[str]:
    """The numbers of tasks on which somebody reported, or asked for time, since this decision was recorded.

    What counts is work that it added, brought back or gave to a unit, and milestones whose dates it moved.
    """
    since = sa.select(AmendmentRow.recorded_at).where(AmendmentRow.id == amendment_id).scalar_subquery()
    new_task = sa.or_(PlanChange.field == THERE, sa.and_(PlanChange.field == "dropped_on", PlanChange.new.is_(None)))
    moved = sa.or_(new_task, PlanChange.field.in_(("start", "due")))
    added = sa.and_(PlanChange.field == "part", PlanChange.old == FORMER)
    touched = sa.or_(
        MilestoneRow.task_id.in_(_things(amendment_id, "task", new_task)),
        MilestoneRow.id.in_(_things(amendment_id, "milestone", moved)),
        ShareRow.id.in_(_things(amendment_id, "share", added)),
    )
    log = sa.func.coalesce(ShareRow.log_id, ShareRow.id)
    entry = sa.exists().where(ProgressEntry.share_id == log, ProgressEntry.recorded_at >= since)
    request = sa.exists().where(ExtensionRow.share_id == log, ExtensionRow.asked_at >= since)
    query = (
        sa.select(TaskRow.number, TaskRow.position)
        .join(MilestoneRow, MilestoneRow.task_id == TaskRow.id)
        .join(ShareRow, ShareRow.milestone_id == MilestoneRow.id)
        .where(touched, sa.or_(entry, request))
        .distinct()
    )
    return [number for number, _position in session().execute(query.order_by(TaskRow.position))]


def _things(amendment_id: int, subject: str, which: sa.ColumnElement[bool]) -> sa.Select[Any]:
    of_it = (PlanChange.amendment_id == amendment_id, PlanChange.subject == subject)
    return sa.select(PlanChange.subject_id).where(*of_it, which)


def put_back(now: Look, then: Look, dropped_on: date, reason: str) -> None:
    """Give tasks, milestones and shares the values they had `then`; what was not there is dropped with its reason.

    Who is on a task is told by other rows: see `PlanWriter.set_parties`.
    """
    for (subject, row_id), values in _differing(now, then, dropped_on, reason):
        table = TABLES[subject]
        session().execute(sa.update(table).where(table.id == row_id).values(values))


def _differing(now: Look, then: Look, dropped_on: date, reason: str) -> Iterator[tuple[Key, dict[str, Any]]]:
    for key, thing in now.items():
        before = then.get(key)
        if before is None:
            yield key, {"dropped_on": dropped_on, "dropped_reason": reason}
            continue
        values = {
            COLUMNS.get(name, name): _value(name, text)
            for name, text in before.fields.items()
            if text != thing.fields[name] and name not in PARTIES
        }
        if values:
            yield key, values


def _value(name: str, text: str | None) -> Any:
    if name in DAYS:
        return day_of(text)
    if name == "extra":
        return json.loads(text or "[]")
    return int(text or 0) if name == "position" else text


def set_groups(task_id: int, groups: Mapping[tuple[int, str], int | None]) -> None:
    """The group through which each unit (id, part) of a task has its share; None where it is named itself."""
    of_task = sa.select(MilestoneRow.id).where(MilestoneRow.task_id == task_id)
    for row in session().scalars(sa.select(ShareRow).where(ShareRow.milestone_id.in_(of_task))):
        if (row.unit_id, row.part) in groups:
            row.group_id = groups[row.unit_id, row.part]
    session().flush()


def units_of(share_ids: Collection[int]) -> set[int]:
    """Whose these shares are."""
    return set(session().scalars(sa.select(ShareRow.unit_id).where(ShareRow.id.in_(share_ids))))


def mark(amendment: Amendment, person_id: int, now: datetime, reason: str) -> bool:
    """Enter that a decision was taken back; whether it still stood."""
    standing = (AmendmentRow.id == amendment.id, AmendmentRow.withdrawn_at.is_(None))
    values = {"withdrawn_at": now, "withdrawn_by": person_id, "withdrawn_reason": reason}
    update = sa.update(AmendmentRow).where(*standing).values(values).returning(AmendmentRow.id)
    return session().scalar(update) is not None
