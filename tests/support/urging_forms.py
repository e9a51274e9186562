"""A process of its own that sends forms of urging: `python -m tests.support.urging_forms URL FOLDER NOW`.

It says that it is ready, then sends the form of each key that it reads, a line each, and tells what came of it.
"""

import sys
from datetime import datetime
from pathlib import Path

from tests.support.office import BASE
from tests.support.worlds import closing, make_app
from tracker.clock import FrozenClock
from tracker.store import people
from tracker.store.database import db
from tracker.usecases import urging
from tracker.web.runtime import runtime

SHARE = 1


def main(url: str, folder: str, now: str) -> None:
    """The monitor urges a share of the database at `url`, once for each key, at `now` (ISO, with its zone)."""
    moment = datetime.fromisoformat(now)
    with closing(make_app(url, Path(folder), FrozenClock(moment))) as app, app.app_context():
        monitor = people.by_email("monitor@example.org")
        assert monitor
        db.session.remove()
        _tell("ready")
        for key in sys.stdin:
            done = urging.send(monitor.person, [SHARE], "Khẩn trương", key.strip(), moment, runtime().zone, BASE)
            db.session.remove()
            _tell("again" if done.again else f"sent {done.messages}")


def _tell(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
