"""The calendar in the page: the month as a table, the list by day, filters, access, and words for every mark."""

import re
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from tests.support.history import History
from tracker.domain.work import Action
from tracker.store.database import db, transaction
from tracker.store.tables import DayOff, MilestoneRow, PlanRow

pytestmark = pytest.mark.one_database


def cell(page: str, day: str) -> str:
    """The cell of a month, or the section of the list, of that day."""
    found = re.findall(rf'<(?:td|section)(?:(?!<td|<section).)*?datetime="{day}".*?</(?:td|section)>', page, re.DOTALL)
    assert found, day
    return found[0]


def numbers(text: str) -> list[str]:
    return re.findall(r'class="number">(\d+)\.', text)


def test_the_month_of_the_day_is_a_table_of_weeks_with_its_deadlines(clients):
    page = clients.monitor.get("/calendar").text
    assert "<caption>Tháng 12/2024: 3 mốc đến hạn</caption>" in page
    assert re.findall(r'scope="col">([^<]+)<', page) == [
        "Thứ Hai",
        "Thứ Ba",
        "Thứ Tư",
        "Thứ Năm",
        "Thứ Sáu",
        "Thứ Bảy",
        "Chủ Nhật",
    ]
    assert numbers(cell(page, "2024-12-31")) == ["22", "24", "25"]
    assert "Đang trong hạn" in cell(page, "2024-12-31")
    assert 'aria-current="date"' in cell(page, "2024-12-16")
    assert "Hôm nay" in cell(page, "2024-12-16")
    assert page.count("Hôm nay</strong>") == 1


def test_one_leafs_by_links_that_keep_filters_and_view(clients):
    page = clients.monitor.get("/calendar?month=2024-12&unit=phong-gddt&view=agenda&as_of=2024-12-01").text
    links = dict(re.findall(r'rel="(prev|next)" href="([^"]+)"', page))
    kept = "unit=phong-gddt&amp;as_of=2024-12-01"
    assert links["prev"] == f"/calendar?{kept}&amp;month=2024-11&amp;view=agenda"
    assert links["next"] == f"/calendar?{kept}&amp;month=2025-01&amp;view=agenda"
    first, last = (
        clients.monitor.get("/calendar?month=2024-07").text,
        clients.monitor.get("/calendar?month=2025-07").text,
    )
    assert 'rel="prev"' not in first
    assert 'rel="next"' not in last
    assert "month=2024-12" in last
    months = re.findall(r'<option value="(20[0-9-]+)"( selected)?', last)
    assert [month for month, _ in months] == [f"2024-{n:02}" for n in range(8, 13)] + [
        f"2025-{n:02}" for n in range(1, 8)
    ]
    assert ("2025-07", " selected") in months


def test_days_off_weekends_and_days_worked_are_named(clients):
    may, april = clients.leader.get("/calendar?month=2025-05").text, clients.leader.get("/calendar?month=2025-04").text
    assert 'Ngày nghỉ: <span lang="vi">Ngày Quốc tế Lao động' in cell(may, "2025-05-01")
    assert "Cuối tuần" in cell(may, "2025-05-03")
    assert 'Ngày làm việc: <span lang="vi">Làm bù' in cell(april, "2025-04-26")
    assert "is-off" not in cell(april, "2025-04-26")


def test_a_long_day_is_folded_and_its_link_shows_all_of_it(clients):
    page = clients.monitor.get("/calendar?month=2025-05&unit=phong-gddt").text
    text = cell(page, "2025-05-31")
    seen = re.findall(r"<li>", text)
    more = re.search(r'class="cal-more" href="([^"]+)">\+(\d+) nữa', text)
    assert len(seen) == 3
    whole = clients.monitor.get(more[1].replace("&amp;", "&")).text
    assert len(numbers(cell(whole, "2025-05-31"))) == 3 + int(more[2])
    assert "unit=phong-gddt" in more[1]


def test_the_list_tells_who_until_when_and_until_which_day_a_due_day_that_is_off_counts(clients):
    page = clients.monitor.get("/calendar?month=2025-05&view=agenda").text
    day = cell(page, "2025-05-31")
    assert "tính đến hết 02/06/2025" in day
    assert 'href="/units/phong-gddt"' in day
    assert "11 mốc đến hạn" in page
    assert "Ngày Quốc tế Lao động" in cell(page, "2025-05-01")


def test_a_long_list_has_pages_of_whole_lines(clients, monkeypatch):
    monkeypatch.setattr("tracker.web.calendar.paged.__defaults__", (8,))
    first, second = (clients.monitor.get(f"/calendar?month=2025-05&view=agenda&page={n}").text for n in (1, 2))
    assert 'rel="next"' in first.split("<main")[1].split('class="pager"')[1]
    assert len(numbers(first)) + len(numbers(second)) == 11
    assert not {*numbers(first)} & {*numbers(second)}


FOUND = {
    "": 11,
    "unit=phong-gddt&part=lead": 9,
    "unit=phong-gddt": 10,
    "unit=truong-th-thanh-to": 8,
    "unit=truong-th-thanh-to&part=lead": 0,
    "level=primary": 8,
    "level=primary&part=lead": 0,
    "part=partner": 11,
    "status=done": 0,
    "status=in_time": 11,
    "part=khac&status=khac": 11,
}


def test_filters_choose_by_unit_part_level_and_state(clients):
    pages = {query: clients.monitor.get(f"/calendar?month=2025-05&view=agenda&{query}").text for query in FOUND}
    assert {query: int(re.search(r"(\d+) mốc đến hạn", page)[1]) for query, page in pages.items()} == FOUND
    assert {query: len(numbers(page)) for query, page in pages.items()} == FOUND
    nothing = pages["level=primary&part=lead"]
    assert "Không có mốc nào khớp" in nothing
    assert "Bỏ lọc" in nothing


def test_who_leads_and_who_takes_part_are_two_filters(clients):
    def asked(part: str) -> set[str]:
        return set(
            numbers(clients.monitor.get(f"/calendar?month=2025-05&view=agenda&unit=phong-tckh&part={part}").text)
        )

    assert asked("lead") | asked("partner") == asked("")
    assert asked("partner") - asked("lead")


def test_a_due_date_that_was_moved_stands_on_its_new_day_and_tells_the_old_one(clients):
    share = re.search(r'action="/shares/(\d+)/extension', clients.lead.get("/tasks/7").text)[1]
    asked = {"wanted": "2025-03-03", "reason": "Chờ dự toán"}
    assert clients.lead.submit(f"/shares/{share}/extension", "/tasks/7", **asked).status_code == 303
    granted = {"outcome": "granted", "document": "12/QĐ"}
    assert clients.monitor.submit("/extensions/1/decide", "/tasks/7", **granted).status_code == 303
    for view in ("", "&view=agenda"):
        moved = cell(clients.monitor.get(f"/calendar?month=2025-03{view}").text, "2025-03-03")
        assert "7" in numbers(moved)
        assert "hạn gốc 31/08/2024" in moved
    assert "7" not in numbers(cell(clients.partner.get("/calendar?month=2025-03").text, "2025-03-03"))


def test_of_others_work_a_unit_sees_title_and_date_and_no_state(clients, world):
    page = clients.partner.get("/calendar?month=2024-12").text
    day = cell(page, "2024-12-31")
    assert numbers(day) == ["22", "24", "25"]
    foreign = next(each for each in day.split("<li") if ">24." in each)
    assert "badge-state" not in foreign
    assert "<a" not in foreign
    waiting = clients.partner.get("/calendar?month=2024-08&view=agenda&status=overdue").text
    own = clients.monitor.get("/calendar?month=2024-08&view=agenda&status=overdue").text
    assert len(numbers(waiting)) < len(numbers(own))


def test_an_earlier_day_opens_its_own_month_and_is_marked(clients, world):
    History(world).record("lead", "7", Action.PROGRESS, date(2024, 8, 6), percent=60, result="Đã hướng dẫn")
    page = clients.monitor.get("/calendar?as_of=2024-08-10").text
    assert "Tháng 08/2024" in page
    assert "Ngày đang xem" in cell(page, "2024-08-10")


def test_an_address_that_names_no_month_is_told_and_keeps_the_rest_and_one_that_names_no_day_is_refused(clients):
    for month in ("2024-13", "tháng 12", "0001-01"):
        page = clients.leader.get(f"/calendar?month={month}&unit=phong-gddt").text
        assert f"“{month}”" in page
        assert "Tháng 12/2024" in page
        assert '<option value="phong-gddt" selected' in page
    answer = clients.leader.get("/calendar?day=31/12/2024")
    assert answer.status_code == 400
    assert "không đúng dạng năm-tháng-ngày" in answer.text


def test_a_month_without_deadlines_says_where_there_are_some(clients):
    page = clients.leader.get("/calendar?month=2030-01").text
    assert "Không có mốc nào đến hạn trong thời gian này." in page
    assert re.search(r'href="/calendar\?month=2025-07">Xem tháng gần nhất có hạn: Tháng 07/2025', page)
    assert clients.leader.get("/calendar?month=2199-12").status_code == 200
    assert clients.leader.get("/calendar?month=1990-01").status_code == 200


def test_in_english_days_and_months_are_english(clients):
    clients.leader.submit("/language", "/calendar", locale="en")
    page = clients.leader.get("/calendar").text
    assert "December 2024: 3 milestones due" in page
    assert "Weekend" in cell(page, "2024-12-15")


def test_a_new_line_of_the_table_shows_at_once(clients, world):
    day = date(2024, 12, 16) + timedelta(2)
    with world.app_context():
        with transaction() as session:
            session.add(DayOff(day=day, is_off=True, name="Nghỉ bão", document="Công điện 1"))
        db.session.remove()
    assert "Nghỉ bão" in cell(clients.partner.get("/calendar").text, day.isoformat())


def test_without_a_plan_or_without_dates_the_page_says_what_to_do(clients, world):
    with world.app_context(), transaction() as session:
        session.execute(sa.update(MilestoneRow).values(due=None, original_due=None))
    undated = clients.monitor.get("/calendar").text
    assert "chưa có mốc nào có ngày tháng" in undated
    assert 'href="/plans/1"' in undated.split("<main")[1]
    assert "mốc chưa có hạn nên chưa tính được" in clients.monitor.get("/overdue").text
    with world.app_context(), transaction() as session:
        session.execute(sa.update(PlanRow).values(state="draft"))
    assert "Chưa có kế hoạch nào" in clients.partner.get("/calendar").text


@pytest.mark.parametrize(
    ("asked", "told"),
    [("unit=khong-co", "khong-co"), ("status=muộn", "muộn"), ("level=dai-hoc", "dai-hoc"), ("view=tuần", "tuần")],
)
def test_a_choice_that_is_none_is_told_and_the_others_hold(clients, asked, told):
    page = clients.monitor.get(f"/calendar?month=2025-05&part=lead&{asked}").text
    assert told in page.split("<main")[1]
    assert '<option value="lead" selected>' in page
    assert len(numbers(page)) == 11
