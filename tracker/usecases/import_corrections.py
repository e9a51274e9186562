"""Corrected cells of an import: kept with the tasks they belong to, and told beside what was imported."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from tracker.domain.differences import found_again
from tracker.domain.import_corrections import CorrectedCell
from tracker.domain.people import Person
from tracker.domain.plan_document import ReadTask
from tracker.store import corrections
from tracker.store import imports as store
from tracker.usecases.import_results import COLUMNS, CorrectedRow


def keep(
    plan_id: int,
    tasks: Sequence[ReadTask],
    cells: Sequence[CorrectedCell],
    same: Mapping[int, int | None],
    *,
    document_id: int | None,
    person: Person | None,
    now: datetime,
) -> None:
    """Keep each corrected cell with the task that its row of `tasks` is, once they are written."""
    if not cells:
        return
    living = [each for each in store.stored_tasks(plan_id) if each.dropped_on is None]
    still = {each.id for each in living}
    known = {at: task_id for at, task_id in same.items() if task_id in still}
    matches, _ = found_again(living, tasks, known)
    kept = [(matches[each.at].id, each.column, each.written, each.value) for each in cells if each.at in matches]
    corrections.add(plan_id, kept, document_id=document_id, person_id=person.id if person else None, now=now)


def told(tasks: Sequence[ReadTask], cells: Iterable[CorrectedCell]) -> tuple[CorrectedRow, ...]:
    """The corrected cells with the number and title under which their rows are imported."""
    return tuple(
        CorrectedRow(tasks[each.at].number, tasks[each.at].title, each.column, each.written, each.value)
        for each in cells
    )


def in_history(rows: Iterable[CorrectedRow]) -> list[str]:
    """A line of the history for each corrected cell."""
    return [f"{each.number}, {COLUMNS[each.column]}: “{each.written}” → “{each.value}”" for each in rows]
