"""Every page, in both languages, on a desk and on a phone: reachable by everybody, nothing wider than the screen."""

import re
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page

from dev import ROOT
from tests.support.browser import PHONE, assert_accessible

PICTURES = ROOT / "docs" / "images"
PAGES = (
    "/",
    "/my",
    "/my?part=partner",
    "/plans",
    "/plans/1",
    "/plans/1?status=overdue",
    "/plans/1?q=không-có-gì",
    "/plans/1/documents",
    "/plans/import",
    "/overdue",
    "/overdue?as_of=2024-08-01",
    "/timeline",
    "/units",
    "/units/phong-gddt",
    "/units/phong-gddt/change",
    "/units/phong-gddt/change?kind=merge",
    "/groups",
    "/groups/cac-truong-mam-non",
    "/feeds",
    "/outbox",
    "/account",
)
TASKS = ("13", "25", "27")
MISSING = ("status of 404",)


def task_address(page: Page, number: str) -> str:
    """The address of a task by its number in the plan."""
    page.goto("/plans/1")
    row = page.locator("tr", has=page.locator("td.number", has_text=re.compile(f"^{number}$"))).first
    return row.locator(".task-title a").get_attribute("href") or ""


def assert_fits(page: Page) -> None:
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} is {wide} pixels wider than the screen"


@pytest.mark.parametrize("locale", ["vi", "en"])
def test_every_page_passes_the_accessibility_rules(sign_in, locale):
    page = sign_in("monitor", locale=locale)
    for path in (*PAGES, *(task_address(page, number) for number in TASKS)):
        page.goto(path)
        assert_accessible(page)
        assert page.locator("h1").count() == 1, path


@pytest.mark.parametrize("locale", ["vi", "en"])
def test_every_page_fits_a_phone(sign_in, locale):
    page = sign_in("monitor", width=PHONE, locale=locale)
    for path in (*PAGES, *(task_address(page, number) for number in TASKS)):
        page.goto(path)
        assert_fits(page)


def test_pages_that_change_their_shape_stay_accessible_on_a_phone(sign_in):
    page = sign_in("monitor", width=PHONE)
    for path in ("/", "/my", "/overdue", task_address(page, "25")):
        page.goto(path)
        assert_accessible(page)


@pytest.mark.parametrize(("who", "path"), [("admin", "/admin/"), ("lead", "/"), ("partner", "/"), ("leader", "/")])
@pytest.mark.parametrize("locale", ["vi", "en"])
def test_the_pages_of_other_roles_pass_too(sign_in, who, path, locale):
    page = sign_in(who, locale=locale)
    page.goto(path)
    assert_accessible(page)


@pytest.mark.parametrize("locale", ["vi", "en"])
def test_error_pages_pass_too(sign_in, locale):
    page = sign_in("partner", locale=locale, forgive=MISSING)
    page.goto("/tasks/99999")
    assert_accessible(page)
    assert page.get_by_role("link").count() > 3


def test_the_sign_in_page_passes_on_desk_and_phone(new_page, address):
    for width in (1280, PHONE):
        page = new_page(width, base_url=address)
        page.goto("/sign-in")
        assert_accessible(page)
        assert_fits(page)


def test_english_pages_hold_no_vietnamese_words_of_ours(sign_in, demonstration: Flask):
    page = sign_in("monitor", locale="en")
    for path in PAGES:
        page.goto(path)
        chrome = page.locator("nav, h1, h2, thead, label, button, .cells-legend, .badge-state").all_inner_texts()
        ours = [
            text for text in chrome if re.search(r"\b(Quá hạn|Nhiệm vụ|Đơn vị|Kế hoạch|Tình trạng|Tổng quan)\b", text)
        ]
        plan_words = ("Phòng", "Trường", "Ủy ban", "Kế hoạch triển khai", "UBND")
        assert [text for text in ours if not any(word in text for word in plan_words)] == [], path


@pytest.mark.parametrize(("name", "path", "width"), [("overview", "/", 1280), ("phone", "/overdue", PHONE)])
def test_the_pictures_of_the_readme_show_the_demonstration(sign_in, request, tmp_path, name, path, width):
    page = sign_in("monitor", width=width)
    page.goto(path)
    kept = PICTURES / f"{name}.png"
    target = kept if request.config.getoption("--pictures") else tmp_path / f"{name}.png"
    page.screenshot(path=target)
    assert target.stat().st_size > 20_000, "an empty page"
    assert kept.is_file(), f"make it with `python3 dev.py test --pictures {Path(__file__).name}`"
