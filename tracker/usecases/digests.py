"""A digest as a message: its words, and a last look at what it tells just before it goes."""

import hashlib
from dataclasses import asdict, replace
from datetime import date, datetime, tzinfo
from typing import Any
from urllib.parse import urlsplit

from tracker.adapters.mail_templates import Texts, render
from tracker.domain.calendar_days import local_day
from tracker.domain.people import Person
from tracker.domain.reminders import (
    Digest,
    Group,
    Item,
    OwedShare,
    Reason,
    Telling,
    digest,
    item_of,
    recipients,
    settled,
)
from tracker.domain.share_people import NOBODY, reached
from tracker.store import outbox, people, reminders

KIND = "digest"


def key_of(found: Digest) -> str:
    """What makes a digest the only one of its person and day."""
    return f"{KIND}:{reminders.MAIL}:{found.person.id}:{found.day.isoformat()}"


def message_id(key: str, base_url: str) -> str:
    """The Message-ID of the message with that key: the same at every try, so that a repeat can be recognised."""
    host = urlsplit(base_url).hostname or "localhost"
    return f"<rem-{hashlib.sha256(key.encode()).hexdigest()[:32]}@{host}>"


def words(found: Digest, base_url: str) -> Texts:
    """Subject and bodies in the person's language."""
    groups: dict[str, list[Item]] = {group.name.lower(): [] for group in Group}
    for item in found.items:
        groups[item.group.name.lower()].append(item)
    return render(KIND, found.person.locale, person=found.person, today=found.day, base_url=base_url, **groups)


def summary(found: Digest) -> list[dict[str, Any]]:
    """What the outbox page and `remind --json` tell of a digest: task, rule, due date and unit of each line."""
    return [
        {
            "task": item.share.number,
            "task_id": item.share.task_id,
            "rule": item.rule_code,
            "due": item.share.due.isoformat(),
            "unit": item.share.unit_name,
        }
        for item in found.items
    ]


def draft(found: Digest, base_url: str) -> outbox.Draft:
    """A digest as the outbox takes it."""
    key, texts = key_of(found), words(found, base_url)
    return outbox.Draft(
        key=key,
        person_id=found.person.id,
        kind=KIND,
        channel=reminders.MAIL,
        to_address=found.person.email,
        locale=found.person.locale,
        message_id=message_id(key, base_url),
        items=summary(found),
        **asdict(texts),
    )


def last_look(claimed: outbox.Claimed, now: datetime, zone: tzinfo, base_url: str) -> outbox.Claimed | Reason:
    """The digest as it should go now, or the reason why none of it should; belongs into the claiming transaction.

    What was reported done, moved or taken from the person meanwhile is struck out, in the ledger as well, so that it
    can be told again should it come back.
    """
    credentials = people.by_id(claimed.person_id)
    if credentials is None or not credentials.person.active:
        return Reason.ACCOUNT_CLOSED
    person, today = credentials.person, local_day(now, zone)
    made_on = local_day(claimed.created_at, zone)
    tellings = reminders.told_by(claimed.id, made_on)
    items = _still_owed(tellings, person, now, today)
    kept = {item.share.id for item in items}
    gone = {each.share_id for each in tellings} - kept
    if gone:
        reminders.free(claimed.id, gone)
    if not items:
        return Reason.SETTLED
    if not gone and made_on == today and person.email == claimed.to_address:
        return claimed
    found = digest(person, today, items)
    texts = words(found, base_url)
    outbox.rewrite(claimed.id, person.email, summary(found), **asdict(texts))
    return replace(claimed, to_address=person.email, **asdict(texts))


def _still_owed(tellings: list[Telling], person: Person, now: datetime, today: date) -> list[Item]:
    shares = {share.id: share for share in reminders.owed_again([each.share_id for each in tellings], now, today)}

    def plainly(share: OwedShare) -> bool:
        return share.unit_id == person.unit_id and share.named == NOBODY

    doers = {} if all(map(plainly, shares.values())) else recipients(people.reachable(today))

    def mine(share: OwedShare) -> bool:
        others = reached(share.named, doers.get(share.unit_id, ()))
        return plainly(share) or any(each.id == person.id for each in others)

    return [
        item_of(share, each.rule_code, each.repeat_on, today)
        for each in tellings
        if (share := shares.get(each.share_id)) and share.due == each.due and mine(share) and settled(share) is None
    ]
