"""What every test may ask for."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.support.worlds import NOW, Clients, Worlds, closing, make_app
from tracker.clock import FrozenClock

pytest_plugins = ("tests.support.fixtures",)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Runs what asks for a database on both kinds, or on SQLite alone where it is marked `one_database`."""
    if "worlds" in metafunc.fixturenames:
        alone = metafunc.definition.get_closest_marker("one_database")
        kinds = ["sqlite"] if alone else ["sqlite", "postgresql"]
        metafunc.parametrize("worlds", kinds, indirect=True, scope="session")


@pytest.fixture(scope="session")
def worlds(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Worlds:
    """Copies of ready databases; a test that asks for one runs on SQLite and on PostgreSQL."""
    # The process in the name: workers side by side may share one PostgreSQL server.
    folder = tmp_path_factory.mktemp(f"{request.param}_{os.getpid()}_")
    return Worlds(request.param, folder, lambda: request.getfixturevalue("postgres"))


@pytest.fixture
def clock() -> FrozenClock:
    """The clock of `app` and `world`: 16/12/2024, 08:00 in Vietnam, until a test moves it."""
    return FrozenClock(NOW)


def _app_on(kind: str, worlds: Worlds, folder: Path, clock: FrozenClock) -> Iterator[Flask]:
    url = worlds.fresh(kind)
    with closing(make_app(url, folder, clock)) as app:
        yield app
    worlds.drop(url)


@pytest.fixture
def app(worlds: Worlds, tmp_path: Path, clock: FrozenClock) -> Iterator[Flask]:
    """The application on an empty, migrated database."""
    yield from _app_on("empty", worlds, tmp_path, clock)


@pytest.fixture
def world(worlds: Worlds, tmp_path: Path, clock: FrozenClock) -> Iterator[Flask]:
    """The application with the directory, the real plan in force and the cast."""
    yield from _app_on("world", worlds, tmp_path, clock)


@pytest.fixture
def clients(world: Flask) -> Clients:
    """`clients.monitor`, `.office`, `.lead`, `.partner`, `.leader`, `.admin`, and `.visitor`, who is not signed in."""
    return Clients(world)
