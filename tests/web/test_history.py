"""The page of the history: everything in one list, found again by what people remember of it."""

import csv
import io
from datetime import date

import pytest

from tests.support.history import History
from tests.support.queries import count_queries
from tests.support.worlds import NOW
from tracker.domain.amendments import AmendmentHead
from tracker.domain.people import Role
from tracker.domain.work import Action
from tracker.store import people, units
from tracker.store.database import db, transaction
from tracker.usecases.amendments import TaskEdit, amend


@pytest.fixture
def past(world, clients):
    """Finance and a school worked on their shares, a decision changed task 1, a spelling was corrected."""
    history = History(world)
    history.record("lead", "7", Action.PROGRESS, date(2024, 9, 10), percent=40, difficulty="Thiếu kinh phí")
    history.record("monitor", "2", Action.PROGRESS, date(2024, 9, 11), percent=10, difficulty="Bí mật nội bộ")
    with world.app_context():
        monitor = people.by_email("monitor@example.org")
        edit = TaskEdit(1, {"title": "Rà soát lại cơ sở vật chất"})
        amend(monitor.person, 1, AmendmentHead("12/QĐ", date(2024, 11, 5)), [edit], now=NOW)
        db.session.remove()
    page = "/units/truong-th-thanh-to/edit"
    assert clients.admin.submit(page, short_name="TH Thành Tô", aliases="Trường TT").status_code == 303
    return clients


def test_everything_stands_in_one_list_from_what_to_what(past):
    page = past.admin.get("/history").text
    for told in (
        "Thiếu kinh phí",
        "Rà soát lại cơ sở vật chất",
        "12/QĐ",
        "Trường TT",
        "Trần Quản Trị",
        "Nhập kế hoạch",
    ):
        assert told in page, told


FILTERS = (
    ("q=thieu kinh PHI", "Thiếu kinh phí", "Trường TT"),
    ("kind=unit", "Trường TT", "Thiếu kinh phí"),
    ("unit=phong-tckh", "Thiếu kinh phí", "Bí mật nội bộ"),
    ("task=7", "Thiếu kinh phí", "Rà soát lại"),
    ("from=2024-12-01", "Trường TT", "Thiếu kinh phí"),
    ("to=2024-09-10", "Thiếu kinh phí", "Bí mật nội bộ"),
    ("person=4", "Thiếu kinh phí", "Trường TT"),
    ("plan=99", "Không có dòng nào", "Thiếu kinh phí"),
    ("unit=la", "Không có dòng nào", "Thiếu kinh phí"),
    ("task=x", "Không có dòng nào", "Thiếu kinh phí"),
)


def test_the_filters_of_the_address_narrow_it(past):
    for query, there, gone in FILTERS:
        page = past.admin.get(f"/history?{query}").text
        assert there in page, query
        assert gone not in page.partition("<tbody>")[2], query


def test_a_day_that_is_none_is_refused_in_words(past):
    for day, words in (("1/9", "không đúng dạng"), ("1889-01-01", "Chỉ xem được ngày từ năm 1990")):
        answer = past.admin.get(f"/history?from={day}")
        assert (answer.status_code, words in answer.text) == (400, True)


def test_a_head_reads_of_the_own_units_work_and_a_member_of_nothing(past):
    page = past.lead.get("/history").text
    assert "Thiếu kinh phí" in page
    assert "Rà soát lại cơ sở vật chất" in page, "finance leads task 1"
    for hidden in ("Bí mật nội bộ", "Trường TT", "Trần Quản Trị"):
        assert hidden not in page
    assert "Bí mật" not in past.lead.get("/history.csv?unit=phong-gddt").text
    assert "Thiếu kinh phí" in past.leader.get("/history").text


def test_what_concerns_people_is_for_administrators(past):
    assert past.monitor.get("/overdue").status_code == 200
    assert past.monitor.get("/overdue").status_code == 200
    seen = "Xem thông tin liên hệ"
    assert past.admin.get("/history?kind=person").text.count(seen) == 1, "one line a day, not one a view"
    assert seen not in past.leader.get("/history?kind=person").text
    for path in ("/admin/", "/admin/people/4", "/admin/people/4", "/admin/people/5"):
        past.admin.get(path)
    page = past.admin.get("/history?kind=person").text
    assert (page.count(seen), page.count("Xem trang của một người")) == (2, 2)


def test_the_table_opens_in_a_spreadsheet_and_holds_no_formula(past, world):
    History(world).record("lead", "7", Action.PROGRESS, date(2024, 9, 12), percent=50, reason="=1+1")
    answer = past.admin.get("/history.csv?task=7")
    assert answer.data.startswith("\ufeff".encode())
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))
    assert rows[0][:2] == ["Lúc", "Người thực hiện"]
    assert [row[-1] for row in rows[1:]] == ["'=1+1", ""]
    before, after = rows[0].index("Trước"), rows[0].index("Sau")
    assert [(row[before], row[after]) for row in rows[1:]] == [
        ("Đang thực hiện · 40%", "Đang thực hiện · 50%"),
        ("Chưa bắt đầu · 0%", "Đang thực hiện · 40% · Thiếu kinh phí"),
    ]


def test_more_than_may_be_taken_away_at_once_is_said(past, monkeypatch):
    monkeypatch.setattr("tracker.web.taking_away.MOST_ROWS", 2)
    rows = past.admin.get("/history.csv").text.splitlines()
    assert len(rows) == 4
    assert "Chỉ xuất 2 dòng" in rows[-1]


def test_it_is_read_in_ten_questions(past, world):
    with world.app_context():
        engine = db.engine
    for who, query in (("admin", ""), ("admin", "?q=kinh+phi&unit=phong-tckh"), ("lead", "")):
        with count_queries(engine) as statements:
            assert "Thiếu kinh phí" in getattr(past, who).get(f"/history{query}").text
        assert len(statements) <= 10
    assert past.admin.get("/history.csv").text.count("\r\n") > 5


def test_pages_lead_to_their_history(past):
    assert "/history?task=7" in past.lead.get("/tasks/7").text
    assert "/history?unit=phong-tckh" in past.monitor.get("/units/phong-tckh").text
    assert "/history?person=2" in past.admin.get("/admin/people/2").text


def test_what_a_unit_wrote_is_for_itself_and_for_those_who_follow_all(past, world):
    with world.app_context(), transaction():
        ward = units.ids_by_code()["ubnd-phuong-cat-bi"]
        people.add("ward@example.org", "Ngô Phường", Role.HEAD, ward, "", "vi", NOW)
    share = past.lead.get("/tasks/1").text.partition("/shares/")[2].partition("/")[0]
    assert past.lead.submit(f"/shares/{share}/log", "/tasks/1", difficulty="Điều riêng").status_code == 303
    wanted = {"wanted": "2025-03-31", "reason": "Điều riêng"}
    assert past.lead.submit(f"/shares/{share}/extension", "/tasks/1", **wanted).status_code == 303
    pages = ("/tasks/1", "/", "/my", "/overdue", "/plans/1", "/plans/1/matrix", "/units/phong-tckh", "/history")
    assert [page for page in pages if "Điều riêng" in past.ward.get(page).text] == []
    assert past.ward.get("/tasks/1").status_code == 200, "its unit takes part"
    assert "Điều riêng" in past.leader.get("/tasks/1").text
