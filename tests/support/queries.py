"""Counts what the database is asked."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event


@contextmanager
def count_queries(engine: Engine) -> Iterator[list[str]]:
    """Yields a list that grows by the text of every statement the engine runs inside the `with` block."""
    statements: list[str] = []

    def remember(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", remember)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", remember)


@contextmanager
def driver_statements(engine: Engine) -> Iterator[list[str]]:
    """Yields a list that grows by the first word of every statement that SQLite itself is given, transactions aside."""
    statements: list[str] = []

    def remember(connection: Any, *_rest: Any) -> None:
        connection.set_trace_callback(lambda text: statements.append(text.split()[0]))

    def forget(connection: Any, *_rest: Any) -> None:
        connection.set_trace_callback(None)

    event.listen(engine, "checkout", remember)
    event.listen(engine, "checkin", forget)
    try:
        yield statements
    finally:
        event.remove(engine, "checkout", remember)
        event.remove(engine, "checkin", forget)
        statements[:] = [word for word in statements if word not in ("BEGIN", "COMMIT", "ROLLBACK")]
