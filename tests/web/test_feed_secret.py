"""After a walk through everything that has to do with a feed, its secret is in nothing that is kept or sent on."""

import logging
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from tests.support.feeds import at_address
from tests.support.worlds import Clients
from tracker.domain.feeds import token_sha256
from tracker.store import feed_tokens
from tracker.store.database import Base, db
from tracker.web.feed_privacy import fingerprint

SECRET = re.compile(r"/feeds/([\w-]{43})\.ics")


def shown(answer: TestResponse) -> str:
    """The secret that a page shows, this once."""
    found = SECRET.search(answer.text)
    assert found, answer.status
    return found[1]


def server_logs(path: str) -> None:
    """What web servers write of a request, each in its own way."""
    line = f"GET {path} HTTP/1.1"
    logging.getLogger("werkzeug").info('%s - - "%s" %s -', "127.0.0.1", line, 200)
    logging.getLogger("gunicorn.access").info('%(h)s "%(r)s" %(f)s', {"h": "::1", "r": line, "f": f"https://x{path}"})
    logging.getLogger("gunicorn.error").error("Error handling request %s", path)
    logging.getLogger("waitress").warning("Exception while serving %s", path)


@dataclass(frozen=True)
class Walk:
    """The secrets of a walk, all that was answered but for the pages that show them, and all that was logged."""

    secrets: list[str]
    answers: list[str]
    logged: str


@pytest.fixture
def walk(clients: Clients, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> Walk:
    """A feed made, fetched, broken, renewed, revoked and asked for again."""
    caplog.set_level(logging.DEBUG)
    answers, lead, visitor = [], clients.lead, clients.visitor
    first = shown(lead.submit("/feeds", scope="plan:1", locale="vi", name="Điện thoại"))
    second = shown(lead.submit("/feeds/1/renew", page="/feeds"))
    with monkeypatch.context() as broken:
        broken.setattr(feed_tokens, "state", lambda *_: 1 / 0)
        answers.append(visitor.get(f"/feeds/{second}.ics"))
    for path in (f"/feeds/{first}.ics", f"/feeds/{second}.ics", f"/feeds/{second}.ics?x={second}", f"/feeds/{second}"):
        server_logs(path)
        for method in ("GET", "HEAD", "POST", "PROPFIND", "OPTIONS"):
            answers.append(visitor.open(path, method=method, headers={"User-Agent": "iOS/18 dataaccessd"}))
    referred = {"Referer": f"https://example.org/feeds/{second}.ics"}
    answers += [client.get("/feeds", headers=referred) for client in (lead, clients.admin)]
    answers += [clients.admin.get(page, headers=referred) for page in ("/history", "/outbox", "/khong-co")]
    lead.submit("/feeds/1/revoke", page="/feeds")
    answers.append(clients.admin.get("/history"))
    return Walk([first, second], [each.text + str(each.headers) for each in answers], caplog.text)


def test_no_log_keeps_it_and_a_fingerprint_tells_the_feed(walk: Walk) -> None:
    for secret in walk.secrets:
        assert secret not in walk.logged
        assert f"/feeds/***{fingerprint(token_sha256(secret) or '')}" in walk.logged


def test_no_page_header_or_error_says_it_again(walk: Walk) -> None:
    assert [text for text in walk.answers for secret in walk.secrets if secret in text] == []


def test_no_table_and_no_file_keeps_it(walk: Walk, world: Flask, tmp_path: Path) -> None:
    with world.app_context():
        rows = [str(row) for table in Base.metadata.sorted_tables for row in db.session.execute(sa.select(table))]
    kept = "".join(rows).encode() + b"".join(each.read_bytes() for each in tmp_path.rglob("*") if each.is_file())
    assert b"subscription.renewed" in kept
    assert [secret for secret in walk.secrets if secret.encode() in kept] == []


def test_the_page_that_shows_it_sends_no_referrer_and_is_kept_by_nobody(world: Flask, clients: Clients) -> None:
    at_address(world)
    answer = clients.lead.submit("/feeds", scope="plan:1", locale="vi")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert '<meta name="referrer" content="no-referrer">' in answer.text
    outside = re.findall(r"<a [^>]*href=\"https://(?:calendar|outlook)[^>]*>", answer.text)
    assert len(outside) == 2
    assert all('rel="noreferrer noopener"' in each for each in outside)
