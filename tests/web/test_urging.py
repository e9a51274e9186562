"""Urging from the pages: picked, looked at with who would be told, sent once, counted where the work is shown."""

import csv
import io
import re

import pytest
import sqlalchemy as sa

from tests.support.office import tick_at
from tests.support.queries import count_queries
from tests.support.worlds import NOW
from tracker.domain.urging import MOST_TEXT
from tracker.store import units
from tracker.store.database import db
from tracker.store.tables import OutboxMessage, ShareRow, UrgingRow

pytestmark = pytest.mark.one_database

FINANCE = "phong-tckh"


def picked(client, page: str, **fields):
    """What was picked on `page`, as the page that shows it: its address and its text."""
    answer = client.submit("/urge", page, **fields)
    assert answer.status_code == 303, answer.status
    address = answer.headers["Location"]
    return address, client.get(address)


def filled(page) -> dict[str, object]:
    """The fields of the form that sends, all boxes ticked."""
    form = page.text.partition('action="/urge"')[2].partition("</form>")[0]
    fields = dict(re.findall(r'name="(once|typed)" value="([^"]*)"', form))
    return {**fields, "share": re.findall(r'name="share" value="(\d+)"', form), "step": "send"}


def urged_messages(world) -> list[tuple[str, str]]:
    with world.app_context():
        query = sa.select(OutboxMessage.to_address, OutboxMessage.channel).where(OutboxMessage.kind == "urging")
        return sorted(tuple(row) for row in db.session.execute(query))


def unit_id(world) -> int:
    with world.app_context():
        return units.ids_by_code()[FINANCE]


def milestones(page: str) -> list[str]:
    return re.findall(r'form="urge-form" name="milestone" value="(\d+)"', page)


def test_a_picked_list_is_shown_with_its_readers_and_sent_once(world, clients):
    page = clients.monitor.get("/overdue")
    address, shown = picked(clients.monitor, "/overdue", milestone=milestones(page.text))
    assert "Gửi cho:" in shown.text
    assert "Chưa có ai nhận được ở những đơn vị sau" in shown.text
    form = {**filled(shown), "text": "Đề nghị báo cáo\ntrước 20/12."}
    first = clients.monitor.submit("/urge", address, **form)
    assert first.headers["Location"] == "/urgings?from=2024-12-16"
    messages = urged_messages(world)
    assert messages
    assert len(set(messages)) == len(messages)
    assert "monitor@example.org" not in {to for to, _ in messages}
    clients.monitor.submit("/urge", "/overdue", **form)
    assert "đã được gửi rồi" in clients.monitor.get("/urgings").text
    assert clients.monitor.get(address).headers["Location"] == "/urgings"
    assert urged_messages(world) == messages
    assert "đã đôn đốc 1 lần, gần nhất 16/12/2024" in clients.monitor.get("/overdue").text


def test_a_whole_unit_is_urged_from_its_page_and_counted_there_and_on_the_task(world, clients):
    address, shown = picked(clients.monitor, f"/units/{FINANCE}", unit=unit_id(world), plan=1)
    assert "Phạm Chủ Trì" in shown.text
    form = filled(shown)
    assert len(form["share"]) > 1
    one = form["share"][0]
    clients.monitor.submit("/urge", address, **{**form, "share": one})
    told = "đã đôn đốc 1 lần, gần nhất 16/12/2024"
    for client in (clients.monitor, clients.lead):
        assert f"Đôn đốc, nhắc việc: {told}" in client.get(f"/units/{FINANCE}").text
    assert told not in clients.partner.get(f"/units/{FINANCE}").text
    with world.app_context():
        task = db.session.get(ShareRow, int(one)).milestone_id
        lines = db.session.scalars(sa.select(UrgingRow)).all()
        assert [(row.text, row.unit_id) for row in lines] == [("", units.ids_by_code()["phong-gddt"])]
    assert told in clients.monitor.get(f"/tasks/{task}").text
    assert told not in clients.monitor.get(f"/units/{FINANCE}?as_of=2024-12-15").text
    assert "Đôn đốc" in clients.lead.get(f"/history?unit={FINANCE}").text


def test_what_was_typed_stays_where_it_is_refused(clients):
    address, shown = picked(clients.monitor, "/tasks/7", task=7)
    text = "Đề nghị khẩn trương " * 200
    answer = clients.monitor.submit("/urge", address, **{**filled(shown), "text": text})
    assert answer.status_code == 422
    assert f"nhiều nhất là {MOST_TEXT}" in answer.text
    assert text.strip() in answer.text


def test_where_nothing_is_picked_the_same_list_says_so(clients):
    narrowed = f"/overdue?unit={FINANCE}&sort=due"
    assert f'name="back" value="{narrowed.replace("&", "&amp;")}"' in clients.monitor.get(narrowed).text
    empty = clients.monitor.submit("/urge", narrowed, back=narrowed)
    assert (empty.status_code, empty.headers["Location"]) == (303, narrowed)
    assert "Chưa chọn phần việc nào" in clients.monitor.get(narrowed).text
    assert clients.monitor.submit("/urge", narrowed, back="//elsewhere.example").headers["Location"] == "/"


def test_only_monitors_of_the_plan_pick_and_only_for_today(world, clients):
    for client in (clients.lead, clients.leader, clients.admin, clients.partner):
        assert 'id="urge-form"' not in client.get("/overdue").text
        assert client.submit("/urge", "/account", task=7).status_code == 403
    assert 'id="urge-form"' in clients.office.get("/overdue").text
    for page in ("/overdue", f"/units/{FINANCE}", "/tasks/7", "/plans/1/matrix"):
        assert 'id="urge-form"' in clients.monitor.get(page).text
        assert 'id="urge-form"' not in clients.monitor.get(f"{page}?as_of=2024-12-01").text


def test_a_preview_and_the_list_ask_ten_questions_at_most(world, clients):
    with world.app_context():
        tick_at(world, "2024-12-16T08:00")
        engine = db.engine
        db.session.remove()
    address, shown = picked(clients.monitor, "/overdue", milestone=milestones(clients.monitor.get("/overdue").text))
    clients.monitor.submit("/urge", address, **filled(shown))
    address, _ = picked(clients.monitor, "/overdue", unit=unit_id(world), plan=1)
    for page in (address, "/urgings", f"/urgings?unit={FINANCE}&plan=1&all=1", "/overdue", f"/units/{FINANCE}"):
        with count_queries(engine) as asked:
            assert clients.monitor.get(page).status_code == 200
        assert len(asked) <= 10, page


def test_the_list_tells_both_kinds_up_to_the_cut_off_and_goes_out_as_a_table(world, clients):
    with world.app_context():
        tick_at(world, "2024-12-09T08:00")
        db.session.remove()
    address, shown = picked(clients.monitor, "/tasks/7", task=7)
    clients.monitor.submit("/urge", address, **{**filled(shown), "text": "=1+1"})
    page = clients.leader.get(f"/urgings?unit={FINANCE}").text
    assert page.count("Tự động</div>") == 2
    assert page.count("Đôn đốc: ") == 2
    assert page.count('class="group-row"') == 1
    assert page.count('<td class="print-only" lang="vi">Phòng Tài chính - Kế hoạch</td>') == 4
    assert "16/12/2024 08:00" in page
    assert "Chưa gửi: chưa đặt máy chủ thư" in page
    assert "Đôn đốc: " not in clients.leader.get("/urgings?as_of=2024-12-15").text
    assert "Đôn đốc: " not in clients.leader.get("/urgings?how=automatic").text
    rows = list(csv.reader(io.StringIO(clients.leader.get("/urgings.csv?how=hand").text), delimiter=";"))
    assert rows[0][0] == "\ufeffĐơn vị"
    assert {tuple(row[1:6]) for row in rows[1:]} == {
        (f"{NOW:%d/%m/%Y}", "08:00", "Đôn đốc", "Nguyễn Theo Dõi", "Phạm Chủ Trì")
    }
    assert {row[-1] for row in rows[1:]} == {"'=1+1"}
    assert clients.lead.get("/urgings").status_code == 403


def test_a_message_tells_in_the_outbox_that_it_is_an_urging(world, clients):
    address, shown = picked(clients.monitor, "/tasks/7", task=7)
    clients.monitor.submit("/urge", address, **filled(shown))
    with world.app_context():
        message = db.session.scalar(sa.select(sa.func.max(OutboxMessage.id)))
    page = clients.monitor.get(f"/outbox/{message}").text
    assert '<a href="/tasks/7">Nhiệm vụ 7</a>: Đôn đốc (Phòng Tài chính - Kế hoạch)' in page
    assert "Phòng Giáo dục và Đào tạo (Nguyễn Theo Dõi) đề nghị ông/bà" in page
