"""What is written once and never changed: who changed what, and the figures of closed periods.

Triggers of the database refuse every UPDATE and DELETE of these tables; see store/append_only.py.
"""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from tracker.store.database import Base


class ChangeEntry(Base):
    """One field of one thing, from what to what, or something that was done to it (`field` empty then).

    `object_id`, `plan_id` and `unit_id` may outlive what they name: a discarded draft is still told of. `person_id` is
    empty for the command line and the timer; `role` and `capacity` are in which role and for whom the person acted.
    `old` and `new` are short JSON texts, empty where a value is nobody's to read.
    """

    __tablename__ = "change_entry"
    __table_args__ = (sa.Index(None, "object_kind", "object_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    role: Mapped[str] = mapped_column(sa.String(20), default="")
    capacity: Mapped[str] = mapped_column(sa.String(300), default="")
    object_kind: Mapped[str] = mapped_column(sa.String(20))
    object_id: Mapped[int | None]
    label: Mapped[str] = mapped_column(sa.String(300), default="")
    plan_id: Mapped[int | None] = mapped_column(index=True)
    unit_id: Mapped[int | None] = mapped_column(index=True)
    what: Mapped[str] = mapped_column(sa.String(40))
    field: Mapped[str] = mapped_column(sa.String(40), default="")
    old: Mapped[str | None] = mapped_column(sa.Text)
    new: Mapped[str | None] = mapped_column(sa.Text)
    reason: Mapped[str] = mapped_column(sa.Text, default="")


class PeriodRow(Base):
    """The figures of a plan as of the day `to_on`, kept when the period was closed; `digest` is their SHA-256.

    A period closed anew is a further `version` beside the old one, with the reason. `closed_by` is empty for the
    command line.
    """

    __tablename__ = "period"
    __table_args__ = (sa.UniqueConstraint("plan_id", "name_key", "version"), sa.Index(None, "plan_id", "to_on"))

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(sa.ForeignKey("plan.id"))
    name: Mapped[str] = mapped_column(sa.String(120))
    name_key: Mapped[str] = mapped_column(sa.String(120))
    version: Mapped[int] = mapped_column(default=1)
    from_on: Mapped[date | None]
    to_on: Mapped[date]
    closed_at: Mapped[datetime]
    closed_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    figures: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    digest: Mapped[str] = mapped_column(sa.String(64))
    note: Mapped[str] = mapped_column(sa.Text, default="")
    reason: Mapped[str] = mapped_column(sa.Text, default="")
