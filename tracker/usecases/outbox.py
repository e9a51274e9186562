"""Sending what lies in the outbox: claim, last look, send, settle; and a person's second try for a dead message.

Two transactions with the network in between and none open while it is: a process that dies leaves its message claimed,
and when the lease has run out the message goes again, under the same Message-ID.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from tracker.adapters.channels import Channel
from tracker.domain.errors import Forbidden, NotFound, StaleState
from tracker.domain.outbox import LEASE, ChannelDown, DeliveryError, MailState, Message, next_try
from tracker.domain.people import Person, Role
from tracker.domain.reminders import Reason, Skip, may_go
from tracker.domain.words import N_
from tracker.store import outbox, units
from tracker.store.database import transaction
from tracker.usecases import account_links, digests

log = logging.getLogger(__name__)


def _always() -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Desk:
    """What a tick is handed by its process.

    `clock` gives the present moment (aware UTC), `holder` names the process in leases, `go_on` is asked before each
    message and says no where the process is to stop. The history of changes is kept for `history_months`.
    """

    clock: Callable[[], datetime]
    zone: tzinfo
    base_url: str
    channels: Mapping[str, Channel]
    holder: str
    go_on: Callable[[], bool] = _always
    history_months: int = 36


@dataclass(slots=True)
class Delivery:
    """What came of one round of sending: ids of the messages that went or failed, and what was skipped."""

    sent: list[int] = field(default_factory=list)
    failed: list[int] = field(default_factory=list)
    skipped: list[Skip] = field(default_factory=list)


def deliver(desk: Desk) -> Delivery:
    """Send every message whose time has come, each by one process alone; digests only while reminders may go out.

    A refused recipient stops nobody else. A channel that is down ends its round: its messages stay as they were, with
    the reason written on them.
    """
    done, now = Delivery(), desk.clock()
    held_back = (digests.KIND,) if may_go(now, desk.zone, units.days_off()) else ()
    down: set[str] = set()
    try:
        for message_id, channel in outbox.due(now, list(desk.channels), held_back):
            if not desk.go_on():
                break
            if channel not in down and _deliver_one(desk, message_id, channel, done):
                down.add(channel)
    finally:
        for each in desk.channels.values():
            each.close()
    return done


def deliver_one(desk: Desk, message_id: int, channel: str = account_links.CHANNEL) -> Delivery:
    """Send that one message now, if it is still ours to send."""
    done = Delivery()
    try:
        _deliver_one(desk, message_id, channel, done)
    finally:
        for each in desk.channels.values():
            each.close()
    return done


def _deliver_one(desk: Desk, message_id: int, channel: str, done: Delivery) -> bool:
    """Send one message if it is still ours to send; True where its channel is down."""
    now = desk.clock()
    with transaction():
        claimed = outbox.claim(message_id, desk.holder, now, now + LEASE)
        ready = _ready(claimed, now, desk) if claimed else None
        if isinstance(ready, Reason) and claimed:
            outbox.settle(claimed.id, desk.holder, MailState.SKIPPED, now, ready.value)
            done.skipped.append(Skip(ready, to=claimed.to_address))
    if not isinstance(ready, outbox.Claimed):
        return False
    try:
        desk.channels[channel].send(_message(ready, now))
    except ChannelDown as down:
        _wait(desk, ready, channel, down)
        done.failed.append(ready.id)
        return True
    except DeliveryError as failed:
        _fail(desk, ready, failed)
        done.failed.append(ready.id)
    else:
        with transaction():
            outbox.settle(ready.id, desk.holder, MailState.SENT, desk.clock())
        log.info("message %s sent over %s at try %s", ready.id, channel, ready.attempts)
        done.sent.append(ready.id)
    return False


def _ready(claimed: outbox.Claimed, now: datetime, desk: Desk) -> outbox.Claimed | Reason:
    if claimed.kind == digests.KIND:
        return digests.last_look(claimed, now, desk.zone, desk.base_url)
    if claimed.kind in account_links.KINDS:
        return account_links.last_look(claimed, now, desk.base_url)
    return claimed


def _message(ready: outbox.Claimed, now: datetime) -> Message:
    return Message(ready.to_address, ready.to_name, ready.subject, ready.text, ready.html, ready.message_id, now)


def _fail(desk: Desk, message: outbox.Claimed, failed: DeliveryError) -> None:
    """Put the message back for its next try, or lay it among the dead."""
    now = desk.clock()
    again_at = next_try(message.attempts, failed.permanent, now)
    log.warning("message %s failed (%s) at try %s", message.id, failed.failure.value, message.attempts)
    with transaction():
        if again_at:
            outbox.put_back(message.id, desk.holder, again_at, failed.reason)
        else:
            state, permanent = MailState.DEAD, failed.permanent
            outbox.settle(message.id, desk.holder, state, now, failed.reason, permanent=permanent)


def _wait(desk: Desk, message: outbox.Claimed, channel: str, down: ChannelDown) -> None:
    """Leave everything waiting as it was, and write the reason on it."""
    now = desk.clock()
    log.warning("channel %s is down (%s)", channel, down.failure.value)
    with transaction():
        outbox.put_back(message.id, desk.holder, now, down.reason, counted=False)
        outbox.note_waiting(now, channel, down.reason)


def sweep(now: datetime) -> int:
    """Free the messages of processes that are gone; returns how many. `now` is aware, UTC."""
    with transaction():
        freed = outbox.sweep(now)
    if freed:
        log.warning("%s messages were freed from processes that are gone", freed)
    return freed


def retry(message_id: int, person: Person, now: datetime) -> None:
    """Let a dead message be tried afresh at the next tick.

    Raises Forbidden for those who only read, NotFound, or StaleState where the message is not dead any more.
    """
    if person.role not in (Role.ADMINISTRATOR, Role.MONITOR):
        raise Forbidden(N_("Chỉ quản trị viên và đơn vị theo dõi mới gửi lại thư được."))
    with transaction():
        if not outbox.by_ids([message_id]):
            raise NotFound(N_("Không tìm thấy thư này. Hãy mở lại từ trang Thư nhắc."))
        if not outbox.retry(message_id, now):
            raise StaleState(N_("Thư này không còn ở trạng thái không gửi được, nên không cần gửi lại."))
