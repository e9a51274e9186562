"""Cells corrected while importing: told wherever the plan is, and taken over when the document comes again."""

import csv
import io
import json
import re

import pytest
from flask import Flask

from tests.support.importing import SMALL, begun, compared, confirmed
from tests.support.worlds import Clients, Visitor

pytestmark = pytest.mark.one_database

WRONG = SMALL.replace("31/10/2024", "31/4/2025").encode()
ROW = {"number": "2", "title": "Sửa chữa trường lớp", "leads": "Phòng Nội vụ", "due": "30/4/2025"}
TOLD = "Trong văn bản: 31/4/2025; sửa khi nhập: 30/4/2025"


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


def corrected(client: Visitor, data: bytes = WRONG, name: str = "sai.csv", **fields: str) -> str:
    """The address of an import whose second row was corrected and which is written."""
    draft = begun(client, data, name, school_year="2024-2025", **fields)
    client.submit(f"{draft}/rows/1", page=draft, **ROW)
    compared(client, draft)
    assert confirmed(client, draft, accept_defaults="1").status_code == 303
    return draft


def test_a_corrected_cell_is_told_as_corrected_wherever_the_plan_is(clients: Clients, world: Flask):
    draft = corrected(clients.monitor)
    assert TOLD in words(clients.monitor.get(draft).text)
    lines = list(csv.reader(io.StringIO(clients.monitor.get(f"{draft}/result.csv").text), delimiter=";"))
    assert ["sửa khi nhập", "2", "Sửa chữa trường lớp", "hoàn thành", "31/4/2025", "30/4/2025"] in lines
    told = json.loads(clients.monitor.get(f"{draft}/result.json").text)["corrected"]
    assert {(each["column"], each["written"], each["value"]) for each in told} == {
        ("leads", "Phòng Tài chánh Kế hoạch", "Phòng Nội vụ"),
        ("due", "31/4/2025", "30/4/2025"),
    }
    history = words(clients.monitor.get("/history").text)
    assert "ô sửa khi nhập" in history
    assert "2, hoàn thành: “31/4/2025” → “30/4/2025”" in history
    page = words(clients.monitor.get("/tasks/43").text)
    assert f"hoàn thành: {TOLD} (Nguyễn Theo Dõi, " in page
    assert "sai.csv" in page
    assert "Sửa khi nhập" not in words(clients.monitor.get("/tasks/42").text)


def test_the_same_document_again_takes_the_corrections_over_and_changes_nothing(clients: Clients):
    corrected(clients.monitor)
    again = begun(clients.office, WRONG, "sai.csv")
    page = words(clients.office.get(again).text)
    assert "Nhận lại từ lần nhập trước" in page
    assert "1 dòng đã sửa hoặc bỏ" in page
    assert "0lỗi phải sửa" in page.replace(" ", "").replace("lỗiphảisửa", "lỗi phải sửa")
    assert TOLD in page
    assert "Không có gì thay đổi" in compared(clients.office, again)
    clients.office.submit(f"{again}/as-printed", page=again)
    page = words(clients.office.get(again).text)
    assert "không có ngày 31/4" in page, "what was taken over can be let go"
    assert "Nhận lại từ lần nhập trước" not in page


@pytest.mark.long
def test_rows_of_the_same_words_in_another_file_are_corrected_as_before(clients: Clients):
    corrected(clients.monitor, plan="1")
    other = WRONG.replace(b";", b"\t")
    draft = begun(clients.monitor, other, "khac.txt", school_year="2024-2025", plan="1")
    assert TOLD in words(clients.monitor.get(draft).text)
    clients.monitor.submit(f"{draft}/rows/1", page=draft, **{**ROW, "due": "29/4/2025"})
    assert "sửa khi nhập: 29/4/2025" in words(clients.monitor.get(draft).text), "what was taken over can be changed"


@pytest.mark.long
def test_columns_mapped_by_hand_are_mapped_when_the_document_comes_again(clients: Clients):
    odd = WRONG.replace("Nội dung công việc".encode(), "Việc gì".encode()).replace(
        "Hoàn thành".encode(), "Khi nào".encode()
    )
    draft = begun(clients.monitor, odd, "la.csv", school_year="2024-2025")
    columns = {f"column-0-{at}": kind for at, kind in enumerate(("number", "title", "leads", "partners", "due"))}
    clients.monitor.submit(f"{draft}/read", page=f"{draft}/table", table="0", **columns)
    clients.monitor.submit(f"{draft}/rows/1", page=draft, **ROW)
    compared(clients.monitor, draft)
    assert confirmed(clients.monitor, draft, accept_defaults="1").status_code == 303
    again = begun(clients.monitor, odd, "la.csv")
    assert "Cột được hiểu như khi ấy" in words(clients.monitor.get(again).text)
    assert "Không có gì thay đổi" in compared(clients.monitor, again)
