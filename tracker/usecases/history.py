"""What the history itself asks for: a line when personal data is read, and the sweep of what is older than its time."""

from datetime import datetime, timedelta, tzinfo

from tracker.domain.access import may_see_contacts
from tracker.domain.calendar_days import day_start, local_day
from tracker.domain.people import Person
from tracker.store import history
from tracker.store.database import transaction

LONGEST_MONTH = 31


def note_contacts_seen(person: Person, now: datetime, zone: tzinfo) -> None:
    """Leave one line a day, by the days of `zone`, where a person was shown whom to call of other units."""
    if may_see_contacts(person):
        _note_once_a_day("person.contacts_seen", person, None, now, zone)


def note_seen(about: Person, by: Person, now: datetime, zone: tzinfo) -> None:
    """Leave one line a day, by the days of `zone`, where an administrator was shown the account of somebody else."""
    if about.id != by.id:
        _note_once_a_day("person.seen", by, about.id, now, zone)


def _note_once_a_day(what: str, person: Person, about: int | None, now: datetime, zone: tzinfo) -> None:
    if history.recorded_since(person.id, what, day_start(local_day(now, zone), zone), about):
        return
    with transaction():
        history.record_change(what, "person", about, now=now, person=person)


def sweep_history(now: datetime, months: int) -> int:
    """Set aside what was recorded more than `months` months before `now`, and say so; returns how many lines."""
    before = now - timedelta(days=LONGEST_MONTH * months)
    if not history.has_older(before):
        return 0
    with transaction():
        swept = history.sweep(before)
        history.record_change("history.swept", "setting", None, now=now, fields={"entries": (None, swept or None)})
    return swept
