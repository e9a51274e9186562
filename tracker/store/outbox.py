"""The outbox: messages between the decision to send and the outcome. Every step is one conditional update."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from tracker.domain.outbox import BELL, TRIES, Failure, Mail, MailState
from tracker.store.database import UtcDateTime, session
from tracker.store.given import NOW
from tracker.store.inserts import insert_returning
from tracker.store.tables import OutboxMessage, PersonRow

# The steps of a message are made once: making them takes longer than taking them.
_MAIL_ID, _HOLDER = sa.bindparam("mail_id", type_=sa.Integer), sa.bindparam("by", type_=sa.String)
_THEN = sa.bindparam("then", type_=UtcDateTime)
_ERROR = sa.bindparam("why", type_=sa.Text)
_MESSAGE = OutboxMessage.id == _MAIL_ID
_PENDING, _CLAIMED = (OutboxMessage.state == state.value for state in (MailState.PENDING, MailState.CLAIMED))
_DUE = (_PENDING, OutboxMessage.next_attempt_at <= NOW)
_HELD = (_MESSAGE, _CLAIMED, OutboxMessage.lease_holder == _HOLDER)
_EXPIRED = (_CLAIMED, OutboxMessage.lease_until < NOW)
_FREE: dict[str, Any] = {"lease_holder": None, "lease_until": None, "next_attempt_at": None}
_CHANGE = sa.update(OutboxMessage).execution_options(synchronize_session=False)
_CLAIM = _CHANGE.where(_MESSAGE, *_DUE).values(
    state=MailState.CLAIMED.value, lease_holder=_HOLDER, lease_until=_THEN, attempts=OutboxMessage.attempts + 1
)
_SETTLED = {"state": sa.bindparam("ended", type_=sa.String), "settled_at": NOW, "error": _ERROR}
_SETTLE = _CHANGE.where(*_HELD).values({**_SETTLED, "permanent": sa.bindparam("for_good", type_=sa.Boolean), **_FREE})
_SET_ASIDE = _CHANGE.where(_MESSAGE, _PENDING).values({**_SETTLED, **_FREE})
_AGAIN = {**_FREE, "state": MailState.PENDING.value, "error": _ERROR, "next_attempt_at": _THEN}
_PUT_BACK = _CHANGE.where(*_HELD).values(
    {**_AGAIN, "attempts": OutboxMessage.attempts - sa.bindparam("uncounted", type_=sa.Integer)}
)
_GIVE_UP = _CHANGE.where(*_EXPIRED, OutboxMessage.attempts >= TRIES).values({**_SETTLED, **_FREE})
_SWEEP = _CHANGE.where(*_EXPIRED).values(_AGAIN)
_MAILS = sa.select(OutboxMessage, PersonRow.name).join(PersonRow, PersonRow.id == OutboxMessage.person_id)
_CLAIMED_MAIL = _MAILS.add_columns(PersonRow.mail_refused_at, PersonRow.wants_calendar).where(_MESSAGE)
_DUE_MAILS = (
    sa.select(OutboxMessage.id, OutboxMessage.channel, OutboxMessage.kind)
    .where(*_DUE, OutboxMessage.channel.in_(sa.bindparam("channels", expanding=True)))
    .order_by(OutboxMessage.next_attempt_at, OutboxMessage.id)
)


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
    rows = session().execute(_DUE_MAILS, {"now": now, "channels": list(channels)})
    return [(row.id, row.channel, row.kind) for row in rows]


def sent_since(since: datetime, channel: str) -> int:
    """How many messages went over a channel at `since` (UTC) or later."""
    sent = (OutboxMessage.state == MailState.SENT.value, OutboxMessage.channel == channel)
    query = sa.select(sa.func.count()).select_from(OutboxMessage).where(*sent, OutboxMessage.settled_at >= since)
    return session().scalar(query) or 0


def claim(message_id: int, holder: str, now: datetime, until: datetime) -> Claimed | None:
    """Take a due message for `holder` until `until`; None where another process was first."""
    if not _changed(_CLAIM, mail_id=message_id, by=holder, now=now, then=until):
        return None
    found = session().execute(_CLAIMED_MAIL, {"mail_id": message_id})
    row, name, refused_at, wants_calendar = found.one()
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
    given = {"ended": state.value, "now": now, "why": error, "for_good": permanent}
    return _changed(_SETTLE, mail_id=message_id, by=holder, **given) == 1


def put_back(message_id: int, holder: str, again_at: datetime, error: str, *, counted: bool = True) -> bool:
    """Return a claimed message to be tried at `again_at`; not `counted`, as if this try had not been."""
    given = {"why": error, "then": again_at, "uncounted": 0 if counted else 1}
    return _changed(_PUT_BACK, mail_id=message_id, by=holder, **given) == 1


def set_aside(message_id: int, now: datetime, error: str) -> bool:
    """Skip a message that nobody has claimed, for the reason `error`."""
    return _changed(_SET_ASIDE, mail_id=message_id, ended=MailState.SKIPPED.value, now=now, why=error) == 1


def note_waiting(now: datetime, channel: str, error: str) -> None:
    """Write on every message that waits for a channel why it does."""
    waiting = (*_DUE, OutboxMessage.channel == channel, OutboxMessage.error != error)
    _changed(_CHANGE.where(*waiting).values(error=error), now=now)


def sweep(now: datetime) -> int:
    """Free the messages whose holder is gone; one whose tries are used up is dead. Returns how many."""
    given = {"now": now, "why": Failure.ABANDONED.value}
    return _changed(_GIVE_UP, **given, ended=MailState.DEAD.value) + _changed(_SWEEP, **given, then=now)


def retry(message_ids: Collection[int] | None, now: datetime) -> int:
    """Let the dead among these messages, or among all, be tried afresh; returns how many they were."""
    dead = [OutboxMessage.state == MailState.DEAD.value]
    if message_ids is not None:
        dead.append(OutboxMessage.id.in_(message_ids))
    change = {"state": MailState.PENDING.value, "attempts": 0, "permanent": False, "settled_at": None}
    return _changed(_CHANGE.where(*dead).values(**change, next_attempt_at=now))


def _changed(change: sa.Update, **given: Any) -> int:
    """How many messages the change was for."""
    result = session().execute(change, given)
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
