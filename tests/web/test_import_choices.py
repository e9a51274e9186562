"""What an import asks and never does unasked: tasks that go, second plans, lost corrections, rows left out."""

import re
from dataclasses import replace

import pytest
from flask import Flask

from tests.support.importing import SMALL, begun, button, compared, confirmed, count, upload
from tests.support.samples import read
from tests.support.worlds import ANNEX, Clients, Visitor
from tracker.adapters.documents.plan_csv import export_csv
from tracker.store.tables import PlanRow, TaskRow

pytestmark = pytest.mark.one_database

THE_PLAN = read(ANNEX.name)
DECISION = {"amendment_number": "123/QĐ-UBND", "amendment_issued_on": "2024-12-09"}


def partial(title: str = "Sửa đổi, bổ sung một số nhiệm vụ năm học 2024-2025") -> bytes:
    """Task 1 with another lead, task 31 abolished, and a new one."""
    first, gone = (next(task for task in THE_PLAN.tasks if task.number == number) for number in ("1", "31"))
    rows = (
        replace(first, leads_as_written="Phòng Nội vụ"),
        replace(gone, title=f"Bãi bỏ nhiệm vụ: {gone.title}"),
        replace(first, number="42", title="Diễn tập phòng cháy, chữa cháy trong trường học"),
    )
    return export_csv(replace(THE_PLAN, title=title, tasks=rows))


def amended(client: Visitor, draft: str, **fields: str):
    return client.submit(f"{draft}/amendment", page=draft, **{**DECISION, **fields})


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


def test_a_partial_amendment_drops_only_what_it_abolishes_and_says_so(clients: Clients, world: Flask):
    draft = begun(clients.monitor, partial(), "sua-doi.csv", plan="1")
    assert amended(clients.monitor, draft).status_code == 303
    page = clients.monitor.get(f"{draft}/difference").text
    assert "Thêm 1, đổi 1, bỏ 1, giữ nguyên 39" in words(page)
    assert "chỉ ghi những nhiệm vụ thay đổi: 39 nhiệm vụ khác" in words(page)
    assert "bãi bỏ 1 nhiệm vụ: số 31" in words(page)
    assert re.search(r'value="listed" checked', page), "what the document seems to be is proposed"
    assert amended(clients.monitor, draft, scope="listed").status_code == 303
    assert "39 nhiệm vụ khác" not in words(clients.monitor.get(f"{draft}/difference").text), "decided is not asked"
    assert confirmed(clients.monitor, draft, accept_defaults="1").status_code == 303
    assert count(world, TaskRow) == 42
    again = begun(clients.monitor, partial(), "sua-doi.csv", plan="1")
    amended(clients.monitor, again)
    assert "Không có gì thay đổi" in clients.monitor.get(f"{again}/difference").text


@pytest.mark.long
def test_a_whole_revised_plan_asks_before_it_drops_also_under_a_decision(clients: Clients):
    draft = begun(clients.monitor, partial(), "sua-doi.csv", plan="1")
    assert amended(clients.monitor, draft, scope="whole").status_code == 303
    page = words(clients.monitor.get(f"{draft}/difference").text)
    assert "không còn trong văn bản: số 2, 3, 4" in page
    assert "41. Nếu tệp bị thiếu" in page, "every number is named"
    assert confirmed(clients.monitor, draft).status_code == 422


@pytest.mark.long
def test_fewer_than_half_of_the_tasks_are_taken_for_a_list_of_changes(clients: Clients):
    draft = begun(clients.monitor, partial("Kế hoạch năm học 2024-2025"), "sua-doi.csv", plan="1")
    amended(clients.monitor, draft)
    assert "giữ nguyên 39" in words(clients.monitor.get(f"{draft}/difference").text)


def test_what_was_typed_of_a_refused_decision_stays(clients: Clients):
    draft = begun(clients.monitor, partial(), "sua-doi.csv", plan="1")
    typed = {"amendment_issuer": "Ủy ban nhân dân quận", "amendment_note": "Họp ngày 5/12", "scope": "whole"}
    for wrong in ({"amendment_issued_on": ""}, {"amendment_issued_on": "2025-12-09"}):
        answer = amended(clients.monitor, draft, **typed, **wrong)
        assert answer.status_code == 422
        for kept in ("123/QĐ-UBND", "Ủy ban nhân dân quận", "Họp ngày 5/12"):
            assert f'value="{kept}"' in answer.text
        assert re.search(r'value="whole" checked', answer.text)


def test_a_revised_document_asks_whether_it_is_the_plan_that_is_there(clients: Clients, world: Flask):
    revised = export_csv(replace(THE_PLAN, title=f"{THE_PLAN.title} (điều chỉnh)", tasks=THE_PLAN.tasks[:38]))
    draft = begun(clients.monitor, revised, "dieu-chinh.csv")
    page = compared(clients.monitor, draft)
    assert "(38/41 nhiệm vụ)" in page
    assert confirmed(clients.monitor, draft).status_code == 422
    chosen = clients.monitor.submit(f"{draft}/target", page=f"{draft}/difference", plan="1")
    assert chosen.status_code == 303
    page = words(compared(clients.monitor, draft))
    assert "Thay đổi kế hoạch đã có." in page
    assert "số 39, 40, 41" in page
    clients.monitor.submit(f"{draft}/target", page=f"{draft}/difference", plan="new")
    page = compared(clients.monitor, draft)
    assert "Kế hoạch mới." in page
    assert "(38/41 nhiệm vụ)" not in page, "decided is not asked"
    confirmed(clients.monitor, draft, accept_defaults="1")
    assert count(world, PlanRow) == 2


@pytest.mark.long
def test_looking_for_another_table_throws_nothing_away(clients: Clients):
    monitor = clients.monitor
    draft = begun(monitor, SMALL.encode(), "nho.csv", school_year="2024-2025")
    row = {"number": "2", "title": "Sửa chữa trường, lớp", "leads": "Phòng Nội vụ", "due": "Tháng 10/2024"}
    monitor.submit(f"{draft}/rows/1", page=draft, **row)
    assert "1 dòng bạn đã sửa được giữ" in monitor.get(f"{draft}/table").text
    assert "Sửa chữa trường, lớp" in monitor.get(draft).text
    same = {f"column-0-{at}": kind for at, kind in enumerate(("number", "title", "leads", "partners", "due"))}
    monitor.submit(f"{draft}/read", page=f"{draft}/table", table="0", **same)
    assert "Sửa chữa trường, lớp" in monitor.get(draft).text, "the same row was read: its correction is kept"
    other = {**same, "column-0-2": "partners", "column-0-3": "leads"}
    monitor.submit(f"{draft}/read", page=f"{draft}/table", table="0", **other)
    page = monitor.get(draft).text
    assert "1 dòng bạn đã sửa không có trong lần đọc này" in page
    refused = monitor.submit(f"{draft}/difference", page=draft)
    assert (refused.status_code, "Còn 1 chỗ bạn đã sửa" in refused.text) == (422, True)
    monitor.submit(f"{draft}/read", page=draft, back="1")
    assert "Sửa chữa trường, lớp" in monitor.get(draft).text, "the way back gives the correction back"
    monitor.submit(f"{draft}/read", page=f"{draft}/table", table="0", **other)
    monitor.submit(f"{draft}/unfit", page=draft)
    page = monitor.get(draft).text
    assert "không có trong lần đọc này" not in page
    assert "Sửa chữa trường, lớp" not in page


def test_a_year_given_later_dates_what_had_none(clients: Clients):
    draft = begun(clients.monitor, SMALL.replace("Tháng 8/2024", "Tháng 8").encode(), "khong-nam.csv")
    page = clients.monitor.get(draft).text
    assert "nếu để vậy thì ghi không có hạn" in page
    said = {"title": "Kế hoạch hè", "number": "", "issuer": "", "issued_on": ""}
    wrong = clients.monitor.submit(f"{draft}/particulars", page=draft, school_year="năm nay", **said)
    assert wrong.status_code == 422
    assert 'value="năm nay"' in wrong.text
    clients.monitor.submit(f"{draft}/particulars", page=draft, school_year="2024-2025", **said)
    page = clients.monitor.get(draft).text
    assert "hạn 31/08/2024" in page
    assert "nếu để vậy thì ghi không có hạn" not in page


def test_a_row_is_left_out_with_its_reason_and_taken_in_again(clients: Clients, world: Flask):
    monitor = clients.monitor
    wrong = SMALL.replace("31/10/2024", "31/4/2025").encode()
    draft = begun(monitor, wrong, "sai.csv", school_year="2024-2025")
    assert "không có ngày 31/4" in monitor.get(draft).text
    assert monitor.submit(f"{draft}/rows/1/skip", page=f"{draft}?edit=1", reason=" ").status_code == 422
    monitor.submit(f"{draft}/rows/1/skip", page=f"{draft}?edit=1", reason="Trùng với kế hoạch đầu tư")
    page = monitor.get(draft).text
    assert "không có ngày 31/4" not in page, "what is left out has no errors"
    assert re.search(r"<del><b>2\.</b>.*Sửa chữa trường lớp", page)
    monitor.submit(f"{draft}/rows/1/skip", page=draft, undo="1")
    assert "không có ngày 31/4" in monitor.get(draft).text
    monitor.submit(f"{draft}/rows/1/skip", page=f"{draft}?edit=1", reason="Trùng với kế hoạch đầu tư")
    assert "Trùng với kế hoạch đầu tư" in compared(monitor, draft)
    assert confirmed(monitor, draft, accept_defaults="1").status_code == 303
    assert count(world, TaskRow) == 42
    assert "Trùng với kế hoạch đầu tư" in monitor.get(draft).text
    assert "không nhập;2;Sửa chữa trường lớp" in monitor.get(f"{draft}/result.csv").text
    assert monitor.get(f"{draft}/result.json").json["skipped"][0]["reason"] == "Trùng với kế hoạch đầu tư"


def test_a_plan_without_monitors_is_told_with_the_choice_at_hand(clients: Clients, world: Flask, monkeypatch):
    monkeypatch.setattr("tracker.store.imports.units_of_monitors", list)
    draft = begun(clients.admin, SMALL.encode(), "nho.csv", school_year="2025-2026")
    assert "Chưa có đơn vị theo dõi" in compared(clients.admin, draft)
    other = begun(clients.admin, SMALL.encode(), "nho.csv", school_year="2026-2027")
    compared(clients.admin, other)
    confirmed(clients.admin, other, accept_defaults="1")
    assert "/settings" in clients.admin.get(other).text
    clients.admin.submit(f"{draft}/monitors", page=f"{draft}/difference", monitor="phong-noi-vu")
    assert "Chưa có đơn vị theo dõi" not in clients.admin.get(f"{draft}/difference").text
    confirmed(clients.admin, draft, accept_defaults="1")
    assert "/settings" not in clients.admin.get(draft).text


@pytest.mark.long
def test_the_first_version_after_an_amendment_is_told_as_such(clients: Clients):
    draft = begun(clients.monitor, partial(), "sua-doi.csv", plan="1")
    amended(clients.monitor, draft)
    confirmed(clients.monitor, draft, accept_defaults="1")
    first = begun(clients.monitor, ANNEX.read_bytes(), ANNEX.name)
    page = compared(clients.monitor, first)
    assert "bản ban hành lần đầu" in page
    assert "khác bản ấy ở 3 nhiệm vụ" in page
    assert "version=compare" in page


def test_a_finding_leads_to_its_own_row_where_numbers_begin_again(clients: Clients):
    heading = "Số TT;Nội dung công việc;Đơn vị chủ trì;Hoàn thành"
    rows = ["I;Nhóm một;;", "1;Rà soát;Phòng Nội vụ;Tháng 8/2024", "II;Nhóm hai;;", "1;Mua sắm;Phòng Nội vụ;31/4/2025"]
    draft = begun(clients.monitor, "\n".join([heading, *rows]).encode(), "nhom.csv", school_year="2024-2025")
    page = clients.monitor.get(draft).text
    top = page.partition('id="names-title"')[0]
    assert re.search(r'#row-1">[^<]*</a>:\s*<span class="finding finding-error">', top)
    assert "#row-0" not in top


@pytest.mark.long
def test_begun_imports_of_one_file_are_told_apart(clients: Clients):
    monitor = clients.monitor
    begun(monitor, SMALL.encode(), "nho.csv", school_year="2024-2025")
    draft = begun(monitor, partial(), "sua-doi.csv", plan="1")
    amended(monitor, draft)
    monitor.submit(f"{draft}/rows/2/skip", page=f"{draft}?edit=2", reason="Chưa duyệt")
    page = words(monitor.get("/plans/import").text)
    assert "điều chỉnh số 123/QĐ-UBND" in page
    assert f"{THE_PLAN.title} · điều chỉnh" in page
    assert "bỏ 1 dòng" in page
    assert re.search(r"2 dòng .*Đang xem trước, chưa ghi · \d+ điểm cần quyết định", page)


def test_a_file_that_is_empty_or_too_large_gets_a_sentence_that_helps(clients: Clients, monkeypatch):
    monkeypatch.setattr("tracker.adapters.files.MAX_FILE_OCTETS", 10)
    for data, sentence in ((SMALL.encode(), "tách nhỏ, hoặc bỏ bớt"), (b"", "rỗng. Hãy chọn lại tệp")):
        answer = upload(clients.monitor, data, "nho.csv")
        assert (answer.status_code, sentence in answer.text) == (422, True)


def test_the_bar_says_what_the_button_does(clients: Clients):
    draft = begun(clients.monitor, SMALL.encode(), "nho.csv", school_year="2024-2025")
    assert 'class="import-bar"' in clients.monitor.get(draft).text
    assert button(compared(clients.monitor, draft)).startswith("Ghi 2 nhiệm vụ")
