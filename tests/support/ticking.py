"""A process of its own that ticks: `python -m tests.support.ticking URL FOLDER NOW SMTP_URL [at_once]`.

With `at_once` it says that it is ready and waits for a line before it ticks, so that several can start together.
"""

import sys
from datetime import datetime
from pathlib import Path

from tests.support.office import desk
from tests.support.worlds import closing, make_app
from tracker.clock import FrozenClock
from tracker.usecases.reminders import tick


def main(url: str, folder: str, now: str, smtp_url: str, mode: str = "") -> None:
    """One tick at `now` (ISO, with its zone) over the database at `url`."""
    moment = datetime.fromisoformat(now)
    with closing(make_app(url, Path(folder), FrozenClock(moment))) as app, app.app_context():
        if mode == "at_once":
            sys.stdout.write("ready\n")
            sys.stdout.flush()
            sys.stdin.readline()
        result = tick(desk(app, moment, smtp_url))
        sys.stdout.write(f"{result.planned} {result.sent} {result.failed}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
