"""The bell: messages that a person reads in the program, which are rows of the outbox."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from tracker.domain.outbox import BELL, MailState
from tracker.store.database import session
from tracker.store.tables import OutboxMessage, PersonRow

_IN_THE_BELL = (OutboxMessage.channel == BELL, OutboxMessage.state == MailState.SENT.value)
_UNREAD = (*_IN_THE_BELL, OutboxMessage.read_at.is_(None))


@dataclass(frozen=True, slots=True)
class Notice:
    """A message in somebody's bell; times in UTC. `items` are the tasks it tells of, as the outbox keeps them."""

    id: int
    subject: str
    text: str
    items: tuple[Mapping[str, Any], ...]
    at: datetime
    read_at: datetime | None


def unread_of_person() -> sa.ScalarSelect[int]:
    """How many unread messages PersonRow of the query around it has; a step into an index that holds no others."""
    count = sa.select(sa.func.count()).select_from(OutboxMessage).where(OutboxMessage.person_id == PersonRow.id)
    return count.where(*_UNREAD).correlate(PersonRow).scalar_subquery()


def total(person_id: int) -> int:
    """How many messages are in somebody's bell."""
    count = sa.select(sa.func.count()).select_from(OutboxMessage)
    return session().scalar(count.where(OutboxMessage.person_id == person_id, *_IN_THE_BELL)) or 0


def of_person(person_id: int, offset: int, limit: int) -> list[Notice]:
    """Messages in somebody's bell, the newest first. 1 query."""
    mine = (OutboxMessage.person_id == person_id, *_IN_THE_BELL)
    query = sa.select(OutboxMessage).where(*mine).order_by(OutboxMessage.settled_at.desc(), OutboxMessage.id.desc())
    return [_notice(row) for row in session().scalars(query.offset(offset).limit(limit))]


def _notice(row: OutboxMessage) -> Notice:
    at = row.settled_at or row.created_at
    return Notice(row.id, row.subject, row.body_text, tuple(row.extra.get("items", ())), at, row.read_at)


def is_there(person_id: int, notice_id: int) -> bool:
    """Whether that message is in that person's bell."""
    mine = (OutboxMessage.id == notice_id, OutboxMessage.person_id == person_id, *_IN_THE_BELL)
    return session().scalar(sa.select(OutboxMessage.id).where(*mine)) is not None


def mark_read(person_id: int, up_to: datetime, now: datetime, notice_id: int | None = None) -> None:
    """Mark one message of a person as read, or all that came at `up_to` or before; what was read keeps its time."""
    which = OutboxMessage.settled_at <= up_to if notice_id is None else OutboxMessage.id == notice_id
    change = sa.update(OutboxMessage).where(OutboxMessage.person_id == person_id, *_UNREAD, which)
    session().execute(change.values(read_at=now))
