"""Sending what lies in the outbox: claim, last look, send, settle; and a person's second try for a dead message.

Two transactions with the network in between and none open while it is: a process that dies leaves its message claimed,
and when the lease has run out the message goes again, under the same Message-ID.
"""

import logging
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from tracker.adapters.channels import Channel
from tracker.adapters.signing import Signer
from tracker.domain.access import Doing, may
from tracker.domain.errors import Forbidden, NotFound, StaleState
from tracker.domain.outbox import (
    BAD_ADDRESS,
    LEASE,
    MAIL,
    ChannelDown,
    DeliveryError,
    Failure,
    MailState,
    Message,
    next_try,
)
from tracker.domain.people import Person
from tracker.domain.reminders import Reason, Skip, may_go
from tracker.domain.words import N_
from tracker.store import addresses, outbox, units
from tracker.store.database import transaction
from tracker.usecases import account_links, digests, mail_choices, urging_messages, weekly
from tracker.usecases.deadline_files import deadline_file

log = logging.getLogger(__name__)


def _always() -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Desk:
    """What a tick is handed by its process.

    `clock` gives the present moment (aware UTC), `holder` names the process in leases, `go_on` is asked before each
    message and says no where the process is to stop, `progress` is told how many of how many are done. The history of
    changes is kept for `history_months`. Of mails at most `mail_per_minute` go within a minute of the clock, 0: any.
    `signer` signs the addresses that end a kind of mail; without one mails have none. `sender` is the bare address that
    mails come from, empty where none do.
    """

    clock: Callable[[], datetime]
    zone: tzinfo
    base_url: str
    channels: Mapping[str, Channel]
    holder: str
    go_on: Callable[[], bool] = _always
    history_months: int = 36
    mail_per_minute: int = 0
    signer: Signer | None = None
    sender: str = ""
    progress: Callable[[int, int], None] | None = None


@dataclass(slots=True)
class Delivery:
    """What came of one round of sending: ids of the messages that went or failed, and what was skipped."""

    sent: list[int] = field(default_factory=list)
    failed: list[int] = field(default_factory=list)
    skipped: list[Skip] = field(default_factory=list)


def deliver(desk: Desk) -> Delivery:
    """Send every message whose time has come, each by one process alone; reminders only in the hours for them.

    A refused recipient stops nobody else. A channel that is down ends its round: its messages stay as they were, with
    the reason written on them. Mails beyond the limit per minute wait for a later tick.
    """
    done, now = Delivery(), desk.clock()
    waiting = _waiting(desk, now)
    down, room = set[str](), _room(desk, now)
    try:
        for number, (message_id, channel) in enumerate(waiting, 1):
            if not desk.go_on():
                break
            if channel == MAIL and room <= 0:
                down.add(channel)
            if channel not in down:
                room -= channel == MAIL
                if _deliver_one(desk, message_id, channel, done):
                    down.add(channel)
            if desk.progress:
                desk.progress(number, len(waiting))
    finally:
        for each in desk.channels.values():
            each.close()
    return done


def _waiting(desk: Desk, now: datetime) -> list[tuple[int, str]]:
    """(id, channel) of what may go now: digests and urgings in the hours of reminders alone."""
    found = outbox.due(now, list(desk.channels))
    held_back = bool(found) and may_go(now, desk.zone, units.days_off()) is not None
    return [(message_id, channel) for message_id, channel, kind in found if not (held_back and kind in _OF_HOURS)]


# Kinds that go in the hours of reminders alone.
_OF_HOURS = (*digests.KINDS, urging_messages.KIND, weekly.KIND)


def _room(desk: Desk, now: datetime) -> float:
    """How many mails may still go within this minute of the clock."""
    if not desk.mail_per_minute:
        return math.inf
    return desk.mail_per_minute - outbox.sent_since(now.replace(second=0, microsecond=0), MAIL)


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
    taken = _take(desk, message_id, done)
    if taken is None:
        return False
    ready, message = taken
    try:
        desk.channels[channel].send(message)
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
            if channel == MAIL and ready.flagged:
                addresses.lift([ready.person_id])
        log.info("message %s sent over %s at try %s", ready.id, channel, ready.attempts)
        done.sent.append(ready.id)
    return False


def _take(desk: Desk, message_id: int, done: Delivery) -> tuple[outbox.Claimed, Message] | None:
    """Claim a message, look at it a last time and make what goes over the wire; None where nothing is to go."""
    now = desk.clock()
    with transaction():
        claimed = outbox.claim(message_id, desk.holder, now, now + LEASE)
        ready = _ready(claimed, now, desk) if claimed else None
        if isinstance(ready, Reason) and claimed:
            outbox.settle(claimed.id, desk.holder, MailState.SKIPPED, now, ready.value)
            done.skipped.append(Skip(ready, to=claimed.to_address))
        elif isinstance(ready, outbox.Claimed) and not _is_hopeless(ready):
            return ready, _message(ready, now, desk)
        elif isinstance(ready, outbox.Claimed):
            outbox.settle(ready.id, desk.holder, MailState.DEAD, now, Failure.FLAGGED.value, permanent=True)
            done.failed.append(ready.id)
    return None


def _ready(claimed: outbox.Claimed, now: datetime, desk: Desk) -> outbox.Claimed | Reason:
    if claimed.kind in digests.KINDS:
        return digests.last_look(claimed, now, desk.zone, desk.base_url)
    if claimed.kind == urging_messages.KIND:
        return urging_messages.last_look(claimed, now, desk.zone, desk.base_url)
    if claimed.kind == weekly.KIND:
        return weekly.last_look(claimed, now, desk.zone)
    if claimed.kind in account_links.KINDS:
        return account_links.last_look(claimed, now, desk.base_url)
    return claimed


def _is_hopeless(ready: outbox.Claimed) -> bool:
    """Whether the address was refused before; what opens an account is tried all the same: somebody asked for it."""
    return ready.channel == MAIL and ready.flagged and ready.kind not in account_links.KINDS


def _message(ready: outbox.Claimed, now: datetime, desk: Desk) -> Message:
    ends = mail_choices.address(desk.signer, ready.person_id, ready.kind, desk.base_url) if desk.signer else ""
    return Message(
        to_address=ready.to_address,
        to_name=ready.to_name,
        subject=ready.subject,
        text=ready.text,
        html=ready.html,
        message_id=ready.message_id,
        at=now,
        kind=ready.kind,
        items=ready.items,
        unsubscribe=ends,
        calendar=deadline_file(ready, desk.zone, desk.base_url, desk.sender),
    )


def _fail(desk: Desk, message: outbox.Claimed, failed: DeliveryError) -> None:
    """Put the message back for its next try, or lay it among the dead; flag an address that is refused for good."""
    now = desk.clock()
    again_at = next_try(message.attempts, failed.permanent, now)
    log.warning("message %s failed (%s) at try %s", message.id, failed.failure.value, message.attempts)
    with transaction():
        if again_at:
            outbox.put_back(message.id, desk.holder, again_at, failed.reason)
        else:
            state, permanent = MailState.DEAD, failed.permanent
            outbox.settle(message.id, desk.holder, state, now, failed.reason, permanent=permanent)
        if failed.permanent and failed.failure in BAD_ADDRESS:
            addresses.flag(message.person_id, message.to_address, failed.reason, now)


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
    """Let a dead message be tried afresh at the next tick; a flag on its person's address is taken away.

    Raises Forbidden for those who only read, NotFound, or StaleState where the message is not dead any more.
    """
    _ask_to_retry(person)
    with transaction():
        found = outbox.by_ids([message_id])
        if not found:
            raise NotFound(N_("Không tìm thấy thư này. Hãy mở lại từ trang Thư nhắc."))
        if not outbox.retry([message_id], now):
            raise StaleState(N_("Thư này không còn ở trạng thái không gửi được, nên không cần gửi lại."))
        addresses.lift([found[0].person_id])


def retry_all(person: Person, now: datetime) -> int:
    """Let every dead message be tried afresh at the next tick, and take all flags away; returns how many they are.

    Raises Forbidden for those who only read.
    """
    _ask_to_retry(person)
    with transaction():
        again = outbox.retry(None, now)
        addresses.lift(list(addresses.refused()))
    return again


def address_works(person_id: int) -> None:
    """Take the flag away from a person's address that somebody has mended."""
    with transaction():
        addresses.lift([person_id])


def _ask_to_retry(person: Person) -> None:
    if not may(person, Doing.RETRY_MAIL):
        raise Forbidden(N_("Chỉ quản trị viên và đơn vị theo dõi mới gửi lại thư được."))
