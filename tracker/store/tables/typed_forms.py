"""What people typed into forms whose answer is a page to be found again."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from tracker.store.database import Base


class TypedForm(Base):
    """A form as one person sent it: `fields` are its pairs of name and text, `place` the address it belongs to.

    `recorded` tells that what it asked for has been done.
    """

    __tablename__ = "typed_form"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    place: Mapped[str] = mapped_column(sa.String(200))
    fields: Mapped[list[Any]] = mapped_column(sa.JSON)
    recorded: Mapped[bool] = mapped_column(default=False)
    typed_at: Mapped[datetime] = mapped_column(index=True)
