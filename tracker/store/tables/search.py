"""Folded texts for the search, and what of them is to be folded anew before the transaction ends."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from tracker.store.database import Base


class SearchText(Base):
    """The words of one thing, folded, with a space around each.

    `kind` is task, unit, entry, plan, amendment or extension, `object_id` the row of that kind.
    """

    __tablename__ = "search_text"

    kind: Mapped[str] = mapped_column(sa.String(10), primary_key=True)
    object_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    folded: Mapped[str] = mapped_column(sa.Text)


class SearchStale(Base):
    """A thing whose texts the open transaction changed: triggers write it, the end of the transaction empties it."""

    __tablename__ = "search_stale"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(10))
    object_id: Mapped[int]
