"""A monitor finds who is late and whom to call, takes a list away, asks for another day; a leader prints one sheet."""

import time

import pypdfium2
import pytest
from playwright.sync_api import expect

from tests.support.browser import DESKTOP, PHONE
from tests.support.runs import long

SECONDS_TO_SEE = 5
A4 = (595, 842)


@pytest.mark.parametrize("width", [DESKTOP, long(PHONE)])
def test_the_worst_is_seen_with_why_and_whom_to_call_on_the_first_screen(sign_in, width):
    page = sign_in("monitor", width=width)
    began = time.monotonic()
    page.goto("/")
    worst = (
        page.locator("section", has=page.get_by_role("heading", name="Quá hạn, trễ nhiều nhất trước"))
        .locator("li")
        .first
    )
    expect(worst).to_contain_text("Quá hạn 103 ngày")
    expect(worst).to_contain_text("Văn bản chưa có phần tiếp nhận và sử dụng tài trợ")
    number = worst.get_by_role("link", name="0225 000 1003")
    expect(number).to_have_attribute("href", "tel:02250001003")
    for each in (number, worst.get_by_role("link", name="lead@example.org"), worst.get_by_text("Quá hạn 103 ngày")):
        expect(each).to_be_in_viewport(ratio=1)
    assert time.monotonic() - began < SECONDS_TO_SEE


def test_one_units_overdue_is_taken_away_in_two_clicks(sign_in):
    page = sign_in("monitor")
    page.goto("/overdue")
    page.get_by_label("Đơn vị còn nợ").select_option(label="Phòng Tài chính - Kế hoạch")
    page.get_by_role("button", name="Lọc").click()
    with page.expect_download() as taken:
        page.get_by_role("link", name=".xlsx").click()
    assert taken.value.suggested_filename.endswith(".xlsx")


@pytest.mark.long
def test_another_day_is_one_field_and_one_click(sign_in):
    page = sign_in("monitor")
    page.goto("/")
    page.get_by_label("Tính đến ngày").fill("2024-10-31")
    page.get_by_role("button", name="Xem", exact=True).click()
    expect(page.get_by_role("list", name="Tình hình kế hoạch tính đến 31/10/2024")).to_be_visible()


@pytest.mark.long
def test_a_leader_prints_one_sheet(sign_in):
    page = sign_in("leader")
    page.goto("/")
    printed = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True))
    assert len(printed) == 1
    assert tuple(map(round, printed[0].get_size())) == A4
