"""The messages of an urging: their words, and a last look at what they tell just before they go."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date, datetime, tzinfo
from typing import Any

from tracker.adapters.mail_templates import Texts, render
from tracker.domain.calendar_days import DaysOff, local_day
from tracker.domain.people import Person
from tracker.domain.reminder_people import Cast, Office
from tracker.domain.reminders import Reason
from tracker.domain.urging import NEVER, AskedShare, Counted, Line, Prepared, Told, line_of, prepare
from tracker.store import outbox, people, preferences, share_people, urging_shares, urgings
from tracker.store.urging_shares import Pick
from tracker.store.urgings import Sender
from tracker.usecases.digests import message_id

KIND = "urging"


def words(person: Person, lines: Sequence[Line], sender: Sender, today: date, base_url: str) -> Texts:
    """Subject and bodies in the person's language."""
    context: dict[str, Any] = {"person": person, "items": lines, "sender": sender, "today": today}
    return render(KIND, person.locale, base_url=base_url, **context)


def summary(lines: Sequence[Line]) -> list[dict[str, Any]]:
    """What the outbox page and the bell tell of such a message: for each line its task, date and unit."""
    return [
        {
            "task": line.share.number,
            "task_id": line.share.task_id,
            "share_id": line.share.id,
            "rule": KIND,
            "due": line.share.due.isoformat() if line.share.due else None,
            "unit": line.share.unit_name,
        }
        for line in lines
    ]


def drafts(
    urging_id: int, found: Prepared, times: Mapping[int, Counted], sender: Sender, today: date, base_url: str
) -> dict[str, tuple[outbox.Draft, Told]]:
    """The messages of an urging as the outbox takes them, with whom each is for, by their keys."""
    made = {}
    for each in found.told:
        lines = _lines(found.urged, each.shares, times, today)
        texts = words(each.person, lines, sender, today, base_url)
        for channel in each.channels:
            key = f"{KIND}:{urging_id}:{channel}:{each.person.id}"
            draft = outbox.Draft(
                key=key,
                person_id=each.person.id,
                kind=KIND,
                channel=channel,
                to_address=each.person.email,
                locale=each.person.locale,
                message_id=message_id(key, base_url),
                items=summary(lines),
                **asdict(texts),
            )
            made[key] = (draft, each)
    return made


def last_look(claimed: outbox.Claimed, now: datetime, zone: tzinfo, base_url: str) -> outbox.Claimed | Reason:
    """The message as it should go now, or the reason why it should not; belongs into the claiming transaction.

    What was reported done or taken from the unit or the person meanwhile is struck out; where nothing is left, nothing
    goes.
    """
    credentials = people.by_id(claimed.person_id)
    if credentials is None or not credentials.person.active:
        return Reason.ACCOUNT_CLOSED
    person, today = credentials.person, local_day(now, zone)
    sender, ids = urgings.told_by(claimed.id)
    found = look(ids, urging_shares.asked(Pick(shares=ids), now, zone), today, zone, (), sender.person_id)
    still = next((each.shares for each in found.told if each.person.id == person.id), {})
    gone = [each for each in ids if each not in still]
    if gone:
        urgings.strike(claimed.id, gone, now)
    if not still:
        return Reason.SETTLED
    if not gone and local_day(claimed.created_at, zone) == today and person.email == claimed.to_address:
        return claimed
    lines = _lines(found.urged, still, urgings.counts(list(still), claimed.created_at, zone), today)
    texts, items = words(person, lines, sender, today, base_url), summary(lines)
    outbox.rewrite(claimed.id, person.email, items, **asdict(texts))
    return replace(claimed, to_address=person.email, items=tuple(items), **asdict(texts))


def look(
    share_ids: Collection[int],
    asked: Sequence[AskedShare],
    today: date,
    zone: tzinfo,
    refused: Collection[int] = (),
    sender_id: int | None = None,
) -> Prepared:
    """Who is to be told of the shares asked for, today. 3 queries."""
    found, chosen = preferences.reachable(today)
    cast = Cast(Office(found, DaysOff(), zone, chosen), today)
    return prepare(asked, share_people.named(share_ids), cast, refused, sender_id)


def _lines(
    shares: Sequence[AskedShare], ids: Collection[int], before: Mapping[int, Counted], today: date
) -> list[Line]:
    """The lines about those of the shares; `before` counts the urgings before this one."""
    return [line_of(share, before.get(share.id, NEVER).urged + 1, today) for share in shares if share.id in ids]
