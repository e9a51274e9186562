"""Cells that were corrected while a plan was imported, kept with its tasks: printed words, corrected words, by whom."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from tracker.store.database import session
from tracker.store.tables import DocumentRow, ImportCorrection, PersonRow, TaskRow


@dataclass(frozen=True, slots=True)
class Correction:
    """One corrected cell of a task; the person is None for the command line, the document where it is not kept."""

    column: str
    written: str
    value: str
    corrected_at: datetime
    person_name: str | None
    document_name: str | None


def add(
    plan_id: int,
    cells: Iterable[tuple[int, str, str, str]],
    *,
    document_id: int | None,
    person_id: int | None,
    now: datetime,
) -> None:
    """Keep (task id, column, written, value); a cell whose last correction says the same is left as it is."""
    query = sa.select(ImportCorrection).join(TaskRow).where(TaskRow.plan_id == plan_id).order_by(ImportCorrection.id)
    last = {(row.task_id, row.column): (row.written, row.value) for row in session().scalars(query)}
    common = {"document_id": document_id, "person_id": person_id, "corrected_at": now}
    rows = [
        {"task_id": task_id, "column": column, "written": written, "value": value, **common}
        for task_id, column, written, value in cells
        if last.get((task_id, column)) != (written, value)
    ]
    if rows:
        session().execute(sa.insert(ImportCorrection), rows)


def of_task(task_id: int, until: datetime) -> list[Correction]:
    """What was corrected in a task before that moment, the latest of each cell, in the order of correction. 1 query."""
    query = (
        sa.select(ImportCorrection, PersonRow.name, DocumentRow.name)
        .outerjoin(PersonRow, PersonRow.id == ImportCorrection.person_id)
        .outerjoin(DocumentRow, DocumentRow.id == ImportCorrection.document_id)
        .where(ImportCorrection.task_id == task_id, ImportCorrection.corrected_at < until)
        .order_by(ImportCorrection.id)
    )
    found = {
        row.column: Correction(row.column, row.written, row.value, row.corrected_at, person, document)
        for row, person, document in session().execute(query)
    }
    return list(found.values())
