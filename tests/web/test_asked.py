"""What an address asks for and there is none of is told in a sentence; the rest of it holds."""

import re

import pytest

from tests.web.test_list_filters import numbers

pytestmark = pytest.mark.one_database

LEFT_OUT = re.compile(r"<p [^>]*>([^<:]+): không có “([^”]+)”, nên bỏ qua lựa chọn này; các lựa chọn khác vẫn giữ")


def left_out(page: str) -> list[tuple[str, str]]:
    return [(label, text) for label, text in LEFT_OUT.findall(page)]


@pytest.mark.parametrize(
    ("path", "unknown", "rest"),
    [
        ("/plans/1", {"unit": ("Đơn vị", "phong-zzz")}, {"status": "overdue"}),
        ("/plans/1", {"status": ("Tình trạng", "trễ"), "sort": ("Sắp xếp", "x")}, {"unit": "phong-tckh"}),
        ("/plans/1", {"month": ("Hạn trong tháng", "8/2024"), "level": ("Cấp học", "x")}, {"unit": "phong-tckh"}),
        ("/overdue", {"unit": ("Đơn vị", "phong-zzz"), "view": ("Danh sách", "x")}, {"sort": "due"}),
        ("/overdue", {"sort": ("Sắp xếp", "late")}, {"unit": "phong-tckh"}),
        ("/units/phong-tckh", {"status": ("Tình trạng", "x"), "part": ("Vai trò", "any")}, {"sort": "due"}),
        ("/units/phong-tckh", {"sort": ("Sắp xếp", "x")}, {"part": "lead"}),
        (
            "/my",
            {"who": ("Việc của ai", "x"), "part": ("Vai trò", "x"), "status": ("Tình trạng", "x")},
            {"sort": "due"},
        ),
        ("/timeline", {"by": ("Gộp theo", "x"), "unit": ("Đơn vị", "x")}, {"status": "overdue"}),
        ("/plans/1/matrix", {"units": ("Nhóm, loại hoặc cấp đơn vị", "x")}, {}),
        ("/search", {"kind": ("Loại kết quả", "x")}, {"q": "truong"}),
        ("/urgings", {"unit": ("Đơn vị", "x"), "how": ("Cách nhắc", "x")}, {}),
    ],
)
def test_what_there_is_none_of_is_told_and_the_rest_holds(clients, path, unknown, rest):
    asked = {name: text for name, (_label, text) in unknown.items()}
    for _again in range(2):  # a list that was worked out before says so too
        page = clients.monitor.get(path, query_string={**asked, **rest})
        assert page.status_code == 200
        assert sorted(left_out(page.text)) == sorted(unknown.values())
    plain = clients.monitor.get(path, query_string=rest)
    assert left_out(plain.text) == []
    assert numbers(page.text) == numbers(plain.text)


@pytest.mark.parametrize("path", ["/plans/1.csv", "/overdue.csv", "/my.csv", "/units/phong-tckh.csv"])
def test_a_file_leaves_out_what_its_page_leaves_out(clients, path):
    asked = {"unit": "phong-zzz", "status": "x", "sort": "due"}
    assert clients.monitor.get(path, query_string=asked).data == clients.monitor.get(path + "?sort=due").data


def test_a_unit_that_owes_nothing_late_is_asked_for_by_name(clients):
    page = clients.monitor.get("/overdue?unit=phong-y-te").text
    assert left_out(page) == []
    assert re.search(r'<option value="phong-y-te" selected>Phòng Y tế', page)
    assert "Đơn vị này không có mốc nào quá hạn." in page
