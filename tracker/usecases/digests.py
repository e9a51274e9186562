"""Digests and urgent messages: their words, and a last look at what they tell just before they go."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime, tzinfo
from typing import Any
from urllib.parse import urlsplit

from tracker.adapters.mail_templates import Texts, render
from tracker.domain.calendar_days import local_day
from tracker.domain.people import Person
from tracker.domain.preferences import Preference
from tracker.domain.reminder_decisions import obstacle
from tracker.domain.reminder_facts import OwedShare
from tracker.domain.reminder_people import Cast, is_plainly
from tracker.domain.reminder_rules import GROUPS, Group, Rule
from tracker.domain.reminder_windows import matters
from tracker.domain.reminders import Digest, Item, Reason, Telling, digest, item_of, told_below, topic
from tracker.store import outbox, people, preferences, reminder_facts, reminder_rules, reminders

KIND, URGENT = "digest", "urgent"
KINDS = (KIND, URGENT)


def key_of(found: Digest, now: datetime) -> str:
    """What makes a digest the only one of its person, channel and day, and an urgent message the only one of `now`."""
    who = f"{found.channel}:{found.person.id}"
    if not found.urgent:
        return f"{KIND}:{who}:{found.day.isoformat()}"
    told = sorted((each.share_id, each.subject, each.rule_code, each.person_id) for each in found.tellings())
    return f"{URGENT}:{who}:{hashlib.sha256(f'{now.isoformat()} {told}'.encode()).hexdigest()[:32]}"


def message_id(key: str, base_url: str) -> str:
    """The Message-ID of the message with that key: the same at every try, so that a repeat can be recognised."""
    host = urlsplit(base_url).hostname or "localhost"
    return f"<rem-{hashlib.sha256(key.encode()).hexdigest()[:32]}@{host}>"


def words(found: Digest, base_url: str) -> Texts:
    """Subject and bodies in the person's language."""
    groups = [(group, GROUPS[group], [each for each in found.items if each.group is group]) for group in Group]
    return render(
        KIND,
        found.person.locale,
        person=found.person,
        today=found.day,
        base_url=base_url,
        groups=[each for each in groups if each[2]],
        urgent=found.urgent,
    )


def summary(found: Digest) -> list[dict[str, Any]]:
    """What the outbox page, the bell and `remind --json` tell of a digest: for each line its task, rule, date, unit."""
    return [
        {
            "task": item.share.number,
            "task_id": item.share.task_id,
            "share_id": item.share.id,
            "rule": item.rule_code,
            "event": item.event.value,
            "group": item.group.value,
            "due": item.share.due.isoformat() if item.share.due else None,
            "unit": item.share.unit_name,
        }
        for item in found.items
    ]


def drafts(digests: Iterable[Digest], base_url: str, now: datetime) -> list[outbox.Draft]:
    """Digests as the outbox takes them, in their order; what a person gets over several channels is worded once."""
    worded: dict[object, Texts] = {}
    made = []
    for found in digests:
        says = _says(found)
        texts = worded[says] = worded.get(says) or words(found, base_url)
        made.append(_draft(found, texts, base_url, now))
    return made


def _says(found: Digest) -> object:
    """All that the words of a digest depend on, among digests of one decision."""
    parts = (part for item in found.items for part in item.parts)
    told = ((each.share.id, each.event, each.group, each.title, each.day, each.below, each.owners) for each in parts)
    return found.person.id, found.urgent, tuple(told)


def _draft(found: Digest, texts: Texts, base_url: str, now: datetime) -> outbox.Draft:
    key = key_of(found, now)
    return outbox.Draft(
        key=key,
        person_id=found.person.id,
        kind=URGENT if found.urgent else KIND,
        channel=found.channel,
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
    items = _still_owed(tellings, person, now, zone)
    gone = set(tellings) - {telling for item in items for telling in item.tellings}
    if gone:
        reminders.free(claimed.id, gone)
    if not items:
        return Reason.SETTLED
    if not gone and made_on == today and person.email == claimed.to_address:
        return claimed
    found = digest(person, today, items, claimed.channel, urgent=claimed.kind == URGENT)
    texts, lines = words(found, base_url), summary(found)
    outbox.rewrite(claimed.id, person.email, lines, **asdict(texts))
    return replace(claimed, to_address=person.email, items=tuple(lines), **asdict(texts))


def _still_owed(tellings: Sequence[Telling], reader: Person, now: datetime, zone: tzinfo) -> list[Item]:
    """The lines that still hold, each with whom it is told for."""
    ids = sorted({each.share_id for each in tellings})
    shares = {share.id: share for share in reminder_facts.owed(now, zone, ids)}
    rules, own = reminder_rules.by_code(), preferences.of_person(reader.id)
    look = _Look(rules, reader, own, now, zone)
    found = [item for each in tellings if each.share_id in shares and (item := look.item(each, shares[each.share_id]))]
    if not any(item.group is Group.ESCALATED for item in found):
        return found
    lines, names = reminders.told(ids, zone), {each.id: each.name for each in people.everyone()}
    return [replace(item, below=told_below(lines, item, names)) for item in found]


class _Look:
    """Whether lines still hold for their reader, at a moment; the whole office is loaded for the odd cases alone."""

    def __init__(self, rules: Mapping[str, Rule], reader: Person, own: Preference, now: datetime, zone: tzinfo) -> None:
        self.rules, self.reader, self.own, self.zone = rules, reader, own, zone
        self.today = local_day(now, zone)
        self._cast: Cast | None = None

    def item(self, telling: Telling, share: OwedShare) -> Item | None:
        """The line as it reads today; None where it is not to be told any more."""
        there = (each for each in matters(share) if (each.subject, each.day) == (telling.subject, telling.day))
        matter, rule = next(there, None), self.rules.get(telling.rule_code)
        if matter is None or rule is None or obstacle(share, matter, self.today):
            return None
        group = topic(matter.event, telling.audience, late=rule.looks_back)
        if not self._reaches(telling, share, group):
            return None
        return item_of(share, matter, telling, self.today, late=rule.looks_back)

    def _reaches(self, telling: Telling, share: OwedShare, group: Group) -> bool:
        plainly = telling.person_id == self.reader.id and not self.own.paused_on(self.today)
        chosen = group not in self.own.muted and telling.channel in self.own.channels
        if plainly and chosen and is_plainly(self.reader, share, telling.audience):
            return True
        if self._cast is None:
            self._cast = Cast(preferences.office(self.today, self.zone), self.today)
        owners = self._cast.told(share, telling.audience, group)
        readers = {owner.id: self._cast.recipient(owner) for owner in owners}
        reader = readers.get(telling.person_id)
        if reader is None or reader.id != self.reader.id:
            return False
        return telling.channel in self._cast.channels(reader, list(readers.values()), group)
