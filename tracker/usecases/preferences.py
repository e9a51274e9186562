"""How a person wants to be reminded: keeping what they chose."""

from collections.abc import Collection
from datetime import datetime, tzinfo

from tracker.domain.calendar_days import local_day
from tracker.domain.people import Person
from tracker.domain.preferences import Preference, check_preference
from tracker.store import preferences
from tracker.store.database import transaction
from tracker.store.history import record_change


def choose(person: Person, wanted: Preference, channels: Collection[str], now: datetime, zone: tzinfo) -> None:
    """Keep how that person wants to be reminded from `now` on; the same again is kept without a line in the history.

    `channels` are those of the installation. Refused, with the place and the mend, for a choice that would silence the
    person by mistake.
    """
    with transaction():
        colleagues = [each.id for each in preferences.stand_ins(person.id)]
        check_preference(wanted, person.id, colleagues, local_day(now, zone), channels)
        if wanted != preferences.of_person(person.id):
            preferences.put(person.id, wanted)
            record_change("person.reminders_chosen", "person", person.id, now=now, person=person)
