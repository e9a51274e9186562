"""The outbox as people see it: who may, what it tells, how a dead message gets its second try."""

from datetime import date

import pytest
import sqlalchemy as sa

from tests.support.office import at, tick_at
from tests.support.ports import free_port
from tests.support.queries import count_queries
from tracker.store.database import db, transaction
from tracker.store.tables import MilestoneRow, OutboxMessage, ShareRow, UnitRow

# What the database does is proved elsewhere on both kinds.
pytestmark = pytest.mark.one_database

KEPT = "Chưa gửi: chưa đặt máy chủ thư"


@pytest.fixture
def reminded(world):
    """A tick of Monday morning over the real plan, in which the finance office has one task due on Thursday."""
    with world.app_context():
        with transaction() as session:
            finance = sa.select(UnitRow.id).where(UnitRow.code == "phong-tckh").scalar_subquery()
            mine = sa.select(ShareRow.milestone_id).where(ShareRow.unit_id == finance, ShareRow.part == "lead")
            first = session.scalar(mine.order_by(ShareRow.id).limit(1))
            session.execute(sa.update(MilestoneRow).where(MilestoneRow.id == first).values(due=date(2024, 12, 19)))
        result = tick_at(world, "2024-12-16T08:00")
        assert result.planned
    return result


def set_all(world, **values):
    with world.app_context(), transaction() as session:
        session.execute(sa.update(OutboxMessage).values(values))


def first_id(world, to="lead@example.org"):
    with world.app_context():
        mine = sa.select(OutboxMessage.id).where(OutboxMessage.to_address == to, OutboxMessage.channel == "mail")
        return db.session.scalar(mine)


def test_an_empty_outbox_says_when_mail_is_made(clients):
    page = clients.monitor.get("/outbox").text
    assert "Chưa có thư nào." in page
    assert "7 giờ sáng" in page


@pytest.mark.usefixtures("reminded")
def test_without_a_mail_server_the_page_says_so_and_shows_every_message(clients):
    page = clients.leader.get("/outbox").text
    assert KEPT in page
    assert "lead@example.org" in page
    assert "Nhắc việc ngày 16/12/2024" in page
    assert "16/12/2024 08:00" in page


@pytest.mark.usefixtures("reminded")
def test_what_stands_in_the_bell_is_listed_apart(clients):
    outside, bell = clients.leader.get("/outbox").text, clients.leader.get("/outbox?channel=bell").text
    told = outside.count("Nhắc việc ngày 16/12/2024")
    assert told == bell.count("Nhắc việc ngày 16/12/2024") > 0
    assert "lead@example.org" not in bell
    assert "Thông báo trong trang</span>" in bell
    assert "Thông báo trong trang</span>" not in outside


@pytest.mark.usefixtures("reminded")
def test_a_message_is_read_as_text_with_its_reasons(clients, world):
    page = clients.monitor.get(f"/outbox/{first_id(world)}").text
    assert "Kính gửi Phạm Chủ Trì," in page
    assert "Còn 3 ngày đến hạn (Phòng Tài chính - Kế hoạch)" in page
    assert "<iframe" not in page
    assert "Gửi lại" not in page


@pytest.mark.usefixtures("reminded")
def test_a_message_about_no_task_is_shown_whole(clients, world):
    page = clients.monitor.get(f"/outbox/{first_id(world, 'leader@example.org')}").text
    assert "Tình hình các kế hoạch đang thực hiện" in page
    assert "ở đây hiện" not in page, "it held no address that was taken out"


@pytest.mark.usefixtures("reminded")
def test_nothing_in_a_message_becomes_markup_of_the_page(clients, world):
    set_all(world, subject="<script>alert(1)</script>", body_text="<b>x</b>", to_address="<i>@x", error="<u>: <s>")
    for path in ("/outbox", f"/outbox/{first_id(world, '<i>@x')}"):
        page = clients.admin.get(path).text
        assert not any(tag in page for tag in ("<script>alert", "<b>x", "<i>@", "<u>", "<s>"))


def test_an_unknown_message_is_not_found(clients):
    assert clients.monitor.get("/outbox/999").status_code == 404


@pytest.mark.usefixtures("reminded")
def test_the_list_is_filtered_by_state_and_paged(clients, world):
    assert "Không có thư nào ở trạng thái này." in clients.monitor.get("/outbox?state=dead").text
    assert "lead@example.org" in clients.monitor.get("/outbox?state=pending").text
    assert "lead@example.org" in clients.monitor.get("/outbox?state=nonsense").text
    with world.app_context(), transaction() as session:
        found = session.scalars(sa.select(OutboxMessage).where(OutboxMessage.channel == "mail")).first()
        values = {column.key: getattr(found, column.key) for column in OutboxMessage.__table__.columns}
        for number in range(60):
            session.add(OutboxMessage(**{**values, "id": None, "key": f"copy {number}", "subject": f"Bản {number}."}))
    first, second = clients.monitor.get("/outbox").text, clients.monitor.get("/outbox?page=2").text
    assert "Bản 59." in first
    assert "Bản 59." not in second
    assert "Bản 5." in second
    with world.app_context(), count_queries(db.engine) as asked:
        clients.monitor.get("/outbox")
    assert len(asked) <= 10


@pytest.mark.usefixtures("reminded")
def test_a_dead_message_tells_why_and_is_sent_again_by_those_who_watch(clients, world):
    set_all(world, state="dead", error="recipient: 550 5.1.1 No such mailbox", attempts=1, next_attempt_at=None)
    address = f"/outbox/{first_id(world)}"
    page = clients.monitor.get(address).text
    assert "Máy chủ thư từ chối địa chỉ người nhận" in page
    assert "550 5.1.1 No such mailbox" in page
    assert "Gửi lại" not in clients.leader.get(address).text
    answer = clients.monitor.submit(f"{address}/retry", page=address)
    assert (answer.status_code, answer.headers["Location"]) == (303, address)
    assert KEPT in clients.monitor.get(address).text
    again = clients.monitor.submit(f"{address}/retry", page="/account")
    assert again.status_code == 409


@pytest.mark.usefixtures("reminded")
def test_who_only_reads_cannot_send_again(clients, world):
    set_all(world, state="dead")
    address = f"/outbox/{first_id(world)}/retry"
    assert clients.leader.submit(address, page="/account").status_code == 403
    assert clients.lead.submit(address, page="/account").status_code == 403
    assert clients.visitor.post(address).status_code in (302, 400)
    assert clients.monitor.post(address).status_code == 400  # no token
    assert clients.monitor.submit("/outbox/999/retry", page="/account").status_code == 404


@pytest.mark.usefixtures("reminded")
def test_a_server_that_refuses_is_told_on_the_page(clients, world):
    with world.app_context():
        tick_at(world, "2024-12-16T08:30", f"smtp://127.0.0.1:{free_port()}")
    assert "Không kết nối được máy chủ thư" in clients.monitor.get("/outbox").text


@pytest.mark.long
@pytest.mark.usefixtures("reminded")
def test_a_retried_message_goes_out_with_what_still_holds(world, clients, smtp_server):
    set_all(world, state="dead", error="recipient: 550", permanent=True)
    address = f"/outbox/{first_id(world)}"
    clients.monitor.submit(f"{address}/retry", page=address)
    with world.app_context():
        tick_at(world, "2024-12-16T09:00", smtp_server.url)
    assert [each.recipients for each in smtp_server.messages] == [("lead@example.org",)]
    page = clients.monitor.get(address).text
    assert "Đã gửi" in page
    assert at("2024-12-16T09:00").strftime("%d/%m/%Y") in page
