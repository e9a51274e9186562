"""Forms that people sent to see what would happen, kept so that the page that shows it has an address."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from tracker.store.database import session
from tracker.store.tables import TypedForm


@dataclass(frozen=True, slots=True)
class Typed:
    """A kept form: its pairs of name and text, and whether what it asked for has been done."""

    id: int
    fields: tuple[tuple[str, str], ...]
    recorded: bool


def keep(person_id: int, place: str, fields: Iterable[tuple[str, str]], now: datetime) -> int:
    """Keep a form; returns its id."""
    row = TypedForm(person_id=person_id, place=place, fields=[list(pair) for pair in fields], typed_at=now)
    session().add(row)
    session().flush()
    return row.id


def one(person_id: int, place: str, form_id: int) -> Typed | None:
    """A form that the person sent from that place. 1 query."""
    own = (TypedForm.id == form_id, TypedForm.person_id == person_id, TypedForm.place == place)
    row = session().scalars(sa.select(TypedForm).where(*own)).first()
    return Typed(row.id, tuple((name, text) for name, text in row.fields), row.recorded) if row else None


def mark_recorded(person_id: int, place: str, form_id: int) -> None:
    """Note that what a form asked for has been done."""
    own = (TypedForm.id == form_id, TypedForm.person_id == person_id, TypedForm.place == place)
    session().execute(sa.update(TypedForm).where(*own).values(recorded=True))


def sweep(before: datetime) -> None:
    """Remove the forms sent before a moment (UTC)."""
    session().execute(sa.delete(TypedForm).where(TypedForm.typed_at < before))
