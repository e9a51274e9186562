"""People: who signs in, and who is reached for a unit."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from tracker.domain.errors import Refused
from tracker.domain.people import Person, Role
from tracker.domain.words import N_
from tracker.store.acting import on_day
from tracker.store.database import session
from tracker.store.looks import wake_people
from tracker.store.tables import ActingRow, PersonRow, UnitRow


@dataclass(frozen=True, slots=True)
class Credentials:
    """A person with what a sign-in is checked against."""

    person: Person
    password_hash: str


PEOPLE = sa.select(PersonRow, UnitRow.code, UnitRow.name).outerjoin(UnitRow, UnitRow.id == PersonRow.unit_id)


def person_of(row: Any) -> Person:
    """The person of a row that begins with the columns of PEOPLE."""
    found, unit_code, unit_name = row[:3]
    return Person(
        id=found.id,
        email=found.email,
        name=found.name,
        role=Role(found.role),
        unit_id=found.unit_id,
        unit_code=unit_code,
        unit_name=unit_name,
        locale=found.locale,
        active=found.active,
        phone=found.phone,
    )


def _credentials(row: Any) -> Credentials:
    return Credentials(person_of(row), row[0].password_hash)


_BY_ID = PEOPLE.where(PersonRow.id == sa.bindparam("person_id"))
_BY_EMAIL = PEOPLE.where(PersonRow.email == sa.bindparam("email"))


def by_id(person_id: int) -> Credentials | None:
    """The person with that id."""
    row = session().execute(_BY_ID, {"person_id": person_id}).first()
    return _credentials(row) if row else None


def by_email(email: str) -> Credentials | None:
    """The person with that address, in any case."""
    row = session().execute(_BY_EMAIL, {"email": email.strip().lower()}).first()
    return _credentials(row) if row else None


EVERYONE = PEOPLE.order_by(PersonRow.active.desc(), UnitRow.sort_key, PersonRow.name, PersonRow.id)


def everyone() -> list[Person]:
    """All people, the active first, by unit and name."""
    return [person_of(row) for row in session().execute(EVERYONE)]


def reachable(today: date) -> list[Person]:
    """All people, and after them each once more for every further unit for which they act on that day. 2 queries."""
    return with_acting(everyone(), today)


def with_acting(found: list[Person], today: date) -> list[Person]:
    """These people, who are all there are, as `reachable` has them. 1 query."""
    known = {each.id: each for each in found}
    query = (
        sa.select(ActingRow.person_id, UnitRow.id, UnitRow.code, UnitRow.name)
        .join(UnitRow, UnitRow.id == ActingRow.unit_id)
        .where(on_day(today))
        .order_by(ActingRow.id)
    )
    acting = [
        replace(known[row.person_id], unit_id=row.id, unit_code=row.code, unit_name=row.name)
        for row in session().execute(query)
        if known[row.person_id].unit_id != row.id
    ]
    return found + acting


def last_seen(person_ids: Collection[int]) -> dict[int, datetime]:
    """When each of these people last used the program, in UTC, an hour behind at most; who never came is left out."""
    query = sa.select(PersonRow.id, PersonRow.last_seen_at)
    query = query.where(PersonRow.id.in_(person_ids), PersonRow.last_seen_at.is_not(None))
    return {row.id: row.last_seen_at for row in session().execute(query)}


_UNITS: sa.BindParameter[Any] = sa.bindparam("units", expanding=True)
_PLACES = sa.union(
    sa.select(PersonRow.id, PersonRow.unit_id).where(PersonRow.unit_id.in_(_UNITS)),
    sa.select(ActingRow.person_id, ActingRow.unit_id).where(
        ActingRow.unit_id.in_(_UNITS), on_day(sa.bindparam("today", type_=sa.Date))
    ),
).subquery()
_OF_UNITS = (
    PEOPLE.add_columns(_PLACES.c.unit_id)
    .join(_PLACES, _PLACES.c.id == PersonRow.id)
    .where(PersonRow.active)
    .order_by(PersonRow.name, PersonRow.id)
)


def of_units(unit_ids: Collection[int], today: date) -> dict[int, tuple[Person, ...]]:
    """The people of each unit on a day with an open account, by name, and who acts for it that day. 1 query."""
    people_of: dict[int, list[Person]] = {}
    for row in session().execute(_OF_UNITS, {"units": list(unit_ids), "today": today}):
        people_of.setdefault(row[3], []).append(person_of(row))
    return {unit_id: tuple(found) for unit_id, found in people_of.items()}


def contacts(unit_ids: Collection[int], today: date) -> dict[int, tuple[Person, ...]]:
    """Whom to call of each unit on a day: of its people the heads and monitors, else its members. 1 query."""
    return {
        unit_id: tuple(each for each in found if each.role is not Role.MEMBER) or found
        for unit_id, found in of_units(unit_ids, today).items()
    }


def add(
    email: str,
    name: str,
    role: Role,
    unit_id: int | None,
    password_hash: str,
    locale: str,
    now: datetime,
    phone: str = "",
) -> int:
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
        phone=phone,
    )
    session().add(row)
    session().flush()
    wake_people([row.id])
    return row.id


def correct(person_id: int, email: str, name: str, role: Role, unit_id: int | None) -> None:
    """Keep another address, name, role and unit; Refused where the address is somebody else's."""
    other = by_email(email)
    if other and other.person.id != person_id:
        raise Refused(N_("Địa chỉ %(email)s đã có tài khoản."), email=email)
    values = {"email": email.strip().lower(), "name": name.strip(), "role": role.value, "unit_id": unit_id}
    session().execute(sa.update(PersonRow).where(PersonRow.id == person_id).values(values))


def set_phone(person_id: int, phone: str) -> None:
    """Keep another telephone number."""
    session().execute(sa.update(PersonRow).where(PersonRow.id == person_id).values(phone=phone))


def set_password(person_id: int, password_hash: str) -> None:
    """Keep another password, or the same one under newer parameters."""
    session().execute(sa.update(PersonRow).where(PersonRow.id == person_id).values(password_hash=password_hash))


def set_active(person_id: int, active: bool) -> None:
    """Open or close an account."""
    session().execute(sa.update(PersonRow).where(PersonRow.id == person_id).values(active=active))
    wake_people([person_id])


def set_locale(person_id: int, locale: str) -> None:
    """Remember the language a person chose."""
    session().execute(sa.update(PersonRow).where(PersonRow.id == person_id).values(locale=locale))
