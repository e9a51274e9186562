"""Which form the database is in, and which form this program needs."""

from functools import cache
from pathlib import Path

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from tracker.store.database import db

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"


@cache
def needed() -> str | None:
    """The revision that this program works with: the head of its migrations."""
    return ScriptDirectory(str(MIGRATIONS)).get_current_head()


@cache
def known() -> frozenset[str]:
    """Every revision that this program can bring forward."""
    return frozenset(each.revision for each in ScriptDirectory(str(MIGRATIONS)).walk_revisions())


def present() -> str | None:
    """The revision of the database, None while it is empty."""
    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()
