"""Tables whose rows nobody changes: the database itself refuses, and one function may set aside what is old."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.engine import Connection

_DOINGS = ("UPDATE", "DELETE")
_REFUSE = (
    "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'append-only'; END $$"
)


def guard(connection: Connection, table: str) -> None:
    """Let the database refuse every UPDATE and DELETE of `table` from now on."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(_REFUSE)
    for doing in _DOINGS:
        if connection.dialect.name == "postgresql":
            how = f"BEFORE {doing} ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        else:
            how = f"BEFORE {doing} ON {table} BEGIN SELECT RAISE(ABORT, 'append-only'); END"
        connection.exec_driver_sql(f"CREATE TRIGGER {_name(table, doing)} {how}")


def unguard(connection: Connection, table: str) -> None:
    """Take the refusal away again, which is part of the transaction and of no other."""
    on = f" ON {table}" if connection.dialect.name == "postgresql" else ""
    for doing in _DOINGS:
        connection.exec_driver_sql(f"DROP TRIGGER {_name(table, doing)}{on}")


@contextmanager
def set_aside(connection: Connection, table: str) -> Iterator[None]:
    """Within the open transaction, let rows of `table` be deleted; undone with the transaction if it fails."""
    unguard(connection, table)
    yield
    guard(connection, table)


def _name(table: str, doing: str) -> str:
    return f"{table}_no_{doing.lower()}"
