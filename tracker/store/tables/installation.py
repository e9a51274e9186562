"""What belongs to this installation alone."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from tracker.store.database import Base


class InstallationRow(Base):
    """The one row, made by the migration that makes the table.

    `calendar_host` is part of the UID of every calendar event: drawn once, the same after restarts, under another
    address and on another server, so that calendars of two installations never take their events for one another's.
    `revision` names the state of the work: it is drawn anew with each write that changes how the work stands.
    `page_state` names the state of all that pages show, also of what was sent, noted and chosen beside the work.
    """

    __tablename__ = "installation"
    __table_args__ = (sa.CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    calendar_host: Mapped[str] = mapped_column(sa.String(80))
    revision: Mapped[str] = mapped_column(sa.String(16), default="", server_default="")
    page_state: Mapped[str] = mapped_column(sa.String(16), default="", server_default="")
