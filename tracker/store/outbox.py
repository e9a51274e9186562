"""The outbox: messages between the decision to send and the outcome. Every step is one conditional update."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from tracker.domain.outbox import BELL, TRIES, Failure, Mail, MailState
from tracker.store.database import session
from tracker.store.inserts import insert_returning
from tracker.store.tables import OutboxMessage, PersonRow


@dataclass(frozen=True, slots=True)
class Draft:
    """A message to be put in; `key` is unique for ever, `items` is what the page tells of its content."""

    key: str
    person_id: int
    kind: str
    channel: str
    to_address: str
    locale: str
    subject: str
    text: str
    html: str
    message_id: str
    items: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message that this process alone may send for now; `attempts` counts this one. Times in UTC.

    `flagged` tells that a mail server refused its person's address before, for good; `wants_calendar`, that its person
    chose to be sent deadlines as files.
    """

    id: int
    person_id: int
    kind: str
    channel: str
    to_address: str
    to_name: str
    subject: str
    text: str
    html: str
    message_id: str
    attempts: int
    created_at: datetime
    items: tuple[dict[str, Any], ...] = ()
    flagged: bool = False
    wants_calendar: bool = False
    locale: str = ""


def add(draft: Draft, now: datetime) -> int | None:
    """Put a message in and return its id, or None where its key is there already, by whomever."""
    return add_all([draft], now).get(draft.key)


def add_all(drafts: Sequence[Draft], now: datetime) -> dict[str, int]:
    """Put messages in and return the id of each by its key; those whose key is there already are left out."""
    rows = [
        {
            "key": draft.key,
            "person_id": draft.person_id,
            "channel": draft.channel,
            "kind": draft.kind,
            "to_address": draft.to_address,
            "locale": draft.locale,
            "subject": draft.subject,
            "body_text": draft.text,
            "body_html": draft.html,
            "message_id": draft.message_id,
            "state": MailState.PENDING.value,
            "attempts": 0,
            "permanent": False,
            "next_attempt_at": now,
            "error": "",
            "created_at": now,
            "extra": {"items": draft.items},
        }
        for draft in drafts
    ]
    added = insert_returning(OutboxMessage, rows, OutboxMessage.key, OutboxMessage.id) if rows else ()
    return {row.key: row.id for row in added}


def there(keys: Collection[str]) -> set[str]:
    """Which of these keys have a message, whatever became of it."""
    return set(session().scalars(sa.select(OutboxMessage.key).where(OutboxMessage.key.in_(keys))))


def recipients_since(kind: str, since: datetime) -> list[tuple[int, str]]:
    """(person's id, channel) of the messages of that kind made at `since` (UTC) or later, whatever became of them."""
    query = sa.select(OutboxMessage.person_id, OutboxMessage.channel)
    query = query.where(OutboxMessage.kind == kind, OutboxMessage.created_at >= since)
    return [(row.person_id, row.channel) for row in session().execute(query.distinct())]


def due(now: datetime, channels: Collection[str]) -> list[tuple[int, str, str]]:
    """(id, channel, kind) of the messages whose time to be tried has come, those that wait longest first.

    What a process left behind that died on it comes after what waited before: it keeps no other from going.
    """
    query = sa.select(OutboxMessage.id, OutboxMessage.channel, OutboxMessage.kind)
    query = query.where(*_due(now), OutboxMessage.channel.in_(channels))
    query = query.order_by(OutboxMessage.next_attempt_at, OutboxMessage.id)
    return [(row.id, row.channel, row.kind) for row in session().execute(query)]


def sent_since(since: datetime, channel: str) -> int:
    """How many messages went over a channel at `since` (UTC) or later."""
    sent = (OutboxMessage.state == MailState.SENT.value, OutboxMessage.channel == channel)
    query = sa.select(sa.func.count()).select_from(OutboxMessage).where(*sent, OutboxMessage.settled_at >= since)
    return session().scalar(query) or 0


def _due(now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return OutboxMessage.state == MailState.PENDING.value, OutboxMessage.next_attempt_at <= now


def claim(message_id: int, holder: str, now: datetime, until: datetime) -> Claimed | None:
    """Take a due message for `holder` until `until`; None where another process was first."""
    taken = _change(
        OutboxMessage.id == message_id,
        *_due(now),
        state=MailState.CLAIMED.value,
        lease_holder=holder,
        lease_until=until,
        attempts=OutboxMessage.attempts + 1,
    )
    if not taken:
        return None
    query = sa.select(OutboxMessage, PersonRow.name, PersonRow.mail_refused_at, PersonRow.wants_calendar).join(
        PersonRow, PersonRow.id == OutboxMessage.person_id
    )
    row, name, refused_at, wants_calendar = session().execute(query.where(OutboxMessage.id == message_id)).one()
    return Claimed(
        id=row.id,
        person_id=row.person_id,
        kind=row.kind,
        channel=row.channel,
        to_address=row.to_address,
        to_name=name,
        subject=row.subject,
        text=row.body_text,
        html=row.body_html,
        message_id=row.message_id,
        attempts=row.attempts,
        created_at=row.created_at,
        items=tuple(row.extra.get("items", ())),
        flagged=refused_at is not None,
        wants_calendar=wants_calendar,
        locale=row.locale,
    )


def rewrite(
    message_id: int, to_address: str, items: list[dict[str, Any]], *, subject: str, text: str, html: str
) -> None:
    """Replace address and texts of a message, with what its page tells of its content."""
    change = {"to_address": to_address, "subject": subject, "body_text": text, "body_html": html}
    query = sa.update(OutboxMessage).where(OutboxMessage.id == message_id)
    session().execute(query.values(**change, extra={"items": items}))


def settle(
    message_id: int, holder: str, state: MailState, now: datetime, error: str = "", *, permanent: bool = False
) -> bool:
    """Give a claimed message its final state; False where the claim was lost meanwhile."""
    return _change(
        *_held(message_id, holder), state=state.value, settled_at=now, error=error, permanent=permanent, **_FREE
    )


def put_back(message_id: int, holder: str, again_at: datetime, error: str, *, counted: bool = True) -> bool:
    """Return a claimed message to be tried at `again_at`; not `counted`, as if this try had not been."""
    attempts = OutboxMessage.attempts if counted else OutboxMessage.attempts - 1
    change = {"state": MailState.PENDING.value, "error": error, "attempts": attempts}
    return _change(*_held(message_id, holder), **{**change, **_FREE, "next_attempt_at": again_at})


def set_aside(message_id: int, now: datetime, error: str) -> bool:
    """Skip a message that nobody has claimed, for the reason `error`."""
    waiting = (OutboxMessage.id == message_id, OutboxMessage.state == MailState.PENDING.value)
    return _change(*waiting, state=MailState.SKIPPED.value, settled_at=now, error=error, **_FREE)


def note_waiting(now: datetime, channel: str, error: str) -> None:
    """Write on every message that waits for a channel why it does."""
    waiting = (*_due(now), OutboxMessage.channel == channel, OutboxMessage.error != error)
    session().execute(sa.update(OutboxMessage).where(*waiting).values(error=error))


def sweep(now: datetime) -> int:
    """Free the messages whose holder is gone; one whose tries are used up is dead. Returns how many."""
    expired = (OutboxMessage.state == MailState.CLAIMED.value, OutboxMessage.lease_until < now)
    worn_out = {"state": MailState.DEAD.value, "settled_at": now, "error": Failure.ABANDONED.value, **_FREE}
    again = {"state": MailState.PENDING.value, "error": Failure.ABANDONED.value, **_FREE, "next_attempt_at": now}
    return _changed(*expired, OutboxMessage.attempts >= TRIES, **worn_out) + _changed(*expired, **again)


def retry(message_ids: Collection[int] | None, now: datetime) -> int:
    """Let the dead among these messages, or among all, be tried afresh; returns how many they were."""
    dead = [OutboxMessage.state == MailState.DEAD.value]
    if message_ids is not None:
        dead.append(OutboxMessage.id.in_(message_ids))
    change = {"state": MailState.PENDING.value, "attempts": 0, "permanent": False, "settled_at": None}
    return _changed(*dead, **change, next_attempt_at=now)


_FREE: dict[str, Any] = {"lease_holder": None, "lease_until": None, "next_attempt_at": None}


def _held(message_id: int, holder: str) -> tuple[sa.ColumnElement[bool], ...]:
    mine = OutboxMessage.lease_holder == holder
    return OutboxMessage.id == message_id, OutboxMessage.state == MailState.CLAIMED.value, mine


def _change(*conditions: sa.ColumnElement[bool], **values: Any) -> bool:
    return _changed(*conditions, **values) == 1


def _changed(*conditions: sa.ColumnElement[bool], **values: Any) -> int:
    query = sa.update(OutboxMessage).where(*conditions).values(values)
    result = session().execute(query, execution_options={"synchronize_session": False})
    assert isinstance(result, sa.CursorResult)
    return result.rowcount


def _mail(row: OutboxMessage, name: str) -> Mail:
    return Mail(
        id=row.id,
        kind=row.kind,
        channel=row.channel,
        person_id=row.person_id,
        to_name=name,
        to_address=row.to_address,
        subject=row.subject,
        text=row.body_text,
        message_id=row.message_id,
        state=MailState(row.state),
        attempts=row.attempts,
        error=row.error,
        created_at=row.created_at,
        settled_at=row.settled_at,
        next_attempt_at=row.next_attempt_at,
        items=tuple(row.extra.get("items", ())),
    )


def by_ids(message_ids: Collection[int]) -> list[Mail]:
    """Those messages, the oldest first."""
    query = _MAILS.where(OutboxMessage.id.in_(message_ids)).order_by(OutboxMessage.id)
    return [_mail(*row) for row in session().execute(query)] if message_ids else []


def _where(bell: bool | None) -> sa.ColumnElement[bool]:
    if bell is None:
        return sa.true()
    return OutboxMessage.channel == BELL if bell else OutboxMessage.channel != BELL


def counts(*, bell: bool | None = None) -> dict[MailState, int]:
    """How many messages are in each state; those in the bell alone, or all others alone, where `bell` says so."""
    query = sa.select(OutboxMessage.state, sa.func.count()).where(_where(bell)).group_by(OutboxMessage.state)
    return {MailState(row[0]): row[1] for row in session().execute(query)}


def listed(state: MailState | None, offset: int, limit: int, *, bell: bool | None = None) -> list[Mail]:
    """Messages in a state (or in any), the newest first; `bell` as in `counts`."""
    query = _MAILS.where(_where(bell))
    query = query if state is None else query.where(OutboxMessage.state == state.value)
    page = query.order_by(OutboxMessage.id.desc()).offset(offset).limit(limit)
    return [_mail(*row) for row in session().execute(page)]


_MAILS = sa.select(OutboxMessage, PersonRow.name).join(PersonRow, PersonRow.id == OutboxMessage.person_id)
