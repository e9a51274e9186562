"""What a unit settles for itself, as it is kept."""

from dataclasses import dataclass

import sqlalchemy as sa

from tracker.domain.people import Role
from tracker.store.database import session
from tracker.store.tables import PersonRow, UnitRow

HAS_HEAD = sa.exists().where(PersonRow.unit_id == UnitRow.id, PersonRow.active, PersonRow.role == Role.HEAD.value)
"""Whether UnitRow has a head with an open account."""


@dataclass(frozen=True, slots=True)
class UnitSettings:
    """A unit's own settings; `head_approves` is idle while the unit has no head."""

    unit_id: int
    name: str
    head_approves: bool
    has_head: bool


def of_unit(code: str) -> UnitSettings | None:
    """The settings of the unit with that code. 1 query."""
    query = sa.select(UnitRow.id, UnitRow.name, UnitRow.head_approves, HAS_HEAD).where(UnitRow.code == code)
    row = session().execute(query).first()
    return UnitSettings(*row) if row else None


def set_approval(unit_id: int, *, wanted: bool) -> None:
    """Write down whether the unit's head reads its reports first."""
    session().execute(sa.update(UnitRow).where(UnitRow.id == unit_id).values(head_approves=wanted))
