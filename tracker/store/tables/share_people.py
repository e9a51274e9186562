"""Who of a unit does a share."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from tracker.store.database import Base


class SharePerson(Base):
    """A person of the unit who does a share, or stands in for those who do, from `given_at` until `until_at`.

    `given_by` is who said so; empty where the share came to its unit with its people. A row is ended, never removed.
    """

    __tablename__ = "share_person"
    __table_args__ = (
        sa.Index(
            "uq_share_person_share_id_person_id_current",
            "share_id",
            "person_id",
            unique=True,
            sqlite_where=sa.text("until_at IS NULL"),
            postgresql_where=sa.text("until_at IS NULL"),
        ),
        sa.Index(None, "share_id"),
        sa.Index(None, "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    share_id: Mapped[int] = mapped_column(sa.ForeignKey("share.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    stand_in: Mapped[bool] = mapped_column(default=False)
    given_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    given_at: Mapped[datetime]
    until_at: Mapped[datetime | None]
