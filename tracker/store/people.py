"""People: who signs in, and who is reached for a unit."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from tracker.domain.errors import Refused
from tracker.domain.people import Person, Role
from tracker.domain.words import N_
from tracker.store.database import session
from tracker.store.tables import PersonRow, UnitRow


@dataclass(frozen=True, slots=True)
class Credentials:
    """A person with what a sign-in is checked against."""

    person: Person
    password_hash: str
    epoch: int


_QUERY = sa.select(PersonRow, UnitRow.code, UnitRow.name).outerjoin(UnitRow, UnitRow.id == PersonRow.unit_id)


def _credentials(row: Any) -> Credentials:
    found, unit_code, unit_name = row
    person = Person(
        id=found.id,
        email=found.email,
        name=found.name,
        role=Role(found.role),
        unit_id=found.unit_id,
        unit_code=unit_code,
        unit_name=unit_name,
        locale=found.locale,
        active=found.active,
    )
    return Credentials(person, found.password_hash, found.session_epoch)


def by_id(person_id: int) -> Credentials | None:
    """The person with that id."""
    row = session().execute(_QUERY.where(PersonRow.id == person_id)).first()
    return _credentials(row) if row else None


def by_email(email: str) -> Credentials | None:
    """The person with that address, in any case."""
    row = session().execute(_QUERY.where(PersonRow.email == email.strip().lower())).first()
    return _credentials(row) if row else None


def everyone() -> list[Person]:
    """All people, the active first, by unit and name."""
    query = _QUERY.order_by(PersonRow.active.desc(), UnitRow.sort_key, PersonRow.name, PersonRow.id)
    return [_credentials(row).person for row in session().execute(query)]


def contacts(unit_ids: Collection[int]) -> dict[int, tuple[Person, ...]]:
    """Whom to call of each unit: its heads and monitors with an open account, else its members. 1 query."""
    query = _QUERY.where(PersonRow.unit_id.in_(unit_ids), PersonRow.active).order_by(PersonRow.name, PersonRow.id)
    people_of: dict[int, list[Person]] = {}
    for row in session().execute(query):
        person = _credentials(row).person
        if person.unit_id is not None:
            people_of.setdefault(person.unit_id, []).append(person)
    return {
        unit_id: tuple(each for each in found if each.role is not Role.MEMBER) or tuple(found)
        for unit_id, found in people_of.items()
    }


def add(email: str, name: str, role: Role, unit_id: int | None, password_hash: str, locale: str, now: datetime) -> int:
    """Add a person and return the id; Refused where the address is taken."""
    if by_email(email):
        raise Refused(N_("Địa chỉ %(email)s đã có tài khoản."), email=email)
    row = PersonRow(
        email=email.strip().lower(),
        name=name.strip(),
        role=role.value,
        unit_id=unit_id,
        password_hash=password_hash,
        locale=locale,
        active=True,
        created_at=now,
    )
    session().add(row)
    session().flush()
    return row.id


def set_password(person_id: int, password_hash: str) -> None:
    """Replace the password and end every session of the person."""
    change = {"password_hash": password_hash, "session_epoch": PersonRow.session_epoch + 1}
    session().execute(sa.update(PersonRow).where(PersonRow.id == person_id).values(change))


def rehash_password(person_id: int, password_hash: str) -> None:
    """Keep the same password under newer parameters."""
    session().execute(sa.update(PersonRow).where(PersonRow.id == person_id).values(password_hash=password_hash))


def set_active(person_id: int, active: bool) -> None:
    """Open or close an account; closing ends its sessions."""
    change = {"active": active, "session_epoch": PersonRow.session_epoch + 1}
    session().execute(sa.update(PersonRow).where(PersonRow.id == person_id).values(change))


def set_locale(person_id: int, locale: str) -> None:
    """Remember the language a person chose."""
    session().execute(sa.update(PersonRow).where(PersonRow.id == person_id).values(locale=locale))
