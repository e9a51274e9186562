"""The lists of the pages as files: the same rows as the page, its filters and its day, and nothing more."""

import csv
import io
import re
from datetime import date, datetime

import pytest
from docx import Document
from openpyxl import load_workbook

from tests.support.history import History
from tests.support.queries import count_queries
from tests.support.samples import directory
from tracker.adapters.documents import read_plan
from tracker.domain.work import Action
from tracker.store.database import db

LISTS = (
    "/plans/1",
    "/my",
    "/overdue",
    "/units/phong-tckh",
    "/units",
    "/plans/1/matrix",
    "/search",
    "/urgings",
    "/history",
)


def table(client, path: str, **asked: str) -> list[list[str]]:
    """The rows of a list as CSV, the heading first."""
    answer = client.get(f"{path}.csv", query_string=asked)
    assert answer.status_code == 200, answer.text
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline=""), delimiter=";"))


@pytest.mark.parametrize("path", LISTS)
def test_every_list_is_a_workbook_and_a_table_of_the_same_rows(clients, path):
    asked = {"q": "truong"} if path == "/search" else {}
    rows = table(clients.monitor, path, **asked)
    answer = clients.monitor.get(f"{path}.xlsx", query_string=asked)
    assert answer.status_code == 200
    assert re.fullmatch(r"attachment; filename=[a-z0-9-]+-\d{4}-\d\d-\d\d\.xlsx", answer.headers["Content-Disposition"])
    sheet = load_workbook(io.BytesIO(answer.data)).active
    head = int(sheet.freeze_panes[1:]) - 1
    assert [cell.value for cell in sheet[head]] == rows[0]
    assert sheet.max_row - head == len(rows) - 1


def test_the_filters_and_the_day_of_the_page_are_those_of_the_file(clients):
    everything = table(clients.monitor, "/plans/1")
    assert len(everything) == 1 + 42
    late = table(clients.monitor, "/plans/1", status="overdue", unit="phong-gddt")
    assert 1 < len(late) < len(everything)
    assert {row[late[0].index("Tình trạng")].split(";")[0] for row in late[1:]} == {"Quá hạn"}
    assert len(table(clients.monitor, "/overdue")) > len(table(clients.monitor, "/overdue", as_of="2024-10-01"))
    assert len(table(clients.monitor, "/overdue", unit="phong-tckh")) < len(table(clients.monitor, "/overdue"))
    months = table(clients.monitor, "/my", part="lead", month="2024-08")
    due = months[0].index("Hạn")
    assert {row[due][3:] for row in months[1:]} == {"08/2024"}


def test_what_is_due_soon_goes_out_as_its_page_lists_it(clients):
    asked = {"view": "soon", "as_of": "2024-11-20", "unit": "phong-gddt", "sort": "unit"}
    page = clients.monitor.get("/overdue", query_string=asked).text
    listed = re.findall(r'<span class="number">([\d.]+)\.</span>', page)
    assert listed
    assert [row[0] for row in table(clients.monitor, "/overdue", **asked)[-len(listed) :]] == listed


def test_dates_are_typed_and_the_plan_is_in_its_own_order(clients):
    sheet = load_workbook(io.BytesIO(clients.monitor.get("/plans/1.xlsx").data)).active
    head = int(sheet.freeze_panes[1:]) - 1
    due = [cell.value for cell in sheet[head]].index("Hạn")
    assert all(isinstance(row[due], datetime) for row in sheet.iter_rows(min_row=head + 1, values_only=True))
    assert [row[0] for row in sheet.iter_rows(min_row=head + 1, max_row=head + 5, values_only=True)] == list("12345")


def test_of_others_work_the_file_tells_no_more_than_the_page(world, clients):
    History(world).record("lead", "7", Action.PROGRESS, date(2024, 9, 6), percent=60, difficulty="Thiếu kinh phí")
    rows = table(clients.partner, "/plans/1")
    due = rows[0].index("Hạn")
    assert not any(next(row for row in rows if row[0] == "7")[due + 1 :])
    assert "Thiếu kinh phí" not in str(table(clients.partner, "/overdue"))
    assert "Thiếu kinh phí" in str(table(clients.monitor, "/overdue"))
    unit = table(clients.partner, "/units/phong-tckh")
    assert all("Quá hạn" not in row for row in unit)
    every = table(clients.partner, "/units")
    assert sum(bool(row[2]) for row in every[1:]) == 1, "of its own unit alone"


def test_the_annex_is_in_the_plans_order_with_how_each_task_stood(clients):
    answer = clients.monitor.get("/plans/1.docx?as_of=2024-12-01")
    rows = [[cell.text for cell in row.cells] for row in Document(io.BytesIO(answer.data)).tables[0].rows]
    assert [row[0] for row in rows[1:]] == [str(n) for n in range(1, 42)]
    assert "Tình hình đến 01/12/2024" in rows[0]
    at = rows[0].index("Tình hình đến 01/12/2024")
    assert all(row[at] for row in rows[1:])
    document = read_plan(answer.data, "phu-luc.docx", directory())
    assert [task.number for task in document.tasks] == [str(n) for n in range(1, 42)]
    of_partner = Document(io.BytesIO(clients.partner.get("/plans/1.docx?as_of=2024-12-01").data)).tables[0]
    told = [row.cells[at].text for row in of_partner.rows][1:]
    assert any(told)
    assert not all(told)


def test_a_file_asks_ten_questions_at_most(world, clients):
    with world.app_context():
        engine = db.engine
    for path in (*(f"{each}.xlsx" for each in LISTS), "/plans/1.docx"):
        with count_queries(engine) as statements:
            assert clients.monitor.get(f"{path}?q=truong").status_code == 200
        assert len(statements) <= 10, (path, len(statements))
