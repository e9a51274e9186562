"""Schedulers side by side: one leads, another follows it, and the timers do what the use cases say."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from apscheduler.events import (
    EVENT_JOB_ERROR,
    EVENT_JOB_MAX_INSTANCES,
    EVENT_JOB_MISSED,
    JobExecutionEvent,
    JobSubmissionEvent,
)
from flask import Flask

from dev import ROOT
from tests.support.mail import SmtpServer
from tests.support.office import MADE, SENDER, at, open_office
from tracker.adapters.mail import SmtpChannel
from tracker.clock import FrozenClock, SystemClock
from tracker.scheduler import JOB_DEFAULTS, Pace, _report, start_in_background
from tracker.store import leases, outbox
from tracker.store.database import db, transaction
from tracker.web.errands import desk_of

QUICK = Pace(beat=timedelta(milliseconds=100), lease=timedelta(milliseconds=500), tick=timedelta(milliseconds=100))
NOW = MADE


def soon(true: Callable[[], object], seconds: float = 60) -> bool:
    """Waits until it is true."""
    deadline = time.monotonic() + seconds
    while not true() and time.monotonic() < deadline:
        time.sleep(0.02)
    return bool(true())


def beat(app: Flask) -> leases.Heartbeat | None:
    with app.app_context():
        return leases.heartbeat()


def ticked(app: Flask) -> bool:
    found = beat(app)
    return found is not None and found.last_tick_at is not None


def take(app: Flask, holder: str, now: datetime, until: datetime) -> bool:
    with app.app_context(), transaction():
        return leases.take(holder, now, until)


@pytest.mark.both_databases
def test_a_lease_is_held_by_one_until_it_runs_out_or_is_given_up(app: Flask) -> None:
    minute = timedelta(minutes=1)
    assert take(app, "a", NOW, NOW + minute)
    assert not take(app, "b", NOW + minute / 2, NOW + 2 * minute)
    assert take(app, "a", NOW + minute / 2, NOW + 2 * minute)
    assert not take(app, "b", NOW + minute, NOW + 3 * minute)
    assert take(app, "b", NOW + 3 * minute, NOW + 4 * minute)
    assert not take(app, "a", NOW + 3 * minute, NOW + 5 * minute)
    with app.app_context(), transaction():
        leases.give_up("b", NOW + 3 * minute)
    assert take(app, "a", NOW + 3 * minute + timedelta(seconds=1), NOW + 5 * minute)


@pytest.mark.both_databases
def test_only_the_holder_writes_down_its_work(app: Flask) -> None:
    assert take(app, "a", NOW, NOW + timedelta(minutes=1))
    with app.app_context(), transaction():
        leases.note_work("b", NOW)
    assert not ticked(app)
    with app.app_context(), transaction():
        leases.note_work("a", NOW)
        leases.note_work("a", NOW + timedelta(seconds=1), "OperationalError")
    found = beat(app)
    assert found is not None
    assert (found.last_tick_at, found.error) == (NOW, "OperationalError")


def test_the_scheduler_ticks_sends_and_gives_its_lease_up(app: Flask, smtp_server: SmtpServer) -> None:
    app.extensions["tracker_channels"] = lambda: {"mail": SmtpChannel(smtp_server.url, SENDER)}
    with app.app_context():
        open_office({"1": (at("2024-12-19T00:00").date() + timedelta(days=1), {1: "lead"})})
    with start_in_background(app, QUICK):
        assert soon(lambda: len(smtp_server.messages) == 2)
        assert soon(lambda: ticked(app))
    found = beat(app)
    assert found is not None
    assert (found.holder, found.error) == ("", "")
    assert found.last_tick_at is not None
    assert SystemClock().now() - found.last_tick_at < timedelta(minutes=1)
    assert len(smtp_server.messages) == 2


@pytest.mark.both_databases
def test_two_schedulers_send_each_mail_once(app: Flask, smtp_server: SmtpServer) -> None:
    app.extensions["tracker_channels"] = lambda: {"mail": SmtpChannel(smtp_server.url, SENDER)}
    with app.app_context():
        open_office({"1": (at("2024-12-20T00:00").date(), {1: "lead"})})
    with start_in_background(app, QUICK), start_in_background(app, QUICK):
        assert soon(lambda: len(smtp_server.messages) == 2)
        later = SystemClock().now() + QUICK.lease
        assert soon(lambda: (found := beat(app)) is not None and found.last_tick_at and found.last_tick_at > later)
    assert len(smtp_server.messages) == 2


def test_a_tick_that_fails_is_written_down_without_the_text_of_any_mail(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    with app.app_context():
        open_office({"1": (at("2024-12-20T00:00").date(), {1: "lead"})})
        db.session.execute(db.text("DROP TABLE reminder"))
        db.session.execute(db.text("DROP TABLE urging_message"))
        db.session.execute(db.text("DROP TABLE outbox"))
        leases.session().commit()
    with start_in_background(app, QUICK):
        assert soon(lambda: (found := beat(app)) is not None and found.error)
    found = beat(app)
    assert found is not None
    assert found.last_tick_at is None
    assert "tick failed" in caplog.text
    assert "example.org" not in caplog.text


def test_failed_and_missed_runs_reach_the_log(caplog: pytest.LogCaptureFixture) -> None:
    when = at("2024-12-16T08:00")
    caplog.set_level("INFO")
    _report(JobSubmissionEvent(EVENT_JOB_MAX_INSTANCES, "_tick", "default", [when]))
    _report(JobExecutionEvent(EVENT_JOB_MISSED, "_tick", "default", when))
    _report(JobExecutionEvent(EVENT_JOB_ERROR, "_beat", "default", when, exception=OSError("x@example.org")))
    assert "_tick at 2024-12-16 01:00:00+00:00 was missed" in caplog.text
    assert "_beat failed: OSError" in caplog.text
    assert "_tick was left out" in caplog.text
    assert "example.org" not in caplog.text


def test_no_run_is_dropped_for_being_late() -> None:
    assert JOB_DEFAULTS == {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}


def test_a_leader_that_dies_is_followed_within_thirty_seconds() -> None:
    pace = Pace()
    assert pace.lease + pace.beat < timedelta(seconds=30)
    assert pace.beat * 2 < pace.lease


LEADER = """
import sys
from pathlib import Path
from tests.support.worlds import make_app
from tests.test_scheduler import QUICK
from tracker.clock import FrozenClock, SystemClock
from tracker.scheduler import run_forever
run_forever(make_app(sys.argv[1], Path(sys.argv[2]), FrozenClock(SystemClock().now())), QUICK)
"""


@pytest.mark.long
def test_a_waiting_process_takes_over_from_one_that_was_killed_and_ends_when_told_to(app: Flask, tmp_path) -> None:
    with app.app_context():
        url = db.engine.url.render_as_string(hide_password=False)
    processes = [subprocess.Popen([sys.executable, "-c", LEADER, url, str(tmp_path)], cwd=ROOT) for _ in range(2)]
    try:
        assert soon(lambda: ticked(app))
        first = beat(app)
        assert first is not None
        leader, waiting = sorted(processes, key=lambda each: f":{each.pid}:" not in first.holder)
        leader.kill()
        assert soon(lambda: (now := beat(app)) is not None and f":{waiting.pid}:" in now.holder)
        waiting.send_signal(signal.SIGTERM)
        assert waiting.wait(60) == 0
        last = beat(app)
        assert last is not None
        assert last.holder == ""
    finally:
        for each in processes:
            each.kill()
            each.wait()


def test_the_demonstrations_clock_stands_still_while_the_lease_runs(app: Flask) -> None:
    with start_in_background(app, QUICK):
        assert soon(lambda: ticked(app))
        first = beat(app)
        assert first is not None
        assert soon(lambda: (now := beat(app)) is not None and now.until > first.until)


def test_a_desk_names_its_process_and_takes_another_clock(app: Flask) -> None:
    first, second = desk_of(app), desk_of(app, FrozenClock(at("2024-12-17T08:00")).now)
    assert first.holder != second.holder
    assert second.clock() == at("2024-12-17T08:00")
    assert first.clock() == at("2024-12-16T08:00")
    assert replace(first, channels={}).channels == {}
    with app.app_context():
        assert outbox.listed(None, 0, 1) == []
