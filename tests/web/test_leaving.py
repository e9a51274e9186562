"""Somebody leaves: work handed over, the account closed, the data handed out and erased."""

import json
import re
from datetime import date

import pytest
import sqlalchemy as sa

from tests.support.history import History
from tests.support.office import tick_at
from tests.support.worlds import NOW
from tracker.domain.devices import Device
from tracker.domain.people import Role
from tracker.domain.reminder_people import Cast
from tracker.domain.reminder_rules import Audience, Group
from tracker.domain.share_people import Named
from tracker.domain.work import Action
from tracker.store import people as stored
from tracker.store import preferences, reminder_facts, sessions, share_people, unit_settings, units
from tracker.store.database import db, transaction
from tracker.store.tables import SecondFactor, SignInSession
from tracker.store.unit_events import open_shares
from tracker.usecases import acting, leaving, people
from tracker.usecases.share_people import give
from tracker.web.runtime import runtime

EMAIL = "can.bo@example.org"
TODAY = date(2024, 12, 16)


@pytest.fixture
def can_bo(world, clients):
    with world.app_context():
        return people.add_person(EMAIL, "Ngô Cán Bộ", Role.MEMBER, "phong-tckh", now=NOW)


def one(world, email: str):
    with world.app_context():
        return stored.by_email(email).person


def given_to(world, *person_ids: int) -> list[int]:
    """Gives the first open share of the department to these people; returns who does it now."""
    with world.app_context():
        share = open_shares([stored.by_id(person_ids[0]).person.unit_id], TODAY)[0]
        with transaction():
            share_people.replace(share.id, Named(frozenset(person_ids)), None, NOW)
    return [share.id]


def close(client, person_id: int, **fields: str):
    where = f"/admin/people/{person_id}/close"
    return client.submit(where, **fields)


def test_what_somebody_does_is_handed_to_a_colleague_before_the_account_closes(world, clients, can_bo):
    lead = one(world, "lead@example.org")
    shares = given_to(world, can_bo.id)
    page = clients.admin.get(f"/admin/people/{can_bo.id}/close").text
    assert "Còn 1 phần việc đang làm" in page
    assert "Phạm Chủ Trì" in page
    silent = close(clients.admin, can_bo.id)
    assert (silent.status_code, "Hãy chọn người nhận bàn giao" in silent.text) == (422, True)
    monitor = one(world, "monitor@example.org")
    assert close(clients.admin, can_bo.id, heir=str(monitor.id)).status_code == 422
    assert one(world, EMAIL).active
    assert close(clients.admin, can_bo.id, heir=str(lead.id)).status_code == 303
    assert not one(world, EMAIL).active
    with world.app_context():
        assert share_people.named(shares)[shares[0]] == Named(frozenset({lead.id}))


def test_work_may_be_left_to_the_whole_unit_by_saying_so(world, clients, can_bo):
    shares = given_to(world, can_bo.id)
    assert close(clients.admin, can_bo.id, heir="0").status_code == 303
    with world.app_context():
        assert shares[0] not in share_people.named(shares)


def test_who_stands_in_for_somebody_who_left_is_named_as_that(world, clients, can_bo):
    lead = one(world, "lead@example.org")
    with world.app_context():
        share = open_shares([lead.unit_id], TODAY)[0]
        with transaction():
            share_people.replace(share.id, Named(frozenset({can_bo.id}), frozenset({lead.id})), None, NOW)
    close(clients.admin, can_bo.id, heir="0")
    assert "không còn ai; làm thay: Phạm Chủ Trì" in clients.lead.get(f"/tasks/{share.task_id}").text
    told = clients.admin.get("/history?q=giao").text
    assert "Ngô Cán Bộ" in told, "the history tells who did it until then"


def test_the_last_of_a_unit_hands_it_to_somebody_who_acts_for_it_and_is_reminded(world, clients, can_bo):
    partner = one(world, "partner@example.org")
    page = clients.admin.get(f"/admin/people/{partner.id}/close").text
    assert "Đây là người cuối cùng của Trường Tiểu học Thành Tô" in page
    assert close(clients.admin, partner.id, heir=str(can_bo.id)).status_code == 303
    with world.app_context():
        assert [place.place.code for place in acting_of(can_bo.id)] == ["truong-th-thanh-to"]
        assert leaving.owed(partner, TODAY).last_of_unit is False
        cast = Cast(preferences.office(TODAY, runtime().zone), TODAY)
        share = next(each for each in reminder_facts.owed(NOW, runtime().zone) if each.unit_id == partner.unit_id)
        assert [each.id for each in cast.told(share, Audience.PARTNERS, Group.SOON)] == [can_bo.id]


def acting_of(person_id: int):
    return acting.acting.of_person(person_id)


def test_everything_about_a_person_is_in_one_file_and_nothing_that_opens_the_account(world, clients):
    History(world).record("lead", "7", Action.PROGRESS, date(2024, 8, 6), percent=60, result="Đã hướng dẫn")
    taken = clients.lead.submit("/account/data", page="/account")
    assert taken.headers["Content-Disposition"].startswith("attachment")
    kept = json.loads(taken.data)["kept"]
    assert kept["person"][0]["email"] == "lead@example.org"
    assert kept["progress_entry"][0]["result"] == "Đã hướng dẫn"
    assert "sign_in_session" in kept
    assert [line["what"] for line in kept["change_entry_about"]] == ["person.data_taken"]
    assert not re.search(r"argon2|of-lead|password_hash|token_sha256|secret", taken.text)
    lead = one(world, "lead@example.org")
    where = f"/admin/people/{lead.id}"
    assert json.loads(clients.admin.submit(f"{where}/data", page=where).data)["person"] == "lead@example.org"
    assert clients.monitor.post(f"{where}/data").status_code in (400, 403)


def told_of_people(client) -> str:
    """What the history says of who does shares, without its marks."""
    found = re.sub(r"<[^>]+>", " ", client.get("/history?kind=share&q=nguoi thuc hien").text)
    return " ".join(found.split())


def test_a_person_is_erased_once_closed_and_clear_by_typing_the_address_and_the_log_stays(world, clients, can_bo):
    History(world).record("lead", "7", Action.PROGRESS, date(2024, 8, 6), percent=60, result="Đã hướng dẫn")
    lead = one(world, "lead@example.org")
    where = f"/admin/people/{lead.id}"
    with world.app_context():
        share = open_shares([lead.unit_id], TODAY)[0].id
        give(lead, [share], [lead.id], [can_bo.id], NOW, runtime().zone)
    assert "người thực hiện : Phạm Chủ Trì" in told_of_people(clients.admin)

    def erase(address: str = "lead@example.org"):
        return clients.admin.submit(f"{where}/erase", page=f"/admin/people/{can_bo.id}", address=address)

    with world.app_context():
        people.choose_phone(lead, "0225 3629 215", now=NOW)
        tick_at(world, "2024-12-16T08:00")
    assert "Tài khoản đang mở" in erase().text
    assert close(clients.admin, lead.id, heir=str(can_bo.id)).status_code == 303
    assert "Địa chỉ nhập vào không khớp" in erase("leader@example.org").text
    assert erase(" LEAD@example.org ").status_code == 303
    assert "Dữ liệu của người này đã được xóa." in erase().text
    opened = clients.admin.submit(f"{where}/open", page=f"/admin/people/{can_bo.id}")
    assert (opened.status_code, "đã được xóa" in opened.text) == (422, True)
    page = clients.monitor.get("/tasks/7").text
    assert f"Người dùng đã xóa ({lead.id})" in page
    assert "Đã hướng dẫn" in page
    assert "Phạm Chủ Trì" not in page
    assert f"Người dùng đã xóa ({lead.id}) → Ngô Cán Bộ" in told_of_people(clients.admin)
    with world.app_context():
        for table in db.metadatas[None].sorted_tables:
            for row in db.session.execute(sa.select(table)):
                assert not re.search("lead@example.org|Phạm Chủ Trì|0225 3629 215", repr(row)), table.name
        for table in (SignInSession, SecondFactor):
            assert not db.session.scalars(sa.select(table).where(table.person_id == lead.id)).all()
    assert "lead@example.org" not in clients.admin.get("/admin/").text


def test_nobody_is_erased_who_is_the_last_of_a_unit_that_owes_work(world, clients):
    partner = one(world, "partner@example.org")
    assert close(clients.admin, partner.id, heir="0").status_code == 303
    where = f"/admin/people/{partner.id}"
    refused = clients.admin.submit(f"{where}/erase", page=where, address="partner@example.org")
    assert (refused.status_code, "chưa bàn giao" in refused.text) == (422, True)


def test_a_report_that_waits_for_the_last_head_is_told_and_goes_on_without_one(world, clients, can_bo):
    lead = one(world, "lead@example.org")
    with world.app_context():
        share = next(each for each in open_shares([lead.unit_id], TODAY) if each.task_id == 7)
        with transaction():
            unit_settings.set_approval(lead.unit_id, wanted=True)
            sessions.add("of-can_bo", can_bo.id, Device(), NOW)
    member = clients.can_bo
    sent = member.submit(f"/shares/{share.id}/log", "/tasks/7", action="submit", result="Đã xong")
    assert sent.status_code == 303
    assert member.submit(f"/shares/{share.id}/approve", "/tasks/7").status_code == 403
    where = f"/admin/people/{lead.id}/close"
    page = clients.admin.get(where).text
    assert "1 báo cáo đang chờ người này duyệt" in page
    assert "không còn phần việc nào" not in page
    assert close(clients.admin, lead.id, heir="0").status_code == 303
    assert "đơn vị không còn thủ trưởng" in member.get("/tasks/7").text
    assert member.submit(f"/shares/{share.id}/approve", "/tasks/7").status_code == 303
    assert clients.monitor.submit(f"/shares/{share.id}/accept", "/tasks/7").status_code == 303


def test_closing_the_only_account_of_a_monitor_strands_nothing_and_is_told(world, clients):
    office = one(world, "office@example.org")
    with world.app_context():
        education = units.ids_by_code()["phong-gddt"]
        share = next(each for each in open_shares([education], TODAY) if each.task_id == 26)
    clients.monitor.submit(f"/shares/{share.id}/log", "/tasks/26", action="submit", result="Xong")
    page = clients.admin.get(f"/admin/people/{office.id}/close").text
    assert "không còn ai xác nhận được" in page
    assert "chưa có ai xác nhận được" not in clients.admin.get("/plans/1/settings").text
    assert close(clients.admin, office.id, heir="0").status_code == 303
    assert "chưa có ai xác nhận được" in clients.admin.get("/plans/1/settings").text
    assert "lãnh đạo hoặc quản trị viên" in clients.monitor.get("/tasks/26").text
    for client in (clients.admin, clients.leader):
        assert f"/tasks/26#share-{share.id}" in client.get("/waiting").text
    assert clients.admin.submit(f"/shares/{share.id}/accept", "/tasks/26").status_code == 303
