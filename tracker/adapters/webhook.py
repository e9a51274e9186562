"""A webhook: each message as signed JSON to one address of the installation, the door to chat systems."""

import hashlib
import hmac
import http.client
import json
import ssl
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from tracker.domain.outbox import ChannelDown, DeliveryError, Failure, Message
from tracker.domain.texts import one_line

TIMEOUT_SECONDS = 10
MOST_OCTETS = 64 * 1024
MOST_TASKS = 100
MOST_TEXT = 8_000
MOST_OF_ANSWER = 200
SIGNATURE = "X-Tracker-Signature"
# RFC 9110, section 15.5, RFC 8470, section 5.2, and RFC 6585, section 4: refusals that a later try may not meet.
TRY_AGAIN = (408, 425, 429)
# What the receiver holds against this one message; every other refusal is about address or secret.
UNFIT = (400, 413, 415, 422)


class WebhookChannel:
    """POSTs over one connection, opened with the first message and again after it broke; follows no redirect."""

    def __init__(self, url: str, secret: str, base_url: str) -> None:
        """`url` as TRACKER_WEBHOOK_URL, `secret` signs what is sent, links to tasks begin with `base_url`."""
        parts = urlsplit(url)
        self._secure, self._host, self._port = parts.scheme == "https", parts.hostname or "", parts.port
        self._path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        self._secret, self._base_url = secret, base_url
        self._connection: http.client.HTTPConnection | None = None

    def send(self, message: Message) -> None:
        """Post one message; DeliveryError says what became of it, ChannelDown that none can go now."""
        body = body_of(message, self._base_url)
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "tracker",
            SIGNATURE: signature(self._secret, int(message.at.timestamp()), body),
        }
        connection = self._connection or self._connect()
        self._connection = connection
        try:
            connection.request("POST", self._path, body, headers)
            answer = connection.getresponse()
            status, said = answer.status, answer.read(MOST_OF_ANSWER)
        except (http.client.HTTPException, OSError) as broken:
            self.close()
            raise DeliveryError(Failure.HOOK_BUSY, detail=type(broken).__name__) from broken
        if not answer.isclosed():  # a long answer is not read to its end: the connection is of no more use
            self.close()
        if not 200 <= status < 300:
            raise _refusal(status, f"{status} {one_line(said.decode('utf-8', 'replace'))}".strip())

    def close(self) -> None:
        """End the connection if there is one."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _connect(self) -> http.client.HTTPConnection:
        if self._secure:
            trusted = ssl.create_default_context()
            connection: http.client.HTTPConnection = http.client.HTTPSConnection(
                self._host, self._port, timeout=TIMEOUT_SECONDS, context=trusted
            )
        else:
            connection = http.client.HTTPConnection(self._host, self._port, timeout=TIMEOUT_SECONDS)
        try:
            connection.connect()
        except ssl.SSLError as untrusted:
            raise ChannelDown(Failure.HOOK_TLS, detail=type(untrusted).__name__) from untrusted
        except OSError as absent:
            raise ChannelDown(Failure.HOOK_AWAY, detail=type(absent).__name__) from absent
        return connection


def _refusal(status: int, said: str) -> DeliveryError:
    """What an answer means: 5xx and a few others try again, some never, and the rest blame no message."""
    if status >= 500 or status in TRY_AGAIN:
        return DeliveryError(Failure.HOOK_BUSY, detail=said)
    if status in UNFIT:
        return DeliveryError(Failure.HOOK_CONTENT, permanent=True, detail=said)
    return ChannelDown(Failure.HOOK_REFUSED, detail=said)


def signature(secret: str, timestamp: int, body: bytes) -> str:
    """The header that proves who sent `body` and when: HMAC-SHA256 (RFC 2104) of "timestamp.body" in hexadecimal."""
    told = hmac.new(secret.encode(), b"%d." % timestamp + body, hashlib.sha256).hexdigest()
    return f"t={timestamp},v1={told}"


def body_of(message: Message, base_url: str) -> bytes:
    """The message as JSON in UTF-8, 64 KB at most: long text is cut, and of many tasks the first hundred are told."""
    document = {
        "id": message.message_id.strip("<>"),
        "kind": message.kind,
        "at": message.at.isoformat(timespec="seconds"),
        "to": {"name": message.to_name, "email": message.to_address},
        "subject": message.subject,
        "text": message.text[:MOST_TEXT],
        "tasks_in_all": len(message.items),
        "tasks": [_task(each, base_url) for each in message.items[:MOST_TASKS]],
    }
    body = _json(document)
    return body if len(body) <= MOST_OCTETS else _json({**document, "tasks": []})


def _json(document: Mapping[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False).encode("utf-8", "replace")


def _task(item: Mapping[str, Any], base_url: str) -> dict[str, Any]:
    """What the outbox keeps of a line, with the address of its task."""
    return {**item, "url": f"{base_url}/tasks/{item['task_id']}"} if "task_id" in item else dict(item)
