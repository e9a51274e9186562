"""A table whose headings nobody knows: its columns are shown with a guess each, and told by hand."""

import re

import pytest

from tests.support.importing import begun, upload
from tests.support.worlds import Clients

pytestmark = pytest.mark.one_database

UNKNOWN = (
    "No;What;Responsible;Supporting;From;Until\n"
    "1;Kiểm tra hồ sơ chuyên môn;Phòng Nội vụ;Phòng Y tế;Tháng 9/2024;Tháng 10/2024\n"
    "2;Bồi dưỡng cán bộ quản lý;Phòng GD&ĐT;;Tháng 9/2024;15/11/2024\n"
)
GUESSED = {0: "number", 1: "title", 2: "leads", 3: "partners", 4: "start", 5: "due"}
HALF_KNOWN = (
    "Mã;Mô tả đầu việc;Ai làm;Deadline\nA1;Kiểm tra hồ sơ;Phòng Nội vụ;Tháng 9/2024\nA2;Hội thi;Phòng Y tế;15/11/2024\n"
)
BARE = "1;Kiểm tra hồ sơ chuyên môn;Phòng Nội vụ;Tháng 9/2024\n2;Bồi dưỡng cán bộ;Phòng Y tế;15/11/2024\n"


def guesses(page: str) -> dict[int, str]:
    selects = re.findall(r'<select[^>]* name="column-0-(\d+)">(.*?)</select>', page, re.DOTALL)
    return {int(at): re.search(r'value="(\w+)" selected', options)[1] for at, options in selects}


@pytest.mark.parametrize(
    ("text", "name", "guessed"),
    [
        (UNKNOWN, "la.csv", GUESSED),
        ("Danh sách việc năm học 2024-2025\n" + UNKNOWN.replace(";", ","), "la.csv", GUESSED),
        (UNKNOWN.replace(";", "\t"), "", GUESSED),
        (HALF_KNOWN, "la.csv", {0: "number", 1: "title", 2: "leads", 3: "due"}),
        (BARE, "la.csv", {0: "number", 1: "title", 2: "leads", 3: "due"}),
    ],
    ids=["semicolons", "commas under a title", "pasted", "leads unknown", "no heading"],
)
def test_columns_are_told_by_hand_where_no_heading_tells_them(
    clients: Clients, text: str, name: str, guessed: dict[int, str]
):
    if name:
        draft = begun(clients.monitor, text.encode(), name, school_year="2024-2025")
    else:
        answer = clients.monitor.submit("/plans/import", page="/plans/import", text=text, school_year="2024-2025")
        draft = answer.headers["Location"]
    page = clients.monitor.get(draft).text
    assert "Chọn bảng và cột" in page
    assert "Kiểm tra hồ sơ" in page, "its first rows are shown"
    assert guesses(page) == guessed
    columns = {f"column-0-{at}": kind for at, kind in guessed.items()}
    clients.monitor.submit(f"{draft}/read", page=draft, table="0", **columns)
    page = clients.monitor.get(draft).text
    assert len(re.findall(r'<tr id="row-', page)) == 2
    assert "hạn 15/11/2024" in page


def test_prose_is_no_table_whatever_its_commas(clients: Clients):
    prose = "Các phòng, ban, trường phối hợp.\nCác xã, phường, thị trấn thực hiện đúng hạn.\n"
    assert upload(clients.monitor, prose.encode(), "loi.txt").status_code == 422
