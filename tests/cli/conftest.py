"""The command run in this process, on data folders of its own."""

import io
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tracker import cli


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command said, and its exit status."""

    status: int
    out: str
    err: str


Command = Callable[..., Answer]


@pytest.fixture
def empty_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with nothing in it yet."""
    monkeypatch.setenv("TRACKER_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("TRACKER_SCHEDULER", "off")
    return tmp_path / "var"


@pytest.fixture
def home(empty_home: Path, installation: Path) -> Path:
    """A data folder with an installation and a demonstration."""
    shutil.copytree(installation, empty_home)
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
