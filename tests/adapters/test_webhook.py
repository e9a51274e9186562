"""The webhook: signed JSON that a receiver can check, no redirect, refusals that say again or never."""

import hashlib
import hmac
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.support.ports import free_port
from tests.support.webhook import WebhookServer
from tracker.adapters.channels import Doors, open_channels
from tracker.adapters.webhook import MOST_OCTETS, SIGNATURE, WebhookChannel, body_of
from tracker.domain.outbox import ChannelDown, DeliveryError, Failure, Message

SECRET = "một bí mật đủ dài"
BASE = "https://theo-doi.example.org"
AT = datetime(2024, 12, 16, 1, 0, tzinfo=UTC)


@pytest.fixture
def server() -> Iterator[WebhookServer]:
    made = WebhookServer()
    made.start()
    yield made
    made.stop()


@pytest.fixture
def channel(server: WebhookServer) -> Iterator[WebhookChannel]:
    opened = WebhookChannel(server.url, SECRET, BASE)
    yield opened
    opened.close()


def message(**changes: Any) -> Message:
    told: dict[str, Any] = {
        "to_address": "lead@example.org",
        "to_name": "Phạm Chủ Trì",
        "subject": "Nhắc việc",
        "text": "Việc số 7\n",
        "html": "<p>Việc số 7</p>",
        "message_id": "<rem-1@example.org>",
        "at": AT,
        "kind": "digest",
        "items": ({"task": "7", "task_id": 12, "due": "2024-12-19", "unit": "Phòng Tài chính"},),
    }
    return Message(**{**told, **changes})


def is_ours(header: str, body: bytes, secret: str, now: float) -> bool:
    """What README tells receivers to do."""
    told = dict(part.partition("=")[::2] for part in header.split(","))
    expected = hmac.new(secret.encode(), told["t"].encode() + b"." + body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected, told["v1"]) and abs(now - int(told["t"])) < 300


def test_a_message_arrives_as_json_that_the_receiver_can_trust(channel: WebhookChannel, server: WebhookServer) -> None:
    channel.send(message())
    (posted,) = server.posts
    assert posted.path == "/chat?room=1"
    assert posted.headers["Content-Type"] == "application/json; charset=utf-8"
    assert posted.document == {
        "id": "rem-1@example.org",
        "kind": "digest",
        "at": "2024-12-16T01:00:00+00:00",
        "to": {"name": "Phạm Chủ Trì", "email": "lead@example.org"},
        "subject": "Nhắc việc",
        "text": "Việc số 7\n",
        "tasks_in_all": 1,
        "tasks": [
            {"task": "7", "task_id": 12, "due": "2024-12-19", "unit": "Phòng Tài chính", "url": f"{BASE}/tasks/12"}
        ],
    }
    now = AT.timestamp()
    signed = posted.headers[SIGNATURE]
    assert is_ours(signed, posted.body, SECRET, now + 60)
    assert not is_ours(signed, posted.body, SECRET, now + 3600)
    assert not is_ours(signed, posted.body.replace(b"7", b"8"), SECRET, now)
    assert not is_ours(signed.replace("t=1", "t=2"), posted.body, SECRET, now)
    assert not is_ours(signed, posted.body, "bí mật khác", now)


def test_a_batch_goes_over_one_connection(channel: WebhookChannel, server: WebhookServer) -> None:
    for number in range(3):
        channel.send(message(subject=f"Thư {number}"))
    assert [each.document["subject"] for each in server.posts] == ["Thư 0", "Thư 1", "Thư 2"]
    assert server.connections == 1


def test_however_much_there_is_to_tell_it_stays_small() -> None:
    many = tuple({"task": str(n), "task_id": n, "unit": "Đơn vị " * 100} for n in range(1000))
    assert len(body_of(message(text="ắ" * 100_000, items=many), BASE)) <= MOST_OCTETS
    few = tuple({"task": str(n), "task_id": n} for n in range(1000))
    assert body_of(message(items=few), BASE).count(b'"url"') == 100


@pytest.mark.parametrize(
    ("status", "failure", "permanent", "down"),
    [
        (500, Failure.HOOK_BUSY, False, False),
        (503, Failure.HOOK_BUSY, False, False),
        (429, Failure.HOOK_BUSY, False, False),
        (400, Failure.HOOK_CONTENT, True, False),
        (413, Failure.HOOK_CONTENT, True, False),
        (401, Failure.HOOK_REFUSED, False, True),
        (404, Failure.HOOK_REFUSED, False, True),
        (302, Failure.HOOK_REFUSED, False, True),
    ],
)
def test_an_answer_says_again_or_never(
    channel: WebhookChannel, server: WebhookServer, status: int, failure: Failure, permanent: bool, down: bool
) -> None:
    server.status, server.answer, server.location = status, "không được ".encode() * 1000, server.url
    with pytest.raises(DeliveryError) as caught:
        channel.send(message())
    assert (caught.value.failure, caught.value.permanent) == (failure, permanent)
    assert isinstance(caught.value, ChannelDown) is down
    assert caught.value.reason.startswith(f"{failure.value}: {status} không được")
    assert len(caught.value.reason) < 300
    assert len(server.posts) == 1, "no redirect is followed"
    server.status = 204
    channel.send(message())


def test_a_receiver_that_is_not_there_blames_no_message() -> None:
    with pytest.raises(ChannelDown) as caught:
        WebhookChannel(f"http://127.0.0.1:{free_port()}/", SECRET, BASE).send(message())
    assert caught.value.failure is Failure.HOOK_AWAY


def test_a_connection_that_breaks_is_opened_again(channel: WebhookChannel, server: WebhookServer) -> None:
    channel.send(message())
    assert channel._connection
    channel._connection.sock.close()
    with pytest.raises(DeliveryError) as caught:
        channel.send(message())
    assert (caught.value.failure, caught.value.permanent) == (Failure.HOOK_BUSY, False)
    channel.send(message())
    assert len(server.posts) == 2


def test_every_channel_is_there_that_has_its_address() -> None:
    assert set(open_channels(Doors(BASE))) == {"bell"}
    assert set(open_channels(Doors(BASE, "smtp://h", "a@example.org", "https://h/", SECRET))) == {
        "mail",
        "bell",
        "webhook",
    }
