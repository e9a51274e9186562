"""Rows that may be there already: added if not, and told apart."""

from collections.abc import Sequence
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
    result = session().execute(dialect.insert(table).values(rows).on_conflict_do_nothing())
    assert isinstance(result, sa.CursorResult)
    return result.rowcount
