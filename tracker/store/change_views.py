"""The whole history, newest first: what was recorded as changed, beside the logs, extensions and amendments."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from tracker.domain.amendments import parties_of
from tracker.domain.changes import OF_PEOPLE, PUBLIC_KINDS, HistoryLine, day_words, in_words, people_in_words
from tracker.domain.work import State
from tracker.store.database import session
from tracker.store.tables import (
    AmendmentRow,
    ChangeEntry,
    ExtensionRow,
    MilestoneRow,
    PersonRow,
    PlanChange,
    ProgressEntry,
    ShareRow,
    TaskRow,
    UnitRow,
)
from tracker.store.tenure import HANDED, LOG_ID
from tracker.store.within_unit import WITHIN_UNIT

NOTHING_LOGGED = f"{State.NOT_STARTED.value} 0%"
MOST_SEARCHED = 20_000
"""How many of the newest lines words are looked for in."""

_TYPES: dict[str, Any] = {
    "source": sa.String,
    "id": sa.Integer,
    "at": ChangeEntry.at.type,
    "person_id": sa.Integer,
    "role": sa.String,
    "capacity": sa.String,
    "object_kind": sa.String,
    "object_id": sa.Integer,
    "label": sa.Text,
    "plan_id": sa.Integer,
    "unit_id": sa.Integer,
    "task_id": sa.Integer,
    "what": sa.String,
    "field": sa.String,
    "old": sa.Text,
    "new": sa.Text,
    "reason": sa.Text,
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lines; what is None is not asked. `since` and `until` (UTC) bound the moment, the first included.

    `unit_id`: of that unit's own work. `person_id`: what that person did, or what was done to them. `own_unit_id`
    limits all of it to one unit, `everything` shows people, subscriptions and settings too. What has not left its unit
    is shown where that is `reader_unit_id`, or with `within_units`.
    """

    plan_id: int | None = None
    task_id: int | None = None
    unit_id: int | None = None
    person_id: int | None = None
    kind: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    own_unit_id: int | None = None
    everything: bool = False
    reader_unit_id: int | None = None
    within_units: bool = False


def count(wanted: Wanted) -> int:
    """How many lines there are. 1 query."""
    found = _found(wanted)
    return session().scalar(sa.select(sa.func.count()).select_from(found)) or 0


def listed(wanted: Wanted, offset: int, limit: int) -> list[HistoryLine]:
    """Some lines, the newest first. 1 query, and 1 more where lines name people in what they tell."""
    rows = session().execute(_named(wanted).offset(offset).limit(limit)).all()
    names = _names() if any(row.field in OF_PEOPLE for row in rows) else {}
    return [_line(row, names) for row in rows]


def streamed(wanted: Wanted, words: Sequence[str], most: int) -> Iterator[HistoryLine]:
    """Up to `most` of the newest lines that have the words, one after the other. 2 queries."""
    names = _names()
    query = _named(wanted).limit(MOST_SEARCHED if words else most)
    found = 0
    with session().execute(query, execution_options={"yield_per": 500}) as rows:  # who reads may stop before the end
        for row in rows:
            line = _line(row, names)
            if not words or line.has_words(words):
                found += 1
                yield line
            if found == most:
                return


def _select(source: str, row_id: Any, **columns: Any) -> sa.Select[Any]:
    """One part of the union: the columns given, nothing for the others."""
    values = {"source": sa.literal(source), "id": row_id, **columns}
    nothing = {name: sa.cast(sa.null(), kind) for name, kind in _TYPES.items()}
    return sa.select(*(each.label(name) for name, each in (nothing | values).items()))


def _changes() -> sa.Select[Any]:
    names = [name for name in _TYPES if name not in ("source", "id", "task_id")]
    task = sa.case((ChangeEntry.object_kind == "task", ChangeEntry.object_id))
    return _select("change", ChangeEntry.id, task_id=task, **{name: getattr(ChangeEntry, name) for name in names})


def _of_share(source: str, row_id: Any, share_id: Any, **columns: Any) -> sa.Select[Any]:
    """A part about a share's log: under the unit that has the log now, as on the page of its task."""
    holder = (
        sa.select(LOG_ID.label("log_id"), sa.func.min(ShareRow.unit_id).label("unit_id"))
        .where(sa.or_(ShareRow.ending.is_(None), ShareRow.ending != HANDED))
        .group_by(LOG_ID)
        .subquery()
    )
    return (
        _select(
            source,
            row_id,
            object_kind=sa.literal("share"),
            object_id=share_id,
            label=TaskRow.number + ". " + TaskRow.title,
            plan_id=TaskRow.plan_id,
            task_id=TaskRow.id,
            unit_id=sa.func.coalesce(holder.c.unit_id, ShareRow.unit_id),
            **columns,
        )
        .join(ShareRow, ShareRow.id == share_id)
        .join(MilestoneRow, MilestoneRow.id == ShareRow.milestone_id)
        .join(TaskRow, TaskRow.id == MilestoneRow.task_id)
        .outerjoin(holder, holder.c.log_id == share_id)
    )


def _log(wanted: Wanted) -> sa.Select[Any]:
    entry, before = ProgressEntry, aliased(ProgressEntry)
    texts = (entry.result, entry.difficulty, entry.cause, entry.proposal)
    said = sa.cast(entry.percent, sa.String) + "%"
    for text in texts:
        said = said + sa.case((text != "", " · " + text), else_="")
    found = _of_share(
        "log",
        entry.id,
        entry.share_id,
        at=entry.recorded_at,
        person_id=entry.person_id,
        role=entry.capacity,
        what="log." + entry.action,
        old=sa.func.coalesce(before.state + " " + sa.cast(before.percent, sa.String) + "%", NOTHING_LOGGED),
        new=entry.state + " " + said,
        reason=entry.reason,
    )
    earlier = sa.and_(before.share_id == entry.share_id, before.version == entry.version - 1)
    found = found.select_from(entry).outerjoin(before, earlier)
    if wanted.within_units:
        return found
    return found.where(sa.or_(sa.not_(WITHIN_UNIT), found.selected_columns["unit_id"] == wanted.reader_unit_id))


def _extensions() -> tuple[sa.Select[Any], sa.Select[Any]]:
    row = ExtensionRow

    def moved(new: Any, **columns: Any) -> sa.Select[Any]:
        columns |= {"old": sa.cast(row.due_then, sa.String), "new": sa.cast(new, sa.String)}
        part = _of_share("extension", row.id, row.share_id, field=sa.literal("due"), **columns)
        return part.select_from(row)

    asked = moved(
        row.wanted_due, at=row.asked_at, person_id=row.asked_by, what=sa.literal("extension.asked"), reason=row.reason
    )
    decided = moved(
        row.granted_due,
        at=row.decided_at,
        person_id=row.decided_by,
        what="extension." + row.outcome,
        reason=row.document + sa.case((row.note != "", " " + row.note), else_=""),
    )
    return asked, decided.where(row.decided_at.is_not(None))


def _amendments() -> sa.Select[Any]:
    """Every replaced value under its decision; who recorded that stands in the line of the amendment itself.

    Places in the order are left out: one row dropped moves all behind it, and their printed numbers are told.
    """
    doer = (
        sa.select(ChangeEntry.person_id)
        .where(
            ChangeEntry.plan_id == AmendmentRow.plan_id,
            ChangeEntry.what == "plan.amended",
            ChangeEntry.at == AmendmentRow.recorded_at,
        )
        .limit(1)
        .scalar_subquery()
    )
    return (
        _select(
            "amendment",
            PlanChange.id,
            at=AmendmentRow.recorded_at,
            person_id=doer,
            object_kind=PlanChange.subject,
            object_id=PlanChange.subject_id,
            label=TaskRow.number + ". " + TaskRow.title,
            plan_id=PlanChange.plan_id,
            task_id=PlanChange.task_id,
            what=sa.literal("amendment.replaced"),
            field=PlanChange.field,
            old=PlanChange.old,
            new=PlanChange.new,
            reason=AmendmentRow.number,
        )
        .select_from(PlanChange)
        .join(AmendmentRow, AmendmentRow.id == PlanChange.amendment_id)
        .join(TaskRow, TaskRow.id == PlanChange.task_id)
        .where(PlanChange.field != "position")
    )


def _found(wanted: Wanted) -> sa.Subquery:
    """The lines that are wanted, without the names that they are shown with."""
    every = sa.union_all(_changes(), _log(wanted), *_extensions(), _amendments()).subquery()
    c, conditions = every.c, []
    for name in ("plan_id", "task_id"):
        value = getattr(wanted, name)
        if value is not None:
            conditions.append(c[name] == value)
    for unit_id in {wanted.unit_id, wanted.own_unit_id} - {None}:
        conditions.append(sa.or_(c.unit_id == unit_id, sa.and_(c.unit_id.is_(None), c.task_id.in_(_tasks_of(unit_id)))))
    if wanted.person_id is not None:
        done_to = sa.and_(c.object_kind == "person", c.object_id == wanted.person_id)
        conditions.append(sa.or_(c.person_id == wanted.person_id, done_to))
    if wanted.kind is not None:
        conditions.append(c.object_kind == wanted.kind)
    if not wanted.everything:
        conditions.append(c.object_kind.in_(PUBLIC_KINDS))
    if wanted.since is not None:
        conditions.append(c.at >= wanted.since)
    if wanted.until is not None:
        conditions.append(c.at < wanted.until)
    return sa.select(every).where(*conditions).subquery()


def _tasks_of(unit_id: int | None) -> sa.Select[Any]:
    tasks = sa.select(MilestoneRow.task_id).join(ShareRow, ShareRow.milestone_id == MilestoneRow.id)
    return tasks.where(ShareRow.unit_id == unit_id)


def _named(wanted: Wanted) -> sa.Select[Any]:
    found, of_person = _found(wanted), aliased(PersonRow)
    about = sa.and_(found.c.object_kind == "person", of_person.id == found.c.object_id)
    return (
        sa.select(found, PersonRow.name.label("person"), of_person.name.label("about"), UnitRow.name.label("unit"))
        .outerjoin(PersonRow, PersonRow.id == found.c.person_id)
        .outerjoin(of_person, about)
        .outerjoin(UnitRow, UnitRow.id == found.c.unit_id)
        .order_by(found.c.at.desc(), found.c.source, found.c.id.desc())
    )


def _names() -> dict[int, str]:
    return {row.id: row.name for row in session().execute(sa.select(PersonRow.id, PersonRow.name))}


def _told(row: Any, names: Mapping[int, str]) -> Callable[[str | None], str]:
    """How the values of a line are told."""
    if row.source == "change":
        return (lambda text: people_in_words(text, names)) if row.field in OF_PEOPLE else in_words
    return (lambda text: _replaced(row.field, text)) if row.source == "amendment" else day_words


def _line(row: Any, names: Mapping[int, str]) -> HistoryLine:
    told = _told(row, names)
    states, old, new = None, row.old, row.new
    if row.source == "log":
        (before, _, old), (after, _, new) = old.partition(" "), new.partition(" ")
        states = State(before), State(after)
    return HistoryLine(
        at=row.at,
        person=row.person or "",
        role=row.role or "",
        capacity=row.capacity or "",
        object_kind=row.object_kind,
        object_id=row.object_id,
        label=row.about or row.label or "",
        unit=row.unit or "",
        task_id=row.task_id,
        what=row.what,
        field=row.field or "",
        old=told(old),
        new=told(new),
        reason=row.reason or "",
        states=states,
    )


def _replaced(field: str, text: str | None) -> str:
    if field in ("leads", "partners") and text:
        return ", ".join(each.name for each in parties_of(text))
    return day_words(text)
