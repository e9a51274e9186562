"""Decisions that change a plan, every value they replaced, and what a draft of a new year still asks a person."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, aliased, mapped_column

from tracker.store.database import Base


class AmendmentRow(Base):
    """A dated, numbered decision. `number_key` is its number as it is compared: small letters, no marks.

    One that was recorded by mistake is withdrawn: it stays, with who did so and why, and what it replaced counts for
    nothing (`STANDING`).
    """

    __tablename__ = "amendment"
    __table_args__ = (
        sa.Index(
            "uq_amendment_number_standing",
            "plan_id",
            "number_key",
            "issued_on",
            unique=True,
            sqlite_where=sa.text("withdrawn_at IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(sa.ForeignKey("plan.id"))
    number: Mapped[str] = mapped_column(sa.String(80))
    number_key: Mapped[str] = mapped_column(sa.String(80))
    issued_on: Mapped[date]
    issuer: Mapped[str | None] = mapped_column(sa.String(300))
    note: Mapped[str] = mapped_column(sa.Text, default="")
    document_id: Mapped[int | None] = mapped_column(sa.ForeignKey("plan_document.id"))
    recorded_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    withdrawn_reason: Mapped[str] = mapped_column(sa.Text, default="", server_default="")


class PlanChange(Base):
    """One value that a decision replaced from the day `holds_from` on; nothing is ever changed here.

    `subject` is task, milestone or share, `subject_id` its row, `task_id` the task it belongs to. Undoing the rows,
    the latest first, gives the plan of any day, and at the end the plan as first issued.
    """

    __tablename__ = "plan_change"
    __table_args__ = (sa.Index(None, "plan_id", "holds_from"), sa.Index(None, "subject", "subject_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(sa.ForeignKey("plan.id"))
    amendment_id: Mapped[int | None] = mapped_column(sa.ForeignKey("amendment.id"), index=True)
    holds_from: Mapped[date]
    subject: Mapped[str] = mapped_column(sa.String(10))
    subject_id: Mapped[int]
    task_id: Mapped[int] = mapped_column(sa.ForeignKey("task.id"), index=True)
    field: Mapped[str] = mapped_column(sa.String(20))
    old: Mapped[str | None] = mapped_column(sa.Text)
    new: Mapped[str | None] = mapped_column(sa.Text)


_withdrawn = aliased(AmendmentRow)
STANDING = ~(
    sa.select(_withdrawn.id)
    .where(_withdrawn.id == PlanChange.amendment_id, _withdrawn.withdrawn_at.is_not(None))
    .correlate(PlanChange)
    .exists()
)
"""That a PlanChange is not one of a decision that was taken back."""


class DraftProposal(Base):
    """A value that a roll-over guessed for the new year: `old` of last year, `proposed`, and what a person decided.

    `decision` is open, accepted, edited or refused. `task_id` is empty where the proposal is about the plan itself.
    """

    __tablename__ = "draft_proposal"

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(sa.ForeignKey("plan.id"), index=True)
    task_id: Mapped[int | None] = mapped_column(sa.ForeignKey("task.id"))
    field: Mapped[str] = mapped_column(sa.String(20))
    old: Mapped[str] = mapped_column(sa.Text)
    proposed: Mapped[str] = mapped_column(sa.Text)
    decision: Mapped[str] = mapped_column(sa.String(10), default="open")
    decided_as: Mapped[str] = mapped_column(sa.Text, default="")
    reason: Mapped[str] = mapped_column(sa.String(40), default="")
