"""A sending process that is killed at any instant loses no message and repeats its one message at most."""

import email
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from dev import ROOT, WINDOWS
from tests.support.mail import SmtpServer
from tests.support.office import MADE, at, open_office
from tracker.domain.outbox import LEASE
from tracker.store import outbox
from tracker.store.database import db, transaction
from tracker.store.tables import OutboxMessage

pytestmark = pytest.mark.skipif(WINDOWS, reason="kill -9 and fork are of Unix")

START = at("2024-12-16T08:00")
LONGEST = 0.2
KILLS, PER_KILL = 200, 20


def fill(app: Flask, messages: int) -> str:
    """Puts messages into the outbox; returns the database's address."""
    with app.app_context():
        person_id = open_office({})["lead"]
        row = {"channel": "mail", "kind": "note", "subject": "Thư", "body_text": "Việc\n", "body_html": "<p>Việc</p>"}
        row |= {"person_id": person_id, "created_at": MADE, "next_attempt_at": MADE}
        numbered = [
            {**row, "key": f"k{n}", "to_address": f"p{n}@example.org", "message_id": f"<m{n}@example.org>"}
            for n in range(messages)
        ]
        with transaction() as session:
            session.execute(sa.insert(OutboxMessage), numbered)
        url = db.engine.url.render_as_string(hide_password=False)
        db.session.remove()
        db.engine.dispose()
    return url


class Senders:
    """Senders one after the other, each at a moment at which the claim of the one before has run out."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process, self._now = process, START

    def begin(self) -> int:
        """Starts one and returns its id."""
        self._now += LEASE + timedelta(seconds=1)
        assert self._process.stdin
        self._process.stdin.write(f"{self._now.isoformat()}\n")
        self._process.stdin.flush()
        return self._number()

    def end(self) -> int:
        """Waits for it; returns its status, below zero where it was killed."""
        return self._number()

    def _number(self) -> int:
        assert self._process.stdout
        return int(self._process.stdout.readline())


@pytest.fixture
def senders(app: Flask, tmp_path: Path, smtp_server: SmtpServer) -> Iterator[Senders]:
    url = fill(app, KILLS * PER_KILL)
    command = [sys.executable, "-m", "tests.support.sending", url, str(tmp_path), smtp_server.url]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    yield Senders(process)
    process.kill()
    process.communicate()


@pytest.mark.long
def test_kills_lose_nothing_and_repeat_one_message_each_at_most(
    app: Flask,
    senders: Senders,
    smtp_server: SmtpServer,
    record_property: Callable[[str, object], None],
) -> None:
    chance, smtp_server.delay = random.Random(KILLS), 0.003
    struck = 0
    for _ in range(KILLS):
        child = senders.begin()
        time.sleep(chance.uniform(0.01, LONGEST))
        with suppress(ProcessLookupError):  # where everything was sent already
            os.kill(child, signal.SIGKILL)
        struck += senders.end() == -signal.SIGKILL
    assert struck >= KILLS * 0.9, "there was still something to send"
    for _ in range(2):  # the second sends what the last one killed had claimed
        senders.begin()
        assert senders.end() == 0
    with app.app_context():
        assert outbox.counts() == {"sent": KILLS * PER_KILL}
    ids = Counter(email.message_from_bytes(each.content)["Message-ID"] for each in smtp_server.messages)
    to = {(email.message_from_bytes(each.content)["Message-ID"], each.recipients) for each in smtp_server.messages}
    assert len(ids) == KILLS * PER_KILL, "none is lost"
    assert len(to) == len(ids), "a repeat has the same Message-ID"
    repeats = sum(ids.values()) - len(ids)
    record_property("kills and repeats", (struck, repeats))
    assert repeats <= struck, "one repeat per kill at most"
    assert max(ids.values()) <= 2
