"""Shares, their append-only log, and the evidence kept with it."""

from datetime import UTC, date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from tracker.store.database import Base

AT_ONCE = datetime(1970, 1, 1, tzinfo=UTC)
"""As `look_at`: at the next tick, whatever the clock says."""


class ShareRow(Base):
    """One unit's part in one milestone, as lead or partner; `group_id` is the group through which the unit got it.

    `from_on` (empty: from the beginning; `from_reason` is why a unit came later) and `until_on` (empty: still) bound
    the days on which it is the unit's. What happened on `until_on` is its `ending`: handed (to the share `heir_id`),
    closed or cancelled with `end_reason`. A share that goes on with another one's log names it as `log_id`; all of them
    write into that one log. `assigned_at` is when it was given out, empty for what is older than that is kept.
    `look_at` is when reminders are to look at it next, empty where nothing of it can speak by itself.
    """

    __tablename__ = "share"
    __table_args__ = (
        sa.Index(
            "uq_share_milestone_id_unit_id_current",
            "milestone_id",
            "unit_id",
            unique=True,
            sqlite_where=sa.text("until_on IS NULL"),
            postgresql_where=sa.text("until_on IS NULL"),
        ),
        sa.Index(None, "milestone_id"),
        sa.Index(None, "unit_id", "part"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    milestone_id: Mapped[int] = mapped_column(sa.ForeignKey("milestone.id"))
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"))
    part: Mapped[str] = mapped_column(sa.String(10))
    group_id: Mapped[int | None] = mapped_column(sa.ForeignKey("unit_group.id"))
    from_on: Mapped[date | None]
    from_reason: Mapped[str] = mapped_column(sa.Text, default="", server_default="")
    until_on: Mapped[date | None]
    ending: Mapped[str | None] = mapped_column(sa.String(10))
    end_reason: Mapped[str] = mapped_column(sa.Text, default="", server_default="")
    heir_id: Mapped[int | None] = mapped_column(sa.ForeignKey("share.id"))
    log_id: Mapped[int | None] = mapped_column(sa.ForeignKey("share.id"))
    ended_by: Mapped[int | None] = mapped_column(sa.ForeignKey("unit_event.id"))
    assigned_at: Mapped[datetime | None]
    look_at: Mapped[datetime | None] = mapped_column(default=AT_ONCE, server_default="1970-01-01 00:00:00", index=True)


class ProgressEntry(Base):
    """One line of a share's log. `state` and `percent` are those after the entry; nothing is ever changed here.

    `version` counts the entries of its share: two people who act on what both saw get one winner. `capacity` tells as
    what (leader, administrator) an entry was confirmed or returned where no monitor of the plan could. `corrects_id` is
    the earlier entry that this one corrects. `acted_for_id` is the unit for which a person of another one wrote it.
    """

    __tablename__ = "progress_entry"
    __table_args__ = (sa.UniqueConstraint("share_id", "version"), sa.Index(None, "share_id", "recorded_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    share_id: Mapped[int] = mapped_column(sa.ForeignKey("share.id"))
    version: Mapped[int]
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    recorded_at: Mapped[datetime]
    action: Mapped[str] = mapped_column(sa.String(10))
    state: Mapped[str] = mapped_column(sa.String(15))
    percent: Mapped[int]
    result: Mapped[str] = mapped_column(sa.Text, default="")
    difficulty: Mapped[str] = mapped_column(sa.Text, default="")
    cause: Mapped[str] = mapped_column(sa.Text, default="")
    proposal: Mapped[str] = mapped_column(sa.Text, default="")
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    capacity: Mapped[str] = mapped_column(sa.String(15), default="", server_default="")
    corrects_id: Mapped[int | None] = mapped_column(sa.ForeignKey("progress_entry.id"))
    acted_for_id: Mapped[int | None] = mapped_column(sa.ForeignKey("unit.id"))


class EvidenceRow(Base):
    """A file that came with an entry; its bytes lie in the file store under their checksum."""

    __tablename__ = "evidence"

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(sa.ForeignKey("progress_entry.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    media_type: Mapped[str] = mapped_column(sa.String(120))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(sa.String(64))
