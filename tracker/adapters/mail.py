"""Mail over SMTP: messages that Vietnamese survives in, and failures that say "again" or "never"."""

import hashlib
import re
import smtplib
import ssl
import unicodedata
from dataclasses import dataclass
from email.charset import QP, Charset
from email.encoders import encode_base64
from email.header import Header
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import compat32
from email.utils import format_datetime, parseaddr
from urllib.parse import parse_qs, unquote, urlsplit

from tracker.domain.outbox import ChannelDown, DeliveryError, Failure, Message
from tracker.domain.texts import shorten

TIMEOUT_SECONDS = 20
# Far more than any title: servers refuse messages whose headers are endless.
MOST_SUBJECT = 5_000
# Long headers are folded where they are made; this would fold addresses as well (RFC 5322, section 2.1.1, allows 998).
WIRE = compat32.clone(linesep="\r\n", max_line_length=998)
# Text that any server passes on unharmed and that stays readable to filters; the default would be base64.
UTF8 = Charset("utf-8")
UTF8.body_encoding = QP
ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server as TRACKER_SMTP_URL names it; `user` is None where it wants no sign-in."""

    host: str
    port: int
    tls: bool
    starttls: bool
    user: str | None
    password: str

    @classmethod
    def from_url(cls, url: str) -> "Server":
        """Read smtp://user:password@host:port?starttls=1 or smtps://…, user and password percent-decoded."""
        parts = urlsplit(url)
        tls = parts.scheme == "smtps"
        starttls = not tls and parse_qs(parts.query).get("starttls", ["0"])[-1] in ("1", "true", "on", "yes")
        return cls(
            host=parts.hostname or "",
            port=parts.port or (465 if tls else 587 if starttls else 25),
            tls=tls,
            starttls=starttls,
            user=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password or ""),
        )


class SmtpChannel:
    """Sends over one connection, opened with the first message and again after it broke."""

    def __init__(self, url: str, sender: str) -> None:
        """`url` as TRACKER_SMTP_URL, `sender` an address with or without a name."""
        self._server = Server.from_url(url)
        self._sender = parseaddr(sender)
        self._connection: smtplib.SMTP | None = None

    def send(self, message: Message) -> None:
        """Hand one message to the server; DeliveryError says what became of it, ChannelDown that none can go now."""
        content = compose(message, self._sender)
        connection = self._connection or self._connect()
        self._connection = connection
        try:
            connection.sendmail(self._sender[1], [message.to_address], content)
        except smtplib.SMTPRecipientsRefused as refused:
            code, reply = refused.recipients[message.to_address]
            raise self._refusal(Failure.RECIPIENT, code, reply) from refused
        except smtplib.SMTPSenderRefused as refused:
            self.close()
            raise ChannelDown(Failure.SENDER, detail=_words(refused.smtp_code, refused.smtp_error)) from refused
        except smtplib.SMTPResponseException as refused:
            raise self._refusal(Failure.CONTENT, refused.smtp_code, refused.smtp_error) from refused
        except (smtplib.SMTPException, OSError) as broken:
            self.close()
            raise DeliveryError(Failure.BROKEN, detail=type(broken).__name__) from broken

    def close(self) -> None:
        """End the connection if there is one."""
        connection, self._connection = self._connection, None
        if connection is None:
            return
        try:
            connection.quit()
        except (smtplib.SMTPException, OSError):
            connection.close()

    def _refusal(self, failure: Failure, code: int, reply: bytes | str) -> DeliveryError:
        """What a reply means (RFC 5321, 4.2.1): 4xx try again, 5xx never; 421 also ends the connection."""
        if code == 421:
            self.close()
        permanent = code >= 500
        return DeliveryError(failure if permanent else Failure.BUSY, permanent=permanent, detail=_words(code, reply))

    def _connect(self) -> smtplib.SMTP:
        server = self._server
        try:
            if server.tls:
                connection: smtplib.SMTP = smtplib.SMTP_SSL(
                    server.host, server.port, timeout=TIMEOUT_SECONDS, context=ssl.create_default_context()
                )
            else:
                connection = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_SECONDS)
        except ssl.SSLError as untrusted:
            raise ChannelDown(Failure.TLS, detail=type(untrusted).__name__) from untrusted
        except (smtplib.SMTPException, OSError) as absent:
            raise ChannelDown(Failure.CONNECTION, detail=type(absent).__name__) from absent
        try:
            self._introduce(connection)
        except ChannelDown:
            connection.close()
            raise
        return connection

    def _introduce(self, connection: smtplib.SMTP) -> None:
        """Encrypt and sign in as the address asks; never go on without what was asked for."""
        try:
            if self._server.starttls:
                connection.starttls(context=ssl.create_default_context())
            if self._server.user is not None:
                connection.login(self._server.user, self._server.password)
        except smtplib.SMTPAuthenticationError as refused:
            raise ChannelDown(Failure.LOGIN, detail=str(refused.smtp_code)) from refused
        except UnicodeError as unsendable:  # smtplib signs in with ASCII alone
            raise ChannelDown(Failure.LOGIN, detail=type(unsendable).__name__) from None
        except (ssl.SSLError, smtplib.SMTPNotSupportedError) as missing:
            failure = Failure.LOGIN if self._server.user and not self._server.starttls else Failure.TLS
            raise ChannelDown(failure, detail=type(missing).__name__) from missing
        except (smtplib.SMTPException, OSError) as broken:
            raise ChannelDown(Failure.CONNECTION, detail=type(broken).__name__) from broken


def _words(code: int, reply: bytes | str) -> str:
    """A server's reply on one short line."""
    text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    return header_text(f"{code} {text}")[:200]


def header_text(text: str) -> str:
    """`text` as one line that a header cannot be broken with: no controls, single blanks, nothing that looks encoded.

    An encoded word (RFC 2047) inside a title could otherwise be decoded into a header line of its own.
    """
    whole = unicodedata.normalize("NFC", text)
    blank = "".join(" " if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp", "Zs") else c for c in whole)
    return " ".join(blank.replace("=?", "= ?").replace("?=", "? =").split())


def compose(message: Message, sender: tuple[str, str]) -> bytes:
    """The message on the wire, its lines ended by CR LF; `sender` is (name, address).

    Raises DeliveryError where the address is none. Built with the older classes of the standard library: the newer
    EmailMessage loses and doubles blanks where it folds long Vietnamese headers.
    """
    if not ADDRESS.fullmatch(message.to_address):
        raise DeliveryError(Failure.ADDRESS, permanent=True)
    mail = _with_calendar(message)
    mail["Subject"] = Header(
        shorten(header_text(message.subject), MOST_SUBJECT), "utf-8", header_name="Subject"
    ).encode()
    mail["From"] = _mailbox("From", *sender)
    mail["To"] = _mailbox("To", message.to_name, message.to_address)
    mail["Date"] = format_datetime(message.at)
    mail["Message-ID"] = message.message_id
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834, section 5
    mail["X-Auto-Response-Suppress"] = "All"
    if message.unsubscribe:
        mail["List-Unsubscribe"] = f"<{message.unsubscribe}>"
        if message.unsubscribe.startswith("https://"):  # RFC 8058, section 3.1: one click needs HTTPS
            mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return mail.as_bytes(policy=WIRE)


def _both_texts(message: Message) -> MIMEMultipart:
    """Plain text first, as those that understand both show the last (RFC 2046, section 5.1.4)."""
    both = MIMEMultipart("alternative", boundary=_boundary(message, "texts"))
    both.attach(MIMEText(message.text, "plain", UTF8))  # type: ignore[arg-type]  # a Charset does as well as its name
    both.attach(MIMEText(message.html, "html", UTF8))  # type: ignore[arg-type]
    return both


def _boundary(message: Message, part: str) -> str:
    """What parts the message: the same at every try, and nothing that quoted-printable can hold (RFC 2045, 6.7)."""
    return f"=_{hashlib.sha256(message.message_id.encode()).hexdigest()[:16]}-{part}"


def _with_calendar(message: Message) -> MIMEMultipart:
    """The texts with an iCalendar object as a file beside them; the texts alone where there is none."""
    texts = _both_texts(message)
    if not message.calendar:
        return texts
    file = MIMEBase("text", "calendar", method="PUBLISH", charset="utf-8")
    file.set_payload(message.calendar)
    encode_base64(file)
    file.add_header("Content-Disposition", "attachment", filename="han.ics")
    whole = MIMEMultipart("mixed", boundary=_boundary(message, "whole"))
    whole.attach(texts)
    whole.attach(file)
    return whole


def _mailbox(header: str, name: str, address: str) -> str:
    """A name in encoded words of lawful length, and the address as it is."""
    mailbox = Header(header_name=header)
    if shown := header_text(name):
        mailbox.append(shown, "utf-8")
    mailbox.append(f"<{address}>", "us-ascii")
    return mailbox.encode()
