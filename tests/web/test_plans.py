"""The plan with its tasks, a unit's work, and what is overdue, at any cut-off."""

import re

import pytest

# Pages whose questions to the database are asked on both kinds elsewhere.
pytestmark = pytest.mark.one_database


def rows(page: str) -> int:
    return len(re.findall(r'<th scope="row" class="task-title">', page))


def test_the_plan_has_all_its_tasks_and_row_25_twice(clients):
    page = clients.monitor.get("/plans/1").text
    assert rows(page) == 42
    assert "(mốc 1)" in page
    assert "(mốc 2)" in page


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({"q": "giao vien day gioi"}, 2),
        ({"q": "GIÁO VIÊN DẠY GIỎI"}, 2),
        ({"unit": "phong-tckh"}, 2),
        ({"unit": "phong-tckh", "q": "thu chi"}, 1),
        ({"status": "done"}, 0),
        ({"q": "không có nhiệm vụ nào như vậy"}, 0),
    ],
)
def test_the_plan_is_searched_and_filtered_as_people_type(clients, query, count):
    assert rows(clients.monitor.get("/plans/1", query_string=query).text) == count


def test_a_unit_opens_only_the_tasks_it_takes_part_in(clients):
    page = clients.partner.get("/plans/1").text
    assert rows(page) == 42
    assert "Hướng dẫn thu chi" in page
    assert not re.search(r'<a href="/tasks/\d+">Hướng dẫn thu chi', page)
    assert re.search(r'<a href="/tasks/\d+">Kiểm định đánh giá ngoài', page)


def test_nothing_was_overdue_on_the_first_of_august_and_much_is_in_december(clients):
    assert "Không có mốc nào quá hạn." in clients.monitor.get("/overdue?as_of=2024-08-01").text
    page = clients.monitor.get("/overdue").text
    assert "Quá hạn 103 ngày" in page  # due 31/8, in time until the end of 4/9/2024
    assert page.index("Quá hạn 103 ngày") < page.index("Quá hạn 14 ngày")


def test_the_overdue_list_names_who_owes_and_can_be_cut_to_one_unit(clients):
    page = clients.monitor.get("/overdue?unit=phong-tckh").text
    assert rows(page) == 2
    assert "Hướng dẫn thu chi" in page


def test_my_work_lists_what_the_unit_leads_and_what_it_helps_with(clients):
    lead = clients.lead.get("/my").text
    assert "Chủ trì (2)" in lead
    assert rows(lead) == 2
    assert rows(clients.lead.get("/my?part=partner").text) == 2


def test_a_unit_that_only_takes_part_opens_with_what_it_has(clients):
    page = clients.partner.get("/my").text
    assert "Chủ trì (0)" in page
    assert rows(page) > 20


@pytest.mark.parametrize("who", ["leader", "admin"])
def test_a_person_without_a_unit_is_told_so(clients, who):
    assert "không thuộc đơn vị nào" in getattr(clients, who).get("/my").text


@pytest.mark.parametrize("path", ["/plans/99", "/plans/1?as_of=31-12-2024", "/overdue?plan=77"])
def test_a_wrong_address_gets_a_sentence(clients, path):
    answer = clients.monitor.get(path)
    assert answer.status_code in (400, 404)
    assert "Không tìm thấy kế hoạch" in answer.text or "không đúng dạng năm-tháng-ngày" in answer.text


@pytest.mark.parametrize("page", ["0", "-1", "abc", "9999999999", "1e9"])
def test_a_page_number_that_is_none_shows_a_page(clients, page):
    assert clients.monitor.get(f"/plans/1?page={page}").status_code == 200
