"""Spreadsheets: dates as a person sees them, merged cells, what is hidden, formulas, the choice of a sheet."""

import io
import re
import zipfile
from datetime import date, datetime, time, timedelta

import pytest
from openpyxl import Workbook

from tests.domain.reading.test_real_plans import agrees
from tests.support.samples import by_hand, directory, read
from tracker.adapters.documents import find_tables, read_plan
from tracker.adapters.documents.cell_formats import shown
from tracker.domain.errors import UnreadableDocument
from tracker.domain.names import squeeze

HEADING = ["STT", "Nội dung công việc", "Đơn vị chủ trì", "Thời hạn"]
CALCULATED = b'<c r="C3" t="str"><f>C2</f><v>S</v></c>'
APRIL = datetime(2026, 4, 1)
SHOWN = [
    (APRIL, '"Tháng "m/yyyy', "Tháng 4/2026"),
    (APRIL, "dd/mm/yy", "01/04/26"),
    (APRIL, "dd/mm/yyyy;@", "01/04/2026"),
    (APRIL, "mm-dd-yy", "01/04/2026"),  # the system's own short date
    (APRIL, "d-mmm-yy", "01/04/2026"),
    (APRIL, "yyyy-mm-dd h:mm:ss", "01/04/2026"),
    (APRIL, "[$-F800]dddd, mmmm dd, yyyy", "01/04/2026"),
    (APRIL, "[$-42A]mmmm\\ yyyy", "Tháng 4/2026"),
    (APRIL, "mmm-yy", "Tháng 4/2026"),
    (APRIL, "m/yyyy", "4/2026"),
    (APRIL, "yyyy", "2026"),
    (APRIL, '"Ngày "d" tháng "m" năm "yyyy', "Ngày 1 tháng 4 năm 2026"),
    (APRIL, "General", "01/04/2026"),
    (date(2026, 4, 1), "d/m/yyyy", "1/4/2026"),
    (time(7, 30), "h:mm", "07:30"),
    (timedelta(hours=30), "[h]:mm", "1 day, 6:00:00"),
    (1, "General", "1"),
    (1.1, "0.00", "1.10"),
    (3, "00", "03"),
    (12345, "#,##0", "12.345"),
    (0.5, "0%", "50%"),
    (1.5, "0.##", "1.5"),
    (30, '0" ngày"', "30 ngày"),
    (7, '"Quý "0', "Quý 7"),
    (5, "_(* #,##0_)", "5"),
    (2.5, "General", "2.5"),
    (True, "General", "TRUE"),
    (None, "General", ""),
    ("=1+1", "@", "=1+1"),
]


@pytest.mark.parametrize(("value", "number_format", "text"), SHOWN)
def test_a_cell_shows_what_a_person_sees(value, number_format, text):
    assert shown(value, number_format) == text


def workbook(**sheets: list[list[object]]) -> Workbook:
    made = Workbook()
    made.remove(made.worksheets[0])
    for title, rows in sheets.items():
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append(row)
    return made


def saved(made: Workbook) -> bytes:
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def rows(count: int = 1) -> list[list[object]]:
    return [HEADING, *([at, f"Việc {at}", "Phòng Nội vụ", "Tháng 9/2024"] for at in range(1, count + 1))]


def test_a_date_cell_is_read_by_its_format():
    made = workbook(Plan=[*rows(2), [3, "Việc 3", "Phòng Nội vụ", APRIL]])
    made["Plan"]["D4"].number_format = '"Tháng "m/yyyy'
    made["Plan"]["D3"] = datetime(2026, 2, 5)
    made["Plan"]["D3"].number_format = "dd/mm/yy"
    times = [task.milestones[0] for task in read_plan(saved(made), "a.xlsx", directory()).tasks]

    assert [(each.due_as_written, str(each.due), each.kind) for each in times[1:]] == [
        ("05/02/26", "2026-02-05", "date"),
        ("Tháng 4/2026", "2026-04-30", "period"),
    ]


def test_the_real_spreadsheet_is_read_row_by_row_and_date_by_date():
    wanted = by_hand("hanoi-kh38-2026-annex-1.tasks.json")
    document = read("hanoi-kh38-2026-annex-1.xlsx", known=False)

    assert [task.number for task in document.tasks] == [str(row["no"]) for row in wanted]
    assert [row["no"] for task, row in zip(document.tasks, wanted, strict=True) if not agrees(task, row)] == []
    written = [squeeze(task.milestones[0].due_as_written) for task in document.tasks]
    assert written == [squeeze(row["end_raw"]) for row in wanted]
    assert [task.product or "" for task in document.tasks] == [squeeze(row["product"]) for row in wanted]
    assert not document.errors


def test_rows_inherit_merged_cells():
    made = workbook(Plan=rows(3))
    made["Plan"].merge_cells("C2:C4")
    plan = read_plan(saved(made), "a.xlsx", directory())

    assert [task.leads_as_written for task in plan.tasks] == ["Phòng Nội vụ"] * 3


def test_what_is_hidden_is_read_and_told():
    made = workbook(Plan=rows(4), Cũ=rows(1))
    made["Plan"].row_dimensions[3].hidden = made["Plan"].row_dimensions[4].hidden = True
    made["Plan"].column_dimensions["D"].hidden = True
    made["Cũ"].sheet_state = "hidden"
    plan = read_plan(saved(made), "a.xlsx", directory())
    told = {each.code: each.text() for each in plan.findings}

    assert len(plan.tasks) == 4
    assert "Dòng 3-4 bị ẩn" in told["hidden-rows"]
    assert "Cột D bị ẩn" in told["hidden-columns"]
    assert "Trang tính ẩn “Cũ”" in told["hidden-sheet"]
    assert [task.place.row for task in plan.tasks] == [2, 3, 4, 5]


def test_a_formula_gives_the_value_the_file_keeps():
    made = workbook(Plan=rows(2))
    made["Plan"]["C3"] = "=C2"
    without = read_plan(saved(made), "a.xlsx", directory())
    assert [(each.code, each.place.row) for each in without.errors] == [("formula-without-value", 3)]
    assert "Ô C3" in without.errors[0].text()

    kept = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(saved(made))) as old, zipfile.ZipFile(kept, "w") as new:
        for part in old.infolist():
            new.writestr(part, re.sub(rb'<c r="C3".*?</c>', CALCULATED, old.read(part)))
    assert read_plan(kept.getvalue(), "a.xlsx", directory()).tasks[1].leads_as_written == "S"


def test_the_likeliest_sheet_is_read_and_the_others_named():
    data = saved(workbook(Bìa=[["KẾ HOẠCH"], ["Năm học 2024-2025"]], Ngắn=rows(2), Dài=rows(5)))
    plan = read_plan(data, "a.xlsx", directory())

    assert len(plan.tasks) == 5
    assert "đã đọc bảng thứ 3 (5 dòng)" in plan.findings[0].text()
    assert len(read_plan(data, "a.xlsx", directory(), sheet="ngắn").tasks) == 2
    assert len(read_plan(data, "a.xlsx", directory(), table=1).tasks) == 2
    assert [(each.place.sheet, each.rows) for each in find_tables(data, "a.xlsx", directory())][1:] == [
        ("Ngắn", 2),
        ("Dài", 5),
    ]
    with pytest.raises(UnreadableDocument, match="“Ngắn”, “Dài”"):
        read_plan(data, "a.xlsx", directory(), sheet="Trang 9")
    with pytest.raises(UnreadableDocument, match="không có bảng số 8"):
        read_plan(data, "a.xlsx", directory(), table=7)
    with pytest.raises(UnreadableDocument, match="số trang"):
        read_plan(data, "a.xlsx", directory(), pages="1-2")
