"""The deadline of a task as a file with the mail that tells of it, for those who chose that."""

from datetime import date, tzinfo

from tracker.adapters.calendars import one_deadline
from tracker.domain.feeds import Scope, ScopeKind
from tracker.domain.outbox import MAIL
from tracker.domain.people import Person
from tracker.store import calendar_choices, feeds, outbox
from tracker.store.database import transaction


def choose(person: Person, wanted: bool) -> None:
    """Keep whether a person wants deadlines as files."""
    with transaction():
        calendar_choices.put(person.id, wanted)


def deadline_file(ready: outbox.Claimed, zone: tzinfo, base_url: str, organizer: str) -> bytes:
    """The one deadline that a mail tells of, as iCalendar; nothing where it tells of several, or nobody asked for it.

    It is that of the person's own calendar: what is not in there (another unit's work) has no file.
    """
    told = {(item.get("task_id"), item.get("due")) for item in ready.items}
    if not (ready.wants_calendar and ready.channel == MAIL and organizer and len(told) == 1):
        return b""
    task_id, due = told.pop()
    feed = feeds.feed(Scope(ScopeKind.PERSON, ready.person_id), zone)
    found = [each for each in feed.events if each.task_id == task_id and due and each.due == date.fromisoformat(due)]
    return one_deadline(feed, found[0], ready.locale, base_url, organizer) if len(found) == 1 else b""
