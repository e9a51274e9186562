"""Plan documents as they came in, and imports that somebody began."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from tracker.store.database import Base


class DocumentRow(Base):
    """A kept plan document; its bytes lie in the file store under their checksum. `plan_id` once it was imported.

    `person_id` is empty where it came by the command line. `decided` is what a person decided about it when it was
    imported last: how to read it, and about its rows, which are known by their words.
    """

    __tablename__ = "plan_document"

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int | None] = mapped_column(sa.ForeignKey("plan.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    media_type: Mapped[str] = mapped_column(sa.String(120))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(sa.String(64), index=True)
    kept_at: Mapped[datetime]
    decided: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True), deferred=True)


class ImportCorrection(Base):
    """A cell of a task that a person corrected when its document was imported: the words printed, and those taken.

    `column` is a column of the plan's table. `person_id` is empty where it came by the command line.
    """

    __tablename__ = "import_correction"

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(sa.ForeignKey("task.id"), index=True)
    document_id: Mapped[int | None] = mapped_column(sa.ForeignKey("plan_document.id"), index=True)
    column: Mapped[str] = mapped_column(sa.String(10))
    written: Mapped[str] = mapped_column(sa.Text)
    value: Mapped[str] = mapped_column(sa.Text)
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    corrected_at: Mapped[datetime]


class ImportDraftRow(Base):
    """An import that a person began: the document, how to read it, what was read, and what the person decided.

    `state` is reading, failed, choosing, ready or done. `attempt` counts the readings, so that one that was given up
    cannot write over a later one; `progress` is how many rows the running one has read.
    """

    __tablename__ = "import_draft"
    __table_args__ = (sa.Index(None, "person_id", "changed_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    document_id: Mapped[int] = mapped_column(sa.ForeignKey("plan_document.id"), index=True)
    plan_id: Mapped[int | None] = mapped_column(sa.ForeignKey("plan.id"))
    state: Mapped[str] = mapped_column(sa.String(10))
    attempt: Mapped[int] = mapped_column(default=1)
    progress: Mapped[int] = mapped_column(default=0)
    problem: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    options: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    tables: Mapped[list[Any]] = mapped_column(sa.JSON, default=list)
    decisions: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    content: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True), deferred=True)
    difference: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True), deferred=True)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
