"""A real browser: the system's Chromium, pages that must stay on this machine and quiet, and the axe rules."""

import os
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Request, ViewportSize, expect, sync_playwright
from werkzeug.serving import make_server

from dev import find_chromium

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--renderer-process-limit=1",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--lang=vi-VN",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]
DESKTOP, PHONE = 1280, 390
HEIGHTS = {DESKTOP: 900, PHONE: 844}
HERE = ("127.0.0.1", "localhost")
# How long a page may take on a slow machine, in milliseconds.
PATIENCE = 30_000
expect.set_options(timeout=PATIENCE)
AXE = Axe().axe_script
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@contextmanager
def launch_browser() -> Iterator[Browser]:
    """Starts Chromium; skips the test where this machine has none, but fails in CI, which skips nothing."""
    path = find_chromium()
    if path is None and os.environ.get("CI") == "true":
        pytest.fail("no Chromium, and CI does not skip the browser tests")
    if path is None:
        pytest.skip("no Chromium on this machine: see `python3 dev.py test`")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


class Pages:
    """Makes pages for one test and remembers what they must not do: leave this machine, or complain."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._contexts: list[BrowserContext] = []
        self._faults: list[str] = []

    def __call__(self, width: int = DESKTOP, forgive: Iterable[str] = (), **options: Any) -> Page:
        """A fresh page with cookies of its own.

        `width` in CSS pixels, 1280 or 390 (then with touch). `forgive` names pieces of console errors that the test
        provokes on purpose, such as "status of 404". The rest goes to Playwright's `new_context` (locale, base_url).
        """
        viewport: ViewportSize = {"width": width, "height": HEIGHTS.get(width, 900)}
        phone = {"has_touch": True, "is_mobile": True} if width == PHONE else {}
        context = self._browser.new_context(viewport=viewport, **{"locale": "vi-VN", **phone, **options})
        self._contexts.append(context)
        context.set_default_timeout(PATIENCE)
        # Listening, not routing: a routed page asks Python for each file and keeps none.
        context.on("request", self._guard)
        page = context.new_page()
        forgiven = tuple(forgive)

        def complain(kind: str, text: str) -> None:
            if not any(piece in text for piece in forgiven):
                self._faults.append(f"{kind}: {text}")

        page.on("console", lambda message: complain("console", message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complain("script", str(error)))
        return page

    def close(self) -> None:
        """Closes the pages; AssertionError where one reached for another host or reported an error."""
        for context in self._contexts:
            context.close()
        assert not self._faults, "\n".join(["the browser complained:", *self._faults])

    def _guard(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in ("data", "blob") and address.hostname not in HERE:
            self._faults.append(f"asked another host: {request.url}")


def assert_accessible(page: Page, rows: int | None = None) -> None:
    """AssertionError that names each fault axe finds on the page, by WCAG 2.0 to 2.2, A and AA, and best practice.

    Of each table and list the first so many `rows` are looked at, which takes half the time on a long page; None for
    all of them.
    """
    options = {"runOnly": {"type": "tag", "values": AXE_TAGS}, "resultTypes": ["violations"]}
    # A click returns when the answer begins; the rules want all of it.
    page.wait_for_load_state()
    page.evaluate(AXE)
    # Thousands of rules that passed need not come over the wire.
    left_out = [[f":is(tbody, ol, ul) > *:nth-child(n + {rows + 1})"]] if rows else []
    violations = page.evaluate(
        "([exclude, options]) => axe.run({ exclude }, options).then(results => results.violations)",
        [left_out, options],
    )
    lines = [
        f"{fault['id']} ({fault['impact']}): {fault['help']}\n    {' '.join(map(str, node['target']))}\n"
        + "\n".join("    " + line.strip() for line in node["failureSummary"].splitlines()[1:])
        for fault in violations
        for node in fault["nodes"]
    ]
    assert not lines, f"{page.url} is not accessible:\n" + "\n".join(lines)


def assert_fits(page: Page) -> None:
    """AssertionError where the page is wider than the screen."""
    page.wait_for_load_state()
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} is {wide} pixels wider than the screen"


@contextmanager
def live_server(app: Any) -> Iterator[str]:
    """Serves a WSGI application on a free port of this machine while the block runs; yields its address, no slash."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
