"""Runs the migrations on the application's own database, in batch mode so that SQLite can follow."""

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import context
from flask import current_app
from sqlalchemy.engine import Connection

from tracker.store import tables
from tracker.store.database import Base, UtcDateTime

assert tables.PlanRow.metadata is Base.metadata


def render_item(kind: str, item: object, _context: object) -> str | bool:
    """Our own column types appear in migrations as what they are in the database."""
    return "sa.DateTime()" if kind == "type" and isinstance(item, UtcDateTime) else False


@contextmanager
def references_unchecked(connection: Connection) -> Iterator[None]:
    """Let SQLite put a new table in the place of an old one that others refer to; references are checked at the end.

    Outside a transaction, for within one SQLite does not listen.
    """
    driver = connection.connection.driver_connection
    if connection.dialect.name != "sqlite" or driver is None:
        yield
        return
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys=ON")


def run() -> None:
    """Bring the database to the revision asked for, all in one transaction."""
    engine = current_app.extensions["migrate"].db.engine
    with engine.connect() as connection, references_unchecked(connection):
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=True,
            compare_type=True,
            render_item=render_item,
        )
        with context.begin_transaction():
            context.run_migrations()
            if connection.dialect.name == "sqlite":
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
                assert not broken, broken
        connection.commit()


run()
