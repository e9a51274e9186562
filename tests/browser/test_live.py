"""A page tells when what it shows has changed since it was opened, and only then."""

from datetime import date

import pytest
from playwright.sync_api import expect

from tests.support.history import History
from tracker.domain.work import Action

LOOK = "window.dispatchEvent(new Event('focus'))"
TOLD = "Nội dung trang này đã thay đổi"


@pytest.mark.long
def test_a_page_tells_of_a_change_in_what_it_shows_and_of_nothing_else(sign_in, demonstration):
    page = sign_in("lead")
    page.goto("/units/truong-th-thanh-to")
    told = page.get_by_text(TOLD)
    expect(told).to_be_hidden()
    with page.expect_response("**/revision") as answer:
        page.evaluate(LOOK)
    assert answer.value.status == 304
    work = History(demonstration)
    work.record("lead", "7", Action.PROGRESS, date(2024, 12, 15), percent=90, result="Đang bổ sung")
    with page.expect_response("**/units/truong-th-thanh-to"):  # something was written: the page itself is compared
        page.evaluate(LOOK)
    expect(told).to_be_hidden()
    page.goto("/overdue")
    work.record("lead", "7", Action.PROGRESS, date(2024, 12, 16), percent=95, difficulty="Thiếu chữ ký")
    page.evaluate(LOOK)
    expect(told).to_be_visible()
    page.get_by_role("link", name="Tải lại để xem").click()
    expect(page.get_by_text("Thiếu chữ ký")).to_be_visible()
    expect(told).to_be_hidden()
