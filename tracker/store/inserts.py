"""Rows that may be there already: added if not, and told apart."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from tracker.store.database import Base, session


def insert_if_new(table: type[Base], **values: Any) -> bool:
    """Add one row and say so, or leave the one whose key it would double; another process's row counts at once."""
    dialect = postgresql if session().connection().dialect.name == "postgresql" else sqlite
    result = session().execute(dialect.insert(table).values(**values).on_conflict_do_nothing())
    assert isinstance(result, sa.CursorResult)
    return result.rowcount == 1
