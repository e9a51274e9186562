"""A process that sends what lies in an outbox, in children of its own that may be killed at any instant.

`python -m tests.support.sending URL FOLDER SMTP_URL` reads a moment (ISO, with its zone) from each line of its input,
forks a child that sweeps and delivers at that moment, and writes the child's id; then, when it has ended, how it did.
A fork begins at once where a process of its own would read the program first.
"""

import os
import sys
from datetime import datetime
from pathlib import Path

from flask import Flask

from tests.support.office import desk
from tests.support.worlds import NOW, make_app
from tracker.clock import FrozenClock
from tracker.usecases.outbox import deliver, sweep


def main(url: str, folder: str, smtp_url: str) -> None:
    """Serve until the input ends."""
    app = make_app(url, Path(folder), FrozenClock(NOW))
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            _send(app, datetime.fromisoformat(line.strip()), smtp_url)
        _say(child)
        _, status = os.waitpid(child, 0)
        _say(os.waitstatus_to_exitcode(status))


def _send(app: Flask, now: datetime, smtp_url: str) -> None:
    status = 1
    try:
        with app.app_context():
            sweep(now)
            deliver(desk(app, now, smtp_url))
            status = 0
    finally:
        os._exit(status)


def _say(number: int) -> None:
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
