"""Two processes that send the same form of urging at the same moment urge once, on both databases."""

import subprocess
import sys
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from flask import Flask

from dev import ROOT
from tests.support.office import at, open_office
from tests.support.urging_forms import SHARE
from tracker.store import urgings
from tracker.store.database import db, transaction
from tracker.store.tables import ChangeEntry, OutboxMessage, PlanMonitor, UrgingMessage

pytestmark = [pytest.mark.both_databases, pytest.mark.long]

NOW = at("2024-12-16T09:00")
FORMS = 12
Process = subprocess.Popen[str]


def process(url: str, folder: Path) -> Process:
    command = [sys.executable, "-m", "tests.support.urging_forms", url, str(folder), NOW.isoformat()]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def line_of(sender: Process) -> str:
    assert sender.stdout
    return sender.stdout.readline().strip()


def test_two_processes_that_send_a_form_at_once_urge_once(app: Flask, tmp_path: Path) -> None:
    with app.app_context():
        open_office({"1": (date(2024, 12, 10), {1: "lead"})})
        with transaction() as session:
            session.add(PlanMonitor(plan_id=1, unit_id=3, rank=1))
        url = db.engine.url.render_as_string(hide_password=False)
        db.session.remove()
        senders = [process(url, tmp_path) for _ in range(2)]
        assert [line_of(each) for each in senders] == ["ready", "ready"]
        for form in range(FORMS):
            for each in senders:
                assert each.stdin
                each.stdin.write(f"form:{form}\n")
                each.stdin.flush()
            # The head and the clerk of the unit, each by mail and by the bell.
            assert sorted(line_of(each) for each in senders) == ["again", "sent 4"]
        for each in senders:
            each.communicate(timeout=60)
        assert [each.returncode for each in senders] == [0, 0]
        keys = Counter(db.session.scalars(sa.select(OutboxMessage.key).where(OutboxMessage.kind == "urging")))
        assert set(keys.values()) == {1}
        assert len(keys) == 4 * FORMS
        assert db.session.scalar(sa.select(sa.func.count()).select_from(UrgingMessage)) == 4 * FORMS
        told = sa.select(sa.func.count()).where(ChangeEntry.what == "share.urged")
        assert db.session.scalar(told) == FORMS
        counted = urgings.counts([SHARE], NOW + timedelta(seconds=1), ZoneInfo("Asia/Ho_Chi_Minh"))
        assert counted[SHARE].urged == FORMS
