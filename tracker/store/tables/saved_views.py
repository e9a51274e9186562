"""Filters of lists that people keep under a name."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from tracker.store.database import Base


class SavedViewRow(Base):
    """A filter of the list `page` (plan, work) under a name of its owner's.

    `filters` are its names and texts as in an address: unit, part, level and the others apart, so that whatever else
    speaks for a choice of work, as a calendar does, can read them. A `shared` one is offered to everybody.
    """

    __tablename__ = "saved_view"
    __table_args__ = (sa.UniqueConstraint("person_id", "page", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    page: Mapped[str] = mapped_column(sa.String(10))
    name: Mapped[str] = mapped_column(sa.String(80))
    filters: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    shared: Mapped[bool] = mapped_column(default=False, index=True)
    saved_at: Mapped[datetime]
