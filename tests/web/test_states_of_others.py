"""Of tasks in which their unit takes no part, people see the list and the dates, and not how others stand."""

import re
from datetime import date

import pytest

from tests.support.history import History
from tracker.domain.work import Action

FOREIGN = "Hướng dẫn thu chi"  # task 7 of the department: the school of the cast takes no part in it
STATES = ("Quá hạn", "Chờ xác nhận", "Bị trả lại", "Xong", "trong hạn", "Sắp đến hạn", "Chưa cập nhật", "%")


@pytest.fixture(autouse=True)
def happened(world):
    history = History(world)
    history.record("lead", "7", Action.PROGRESS, date(2024, 10, 1), percent=35, result="Đang làm")
    history.record("lead", "1", Action.SUBMIT, date(2024, 12, 10), result="Đã xong")


def row(page: str, title: str = FOREIGN) -> str:
    """The row of that task in a table, without its tags."""
    found = next((each for each in re.findall(r"<tr[ >].*?</tr>", page, re.DOTALL) if title in each), "")
    return re.sub(r"<[^>]+>", " ", found)


@pytest.mark.parametrize("path", ["/plans/1", "/plans/1?version=issued", "/units/phong-tckh", "/timeline"])
def test_lists_tell_others_dates_and_nothing_of_their_state(clients, path):
    told = row(clients.partner.get(path).text)
    assert FOREIGN in told
    assert "/2024" in told
    assert [state for state in STATES if state in told] == []
    assert "Quá hạn" in row(clients.lead.get(path).text)
    assert "Quá hạn" in row(clients.leader.get(path).text)


def test_a_filter_by_state_and_the_list_of_what_is_late_leave_them_out(clients):
    for path in (
        "/plans/1?status=overdue",
        "/plans/1?status=submitted",
        "/units/phong-tckh?status=overdue",
        "/overdue",
    ):
        assert not row(clients.partner.get(path).text), path
    assert row(clients.lead.get("/overdue").text)
    assert re.search(r"\d+/42 mốc quá hạn", clients.partner.get("/overdue").text), "the official sum stays"


def test_bars_of_other_units_and_the_matrix_are_counts(clients):
    page = clients.partner.get("/units").text
    assert "aria-label" not in page[page.index("Phòng Tài chính - Kế hoạch</a>") :].partition("</tr>")[0]
    assert "aria-label" in page[page.index("Trường Tiểu học Thành Tô</a>") :].partition("</tr>")[0]
    told = row(clients.partner.get("/plans/1/matrix?units=all:").text)
    assert "chủ trì" in told
    assert [state for state in (*STATES, "đã báo cáo") if state in told] == []


def test_a_closed_period_shows_its_sums(clients):
    clients.monitor.submit("/plans/1/periods", name="Học kỳ I", to_on="2024-11-30")
    assert row(clients.monitor.get("/periods/1").text)
    page = clients.partner.get("/periods/1?check=1").text
    assert "Tình hình" in page
    assert FOREIGN not in page


def test_the_plan_in_a_calendar_has_no_states_of_others(clients):
    def feed(client) -> str:
        made = client.submit("/feeds", scope="plan:1", locale="vi").text
        path = re.search(r"/feeds/[^\"<\s]+\.ics", made)[0]
        text = clients.visitor.get(path).text.replace("\r\n ", "")
        return next(each for each in text.split("BEGIN:VEVENT") if FOREIGN in each)

    assert "Trạng thái: đang thực hiện" in feed(clients.lead)
    told = feed(clients.partner)
    assert "Hạn: " in told
    assert [word for word in ("Trạng thái", "Cập nhật gần nhất") if word in told] == []


def test_the_list_of_what_is_late_begins_with_the_work_of_ones_own_unit(clients):
    page = clients.lead.get("/overdue?as_of=2025-07-05").text
    own, others = page.index("Việc đơn vị bạn còn nợ"), page.index("Việc đơn vị khác còn nợ")
    assert own < page.index(FOREIGN) < others
    rows = re.findall(r"<tr>.*?</tr>", page[others:], re.DOTALL)
    assert rows
    assert not [each for each in rows if "Phòng Tài chính - Kế hoạch</a>" in each]
    assert "Việc đơn vị bạn còn nợ" not in clients.leader.get("/overdue?as_of=2025-07-05").text


def test_what_is_only_reported_is_not_told_as_a_hundred_percent_done(clients):
    page = clients.lead.get("/my").text
    assert "báo 100%, chưa được xác nhận" in page
    assert ">100%<" not in page
