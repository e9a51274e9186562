"""An amendment and next year's draft in a real browser: made by hand, readable at a desk and on a phone."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_pages import ROWS
from tests.support.browser import DESKTOP, PHONE, assert_accessible, assert_fits


def record(page: Page, address: str, **cells: str) -> None:
    """Fills the form, looks at the preview, records it."""
    page.goto(address)
    for name, text in cells.items():
        page.locator(f"#{name}").fill(text)
    page.get_by_role("button", name="Xem trước thay đổi").click()
    expect(page.get_by_text("Xem trước, chưa ghi gì:")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Ghi điều chỉnh").click()
    expect(page.get_by_role("status").first).to_contain_text("Đã ghi điều chỉnh số 123/QĐ-UBND")


@pytest.mark.long
def test_a_plan_is_amended_and_rolled_over_and_every_page_of_it_is_readable(sign_in, request) -> None:
    page = sign_in("monitor", width=DESKTOP)
    head = {"decision": "123/QĐ-UBND", "issued_on": "2024-10-15"}
    record(page, "/plans/1/amend?way=change&task=1", due="Tháng 12/2024", leads="Phòng Nội vụ", **head)
    record(page, "/plans/1/amend?way=drop&task=31", reason="Chuyển về cấp thành phố")
    page.goto("/plans/1")
    page.get_by_role("button", name="Lập dự thảo").click()
    expect(page.get_by_role("status").filter(has_text=re.compile(r"Còn \d+/\d+ đề xuất"))).to_be_visible()
    seen = ["/plans/1?version=compare", "/amendments/1", "/tasks/1", "/tasks/31", "/plans/2/draft?all=1"]
    long_run = request.config.getoption("--long")
    if long_run:
        seen += ["/plans/1", "/plans/1?version=issued", "/plans/1/amend?way=add", "/plans/2", "/plans"]
    page.set_viewport_size({"width": PHONE, "height": 800})
    for path in seen:
        page.goto(path)
        assert_accessible(page, rows=None if long_run else ROWS)
        assert_fits(page)
        assert page.locator("h1").count() == 1, path


@pytest.mark.long
@pytest.mark.parametrize("locale", ["en"])
def test_the_pages_speak_english(sign_in, locale: str) -> None:
    page = sign_in("leader", locale=locale)
    page.goto("/plans/1?version=compare")
    expect(page.get_by_role("navigation", name="Versions of the plan")).to_be_visible()
    assert_accessible(page)
