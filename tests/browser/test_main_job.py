"""The main job as people do it: a unit reports from a phone, the monitor finds it waiting and accepts."""

import re

import pytest
from playwright.sync_api import expect

from tests.support.browser import PHONE


def test_a_unit_reports_by_phone_and_the_monitor_accepts(sign_in):
    phone = sign_in("lead", width=PHONE)
    phone.goto("/my")
    phone.get_by_role("link", name=re.compile("Mở và bổ sung")).first.click()
    phone.wait_for_url("**/tasks/**")
    title = phone.locator("h1").inner_text()
    form = phone.locator("form.log-form").first
    form.get_by_label("Kết quả đạt được").fill("Đã hoàn thành và gửi báo cáo số 215/BC-TCKH.")
    form.get_by_label("Tệp minh chứng").set_input_files(
        {"name": "Báo cáo 215.txt", "mimeType": "text/plain", "buffer": "Báo cáo kết quả".encode()}
    )
    form.get_by_role("button", name="Báo hoàn thành").click()
    expect(phone.get_by_role("status").first).to_contain_text("Đã báo hoàn thành")
    expect(phone.get_by_role("link", name="Báo cáo 215.txt")).to_be_visible()

    desk = sign_in("monitor")
    desk.goto("/")
    desk.get_by_role("link", name=title).first.click()
    desk.get_by_role("button", name=re.compile("Xác nhận hoàn thành")).first.click()
    expect(desk.get_by_role("status").first).to_contain_text("Đã xác nhận hoàn thành.")
    phone.reload()
    expect(phone.locator(".badge-state", has_text=re.compile("^Xong")).first).to_be_visible()


def test_the_keyboard_reaches_the_content_past_the_navigation(sign_in):
    page = sign_in("monitor")
    page.goto("/overdue")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip-link"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_progress_is_logged_by_phone_from_the_reminders_link_in_four_taps_and_is_kept_while_typing(sign_in, readable):
    phone = sign_in("monitor", width=PHONE)
    phone.goto("/my")
    # What the mail's link carries: the task with the place of the unit's share.
    link = phone.get_by_role("link", name=re.compile("Ghi tiến độ")).first.get_attribute("href")
    assert "#share-" in link
    taps = 1
    phone.goto(link)
    form = phone.locator(f"{link[link.index('#') :]} form.log-form")
    expect(form).to_be_visible()
    form.get_by_label("Kết quả đạt được").tap()
    taps += 1
    phone.keyboard.type("Đã kiểm tra 12 trường")
    kept = form.get_by_text(re.compile("Đã lưu nháp lúc"))
    kept.wait_for(timeout=8_000)
    phone.reload()
    expect(form.get_by_label("Kết quả đạt được")).to_have_value("Đã kiểm tra 12 trường")
    readable(phone)
    form.get_by_role("button", name="Ghi tiến độ").tap()
    taps += 1
    phone.get_by_text("Đã ghi tiến độ.").wait_for()
    expect(phone.get_by_text("Đã kiểm tra 12 trường").first).to_be_visible()
    assert taps <= 4


@pytest.mark.long
def test_a_draft_that_cannot_be_kept_is_told_while_what_was_typed_is_still_there(sign_in):
    page = sign_in("monitor", forgive=("400 (BAD REQUEST)",))
    page.goto("/my")
    page.get_by_role("link", name=re.compile("Ghi tiến độ|Mở và bổ sung")).first.click()
    form = page.locator("form.log-form").first
    form.wait_for()
    page.context.clear_cookies()
    form.get_by_label("Kết quả đạt được").fill("Đã rà soát")
    page.evaluate("dispatchEvent(new Event('pagehide'))")
    expect(form.get_by_text("Chưa lưu được nháp: phiên làm việc đã kết thúc")).to_be_visible()
    expect(form.get_by_label("Kết quả đạt được")).to_have_value("Đã rà soát")
