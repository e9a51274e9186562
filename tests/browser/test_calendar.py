"""The month in a real browser: by keyboard, on a phone as a list, and on paper."""

import pytest
from playwright.sync_api import expect

from tests.support.browser import PHONE, assert_fits

MONTH = "/calendar?month=2025-05"


@pytest.mark.long
def test_a_phone_shows_the_month_as_a_list_of_the_days_that_have_something(sign_in):
    page = sign_in("monitor", width=PHONE)
    page.goto(MONTH)
    days = page.locator("table.cal td:visible")
    expect(days).to_have_count(3)  # two days off, and the last day of the month
    expect(days.last).to_contain_text("Thứ Bảy, 31/05/2025")
    boxes = [days.nth(n).bounding_box() for n in range(3)]
    assert len({box["x"] for box in boxes}) == 1
    assert_fits(page)


@pytest.mark.long
def test_by_keyboard_one_comes_from_the_month_to_a_whole_day_and_back(sign_in):
    page = sign_in("monitor")
    page.goto(MONTH)
    page.get_by_role("link", name="+8 nữa").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=2, name="Thứ Bảy, 31/05/2025")).to_be_visible()
    expect(page.locator(".task-list > li")).to_have_count(11)
    page.get_by_role("link", name="Cả tháng").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("table", name="Tháng 05/2025: 11 mốc đến hạn")).to_be_visible()
    expect(page.get_by_role("columnheader")).to_have_count(7)


@pytest.mark.long
@pytest.mark.parametrize("width", [PHONE, 1280])
def test_paper_has_the_table_with_every_deadline_and_no_controls(sign_in, width):
    page = sign_in("monitor", width=width)
    page.goto(MONTH)
    page.emulate_media(media="print")
    expect(page.locator(".filters")).to_be_hidden()
    expect(page.locator(".cal-nav")).to_be_hidden()
    expect(page.get_by_role("columnheader").first).to_be_visible()
    shown = page.locator(".cal-items > li:visible, .cal-day-list li:visible")
    expect(shown).to_have_count(11)
