"""Drafts of a new year's plan: what a person has still to decide, and the step into force."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from tracker.store.database import session
from tracker.store.tables import (
    AssignmentRow,
    DocumentRow,
    DraftProposal,
    ImportCorrection,
    MilestoneRow,
    PlanMonitor,
    PlanRow,
    TaskRow,
)


@dataclass(frozen=True, slots=True)
class DraftQuestion:
    """A guess of a roll-over and what was decided: open, accepted, edited or refused; `number` is the task's."""

    id: int
    task_id: int | None
    number: str
    field: str
    old: str
    proposed: str
    reason: str
    decision: str
    decided_as: str

    @property
    def value(self) -> str:
        """What holds in the draft now."""
        return self.decided_as if self.decision in ("edited", "refused") else self.proposed


@dataclass(frozen=True, slots=True)
class DraftContents:
    """What a draft holds, and would lose: `decided` of its `proposals` by a person, documents imported into it."""

    made_at: datetime
    tasks: int
    milestones: int
    proposals: int
    decided: int
    documents: int

    @property
    def stamp(self) -> str:
        """The same text as long as nobody has done anything to the draft."""
        counts = (self.tasks, self.milestones, self.proposals, self.decided, self.documents)
        return "/".join((self.made_at.isoformat(), *map(str, counts)))


def add_questions(plan_id: int, rows: Iterable[Mapping[str, Any]]) -> None:
    """Keep the guesses of a roll-over; each row has task_id, field, old, proposed, reason and decision."""
    values = [{"plan_id": plan_id, "decided_as": "", **row} for row in rows]
    if values:
        session().execute(sa.insert(DraftProposal), values)


def questions(plan_id: int) -> list[DraftQuestion]:
    """Every guess about a draft, in the plan's order, those about the plan itself first. 1 query."""
    query = (
        sa.select(DraftProposal, TaskRow.number)
        .outerjoin(TaskRow, TaskRow.id == DraftProposal.task_id)
        .where(DraftProposal.plan_id == plan_id)
        .order_by(sa.func.coalesce(TaskRow.position, 0), DraftProposal.id)
    )
    return [
        DraftQuestion(
            id=row.id,
            task_id=row.task_id,
            number=number or "",
            field=row.field,
            old=row.old,
            proposed=row.proposed,
            reason=row.reason,
            decision=row.decision,
            decided_as=row.decided_as,
        )
        for row, number in session().execute(query)
    ]


def decide(question_id: int, decision: str, value: str) -> None:
    """Keep what a person decided."""
    values = {"decision": decision, "decided_as": value}
    session().execute(sa.update(DraftProposal).where(DraftProposal.id == question_id).values(values))


def lock(plan_id: int) -> str | None:
    """The plan's state, its row held until the transaction ends; None where there is no such plan."""
    return session().scalar(sa.select(PlanRow.state).where(PlanRow.id == plan_id).with_for_update())


def settle_dates(plan_id: int) -> None:
    """What a draft says when it is put in force is what the plan first said."""
    of_plan = sa.select(TaskRow.id).where(TaskRow.plan_id == plan_id)
    first = sa.update(MilestoneRow).where(MilestoneRow.task_id.in_(of_plan)).values(original_due=MilestoneRow.due)
    session().execute(first, execution_options={"synchronize_session": False})


def of_year(school_year: str) -> int | None:
    """The draft of a school year, if there is one."""
    query = sa.select(PlanRow.id).where(PlanRow.school_year == school_year, PlanRow.state == "draft")
    return session().scalar(query.order_by(PlanRow.id))


def contents(plan_id: int) -> DraftContents:
    """What a draft that is there holds. 1 query."""
    asked = DraftProposal.reason != "month"
    living = (TaskRow.plan_id == plan_id, TaskRow.dropped_on.is_(None))
    dated = (MilestoneRow.task_id.in_(sa.select(TaskRow.id).where(*living)), MilestoneRow.dropped_on.is_(None))
    tasks, milestones = _count(*living), _count(*dated)
    proposals = _count(DraftProposal.plan_id == plan_id, asked)
    decided = _count(DraftProposal.plan_id == plan_id, asked, DraftProposal.decision != "open")
    documents = _count(DocumentRow.plan_id == plan_id)
    counts = (tasks, milestones, proposals, decided, documents)
    row = session().execute(sa.select(PlanRow.created_at, *counts).where(PlanRow.id == plan_id)).one()
    return DraftContents(*row)


def _count(*which: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
    return sa.select(sa.func.count()).where(*which).scalar_subquery()


def remove(plan_id: int) -> None:
    """Forget a draft with its tasks and proposals; nobody has work of it, so no log is lost."""
    tasks = sa.select(TaskRow.id).where(TaskRow.plan_id == plan_id)
    which = (
        (DraftProposal, DraftProposal.plan_id == plan_id),
        (ImportCorrection, ImportCorrection.task_id.in_(tasks)),
        (AssignmentRow, AssignmentRow.task_id.in_(tasks)),
        (MilestoneRow, MilestoneRow.task_id.in_(tasks)),
        (TaskRow, TaskRow.plan_id == plan_id),
        (PlanMonitor, PlanMonitor.plan_id == plan_id),
        (PlanRow, PlanRow.id == plan_id),
    )
    for table, condition in which:
        session().execute(sa.delete(table).where(condition), execution_options={"synchronize_session": False})
