"""What tests can ask for by name, and the --long switch. Loaded by tests/conftest.py through `pytest_plugins`."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import settings
from playwright.sync_api import Browser, Page
from xdist.scheduler import LoadFileScheduling

from tests.support.browser import Pages, launch_browser
from tests.support.history import History
from tests.support.installing import install
from tests.support.mail import SmtpServer
from tests.support.memory import memory_folder
from tests.support.newcomer import EMAIL, SECRET
from tests.support.once import Once
from tests.support.postgres import PostgresServer, start_postgres
from tests.support.reading import ask_here
from tests.support.worlds import CHEAP, Clients
from tracker.adapters import passwords
from tracker.adapters.documents import safely
from tracker.adapters.files import FileStore
from tracker.clock import FrozenClock
from tracker.domain.people import Person, Role
from tracker.store.remembered import Kept
from tracker.usecases import people
from tracker.usecases.privacy import accept_notice
from tracker.web import kept_pages

# Files that print documents in Chromium, or look at pages in it: with tests/browser/ all in one worker's Chromium.
PRINTING = tuple(f"tests/adapters/documents/test_{name}.py" for name in ("hai_an", "hostile", "pdf", "several_tables"))
ON_POSTGRES = "tests/project/test_postgres.py"
IN_CHROMIUM = ("tests/browser/", *PRINTING, "tests/project/test_support.py")
FIRST = (
    *IN_CHROMIUM,
    "tests/web/test_access_table.py",
    "tests/web/test_query_ceiling.py",
    "tests/usecases/test_reminder_processes.py",
    "tests/cli/",
    "tests/test_",
    "tests/adapters/",
)
PLAIN_EXAMPLES = 20
LAST = ("tests/domain/", "tests/project/")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="run the checks marked `long` as well")
    parser.addoption("--pictures", action="store_true", help="take the pictures of README anew")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leaves the long checks out of the plain run, as deselected: nothing that is not asked for reads as skipped.

    Those with a browser, with processes of their own and the long tables come first, the short ones last: workers side
    by side then end together.
    """
    items.sort(key=lambda item: _turn(item.nodeid))
    if config.getoption("--long"):
        return
    long = [item for item in items if item.get_closest_marker("long")]
    if long:
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if item not in long]


def _turn(node: str) -> int:
    """When a test has its turn: the place in FIRST of the longest files and folders, else after them, or in LAST."""
    known = (at - len(FIRST) for at, start in enumerate(FIRST) if node.startswith(start))
    return next(known, 1 if node.startswith(LAST) else 0)


class OneOfEach(LoadFileScheduling):
    """Gives each file to one worker; all that need Chromium to one, and all on PostgreSQL: it is started once."""

    def _split_scope(self, nodeid: str) -> str:
        if nodeid.startswith(IN_CHROMIUM):
            return "chromium"
        return (
            "postgresql"
            if "[postgresql" in nodeid or nodeid.startswith(ON_POSTGRES)
            else str(super()._split_scope(nodeid))
        )


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadFileScheduling | None:
    """The scheduler where files are not to be torn apart."""
    return OneOfEach(config, log) if config.getoption("dist") == "loadfile" else None


def pytest_configure(config: pytest.Config) -> None:
    """Puts the temporary folders of a run into memory, and draws fewer examples in the plain run.

    Databases of tests wait for no disk, and no example is judged by how long a busy machine took over it.
    """
    settings.register_profile("plain", max_examples=PLAIN_EXAMPLES, deadline=None)
    settings.register_profile("long", deadline=None)
    settings.load_profile("long" if config.getoption("--long") else "plain")
    folder = memory_folder()
    if folder and not config.option.basetemp:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(folder))


def pytest_collection_finish() -> None:
    """Leaves what was imported and collected out of the search for garbage, which a tenth of the run went into."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    gc.enable()


@pytest.fixture
def reading_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Documents are read in this process. See `ask_here`."""
    monkeypatch.setattr(safely, "_ask", ask_here)


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Once:
    """Makes what is dear once for all workers of a run. See `Once`."""
    own = tmp_path_factory.getbasetemp()
    common = (own.parent if os.environ.get("PYTEST_XDIST_WORKER") else own) / "once"
    common.mkdir(exist_ok=True)
    return Once(common)


@pytest.fixture(scope="session")
def installation(once: Once) -> Path:
    """A data folder with an installation as `tracker run` leaves it, and a demonstration beside it; to be copied."""
    return once.folder("installation", install)


@pytest.fixture
def written_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages are written each time that they are asked for, and none is kept."""
    monkeypatch.setattr(kept_pages, "_KEPT", Kept(0))


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL server for the whole run."""
    server = start_postgres()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium for the whole run."""
    with launch_browser() as browser:
        yield browser


@pytest.fixture
def new_page(browser: Browser) -> Iterator[Pages]:
    """Makes pages: `new_page()` 1280 pixels wide, `new_page(390)` a phone. See `Pages`."""
    pages = Pages(browser)
    yield pages
    pages.close()


@pytest.fixture
def page(new_page: Pages) -> Page:
    """One page 1280 pixels wide."""
    return new_page()


@pytest.fixture
def smtp_server() -> Iterator[SmtpServer]:
    """An SMTP server that keeps the messages. See `SmtpServer` for its knobs."""
    server = SmtpServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def inside(world: Flask) -> Iterator[Flask]:
    """The world with its database at hand."""
    with world.app_context():
        yield world


@pytest.fixture
def history(world: Flask) -> History:
    """Writes into the logs of the world's plan."""
    return History(world)


@pytest.fixture
def files(tmp_path: Path) -> FileStore:
    """A folder of files of the test's own."""
    return FileStore(tmp_path / "files")


@pytest.fixture
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is tested is who gets in, not how long a guess takes."""
    monkeypatch.setattr(passwords, "_hasher", CHEAP)


@pytest.fixture
def newcomer(world: Flask, clock: FrozenClock, clients: Clients, cheap_hashes: None) -> Person:
    """A member of a department with a password of their own, who has not read the notice on personal data."""
    with world.app_context():
        return people.add_person(EMAIL, "Ngô Cán Bộ", Role.MEMBER, "phong-tckh", now=clock.now(), password=SECRET)


@pytest.fixture
def can_bo(world: Flask, clock: FrozenClock, newcomer: Person) -> Person:
    """The newcomer once the notice was read; `clients.visitor` is not signed in."""
    with world.app_context():
        accept_notice(newcomer, clock.now())
    return newcomer
