"""What every kind of mail shows: the same words as text and as a page, and nothing from elsewhere."""

import email
import re
from collections.abc import Iterator
from datetime import date
from email.message import Message
from html import unescape

import pytest
from flask import Flask

from tests.support.mail import SmtpServer
from tests.support.office import at, desk, open_office, tick_at, urge
from tracker.domain.account_links import LinkKind
from tracker.store import people
from tracker.usecases import account_links
from tracker.usecases.outbox import deliver

MORNING = "2024-12-16T08:00"
BASE = "https://theo-doi.example.org"


@pytest.fixture(autouse=True)
def _context(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


@pytest.fixture
def mails(app: Flask, smtp_server: SmtpServer) -> list[Message]:
    """Digests in both languages, a mail for each kind of link, and urgings."""
    open_office({"1": (date(2024, 12, 19), {1: "lead", 2: "partner"}), "2": (date(2024, 12, 10), {1: "lead"})})
    tick_at(app, MORNING, smtp_server.url)
    for who, kind in (("lead", LinkKind.INVITE), ("clerk", LinkKind.RESET), ("clerk", LinkKind.SIGN_IN)):
        known = people.by_email(f"{who}@example.org")
        assert known
        account_links.put_out(known.person, kind, at(MORNING), BASE)
    urge([1, 3], at(MORNING), "Đề nghị báo cáo\ntrước <ngày> 20/12 & gửi kèm minh chứng.")
    deliver(desk(app, at(MORNING), smtp_server.url))
    return [email.message_from_bytes(each.content) for each in smtp_server.messages]


def bodies(mail: Message) -> tuple[str, str]:
    texts = {
        part.get_content_type(): part.get_payload(decode=True).decode()
        for part in mail.walk()
        if not part.is_multipart()
    }
    return texts["text/plain"], texts["text/html"]


def words(text: str) -> list[str]:
    """Its words in order, without addresses, capitals and marks of punctuation."""
    return re.findall(r"\w+", re.sub(r"https?://\S+", " ", text).casefold())


def shown(html: str) -> str:
    """What a page shows."""
    return unescape(re.sub(r"<[^>]+>", " ", html.partition("<body")[2].partition(">")[2]))


def test_both_parts_say_the_same(mails: list[Message]) -> None:
    assert len(mails) == 8
    for mail in mails:
        text, html = bodies(mail)
        assert words(text) == words(shown(html)), mail["To"]


def test_a_mail_is_readable_on_a_phone_and_loads_nothing(mails: list[Message]) -> None:
    for mail in mails:
        _, html = bodies(mail)
        assert '<meta name="viewport" content="width=device-width, initial-scale=1">' in html
        assert re.findall(r"<(img|link|script|iframe|object)\b|\burl\(", html) == []
        assert not re.search(r"width:\s*\d{3,}px(?!\))", html.replace("max-width", ""))


def test_a_mail_leads_to_tasks_or_to_the_one_page_it_is_about(mails: list[Message]) -> None:
    for mail in mails:
        text, html = bodies(mail)
        links = set(re.findall(r"https?://[^\s\"<>]+", text))
        assert links == set(re.findall(r'href="([^"]+)"', html))
        known = re.compile(rf"{BASE}/(tasks/\d+#share-\d+|account/reminders|sign-in/link/[\w-]+)")
        assert [link for link in links if not known.fullmatch(link)] == []
