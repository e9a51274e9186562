"""Several tables in one document: parts of one plan are read as one, others are left to a person's choice."""

import io

import pytest
from docx import Document
from openpyxl import Workbook

from tests.support.annexes import printed
from tests.support.runs import long
from tests.support.samples import directory
from tracker.adapters.documents import find_tables, read_plan
from tracker.domain.plan_document import PlanDocument

HEADING = ("STT", "Nội dung công việc", "Đơn vị chủ trì", "Thời hạn")
STYLE = "<meta charset=utf-8><style>table {border-collapse: collapse} td, th {border: 1px solid}</style>"
Part = tuple[list[str], list[str]]  # lines above a table, the numbers of its rows


def rows(numbers: list[str], what: str = "") -> list[tuple[str, ...]]:
    return [HEADING, *((number, f"Việc {number} {what}".strip(), "Phòng Nội vụ", "Tháng 9/2024") for number in numbers)]


def word(*parts: Part) -> tuple[bytes, str]:
    document = Document()
    for lines, numbers in parts:
        for line in lines:
            document.add_paragraph(line)
        table = document.add_table(rows=0, cols=len(HEADING))
        for row in rows(numbers, lines[0]):
            for cell, text in zip(table.add_row().cells, row, strict=True):
                cell.text = text
    out = io.BytesIO()
    document.save(out)
    return out.getvalue(), "ke-hoach.docx"


def sheets(*parts: Part) -> tuple[bytes, str]:
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for at, (lines, numbers) in enumerate(parts, start=1):
        sheet = workbook.create_sheet(f"Tờ {at}")
        for row in [*([line] for line in lines), *rows(numbers, lines[0])]:
            sheet.append(row)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue(), "ke-hoach.xlsx"


def page(*parts: Part) -> str:
    """The tables as a page, each behind the first on a page of its own."""
    html = STYLE
    for at, (lines, numbers) in enumerate(parts):
        begin = '<div style="break-before: page"></div>' if at else ""
        body = "".join("<tr>" + "".join(f"<td>{text}" for text in row) + "</tr>" for row in rows(numbers, lines[0]))
        html += begin + "".join(f"<p>{line}</p>" for line in lines) + f"<table>{body}</table>"
    return html


def told(document: PlanDocument) -> list[tuple[str, str | None]]:
    return [(task.number, task.group) for task in document.tasks]


def codes(document: PlanDocument) -> list[str]:
    return [each.code for each in document.findings]


FIRST: Part = (["KẾ HOẠCH NĂM HỌC 2024-2025"], ["1", "2"])
GOES_ON: Part = (["II. ĐỘI NGŨ", "Có điều chỉnh"], ["3", "4"])
READ = [("1", None), ("2", None), ("3", "II. ĐỘI NGŨ"), ("4", "II. ĐỘI NGŨ")]


@pytest.fixture(params=["docx", "xlsx", "pdf", long("pdf on one page")])
def made(request):
    """A function from the parts of a plan to a document of that kind and its name."""
    if request.param in ("docx", "xlsx"):
        return word if request.param == "docx" else sheets
    browser = request.getfixturevalue("browser")
    apart = request.param == "pdf"

    def pdf(*parts: Part) -> tuple[bytes, str]:
        html = page(*parts) if apart else page(*parts).replace("break-before: page", "")
        return printed(browser, html), "ke-hoach.pdf"

    return pdf


def test_tables_whose_numbers_go_on_are_one_plan_and_what_stands_between_is_told(made):
    data, name = made(FIRST, GOES_ON)
    plan = read_plan(data, name, directory())

    assert told(plan) == READ
    assert codes(plan) == ["tables-joined", "between-tables"]
    assert "Bảng thứ 2" in plan.findings[0].text()
    assert plan.findings[1].params == {"text": "Có điều chỉnh"}
    assert len(find_tables(data, name, directory())) == 1


def test_groups_with_a_table_each_are_one_plan(made):
    parts = [(["I. CƠ SỞ VẬT CHẤT"], ["1", "2"]), (["II. ĐỘI NGŨ"], ["1"]), (["III. KHÁC"], ["1", "2"])]
    plan = read_plan(*made(*parts), directory())

    assert told(plan) == [
        ("1", "I. CƠ SỞ VẬT CHẤT"),
        ("2", "I. CƠ SỞ VẬT CHẤT"),
        ("1", "II. ĐỘI NGŨ"),
        ("1", "III. KHÁC"),
        ("2", "III. KHÁC"),
    ]
    assert codes(plan) == ["tables-joined", "tables-joined"]


def test_tables_that_begin_anew_are_left_to_a_choice(made):
    data, name = made(FIRST, (["PHỤ LỤC 2"], ["1", "2", "3"]))
    plan = read_plan(data, name, directory())

    assert [number for number, _ in told(plan)] == ["1", "2", "3"]
    assert codes(plan)[0] == "several-tables"
    assert [each.rows for each in find_tables(data, name, directory())] == [2, 3]
    assert len(read_plan(data, name, directory(), table=0).tasks) == 2


def test_a_sheets_note_and_signature_do_not_end_the_plan():
    workbook_rows = [*rows(["1", "2"]), ("Ghi chú: có thể bổ sung",), ("", "", "CHỦ TỊCH")]
    workbook = Workbook()
    first = workbook.active
    assert first is not None
    second = workbook.create_sheet("Tháng 10")
    for row in workbook_rows:
        first.append(row)
    for row in rows(["3"]):
        second.append(row)
    out = io.BytesIO()
    workbook.save(out)
    plan = read_plan(out.getvalue(), "ke-hoach.xlsx", directory())

    assert [(task.number, task.place.sheet) for task in plan.tasks] == [
        ("1", "Sheet"),
        ("2", "Sheet"),
        ("3", "Tháng 10"),
    ]
    assert [each.params["text"] for each in plan.findings if each.code == "between-tables"] == [
        "Ghi chú: có thể bổ sung CHỦ TỊCH"
    ]


def test_other_columns_are_another_table():
    workbook = Workbook()
    first, second = workbook.active, workbook.create_sheet("Khác")
    assert first is not None
    for row in rows(["1", "2"]):
        first.append(row)
    for row in rows(["3"]):
        second.append([*row, "Ghi chú" if row == HEADING else ""])
    out = io.BytesIO()
    workbook.save(out)
    plan = read_plan(out.getvalue(), "ke-hoach.xlsx", directory())

    assert len(plan.tasks) == 2
    assert codes(plan) == ["several-tables"]
