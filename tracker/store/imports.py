"""A plan as an import reads it back and writes it: bulk rows, changed rows, and what is never deleted."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

from tracker.domain.assignments import FORMER, LEAD, PARTNER, PlannedShare
from tracker.domain.differences import MilestonePair, RowDifference, StoredMilestone, StoredTask, due_after
from tracker.domain.names import fold
from tracker.domain.plan_document import Party, Place, PlanDocument, ReadMilestone, ReadTask
from tracker.store.database import session
from tracker.store.given import PLAN_ID
from tracker.store.looks import wake_plan
from tracker.store.tables import (
    AssignmentRow,
    MilestoneRow,
    PersonRow,
    PlanMonitor,
    PlanRow,
    ShareRow,
    TaskRow,
    UnitGroup,
    UnitRow,
)
from tracker.store.unit_events import follow_recorded, only_heirs
from tracker.store.units import group_ids_by_code, ids_by_code

HEAD_FIELDS = ("title", "school_year", "number", "issuer", "issued_on")


@dataclass(slots=True)
class Written:
    """What an import wrote: stored milestones that look different now, units whose shares changed, new shares."""

    changed_milestones: list[int] = field(default_factory=list)
    unit_ids: set[int] = field(default_factory=set)
    shares: int = 0


def find_plan(title: str, school_year: str | None) -> int | None:
    """The plan of that school year, no draft, whose title reads the same, accents and capitals aside."""
    query = sa.select(PlanRow.id, PlanRow.title).where(PlanRow.school_year == school_year, PlanRow.state != "draft")
    query = query.order_by(PlanRow.id)
    return next((row.id for row in session().execute(query) if fold(row.title) == fold(title)), None)


def plan_fields(plan_id: int) -> dict[str, Any]:
    """What a document says of a plan as a whole, as stored."""
    row = session().get_one(PlanRow, plan_id)
    return {name: getattr(row, name) for name in HEAD_FIELDS}


def monitor_ids(plan_id: int) -> list[int]:
    """The units that watch a plan, by rank."""
    query = sa.select(PlanMonitor.unit_id).where(PlanMonitor.plan_id == plan_id).order_by(PlanMonitor.rank)
    return list(session().scalars(query))


def units_of_monitors() -> list[int]:
    """Units to which people with the role of monitor belong, in the order in which they came."""
    query = (
        sa.select(PersonRow.unit_id)
        .where(PersonRow.role == "monitor", PersonRow.unit_id.is_not(None), PersonRow.active)
        .order_by(PersonRow.id)
    )
    return list(dict.fromkeys(unit_id for unit_id in session().scalars(query) if unit_id is not None))


def stored_tasks(plan_id: int) -> list[StoredTask]:
    """Every task of a plan, dropped ones too, in the plan's order. 3 queries."""
    milestones: dict[int, list[StoredMilestone]] = {}
    for task_id, milestone_id, original_due, *content in session().execute(_MILESTONES, {"plan_id": plan_id}):
        stored = StoredMilestone(milestone_id, original_due, ReadMilestone(*content))
        milestones.setdefault(task_id, []).append(stored)
    parties = parties_of_plan(plan_id)
    tasks = session().execute(_TASKS, {"plan_id": plan_id})
    return [_stored(row, milestones.get(row.id, []), parties) for row in tasks]


_TASKS = (
    sa.select(TaskRow.id, TaskRow.position, TaskRow.number, TaskRow.heading, TaskRow.title, TaskRow.product)
    .add_columns(TaskRow.leads_as_written, TaskRow.partners_as_written, TaskRow.extra, TaskRow.dropped_on)
    .where(TaskRow.plan_id == PLAN_ID)
    .order_by(TaskRow.position, TaskRow.id)
)
_MILESTONES = (
    sa.select(MilestoneRow.task_id, MilestoneRow.id, MilestoneRow.original_due, MilestoneRow.kind)
    .add_columns(MilestoneRow.start, MilestoneRow.due, MilestoneRow.start_as_written, MilestoneRow.due_as_written)
    .join(TaskRow, TaskRow.id == MilestoneRow.task_id)
    .where(TaskRow.plan_id == PLAN_ID, MilestoneRow.dropped_on.is_(None))
    .order_by(MilestoneRow.position, MilestoneRow.id)
)


def parties_of_plan(plan_id: int) -> dict[tuple[int, str], list[Party]]:
    """Who is on the tasks of a plan, by task and part, in the order of the cell. 1 query."""
    found: dict[tuple[int, str], list[Party]] = {}
    for task_id, part, *party in session().execute(_parties(), {"plan_id": plan_id}):
        found.setdefault((task_id, part), []).append(Party(*party))
    return found


@cache
def _parties() -> sa.Select[*tuple[Any, ...]]:
    row = AssignmentRow
    code = sa.func.coalesce(UnitRow.code, UnitGroup.code)
    return (
        sa.select(row.task_id, row.part, row.text, row.name, row.kind, code, row.role)
        .join(TaskRow, TaskRow.id == row.task_id)
        .outerjoin(UnitRow, UnitRow.id == row.unit_id)
        .outerjoin(UnitGroup, UnitGroup.id == row.group_id)
        .where(TaskRow.plan_id == PLAN_ID)
        .order_by(row.task_id, row.part, row.position)
    )


def _stored(row: Any, milestones: list[StoredMilestone], parties: dict[tuple[int, str], list[Party]]) -> StoredTask:
    content = ReadTask(
        number=row.number,
        group=row.heading,
        title=row.title,
        product=row.product,
        leads_as_written=row.leads_as_written,
        partners_as_written=row.partners_as_written,
        leads=tuple(parties.get((row.id, LEAD), ())),
        partners=tuple(parties.get((row.id, PARTNER), ())),
        milestones=tuple(each.content for each in milestones),
        place=Place(),
        extra=tuple((heading, text) for heading, text in row.extra or ()),
    )
    return StoredTask(row.id, row.position, content, tuple(milestones), row.dropped_on)


def add_plan(document: PlanDocument, now: datetime, state: str = "in_force") -> int:
    """Store a new plan without rows; returns its id."""
    row = PlanRow(created_at=now, state=state, **{name: getattr(document, name) for name in HEAD_FIELDS})
    session().add(row)
    session().flush()
    return row.id


def change_plan(plan_id: int, values: dict[str, Any]) -> None:
    """Replace what a document says of the plan as a whole."""
    session().execute(sa.update(PlanRow).where(PlanRow.id == plan_id).values(values))


def set_monitors(plan_id: int, unit_ids: Iterable[int]) -> None:
    """The units that watch a plan, first the one that confirms first."""
    session().execute(sa.delete(PlanMonitor).where(PlanMonitor.plan_id == plan_id))
    for rank, unit_id in enumerate(unit_ids, start=1):
        session().add(PlanMonitor(plan_id=plan_id, unit_id=unit_id, rank=rank))
    session().flush()
    wake_plan(plan_id)


class PlanWriter:
    """Writes the rows of one plan inside a transaction; `shares_of` tells whose work a task is."""

    def __init__(
        self, plan_id: int, now: datetime, today: date, shares_of: Callable[[ReadTask], Sequence[PlannedShare]]
    ) -> None:
        self.plan_id, self.now, self.today, self.shares_of = plan_id, now, today, shares_of
        self.unit_ids, self.group_ids = ids_by_code(), group_ids_by_code()
        self.passings = only_heirs()
        self.written = Written()

    def add(self, rows: Sequence[RowDifference]) -> None:
        """Insert new tasks with their parties, milestones and shares, whole tables at a time."""
        if not rows:
            return
        tasks = [self._task_values(row.shown) | {"plan_id": self.plan_id, "position": row.position} for row in rows]
        task_ids = _insert_returning(TaskRow, tasks)
        self._add_parties(list(zip(task_ids, (row.shown for row in rows), strict=True)))
        self._add_milestones(
            [
                (task_id, row.shown, position, milestone)
                for task_id, row in zip(task_ids, rows, strict=True)
                for position, milestone in enumerate(row.shown.milestones, start=1)
            ]
        )

    def change(self, row: RowDifference) -> None:
        """Bring one stored task to what the document says; its logs and first due dates stay."""
        assert row.stored is not None
        assert row.read is not None
        task_id = row.stored.id
        values = self._task_values(row.read) | {"position": row.position, "dropped_on": None, "dropped_reason": ""}
        session().execute(sa.update(TaskRow).where(TaskRow.id == task_id).values(values))
        self._change_milestones(task_id, row)
        if row.parties_changed:
            self.set_parties(task_id, row.read)
            self._share_out_anew(task_id, row.read)
        kept = (pair.stored.id for pair in row.milestones if pair.stored)
        self.written.changed_milestones += kept

    def set_parties(self, task_id: int, task: ReadTask) -> None:
        """Put the units and groups of `task` on a stored one, in place of those it had; its shares stay."""
        session().execute(sa.delete(AssignmentRow).where(AssignmentRow.task_id == task_id))
        self._add_parties([(task_id, task)])

    def move(self, row: RowDifference) -> None:
        """Give an otherwise unchanged task its place in the document."""
        if row.stored and row.stored.position != row.position:
            session().execute(sa.update(TaskRow).where(TaskRow.id == row.stored.id).values(position=row.position))

    def share_out(self, tasks: Iterable[StoredTask]) -> None:
        """A share for every unit of tasks that have none yet, in each of their milestones."""
        self._add_shares(
            [
                self._share_values(milestone.id, share)
                for task in tasks
                for share in self.shares_of(task.content)
                for milestone in task.milestones
            ]
        )

    def drop(self, row: RowDifference, reason: str) -> None:
        """Mark a task as dropped today; nothing of it is deleted."""
        assert row.stored is not None
        values = {"dropped_on": self.today, "dropped_reason": reason}
        session().execute(sa.update(TaskRow).where(TaskRow.id == row.stored.id).values(values))
        self.written.changed_milestones += [each.id for each in row.stored.milestones]

    def drop_milestones(self, row: RowDifference, reason: str) -> None:
        """Mark the milestones that a task no longer has; their logs stay."""
        gone = [pair.stored.id for pair in row.milestones if pair.stored and pair.read is None]
        if gone:
            values = {"dropped_on": self.today, "dropped_reason": reason}
            session().execute(sa.update(MilestoneRow).where(MilestoneRow.id.in_(gone)).values(values))

    def _task_values(self, task: ReadTask) -> dict[str, Any]:
        return {
            "number": task.number,
            "heading": task.group,
            "title": task.title,
            "product": task.product,
            "leads_as_written": task.leads_as_written,
            "partners_as_written": task.partners_as_written,
            "extra": [list(each) for each in task.extra],
            "dropped_reason": "",
        }

    def _add_parties(self, tasks: Iterable[tuple[int, ReadTask]]) -> None:
        values = [
            {
                "task_id": task_id,
                "part": part,
                "position": position,
                "text": party.text,
                "name": party.name,
                "kind": party.kind,
                "unit_id": self.unit_ids.get(party.code or "") if party.kind == "unit" else None,
                "group_id": self.group_ids.get(party.code or "") if party.code else None,
                "role": party.role,
            }
            for task_id, task in tasks
            for part, cell in ((LEAD, task.leads), (PARTNER, task.partners))
            for position, party in enumerate(cell, start=1)
        ]
        _insert(AssignmentRow, values)

    def _add_milestones(self, rows: Sequence[tuple[int, ReadTask, int, ReadMilestone]]) -> None:
        """Insert (task id, task, position, milestone) with a share for every unit of the task."""
        values = [
            self._milestone_values(milestone)
            | {"task_id": task_id, "position": position, "original_due": milestone.due, "due": milestone.due}
            | {"ical_sequence": 0, "changed_at": self.now}
            for task_id, _task, position, milestone in rows
        ]
        milestone_ids = _insert_returning(MilestoneRow, values)
        shares = [
            self._share_values(milestone_id, share)
            for milestone_id, (_id, task, _position, _milestone) in zip(milestone_ids, rows, strict=True)
            for share in self.shares_of(task)
        ]
        self._add_shares(shares)

    def _add_shares(self, shares: list[dict[str, Any]]) -> None:
        """Insert shares; those of units that have or will have one heir go on with it from the day of that event."""
        _insert(ShareRow, [share for share in shares if share["unit_id"] not in self.passings])
        passed = _insert_returning(ShareRow, [share for share in shares if share["unit_id"] in self.passings])
        self.written.shares += len(shares)
        self.written.unit_ids |= {share["unit_id"] for share in shares} | follow_recorded(passed, self.passings)

    @staticmethod
    def _milestone_values(milestone: ReadMilestone) -> dict[str, Any]:
        names = ("kind", "start", "start_as_written", "due_as_written")
        return {name: getattr(milestone, name) for name in names}

    def _share_values(self, milestone_id: int, share: PlannedShare) -> dict[str, Any]:
        group_id = self.group_ids[share.group_code] if share.group_code else None
        unit_id = self.unit_ids[share.unit_code]
        whose = {"milestone_id": milestone_id, "unit_id": unit_id, "part": share.part, "group_id": group_id}
        return {**whose, "assigned_at": self.now}

    def _change_milestones(self, task_id: int, row: RowDifference) -> None:
        new = []
        for position, pair in enumerate(row.milestones, start=1):
            if pair.read is None:
                continue
            if pair.stored is None:
                new.append((task_id, row.shown, position, pair.read))
            else:
                self._update_milestone(pair.stored.id, pair, position)
        self._add_milestones(new)

    def _update_milestone(self, milestone_id: int, pair: MilestonePair, position: int) -> None:
        assert pair.read is not None
        values = self._milestone_values(pair.read) | {"due": due_after(pair), "position": position}
        session().execute(sa.update(MilestoneRow).where(MilestoneRow.id == milestone_id).values(values))

    def _share_out_anew(self, task_id: int, task: ReadTask) -> None:
        """Shares for units new on a task; a unit no longer on it keeps its log as a former one.

        Where a unit's share was handed on, its heir is meant.
        """
        wanted = {self.unit_ids[share.unit_code]: share for share in self.shares_of(task)}
        living = (MilestoneRow.task_id == task_id, MilestoneRow.dropped_on.is_(None))
        query = sa.select(ShareRow).join(MilestoneRow, MilestoneRow.id == ShareRow.milestone_id).where(*living)
        rows: dict[int, list[ShareRow]] = {}
        for row in session().scalars(query.order_by(ShareRow.id)):
            rows.setdefault(row.milestone_id, []).append(row)
        new = []
        for milestone_id in session().scalars(sa.select(MilestoneRow.id).where(*living)).all():
            standing = _standing(rows.get(milestone_id, []))
            meant: dict[int, PlannedShare] = {}
            for unit_id, share in wanted.items():
                if unit_id not in standing:
                    new.append(self._share_values(milestone_id, share))
                elif share.part == LEAD or standing[unit_id].id not in meant:
                    meant[standing[unit_id].id] = share
            groups = {self.group_ids[share.group_code] for share in wanted.values() if share.group_code}
            for row in set(standing.values()):
                # Who joined a group later, as a person confirmed, is not among those it counted when it took effect.
                joined_later = bool(row.from_reason) and row.group_id in groups
                if row.id in meant or not joined_later:
                    self._set_part(row, meant.get(row.id))
        session().flush()
        self._add_shares(new)

    def _set_part(self, row: ShareRow, share: PlannedShare | None) -> None:
        row.part = share.part if share else FORMER
        row.group_id = self.group_ids[share.group_code] if share and share.group_code else None
        if share is None:
            self.written.unit_ids.add(row.unit_id)


def _standing(rows: Sequence[ShareRow]) -> dict[int, ShareRow]:
    """For every unit that has or had a share of one milestone, the share that stands for it now."""
    by_id, found = {row.id: row for row in rows}, {}
    for row in rows:
        last = row
        while last.heir_id is not None:
            last = by_id[last.heir_id]
        found[row.unit_id] = last
    return found


def _insert(table: type, values: list[dict[str, Any]]) -> None:
    if values:
        session().execute(_adding(table), values)


@cache
def _adding(table: type) -> sa.Insert:
    return sa.insert(table)


def _insert_returning(table: Any, values: list[dict[str, Any]]) -> list[int]:
    """Insert many rows; their ids in the order of `values`."""
    if not values:
        return []
    return list(session().scalars(_adding_in_order(table), values))


@cache
def _adding_in_order(table: Any) -> sa.Insert:
    return sa.insert(table).returning(table.id, sort_by_parameter_order=True)
