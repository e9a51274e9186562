"""Whom to call of a unit, for those who may know; that they looked is noted once a day."""

from collections.abc import Iterable, Mapping

from flask import session

from tracker.domain.access import may_see_contacts
from tracker.domain.people import Person
from tracker.domain.views import MilestoneLine
from tracker.store import people
from tracker.usecases.history import note_contacts_seen
from tracker.web.runtime import now, person, runtime, today

_NOTED = "contacts_noted"
"""The day for which this session's looking at contacts has been written down."""


def whom_to_call(lines: Iterable[MilestoneLine]) -> Mapping[int, tuple[Person, ...]]:
    """The people to call of the units that still owe these milestones, by unit id. 1 query, 2 with a day's first."""
    units = {share.unit.id for line in lines for share in line.leads if not share.status.done}
    if not units or not may_see_contacts(person()):
        return {}
    found = people.contacts(units, today())
    if found and session.get(_NOTED) != today().isoformat():
        note_contacts_seen(person(), now(), runtime().zone)
        session[_NOTED] = today().isoformat()
    return found
