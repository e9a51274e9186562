"""What a filter thinks of our mails: SpamAssassin by its own rules alone, where the system has it."""

import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.support.mail import Received, SmtpServer
from tests.support.office import MADE, at, desk, log, open_office, tick_at, urge
from tracker.domain.account_links import LinkKind
from tracker.domain.people import Role
from tracker.domain.work import Action, State
from tracker.store import people
from tracker.store.database import db, transaction
from tracker.store.tables import OutboxMessage
from tracker.usecases import account_links
from tracker.usecases.outbox import deliver

pytestmark = [
    pytest.mark.long,
    pytest.mark.one_database,
    pytest.mark.skipif(not shutil.which("spamassassin"), reason="SpamAssassin is not installed: apt install it"),
]

MORNING = "2024-12-16T08:00"
MOST = 1.0


@pytest.fixture(autouse=True)
def _context(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def scores(mails: list[Received]) -> list[tuple[float, str]]:
    """The score of each mail, and by which rules; one run for all of them, for it takes seconds to begin."""
    box = b"".join(b"From x Mon Dec 16 01:00:00 2024\n%s\n" % each.content.replace(b"\r\n", b"\n") for each in mails)
    out = subprocess.run(["spamassassin", "--local", "--mbox"], input=box, capture_output=True, check=True).stdout
    told = re.findall(
        r"X-Spam-Status: \w+, score=(-?[\d.]+) .*?tests=([\w,\s]*?)\s(?:autolearn|version)", out.decode(), re.S
    )
    return [(float(score), re.sub(r"\s", "", rules)) for score, rules in told]


def test_no_kind_of_mail_looks_like_spam(
    app: Flask, smtp_server: SmtpServer, record_property: Callable[[str, object], None]
) -> None:
    open_office(
        {
            "1": (date(2024, 12, 19), {1: "lead", 2: "partner"}),
            "2": (date(2024, 12, 10), {1: "lead"}),
            "3": (date(2024, 12, 17), {1: "lead", 3: "lead"}),
        }
    )
    with transaction():
        people.add("leader@example.org", "Người leader", Role.LEADER, None, "", "vi", MADE)
    tick_at(app, MORNING, smtp_server.url)
    log(3, Action.RETURN, State.RETURNED, at("2024-12-16T08:05"))
    tick_at(app, "2024-12-16T08:15", smtp_server.url)
    for who, kind in (("lead", LinkKind.INVITE), ("clerk", LinkKind.RESET), ("lead", LinkKind.SIGN_IN)):
        known = people.by_email(f"{who}@example.org")
        assert known
        account_links.put_out(known.person, kind, at(MORNING), "https://theo-doi.example.org")
    urge([1, 3], at(MORNING), "Đề nghị báo cáo\ntrước <ngày> 20/12 & gửi kèm minh chứng.")
    deliver(desk(app, at(MORNING), smtp_server.url))
    kinds = set(db.session.scalars(sa.select(OutboxMessage.kind).where(OutboxMessage.channel == "mail")))
    assert kinds >= {"digest", "urgent", "weekly", "urging"}
    assert len(smtp_server.messages) >= 10
    found = scores(smtp_server.messages)
    record_property("scores", found)
    assert len(found) == len(smtp_server.messages)
    assert [each for each in found if each[0] >= MOST] == []
