"""Requests for a later due date, a unit's own checkpoints, and what people are still typing."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from tracker.store.database import Base


class ExtensionRow(Base):
    """A request for a later due date of a share, and the decision on it; a decided one is never changed.

    `share_id` is the share whose log it is, so that an heir goes on with it. `due_then` is the due date in force when
    it was asked. `outcome` is granted, other (to another date), refused or withdrawn, and empty while undecided: of
    those a share has one at most.
    """

    __tablename__ = "extension"
    __table_args__ = (
        sa.Index(
            "uq_extension_share_id_open",
            "share_id",
            unique=True,
            sqlite_where=sa.text("outcome IS NULL"),
            postgresql_where=sa.text("outcome IS NULL"),
        ),
        sa.Index(None, "share_id", "decided_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    share_id: Mapped[int] = mapped_column(sa.ForeignKey("share.id"))
    asked_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    due_then: Mapped[date]
    wanted_due: Mapped[date]
    reason: Mapped[str] = mapped_column(sa.Text)
    decided_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(sa.String(10))
    granted_due: Mapped[date | None]
    document: Mapped[str] = mapped_column(sa.String(120), default="", server_default="")
    note: Mapped[str] = mapped_column(sa.Text, default="", server_default="")


class LogDraft(Base):
    """What a person has typed for a share and not sent; one of each."""

    __tablename__ = "log_draft"
    __table_args__ = (sa.UniqueConstraint("person_id", "share_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    share_id: Mapped[int] = mapped_column(sa.ForeignKey("share.id"), index=True)
    saved_at: Mapped[datetime] = mapped_column(index=True)
    percent: Mapped[str] = mapped_column(sa.String(10))
    result: Mapped[str] = mapped_column(sa.Text)
    difficulty: Mapped[str] = mapped_column(sa.Text)
    cause: Mapped[str] = mapped_column(sa.Text)
    proposal: Mapped[str] = mapped_column(sa.Text)


class CheckpointRow(Base):
    """A day of the unit's own before its share's due date; `share_id` is the share whose log it is."""

    __tablename__ = "checkpoint"

    id: Mapped[int] = mapped_column(primary_key=True)
    share_id: Mapped[int] = mapped_column(sa.ForeignKey("share.id"), index=True)
    day: Mapped[date]
    title: Mapped[str] = mapped_column(sa.String(200))
    added_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    added_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
