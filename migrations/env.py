"""Runs the migrations on the application's own database, in batch mode so that SQLite can follow."""

from alembic import context
from flask import current_app

from tracker.store import tables
from tracker.store.database import Base, UtcDateTime

assert tables.PlanRow.metadata is Base.metadata


def render_item(kind: str, item: object, _context: object) -> str | bool:
    """Our own column types appear in migrations as what they are in the database."""
    return "sa.DateTime()" if kind == "type" and isinstance(item, UtcDateTime) else False


def run() -> None:
    """Bring the database to the revision asked for, all in one transaction."""
    engine = current_app.extensions["migrate"].db.engine
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=True,
            compare_type=True,
            render_item=render_item,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


run()
