"""A plan brought in as a monitor does it: at the desk the annex again, on the phone a small plan of their own."""

from dataclasses import replace

import pytest
from playwright.sync_api import expect

from tests.support.browser import DESKTOP, PHONE
from tests.support.importing import SMALL
from tests.support.samples import read
from tests.support.worlds import ANNEX
from tracker.adapters.documents.plan_csv import export_csv

THE_PLAN = read(ANNEX.name)


@pytest.mark.long
def test_the_annex_again_changes_nothing_in_the_demonstration(sign_in, readable):
    desk = sign_in("monitor")
    desk.goto("/plans")
    desk.get_by_role("link", name="Nhập kế hoạch").click()
    desk.get_by_label("Tệp Word, Excel").set_input_files(ANNEX)
    desk.get_by_label("Nhập vào").select_option("1")
    desk.get_by_role("button", name="Đọc và xem trước").click()
    expect(desk.locator(".preview-table tbody tr")).to_have_count(25)
    readable(desk)
    desk.get_by_role("button", name="Xem những gì sẽ thay đổi").click()
    expect(desk.get_by_role("status")).to_contain_text("Không có gì thay đổi")
    expect(desk.get_by_role("button", name="Ghi ")).to_have_count(0)


def test_a_small_plan_comes_in_by_phone(sign_in, readable):
    phone = sign_in("monitor", width=PHONE)
    phone.goto("/plans/import")
    phone.get_by_label("Hoặc dán văn bản").fill(SMALL)
    phone.get_by_label("Năm học").fill("2024-2025")
    phone.get_by_role("button", name="Đọc và xem trước").click()
    first = phone.locator("#row-0")
    expect(first).to_contain_text("→ từ 01/08/2024, hạn 31/08/2024")
    first.get_by_role("link", name="Sửa").click()
    phone.get_by_label("Hoàn thành").fill("Ngày 05/9/2024")
    readable(phone)
    phone.get_by_role("button", name="Lưu và đọc lại dòng này").click()
    expect(first).to_contain_text("→ hạn 05/09/2024")
    phone.get_by_role("link", name="Xem và quyết định các tên").click()
    phone.get_by_label("Công ty Môi trường đô thị", exact=True).select_option("new")
    readable(phone)
    phone.get_by_role("button", name="Lưu các lựa chọn").click()
    phone.get_by_role("button", name="Xem những gì sẽ thay đổi").click()
    phone.get_by_label("Tôi nhận cách hiểu").check()
    readable(phone)
    phone.get_by_role("button", name="Ghi 2 nhiệm vụ, 1 đơn vị").click()
    expect(phone.get_by_role("status")).to_contain_text("Đã ghi: thêm 2")
    readable(phone)


@pytest.mark.long
@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_a_partial_amendment_is_walked_through_with_its_questions(sign_in, readable, tmp_path, width):
    first = next(task for task in THE_PLAN.tasks if task.number == "1")
    rows = [replace(first, leads_as_written="Phòng Nội vụ"), replace(first, number="42", title="Diễn tập phòng cháy")]
    file = tmp_path / "sua-doi.csv"
    file.write_bytes(export_csv(replace(THE_PLAN, title="Sửa đổi, bổ sung một số nhiệm vụ", tasks=tuple(rows))))
    page = sign_in("monitor", width=width)
    page.goto("/plans/import")
    page.get_by_label("Tệp Word, Excel").set_input_files(file)
    page.get_by_label("Nhập vào").select_option("1")
    page.get_by_role("button", name="Đọc và xem trước").click()
    expect(page.locator(".source-narrow").first).to_be_visible(visible=width == PHONE)
    page.locator("#row-1").get_by_role("link", name="Sửa").click()
    page.get_by_label("Lý do bỏ dòng này").fill("Chưa duyệt")
    readable(page)
    page.get_by_role("button", name="Bỏ dòng này").click()
    expect(page.locator("#row-1")).to_contain_text("Không nhập dòng này: Chưa duyệt")
    page.get_by_text("Văn bản này điều chỉnh kế hoạch đã có?").click()
    page.get_by_label("Số quyết định điều chỉnh").fill(f"{width}/QĐ-UBND")
    page.get_by_label("Ngày quyết định").fill("2024-12-09")
    expect(page.get_by_label("chỉ những nhiệm vụ thay đổi")).to_be_checked()
    readable(page)
    page.get_by_role("button", name="Lưu và xem những gì sẽ thay đổi").click()
    expect(page.locator("main")).to_contain_text("1 dòng của văn bản không nhập")
    readable(page)


@pytest.mark.long
def test_a_long_preview_is_folded_on_a_phone_and_its_next_step_is_always_at_hand(sign_in, readable):
    phone = sign_in("monitor", width=PHONE)
    phone.goto("/plans/import")
    phone.get_by_label("Tệp Word, Excel").set_input_files(ANNEX)
    phone.get_by_role("button", name="Đọc và xem trước").click()
    rows = phone.locator(".preview-table tbody tr")
    expect(rows).to_have_count(25)
    assert sum(rows.nth(at).bounding_box()["height"] for at in range(8)) < 4_000
    bar = phone.locator(".import-bar")
    for place in (0, 3000):
        phone.evaluate(f"window.scrollTo(0, {place})")
        box = bar.bounding_box()
        assert box["y"] + box["height"] <= 845, "the bar is on the screen wherever one reads"
    link = phone.locator("#row-3").get_by_role("link", name="Sửa")
    link.focus()
    assert link.bounding_box()["y"] + link.bounding_box()["height"] <= bar.bounding_box()["y"], "not under the bar"
    phone.locator("#row-0 .source-narrow summary").press("Enter")
    expect(phone.locator("#row-0 .source-narrow .as-written")).to_be_visible()
    bar.get_by_role("button").focus()
    phone.keyboard.press("Enter")
    phone.wait_for_url("**/difference")
    expect(phone.locator("main"), "much like the plan of the demonstration").to_contain_text("(41/41 nhiệm vụ)")
    # At the end of the page the bar covers nothing; what it covers before can be scrolled from under it.
    phone.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    readable(phone)
