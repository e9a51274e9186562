"""People who sign in."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from tracker.store.database import Base


class PersonRow(Base):
    """A person; `email` is kept in lower case, `password_hash` is argon2id or empty while invited.

    `mail_refused_at` is since when a mail server refuses the address for good, `mail_refused` what it said;
    `wants_calendar`, whether mails about one task bring its deadline as a file.
    """

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(sa.String(254), unique=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    role: Mapped[str] = mapped_column(sa.String(20))
    unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    password_hash: Mapped[str] = mapped_column(sa.String(200), default="")
    locale: Mapped[str] = mapped_column(sa.String(5), default="vi")
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime | None]
    mail_refused_at: Mapped[datetime | None]
    mail_refused: Mapped[str] = mapped_column(sa.String(300), default="", server_default="")
    wants_calendar: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    phone: Mapped[str] = mapped_column(sa.String(30), default="", server_default="")
