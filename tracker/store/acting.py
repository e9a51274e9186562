"""Who acts for which further unit, from a day to a day."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import sqlalchemy as sa

from tracker.domain.people import Place
from tracker.store.database import session
from tracker.store.looks import wake_people
from tracker.store.tables import ActingRow, UnitRow
from tracker.store.tenure import CACHED_DAYS, Day


@dataclass(frozen=True, slots=True)
class Acting:
    """A person's further unit, from one day to another, both included; `until_on` is None until further notice."""

    id: int
    place: Place
    from_on: date
    until_on: date | None
    document: str


def of_person(person_id: int) -> list[Acting]:
    """For which units a person acts, acted or is going to, the latest first. 1 query."""
    query = (
        sa.select(ActingRow, UnitRow.code, UnitRow.name)
        .join(UnitRow, UnitRow.id == ActingRow.unit_id)
        .where(ActingRow.person_id == person_id)
        .order_by(ActingRow.from_on.desc(), ActingRow.id.desc())
    )
    return [
        Acting(row.id, Place(row.unit_id, code, name), row.from_on, row.until_on, row.document)
        for row, code, name in session().execute(query)
    ]


@lru_cache(CACHED_DAYS)
def on_day(day: Day) -> sa.ColumnElement[bool]:
    """That a row of `acting` holds on that day."""
    return sa.and_(ActingRow.from_on <= day, sa.or_(ActingRow.until_on.is_(None), ActingRow.until_on >= day))


def add(person_id: int, unit_id: int, from_on: date, until_on: date | None, document: str) -> None:
    """Let a person act for a unit."""
    row = {"person_id": person_id, "unit_id": unit_id, "from_on": from_on, "until_on": until_on, "document": document}
    session().execute(sa.insert(ActingRow).values(row))
    wake_people([person_id])


def end(acting_id: int, last_day: date) -> None:
    """Let it end with that day; what was not to begin before then goes."""
    mine = ActingRow.id == acting_id
    wake_people(session().scalars(sa.select(ActingRow.person_id).where(mine)).all())
    session().execute(sa.delete(ActingRow).where(mine, ActingRow.from_on > last_day))
    session().execute(sa.update(ActingRow).where(mine).values(until_on=last_day))
