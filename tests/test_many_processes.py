"""Web workers and schedulers side by side: what is due is told once, and a leader that is killed is followed."""

import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from flask import Flask

from dev import ROOT, WINDOWS
from tests.support.mail import SmtpServer
from tests.support.office import at, open_office
from tests.support.ports import free_port
from tracker.clock import SystemClock
from tracker.scheduler import Pace
from tracker.store import leases
from tracker.store.database import db, transaction
from tracker.store.tables import PersonRow

pytestmark = [pytest.mark.long, pytest.mark.skipif(WINDOWS, reason="gunicorn and kill -9 are of Unix")]

WORKERS, SCHEDULERS, PEOPLE, HOUR = 4, 2, 60, 62
Started = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def start() -> Iterator[Started]:
    """Starts processes that end with the test."""
    running: list[subprocess.Popen[bytes]] = []

    def begin(*command: str) -> "subprocess.Popen[bytes]":
        running.append(subprocess.Popen([sys.executable, *command], cwd=ROOT, stderr=subprocess.DEVNULL))
        return running[-1]

    yield begin
    for each in running:
        each.terminate()
    for each in running:
        each.wait(30)


@pytest.fixture
def url(app: Flask) -> str:
    """The address of a database in which sixty people have something to be told of."""
    with app.app_context():
        open_office({str(n): (date(2024, 12, 17 + n), {1: "lead", 2: "partner"}) for n in range(6)})
        with transaction() as session:
            for n in range(PEOPLE - 3):  # the lead, the clerk and the school's head are there already
                fields = {"email": f"p{n}@example.org", "name": f"Người {n}", "role": "member", "active": True}
                session.add(PersonRow(unit_id=1 + n % 2, created_at=at("2024-07-01T08:00"), **fields))
        found = db.engine.url.render_as_string(hide_password=False)
        db.session.remove()
        db.engine.dispose()
    return found


def answers(address: str) -> bool:
    try:
        with urlopen(address, timeout=5) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def test_workers_and_schedulers_tell_each_person_once(
    url: str, tmp_path: Path, smtp_server: SmtpServer, start: Started
) -> None:
    begun, port = time.time(), free_port()
    smtp_server.busy = 5
    given = [url, str(tmp_path), smtp_server.url]
    page = f"tests.support.serving:web({', '.join(map(repr, given))}, {begun})"
    server = ("-m", "gunicorn", "--workers", str(WORKERS), "--bind", f"127.0.0.1:{port}", "--no-control-socket")
    start(*server, "--pythonpath", str(ROOT), page)
    for _ in range(SCHEDULERS):
        start("-m", "tests.support.serving", *given, str(begun))
    served = 0
    while time.time() - begun < HOUR:
        served += answers(f"http://127.0.0.1:{port}/healthz")
        time.sleep(0.2)
    told = Counter(each.recipients[0] for each in smtp_server.messages)
    assert served > 50, "the workers served all the while"
    assert len(told) == PEOPLE
    assert set(told.values()) == {1}


ALONE = """
import sys
from pathlib import Path
from tests.support.worlds import make_app
from tracker.clock import FrozenClock, SystemClock
from tracker.scheduler import run_forever
run_forever(make_app(sys.argv[1], Path(sys.argv[2]), FrozenClock(SystemClock().now())))
"""


def test_a_leader_killed_at_any_instant_is_followed_by_a_tick_within_thirty_seconds(
    app: Flask, tmp_path: Path, start: Started, record_property: Callable[[str, object], None]
) -> None:
    with app.app_context():
        address = db.engine.url.render_as_string(hide_password=False)
    processes = [start("-c", ALONE, address, str(tmp_path)) for _ in range(2)]

    def led_since() -> leases.Heartbeat | None:
        with app.app_context():
            found = leases.heartbeat()
            db.session.remove()
        return found if found and found.holder and found.last_tick_at else None

    def wait_for(true: Callable[[leases.Heartbeat], bool]) -> leases.Heartbeat:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            found = led_since()
            if found and true(found):
                return found
            time.sleep(0.1)
        raise AssertionError("nobody led within a minute")

    first = wait_for(lambda _: True)
    time.sleep(random.uniform(0, Pace().beat.total_seconds()))
    leader = next(each for each in processes if f":{each.pid}:" in first.holder)
    leader.send_signal(signal.SIGKILL)
    died = SystemClock().now()
    after = wait_for(lambda beat: beat.holder != first.holder and beat.last_tick_at > died)
    assert after.last_tick_at
    seconds = (after.last_tick_at - died).total_seconds()
    record_property("seconds until the next leader's tick", seconds)
    assert seconds < 30
