"""Delivering what lies in the outbox: over every channel, within the limit, and what a refused address leads to."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.support.mail import SmtpServer
from tests.support.office import MADE, at, desk, open_office
from tracker.adapters.bell import BellChannel
from tracker.domain.errors import Forbidden
from tracker.domain.outbox import BACKOFF, DeliveryError, Failure, Mail, MailState, Message
from tracker.domain.people import Person
from tracker.store import addresses, outbox, people
from tracker.store.database import transaction
from tracker.store.tables import OutboxMessage
from tracker.usecases import account_links
from tracker.usecases.account_links import LinkKind
from tracker.usecases.outbox import deliver, retry, retry_all, sweep

MONDAY = at("2024-12-16T08:00")
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def ids(app: Flask) -> Iterator[dict[str, int]]:
    with app.app_context():
        yield open_office({})


def person(who: str) -> Person:
    found = people.by_email(f"{who}@example.org")
    assert found
    return found.person


def put(who: str, number: int = 1, channel: str = "mail", kind: str = "note") -> int:
    """A message for one of the cast, of a kind that nothing is known of."""
    key, to = f"{kind}:{channel}:{who}:{number}", person(who)
    texts = {"subject": f"Thư {number}", "text": "Nội dung\n", "html": "<p>Nội dung</p>\n"}
    draft = outbox.Draft(key, to.id, kind, channel, to.email, "vi", message_id=f"<{key}@x>", items=[], **texts)
    with transaction():
        message_id = outbox.add(draft, MADE)
    assert message_id
    return message_id


def mails() -> dict[int, Mail]:
    return {mail.id: mail for mail in outbox.listed(None, 0, 100)}


def states() -> list[str]:
    return [mail.state.value for _, mail in sorted(mails().items())]


def recipients(server: SmtpServer) -> list[str]:
    return [each.recipients[0].partition("@")[0] for each in server.messages]


class Broken:
    """A channel over which nothing goes."""

    def send(self, message: Message) -> None:
        raise DeliveryError(Failure.HOOK_BUSY)

    def close(self) -> None:
        """Nothing is held."""


def test_one_channels_failure_holds_back_no_other(app: Flask, smtp_server: SmtpServer) -> None:
    sent, failed, marked = put("lead"), put("lead", channel="webhook"), put("lead", channel="bell")
    here = desk(app, MONDAY, smtp_server.url)
    here = replace(here, channels={**here.channels, "webhook": Broken(), "bell": BellChannel()})
    done = deliver(here)
    assert (done.sent, done.failed) == ([sent, marked], [failed])
    assert mails()[failed].next_attempt_at == MONDAY + BACKOFF[0]


def test_mails_keep_to_the_limit_of_a_minute_and_the_rest_follows(app: Flask, smtp_server: SmtpServer) -> None:
    for number in range(5):
        put("lead", number)
    bell = put("lead", channel="bell")

    def minutes_later(minutes: float) -> list[int]:
        there = desk(app, MONDAY + minutes * MINUTE, smtp_server.url)
        return deliver(replace(there, mail_per_minute=2, channels={**there.channels, "bell": BellChannel()})).sent

    assert [len(minutes_later(0.2)), bell in mails()] == [3, True]
    assert minutes_later(0.7) == []
    assert len(minutes_later(1)) == 2
    assert len(minutes_later(2)) == 1
    assert len(smtp_server.messages) == 5


def test_the_desk_tells_how_far_it_is(app: Flask, smtp_server: SmtpServer) -> None:
    told: list[tuple[int, int]] = []
    for number in range(3):
        put("lead", number)
    deliver(replace(desk(app, MONDAY, smtp_server.url), progress=lambda done, of: told.append((done, of))))
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_a_refused_address_is_flagged_and_not_tried_again_while_others_go_on(
    app: Flask, smtp_server: SmtpServer, ids: dict[str, int]
) -> None:
    smtp_server.refuse = {"lead@example.org"}
    first, second, other = put("lead"), put("lead", 2), put("clerk")
    deliver(desk(app, MONDAY, smtp_server.url))
    assert states() == ["dead", "dead", "sent"]
    assert [mails()[each].error for each in (first, second)] == ["recipient: 550 5.1.1 No such mailbox", "flagged"]
    assert mails()[other].state is MailState.SENT
    assert addresses.refused() == {
        ids["lead"]: addresses.Refusal(MONDAY, "recipient: 550 5.1.1 No such mailbox"),
    }


def test_who_says_try_again_takes_the_flag_away(app: Flask, smtp_server: SmtpServer) -> None:
    smtp_server.refuse = {"lead@example.org", "clerk@example.org"}
    one, two, three = put("lead"), put("clerk"), put("clerk", 2)
    deliver(desk(app, MONDAY, smtp_server.url))
    smtp_server.refuse = set()
    retry(one, person("monitor"), MONDAY + MINUTE)
    deliver(desk(app, MONDAY + MINUTE, smtp_server.url))
    assert recipients(smtp_server) == ["lead"]
    assert list(addresses.refused()) == [person("clerk").id]
    with pytest.raises(Forbidden):
        retry_all(person("lead"), MONDAY)
    assert retry_all(person("monitor"), MONDAY + 2 * MINUTE) == 2
    assert deliver(desk(app, MONDAY + 2 * MINUTE, smtp_server.url)).sent == [two, three]
    assert addresses.refused() == {}
    assert retry_all(person("monitor"), MONDAY) == 0


def test_what_somebody_asked_for_is_tried_all_the_same_and_lifts_the_flag(app: Flask, smtp_server: SmtpServer) -> None:
    with transaction():
        addresses.flag(person("lead").id, "lead@example.org", "recipient: 550", MONDAY)
    account_links.put_out(person("lead"), LinkKind.RESET, MONDAY, "https://theo-doi.example.org")
    assert len(deliver(desk(app, MONDAY, smtp_server.url)).sent) == 1
    assert addresses.refused() == {}


def test_an_old_refusal_says_nothing_of_a_new_address() -> None:
    with transaction():
        addresses.flag(person("lead").id, "old@example.org", "recipient: 550", MONDAY)
    assert addresses.refused() == {}


def test_a_message_that_was_claimed_and_left_goes_again(app: Flask, smtp_server: SmtpServer) -> None:
    left = put("lead")
    with transaction():
        assert outbox.claim(left, "gone", MONDAY, MONDAY + 10 * MINUTE)
    later = MONDAY + 11 * MINUTE
    assert deliver(desk(app, later, smtp_server.url)).sent == []
    assert sweep(later) == 1
    assert deliver(desk(app, later, smtp_server.url)).sent == [left]


@pytest.mark.long
def test_ten_thousand_messages_go_over_one_connection_as_fast_as_the_server_takes_them(
    app: Flask, smtp_server: SmtpServer, record_property: Callable[[str, object], None]
) -> None:
    row = {"person_id": person("lead").id, "channel": "mail", "kind": "note", "to_address": "lead@example.org"}
    row |= {"subject": "Thư", "body_text": "Việc\n" * 40, "body_html": "<p>Việc</p>" * 40, "created_at": MADE}
    rows = [{**row, "key": f"k{n}", "message_id": f"<m{n}@x>", "next_attempt_at": MADE} for n in range(10_000)]
    with transaction() as session:
        session.execute(sa.insert(OutboxMessage), rows)
    told: list[tuple[int, int]] = []
    begun = time.monotonic()
    done = deliver(replace(desk(app, MONDAY, smtp_server.url), progress=lambda done, of: told.append((done, of))))
    record_property("messages per second", round(10_000 / (time.monotonic() - begun)))
    assert (len(done.sent), len(smtp_server.messages), smtp_server.connections) == (10_000, 10_000, 1)
    assert (told[0], told[-1], len(told)) == ((1, 10_000), (10_000, 10_000), 10_000)
