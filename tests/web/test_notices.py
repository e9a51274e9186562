"""The bell: how much is unread on every page, one's own messages alone, marked as read one by one or all at once."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests.support.office import desk
from tests.support.queries import count_queries
from tests.support.worlds import NOW
from tracker.adapters.bell import BellChannel
from tracker.store import notices, outbox, people
from tracker.store.database import db, transaction
from tracker.store.tables import OutboxMessage
from tracker.usecases.outbox import deliver

pytestmark = pytest.mark.one_database

ITEM = {"task": "7", "task_id": 7, "rule": "before-3", "due": "2024-12-19", "unit": "Phòng Tài chính - Kế hoạch"}


def ring(world, who="lead", number=1, minutes=0):
    """A message in somebody's bell, delivered like any other; returns its id."""
    at = NOW + timedelta(minutes=minutes)
    with world.app_context():
        to = people.by_email(f"{who}@example.org").person
        texts = {"subject": f"Nhắc việc {number} <b>", "text": f"Nội dung {number}\n", "html": ""}
        key = f"{who}:{number}"
        draft = outbox.Draft(key, to.id, "note", "bell", "", "vi", message_id="<x@x>", items=[ITEM], **texts)
        with transaction():
            message_id = outbox.add(draft, at)
        deliver(desk_with_bell(world, at))
        db.session.remove()
    return message_id


def desk_with_bell(world, at):
    here = desk(world, at)
    here.channels["bell"] = BellChannel()
    return here


def test_every_page_tells_how_much_is_unread_at_no_further_question(world, clients):
    assert 'class="unread-count"' not in clients.lead.get("/my").text
    with world.app_context():
        engine = db.engine
    with count_queries(engine) as before:
        clients.lead.get("/plans")
    ring(world)
    ring(world, number=2)
    with count_queries(engine) as after:
        page = clients.lead.get("/plans").text
    assert 'unread-count">2<' in page
    assert len(after) == len(before)
    assert 'class="unread-count"' not in clients.partner.get("/plans").text


def test_messages_stand_newest_first_with_links_to_their_tasks_and_nothing_becomes_markup(world, clients):
    assert "Chưa có thông báo nào." in clients.lead.get("/notices").text
    ring(world)
    ring(world, number=2, minutes=5)
    page = clients.lead.get("/notices").text
    assert page.index("Nhắc việc 2 &lt;b&gt;") < page.index("Nhắc việc 1 &lt;b&gt;")
    assert page.count('<a href="/tasks/7">Nhiệm vụ 7</a> · hạn 19/12/2024 · Phòng Tài chính - Kế hoạch') == 2
    assert "2 thông báo chưa đọc." in page
    assert "Nội dung 1" in page


def test_looking_marks_nothing_as_read_and_a_button_does(world, clients):
    first, second = ring(world), ring(world, number=2)
    clients.lead.get("/notices")
    assert "2 thông báo chưa đọc." in clients.lead.get("/notices").text
    for _ in range(2):
        assert clients.lead.submit(f"/notices/{first}/read", page="/notices").status_code == 303
    assert "1 thông báo chưa đọc." in clients.lead.get("/notices").text
    with world.app_context():
        rows = db.session.execute(sa.select(OutboxMessage.id, OutboxMessage.read_at)).all()
        assert {row.id: row.read_at for row in rows} == {first: NOW, second: None}


def test_all_at_once_means_all_that_the_page_showed(world, clients):
    ring(world)
    page = clients.lead.get("/notices").text
    assert f'name="shown_at" value="{NOW.isoformat()}"' in page
    ring(world, number=2, minutes=5)
    clients.lead.submit("/notices/read", page="/notices", shown_at=NOW.isoformat())
    assert "1 thông báo chưa đọc." in clients.lead.get("/notices").text
    clients.lead.submit("/notices/read", page="/notices", shown_at=(NOW + timedelta(hours=1)).isoformat())
    assert "Mọi thông báo đã đọc." in clients.lead.get("/notices").text


def test_nobody_reads_or_marks_what_is_anothers(world, clients):
    theirs = ring(world, "partner")
    assert "Nhắc việc" not in clients.lead.get("/notices").text.partition("<main")[2]
    assert clients.lead.submit(f"/notices/{theirs}/read", page="/notices").status_code == 404
    clients.lead.submit("/notices/read", page="/account", shown_at="không phải giờ")
    with world.app_context():
        assert notices.is_there(people.by_email("partner@example.org").person.id, theirs)
    assert "1 thông báo chưa đọc." in clients.partner.get("/notices").text


def test_a_long_list_is_paged(world, clients):
    for number in range(21):
        ring(world, number=number, minutes=number)
    assert "Nhắc việc 0 &lt;" not in clients.lead.get("/notices").text
    assert "Nhắc việc 0 &lt;" in clients.lead.get("/notices?page=2").text
