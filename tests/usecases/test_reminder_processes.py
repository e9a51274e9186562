"""Several processes at one outbox, and processes that are killed: each mail once, a repeat only under the same id."""

import email
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask

from dev import ROOT
from tests.support.mail import SmtpServer
from tests.support.office import at, desk, open_office
from tracker.domain.outbox import LEASE
from tracker.store import outbox
from tracker.store.database import db, transaction
from tracker.store.tables import PersonRow
from tracker.usecases.reminders import tick

MONDAY = "2024-12-16T08:00"
PEOPLE = 12


@pytest.fixture
def office(app: Flask) -> Iterator[str]:
    """The URL of a database in which twelve people have something to be told of."""
    with app.app_context():
        open_office({str(n): (date(2024, 12, 17 + n), {1: "lead", 2: "partner"}) for n in range(6)})
        with transaction() as session:
            for n in range(PEOPLE - 3):  # the lead, the clerk and the school's head are there already
                fields = {"email": f"p{n}@example.org", "name": f"Người {n}", "role": "member", "active": True}
                session.add(PersonRow(unit_id=1 + n % 2, created_at=at("2024-07-01T08:00"), **fields))
        url = db.engine.url.render_as_string(hide_password=False)
        db.session.remove()
        db.engine.dispose()
        yield url


def process(url: str, folder: Path, now: str, server: SmtpServer, *mode: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "tests.support.ticking", url, str(folder), f"{now}+07:00", server.url, *mode]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def per_person(server: SmtpServer) -> Counter[str]:
    return Counter(each.recipients[0] for each in server.messages)


def message_ids(server: SmtpServer) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for each in server.messages:
        found.setdefault(each.recipients[0], set()).add(email.message_from_bytes(each.content)["Message-ID"])
    return found


@pytest.mark.long
def test_two_processes_at_once_and_one_after_them_send_each_mail_once(
    app: Flask, office: str, tmp_path: Path, smtp_server: SmtpServer
) -> None:
    other = process(office, tmp_path, MONDAY, smtp_server, "at_once")
    assert other.stdout
    assert other.stdin
    assert other.stdout.readline() == "ready\n"
    other.stdin.write("go\n")
    other.stdin.flush()
    here = tick(desk(app, at(MONDAY), smtp_server.url))
    there = [int(each) for each in other.communicate(timeout=60)[0].split()]
    assert other.returncode == 0
    assert per_person(smtp_server) == Counter(dict.fromkeys(per_person(smtp_server), 1))
    assert len(per_person(smtp_server)) == PEOPLE
    assert here.planned + there[0] == PEOPLE
    # Where one process mailed somebody and the other rang the bell, both tell it.
    assert PEOPLE <= here.sent + there[1] <= 2 * PEOPLE
    after = tick(desk(app, at("2024-12-16T08:15"), smtp_server.url))
    assert (after.planned, after.sent, after.failed) == (0, 0, 0)
    assert sum(per_person(smtp_server).values()) == PEOPLE


@pytest.mark.long
def test_a_killed_process_loses_nothing_and_repeats_at_most_its_one_message(
    app: Flask, office: str, tmp_path: Path, smtp_server: SmtpServer
) -> None:
    smtp_server.delay = 0.05
    killed = process(office, tmp_path, MONDAY, smtp_server)
    deadline = time.monotonic() + 60
    while len(smtp_server.messages) < 4 and time.monotonic() < deadline:
        time.sleep(0.01)
    killed.kill()
    killed.communicate()
    smtp_server.delay = 0
    assert 4 <= len(smtp_server.messages) < PEOPLE
    later = at(MONDAY) + LEASE + timedelta(minutes=1)
    tick(desk(app, later, smtp_server.url))  # sends the rest, and frees what the dead process held
    tick(desk(app, later, smtp_server.url))
    sent = per_person(smtp_server)
    assert len(sent) == PEOPLE
    assert sum(sent.values()) <= PEOPLE + 1
    assert all(len(ids) == 1 for ids in message_ids(smtp_server).values())
    assert {mail.state.value for mail in outbox.listed(None, 0, 100)} == {"sent"}
