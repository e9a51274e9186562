"""What every test may ask for."""

import gc
import os
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from flask import Flask

from tests.support.once import Once
from tests.support.worlds import NOW, Clients, Worlds
from tracker.clock import FrozenClock

TESTS = Path(__file__).parent
EDGES = ("web", "cli", "usecases", "test_scheduler.py", "test_migrations.py")
# Nothing of what is imported and collected is garbage; see `pytest_collection_finish`.
gc.disable()
pytest_plugins = ("tests.support.fixtures",)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Runs what asks for a database on both kinds, or on SQLite alone where it is marked `one_database`.

    Pages, commands, use cases and timers ask through the store, whose tests run on both: they themselves do so in the
    long run, and in every run where they are marked `both_databases`.
    """
    if "worlds" in metafunc.fixturenames:
        marked, long = metafunc.definition.get_closest_marker, metafunc.config.getoption("--long")
        edge = metafunc.definition.path.relative_to(TESTS).parts[0] in EDGES
        alone = marked("one_database") or (edge and not long and not marked("both_databases"))
        kinds = ["sqlite"] if alone else ["sqlite", "postgresql"]
        metafunc.parametrize("worlds", kinds, indirect=True, scope="session")


@pytest.fixture(scope="session")
def worlds_of_a_kind(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, once: Once
) -> Callable[[str], Worlds]:
    """Gives the `Worlds` of a kind of database, made once: a fixture with parameters is made anew at each change."""

    @cache
    def of(dialect: str) -> Worlds:
        # The process in the name: workers side by side may share one PostgreSQL server.
        folder = tmp_path_factory.mktemp(f"{dialect}_{os.getpid()}_")
        return Worlds(dialect, folder, once, lambda: request.getfixturevalue("postgres"))

    return of


@pytest.fixture(scope="session")
def worlds(request: pytest.FixtureRequest, worlds_of_a_kind: Callable[[str], Worlds]) -> Worlds:
    """Copies of ready databases; a test that asks for one runs on SQLite and on PostgreSQL."""
    return worlds_of_a_kind(request.param)


@pytest.fixture
def clock() -> FrozenClock:
    """The clock of `app` and `world`: 16/12/2024, 08:00 in Vietnam, until a test moves it."""
    return FrozenClock(NOW)


@pytest.fixture
def app(worlds: Worlds, tmp_path: Path, clock: FrozenClock) -> Iterator[Flask]:
    """The application on an empty, migrated database."""
    with worlds.app_on("empty", tmp_path, clock) as app:
        yield app


@pytest.fixture
def world(worlds: Worlds, tmp_path: Path, clock: FrozenClock) -> Iterator[Flask]:
    """The application with the directory, the real plan in force and the cast."""
    with worlds.app_on("world", tmp_path, clock) as app:
        yield app


@pytest.fixture
def clients(world: Flask) -> Clients:
    """`clients.monitor`, `.office`, `.lead`, `.partner`, `.leader`, `.admin`, and `.visitor`, who is not signed in."""
    return Clients(world)
