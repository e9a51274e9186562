"""Rows that may be there already: added if not, and told apart."""

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from tracker.store.database import Base, session


def insert_if_new(table: type[Base], **values: Any) -> bool:
    """Add one row and say so, or leave the one whose key it would double; another process's row counts at once."""
    return insert_new(table, [values]) == 1


def insert_new(table: type[Base], rows: Sequence[dict[str, Any]]) -> int:
    """Add those of `rows` (at least one) whose keys are not there yet, in one statement; return how many they were."""
    dialect = postgresql if session().connection().dialect.name == "postgresql" else sqlite
    adding = dialect.insert(table).values(rows).on_conflict_do_nothing()
    # Counted by what comes back: PostgreSQL's driver gives no row count for an insert.
    return len(session().execute(adding.returning(sa.literal(1))).all())


def chunks(ids: Sequence[int], most: int = 5_000) -> Iterator[Sequence[int]]:
    """The ids in portions that either database takes as the parameters of one statement."""
    return (ids[at : at + most] for at in range(0, len(ids), most))
