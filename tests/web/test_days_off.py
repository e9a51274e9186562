"""The table of days off: who reads and keeps it, and that lateness, reminders and words follow at once."""

import pytest
import sqlalchemy as sa

from tests.support.office import tick_at
from tests.support.unit_changes import cut, plan
from tracker.domain.calendar_days import iso_day
from tracker.domain.reading.periods import PlanYear
from tracker.store import holidays
from tracker.store.database import db
from tracker.store.facts import milestone_lines
from tracker.store.tables import ChangeEntry

PAGE = "/settings/days-off"
MONDAY = {"day": "2024-12-02", "kind": "off", "name": "Nghỉ bù", "document": "Thông báo 12/TB-UBND"}


def last_days(world, due: str, day: str) -> set:
    """The last days in time of everything due on a day, as of another."""
    with world.app_context():
        lines = milestone_lines(plan(), cut(iso_day(day)))
        found = {str(line.status.last_day) for line in lines if str(line.status.due) == due}
        db.session.remove()
    return found


def test_administrators_keep_it_those_who_follow_the_work_read_it_others_do_not(clients):
    for reader in (clients.admin, clients.monitor, clients.leader):
        page = reader.get(f"{PAGE}?year=2025").text
        assert "Tết Nguyên đán" in page
        assert "Thứ Bảy, 26/04/2025" in page
        assert "làm bù" in page
    assert "Thêm hoặc sửa một ngày" not in clients.monitor.get(PAGE).text
    assert clients.lead.get(PAGE).status_code == 403
    answer = clients.monitor.submit(PAGE, "/plans/1", **MONDAY)
    assert answer.status_code == 403


def test_a_new_day_off_moves_the_last_day_in_time_and_says_that_figures_of_the_past_follow(world, clients):
    assert last_days(world, "2024-11-30", "2024-12-02") == {"2024-12-02"}
    answer = clients.admin.submit(PAGE, **MONDAY)
    assert answer.status_code == 303
    assert "số liệu tính đến những ngày từ đó về sau có thể đổi" in clients.admin.get(answer.headers["Location"]).text
    assert last_days(world, "2024-11-30", "2024-12-02") == {"2024-12-03"}
    shown = clients.admin.get(f"{PAGE}?year=2024").text
    assert "sau ngày này" in shown
    assert "30/11/2024 là Thứ Bảy, ngày nghỉ; tính đến hết 03/12/2024" in clients.leader.get("/plans/1").text


def test_a_day_taken_out_again_needs_a_reason_and_both_are_in_the_history(world, clients):
    clients.admin.submit(PAGE, **MONDAY)
    assert clients.admin.submit(f"{PAGE}/remove", PAGE, day=MONDAY["day"]).status_code == 422
    removed = clients.admin.submit(f"{PAGE}/remove", PAGE, day=MONDAY["day"], reason="Ghi nhầm")
    assert removed.status_code == 303
    assert "Đã xóa dòng ngày 02/12/2024" in clients.admin.get(removed.location).text
    assert clients.admin.submit(f"{PAGE}/remove", PAGE, day=MONDAY["day"], reason="Ghi nhầm").status_code == 404
    assert last_days(world, "2024-11-30", "2024-12-02") == {"2024-12-02"}
    with world.app_context():
        lines = db.session.scalars(sa.select(ChangeEntry).where(ChangeEntry.object_kind == "day_off")).all()
        told = [(each.label, each.field, each.old, each.new, each.reason) for each in lines if each.field == "is_off"]
        db.session.remove()
    assert told == [
        ("02/12/2024", "is_off", None, "true", "Thông báo 12/TB-UBND"),
        ("02/12/2024", "is_off", "true", None, "Ghi nhầm"),
    ]


def test_no_reminder_goes_out_on_a_day_that_has_just_become_off(world, clients):
    with world.app_context():
        assert tick_at(world, "2024-12-16T08:00").planned
    today = MONDAY | {"day": "2024-12-17"}
    assert clients.admin.submit(PAGE, **today).status_code == 303
    with world.app_context():
        assert [skip.reason for skip in tick_at(world, "2024-12-17T08:00").skipped] == ["day-off"]


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"day": "2024-02-31"}, "không phải một ngày"),
        ({"day": ""}, "Ô “Ngày” còn trống"),
        ({"name": ""}, "tên ngày nghỉ"),
        ({"document": ""}, "văn bản hoặc lý do"),
        ({"kind": "worked"}, "vốn là ngày làm việc"),
        ({"kind": "zzz"}, "Ô “Loại” chỉ nhận"),
        ({"name": "\0" * 5}, "tên ngày nghỉ"),
    ],
)
def test_what_is_refused_stays_in_the_form(clients, changed, says):
    answer = clients.admin.submit(PAGE, **(MONDAY | changed))
    assert answer.status_code == 422
    assert says in answer.text
    assert clients.admin.get(f"{PAGE}?day=2024-12-02").text.count("Nghỉ bù") == 0


def test_the_form_opens_with_a_line_of_the_table(clients):
    page = clients.admin.get(f"{PAGE}?day=2025-04-30").text
    assert 'value="Ngày Chiến thắng"' in page
    assert "Xóa dòng này khỏi bảng" in page
    assert clients.admin.get(f"{PAGE}?day=x").status_code == 422
    assert clients.admin.get(f"{PAGE}/remove").status_code == 302


ENDS = {"date": "2024-2025:ends", "school_day": "2025-05-30", "school_document": "QĐ 2171/QĐ-UBND"}
SCHOOL_YEAR = f"{PAGE}/school-year"


def test_administrators_set_a_date_of_the_school_year_and_let_go_of_it_again(world, clients):
    page = clients.admin.get(f"{PAGE}?year=2025").text
    assert "Kết thúc năm học 2024-2025" in page
    assert page.count("khung năm học thường lệ của Bộ") == 6  # this school year's and the next one's
    answer = clients.admin.submit(SCHOOL_YEAR, PAGE, **ENDS)
    assert answer.status_code == 303
    assert "Kết thúc năm học 2024-2025 là ngày 30/05/2025" in clients.admin.get(answer.location).text
    shown = clients.monitor.get(f"{PAGE}?year=2025").text
    assert "Thứ Sáu, 30/05/2025" in shown
    assert "QĐ 2171/QĐ-UBND" in shown
    assert "Ghi mốc này" not in shown
    form = clients.admin.get(f"{PAGE}?date=2024-2025:ends").text
    assert 'value="2025-05-30"' in form
    let_go = ENDS | {"school_day": "", "school_document": "Quyết định bị bãi bỏ"}
    assert clients.admin.submit(SCHOOL_YEAR, PAGE, **let_go).status_code == 303
    assert "Thứ Bảy, 31/05/2025" in clients.monitor.get(f"{PAGE}?year=2025").text
    with world.app_context():
        query = sa.select(ChangeEntry).where(ChangeEntry.object_kind == "school_date").order_by(ChangeEntry.id)
        told = [(each.field, each.old, each.new, each.reason) for each in db.session.scalars(query)]
        db.session.remove()
    assert [(old, new, why) for field, old, new, why in told if field == "ends"] == [
        ('"2025-05-31"', '"2025-05-30"', "QĐ 2171/QĐ-UBND"),
        ('"2025-05-30"', '"2025-05-31"', "Quyết định bị bãi bỏ"),
    ]


def test_dates_are_set_before_that_year_has_a_plan_for_it_will_be_read_by_them(world, clients):
    opens = {"date": "2025-2026:opens", "school_day": "2025-09-06", "school_document": "QĐ 9/QĐ-UBND"}
    assert '<option value="2025-2026:opens"' in clients.admin.get(f"{PAGE}?year=2025").text
    answer = clients.admin.submit(f"{SCHOOL_YEAR}?year=2025", PAGE, **opens)
    assert answer.location.endswith("?year=2025")
    assert "Thứ Bảy, 06/09/2025" in clients.monitor.get(answer.location).text
    with world.app_context():
        assert holidays.office_days().of_year(PlanYear(2025, 2026)).opens == iso_day("2025-09-06")
        assert {each.name for each in holidays.school_years()} == {"2024-2025"}
        db.session.remove()


@pytest.mark.parametrize(
    ("changed", "status", "word"),
    [
        ({"school_document": " "}, 422, "theo mốc này của năm học"),
        ({"school_document": "x" * 201}, 422, "dài tối đa 200"),
        ({"school_day": "mai"}, 422, "không phải một ngày"),
        ({"school_day": "2026-05-30"}, 422, "nằm ngoài năm học 2024-2025"),
        ({"school_day": "2024-12-30"}, 422, "rồi hết học kỳ I (17/01/2025)"),
        ({"date": "2024-2025:tet"}, 422, "Hãy chọn một mốc"),
        ({"date": "2030-2031:ends"}, 422, "nằm ngoài năm học 2030-2031"),
        ({"date": "2030:ends"}, 422, "“2030” không phải một năm học"),
    ],
)
def test_a_date_that_cannot_be_is_refused_and_what_was_typed_stays(clients, changed, status, word):
    answer = clients.admin.submit(SCHOOL_YEAR, PAGE, **(ENDS | changed))
    assert answer.status_code == status
    assert word in answer.text
    if status == 422 and "school_document" not in changed:
        assert 'value="QĐ 2171/QĐ-UBND"' in answer.text
    assert clients.monitor.submit(SCHOOL_YEAR, PAGE, **ENDS).status_code == 403
