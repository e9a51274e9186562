"""The tests' own tools do what tests rely on, above all: they fail when they should."""

import smtplib
import time
from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Browser

from tests.support import browser as browser_support
from tests.support.browser import DESKTOP, PHONE, Pages, assert_accessible, live_server
from tests.support.mail import SmtpServer
from tests.support.queries import count_queries

GOOD_PAGE = """<!doctype html><html lang="vi"><title>Kế hoạch</title>
<link rel="icon" href="data:,"><meta name="viewport" content="width=device-width">
<main><h1>Kế hoạch</h1><p>Đã xong đúng hạn</p></main></html>"""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    app = Flask("site")
    pages = {
        "/good": GOOD_PAGE,
        "/faint": GOOD_PAGE.replace("<p>", '<p style="color:#ddd">'),
        "/foreign": GOOD_PAGE.replace("</main>", '<img alt="" src="http://example.org/pixel.png"></main>'),
        "/noisy": GOOD_PAGE.replace("</main>", "<script>console.error('hỏng')</script></main>"),
        "/broken": GOOD_PAGE.replace("</main>", "<script>throw new Error('gãy')</script></main>"),
    }
    for path, html in pages.items():
        app.add_url_rule(path, path, lambda html=html: html)
    with live_server(app) as address:
        yield address


# --- browser


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_a_page_has_the_asked_width_and_shows_vietnamese(new_page: Pages, site: str, width: int) -> None:
    page = new_page(width)
    page.goto(site + "/good")
    assert page.evaluate("innerWidth") == width
    assert page.inner_text("h1") == "Kế hoạch"
    assert_accessible(page)


@pytest.mark.parametrize(
    ("path", "complaint"),
    [("/foreign", "asked another host: http://example.org/pixel.png"), ("/noisy", "console: hỏng"),
     ("/broken", "script: gãy"), ("/missing", "console: Failed to load resource")],
)  # fmt: skip
def test_a_page_that_leaves_the_machine_or_complains_fails(
    browser: Browser, site: str, path: str, complaint: str
) -> None:
    pages = Pages(browser)
    pages().goto(site + path)
    with pytest.raises(AssertionError, match=complaint):
        pages.close()


def test_a_complaint_that_was_announced_is_forgiven(new_page: Pages, site: str) -> None:
    new_page(forgive=["status of 404"]).goto(site + "/missing")


def test_axe_names_the_rule_and_the_place(new_page: Pages, site: str) -> None:
    page = new_page()
    page.goto(site + "/faint")
    with pytest.raises(AssertionError, match=r"color-contrast \(serious\)[\s\S]*\bp\b[\s\S]*contrast of"):
        assert_accessible(page)


@pytest.mark.parametrize(("ci", "outcome"), [("true", pytest.fail.Exception), ("", pytest.skip.Exception)])
def test_without_chromium_ci_fails_and_others_skip(
    monkeypatch: pytest.MonkeyPatch, ci: str, outcome: type[BaseException]
) -> None:
    monkeypatch.setattr(browser_support, "find_chromium", lambda: None)
    monkeypatch.setenv("CI", ci)
    with pytest.raises(outcome, match="no Chromium"), browser_support.launch_browser():
        pass


# --- mail


def send(server: SmtpServer, recipient: str = "a@example.org", login: tuple[str, str] | None = None) -> None:
    with smtplib.SMTP(server.host, server.port, timeout=5) as client:
        if login:
            client.login(*login)
        client.sendmail("from@example.org", [recipient], b"Subject: x\r\n\r\nxin ch\xc3\xa0o\r\n")


def test_mail_is_kept_as_it_came(smtp_server: SmtpServer) -> None:
    send(smtp_server)
    (message,) = smtp_server.messages
    assert (message.sender, message.recipients) == ("from@example.org", ("a@example.org",))
    assert message.content.decode().endswith("xin chào\r\n")
    assert smtp_server.connections == 1


def refuse(server: SmtpServer) -> None:
    server.refuse.add("a@example.org")


def be_busy(server: SmtpServer) -> None:
    server.busy = 1


def ask_for_a_password(server: SmtpServer) -> None:
    server.credentials = ("tracker", "secret")


def drop(server: SmtpServer) -> None:
    server.drop = 1


@pytest.mark.parametrize(
    ("turn", "error", "code"),
    [(refuse, smtplib.SMTPRecipientsRefused, "550"), (be_busy, smtplib.SMTPDataError, "451"),
     (ask_for_a_password, smtplib.SMTPSenderRefused, "530"), (drop, smtplib.SMTPServerDisconnected, "closed")],
)  # fmt: skip
def test_the_server_misbehaves_as_told(
    smtp_server: SmtpServer, turn: Callable[[SmtpServer], None], error: type[Exception], code: str
) -> None:
    turn(smtp_server)
    with pytest.raises(error, match=code):
        send(smtp_server)
    assert smtp_server.messages == []


@pytest.mark.parametrize("turn", [be_busy, drop])
def test_a_passing_fault_passes(smtp_server: SmtpServer, turn: Callable[[SmtpServer], None]) -> None:
    turn(smtp_server)
    with pytest.raises(smtplib.SMTPException):
        send(smtp_server)
    send(smtp_server)
    assert len(smtp_server.messages) == 1


def test_a_lost_reply_leaves_the_message_behind(smtp_server: SmtpServer) -> None:
    smtp_server.lose_reply = 1
    with pytest.raises(smtplib.SMTPServerDisconnected):
        send(smtp_server)
    assert len(smtp_server.messages) == 1


def test_the_right_password_opens_and_a_wrong_one_does_not(smtp_server: SmtpServer) -> None:
    smtp_server.credentials = ("tracker", "secret")
    assert smtp_server.url == f"smtp://tracker:secret@127.0.0.1:{smtp_server.port}"
    with pytest.raises(smtplib.SMTPAuthenticationError, match="535"):
        send(smtp_server, login=("tracker", "guess"))
    send(smtp_server, login=smtp_server.credentials)
    assert len(smtp_server.messages) == 1


def test_a_slow_server_is_slow(smtp_server: SmtpServer) -> None:
    smtp_server.delay = 0.1
    before = time.monotonic()
    send(smtp_server)
    assert time.monotonic() - before >= 0.1


def test_queries_are_counted_inside_the_block_alone() -> None:
    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection:
        connection.execute(sa.text("SELECT 1"))
        with count_queries(engine) as queries:
            connection.execute(sa.text("SELECT 2"))
            connection.execute(sa.text("SELECT 3"))
        connection.execute(sa.text("SELECT 4"))
    engine.dispose()
    assert queries == ["SELECT 2", "SELECT 3"]
