"""Sessions: who is signed in where, since when, and until when."""

from dataclasses import dataclass, replace
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from tracker.domain.devices import Device
from tracker.domain.people import Person, Place
from tracker.store.acting import on_day
from tracker.store.database import session
from tracker.store.notices import unread_of_person
from tracker.store.people import PEOPLE, person_of
from tracker.store.remembered import know_states
from tracker.store.tables import ActingRow, InstallationRow, PersonRow, SignInSession, UnitRow

_FURTHER = aliased(UnitRow)
_OPEN = (
    PEOPLE.add_columns(
        SignInSession.last_seen_at, _FURTHER.id, _FURTHER.code, _FURTHER.name, unread_of_person().label("unread")
    )
    .add_columns(InstallationRow.revision, InstallationRow.page_state)
    .join(SignInSession, SignInSession.person_id == PersonRow.id)
    .outerjoin(ActingRow, sa.and_(ActingRow.person_id == PersonRow.id, on_day(sa.bindparam("today", type_=sa.Date))))
    .outerjoin(_FURTHER, _FURTHER.id == ActingRow.unit_id)
    .outerjoin(InstallationRow, InstallationRow.id == 1)
    .where(SignInSession.id == sa.bindparam("session_id"), SignInSession.ended_at.is_(None), PersonRow.active)
    .order_by(_FURTHER.sort_key, _FURTHER.id)
)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """An open session with its person; `last_seen_at` in UTC, at most an hour behind.

    `unread` is how many messages in the person's bell are unread.
    """

    person: Person
    session_id: str
    last_seen_at: datetime
    unread: int = 0


@dataclass(frozen=True, slots=True)
class ListedSession:
    """A session as its owner reads of it; times in UTC."""

    id: str
    created_at: datetime
    last_seen_at: datetime
    client: str
    network: str


def load(session_id: str, today: date) -> SignedIn | None:
    """The open session with that id, None where it was ended, never was, or its account is closed. 1 query.

    Its person has all the places for which they may ask on the day `today`.
    """
    rows = session().execute(_OPEN, {"session_id": session_id, "today": today}).all()
    if not rows:
        return None
    know_states(rows[0].revision or "", rows[0].page_state or "")
    person = person_of(rows[0])
    acted = [Place(*row[4:7]) for row in rows if row[4] is not None and row[4] != person.unit_id]
    if acted and person.unit_id is not None:
        own = Place(person.unit_id, person.unit_code or "", person.unit_name or "")
        person = replace(person, places=(own, *acted))
    return SignedIn(person, session_id, rows[0].last_seen_at, rows[0].unread)


def add(session_id: str, person_id: int, device: Device, now: datetime) -> None:
    """Keep a new session."""
    made = {"person_id": person_id, "created_at": now, "last_seen_at": now}
    kept = {"client": device.client[:80], "network": device.network[:50]}
    session().execute(sa.insert(SignInSession).values(id=session_id, **made, **kept))


def note_seen(session_id: str, now: datetime) -> None:
    """Remember that the session was used, and with it its person."""
    of_session = sa.select(SignInSession.person_id).where(SignInSession.id == session_id).scalar_subquery()
    session().execute(sa.update(SignInSession).where(SignInSession.id == session_id).values(last_seen_at=now))
    session().execute(sa.update(PersonRow).where(PersonRow.id == of_session).values(last_seen_at=now))


def open_of(person_id: int, seen_since: datetime) -> list[ListedSession]:
    """A person's open sessions that were used since then, the latest first. 1 query."""
    mine = (SignInSession.person_id == person_id, SignInSession.ended_at.is_(None))
    query = sa.select(SignInSession).where(*mine, SignInSession.last_seen_at >= seen_since)
    rows = session().scalars(query.order_by(SignInSession.last_seen_at.desc(), SignInSession.id))
    return [ListedSession(row.id, row.created_at, row.last_seen_at, row.client, row.network) for row in rows]


def end(person_id: int, now: datetime, session_id: str) -> bool:
    """End that session of a person; False where it is none of theirs, or was ended before."""
    ended = _ending(person_id, now).where(SignInSession.id == session_id).returning(SignInSession.id)
    return session().scalar(ended) is not None


def end_all(person_id: int, now: datetime, but: str = "") -> None:
    """End every session of a person, except the one named `but`."""
    session().execute(_ending(person_id, now).where(SignInSession.id != but))


def forget(before: datetime) -> None:
    """Drop the sessions that were last used before then."""
    session().execute(sa.delete(SignInSession).where(SignInSession.last_seen_at < before))


def _ending(person_id: int, now: datetime) -> sa.Update:
    mine = (SignInSession.person_id == person_id, SignInSession.ended_at.is_(None))
    return sa.update(SignInSession).where(*mine).values(ended_at=now)
