"""One task with everything that its page shows."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from tracker.domain.errors import NotFound
from tracker.domain.words import N_
from tracker.store.database import session
from tracker.store.tables import AssignmentRow, TaskRow


@dataclass(frozen=True, slots=True)
class AssignedParty:
    """A unit, group or open phrase on a task, as the cell has it and as the directory names it."""

    part: str
    text: str
    name: str
    kind: str
    role: str | None


@dataclass(frozen=True, slots=True)
class TaskHead:
    """A task in the plan's own wording; a dropped one has its day and reason."""

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


def head(task_id: int) -> TaskHead:
    """A task by id; NotFound where there is none. 2 queries."""
    row = session().get(TaskRow, task_id)
    if row is None:
        raise NotFound(N_("Không tìm thấy nhiệm vụ này. Hãy mở lại từ trang Kế hoạch."))
    parties = session().scalars(
        sa.select(AssignmentRow)
        .where(AssignmentRow.task_id == task_id)
        .order_by(AssignmentRow.part, AssignmentRow.position)
    )
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
        parties=tuple(AssignedParty(each.part, each.text, each.name, each.kind, each.role) for each in parties),
    )
