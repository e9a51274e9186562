"""One click in a mail program ends a kind of mail; opening the address ends nothing, and nobody can make one up."""

import email
import re
from datetime import date

import pytest
import sqlalchemy as sa

from tests.support.office import tick_at
from tests.support.worlds import NOW
from tracker.domain.account_links import LinkKind
from tracker.domain.reminder_rules import Group
from tracker.store import people, preferences
from tracker.store.database import db, transaction
from tracker.store.tables import MilestoneRow, ShareRow
from tracker.usecases import account_links, mail_choices

pytestmark = pytest.mark.one_database

BASE = "https://theo-doi.example.org"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def link(world, who="lead", kind="digest"):
    """The address without its host."""
    with world.app_context():
        person = people.by_email(f"{who}@example.org").person
        found = mail_choices.address(world.extensions["tracker"].signer, person.id, kind, "")
        db.session.remove()
    return found


def chosen(world, who="lead"):
    with world.app_context():
        found = preferences.of_person(people.by_email(f"{who}@example.org").person.id)
        db.session.remove()
    return found


@pytest.fixture
def mails(world, smtp_server):
    """What the lead is sent on a morning on which something is due, and having asked for a new password."""
    with world.app_context():
        lead = people.by_email("lead@example.org").person
        with transaction() as session:
            mine = sa.select(ShareRow.milestone_id).where(ShareRow.unit_id == lead.unit_id, ShareRow.part == "lead")
            first = session.scalar(mine.order_by(ShareRow.id).limit(1))
            session.execute(sa.update(MilestoneRow).where(MilestoneRow.id == first).values(due=date(2024, 12, 19)))
        account_links.put_out(lead, LinkKind.RESET, NOW, BASE)
        tick_at(world, "2024-12-16T08:00", smtp_server.url)
    mine = [each for each in smtp_server.messages if each.recipients == (lead.email,)]
    return [email.message_from_bytes(each.content) for each in mine]


def test_a_mail_program_ends_it_with_the_header_alone_as_often_as_it_likes(world, clients, mails):
    asked_for, digest = mails
    assert asked_for["List-Unsubscribe"] is None, "what somebody asked for is no choice"
    assert digest["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = re.fullmatch(rf"<{BASE}(/unsubscribe/[\w/-]+)>", digest["List-Unsubscribe"])
    assert address
    for _ in range(2):
        answer = clients.visitor.post(address[1], data=ONE_CLICK)
        assert (answer.status_code, "Đã ngừng gửi thư" in answer.text) == (200, True)
    assert chosen(world).channels == {"bell"}
    assert chosen(world, "partner").channels == {"mail", "bell"}
    assert clients.admin.get("/history").text.count("Ngừng nhận một loại thư nhắc") == 1


def test_mails_at_once_end_by_what_they_tell(world, clients):
    clients.visitor.post(link(world, kind="urgent"), data=ONE_CLICK)
    assert chosen(world).muted == {Group.RETURNED, Group.ANSWERED}
    assert chosen(world).channels == {"mail", "bell"}


def test_looking_ends_nothing_and_a_button_does(world, clients):
    address = link(world)
    page = clients.visitor.get(address)
    assert (page.status_code, page.headers["Referrer-Policy"]) == (200, "no-referrer")
    assert "thư nhắc việc hằng ngày" in page.text
    assert '<form method="post">' in page.text
    assert chosen(world).channels == {"mail", "bell"}
    assert "Đã ngừng gửi thư" in clients.visitor.post(address).text
    assert chosen(world).channels == {"bell"}
    assert "Đã ngừng gửi thư" in clients.visitor.get(address).text, "opened again it tells that it has ended"


@pytest.mark.parametrize(
    "change",
    [
        lambda address: address[:-1],
        lambda address: address[:-1] + ("a" if address[-1] != "a" else "b"),
        lambda address: address.replace("/digest/", "/urgent/"),
        lambda address: address.replace("/digest/", "/urging/"),
        lambda address: re.sub(r"/(\d+)/", lambda found: f"/{int(found[1]) + 1}/", address),
        lambda address: re.sub(r"/(\d+)/", "/999999/", address),
        lambda address: re.sub(r"[^/]+$", "ắ", address),
    ],
)
def test_an_address_that_was_changed_is_none(world, clients, change):
    address = change(link(world))
    assert clients.visitor.get(address).status_code == 404
    assert clients.visitor.post(address, data=ONE_CLICK).status_code == 404
    assert (chosen(world).channels, chosen(world).muted) == ({"mail", "bell"}, frozenset())


def test_the_page_speaks_the_language_of_whom_the_mail_was_sent_to(world, clients):
    with world.app_context(), transaction():
        people.set_locale(people.by_email("lead@example.org").person.id, "en")
    assert "no longer" in clients.visitor.get(link(world)).text
