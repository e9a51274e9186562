"""Every page, in both languages, on a desk and on a phone: reachable by everybody, nothing wider than the screen."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from dev import ROOT
from tests.support.browser import DESKTOP, PHONE, assert_accessible, assert_fits
from tests.support.runs import long
from tests.support.worlds import PASSWORD

PICTURES = ROOT / "docs" / "images"
MOST_USED = (
    "/",
    "/my",
    "/plans/1",
    "/overdue",
    "/timeline",
    "/calendar",
    "/units/phong-gddt",
    "/search?q=truong",
)
PAGES = (
    *MOST_USED,
    "/plans",
    "/plans/1/matrix",
    "/plans/import",
    "/account",
    "/history",
    "/units",
    "/units/phong-gddt/change?kind=merge",
    "/feeds",
    "/outbox",
)
VARIANTS = (
    "/plans/1?q=không-có-gì",
    "/plans/1?unit=phong-gddt&part=any&sort=late",
    "/search?q=zzz",
    "/views",
    "/plans/1/settings",
    "/plans/1/periods",
    "/plans/1/group-changes",
    "/plans/1/documents",
    "/settings/days-off?year=2025",
    "/settings/reminders",
    "/settings/reminders/overdue",
    "/settings/reminders/new?event=due&days=20&to=doers&active=1",
    "/groups",
    "/groups/cac-truong-mam-non",
    "/privacy",
    "/account/second-factor",
    "/account/reminders",
    "/my?part=partner",
    "/plans/1?status=overdue",
    "/overdue?as_of=2024-08-01",
    "/overdue?view=soon&as_of=2024-11-20",
    "/burn-up?done_by=2024-09-30",
    "/timeline?by=month",
    "/units/phong-gddt/log",
    "/units/phong-gddt/urgings",
    "/units/phong-gddt/people",
    "/units/phong-gddt/compare",
    "/calendar?month=2025-05&status=in_time",
    "/calendar?month=2025-05&view=agenda",
    "/calendar?month=2024-12&day=2024-12-16",
    "/units/phong-gddt/change",
)
TASKS = ("13", "25")
ROWS = 12  # of a table: enough for every state that a share can be in
MISSING = ("status of 404",)


def vietnamese_of_ours(page: Page) -> list[str]:
    """What the frame of the page says in Vietnamese; the plan's and the units' own names may."""
    frame = page.locator("nav, h1, h2, thead, label, button, .cells-legend, .badge-state").all_inner_texts()
    ours = re.compile(r"\b(Quá hạn|Nhiệm vụ|Đơn vị|Kế hoạch|Tình trạng|Tổng quan)\b")
    theirs = ("Phòng", "Trường", "Ủy ban", "Kế hoạch triển khai", "UBND")
    return [text for text in frame if ours.search(text) and not any(name in text for name in theirs)]


def task_address(page: Page, number: str) -> str:
    """The address of a task by its number in the plan."""
    page.goto("/plans/1")
    row = page.locator("tr", has=page.locator("td.number", has_text=re.compile(f"^{number}$"))).first
    return row.locator(".task-title a").get_attribute("href") or ""


@pytest.mark.parametrize(
    ("locale", "width"),
    # Language and width change what axe sees of a page by little.
    [("vi", PHONE), long("vi", DESKTOP), long("en", DESKTOP), long("en", PHONE)],
)
def test_every_page_is_readable(sign_in, locale, width, request):
    page = sign_in("monitor", width=width, locale=locale)
    long_run = request.config.getoption("--long")
    paths, tasks = ((*PAGES, *VARIANTS), TASKS) if long_run else (MOST_USED, TASKS[:1])
    for path in (*paths, *(task_address(page, number) for number in tasks)):
        page.goto(path)
        assert_accessible(page, rows=None if long_run else ROWS)
        assert_fits(page)
        assert page.locator("h1").count() == 1, path


@pytest.mark.long
def test_every_page_speaks_english_at_a_desk(sign_in):
    page = sign_in("monitor", locale="en")
    for path in PAGES:
        page.goto(path)
        assert vietnamese_of_ours(page) == [], path
        assert_fits(page)


@pytest.mark.parametrize(
    ("who", "path", "locale"),
    [
        ("lead", "/", "en"),
        long("admin", "/admin/", "vi"),
        long("partner", "/", "vi"),
        long("leader", "/", "en"),
        long("admin", "/admin/", "en"),
        long("lead", "/", "vi"),
        long("partner", "/", "en"),
        long("leader", "/", "vi"),
    ],
)
def test_the_pages_of_other_roles_are_readable_too(sign_in, who, path, locale):
    page = sign_in(who, locale=locale)
    page.goto(path)
    assert_accessible(page)


@pytest.mark.parametrize("locale", ["vi", long("en")])
def test_error_pages_pass_too(sign_in, locale):
    page = sign_in("partner", locale=locale, forgive=MISSING)
    page.goto("/tasks/99999")
    assert_accessible(page)
    assert page.get_by_role("link").count() > 3


def test_one_signs_in_by_the_form_on_desk_and_phone(new_page, address):
    for width in (1280, PHONE):
        page = new_page(width, base_url=address)
        page.goto("/sign-in")
        assert_fits(page)
    assert_accessible(page)
    page.get_by_label("Thư điện tử").fill("monitor@example.org")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_role("button", name="Đăng nhập")).to_have_count(0)
    page.goto("/my")
    assert_fits(page)


@pytest.mark.parametrize(("name", "path", "width"), [("overview", "/", 1280), long("phone", "/", PHONE)])
def test_the_pictures_of_the_readme_show_the_demonstration(sign_in, request, tmp_path, name, path, width):
    page = sign_in("monitor", width=width)
    page.goto(path)
    kept = PICTURES / f"{name}.png"
    target = kept if request.config.getoption("--pictures") else tmp_path / f"{name}.png"
    page.screenshot(path=target)
    assert target.stat().st_size > 20_000, "an empty page"
    assert kept.is_file(), f"make it with `python3 dev.py test --pictures {Path(__file__).name}`"
