"""The database: how it is opened, how times are kept, and the one place that commits."""

import re
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session
from sqlalchemy import event
from sqlalchemy.engine import Connection, Dialect, Engine
from sqlalchemy.orm import DeclarativeBase, scoped_session

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
BUSY_MILLISECONDS = 15_000
# Writes after which no page that is kept shows anything else: the rest names the state of the pages anew.
_PASSING = {
    "sign_in_session",
    "account_link",
    "second_factor",
    "recovery_code",
    "log_draft",
    "subscription",
    "feed_scope",
    "typed_form",
    "import_draft",
    "lease",
    "installation",
}
# Writes after which the work stands as before: the rest names its state anew too.
_BESIDE_THE_WORK = _PASSING | {"notice_acceptance", "outbox", "reminder", "preference", "change_entry"}
# Names that a database takes for words of its own, such as "plan", stand in quotes.
_WRITE = re.compile(r"""(?:INSERT INTO|UPDATE|DELETE FROM) "?(\w+)"?(?: SET (?:look_at|last_seen_at)=)?""")
REVISION = "revision"
PAGE_STATE = "page_state"
_WRITTEN = "written"
_PAGES_NAMED_ANEW = sa.text("UPDATE installation SET page_state = :new")
_WORK_NAMED_ANEW = sa.text("UPDATE installation SET page_state = :new, revision = :new")


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """Aware datetimes in Python, UTC without an offset in the table."""

    impl = sa.DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.replace(tzinfo=UTC) if value is not None else None


class Base(DeclarativeBase):
    """All tables; every constraint gets a name, so that SQLite can alter it later."""

    metadata = sa.MetaData(naming_convention=NAMING)
    type_annotation_map = {datetime: UtcDateTime}  # noqa: RUF012


db = SQLAlchemy(metadata=Base.metadata)


def init_database(app: Flask, url: str) -> None:
    """Bind the application to the database at `url` (sqlite:/// or postgresql://)."""
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    # Parameters hold what people wrote: they stay out of error messages and logs.
    options = {"hide_parameters": True, "pool_pre_ping": url.startswith("postgresql")}
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = options
    db.init_app(app)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            _prepare_sqlite(db.engine)
        event.listen(db.engine, "before_cursor_execute", _note_write)


def _note_write(connection: Connection, _cursor: object, statement: str, *_rest: object) -> None:
    """Remember which states this connection's writes bring to an end."""
    found = _WRITE.match(statement)
    if found and found[1] not in _PASSING and not found[0].endswith("="):
        ended = {PAGE_STATE} if found[1] in _BESIDE_THE_WORK else {REVISION, PAGE_STATE}
        connection.info.setdefault(_WRITTEN, set()).update(ended)


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: object) -> None:
        # SQLAlchemy, not the driver, begins transactions: the driver would begin too late to see one state.
        connection.isolation_level = None
        for pragma in (
            f"busy_timeout={BUSY_MILLISECONDS}",
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        # A writer takes its place at once: one that read first and wrote later would be refused without waiting.
        mode = connection.get_execution_options().get("sqlite_begin", "DEFERRED")
        driver_connection = connection.connection.driver_connection
        assert driver_connection is not None
        try:
            driver_connection.execute(f"BEGIN {mode}")
        except sqlite3.OperationalError as locked:
            # Errors of an event's own statements do not come out as SQLAlchemy's, which callers know.
            raise sa.exc.OperationalError(f"BEGIN {mode}", None, locked) from locked


def session() -> scoped_session[Session]:
    """The session of the current application context, for reading."""
    return db.session


@contextmanager
def transaction() -> Iterator[scoped_session[Session]]:
    """One use case's writes: committed together at the end, undone together on any error.

    What was read before on this session is forgotten first, so that the use case decides on the present state.
    A use case called by another one joins its transaction; where the inner one fails, the whole is undone, also if
    the outer one goes on.
    """
    state = db.session().info
    if "failed" in state:
        yield from _joined(state)
        return
    db.session.rollback()
    state["failed"] = False
    state.pop(REVISION, None)
    state.pop(PAGE_STATE, None)
    try:
        db.session.connection(execution_options={"sqlite_begin": "IMMEDIATE"}).info.pop(_WRITTEN, None)
        yield db.session
        if state["failed"]:
            db.session.rollback()
        else:
            _name_states()
            db.session.commit()
    except BaseException:
        db.session.rollback()
        raise
    finally:
        del state["failed"]


def _name_states() -> None:
    """Name the state of the work, and of the pages, anew where this transaction wrote what brings one to its end.

    Drawn, not counted: a copy of the database that goes another way never has the name of this one's state. It is the
    transaction's last write, so that two writers wait for one another only while one of them commits.
    """
    db.session.flush()
    ended = db.session.connection().info.pop(_WRITTEN, None)
    if ended:
        named_anew = _WORK_NAMED_ANEW if REVISION in ended else _PAGES_NAMED_ANEW
        db.session.execute(named_anew, {"new": secrets.token_hex(8)})


def is_writing() -> bool:
    """Whether this context is in the middle of a transaction that may have written something."""
    return "failed" in db.session().info


def _joined(state: dict[Any, Any]) -> Iterator[scoped_session[Session]]:
    try:
        yield db.session
    except BaseException:
        state["failed"] = True
        raise
