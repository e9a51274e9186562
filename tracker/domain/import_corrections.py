"""Cells that a person corrected while a document was imported: what is printed, and what was taken instead."""

from collections.abc import Sequence
from dataclasses import dataclass

from tracker.domain.import_decisions import FIXABLE, Decisions
from tracker.domain.plan_document import ReadTask


@dataclass(frozen=True, slots=True)
class CorrectedCell:
    """One cell of row `at` (from 0): the words `written` in the document, and the `value` taken in their place."""

    at: int
    column: str
    written: str
    value: str


def cells_of(task: ReadTask) -> dict[str, str]:
    """A row's cells in its own words."""
    first = task.milestones[0] if task.milestones else None
    return {
        "number": task.number,
        "group": task.group or "",
        "title": task.title,
        "product": task.product or "",
        "leads": task.leads_as_written,
        "partners": task.partners_as_written,
        "start": first.start_as_written if first else "",
        "due": first.due_as_written if first else "",
    }


def corrected_cells(tasks: Sequence[ReadTask], decisions: Decisions) -> tuple[CorrectedCell, ...]:
    """What was decided otherwise than the rows `tasks` say, as they were read; rows that are left out say nothing."""
    return tuple(
        CorrectedCell(at, column, written[column], decided[column])
        for at, task in enumerate(tasks)
        if (decided := decisions.cells.get(at)) and at not in decisions.skipped
        for written in (cells_of(task),)
        for column in FIXABLE
        if column in decided and decided[column] != written[column]
    )
