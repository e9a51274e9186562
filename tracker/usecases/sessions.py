"""Sessions: begun by signing in, seen while used, ended by their owner."""

import secrets
from datetime import datetime, timedelta

from tracker.domain.devices import Device
from tracker.domain.people import Person
from tracker.store import sessions
from tracker.store.database import transaction
from tracker.store.history import record_change

SEEN_EVERY = timedelta(hours=1)
# The log of who was signed in is kept for a year and a month, longer than the twelve months asked for.
KEPT_FOR = timedelta(days=396)


def begin(person: Person, device: Device, now: datetime) -> str:
    """Begin a session of the person on a device and return its id; forgets what is too old to be kept."""
    session_id = secrets.token_urlsafe(24)
    with transaction():
        sessions.forget(now - KEPT_FOR)
        sessions.add(session_id, person.id, device, now)
        sessions.note_seen(session_id, now)
    return session_id


def note_seen(found: sessions.SignedIn, now: datetime) -> None:
    """Remember that a session is in use, with one write an hour at most."""
    if now - found.last_seen_at >= SEEN_EVERY:
        with transaction():
            sessions.note_seen(found.session_id, now)


def sign_out(person: Person, session_id: str, now: datetime) -> None:
    """End the session from which the person asks."""
    with transaction():
        sessions.end(person.id, now, session_id)


def end(person: Person, session_id: str, now: datetime) -> bool:
    """End another session of the person at once; False for one that is somebody else's or over: nothing changes."""
    with transaction():
        ended = sessions.end(person.id, now, session_id)
        if ended:
            record_change("person.session_ended", "person", person.id, now=now, person=person)
    return ended


def end_others(person: Person, kept: str, now: datetime) -> None:
    """End every session of the person but the one they ask from."""
    with transaction():
        sessions.end_all(person.id, now, but=kept)
        record_change("person.sessions_ended", "person", person.id, now=now, person=person)
