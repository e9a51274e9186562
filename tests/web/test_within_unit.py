"""What waits for a unit's head is seen by the unit alone: texts, files and the head's reasons."""

import io
import re
from datetime import date

import pytest

from tests.support.worlds import NOW
from tracker.domain.devices import Device
from tracker.domain.people import Role
from tracker.store import sessions, unit_settings
from tracker.store.database import transaction
from tracker.store.unit_events import open_shares
from tracker.usecases import people

RESULT, DIFFICULTY, REASON = "Kết quả còn để trong đơn vị", "Khó khăn chưa nói ra", "Còn thiếu biểu 3"
TASK = "/tasks/7"
OTHERS = ("monitor", "leader", "admin")


@pytest.fixture
def share(world, clients) -> int:
    """A share of the department, which has a head who approves and a member, `clients.can_bo`."""
    with world.app_context():
        can_bo = people.add_person("can.bo@example.org", "Ngô Cán Bộ", Role.MEMBER, "phong-tckh", now=NOW)
        with transaction():
            unit_settings.set_approval(can_bo.unit_id, wanted=True)
            sessions.add("of-can_bo", can_bo.id, Device(), NOW)
        return next(each.id for each in open_shares([can_bo.unit_id], date(2024, 12, 16)) if each.task_id == 7)


def propose(clients, share: int):
    file = (io.BytesIO(b"%PDF-1.4 x"), "Biên bản.pdf")
    said = {"result": RESULT, "difficulty": DIFFICULTY, "evidence": file}
    assert clients.can_bo.submit(f"/shares/{share}/log", TASK, action="submit", **said).status_code == 303


def seen(client, file: str) -> list[bool]:
    """Whether somebody reads the text on the page, in the history and its export, and the file alone and in all."""
    pages = [TASK, "/history?task=7", "/history.csv?task=7"]
    texts = [RESULT in client.get(page).text and DIFFICULTY in client.get(page).text for page in pages]
    with client.get(file) as alone, client.get(f"{TASK}/evidence.zip") as together:
        return [*texts, alone.status_code == 200, together.status_code == 200]


def test_a_report_leaves_its_unit_when_the_head_approves(clients, share):
    propose(clients, share)
    file = re.search(r"/evidence/\d+", clients.can_bo.get(TASK).text)[0]
    assert all(seen(clients.lead, file))
    for who in OTHERS:
        assert not any(seen(getattr(clients, who), file)), who
        assert "đang chờ thủ trưởng đơn vị duyệt" in getattr(clients, who).get(TASK).text
    assert DIFFICULTY not in clients.leader.get("/").text
    assert clients.lead.submit(f"/shares/{share}/approve", TASK).status_code == 303
    for who in OTHERS:
        assert all(seen(getattr(clients, who), file)), who


def test_what_the_head_sent_back_never_leaves_the_unit(clients, share):
    propose(clients, share)
    back = {"action": "send_back", "reason": REASON}
    assert clients.lead.submit(f"/shares/{share}/approve", TASK, **back).status_code == 303
    assert REASON in clients.can_bo.get(TASK).text
    propose(clients, share)
    assert clients.can_bo.submit(f"/shares/{share}/withdraw", TASK, reason="Nhầm tệp").status_code == 303
    for who in OTHERS:
        page = getattr(clients, who).get(TASK).text + getattr(clients, who).get("/history?task=7").text
        assert [text for text in (RESULT, DIFFICULTY, REASON, "Nhầm tệp") if text in page] == [], who


def test_the_unit_reads_first_why_its_head_sent_back_what_a_monitor_had_returned(clients, share):
    propose(clients, share)
    assert clients.lead.submit(f"/shares/{share}/approve", TASK).status_code == 303
    assert clients.monitor.submit(f"/shares/{share}/return", TASK, reason="Chưa có biên bản").status_code == 303
    propose(clients, share)
    clients.lead.submit(f"/shares/{share}/approve", TASK, action="send_back", reason=REASON)
    told = re.findall(r'notice-error">([^<]+)<', clients.can_bo.get(TASK).text)
    assert [each.rpartition(": ")[2] for each in told] == [REASON, "Chưa có biên bản"]
