"""Rows that may be there already: added if not, and told apart."""

from collections.abc import Collection, Iterator, Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from tracker.store.database import Base, session

# What a query asks for: ids, or the name under which a query that is kept is given them each time.
Ids = Collection[int] | sa.BindParameter[Any]
_ADDED = sa.literal(1)


def insert_if_new(table: type[Base], **values: Any) -> bool:
    """Add one row and say so, or leave the one whose key it would double; another process's row counts at once."""
    return insert_new(table, [values]) == 1


def insert_new(table: type[Base], rows: Sequence[dict[str, Any]]) -> int:
    """Add those of `rows` (at least one, all with the same columns) whose keys are not there yet; return how many."""
    # Counted by what comes back: PostgreSQL's driver gives no row count for an insert.
    return len(insert_returning(table, rows, _ADDED))


def insert_returning(table: type[Base], rows: Sequence[dict[str, Any]], *columns: Any) -> Sequence[sa.Row[Any]]:
    """Add rows as `insert_new` does, and return these columns of each that was added."""
    # The rows as parameters: the statement is made once, however many they are.
    return session().execute(_adding(table, session().connection().dialect.name, columns), rows).all()


@cache
def _adding(table: type[Base], on: str, columns: tuple[Any, ...]) -> sa.Insert:
    dialect = postgresql if on == "postgresql" else sqlite
    return dialect.insert(table.__table__).on_conflict_do_nothing().returning(*columns)


def chunks(ids: Sequence[int], most: int = 5_000) -> Iterator[Sequence[int]]:
    """The ids in portions that either database takes as the parameters of one statement."""
    return (ids[at : at + most] for at in range(0, len(ids), most))
