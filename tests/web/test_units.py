"""Units side by side, and one with all it is part of."""

import re
from datetime import date

import pytest

from tests.support.history import History

pytestmark = pytest.mark.one_database


def rows(page: str) -> list[str]:
    return re.findall(r'<th scope="row">\s*<a [^>]*>([^<]+)</a>', page)


def test_units_that_lead_stand_before_units_that_help(clients):
    page = clients.leader.get("/units").text
    names = rows(page)
    assert len(names) == 40
    assert "40/40 đơn vị có phần việc" in page
    assert names.index("Phòng Tài chính - Kế hoạch") < names.index("Trường Tiểu học Thành Tô")
    assert names.index("Ủy ban nhân dân phường Cát Bi") < names.index("Ban Chỉ đạo phổ cập giáo dục quận")


def test_each_bar_reads_out_its_numbers(clients, world):
    History(world).done("lead", "1", date(2024, 8, 30), "monitor", "phong-tckh")
    row = re.search(r"Phòng Tài chính - Kế hoạch</a>.*?</tr>", clients.lead.get("/units").text, re.DOTALL)[0]
    assert 'aria-label="Chủ trì: Xong đúng hạn 1, Quá hạn 1"' in row
    assert 'aria-label="Phối hợp: Đang trong hạn 2"' in row
    before = clients.lead.get("/units?as_of=2024-08-01").text
    assert 'aria-label="Chủ trì: Đang trong hạn 2"' in before


@pytest.mark.parametrize(("q", "count"), [("tai chinh", 1), ("Mầm non", 4), ("khong co", 0)])
def test_a_unit_is_found_by_name_with_accents_or_without(clients, q, count):
    page = clients.monitor.get("/units", query_string={"q": q}).text
    assert len(rows(page)) == count
    assert (f"Không có đơn vị nào khớp với “{q}”." in page) == (count == 0)


def test_a_unit_shows_its_shares_and_each_number_leads_to_its_list(clients):
    page = clients.monitor.get("/units/phong-tckh").text
    assert "Chủ trì: 2 phần việc" in page
    assert "Phối hợp: 2 phần việc" in page
    link = re.search(r'href="([^"]+)"><span class="swatch cell-overdue"', page)[1].replace("&amp;", "&")
    late = clients.monitor.get(link).text
    assert len(re.findall(r'class="task-title"', late)) == 2
    assert "Bỏ lọc" in late
    assert "Bỏ lọc" not in page


def test_only_tasks_the_reader_may_open_are_links(clients):
    page = clients.partner.get("/units/phong-tckh").text
    assert "Hướng dẫn thu chi" in page
    assert not re.search(r'<a href="/tasks/\d+">Hướng dẫn thu chi', page)


def test_an_unknown_unit_is_said_to_be_unknown(clients):
    answer = clients.monitor.get("/units/phong-phu-thuy")
    assert answer.status_code == 404
    assert "Không có đơn vị này." in answer.text


def test_what_is_late_stands_first_for_who_sees_states_and_due_dates_order_the_rest(clients, world):
    History(world).done("lead", "1", date(2024, 8, 30), "monitor", "phong-tckh")

    def order(client, address: str = "/units/phong-tckh") -> list[str]:
        return re.findall(r'<td class="number"[^>]*>(?:<label.*?</span> )?(?:.*?\n?)?(\d+)</', client.get(address).text)

    by_due = order(clients.monitor, "/units/phong-tckh?sort=due")
    late_first = order(clients.monitor)
    assert late_first[0] == "7", "late, though task 1, which is done, was due on the same day"
    assert (late_first[-1], by_due[0]) == ("1", "1")
    assert sorted(late_first) == sorted(by_due) != late_first
    assert order(clients.partner) == by_due, "whoever does not see states learns nothing from the order"
