"""Units log and report; a monitor of another unit accepts or returns; nobody reads or does what is not theirs."""

import io
import re

import pytest

from tests.support.shares import Office
from tracker.adapters import files
from tracker.domain.work import Action
from tracker.store.database import db

FINANCE_TASK = "Rà soát cơ sở vật chất các nhà trường"
EDUCATION_TASK = "Xây dựng kế hoạch năm học 2024-2025"
SCHOOL_TASK = "Kiểm định đánh giá ngoài"


@pytest.fixture
def task(clients):
    """Finds a task's address by words of its title, as the monitor sees the plan."""

    def find(words: str) -> str:
        page = clients.monitor.get("/plans/1", query_string={"q": words}).text
        found = re.search(r'href="(/tasks/\d+)', page)
        assert found, f"no task called {words}"
        return found[1]

    return find


def share_of(page: str, unit: str) -> str:
    """The id of a unit's share on the page of its task."""
    found = re.search(rf'id="share-(\d+)"(?:(?!<article).)*?{re.escape(unit)}', page, re.DOTALL)
    assert found, f"no share of {unit}"
    return found[1]


@pytest.fixture
def finance(clients, task):
    """The finance office's first task: (its address, the id of the office's share)."""
    address = task(FINANCE_TASK)
    return address, share_of(clients.lead.get(address).text, "Phòng Tài chính - Kế hoạch")


def test_a_unit_logs_progress_and_reads_it_again(clients, finance):
    address, share = finance
    answer = clients.lead.submit(
        f"/shares/{share}/log", address, percent="40", result="Đã kiểm tra 12 trường", action="progress"
    )
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"{address}?share={share}#share-{share}"
    page = clients.lead.get(address).text
    assert "Đã ghi tiến độ." in page
    assert "Đã kiểm tra 12 trường" in page
    assert "40%" in page


@pytest.mark.both_databases
def test_reported_then_accepted_by_the_monitor_counts_as_done_on_the_day_it_was_reported(clients, finance, clock):
    address, share = finance
    clients.lead.submit(f"/shares/{share}/log", address, result="Đã trình báo cáo", action="submit")
    waiting = clients.monitor.get(address).text
    assert "Chờ xác nhận" in waiting
    answer = clients.monitor.submit(f"/shares/{share}/accept", address)
    assert answer.status_code == 303
    page = clients.lead.get(address).text
    assert "Xong trễ hạn" in page
    assert "xong ngày 16/12/2024" in page


def test_returned_with_a_reason_the_unit_reports_again(clients, finance):
    address, share = finance
    clients.lead.submit(f"/shares/{share}/log", address, result="Đã xong", action="submit")
    clients.monitor.submit(f"/shares/{share}/return", address, reason="Thiếu danh sách trường cần sửa")
    page = clients.lead.get(address).text
    assert "Bị trả lại" in page
    assert "Thiếu danh sách trường cần sửa" in page
    assert "Bị trả lại, cần làm tiếp" in clients.lead.get("/my").text
    clients.lead.submit(f"/shares/{share}/log", address, result="Đang bổ sung")
    assert re.search("Bị trả lại ngày [^<]*: Thiếu danh sách trường cần sửa", clients.lead.get(address).text)
    again = clients.lead.submit(f"/shares/{share}/log", address, result="Đã bổ sung danh sách", action="submit")
    assert again.status_code == 303


def test_a_return_without_a_reason_says_what_is_missing_and_changes_nothing(clients, finance):
    address, share = finance
    clients.lead.submit(f"/shares/{share}/log", address, result="Đã xong", action="submit")
    answer = clients.monitor.submit(f"/shares/{share}/return", address, reason="  ")
    assert answer.status_code == 422
    assert "Hãy ghi lý do trả lại" in answer.text
    assert "Bị trả lại, cần làm tiếp" not in clients.lead.get("/my").text


def test_nobody_confirms_their_own_units_share_but_the_second_monitor_does(clients, task):
    address = task(EDUCATION_TASK)
    share = share_of(clients.monitor.get(address).text, "Phòng Giáo dục và Đào tạo")
    clients.monitor.submit(f"/shares/{share}/log", address, result="Đã ban hành", action="submit")
    assert "Xác nhận hoàn thành" not in clients.monitor.get(address).text
    refused = clients.monitor.submit(f"/shares/{share}/accept", "/account")
    assert refused.status_code == 403
    assert "Không ai tự xác nhận" in refused.text
    assert clients.office.submit(f"/shares/{share}/accept", address).status_code == 303


def test_who_sees_a_share_of_another_unit_may_not_write_in_it(clients, finance):
    _address, share = finance
    for who in ("monitor", "leader", "admin"):
        answer = getattr(clients, who).submit(f"/shares/{share}/log", "/account", percent="50", result="x")
        assert answer.status_code == 403
        assert "Chỉ người của đơn vị được giao" in answer.text


def test_a_foreign_tasks_address_answers_like_one_that_does_not_exist(clients, finance):
    address, share = finance
    foreign, missing = clients.partner.get(address), clients.partner.get("/tasks/999999")
    assert foreign.status_code == missing.status_code == 404
    assert "đơn vị của bạn không tham gia" in foreign.text
    assert clients.partner.submit(f"/shares/{share}/log", "/account", result="x").status_code == 404


def test_a_partner_reports_its_part_and_is_counted(clients, task):
    address = task(SCHOOL_TASK)
    share = share_of(clients.partner.get(address).text, "Trường Tiểu học Thành Tô")
    assert "0/3 đơn vị phối hợp đã báo" in clients.partner.get(address).text
    clients.partner.submit(f"/shares/{share}/log", address, result="Đã hoàn thiện hồ sơ", action="submit")
    assert "1/3 đơn vị phối hợp đã báo" in clients.partner.get(address).text


def test_a_partner_does_not_read_what_the_lead_wrote(clients, task):
    address = task(SCHOOL_TASK)
    share = share_of(clients.monitor.get(address).text, "Phòng Giáo dục và Đào tạo")
    clients.monitor.submit(f"/shares/{share}/log", address, percent="10", result="Họp kín", difficulty="Thiếu kinh phí")
    page = clients.partner.get(address).text
    assert "Thiếu kinh phí" not in page
    assert "Họp kín" not in page


REFUSED = (
    ({"percent": "140", "result": "Giữ lại câu này"}, "từ 0 đến 100; bạn đã nhập 140"),
    ({"percent": "-5", "result": "Giữ lại câu này"}, "bạn đã nhập -5"),
    ({"percent": "gần xong", "result": "Giữ lại câu này"}, "số nguyên từ 0 đến 100; bạn đã nhập “gần xong”"),
    ({"percent": "", "difficulty": "Giữ lại câu này", "action": "submit"}, "Hãy ghi kết quả đạt được"),
)


def test_what_cannot_be_logged_is_said_and_nothing_typed_is_lost(clients, finance):
    address, share = finance
    for fields, sentence in REFUSED:
        answer = clients.lead.submit(f"/shares/{share}/log", address, **fields)
        assert answer.status_code == 422
        assert sentence in answer.text
        assert "Giữ lại câu này" in answer.text
    assert "Chưa có mục nào trong nhật ký" in clients.lead.get(address).text


def test_a_form_is_kept_once_however_often_it_is_sent(clients, finance):
    address, share = finance
    form = {"percent": "10", "result": "Lần một", "seen_version": "0"}
    for said in ("Đã ghi tiến độ.", "biểu mẫu này được gửi hai lần và chỉ ghi một lần"):
        answer = clients.lead.submit(f"/shares/{share}/log", address, **form, evidence=evidence("a.txt", b"abc"))
        assert answer.status_code == 303
        page = clients.lead.get(answer.location).text
        assert said in page
        assert page.count('id="entry-') == 1


def test_a_form_opened_before_the_latest_entry_or_that_does_not_tell_is_refused(clients, finance):
    address, share = finance
    clients.lead.submit(f"/shares/{share}/log", address, percent="10", result="Lần một")
    untold = (422, "không cho biết bạn đã xem đến mục nhật ký nào")
    known = {"0": (409, "Chính bạn vừa ghi vào phần việc này"), "": untold, "abc": untold, "-1": untold}
    for version, (code, sentence) in known.items():
        form = {"percent": "20", "result": "Lần hai", "seen_version": version}
        answer = clients.lead.submit(f"/shares/{share}/log", address, **form)
        assert (answer.status_code, sentence in answer.text) == (code, True)
        assert "Lần hai</textarea>" in answer.text
    assert clients.lead.get(address).text.count('id="entry-') == 1


@pytest.mark.both_databases
def test_who_was_overtaken_by_a_colleague_is_told_and_keeps_what_was_typed(world, clients, finance):
    address, share = finance
    with world.app_context():
        office = Office(world)
        office.record(office.member(), int(share), Action.PROGRESS, percent=10, result="Lần một")
        db.session.remove()
    late = clients.lead.submit(f"/shares/{share}/log", address, percent="20", result="Lần hai", seen_version="0")
    assert late.status_code == 409
    assert "người khác vừa ghi vào phần việc này" in late.text
    assert "Lần hai" in late.text


def test_what_came_too_late_is_said_and_shown_once_more(clients, finance):
    address, share = finance
    clients.lead.submit(f"/shares/{share}/log", address, result="Đã xong", action="submit")
    late = clients.lead.submit(f"/shares/{share}/log", "/account", percent="20", result="Soạn ở cửa sổ kia")
    assert late.status_code == 409
    assert "đang chờ xác nhận; chưa ghi thêm tiến độ được" in late.text
    assert "Soạn ở cửa sổ kia" in late.text
    clients.monitor.submit(f"/shares/{share}/return", address, reason="Thiếu danh sách")
    again = clients.monitor.submit(f"/shares/{share}/return", "/account", reason="Lý do ở cửa sổ kia")
    assert again.status_code == 409
    assert "chưa có gì để xác nhận hay trả lại" in again.text
    assert "Lý do ở cửa sổ kia" in again.text


def test_the_address_of_a_form_that_was_not_kept_leads_back_to_the_task(clients, finance):
    address, share = finance
    answer = clients.lead.get(f"/shares/{share}/log?as_of=2024-12-01")
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"{address}?as_of=2024-12-01"
    assert clients.partner.get(f"/shares/{share}/log", follow_redirects=True).status_code == 404


def test_controls_and_marks_that_turn_the_text_are_left_out_of_the_log(clients, finance):
    address, share = finance
    clients.lead.submit(f"/shares/{share}/log", address, percent="30", result="Một\0 \u202eHai\r\nBa")
    assert "Một Hai\nBa" in clients.lead.get(address).text


def test_who_may_not_is_told_so_before_what_is_missing(clients, finance):
    _address, share = finance
    assert clients.leader.submit(f"/shares/{share}/return", "/account", reason="").status_code == 403


def test_the_overdue_list_says_why_since_when_and_whom_to_call(clients, finance):
    address, share = finance
    clients.lead.submit(
        f"/shares/{share}/log", address, percent="40", difficulty="Thiếu kinh phí", cause="Chưa giao dự toán"
    )
    page = clients.monitor.get("/overdue").text
    assert "Vướng mắc ngày 16/12/2024:" in page
    assert "Thiếu kinh phí (Chưa giao dự toán)" in page
    assert "Phạm Chủ Trì" in page
    assert "lead@example.org" in page
    assert "lead@example.org" not in clients.lead.get("/overdue").text
    clients.lead.submit(f"/shares/{share}/log", address, result="Xong", action="submit")
    assert "Thiếu kinh phí" not in clients.monitor.get("/overdue").text
    clients.monitor.submit(f"/shares/{share}/return", address, reason="Chưa đủ trường")
    assert "Bị trả lại ngày 16/12/2024:" in clients.monitor.get("/overdue").text


def test_a_form_without_a_valid_token_is_refused_in_words(clients, finance):
    address, share = finance
    answer = clients.lead.post(f"/shares/{share}/log", data={"csrf_token": "hết-hạn", "percent": "40", "result": "x"})
    assert answer.status_code == 400
    assert "Biểu mẫu đã hết hạn" in answer.text
    assert "Chưa có mục nào trong nhật ký" in clients.lead.get(address).text


def evidence(name: str, content: bytes) -> tuple[io.BytesIO, str]:
    return io.BytesIO(content), name


def test_evidence_comes_back_as_a_download_and_only_to_those_who_may_see_the_log(clients, finance):
    address, share = finance
    clients.lead.submit(
        f"/shares/{share}/log", address, result="Kèm biên bản", evidence=evidence("Biên bản.pdf", b"%PDF-1.4 x")
    )
    link = re.search(r'href="(/evidence/\d+)"', clients.lead.get(address).text)[1]
    answer = clients.monitor.get(link, buffered=True)
    assert answer.data == b"%PDF-1.4 x"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert clients.partner.get(link).status_code == 404


FORBIDDEN = (
    ("trang.pdf", b"<html><script>alert(1)</script></html>", "không thuộc loại được nhận"),
    ("chay.exe", b"MZ\x90\x00\x03", "không thuộc loại được nhận"),
    ("anh.svg", b"<svg onload='x()'/>", "không thuộc loại được nhận"),
    ("rong.txt", b"", "rỗng"),
    ("bao-cao.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Hãy lưu lại dạng .docx"),
)


def test_evidence_of_a_forbidden_kind_is_refused_by_its_content(clients, finance):
    address, share = finance
    for name, content, sentence in FORBIDDEN:
        file = evidence(name, content)
        answer = clients.lead.submit(f"/shares/{share}/log", address, result="Giữ câu này", evidence=file)
        assert answer.status_code == 422
        assert sentence in answer.text
        assert name in answer.text
        assert "Giữ câu này" in answer.text
    assert "Chưa có mục nào trong nhật ký" in clients.lead.get(address).text


def test_evidence_too_large_is_refused_with_the_limit(clients, finance, monkeypatch):
    address, share = finance
    # A small limit: the test client leaves temporary files of larger bodies open.
    monkeypatch.setattr(files, "MAX_FILE_OCTETS", 400 * 1024)
    large = evidence("lon.txt", b"a" * (400 * 1024 + 1))
    answer = clients.lead.submit(f"/shares/{share}/log", address, result="Giữ câu này", evidence=large)
    assert answer.status_code == 422
    assert "Tệp “lon.txt” lớn hơn" in answer.text
    assert "Giữ câu này" in answer.text


def test_a_page_of_the_past_shows_the_past_and_offers_nothing_to_do(clients, finance):
    address, share = finance
    clients.lead.submit(f"/shares/{share}/log", address, percent="40", result="Ghi hôm nay")
    page = clients.lead.get(f"{address}?as_of=2024-12-15").text
    assert "Ghi hôm nay" not in page
    assert "log-form" not in page
