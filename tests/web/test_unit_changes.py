"""The pages of what becomes of a unit: form, preview, record, and what other pages then show."""

import re
from datetime import date
from io import BytesIO

import pytest

from tests.support.history import History
from tests.support.shares import Office
from tracker.domain.work import Action
from tracker.store.database import db

pytestmark = pytest.mark.one_database

CHANGE = "/units/phong-tckh/change"
FORM = {"kind": "merge", "on": "2024-12-10", "document": "Quyết định số 12/QĐ-UBND", "heirs": "phong-gddt"}
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def send(client, **fields):
    """Sends the form as a browser does: what it leads to is opened, unless the change was recorded."""
    answer = client.submit(CHANGE, page=f"{CHANGE}?kind=merge", **{**FORM, **fields})
    return client.get(answer.location) if "typed=" in (answer.location or "") else answer


def share_selects(page: str) -> dict[str, str]:
    """The choice shown for each share."""
    found = re.findall(r'<select[^>]*name="share-(\d+)".*?</select>', page, re.DOTALL)
    chosen = [
        re.search(rf'name="share-{number}".*?<option value="([^"]*)" selected', page, re.DOTALL)[1] for number in found
    ]
    return dict(zip(found, chosen, strict=True))


@pytest.mark.long
@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/units/phong-tckh/change", {"admin", "monitor", "office"}),
        ("/units/phong-tckh/change?kind=merge", {"admin", "monitor", "office"}),
        ("/groups", {"admin", "monitor", "office"}),
        ("/groups/cac-truong-hoc", {"admin", "monitor", "office"}),
        ("/units/phong-tckh/edit", {"admin"}),
    ],
)
def test_the_pages_are_for_administrators_and_monitors(clients, path, allowed):
    for who in ("admin", "monitor", "office", "lead", "partner", "leader"):
        assert getattr(clients, who).get(path).status_code == (200 if who in allowed else 403), who


@pytest.mark.long
@pytest.mark.parametrize(
    "path", ["/units/phong-tckh/change", "/units/phong-tckh/edit", "/groups", "/groups/cac-truong-hoc"]
)
def test_nor_may_others_send_the_forms(clients, path):
    for who in ("lead", "partner", "leader"):
        token = re.search(r'name="csrf_token" value="([^"]+)"', getattr(clients, who).get("/account").text)[1]
        assert getattr(clients, who).post(path, data={"csrf_token": token, **FORM}).status_code == 403


def test_the_card_of_a_share_tells_how_it_came_to_its_unit(clients):
    told = "Nhận từ Phòng Tài chính - Kế hoạch khi hợp nhất, sáp nhập, từ ngày 10/12/2024: Quyết định số 12/QĐ-UBND"
    assert told not in clients.monitor.get("/tasks/7").text
    assert send(clients.monitor, step="confirm").status_code == 303
    assert told in clients.monitor.get("/tasks/7").text
    assert told not in clients.monitor.get("/tasks/7?as_of=2024-12-09").text


def test_only_those_who_may_are_offered_the_change(clients):
    assert f'href="{CHANGE}"' in clients.monitor.get("/units/phong-tckh").text
    assert f'href="{CHANGE}"' not in clients.lead.get("/units/phong-tckh").text
    assert "/units/phong-tckh/edit" not in clients.monitor.get("/units/phong-tckh").text


def test_a_preview_lists_every_open_share_and_person_and_writes_nothing(clients):
    page = send(clients.monitor, step="preview")
    assert page.status_code == 200
    assert set(share_selects(page.text).values()) == {"phong-gddt"}
    assert len(share_selects(page.text)) == 4
    assert "Phạm Chủ Trì" in page.text
    assert "Ghi thay đổi, từ ngày 10/12/2024" in page.text
    assert "Đơn vị đã kết thúc" not in clients.monitor.get("/units").text


@pytest.mark.long
def test_the_preview_shows_the_due_date_that_was_granted(clients, world):
    with world.app_context():
        share = Office(world).line("7").share.id
        db.session.remove()
    clients.lead.submit(f"/shares/{share}/extension", "/tasks/7", wanted="2025-01-31", reason="Chờ dự toán")
    clients.monitor.submit("/extensions/1/decide", "/tasks/7", outcome="granted")
    page = send(clients.monitor).text
    assert re.findall(r"<div>([\d/]+) <span class=\"muted\">đã gia hạn</span>", page) == ["31/01/2025"]


def test_all_shares_are_decided_at_once_and_single_ones_otherwise(clients):
    page = send(clients.monitor, step="all", all_shares="close", reason="Đã hết nhiệm vụ").text
    assert set(share_selects(page).values()) == {"close"}
    first, *rest = share_selects(page)
    fields = {f"share-{number}": "close" for number in rest} | {f"share-{first}": "phong-gddt"}
    answer = send(clients.monitor, step="confirm", reason="Đã hết nhiệm vụ", **fields)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/units/phong-tckh")
    page = clients.monitor.get("/units/phong-tckh").text
    assert page.count("Đã khép lại") == 3
    assert "Đơn vị đã kết thúc; ngày cuối là 09/12/2024." in page
    assert "Sáp nhập" in page
    assert "ghi bởi Nguyễn Theo Dõi" in page


IMPOSSIBLE = (
    ({"on": ""}, "Ô “Có hiệu lực từ ngày” còn trống"),
    ({"on": "31/12"}, "Ô “Có hiệu lực từ ngày”: “31/12” không phải một ngày"),
    ({"document": " "}, "văn bản quyết định"),
    ({"heirs": ""}, "đúng một đơn vị nhận"),
    ({"heirs": "phong-tckh"}, "vào chính nó"),
    ({"heirs": "", "founded": "phong-moi ="}, "hãy ghi tên, hoặc mã = tên"),
    ({"heirs": "", "founded": "phong-gddt = Tên"}, "đã có trong danh bạ"),
)


def test_a_form_that_cannot_be_comes_back_with_its_words(clients):
    for fields, sentence in IMPOSSIBLE:
        answer = send(clients.admin, **{"step": "preview", **fields})
        assert (answer.status_code, sentence in answer.text) == (422, True)
        if fields.get("document") is None:
            assert 'value="Quyết định số 12/QĐ-UBND"' in answer.text
    assert send(clients.admin, step="confirm", reason="").status_code == 303


def test_a_choice_that_cannot_be_comes_back_on_the_preview_with_the_choices_kept(clients):
    numbers = list(share_selects(send(clients.admin, step="preview").text))
    answer = send(clients.admin, step="confirm", **{f"share-{numbers[0]}": "cancel"})
    assert (answer.status_code, "Hãy ghi lý do khép lại hoặc hủy" in answer.text) == (422, True)
    assert share_selects(answer.text)[numbers[0]] == "cancel"
    assert clients.admin.get("/units/phong-la/change").status_code == 404
    assert clients.admin.get("/units/cac-truong-hoc/change").status_code == 404


def test_the_task_keeps_its_printed_words_and_says_who_stands_there_now(clients, world):
    History(world).record("lead", "7", Action.PROGRESS, date(2024, 8, 6), percent=60, result="Đã hướng dẫn")
    founded = {"heirs": "", "founded": "phong-vhxh = Phòng Văn hóa - Xã hội"}
    assert send(clients.admin, step="confirm", **founded).status_code == 303
    address = re.search(r'href="(/tasks/\d+)">Hướng dẫn thu chi', clients.monitor.get("/plans/1").text)[1]
    page = clients.monitor.get(address).text
    assert re.search(r"Theo văn bản</h2>\s*<dl[^>]*>\s*<dt>Chủ trì</dt><dd>Phòng Tài chính - Kế hoạch", page)
    assert 'Phòng Tài chính - Kế hoạch (nay: <a href="/units/phong-vhxh">Phòng Văn hóa - Xã hội</a>)' in page
    assert "đơn vị cũ: Phòng Tài chính - Kế hoạch" in page
    before = clients.monitor.get(f"{address}?as_of=2024-12-09").text
    assert "nay:" not in before
    assert "đơn vị cũ" not in before


def test_evidence_goes_with_the_log_to_the_heirs_people(clients):
    address = re.search(r'href="(/tasks/\d+)">Hướng dẫn thu chi', clients.lead.get("/plans/1").text)[1]
    share = re.search(r'action="/shares/(\d+)/log"', clients.lead.get(address).text)[1]
    sent = {"evidence": (BytesIO(PDF), "bien-ban.pdf"), "result": "Có biên bản", "percent": "50"}
    assert clients.lead.submit(f"/shares/{share}/log", page=address, **sent).status_code == 303
    assert send(clients.admin, step="confirm").status_code == 303
    link = re.search(r'href="(/evidence/\d+)"', clients.lead.get(address).text)[1]
    for who, status in (("lead", 200), ("monitor", 200), ("partner", 404)):
        with getattr(clients, who).get(link) as answer:
            assert answer.status_code == status, who


def test_a_unit_gone_without_an_heir_is_listed_with_what_waits(clients):
    assert send(clients.monitor, kind="dissolve", heirs="", step="confirm").status_code == 303
    page = clients.monitor.get("/units").text
    assert "Đơn vị đã kết thúc" in page
    assert 'href="/units/phong-tckh/change?kind=takeover">4 phần việc</a>' in page
    assert "Đơn vị đã kết thúc" not in clients.monitor.get("/units?as_of=2024-12-09").text
    assert "?kind=takeover" not in clients.leader.get("/units").text
    assert clients.monitor.get("/units/phong-tckh").text.count("Chưa có đơn vị tiếp nhận") == 4
    address = re.search(r'href="(/tasks/\d+)">Hướng dẫn thu chi', clients.monitor.get("/plans/1").text)[1]
    assert "phần việc không tính là trễ" in clients.monitor.get(address).text
    assert "Ghi tiến độ của đơn vị bạn" not in clients.lead.get(address).text


@pytest.mark.long
def test_a_rename_shows_the_name_of_the_day(clients):
    fields = {
        "kind": "rename",
        "heirs": "",
        "name": "Phòng Kinh tế - Tài chính",
        "short_name": "Phòng KT-TC",
        "parent": "",
    }
    assert "Tên mới" in send(clients.admin, step="preview", **fields).text
    assert send(clients.admin, step="confirm", **fields).status_code == 303
    assert '<h1 lang="vi">Phòng Kinh tế - Tài chính</h1>' in clients.leader.get("/units/phong-tckh").text
    before = clients.leader.get("/units/phong-tckh?as_of=2024-12-09").text
    assert '<h1 lang="vi">Phòng Tài chính - Kế hoạch</h1>' in before
    assert "Phòng KT-TC" in clients.leader.get("/plans/1").text


def test_an_event_to_come_says_so(clients):
    page = send(clients.admin, step="preview", on="2025-07-01").text
    assert "Ngày này chưa đến" in page


def test_a_preview_has_an_address_that_back_reload_and_a_bookmark_open(clients):
    fields = {**FORM, "step": "all", "all_shares": "close", "reason": "Đã hết nhiệm vụ"}
    address = clients.monitor.submit(CHANGE, page=f"{CHANGE}?kind=merge", **fields).location
    for _again in range(2):
        page = clients.monitor.get(address)
        assert (page.status_code, set(share_selects(page.text).values())) == (200, {"close"})
    assert "Đã hết nhiệm vụ" in page.text
    form = clients.monitor.get(f"{address}&edit=1").text
    assert 'value="Quyết định số 12/QĐ-UBND"' in form
    assert 'value="phong-gddt" selected' in form
    typed = re.search(r'name="typed" value="(\d+)"', page.text)[1]
    assert (
        clients.monitor.submit(CHANGE, page=address, **{**FORM, "step": "confirm", "typed": typed}).status_code == 303
    )
    back = clients.monitor.get(address)
    assert (back.status_code, back.location) == (302, "/units/phong-tckh")
    assert "Thay đổi này đã được ghi rồi." in clients.monitor.get(back.location).text


def test_what_was_typed_is_shown_to_nobody_else_and_from_no_other_place(clients):
    address = clients.monitor.submit(CHANGE, page=f"{CHANGE}?kind=merge", **FORM).location
    assert clients.admin.get(address).status_code == 404
    assert clients.monitor.get(address.replace("phong-tckh", "phong-gddt")).status_code == 404
    assert clients.monitor.get(f"{CHANGE}?typed=x").status_code == 404


def test_what_a_refused_form_held_is_kept_too(clients):
    address = clients.admin.submit(
        CHANGE, page=f"{CHANGE}?kind=merge", **{**FORM, "heirs": "", "founded": "x ="}
    ).location
    page = clients.admin.get(address)
    assert (page.status_code, "hoặc mã = tên" in page.text, ">x =</textarea>" in page.text) == (422, True, True)


def test_a_new_unit_needs_its_name_alone_and_gets_a_code(clients):
    founded = "Phòng Văn hóa - Xã hội\nPhòng Đầu tư công"
    page = clients.admin.get(
        clients.admin.submit(
            CHANGE, page=f"{CHANGE}?kind=split", **{**FORM, "kind": "split", "heirs": "", "founded": founded}
        ).location
    )
    assert page.status_code == 200
    assert "phong-van-hoa-xa-hoi" in page.text
