"""What pages tell of sending: the scheduler's heartbeat, refused addresses, and sending all again."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests.support.worlds import NOW
from tracker.clock import SystemClock
from tracker.store import addresses, leases, outbox, people
from tracker.store.database import db, transaction
from tracker.store.tables import OutboxMessage

pytestmark = pytest.mark.one_database

REFUSED = "recipient: 550 5.1.1 No such <mailbox>"


@pytest.fixture
def refused(world):
    """Two messages that the lead's address refused; returns the person's id."""
    with world.app_context():
        lead = people.by_email("lead@example.org").person
        texts = {"subject": "Nhắc việc", "text": "Nội dung\n", "html": "", "message_id": "<x@x>", "items": []}
        for number, channel in enumerate(("mail", "mail", "bell")):
            with transaction() as session:
                draft = outbox.Draft(f"k{number}", lead.id, "note", channel, lead.email, "vi", **texts)
                outbox.add(draft, NOW)
                dead = sa.update(OutboxMessage).where(OutboxMessage.channel == "mail")
                session.execute(dead.values(state="dead", permanent=True, error=REFUSED))
                addresses.flag(lead.id, lead.email, REFUSED, NOW)
        db.session.remove()
    return lead.id


def work_noted(world, ago=timedelta(0), error=""):
    then = SystemClock().now() - ago
    with world.app_context(), transaction():
        leases.take("máy-1:42:ab", then, then + timedelta(seconds=20))
        leases.note_work("máy-1:42:ab", then)
        if error:
            leases.note_work("máy-1:42:ab", then, error)


@pytest.mark.parametrize(
    ("ago", "error", "told"),
    [
        (timedelta(0), "", ["đang chạy", "lượt gần nhất", "máy-1:42:ab"]),
        (timedelta(hours=1), "OperationalError", ["đã dừng", "Lỗi của lượt gần nhất", "OperationalError"]),
    ],
)
def test_the_admin_page_tells_how_the_scheduler_is(world, clients, ago, error, told):
    assert "chưa chạy lần nào" in clients.admin.get("/admin/").text
    work_noted(world, ago, error)
    page = clients.admin.get("/admin/").text
    assert [words for words in told if words not in page] == []


def test_readiness_tells_what_stopped_the_last_tick(world, clients):
    work_noted(world, timedelta(0), "OperationalError")
    assert clients.visitor.get("/readyz").json["last_error"] == "OperationalError"


def test_a_refused_address_is_told_wherever_its_person_stands(clients, refused):
    for path in ("/admin/", "/outbox"):
        assert "địa chỉ bị từ chối" in clients.admin.get(path).text, path
    page = clients.admin.get(f"/admin/people/{refused}").text
    assert "Máy chủ thư từ chối địa chỉ người nhận" in page
    assert "550 5.1.1 No such &lt;mailbox&gt;" in page
    assert "16/12/2024 08:00" in page
    assert "địa chỉ bị từ chối" not in clients.admin.get("/admin/people/1").text


def test_an_administrator_says_that_the_address_works_again(clients, refused):
    address = f"/admin/people/{refused}"
    assert clients.admin.submit(f"{address}/address-works", page=address).status_code == 303
    assert "Địa chỉ đã dùng được" not in clients.admin.get(address).text
    assert "địa chỉ bị từ chối" not in clients.admin.get("/outbox").text


@pytest.mark.usefixtures("refused")
def test_all_that_did_not_go_is_sent_again_at_once(clients):
    page = clients.monitor.get("/outbox").text
    assert "Gửi lại cả 2 tin không gửi được" in page
    assert "Thông báo trong trang" in page, "a message of the bell names no address"
    assert "Gửi lại cả" not in clients.leader.get("/outbox").text
    assert clients.monitor.submit("/outbox/retry", page="/outbox").status_code == 303
    page = clients.monitor.get("/outbox").text
    assert "2 tin sẽ được gửi lại" in page
    assert "Gửi lại cả" not in page
    assert clients.leader.submit("/outbox/retry", page="/account").status_code == 403
