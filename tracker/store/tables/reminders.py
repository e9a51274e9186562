"""Reminder rules, the ledger of what was planned for whom, the outbox, and the scheduler's lease."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from tracker.store.database import Base

UNREAD_BELL = "channel = 'bell' AND state = 'sent' AND read_at IS NULL"


class ReminderRule(Base):
    """A rule as data, in the words of `tracker.domain.reminder_rules.Rule`; `audiences` is whom it speaks to.

    `name` is the office's own and empty where the rule's own words do.
    """

    __tablename__ = "reminder_rule"

    code: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(200), default="")
    event: Mapped[str] = mapped_column(sa.String(15), default="due", server_default="due")
    days: Mapped[int]
    every: Mapped[int | None]
    times: Mapped[int | None]
    weekday: Mapped[int | None]
    audiences: Mapped[list[str]] = mapped_column(sa.JSON)
    except_kinds: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    urgent: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    urged: Mapped[int | None]
    active: Mapped[bool] = mapped_column(default=True)
    position: Mapped[int] = mapped_column(default=0)


class OutboxMessage(Base):
    """One message to one person over one channel. `key` makes planning it twice harmless.

    `state` is pending, claimed, sent, skipped or dead; `next_attempt_at` is when to look
    again and is empty once settled. `read_at` is when its person marked a message of the bell as read.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        sa.Index(
            "ix_outbox_unread", "person_id", sqlite_where=sa.text(UNREAD_BELL), postgresql_where=sa.text(UNREAD_BELL)
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(200), unique=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    channel: Mapped[str] = mapped_column(sa.String(20), default="mail")
    kind: Mapped[str] = mapped_column(sa.String(40))
    to_address: Mapped[str] = mapped_column(sa.String(254))
    locale: Mapped[str] = mapped_column(sa.String(5), default="vi")
    subject: Mapped[str] = mapped_column(sa.Text)
    body_text: Mapped[str] = mapped_column(sa.Text)
    body_html: Mapped[str] = mapped_column(sa.Text)
    message_id: Mapped[str] = mapped_column(sa.String(200))
    state: Mapped[str] = mapped_column(sa.String(10), default="pending", index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    permanent: Mapped[bool] = mapped_column(default=False)
    next_attempt_at: Mapped[datetime | None] = mapped_column(index=True)
    lease_holder: Mapped[str | None] = mapped_column(sa.String(80))
    lease_until: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(sa.Text, default="")
    created_at: Mapped[datetime] = mapped_column(index=True)
    settled_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]
    extra: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)


class ReminderRecord(Base):
    """That a person was to be told of a matter under a rule: once per key, with the message that told it.

    `subject` and `day` tell the matter apart ("due" and the due date, "return:7" and its day). `audience` is the step
    of the ladder on which the person stood.
    """

    __tablename__ = "reminder"
    __table_args__ = (
        sa.UniqueConstraint(
            "share_id", "subject", "rule_code", "day", "person_id", "channel", "repeat_on", name="uq_reminder_line"
        ),
        sa.Index(None, "message_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    share_id: Mapped[int] = mapped_column(sa.ForeignKey("share.id"))
    subject: Mapped[str] = mapped_column(sa.String(30), default="due", server_default="due")
    rule_code: Mapped[str] = mapped_column(sa.ForeignKey("reminder_rule.code"))
    day: Mapped[date]
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    channel: Mapped[str] = mapped_column(sa.String(20))
    repeat_on: Mapped[date]
    audience: Mapped[str] = mapped_column(sa.String(10), default="doers", server_default="doers")
    message_id: Mapped[int] = mapped_column(sa.ForeignKey("outbox.id"))


class PreferenceRow(Base):
    """How a person wants to be reminded; who chose nothing has no row. `hour` is local, weekdays are 1 to 7."""

    __tablename__ = "preference"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True, autoincrement=False)
    hour: Mapped[int]
    weekdays: Mapped[list[int]] = mapped_column(sa.JSON)
    channels: Mapped[list[str]] = mapped_column(sa.JSON)
    muted: Mapped[list[str]] = mapped_column(sa.JSON)
    pause_from: Mapped[date | None]
    pause_until: Mapped[date | None]
    stand_in_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))


class UrgingRow(Base):
    """A reminder that somebody sent by hand, in their own words, for their unit of that moment.

    `key` makes a form sent twice harmless.
    """

    __tablename__ = "urging"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(80), unique=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("unit.id"))
    at: Mapped[datetime] = mapped_column(index=True)
    text: Mapped[str] = mapped_column(sa.Text, default="", server_default="")


class UrgingShare(Base):
    """A share that was urged."""

    __tablename__ = "urging_share"

    urging_id: Mapped[int] = mapped_column(sa.ForeignKey("urging.id"), primary_key=True)
    share_id: Mapped[int] = mapped_column(sa.ForeignKey("share.id"), primary_key=True, index=True)


class UrgingMessage(Base):
    """That a message of an urging tells of a share; `struck_at` is when it was found done and left out of it."""

    __tablename__ = "urging_message"

    message_id: Mapped[int] = mapped_column(sa.ForeignKey("outbox.id"), primary_key=True)
    share_id: Mapped[int] = mapped_column(sa.ForeignKey("share.id"), primary_key=True, index=True)
    urging_id: Mapped[int] = mapped_column(sa.ForeignKey("urging.id"), index=True)
    struck_at: Mapped[datetime | None]


class Lease(Base):
    """Who may act alone (the scheduler), until when, and when the holder last did its work."""

    __tablename__ = "lease"

    name: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    holder: Mapped[str] = mapped_column(sa.String(120), default="")
    until: Mapped[datetime]
    last_tick_at: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(sa.Text, default="")
