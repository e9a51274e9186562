"""A real SMTP server on this machine that keeps what it is sent and can be told to misbehave."""

import asyncio
from dataclasses import dataclass
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.support.ports import free_port


@dataclass(frozen=True, slots=True)
class Received:
    """One message as it came over the wire."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes


class SmtpServer:
    """The server and its knobs, which may be turned at any time.

    refuse           addresses that are answered 550, for good
    busy             so many of the next messages are answered 451, try again
    drop             so many of the next messages are lost with the connection
    lose_reply       so many of the next messages are kept, then the connection breaks before the answer
    credentials      (user, password) without which nothing is taken
    delay            seconds before a message is answered
    """

    def __init__(self) -> None:
        self.refuse: set[str] = set()
        self.busy = self.drop = self.lose_reply = 0
        self.credentials: tuple[str, str] | None = None
        self.delay = 0.0
        self.messages: list[Received] = []
        self.connections = 0
        self.host, self.port = "127.0.0.1", free_port()
        self._controller = Controller(
            _Handler(self),
            hostname=self.host,
            port=self.port,
            authenticator=self._authenticate,
            auth_require_tls=False,
        )

    @property
    def url(self) -> str:
        """Its address as TRACKER_SMTP_URL takes it, with the credentials if there are any."""
        who = "{}:{}@".format(*self.credentials) if self.credentials else ""
        return f"smtp://{who}{self.host}:{self.port}"

    def start(self) -> None:
        self._controller.start()

    def stop(self) -> None:
        self._controller.stop()

    def _authenticate(self, _server: SMTP, _session: Session, _envelope: Envelope, _how: str, data: Any) -> AuthResult:
        if not isinstance(data, LoginPassword) or self.credentials is None:
            return AuthResult(success=False, handled=False)
        given = (data.login.decode(), data.password.decode())
        return AuthResult(success=given == self.credentials, handled=False)


class _Handler:
    def __init__(self, server: SmtpServer) -> None:
        self.server = server

    async def handle_EHLO(
        self, _protocol: SMTP, session: Session, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.server.connections += 1
        return responses

    async def handle_MAIL(
        self, _protocol: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.server.credentials and not session.authenticated:
            return "530 5.7.0 Authentication required"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(
        self, _protocol: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.server.refuse:
            return "550 5.1.1 No such mailbox"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(self, protocol: SMTP, _session: Session, envelope: Envelope) -> str:
        server = self.server
        await asyncio.sleep(server.delay)
        if server.busy:
            server.busy -= 1
            return "451 4.3.2 Busy, try again later"
        if server.drop:
            server.drop -= 1
            return self._break(protocol)
        content = envelope.content if isinstance(envelope.content, bytes) else (envelope.content or "").encode()
        server.messages.append(Received(envelope.mail_from or "", tuple(envelope.rcpt_tos), content))
        if server.lose_reply:
            server.lose_reply -= 1
            return self._break(protocol)
        return "250 OK"

    @staticmethod
    def _break(protocol: SMTP) -> str:
        if isinstance(protocol.transport, asyncio.Transport):
            protocol.transport.abort()
        return "421 4.3.0 Closing"  # goes nowhere: the connection is gone
