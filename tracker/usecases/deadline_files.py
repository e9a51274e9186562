"""The deadline of a task as a file: with the mail that tells of it, for those who chose that, or to be fetched."""

import re
from dataclasses import dataclass
from datetime import date, tzinfo

from tracker.adapters.calendars import one_deadline
from tracker.adapters.calendars.single import event_file
from tracker.domain import access
from tracker.domain.errors import NotFound
from tracker.domain.feeds import FeedEvent, Scope, ScopeKind
from tracker.domain.outbox import MAIL
from tracker.domain.people import Person
from tracker.domain.words import N_
from tracker.store import calendar_choices, feeds, outbox
from tracker.store.database import transaction
from tracker.store.milestone_places import milestone_at

NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9.]+")


@dataclass(frozen=True, slots=True)
class DeadlineFile:
    """One milestone as iCalendar; `name` is plain ASCII."""

    name: str
    content: bytes


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


def milestone_file(person: Person, milestone_id: int, zone: tzinfo, base_url: str, locale: str) -> DeadlineFile:
    """A milestone to put into one's calendar: as the person's unit has it where it takes part, else as the plan does.

    NotFound where the person may not see its task, and where it is in no calendar: without a date, or of a draft.
    """
    found = milestone_at(milestone_id)
    if found is None or not access.may_see_plan(person, found.plan_state):
        raise NotFound(access.NOT_SEEN)
    access.ask_to_see_task(person, found.task_unit_ids)
    own = person.unit_id if person.unit_id in found.unit_ids else None
    scope = Scope(ScopeKind.UNIT, own) if own else Scope(ScopeKind.PLAN, found.plan_id)
    feed = feeds.feed(scope, zone, [milestone_id])
    if not feed.events:
        raise NotFound(N_("Mốc này chưa có ngày hạn, hoặc kế hoạch còn là dự thảo, nên chưa có trong lịch."))
    (event,) = feed.events
    return DeadlineFile(_file_name(event), event_file(event, feed.host, locale, base_url))


def _file_name(event: FeedEvent) -> str:
    number = NOT_IN_NAMES.sub("-", event.number).strip("-.") or str(event.task_id)
    return f"nhiem-vu-{number}{f'-moc-{event.ordinal}' if event.milestones > 1 else ''}.ics"
