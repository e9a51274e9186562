"""A list as a file: what a spreadsheet reads of it, and that no text of it is a formula."""

import csv
import io
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from tracker.adapters.list_files import ListTable, bounded, csv_pieces, xlsx

HEADINGS = ("Số", "Nội dung", "Hạn", "Lúc", "Ghi chú")
ROW = [7, "Tổ chức “hội thi” & <giao lưu>", date(2024, 12, 16), datetime(2024, 12, 16, 8, 7), None]


def sheet_of(*rows, notes=("Tính đến ngày 16/12/2024",), more=""):
    return load_workbook(io.BytesIO(xlsx(ListTable("Quá hạn: [1/2]", notes, HEADINGS, rows, more)))).active


def test_dates_are_dates_and_numbers_are_numbers():
    sheet = sheet_of(ROW)
    cells = sheet[5]
    assert [cell.value for cell in cells] == [7, ROW[1], datetime(2024, 12, 16), ROW[3], None]
    assert [cell.number_format for cell in cells][2:4] == ["dd/mm/yyyy", "dd/mm/yyyy\\ hh:mm"]


def test_the_heading_is_frozen_filtered_and_printed_on_each_landscape_page():
    sheet = sheet_of(ROW, ROW)
    assert [cell.value for cell in sheet[4]] == list(HEADINGS)
    assert sheet.freeze_panes == "A5"
    assert sheet.auto_filter.ref == "A4:E6"
    assert sheet.print_title_rows == "$4:$4"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet["A1"].value == "Quá hạn: [1/2]"
    assert sheet["A2"].value == "Tính đến ngày 16/12/2024"


def test_a_line_is_as_high_as_its_longest_text_takes():
    sheet = sheet_of(ROW, [1, "Rà soát cơ sở vật chất " * 10, None, None, "một\nhai\nba"])
    width, height = sheet.column_dimensions["B"].width, sheet.row_dimensions[6].height
    assert height / 15 >= 230 / width
    assert sheet.row_dimensions[5].height == 15


@pytest.mark.parametrize("text", ["=1+1", "+84", "-5", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x")'])
def test_what_begins_like_a_formula_stays_text(text):
    cell = sheet_of([1, text, None, None, None])["B5"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", True)
    written = b"".join(csv_pieces(ListTable("", (), HEADINGS, [[1, text, None, None, None]])))
    assert next(csv.reader(io.StringIO(written.decode("utf-8-sig").splitlines()[1]), delimiter=";"))[1].startswith("'")


def test_csv_is_what_a_spreadsheet_set_to_vietnamese_opens():
    written = b"".join(csv_pieces(ListTable("", (), HEADINGS, [ROW], "Còn nữa")))
    assert written.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(written.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert rows == [list(HEADINGS), ["7", ROW[1], "16/12/2024", "16/12/2024 08:07", ""], ["Còn nữa"]]


@given(st.lists(st.lists(st.text(max_size=20), min_size=5, max_size=5), max_size=4))
def test_any_text_makes_a_workbook_that_opens_and_holds_as_many_rows(rows):
    sheet = sheet_of(*rows)
    assert sheet.max_row == 4 + len(rows)
    assert all(cell.data_type in ("s", "n") for line in sheet.iter_rows(min_row=5) for cell in line)


def test_a_long_list_is_cut_and_told():
    assert bounded(([n] for n in range(3)), 2) == ([[0], [1]], True)
    assert bounded(([n] for n in range(2)), 2) == ([[0], [1]], False)
    assert sheet_of(ROW, more="Chỉ xuất 1 dòng")["A6"].value == "Chỉ xuất 1 dòng"
