"""The demonstration's log, written in bulk: the same rows that the use cases write one by one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from tracker.domain.work import Entry, State
from tracker.store.database import session
from tracker.store.tables import EvidenceRow, MilestoneRow, ProgressEntry, ShareRow, TaskRow, UnitRow


@dataclass(frozen=True, slots=True)
class Line:
    """One line for a share's log: `version` counts from 1; `files` are (name, media type, octets, SHA-256)."""

    share_id: int
    version: int
    person_id: int
    at: datetime
    entry: Entry
    state: State
    percent: int
    files: Sequence[tuple[str, str, int, str]] = ()


def shares(plan_id: int) -> dict[tuple[str, int, str], tuple[int, int]]:
    """(Share id, milestone id) by number of the task, ordinal of the milestone and code of the unit."""
    query = (
        sa.select(TaskRow.number, MilestoneRow.position, UnitRow.code, ShareRow.id, MilestoneRow.id)
        .join(MilestoneRow, MilestoneRow.task_id == TaskRow.id)
        .join(ShareRow, ShareRow.milestone_id == MilestoneRow.id)
        .join(UnitRow, UnitRow.id == ShareRow.unit_id)
        .where(TaskRow.plan_id == plan_id)
    )
    return {(row[0], row[1], row[2]): (row[3], row[4]) for row in session().execute(query)}


def add_log(lines: Iterable[Line]) -> None:
    """Add the lines with their evidence, in the order given."""
    kept = list(lines)
    if not kept:
        return
    rows = [_row(line) for line in kept]
    statement = sa.insert(ProgressEntry).returning(ProgressEntry.id, sort_by_parameter_order=True)
    ids = session().scalars(statement, rows)
    evidence = [
        {"entry_id": entry_id, "name": name, "media_type": media_type, "size": size, "sha256": sha256}
        for entry_id, line in zip(ids, kept, strict=True)
        for name, media_type, size, sha256 in line.files
    ]
    if evidence:
        session().execute(sa.insert(EvidenceRow), evidence)


def _row(line: Line) -> dict[str, object]:
    entry = line.entry
    return {
        "share_id": line.share_id,
        "version": line.version,
        "person_id": line.person_id,
        "recorded_at": line.at,
        "action": entry.action.value,
        "state": line.state.value,
        "percent": line.percent,
        "result": entry.result,
        "difficulty": entry.difficulty,
        "cause": entry.cause,
        "proposal": entry.proposal,
        "reason": entry.reason,
    }
