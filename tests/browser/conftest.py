"""The demonstration behind a real server, in a real browser."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Page

from tests.support.browser import DESKTOP, Pages, live_server
from tests.support.reading import ask_here
from tests.support.worlds import NOW, PASSWORD, closing
from tracker.adapters.documents import safely
from tracker.adapters.files import FileStore
from tracker.app import create_app
from tracker.cli import demo
from tracker.clock import FrozenClock
from tracker.config import load_settings

SignIn = Callable[..., Page]


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Flask]:
    """The demonstration as `tracker run --demo` shows it, built anew for each module, which may write in it.

    Documents have a reader's process in the long run: a busy machine may take longer than a reader is given.
    """
    folder = tmp_path_factory.mktemp("demo")
    settings = load_settings({"TRACKER_DATA_DIR": str(folder), "TRACKER_NOW": NOW.isoformat()}, demo=True)
    demo.build(settings, NOW)
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
def sign_in(new_page: Pages, address: str) -> SignIn:
    """Opens a page and signs one of the cast in: `sign_in("monitor", width=390, locale="en")`."""

    def enter(who: str, width: int = DESKTOP, locale: str = "vi", forgive: tuple[str, ...] = ()) -> Page:
        page = new_page(width, forgive=forgive, base_url=address)
        page.goto("/sign-in")
        page.get_by_label("Thư điện tử").fill(f"{who}@example.org")
        page.get_by_label("Mật khẩu").fill(PASSWORD)
        page.get_by_role("button", name="Đăng nhập").click()
        if page.locator("html").get_attribute("lang") != locale:
            page.get_by_role("button", name={"en": "English", "vi": "Tiếng Việt"}[locale]).click()
        return page

    return enter
