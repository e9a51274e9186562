"""Urging by hand: who would be told, and sending it, once for each form."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, tzinfo

from tracker.domain import access
from tracker.domain.calendar_days import local_day
from tracker.domain.errors import NotFound, StaleState
from tracker.domain.people import Person
from tracker.domain.texts import paragraphs
from tracker.domain.urging import AskedShare, Prepared, check_urging, pressing
from tracker.domain.words import N_
from tracker.store import addresses, outbox, urging_shares, urgings
from tracker.store.database import transaction
from tracker.store.history import record_change
from tracker.store.urging_shares import Pick
from tracker.store.urgings import Sender
from tracker.usecases.urging_messages import drafts, look


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of an urging; `again` tells that the same form had been sent before, and nothing was done now."""

    shares: int = 0
    people: int = 0
    messages: int = 0
    left_out: tuple[AskedShare, ...] = ()
    unreached: tuple[AskedShare, ...] = ()
    again: bool = False


def preview(person: Person, pick: Pick, now: datetime, zone: tzinfo) -> Prepared:
    """Who would be told of what; nothing is written. 5 queries.

    Of a whole unit's work that is what is overdue or due within two weeks. NotFound for a share that is none,
    Forbidden for a plan that the person's unit does not watch, Refused where nothing or too much is picked.
    """
    shares = _asked(person, pick, now, zone)
    check_urging(len(shares), "")
    refused = addresses.refused()
    return look([share.id for share in shares], shares, local_day(now, zone), zone, refused, person.id)


def send(
    person: Person, share_ids: Collection[int], text: str, key: str, now: datetime, zone: tzinfo, base_url: str
) -> Sent:
    """Urge these shares in the person's own words (`text`, may be empty): a message for each recipient and channel.

    The messages, the count and the history's lines are one transaction; `key` makes a form sent twice harmless.
    Raises as `preview` does, Refused for too long a text, StaleState where nothing is left to urge.
    """
    said = paragraphs(text)
    with transaction():
        if urgings.is_there(key):
            return Sent(again=True)
        asked = _asked(person, Pick(shares=share_ids), now, zone)
        check_urging(len(asked), said)
        today = local_day(now, zone)
        found = look([share.id for share in asked], asked, today, zone, addresses.refused(), person.id)
        if not found.urged:
            raise StaleState(
                N_("Không còn phần việc nào để đôn đốc: việc đã báo xong, hoặc đơn vị chưa có ai nhận được.")
            )
        ids = [share.id for share in found.urged]
        times = urgings.counts(ids, now, zone)
        urging_id = urgings.add(person.id, ids, said, now, key=key, unit_id=person.unit_id)
        if urging_id is None:
            return Sent(again=True)
        sender = Sender(person.id, person.name, person.unit_name or "", said)
        made = drafts(urging_id, found, times, sender, today, base_url)
        added = outbox.add_all([draft for draft, _told in made.values()], now)
        urgings.write_down(urging_id, {added[key]: told.shares for key, (_draft, told) in made.items()})
        for share in found.urged:
            _remember(person, share, said, now)
    return Sent(len(ids), len(found.told), len(added), found.left_out, found.unreached)


def _asked(person: Person, pick: Pick, now: datetime, zone: tzinfo) -> list[AskedShare]:
    """What was picked, all of it of plans that the person's unit watches."""
    found = urging_shares.asked(pick, now, zone, person.unit_id)
    for share in found:
        access.ask_to_urge(person, watched=share.watched)
    if len({share.id for share in found} & set(pick.shares)) < len(set(pick.shares)):
        raise NotFound(access.NOT_SEEN)
    return pressing(found, pick.shares, local_day(now, zone)) if pick.unit else found


def _remember(person: Person, share: AskedShare, text: str, now: datetime) -> None:
    record_change(
        "share.urged",
        "share",
        share.id,
        now=now,
        person=person,
        label=f"{share.number}. {share.title}",
        plan_id=share.plan_id,
        unit_id=share.unit_id,
        reason=text,
    )
