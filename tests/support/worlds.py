"""Databases for the tests: made once by the real migrations and the real import, then copied for each test."""

import itertools
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from jinja2 import FileSystemBytecodeCache
from werkzeug.test import TestResponse

from dev import ROOT
from tests.support.once import Once
from tests.support.samples import read
from tracker.adapters.files import FileStore
from tracker.adapters.seeds import load_directory
from tracker.app import create_app
from tracker.clock import FrozenClock
from tracker.config import load_settings
from tracker.domain.devices import Device
from tracker.domain.people import Role
from tracker.store import people, sessions, units
from tracker.store.database import db, transaction
from tracker.usecases.imports import import_plan
from tracker.usecases.setup import prepare
from tracker.web.feed_copies import FeedCopies
from tracker.web.feed_door import COPIES
from tracker.web.limits import limiter

DATA = ROOT / "tests" / "data"
TEMPLATES = ROOT / ".pytest_cache" / "templates"
ANNEX = DATA / "hai-an-2024-2025.annex.txt"
NOW = datetime(2024, 12, 16, 1, 0, tzinfo=UTC)  # 08:00 in Vietnam
ISSUED = datetime(2024, 7, 1, 1, 0, tzinfo=UTC)
PASSWORD = "tracker-demo"
# The same argon2id with less work.
CHEAP = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1)
MONITORS = ("phong-gddt", "van-phong-hdnd-ubnd")
CAST = {
    "admin": (Role.ADMINISTRATOR, None, "Trần Quản Trị"),
    "monitor": (Role.MONITOR, "phong-gddt", "Nguyễn Theo Dõi"),
    "office": (Role.MONITOR, "van-phong-hdnd-ubnd", "Lê Văn Phòng"),
    "lead": (Role.HEAD, "phong-tckh", "Phạm Chủ Trì"),
    "partner": (Role.HEAD, "truong-th-thanh-to", "Vũ Phối Hợp"),
    "leader": (Role.LEADER, None, "Đỗ Lãnh Đạo"),
}


# Compiled once for all applications, processes and runs; a template that was changed is compiled anew.
TEMPLATES.mkdir(parents=True, exist_ok=True)
COMPILED = FileSystemBytecodeCache(str(TEMPLATES))


def make_app(url: str, folder: Path, clock: FrozenClock, **environ: str) -> Flask:
    """The application on the database at `url`, its files below `folder`, its clock standing still."""
    settings = load_settings(
        {"TRACKER_DATA_DIR": str(folder), "TRACKER_DATABASE_URL": url, "TRACKER_SCHEDULER": "off", **environ},
        may_freeze=True,
    )
    app = create_app(settings, clock)
    app.config.update(TESTING=True, RATELIMIT_ENABLED=False, READING_PATIENCE=60)
    app.jinja_env.bytecode_cache = COMPILED
    # Errands are done before the answer: a test sees what came of them.
    app.extensions["tracker_errands"] = lambda work: work()
    return app


@contextmanager
def closing(app: Flask) -> Iterator[Flask]:
    """Gives the application out and leaves no connection behind."""
    try:
        yield app
    finally:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


class SharedApp:
    """An application that many tests use, one after the other: each finds it as it was made."""

    def __init__(self, app: Flask) -> None:
        self._app, self._config, self._extensions = app, dict(app.config), dict(app.extensions)

    def as_new(self, folder: Path, clock: FrozenClock) -> Flask:
        """The application, whatever the last test did to it, on this clock and with its files below `folder`."""
        app = self._app
        app.config.clear()
        app.config.update(self._config)
        app.extensions.clear()
        app.extensions.update(self._extensions)
        here = replace(self._extensions["tracker"], clock=clock, files=FileStore(folder / "files"))
        app.extensions["tracker"] = here
        app.extensions[COPIES] = FeedCopies(here.base_url, here.zone)
        app.test_client_class = None
        with app.app_context():
            limiter.reset()
        return app


class Worlds:
    """Makes databases of one kind (sqlite or postgresql) by copying templates that are built on first use.

    Templates of SQLite are built `once` for all workers; one worker alone has the server of PostgreSQL.
    """

    def __init__(self, dialect: str, folder: Path, once: Once, postgres: Callable[[], Any]) -> None:
        self.dialect, self.folder, self._once, self._postgres = dialect, folder, once, postgres
        self._templates: dict[str, str] = {}
        self._numbers = itertools.count()
        self._shared: dict[str, SharedApp] = {}

    def fresh(self, kind: str) -> str:
        """The URL of a new database: `empty` (migrated) or `world` (directory, plan, cast)."""
        return self._copy(kind, f"t{next(self._numbers)}")

    def drop(self, url: str) -> None:
        """Removes a database made here."""
        if self.dialect == "postgresql":
            self._postgres().drop_database(url.rpartition("/")[2].partition("?")[0])

    @contextmanager
    def app_on(self, kind: str, folder: Path, clock: FrozenClock) -> Iterator[Flask]:
        """An application on a new database of this kind, its files below `folder`.

        One application serves all tests of a kind, each on a copy of its own in the same place: what SQLAlchemy has
        compiled for one is not compiled again for the next.
        """
        url = self._copy(kind, f"shared_{kind}")
        if kind not in self._shared:
            self._shared[kind] = SharedApp(make_app(url, self.folder, clock))
        with closing(self._shared[kind].as_new(folder, clock)) as app:
            yield app
        self.drop(url)

    def _copy(self, kind: str, name: str) -> str:
        if kind not in self._templates:
            self._templates[kind] = self._template(kind)
        template = self._templates[kind]
        if self.dialect == "postgresql":
            return self._postgres().create_database(f"{self.folder.name}_{name}".replace("-", "_"), template)
        copy = self.folder / f"{name}.sqlite3"
        for old in self.folder.glob(f"{copy.name}*"):  # the log and its index would be taken for the new file's
            old.unlink()
        shutil.copyfile(template, copy)
        return f"sqlite:///{copy}"

    def _template(self, kind: str) -> str:
        if self.dialect == "postgresql":
            return self._build(kind)
        made = self._once.folder(f"{kind}_database", lambda folder: shutil.move(self._build(kind), folder / kind))
        return str(made / kind)

    def _build(self, kind: str) -> str:
        name = f"{self.folder.name}_{kind}".replace("-", "_")
        template = self.folder / f"{kind}.sqlite3"
        if kind == "world":
            url = self._copy("empty", kind)
        else:
            url = self._postgres().create_database(name) if self.dialect == "postgresql" else f"sqlite:///{template}"
        with closing(make_app(url, self.folder, FrozenClock(ISSUED))) as app, app.app_context():
            _people_the_world() if kind == "world" else upgrade()
            if self.dialect == "sqlite":
                # One file to copy: what WAL still holds goes into it, and nothing stays beside it.
                db.session.remove()
                with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                    connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        return name if self.dialect == "postgresql" else str(template)


def _people_the_world() -> None:
    prepare(ISSUED)
    with transaction():
        units.add_directory(load_directory())
    document = read(ANNEX.name)
    import_plan(document, now=ISSUED, monitors=MONITORS, accept_defaults=True)
    secret = CHEAP.hash(PASSWORD)  # the real work is done where it is tested
    with transaction():
        unit_ids = units.ids_by_code()
        for name, (role, unit, full_name) in CAST.items():
            unit_id = unit_ids[unit] if unit else None
            person_id = people.add(f"{name}@example.org", full_name, role, unit_id, secret, "vi", ISSUED)
            sessions.add(f"of-{name}", person_id, Device(), NOW)


def _sign_in(name: str) -> None:
    """Begin the session of one of the cast, where the database was not made with it."""
    if sessions.load(f"of-{name}", NOW.date()) is None:
        found = people.by_email(f"{name}@example.org")
        assert found, f"{name} is not in the cast"
        with transaction():
            sessions.add(f"of-{name}", found.person.id, Device(), NOW)


class Visitor(FlaskClient):
    """A person's browser without the pictures: sends forms the way a page would."""

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        self._still_open: dict[str, str] = {}

    def submit(self, path: str, page: str | None = None, **fields: Any) -> TestResponse:
        """Opens `page` (else `path`) for its token, then posts `fields` to `path`.

        Where the page has that form, what the form says of the log it was opened on goes with them. A page whose form
        was refused as wrong is still open for the next, unless it tells what it has seen.
        """
        page = page or path
        token, seen = self._still_open.pop(page, None), {}
        if token is None:
            opened = self.get(page)
            found = re.search(r'name="csrf_token" value="([^"]+)"', opened.text)
            assert found, f"no form on {page}: {opened.status}"
            form = opened.text.partition(f'action="{path}"')[2].partition("</form>")[0]
            token, seen = found[1], dict(re.findall(r'name="(seen_version)" value="(\d+)"', form))
        answer = self.post(path, data={"csrf_token": token, **seen, **fields})
        if answer.status_code != 422:
            self._still_open.clear()
        elif not seen:
            self._still_open[page] = token
        return answer


class Clients:
    """The cast, each signed in with a session of their own; `visitor` is nobody yet."""

    def __init__(self, app: Flask) -> None:
        app.test_client_class = Visitor
        self._app = app

    def __getattr__(self, name: str) -> Visitor:
        client = self._app.test_client()
        assert isinstance(client, Visitor)
        if name != "visitor":
            with self._app.app_context():
                _sign_in(name)
                db.session.remove()
            with client.session_transaction() as session:
                session.update({"_user_id": f"of-{name}", "_fresh": True})
        setattr(self, name, client)
        return client
