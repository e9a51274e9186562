"""One person for several units: a switch, checked with every request, and nobody confirms their own work by it."""

import re
from datetime import date, timedelta

import pytest

from tests.support.worlds import NOW
from tracker.domain.access import may_confirm, may_log
from tracker.domain.confirming import Watcher, answerers
from tracker.domain.errors import Refused
from tracker.domain.people import Person, Place, Role
from tracker.store import people as stored
from tracker.store import sessions as stored_sessions
from tracker.store import units
from tracker.store.unit_events import open_shares
from tracker.usecases import acting

SCHOOL = "truong-th-thanh-to"
TODAY = date(2024, 12, 16)


@pytest.fixture
def lead(world):
    with world.app_context():
        return stored.by_email("lead@example.org").person


def let(client, person, **change: str):
    fields = {"unit": SCHOOL, "from_on": "2024-12-16", "until_on": "2024-12-20", "document": "QĐ 5/QĐ-UBND", **change}
    where = f"/admin/people/{person.id}"
    return client.submit(f"{where}/acting", page=where, **fields)


def test_a_person_acts_for_a_school_from_day_to_day_and_the_switch_ends_with_it(world, clients, lead, clock):
    assert clients.lead.get("/tasks/23").status_code == 404
    assert let(clients.admin, lead).status_code == 303
    page = clients.lead.get("/my").text
    assert "Đang làm cho: Phòng Tài chính - Kế hoạch" in page
    assert clients.lead.get("/tasks/23").status_code == 404, "not before the switch"
    answer = clients.lead.submit("/account/acting", page="/account", unit=SCHOOL)
    assert "Đang làm thay: Trường Tiểu học Thành Tô" in clients.lead.get(answer.location).text
    assert clients.lead.get("/tasks/23").status_code == 200
    clock.move(NOW + timedelta(days=4))
    assert clients.lead.get("/tasks/23").status_code == 200
    clock.move(NOW + timedelta(days=5))
    assert clients.lead.get("/tasks/23").status_code == 404
    assert "Đang làm" not in clients.lead.get("/my").text


def test_the_log_and_the_history_name_the_person_and_the_unit(world, clients, lead):
    let(clients.admin, lead)
    clients.lead.submit("/account/acting", page="/account", unit=SCHOOL)
    with world.app_context():
        school = next(place for place in stored_sessions.load("of-lead", TODAY).person.places if place.code == SCHOOL)
        share = next(each for each in open_shares([school.unit_id], TODAY) if each.task_id == 23)
    sent = clients.lead.submit(f"/shares/{share.id}/log", "/tasks/23", percent="40", result="Đã rà soát phòng học")
    assert sent.status_code == 303
    page = clients.lead.get("/tasks/23").text
    assert "Phạm Chủ Trì · làm thay Trường Tiểu học Thành Tô" in page
    assert "Giao làm thay đơn vị khác" in clients.admin.get("/history").text


def test_ending_it_takes_effect_at_once(clients, lead):
    let(clients.admin, lead, until_on="")
    clients.lead.submit("/account/acting", page="/account", unit=SCHOOL)
    where = f"/admin/people/{lead.id}"
    ending = re.search(r'action="([^"]+/acting/\d+/end)"', clients.admin.get(where).text)[1]
    clients.admin.submit(ending, page=where)
    assert clients.lead.get("/tasks/23").status_code == 404
    assert "đã kết thúc" in clients.admin.get(where).text or "acting/" not in clients.admin.get(where).text


def test_nobody_switches_to_a_unit_that_was_not_given(clients, lead):
    for unit in (SCHOOL, "phong-gddt", "", "không có"):
        answer = clients.lead.submit("/account/acting", page="/account", unit=unit)
        assert answer.status_code == 422
    assert clients.lead.get("/tasks/23").status_code == 404


def test_the_session_may_name_a_unit_that_is_not_theirs_without_gaining_it(world, clients, lead):
    with world.app_context():
        school = stored.by_email("partner@example.org").person.unit_id
    with clients.lead.session_transaction() as session:
        session["acts_for"] = school
    assert clients.lead.get("/tasks/23").status_code == 404


def test_who_acts_for_a_unit_that_day_is_one_of_those_to_call(world, clients, lead):
    let(clients.admin, lead, until_on="2024-12-16")
    with world.app_context():
        school = stored.by_email("partner@example.org").person.unit_id
        for day, names in ((TODAY, ["Phạm Chủ Trì", "Vũ Phối Hợp"]), (TODAY + timedelta(days=1), ["Vũ Phối Hợp"])):
            found = stored.contacts([lead.unit_id, school], day)
            assert [each.name for each in found[school]] == names
            assert [each.name for each in found[lead.unit_id]] == ["Phạm Chủ Trì"]


REFUSED = (
    ({"unit": "phong-tckh"}, "Hãy chọn một đơn vị khác"),
    ({"unit": "lạ"}, "Hãy chọn một đơn vị khác"),
    ({"until_on": "2024-12-15"}, "Ngày cuối phải bằng hoặc sau ngày đầu."),
    ({"from_on": "16/12"}, "Ô “Từ ngày”: “16/12” không phải một ngày"),
    ({"document": " "}, "Hãy ghi lý do hoặc số văn bản"),
    ({"document": "x" * 301}, "Hãy ghi lý do hoặc số văn bản"),
)


def test_what_makes_no_sense_is_refused_and_kept_in_the_form(world, clients, lead):
    for change, sentence in REFUSED:
        answer = let(clients.admin, lead, **change)
        assert answer.status_code == 422, change
        assert sentence in answer.text
    assert let(clients.admin, lead).status_code == 303
    assert "đã được giao làm thay" in let(clients.admin, lead, from_on="2024-12-20", until_on="").text
    assert let(clients.admin, lead, from_on="2024-12-21", until_on="").status_code == 303
    with world.app_context():
        leader = stored.by_email("leader@example.org").person
        with pytest.raises(Refused, match="Chỉ người của đơn vị"):
            acting.let_act(leader, SCHOOL, TODAY, None, "x", by=None, now=NOW)


def test_a_session_knows_the_places_of_its_person_in_one_question(world, clients, lead):
    let(clients.admin, lead)
    with world.app_context():
        found = stored_sessions.load("of-lead", TODAY).person
        assert [place.code for place in found.places] == ["phong-tckh", SCHOOL]
        assert stored_sessions.load("of-lead", TODAY - timedelta(days=1)).person.places == ()


OWN, SCHOOL_PLACE = Place(1, "a", "A"), Place(2, "b", "B")
WATCHERS = [Watcher(9, frozenset({unit})) for unit in (1, 2, 3)]


@pytest.mark.parametrize("role", list(Role))
def test_who_may_act_for_a_unit_confirms_nothing_of_it_whichever_unit_they_ask_for(role: Role) -> None:
    person = Person(1, "a@example.org", "A", role, 1, "a", "A", "vi", True, (OWN, SCHOOL_PLACE))
    for asking in (person, person.asking_for(2)):
        assert not may_confirm(asking, answerers([1, 2, 3], WATCHERS, 2))
        assert not may_confirm(asking, answerers([1, 2, 3], WATCHERS, 1))
        assert not may_confirm(asking, answerers([], WATCHERS, 2))
        assert may_log(asking, 2) == (asking.unit_id == 2 and role in (Role.MONITOR, Role.HEAD, Role.MEMBER))
    assert may_confirm(person, answerers([1, 2], WATCHERS, 3)) == (role is Role.MONITOR)


def test_who_reported_for_a_unit_does_not_confirm_it_once_the_acting_is_over(world, clients):
    with world.app_context():
        office = stored.by_email("office@example.org").person
        education = units.ids_by_code()["phong-gddt"]
        share = next(each for each in open_shares([education], TODAY) if each.task_id == 26)
    where = f"/admin/people/{office.id}"
    assert let(clients.admin, office, unit="phong-gddt").status_code == 303
    clients.office.submit("/account/acting", page="/account", unit="phong-gddt")
    assert (
        clients.office.submit(f"/shares/{share.id}/log", "/tasks/26", action="submit", result="Xong").status_code == 303
    )
    ending = re.search(r'action="([^"]+/acting/\d+/end)"', clients.admin.get(where).text)[1]
    clients.admin.submit(ending, page=where)
    refused = clients.office.submit(f"/shares/{share.id}/accept", "/account")
    assert refused.status_code == 403
    assert "lãnh đạo hoặc quản trị viên sẽ trả lời" in refused.text
    assert clients.leader.submit(f"/shares/{share.id}/accept", "/tasks/26").status_code == 303
    assert "với tư cách lãnh đạo" in clients.monitor.get("/tasks/26").text
