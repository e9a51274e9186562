"""The demonstration behind a real server, in a real browser."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.support.browser import DESKTOP, Pages, assert_accessible, assert_fits, live_server
from tests.support.reading import ask_here
from tests.support.worlds import NOW, Clients, closing
from tracker.adapters.documents import safely
from tracker.adapters.files import FileStore
from tracker.app import create_app
from tracker.clock import FrozenClock
from tracker.config import load_settings

SignIn = Callable[..., Page]
Readable = Callable[[Page], None]


@pytest.fixture(scope="module")
def demonstration(
    installation: Path, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Flask]:
    """The demonstration as `tracker run --demo` shows it, a new one for each module, which may write in it.

    Documents have a reader's process in the long run: a busy machine may take longer than a reader is given.
    """
    folder = tmp_path_factory.mktemp("demo")
    shutil.copytree(installation, folder, dirs_exist_ok=True)
    settings = load_settings({"TRACKER_DATA_DIR": str(folder), "TRACKER_NOW": NOW.isoformat()}, demo=True)
    with closing(create_app(settings, FrozenClock(NOW))) as app, pytest.MonkeyPatch.context() as patch:
        if not request.config.getoption("--long"):
            patch.setattr(safely, "_ask", ask_here)
        app.config.update(RATELIMIT_ENABLED=False, READING_PATIENCE=60)
        assert isinstance(app.extensions["tracker"].files, FileStore)
        yield app


@pytest.fixture(scope="module")
def address(demonstration: Flask) -> Iterator[str]:
    """Where the demonstration is served."""
    with live_server(demonstration) as url:
        yield url


@pytest.fixture
def sign_in(new_page: Pages, address: str, demonstration: Flask) -> SignIn:
    """Opens a page as one of the cast, who has signed in before: `sign_in("monitor", width=390, locale="en")`."""

    def enter(who: str, width: int = DESKTOP, locale: str = "vi", forgive: tuple[str, ...] = ()) -> Page:
        page = new_page(width, forgive=forgive, base_url=address)
        page.context.add_cookies([{"name": "session", "value": session_of(demonstration, who), "url": address}])
        page.goto("/account")
        if page.locator("html").get_attribute("lang") != locale:  # the account keeps what an earlier test chose
            page.get_by_role("button", name={"en": "English", "vi": "Tiếng Việt"}[locale]).click()
            expect(page.locator("html")).to_have_attribute("lang", locale)
        return page

    return enter


@pytest.fixture
def readable(request: pytest.FixtureRequest) -> Readable:
    """Looks at a page on the way: that nothing is wider than the screen and, in the long run, at the axe rules too.

    The plain run asks axe about the pages that are used most, in test_pages.
    """

    def look(page: Page) -> None:
        if request.config.getoption("--long"):
            assert_accessible(page)
        assert_fits(page)

    return look


def session_of(app: Flask, who: str) -> str:
    """The cookie of a session of one of the cast."""
    client = getattr(Clients(app), who)
    cookie = client.get_cookie("session")
    return str(cookie.value)
