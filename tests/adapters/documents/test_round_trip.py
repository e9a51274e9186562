"""A plan written as a file reads back to the same plan, whatever its cells hold."""

import io

import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from tests.adapters.documents.plans import plans, without_places
from tests.support.samples import ANNEX, as_by_hand, by_hand, directory, read
from tracker.adapters.documents import read_plan
from tracker.adapters.documents.delimited import harmless
from tracker.adapters.documents.plan_csv import export_csv, template_bytes
from tracker.adapters.documents.plan_docx import export_docx
from tracker.adapters.documents.plan_xlsx import export_xlsx
from tracker.domain.reading.grid import grid_row
from tracker.domain.reading.headings import find_headings

KINDS = {".csv": export_csv, ".xlsx": export_xlsx, ".docx": export_docx}


def reads_back(plan) -> None:
    for kind, export in KINDS.items():
        assert without_places(read_plan(export(plan), f"ke-hoach{kind}", directory())) == plan, kind


@settings(max_examples=10, deadline=None)
@given(plans())
def test_a_plan_written_in_any_kind_of_file_reads_back_the_same(plan):
    reads_back(plan)


@pytest.mark.long
@settings(max_examples=1000, deadline=None)
@given(plans())
def test_a_thousand_plans_read_back_the_same(plan):
    reads_back(plan)


@pytest.mark.parametrize("kind", KINDS)
def test_the_annex_reads_back_row_by_row(kind):
    again = read_plan(KINDS[kind](read(ANNEX)), f"ke-hoach{kind}", directory())

    assert [as_by_hand(task) for task in again.tasks] == by_hand("hai-an-2024-2025.tasks.json")
    assert (again.title, again.school_year) == (read(ANNEX).title, "2024-2025")


@given(st.text())
def test_no_cell_can_be_taken_for_a_formula(text):
    assert not harmless(text).startswith(("=", "+", "-", "@", "\t", "\r"))


@settings(max_examples=15, deadline=None)
@given(plans())
def test_no_cell_of_a_workbook_is_a_formula(plan):
    sheet = load_workbook(io.BytesIO(export_xlsx(plan))).active

    kinds = [cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert kinds
    assert "f" not in kinds


def test_the_word_table_repeats_its_heading_on_every_page():
    table = Document(io.BytesIO(export_docx(read(ANNEX)))).tables[0]

    assert table.rows[0]._tr.xpath("./w:trPr/w:tblHeader")
    assert not table.rows[1]._tr.xpath("./w:trPr/w:tblHeader")


def test_the_template_has_every_column_the_reader_knows():
    heading = template_bytes().decode("utf-8-sig").splitlines()[-1].split(";")
    found = find_headings((grid_row(heading, 1),))
    wanted = ["number", "group", "title", "leads", "partners", "start", "due", "product"]

    assert found
    assert [column.kind for column in found.columns] == wanted
