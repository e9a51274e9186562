"""One task with everything that its page shows."""

from dataclasses import dataclass, replace
from datetime import date

import sqlalchemy as sa

from tracker.domain.access import NOT_SEEN
from tracker.domain.amendments import Held
from tracker.domain.errors import NotFound
from tracker.store.database import session
from tracker.store.given import TASK_ID
from tracker.store.tables import AssignmentRow, ImportCorrection, TaskRow


@dataclass(frozen=True, slots=True)
class AssignedParty:
    """A unit, group or open phrase on a task, as the cell has it and as the directory named it when it was read."""

    part: str
    text: str
    name: str
    kind: str
    role: str | None
    unit_id: int | None = None


@dataclass(frozen=True, slots=True)
class TaskHead:
    """A task in the plan's own wording; a dropped one has its day and reason.

    `corrected` tells that a cell of it was corrected when it was imported.
    """

    id: int
    plan_id: int
    number: str
    heading: str | None
    title: str
    product: str | None
    leads_as_written: str
    partners_as_written: str
    extra: tuple[tuple[str, str], ...]
    dropped_on: date | None
    dropped_reason: str
    parties: tuple[AssignedParty, ...]
    corrected: bool = False


def head(task_id: int) -> TaskHead:
    """A task by id; NotFound where there is none. 1 query."""
    rows = session().execute(_HEAD, {"task_id": task_id}).all()
    if not rows:
        raise NotFound(NOT_SEEN)
    row = rows[0][0]
    return TaskHead(
        id=row.id,
        plan_id=row.plan_id,
        number=row.number,
        heading=row.heading,
        title=row.title,
        product=row.product,
        leads_as_written=row.leads_as_written,
        partners_as_written=row.partners_as_written,
        extra=tuple((each[0], each[1]) for each in row.extra or ()),
        dropped_on=row.dropped_on,
        dropped_reason=row.dropped_reason,
        parties=tuple(_party(party) for _task, party, _corrected in rows if party is not None),
        corrected=rows[0][2],
    )


_HEAD = (
    sa.select(
        TaskRow, AssignmentRow, sa.select(ImportCorrection.id).where(ImportCorrection.task_id == TASK_ID).exists()
    )
    .outerjoin(AssignmentRow, AssignmentRow.task_id == TaskRow.id)
    .where(TaskRow.id == TASK_ID)
    .order_by(AssignmentRow.part, AssignmentRow.position)
)


def _party(row: AssignmentRow) -> AssignedParty:
    return AssignedParty(row.part, row.text, row.name, row.kind, row.role, row.unit_id)


def as_held(task: TaskHead, then: Held) -> TaskHead:
    """The task in the wording that held on another day; who is on it is told by its shares."""
    if not then:
        return task
    names = ("number", "title", "product", "leads_as_written", "partners_as_written", "dropped_reason")
    texts = {name: then.text("task", task.id, name, getattr(task, name)) for name in names}
    return replace(
        task,
        heading=then.text("task", task.id, "group", task.heading),
        dropped_on=then.day("task", task.id, "dropped_on", task.dropped_on),
        **texts,  # type: ignore[arg-type]
    )


def titles(plan_id: int) -> dict[int, str]:
    """The titles of a plan's tasks by id. 1 query."""
    query = sa.select(TaskRow.id, TaskRow.title).where(TaskRow.plan_id == plan_id)
    return {row.id: row.title for row in session().execute(query)}
