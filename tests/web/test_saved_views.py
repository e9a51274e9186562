"""Filters kept under a name: offered above their list, shared, changed by their owner alone."""

import re

import pytest

from tests.support.worlds import NOW
from tracker.store import people, person_data
from tracker.store.database import db, transaction

LATE = {"list": "plan", "name": "Quá hạn của phòng", "status": "overdue", "unit": "phong-gddt", "part": "any"}
ADDRESS = "/plans/1?status=overdue&unit=phong-gddt&part=any"


def offered(client, path: str = "/plans/1") -> list[tuple[str, str]]:
    """The saved filters above a list: address and name."""
    page = client.get(path).text
    nav = re.search(r'<nav class="tabs tabs-small" aria-label="Bộ lọc đã lưu">.*?</nav>', page, re.S)
    found = re.findall(r'<a href="([^"]+)"[^>]*>([^<]+)', nav[0]) if nav else []
    return [(address.replace("&amp;", "&"), name.strip()) for address, name in found if address != "/views"]


def test_a_filter_is_saved_where_it_is_used_and_offered_above_the_list(clients):
    assert "Lưu bộ lọc này" in clients.monitor.get(ADDRESS).text
    assert "Lưu bộ lọc này" not in clients.monitor.get("/plans/1").text
    answer = clients.monitor.submit("/views", ADDRESS, **LATE, back=ADDRESS)
    assert (answer.status_code, answer.headers["Location"]) == (303, ADDRESS)
    assert offered(clients.monitor) == [(ADDRESS, "Quá hạn của phòng")]
    assert "Lưu bộ lọc này" not in clients.monitor.get(ADDRESS).text
    assert offered(clients.lead) == [], "nobody else is offered it"
    assert offered(clients.monitor, "/my") == [], "it is of the plan's list"


def test_a_shared_filter_is_everybodys_and_its_owners_to_change(clients):
    clients.monitor.submit("/views", ADDRESS, **LATE, shared="1")
    assert [name for _, name in offered(clients.partner)] == ["Quá hạn của phòng"]
    assert clients.partner.get("/views/1").headers["Location"].startswith("/plans/1?")
    assert clients.partner.submit("/views/1", "/views", name="Của tôi").status_code == 403
    assert clients.partner.submit("/views/1/remove", "/views").status_code == 403
    assert clients.monitor.submit("/views/1", "/views", name="Tên mới").status_code == 303
    assert offered(clients.partner) == [], "it is shared no more"
    assert [name for _, name in offered(clients.monitor)] == ["Tên mới"]
    assert clients.partner.get("/views/1").status_code == 404
    assert clients.monitor.submit("/views/1/remove", "/views").status_code == 303
    assert offered(clients.monitor) == []


def test_a_filter_of_ones_own_work_keeps_part_and_whose(clients):
    clients.monitor.submit("/views", "/my", list="work", name="Việc tôi", part="lead", who="me", status="overdue")
    assert offered(clients.monitor, "/my") == [("/my?status=overdue&part=lead&who=me", "Việc tôi")]
    assert clients.monitor.get("/views/1").headers["Location"] == "/my?status=overdue&part=lead&who=me"


def test_whoever_shares_a_filter_no_more_is_told_that_others_calendars_end(clients):
    clients.monitor.submit("/views", ADDRESS, **LATE, shared="1")
    for shared, told in (({"shared": "1"}, False), ({}, True), ({}, False)):
        clients.monitor.submit("/views/1", "/views", name="Tên", **shared)
        page = clients.monitor.get("/views").text
        assert "Đã đổi bộ lọc" in page
        assert ("lịch của người khác theo bộ lọc này, nếu có, đã ngừng" in page) is told


@pytest.mark.parametrize(
    ("asked", "left"),
    [
        ({"list": "work", "status": "zzz", "sort": "unit", "who": "lead", "month": "2024-12"}, "/my?month=2024-12"),
        ({"list": "plan", "status": "zzz", "level": "thcs", "unit": "nowhere", "q": "khai"}, "/plans/1?q=khai"),
    ],
)
def test_a_choice_that_there_is_none_of_is_not_kept(clients, asked, left):
    assert clients.monitor.submit("/views", "/views", **asked, name="Lọc").status_code == 303
    assert clients.monitor.get("/views/1").headers["Location"] == left


def test_what_ones_own_work_leaves_out_is_not_offered_to_be_saved(clients):
    assert "Lưu bộ lọc này" not in clients.monitor.get("/my?status=zzz").text
    assert "Lưu bộ lọc này" in clients.monitor.get("/my?status=overdue").text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({**LATE, "name": "  "}, "còn trống"),
        ({**LATE, "name": "x" * 81}, "dài quá 80"),
        ({"list": "plan", "name": "Không gì"}, "Chưa chọn gì để lưu"),
        ({"list": "elsewhere", "name": "A", "status": "overdue"}, "Không lưu được"),
        ({"list": "plan", "name": "A", "level": "thcs"}, "Chưa chọn gì để lưu"),
    ],
)
def test_what_cannot_be_saved_is_told_and_what_was_typed_stays(clients, typed, said):
    answer = clients.monitor.submit("/views", ADDRESS, **typed)
    assert answer.status_code == 422
    assert said in answer.text
    if typed["list"] == "plan" and "status" in typed:
        assert f'name="status" value="{typed["status"]}"' in answer.text


def test_a_name_is_used_once_for_each_list(clients):
    assert clients.monitor.submit("/views", ADDRESS, **LATE).status_code == 303
    again = clients.monitor.submit("/views", ADDRESS, **LATE)
    assert again.status_code == 422
    assert "Bạn đã có bộ lọc tên" in again.text
    assert clients.lead.submit("/views", ADDRESS, **LATE).status_code == 303


def test_erasing_takes_what_is_ones_own_and_leaves_what_is_shared(world, clients):
    clients.lead.submit("/views", ADDRESS, **LATE)
    clients.lead.submit("/views", ADDRESS, **{**LATE, "name": "Chung"}, shared="1")
    with world.app_context():
        lead = people.by_email("lead@example.org").person
        assert len(person_data.kept_about(lead.id)["saved_view"]) == 2
        with transaction():
            people.set_active(lead.id, False)
            person_data.erase(lead.id, NOW)
        db.session.remove()
    assert [name for _, name in offered(clients.partner)] == ["Chung"]


def test_nobody_is_led_elsewhere(clients):
    answer = clients.monitor.submit("/views", ADDRESS, **LATE, back="//evil.example")
    assert answer.headers["Location"] == "/"
