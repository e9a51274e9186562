"""What is recorded later does not show: a page of a past day reads afterwards as it read before, letter by letter."""

import io
import re
from datetime import date
from itertools import product

import pytest
from flask import Flask

from tests.support.history import History
from tests.support.unit_changes import ON, happen
from tests.support.worlds import NOW, Clients
from tracker.cli.context import json_text
from tracker.cli.plan_common import cut_off
from tracker.cli.plan_status import status_json
from tracker.domain.amendments import AmendmentHead
from tracker.domain.plan_document import to_json
from tracker.domain.unit_events import Change, EventKind
from tracker.domain.work import Action
from tracker.store import people, plans
from tracker.store.database import db
from tracker.usecases.amendments import TaskEdit, amend
from tracker.usecases.plan_files import annotated, document_of

DAY = date(2024, 10, 31)
EVERYBODY = ("monitor", "office", "lead", "partner", "leader", "admin")
PAGES = (
    "/",
    "/my",
    "/my?part=partner",
    "/waiting",
    "/plans",
    "/plans/1",
    "/plans/1?status=quiet",
    "/plans/1?version=issued",
    "/plans/1?version=compare",
    "/plans/1/matrix",
    "/overdue",
    "/timeline",
    "/calendar",
    "/calendar?view=agenda&status=overdue",
    "/units",
    "/units/phong-tckh",
    "/units/phong-gddt",
    "/units/truong-th-thanh-to",
    "/tasks/1",
    "/tasks/2",
    "/tasks/7",
    "/tasks/9",
    "/tasks/23",
)
# What belongs to the session and not to the day shown.
PASSING = re.compile(
    r'name="csrf_token" value="[^"]+"|data-revision="[^"]*"'
    r'|\s*<p class="notice notice-success" role="status">[^<]*</p>',
    re.DOTALL,
)


def read(client, path: str) -> str:
    mark = "&" if "?" in path else "?"
    answer = client.get(f"{path}{mark}as_of={DAY.isoformat()}")
    assert answer.status_code in (200, 404), path
    return PASSING.sub("", answer.text)


def exports(world: Flask) -> tuple[str, str]:
    """What the commands print and write of the plan as of the day."""
    with world.app_context():
        plan = plans.head(1)
        assert plan
        cut = cut_off(_moment(DAY))
        told = json_text(status_json(plan, cut)), json_text(to_json(annotated(document_of(plan, cut), plan, cut)))
        db.session.remove()
        return told


def _moment(day: date):
    return NOW.replace(year=day.year, month=day.month, day=day.day)


def before(world: Flask) -> None:
    """What had happened by the day shown: work on shares, one of them waiting for confirmation."""
    history = History(world)
    history.record("lead", "1", Action.PROGRESS, date(2024, 8, 20), percent=30, difficulty="Thiếu kinh phí")
    history.record("lead", "7", Action.SUBMIT, date(2024, 9, 10), result="Đã hướng dẫn")
    history.record("monitor", "2", Action.PROGRESS, date(2024, 10, 30), percent=10)


def later(world: Flask, clients: Clients) -> None:
    """Whatever can be recorded later: by units, by monitors, about units, about the plan and its calendar's future."""
    history = History(world)
    history.record("office", "7", Action.RETURN, date(2024, 11, 1), unit="phong-tckh", reason="Bổ sung sau")
    history.record("lead", "7", Action.SUBMIT, date(2024, 11, 4), result="Nộp lại sau")
    history.record("monitor", "7", Action.ACCEPT, date(2024, 11, 5), unit="phong-tckh")
    share = re.search(r"/shares/(\d+)/log", clients.lead.get("/tasks/1").text)
    assert share
    log = f"/shares/{share[1]}"
    file = (io.BytesIO(b"%PDF-1.4 x"), "Bằng chứng sau.pdf")
    assert clients.lead.submit(f"{log}/log", "/tasks/1", result="Kết quả sau", evidence=file).status_code == 303
    wanted = {"wanted": "2025-03-31", "reason": "Xin thêm sau"}
    assert clients.lead.submit(f"{log}/extension", "/tasks/1", **wanted).status_code == 303
    request = re.search(r"/extensions/(\d+)/decide", clients.monitor.get("/tasks/1").text)
    assert request
    granted = clients.monitor.submit(f"/extensions/{request[1]}/decide", "/tasks/1", outcome="granted", document="9/QĐ")
    assert granted.status_code == 303
    with world.app_context():
        monitor = people.by_email("monitor@example.org")
        assert monitor
        edits = [TaskEdit(2, {"title": "Việc khác", "due": "30/6/2025"}), TaskEdit(9, drop="Không làm nữa")]
        amend(monitor.person, 1, AmendmentHead("12/QĐ", date(2024, 11, 5)), edits, now=NOW)
        happen(Change(EventKind.RENAME, ON, "QĐ 1", ("truong-th-thanh-to",), name="Trường Tiểu học Số Một"))
        happen(Change(EventKind.DISSOLVE, ON, "QĐ 2", ("phong-noi-vu",)))
        db.session.remove()


@pytest.mark.long
def test_every_page_and_export_of_a_past_day_stays_as_it_was(world, clients):
    before(world)
    shown = {(who, path): read(getattr(clients, who), path) for who, path in product(EVERYBODY, PAGES)}
    told = exports(world)
    later(world, clients)
    changed = [key for key, text in shown.items() if read(getattr(clients, key[0]), key[1]) != text]
    assert changed == []
    assert exports(world) == told
