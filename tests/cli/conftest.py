"""The command run in this process, on data folders of its own."""

import io
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.worlds import ISSUED
from tracker import cli
from tracker.cli import demo
from tracker.cli.database import application, bring_forward
from tracker.clock import FrozenClock
from tracker.config import load_settings
from tracker.usecases.setup import prepare


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command said, and its exit status."""

    status: int
    out: str
    err: str


Command = Callable[..., Answer]


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with an installation as `tracker run` leaves it, and a demonstration beside it."""
    folder = tmp_path_factory.mktemp("installation")
    environ = {"TRACKER_DATA_DIR": str(folder)}
    settings = load_settings(environ)
    with application(settings, FrozenClock(ISSUED)):
        bring_forward(settings)
        prepare(ISSUED)
    shown = load_settings(environ, demo=True)
    demo.build(shown, demo.frozen_at(shown))
    return folder


@pytest.fixture
def empty_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with nothing in it yet."""
    monkeypatch.setenv("TRACKER_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("TRACKER_SCHEDULER", "off")
    return tmp_path / "var"


@pytest.fixture
def home(empty_home: Path, templates: Path) -> Path:
    """A data folder with an installation and a demonstration."""
    shutil.copytree(templates, empty_home)
    return empty_home


@pytest.fixture(autouse=True)
def quick_reading(request: pytest.FixtureRequest) -> None:
    """Documents are read in this process, but where a test is marked `reader_process`."""
    if not request.node.get_closest_marker("reader_process"):
        request.getfixturevalue("reading_here")


@pytest.fixture
def tracker(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Command:
    """Runs `tracker` with arguments; `stdin` is what it may read."""

    def run(*arguments: str, stdin: str = "") -> Answer:
        monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
        capsys.readouterr()
        status = cli.main(arguments)
        said = capsys.readouterr()
        return Answer(status, said.out, said.err)

    return run
