"""The page that shows a calendar's address once, in a real browser."""

import pytest
from playwright.sync_api import expect

from tests.support.browser import PHONE, assert_accessible, assert_fits
from tests.support.runs import long


@pytest.mark.long
@pytest.mark.parametrize("width", [PHONE, long(1280)])
def test_an_address_is_copied_by_a_button_and_shown_as_a_picture(sign_in, width):
    page = sign_in("lead", width=width)
    page.goto("/feeds")
    page.get_by_label("Tên lịch").fill("Điện thoại của tôi")
    page.get_by_role("button", name="Tạo lịch").click()
    expect(page.get_by_role("heading", level=1, name="Lịch đã tạo")).to_be_visible()
    page.get_by_role("button", name="Sao chép").first.click()
    expect(page.get_by_text("Đã sao chép.")).to_be_visible()
    expect(page.get_by_role("img", name="Mã QR mang địa chỉ lịch")).to_be_visible()
    assert_accessible(page)
    assert_fits(page)
    page.get_by_role("link", name="Về danh sách lịch").click()
    expect(page.get_by_text("Điện thoại của tôi").first).to_be_visible()
    assert_fits(page)
