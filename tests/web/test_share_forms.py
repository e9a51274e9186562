"""The card of a share: drafts, corrections, later dates, days of the unit's own, all files at once, many accepted."""

import io
import re
import zipfile
from datetime import timedelta

import pytest

from tests.support.shares import Office
from tests.support.worlds import NOW
from tracker.domain.work import Action
from tracker.store.database import db
from tracker.usecases import log_drafts
from tracker.web import tasks

TASK = "/tasks/1"


@pytest.fixture
def share(world):
    return share_in(world, "1")


def share_in(world, number):
    """The finance office's share in a task; the context is left, for a request of its own asks who it is anew."""
    with world.app_context():
        found = Office(world).line(number).share.id
        db.session.remove()
    return found


def draft(client, share, **texts):
    return client.submit(f"/shares/{share}/draft", TASK, **texts)


def test_what_one_types_is_kept_shown_again_and_gone_once_sent(clients, share):
    answer = draft(clients.lead, share, percent="35", result="Đang rà soát", difficulty="Thiếu người")
    assert (answer.status_code, answer.text) == (200, "Đã lưu nháp lúc 16/12/2024 08:00.")
    draft(clients.lead, share, percent="40", result="Đang rà soát trường thứ ba")
    page = clients.lead.get(TASK).text
    assert "Bản nháp lưu lúc 16/12/2024 08:00." in page
    assert "Đang rà soát trường thứ ba</textarea>" in page
    assert 'value="40"' in page
    assert "trường thứ ba" not in clients.monitor.get(TASK).text
    clients.lead.submit(f"/shares/{share}/log", TASK, percent="40", result="Đã xong ba trường")
    assert "Bản nháp" not in clients.lead.get(TASK).text


def test_a_draft_goes_by_its_button_when_emptied_and_after_thirty_days(clients, share, world):
    draft(clients.lead, share, result="Bỏ đi")
    clients.lead.submit(f"/shares/{share}/draft/discard", TASK)
    assert "Bỏ đi" not in clients.lead.get(TASK).text
    draft(clients.lead, share, result="Bỏ đi")
    draft(clients.lead, share, result=" ", percent="40")
    assert "Bản nháp lưu" not in clients.lead.get(TASK).text
    draft(clients.lead, share, result="Cũ")
    with world.app_context():
        assert log_drafts.sweep(NOW + timedelta(days=29)) == 0
        assert log_drafts.sweep(NOW + timedelta(days=31)) == 1


def test_nobody_keeps_a_draft_for_a_share_of_others_nor_one_without_end(clients, share):
    assert draft(clients.monitor, share, result="x").status_code == 403
    assert clients.partner.submit(f"/shares/{share}/draft", "/account", result="x").status_code == 404
    assert draft(clients.lead, share, result="x" * 4001).status_code == 422


def test_a_correction_stands_beside_the_entry_which_stays_marked(clients, share):
    clients.lead.submit(f"/shares/{share}/log", TASK, percent="90", result="Đã rà soát 21 trường")
    page = clients.lead.get(TASK).text
    entry = re.search(r"\?correct=(\d+)", page)[1]
    form = clients.lead.get(f"{TASK}?correct={entry}").text
    assert "Sửa mục ghi lúc" in form
    assert "Đã rà soát 21 trường</textarea>" in form
    sent = {"percent": "40", "result": "Đã rà soát 12 trường", "corrects": entry, "seen_version": "1"}
    assert clients.lead.submit(f"/shares/{share}/log", TASK, **sent).status_code == 303
    page = clients.lead.get(TASK).text
    assert "Mục này đã được sửa" in page
    assert "Đã rà soát 21 trường" in page
    assert "Đã rà soát 12 trường" in page
    twice = clients.lead.submit(f"/shares/{share}/log", TASK, **sent)
    assert "gửi hai lần" in clients.lead.get(twice.location).text
    older = clients.lead.get(f"{TASK}?correct={entry}").text
    assert "Tỷ lệ hoàn thành (40%) không sửa được ở mục này" in older
    assert 'name="percent"' not in older


def test_a_later_date_is_asked_and_decided_on_the_page_of_the_task(clients, share):
    past = clients.lead.submit(f"/shares/{share}/extension", TASK, wanted="2024-12-01", reason="Chờ dự toán")
    assert past.status_code == 422
    assert "đã qua" in past.text
    assert "Chờ dự toán</textarea>" in past.text
    odd = clients.lead.submit(f"/shares/{share}/extension", TASK, wanted="31/02/2025", reason="x")
    assert "Ô “Xin đến ngày”: “31/02/2025” không phải một ngày" in odd.text
    asked = clients.lead.submit(f"/shares/{share}/extension", TASK, wanted="31/1/2025", reason="Chờ")
    assert asked.status_code == 303, "as people write it, where a browser has no field for days"
    assert "Xin gia hạn từ 31/08/2024 đến 31/01/2025" in clients.monitor.get(TASK).text
    assert "Xin gia hạn" in clients.monitor.get("/waiting").text
    silent = clients.monitor.submit("/extensions/1/decide", TASK, outcome="refused", document="12/UBND")
    assert silent.status_code == 422
    assert "12/UBND" in silent.text
    assert clients.monitor.submit("/extensions/1/decide", TASK, outcome="bừa").status_code == 422
    assert (
        clients.monitor.submit("/extensions/1/decide", TASK, outcome="granted", document="12/UBND").status_code == 303
    )
    page = clients.lead.get(TASK).text
    assert "đã gia hạn đến 31/01/2025" in page
    assert "Hạn của đơn vị: 31/01/2025 (hạn gốc 31/08/2024)" in page
    assert clients.monitor.submit("/extensions/1/decide", TASK, outcome="granted").status_code == 409
    assert "31/01/2025" not in clients.lead.get(f"{TASK}?as_of=2024-12-15").text


def test_a_unit_plans_days_of_its_own_which_nobody_else_reads(clients, share):
    clients.lead.submit(f"/shares/{share}/extension", TASK, wanted="2025-01-31", reason="Chờ")
    clients.monitor.submit("/extensions/1/decide", TASK, outcome="granted")
    for day, words in (("2025-01-31", "phải trước hạn"), ("2024-12-10", "đã qua")):
        refused = clients.lead.submit(f"/shares/{share}/checkpoints", TASK, day=day, title="Họp")
        assert (refused.status_code, words in refused.text) == (422, True)
    assert (
        clients.lead.submit(f"/shares/{share}/checkpoints", TASK, day="2025-01-10", title="Dự thảo").status_code == 303
    )
    page = clients.lead.get(TASK).text
    assert "Dự thảo" in page
    assert "(0/1)" in page
    again = clients.lead.submit(f"/shares/{share}/checkpoints", TASK, day="2025-01-10", title="Dự thảo ")
    assert (again.status_code, "đã có; không ghi lần nữa" in again.text) == (422, True)
    assert clients.lead.submit("/checkpoints/1/done", TASK).status_code == 303
    assert "(1/1)" in clients.monitor.get(TASK).text
    assert clients.monitor.submit("/checkpoints/1/remove", TASK).status_code == 403
    assert clients.lead.submit("/checkpoints/1/remove", TASK).status_code == 303
    assert clients.lead.submit("/checkpoints/1/remove", TASK).status_code == 404
    told = clients.lead.get("/history?q=moc noi bo").text
    for doing in ("Đặt mốc nội bộ", "Đánh dấu xong mốc nội bộ", "Bỏ mốc nội bộ"):
        assert doing in told
    assert "10/01/2025, Dự thảo" in told


def test_all_files_of_a_task_come_in_one_archive_with_safe_names_that_differ(clients, share):
    sent = (("Biên bản.txt", "một"), ("Biên bản.txt", "hai"), ("con.txt", "ba"))
    for name, text in sent:
        file = (io.BytesIO(text.encode()), name)
        clients.lead.submit(f"/shares/{share}/log", TASK, result=text, evidence=file)
    assert "evidence.zip" in clients.lead.get(TASK).text
    answer = clients.monitor.get(f"{TASK}/evidence.zip", buffered=True)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as found:
        assert found.testzip() is None
        folder = "Phòng Tài chính - Kế hoạch"
        assert {name: found.read(name).decode() for name in found.namelist()} == {
            f"{folder}/Biên bản.txt": "một",
            f"{folder}/Biên bản (2).txt": "hai",
            f"{folder}/_con.txt": "ba",
        }
    assert clients.partner.get(f"{TASK}/evidence.zip").status_code == 404


def test_an_archive_holds_only_what_one_may_read_and_has_a_size(clients, share, monkeypatch):
    assert clients.lead.get(f"{TASK}/evidence.zip").status_code == 404
    file = (io.BytesIO(b"abc"), "a.txt")
    clients.lead.submit(f"/shares/{share}/log", TASK, result="x", evidence=file)
    monkeypatch.setattr(tasks, "MAX_ARCHIVE_OCTETS", 2)
    refused = clients.lead.get(f"{TASK}/evidence.zip")
    assert refused.status_code in (400, 422)
    assert "Hãy tải từng tệp" in refused.text


def test_the_monitor_accepts_many_at_once_and_is_told_what_was_not(clients, world, share):
    second = share_in(world, "7")
    for each, task in ((share, TASK), (second, "/tasks/7")):
        file = (io.BytesIO(b"abc"), "bien-ban.txt")
        clients.lead.submit(f"/shares/{each}/log", task, result=f"Xong {task}", action="submit", evidence=file)
    page = clients.monitor.get("/waiting").text
    assert f'value="{share}-1"' in page
    assert ("Xong /tasks/1" in page, "Xong /tasks/7" in page, page.count(">bien-ban.txt</a>")) == (True, True, 2)
    none = clients.monitor.submit("/waiting", "/waiting")
    assert none.status_code == 422
    assert "Chưa chọn phần việc nào" in none.text
    assert clients.monitor.submit("/waiting", "/waiting", report="1-x").status_code == 422
    some = clients.monitor.submit("/waiting", "/waiting", report=[f"{share}-1", f"{second}-0"])
    assert some.status_code == 409
    assert "Đã xác nhận 1 phần việc." in some.text
    assert "Chưa xác nhận được" in some.text
    assert clients.monitor.submit("/waiting", "/waiting", report=f"{second}-1").status_code == 303
    assert "Không có phần việc nào chờ bạn xác nhận" in clients.monitor.get("/waiting").text
    late = clients.monitor.submit("/waiting", "/account", report=[f"{share}-0", "999999-1"]).text
    assert "1. Phòng Tài chính - Kế hoạch: Phần việc này đã được xác nhận trước đó." in late
    assert "<li>Không tìm thấy phần việc này" in late


def test_what_does_not_apply_is_asked_waits_and_is_answered(clients, share):
    assert clients.lead.submit(f"/shares/{share}/away", TASK, reason="").status_code == 422
    assert clients.lead.submit(f"/shares/{share}/away", TASK, reason="Không có trường").status_code == 303
    assert "Đề nghị không áp dụng" in clients.monitor.get("/waiting").text
    assert "Đề nghị không áp dụng" in clients.monitor.get("/").text
    declined = clients.monitor.submit(f"/shares/{share}/answer", TASK, action="decline", reason="")
    assert declined.status_code == 422
    clients.monitor.submit(f"/shares/{share}/answer", TASK)
    assert "Không áp dụng" in clients.lead.get("/my").text
    assert "không áp dụng cho đơn vị, đã được đồng ý" in clients.lead.get(TASK).text


def test_a_report_and_a_request_are_taken_back_with_a_reason_until_they_are_answered(clients, share):
    for path, sent in (("log", {"result": "Xong", "action": "submit"}), ("away", {"reason": "Không có"})):
        clients.lead.submit(f"/shares/{share}/{path}", TASK, **sent)
        assert "/withdraw" not in clients.monitor.get(TASK).text
        silent = clients.lead.submit(f"/shares/{share}/withdraw", TASK, reason=" ")
        assert silent.status_code == 422
        assert "Hãy ghi lý do rút lại" in silent.text
        assert clients.lead.submit(f"/shares/{share}/withdraw", TASK, reason="Nhầm nhiệm vụ").status_code == 303
        page = clients.lead.get(TASK).text
        assert "Đơn vị đã rút lại" in page
        assert "Ghi tiến độ của đơn vị bạn" in page
        assert "Không có phần việc nào chờ bạn xác nhận" in clients.monitor.get("/waiting").text
    late = clients.lead.submit(f"/shares/{share}/withdraw", TASK, reason="Nhầm lần nữa")
    assert late.status_code == 409
    assert "Nhầm lần nữa</blockquote>" in late.text
    assert "Đơn vị rút lại" in clients.lead.get("/history?task=1").text


def test_the_head_sets_that_reports_are_read_first_and_approves_on_the_page(clients, world, share):
    assert clients.partner.get("/units/phong-tckh/settings").status_code == 403
    assert clients.lead.get("/units/khong-co/settings").status_code == 404
    kept = clients.lead.submit("/units/phong-tckh/settings", head_approves="1")
    assert kept.status_code == 303
    assert "checked" in clients.admin.get("/units/phong-tckh/settings").text
    with world.app_context():
        office = Office(world)
        office.record(office.member(), share, Action.SUBMIT, result="Xong")
        db.session.remove()
    assert "Chờ thủ trưởng duyệt trước khi gửi đi" in clients.lead.get("/my").text
    assert "Duyệt và báo hoàn thành" in clients.lead.get(TASK).text
    assert clients.lead.submit(f"/shares/{share}/approve", TASK, action="send_back", reason="").status_code == 422
    assert clients.lead.submit(f"/shares/{share}/approve", TASK).status_code == 303
    assert "Xác nhận hoàn thành" in clients.monitor.get(TASK).text
