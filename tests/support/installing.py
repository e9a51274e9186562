"""An installation as the commands leave it."""

from pathlib import Path

from tests.support.worlds import ISSUED
from tracker.cli import demo
from tracker.cli.database import application, bring_forward
from tracker.clock import FrozenClock
from tracker.config import load_settings
from tracker.usecases.setup import prepare


def install(folder: Path) -> None:
    """Fill a data folder as `tracker run` does, with a demonstration beside the installation."""
    environ = {"TRACKER_DATA_DIR": str(folder)}
    settings = load_settings(environ)
    with application(settings, FrozenClock(ISSUED)):
        bring_forward(settings)
        prepare(ISSUED)
    shown = load_settings(environ, demo=True)
    demo.build(shown, demo.frozen_at(shown))
