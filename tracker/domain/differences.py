"""The difference between a plan as it is stored and as a document has it: rows matched, fields compared."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from tracker.domain.plan_document import Party, ReadMilestone, ReadTask
from tracker.domain.row_matches import exact_key, match_rows, title_key
from tracker.domain.words import N_

RowKind = Literal["added", "changed", "dropped", "unchanged"]
ToldKind = Literal["dropped", "restored", "added", "changed", "renumbered", "unchanged"]
TOLD_KINDS: tuple[ToldKind, ...] = ("dropped", "restored", "added", "changed", "renumbered", "unchanged")
Key = tuple[str, ...]
FIELD_NAMES = {
    "number": N_("số thứ tự"),
    "group": N_("nhóm"),
    "title": N_("nội dung"),
    "product": N_("sản phẩm"),
    "leads": N_("đơn vị chủ trì"),
    "partners": N_("đơn vị phối hợp"),
    "leads_as_written": N_("đơn vị chủ trì (theo văn bản)"),
    "partners_as_written": N_("đơn vị phối hợp (theo văn bản)"),
    "start": N_("bắt đầu"),
    "due": N_("hoàn thành"),
    "start_as_written": N_("bắt đầu (theo văn bản)"),
    "due_as_written": N_("hoàn thành (theo văn bản)"),
    "kind": N_("loại thời gian"),
    "milestone": N_("mốc"),
    "extra": N_("cột khác"),
    "school_year": N_("năm học"),
    "issuer": N_("cơ quan ban hành"),
    "issued_on": N_("ngày ban hành"),
}
"""How a field of a task, or of the plan itself, is called within a line."""
TEXTS = ("number", "group", "title", "product", "leads_as_written", "partners_as_written")
TIMES = ("kind", "start", "due", "start_as_written", "due_as_written")


@dataclass(frozen=True, slots=True)
class StoredMilestone:
    """A milestone in the database: what holds now, and the due date that the plan first gave it."""

    id: int
    original_due: date | None
    content: ReadMilestone


@dataclass(frozen=True, slots=True)
class StoredTask:
    """A task in the database, its content in the words of a read row (without a place)."""

    id: int
    position: int
    content: ReadTask
    milestones: tuple[StoredMilestone, ...]
    dropped_on: date | None = None


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field's old and new value as text; `milestone` counts from 1 where the field belongs to one."""

    field: str
    old: str
    new: str
    milestone: int | None = None


@dataclass(frozen=True, slots=True)
class MilestonePair:
    """A stored milestone and the one the document has for it; either may be missing."""

    stored: StoredMilestone | None
    read: ReadMilestone | None


@dataclass(frozen=True, slots=True)
class RowDifference:
    """One task: stored, read or both, its position in the document (from 1; 0 when dropped) and what changed."""

    stored: StoredTask | None
    read: ReadTask | None
    position: int
    changes: tuple[FieldChange, ...] = ()
    milestones: tuple[MilestonePair, ...] = ()

    @property
    def kind(self) -> RowKind:
        """What becomes of the row."""
        if self.stored is None:
            return "added"
        if self.read is None:
            return "dropped"
        return "changed" if self.changes else "unchanged"

    @property
    def told(self) -> ToldKind:
        """As what it is told: of the changed rows, one comes back that was dropped, another has a new number alone."""
        fields = {change.field for change in self.changes}
        if self.kind == "changed" and "dropped_on" in fields:
            return "restored"
        return "renumbered" if self.kind == "changed" and fields == {"number"} else self.kind

    @property
    def parties_changed(self) -> bool:
        """Whether other units or groups are on the task than before."""
        return any(change.field in ("leads", "partners") for change in self.changes)

    @property
    def shown(self) -> ReadTask:
        """The row in its newest wording."""
        found = self.read or (self.stored.content if self.stored else None)
        assert found is not None
        return found


@dataclass(frozen=True, slots=True)
class Doubt:
    """A row of the document (index `at`, from 0) that may be a stored task reworded; `score` is out of 100."""

    at: int
    read: ReadTask
    stored: StoredTask
    score: int


@dataclass(frozen=True, slots=True)
class Difference:
    """All rows, and the pairs that a person has to judge.

    `only_listed` tells that the document names the changed tasks alone and the others stay as they are; `unfound` are
    its rows that abolish a task which the plan does not have.
    """

    rows: tuple[RowDifference, ...]
    doubts: tuple[Doubt, ...] = ()
    only_listed: bool = False
    unfound: tuple[ReadTask, ...] = ()


def compare(
    stored: Sequence[StoredTask],
    read: Sequence[ReadTask],
    same: Mapping[int, int | None] | None = None,
    skipped: Collection[int] = (),
) -> Difference:
    """Every row of the document in its order, then the live stored rows that it no longer has.

    The same task is found by number and title, else by title (renumbered), else by everything that speaks for it
    (reworded, see `row_matches`). A task that was dropped before is found again by its title alone. `same` is what a
    person decided: index of a row to the id of its stored task, None for a new one. Rows that are `skipped` (by their
    index) add and change nothing: a task that is found again in one stays as it is stored.
    """
    matches, doubts = found_again(stored, read, same or {})
    rows: list[RowDifference] = []
    for at, task in enumerate(read):
        known = matches.get(at)
        if at not in skipped:
            rows.append(row_difference(known, task, len(rows) + 1))
        elif known and known.dropped_on is None:
            rows.append(untouched(known, len(rows) + 1))
    kept = {task.id for task in matches.values()}
    gone = [task for task in stored if task.id not in kept and task.dropped_on is None]
    asked = tuple(each for each in doubts if each.at not in skipped)
    return Difference((*rows, *(RowDifference(task, None, 0) for task in gone)), asked)


def untouched(task: StoredTask, position: int) -> RowDifference:
    """A stored task that stays as it is, at its place in the plan."""
    return RowDifference(task, task.content, position)


def found_again(
    stored: Sequence[StoredTask], read: Sequence[ReadTask], same: Mapping[int, int | None]
) -> tuple[dict[int, StoredTask], tuple[Doubt, ...]]:
    """Index of a read row to its stored task, and what is doubtful."""
    live = [task for task in stored if task.dropped_on is None]
    places = {task.id: at for at, task in enumerate(live)}
    decided = {at: None if task_id is None else places[task_id] for at, task_id in same.items()}
    found = match_rows([task.content for task in live], read, decided)
    matches = {at: live[place] for at, place in found.pairs.items()}
    alone = [at for at in range(len(read)) if at not in matches]
    dropped = [task for task in stored if task.dropped_on is not None]
    for key in (exact_key, title_key):
        free: dict[Key, list[StoredTask]] = {}
        taken = {task.id for task in matches.values()}
        for task in dropped:
            if task.id not in taken:
                free.setdefault(key(task.content), []).append(task)
        for at in alone:
            if at not in matches and (back := free.get(key(read[at]))):
                matches[at] = back.pop(0)
    doubts = (Doubt(at, read[at], live[place], score) for at, place, score in found.doubts if at not in matches)
    return matches, tuple(doubts)


def row_difference(stored: StoredTask | None, read: ReadTask, position: int) -> RowDifference:
    """One row of a document beside its stored task, None for a new one; `position` counts from 1."""
    if stored is None:
        return RowDifference(None, read, position, milestones=tuple(MilestonePair(None, m) for m in read.milestones))
    pairs = _pair_milestones(stored.milestones, read.milestones)
    changes = (*_text_changes(stored, read), *_party_changes(stored.content, read), *_time_changes(pairs))
    return RowDifference(stored, read, position, changes, pairs)


def _text_changes(stored: StoredTask, read: ReadTask) -> list[FieldChange]:
    old = stored.content
    pairs = [(field, getattr(old, field) or "", getattr(read, field) or "") for field in TEXTS]
    pairs.append(("extra", _written_extra(old), _written_extra(read)))
    pairs.append(("dropped_on", str(stored.dropped_on or ""), ""))
    return [FieldChange(field, before, after) for field, before, after in pairs if before != after]


def _written_extra(task: ReadTask) -> str:
    return "; ".join(f"{heading}: {text}" for heading, text in task.extra)


def _party_changes(old: ReadTask, new: ReadTask) -> list[FieldChange]:
    cells = (("leads", old.leads, new.leads), ("partners", old.partners, new.partners))
    return [
        FieldChange(field, _written_parties(before), _written_parties(after))
        for field, before, after in cells
        if [_identity(each) for each in before] != [_identity(each) for each in after]
    ]


def _identity(party: Party) -> tuple[str, str, str]:
    return party.kind, party.code or party.name, party.role or ""


def _written_parties(parties: Iterable[Party]) -> str:
    return "; ".join(f"{each.name} ({each.role})" if each.role else each.name for each in parties)


def _pair_milestones(stored: Sequence[StoredMilestone], read: Sequence[ReadMilestone]) -> tuple[MilestonePair, ...]:
    """The document's milestones in their order, each with its stored one; then the stored ones that are gone.

    Same dates first, then what is left in order: a task that loses its first of two milestones keeps the second.
    """
    left = list(stored)
    chosen: dict[int, StoredMilestone] = {}
    for index, milestone in enumerate(read):
        same = next((s for s in left if (s.content.start, s.content.due) == (milestone.start, milestone.due)), None)
        if same:
            left.remove(same)
            chosen[index] = same
    for index in range(len(read)):
        if index not in chosen and left:
            chosen[index] = left.pop(0)
    return (
        *(MilestonePair(chosen.get(index), milestone) for index, milestone in enumerate(read)),
        *(MilestonePair(each, None) for each in left),
    )


def _time_changes(pairs: Iterable[MilestonePair]) -> list[FieldChange]:
    changes: list[FieldChange] = []
    for ordinal, pair in enumerate(pairs, start=1):
        if pair.stored is None or pair.read is None:
            changes.append(FieldChange("milestone", _written_time(pair.stored), _written_time(pair.read), ordinal))
            continue
        before = pair.stored.content
        for field in TIMES:
            old, new = str(getattr(before, field) or ""), str(getattr(pair.read, field) or "")
            if old != new and not (field == "due" and _extended_since(pair.stored, pair.read)):
                changes.append(FieldChange(field, old, new, ordinal))
    return changes


def _extended_since(stored: StoredMilestone, read: ReadMilestone) -> bool:
    """Whether the document still says what it first said, and the due date moved by a decision since."""
    return read.due == stored.original_due and read.due_as_written == stored.content.due_as_written


def due_after(pair: MilestonePair) -> date | None:
    """The due date that holds once the document of `pair` is imported."""
    if pair.stored is None or pair.read is None:
        return pair.read.due if pair.read else None
    return pair.stored.content.due if _extended_since(pair.stored, pair.read) else pair.read.due


def _written_time(milestone: StoredMilestone | ReadMilestone | None) -> str:
    if milestone is None:
        return ""
    content = milestone.content if isinstance(milestone, StoredMilestone) else milestone
    return f"{content.start or '…'} – {content.due or '…'}"
