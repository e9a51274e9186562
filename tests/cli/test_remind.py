"""`tracker remind` and `tracker scheduler` from the command line."""

import json
import signal
import subprocess
import sys
import time
from datetime import date

import pytest

from dev import ROOT
from tests.support.office import open_office
from tests.support.ports import free_port
from tests.support.worlds import NOW, closing, make_app
from tracker.cli import main
from tracker.clock import FrozenClock
from tracker.domain.outbox import MailState
from tracker.store import leases, outbox
from tracker.store.database import db

# What the database does is proved elsewhere on both kinds.
pytestmark = pytest.mark.one_database

MONDAY = "2024-12-16T08:00+07:00"


@pytest.fixture
def office(worlds, tmp_path, monkeypatch):
    """The application whose database the commands work on."""
    url = worlds.fresh("empty")
    for name, value in (("DATA_DIR", str(tmp_path)), ("DATABASE_URL", url), ("SCHEDULER", "off")):
        monkeypatch.setenv(f"TRACKER_{name}", value)
    with closing(make_app(url, tmp_path, FrozenClock(NOW))) as app:
        with app.app_context():
            open_office({"1": (date(2024, 12, 19), {1: "lead"}), "7": (date(2024, 12, 10), {1: "lead"})})
            db.session.remove()
        yield app
    worlds.drop(url)


def remind(capsys, *arguments):
    status = main(["remind", *arguments])
    return status, capsys.readouterr()


def test_one_tick_tells_what_it_did_as_one_document(office, capsys):
    status, printed = remind(capsys, "--now", MONDAY, "--json")
    document = json.loads(printed.out)
    assert status == 0
    assert document["now"] == "2024-12-16T08:00:00+07:00"
    assert (document["planned"], document["sent"], document["failed"]) == (2, 0, 0)
    assert [(m["to"], m["rule"], m["tasks"]) for m in document["messages"]] == [
        ("lead@example.org", "overdue", ["7", "1"]),
        ("clerk@example.org", "overdue", ["7", "1"]),
    ]
    again = json.loads(remind(capsys, "--now", MONDAY, "--json")[1].out)
    assert (again["planned"], again["messages"], again["skipped"]) == (0, [], [])
    asked = json.loads(remind(capsys, "--now", MONDAY, "--dry-run", "--json")[1].out)
    assert {(skip["reason"], skip["task"]) for skip in asked["skipped"]} == {
        ("told-already", "1"),
        ("told-already", "7"),
    }


def test_a_dry_run_shows_the_same_and_writes_nothing(office, capsys):
    _, dry = remind(capsys, "--now", MONDAY, "--dry-run", "--json")
    with office.app_context():
        assert outbox.listed(None, 0, 9) == []
        db.session.remove()
    _, real = remind(capsys, "--now", MONDAY, "--json")
    assert json.loads(dry.out)["messages"] == json.loads(real.out)["messages"]


def test_words_for_people_name_who_is_told_of_what(office, capsys):
    _, printed = remind(capsys, "--now", MONDAY)
    assert "lead@example.org: Nhắc việc ngày 16/12/2024: 1 việc quá hạn, 1 việc sắp đến hạn (7, 1)" in printed.out
    assert "Đã lập 2 thư, gửi 0, lỗi 0." in printed.err
    assert "Chưa đặt TRACKER_SMTP_URL" in printed.err


def test_mail_goes_over_the_server_of_the_settings(office, capsys, smtp_server, monkeypatch):
    monkeypatch.setenv("TRACKER_SMTP_URL", smtp_server.url)
    monkeypatch.setenv("TRACKER_MAIL_FROM", "Nhắc việc <nhac-viec@example.org>")
    status, printed = remind(capsys, "--now", MONDAY)
    assert (status, len(smtp_server.messages)) == (0, 2)
    assert "gửi 2, lỗi 0" in printed.err


def test_a_server_that_refuses_leaves_the_mail_in_the_outbox(office, capsys, monkeypatch):
    monkeypatch.setenv("TRACKER_SMTP_URL", f"smtp://127.0.0.1:{free_port()}")
    monkeypatch.setenv("TRACKER_MAIL_FROM", "nhac-viec@example.org")
    status, printed = remind(capsys, "--now", MONDAY)
    assert status == 0
    assert "gửi 0, lỗi 1" in printed.err
    with office.app_context():
        assert {mail.error for mail in outbox.listed(MailState.PENDING, 0, 9)} == {"connection: ConnectionRefusedError"}
        db.session.remove()


@pytest.mark.parametrize("text", ["hôm nay", "2024-12-16", "2024-12-16T08:00"])
def test_a_moment_without_a_zone_is_refused_with_an_example(office, capsys, text):
    status, printed = remind(capsys, "--now", text)
    assert status == 2
    assert "2024-12-16T08:00+07:00" in printed.err


@pytest.mark.long
def test_the_scheduler_alone_ticks_and_ends_when_told_to(office, tmp_path):
    command = [sys.executable, "-c", "from tracker.cli import main; raise SystemExit(main(['scheduler']))"]
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True)
    try:
        deadline, ticked = time.monotonic() + 60, None
        while ticked is None and time.monotonic() < deadline:
            time.sleep(0.1)
            with office.app_context():
                beat = leases.heartbeat()
                ticked = beat and beat.last_tick_at
        process.send_signal(signal.SIGTERM)
        _, told = process.communicate(timeout=60)
    finally:
        process.kill()
    assert ticked
    assert process.returncode == 0, told
    assert "example.org" not in told


def test_the_rules_are_listed_in_words_with_what_they_would_send(office, capsys, monkeypatch):
    monkeypatch.setenv("TRACKER_NOW", "2024-12-16T08:00+07:00")
    status, printed = remind(capsys, "rules", "--preview")
    assert status == 0
    assert "overdue: Quá hạn từ 1 ngày, nhắc lại mỗi 7 ngày → người thực hiện của đơn vị chủ trì" in printed.out
    rules = {rule["code"]: rule for rule in json.loads(remind(capsys, "rules", "--json", "--preview")[1].out)}
    assert rules["before-7"]["to"] == ["doers", "partners"]
    assert rules["before-7"]["words"].startswith("Còn 7 ngày đến hạn")
    assert "past" not in json.loads(remind(capsys, "rules", "--json")[1].out)[0]
    assert isinstance(rules["overdue"]["coming"], int)
