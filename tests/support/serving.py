"""What a web server and schedulers of their own are started with, all on one clock that runs faster than the day.

`gunicorn "tests.support.serving:web(...)"` serves pages, with a scheduler inside each worker; `python -m
tests.support.serving URL FOLDER SMTP_URL BEGUN` is a scheduler alone.
"""

import sys
import time
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from flask import Flask

from tests.support.office import SENDER, at
from tests.support.worlds import make_app
from tracker.adapters.mail import SmtpChannel
from tracker.clock import FrozenClock, SystemClock
from tracker.scheduler import Pace, run_forever, start_in_background

SPEED = 60
MORNING = at("2024-12-16T06:59")
QUICK = Pace(beat=timedelta(milliseconds=200), lease=timedelta(seconds=1), tick=timedelta(milliseconds=200))


class FastClock(SystemClock):
    """A clock that showed MORNING when it was `begun` (seconds of the machine's clock) and runs SPEED times as fast."""

    def __init__(self, begun: float) -> None:
        self._begun = begun

    def now(self) -> datetime:
        """The moment, in UTC."""
        return MORNING + timedelta(seconds=(time.time() - self._begun) * SPEED)


def made(url: str, folder: str, smtp_url: str, begun: float) -> Flask:
    """The application on that database and clock, sending to that server."""
    app = make_app(url, Path(folder), FrozenClock(MORNING))
    app.extensions["tracker"] = replace(app.extensions["tracker"], clock=FastClock(begun))
    app.extensions["tracker_channels"] = lambda: {"mail": SmtpChannel(smtp_url, SENDER)}
    return app


def web(url: str, folder: str, smtp_url: str, begun: float) -> Flask:
    """The application of one worker, which ticks as well."""
    app = made(url, folder, smtp_url, begun)
    start_in_background(app, QUICK).__enter__()
    return app


if __name__ == "__main__":
    run_forever(made(sys.argv[1], sys.argv[2], sys.argv[3], float(sys.argv[4])), QUICK)
