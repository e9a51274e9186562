"""What decisions replaced, as a person reads it: by task, field by field, old and new."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from tracker.domain.amendments import THERE, Change, Look, day_of, parties_of
from tracker.domain.differences import FieldChange, RowDifference, StoredTask

TaskKind = Literal["dropped", "restored", "added", "changed", "renumbered"]
TASK_KINDS: tuple[TaskKind, ...] = ("dropped", "restored", "added", "changed", "renumbered")
DAYS = ("start", "due")
AS_WRITTEN = ("leads_as_written", "partners_as_written")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
# Fields in the order of a plan's columns; what only keeps the books (place, shares, kinds of dates) is not told.
TOLD = (
    "number",
    "group",
    "title",
    "product",
    "leads",
    "partners",
    "start_as_written",
    "start",
    "due_as_written",
    "due",
    "milestone_added",
    "milestone_dropped",
    "extra",
)


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One field of a task, old and new, as text or as a day; `milestone` counts from 1 where a task has several."""

    field: str
    old: str | date | None
    new: str | date | None
    milestone: int | None = None


@dataclass(frozen=True, slots=True)
class TaskChange:
    """What became of one task; `reason` is why it was dropped."""

    task_id: int
    kind: TaskKind
    lines: tuple[ChangeLine, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class MilestonePlace:
    """Which milestone of its task one is (from 1; None where it is the only one), and the due date it came with."""

    ordinal: int | None
    first_due: date | None


def task_changes(changes: Iterable[Change], places: Mapping[int, MilestonePlace]) -> tuple[TaskChange, ...]:
    """Changes by task, the dropped ones first and those with a new number alone last, else as they first come.

    Tasks of which nothing is told are left out.
    """
    by_task: dict[int, list[Change]] = {}
    for change in changes:
        by_task.setdefault(change.task_id, []).append(change)
    told = (_task_change(task_id, own, places) for task_id, own in by_task.items())
    shown = (each for each in told if each.kind != "changed" or each.lines)
    return tuple(sorted(shown, key=lambda each: TASK_KINDS.index(each.kind)))


def _task_change(task_id: int, changes: list[Change], places: Mapping[int, MilestonePlace]) -> TaskChange:
    own = {each.field: each for each in changes if each.subject == "task"}
    if THERE in own:
        return TaskChange(task_id, "added")
    dropped = own.get("dropped_on")
    if dropped and dropped.new:
        reason = own.get("dropped_reason")
        return TaskChange(task_id, "dropped", reason=(reason.new if reason else "") or "")
    lines = [line for change in changes if (line := _line(change, own, places))]
    lines.sort(key=lambda line: (line.milestone or 0, TOLD.index(line.field)))
    alone = {line.field for line in lines} == {"number"}
    return TaskChange(task_id, "restored" if dropped else "renumbered" if alone else "changed", tuple(lines))


def _line(change: Change, of_task: Mapping[str, Change], places: Mapping[int, MilestonePlace]) -> ChangeLine | None:
    if change.subject == "milestone":
        return _milestone_line(change, places.get(change.subject_id, MilestonePlace(None, None)))
    if change.subject != "task":
        return None
    name = change.field.removesuffix("_as_written")
    if name in ("leads", "partners"):
        return _cell_line(name, change, of_task)
    if name == "extra":
        return ChangeLine(name, _columns(change.old), _columns(change.new))
    return ChangeLine(name, change.old, change.new) if name in TOLD else None


def _cell_line(name: str, change: Change, of_task: Mapping[str, Change]) -> ChangeLine | None:
    """Units in the words of the plan where those changed, else by their names."""
    if change.field != name:
        return ChangeLine(name, change.old, change.new)
    return None if f"{name}_as_written" in of_task else ChangeLine(name, _names(change.old), _names(change.new))


def _names(text: str | None) -> str:
    return "; ".join(f"{each.name} ({each.role})" if each.role else each.name for each in parties_of(text))


def _columns(text: str | None) -> str:
    return "; ".join(f"{heading}: {words}" for heading, words in json.loads(text or "[]"))


def _milestone_line(change: Change, place: MilestonePlace) -> ChangeLine | None:
    if change.field == THERE:
        return ChangeLine("milestone_added", None, place.first_due, place.ordinal)
    if change.field == "dropped_on":
        return ChangeLine("milestone_dropped", place.first_due, None, place.ordinal)
    if change.field in DAYS:
        return ChangeLine(change.field, day_of(change.old), day_of(change.new), place.ordinal)
    if change.field in ("start_as_written", "due_as_written"):
        return ChangeLine(change.field, change.old, change.new, place.ordinal)
    return None


def row_lines(row: RowDifference) -> tuple[ChangeLine, ...]:
    """What would change in one row of a preview, as it will be told once it is recorded."""
    return change_lines(row.changes, several=len(row.milestones) > 1)


def change_lines(found: Iterable[FieldChange], *, several: bool) -> tuple[ChangeLine, ...]:
    """The changes of one row, `several` where the task has more than one milestone."""
    changes = tuple(found)
    written = {change.field.removesuffix("_as_written") for change in changes if change.field in AS_WRITTEN}
    lines = []
    for change in changes:
        ordinal = change.milestone if several else None
        if change.field in AS_WRITTEN:
            lines.append(ChangeLine(change.field.removesuffix("_as_written"), change.old, change.new))
        elif change.field == "milestone":
            name = "milestone_added" if change.new else "milestone_dropped"
            lines.append(ChangeLine(name, _day_of_span(change.old), _day_of_span(change.new), ordinal))
        elif change.field in DAYS:
            lines.append(ChangeLine(change.field, day_of(change.old), day_of(change.new), ordinal))
        elif change.field in TOLD and change.field not in written:
            lines.append(ChangeLine(change.field, change.old, change.new, ordinal))
    return tuple(sorted(lines, key=lambda line: (line.milestone or 0, TOLD.index(line.field))))


def _day_of_span(text: str) -> date | str:
    """The day by which a stretch of time ends, else the one on which it begins, else its words."""
    days = [day for day in reversed(text.split(" – ")) if _DAY.fullmatch(day)]
    return date.fromisoformat(days[0]) if days else text


def milestone_places(look: Look) -> dict[int, MilestonePlace]:
    """The place of every milestone of a look, dropped ones too."""
    by_task: dict[int, list[int]] = {}
    for (subject, row_id), thing in look.items():
        if subject == "milestone":
            by_task.setdefault(thing.task_id, []).append(row_id)
    return {
        row_id: MilestonePlace(
            int(look["milestone", row_id].fields["position"] or 0) if len(rows) > 1 else None,
            day_of(look["milestone", row_id].fields["original_due"]),
        )
        for rows in by_task.values()
        for row_id in rows
    }


@dataclass(frozen=True, slots=True)
class ComparedTask:
    """A task as first issued and as it held on another day, side by side; either may be missing."""

    issued: StoredTask | None
    then: StoredTask | None
    change: TaskChange | None

    @property
    def task_id(self) -> int:
        """The task's id."""
        found = self.then or self.issued
        assert found is not None
        return found.id


def side_by_side(
    issued: Iterable[StoredTask], then: Iterable[StoredTask], changes: Iterable[TaskChange]
) -> tuple[ComparedTask, ...]:
    """Every task of either plan, in the order of the later one; a task that went stands where it stood."""
    before = {each.id: each for each in issued}
    after = {each.id: each for each in then if each.dropped_on is None}
    told = {each.task_id: each for each in changes}
    order = sorted((before | after).values(), key=lambda each: (each.position, each.id))
    return tuple(ComparedTask(before.get(each.id), after.get(each.id), told.get(each.id)) for each in order)
