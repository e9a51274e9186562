"""The ways a message can leave: one small class each, found in one registry."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from tracker.adapters.bell import BellChannel
from tracker.adapters.mail import SmtpChannel
from tracker.adapters.webhook import WebhookChannel
from tracker.domain.outbox import BELL, MAIL, WEBHOOK, Message


class Channel(Protocol):
    """Sends one message at a time; may keep a connection between messages until it is closed."""

    def send(self, message: Message) -> None:
        """Send it, or raise DeliveryError (this message) or ChannelDown (any message)."""

    def close(self) -> None:
        """Let go of the connection; the next message opens another one."""


@dataclass(frozen=True, slots=True)
class Doors:
    """The installation's own addresses, as its settings name them; None where one is not set."""

    base_url: str
    smtp_url: str | None = None
    mail_from: str | None = None
    webhook_url: str | None = None
    webhook_secret: str | None = None


def _mail(doors: Doors) -> Channel | None:
    return SmtpChannel(doors.smtp_url, doors.mail_from) if doors.smtp_url and doors.mail_from else None


def _webhook(doors: Doors) -> Channel | None:
    if not (doors.webhook_url and doors.webhook_secret):
        return None
    return WebhookChannel(doors.webhook_url, doors.webhook_secret, doors.base_url)


# Channel by name: made from the installation's addresses, None where it has none for it.
CHANNELS: dict[str, Callable[[Doors], Channel | None]] = {
    MAIL: _mail,
    BELL: lambda _doors: BellChannel(),
    WEBHOOK: _webhook,
}


def open_channels(doors: Doors) -> dict[str, Channel]:
    """The channels this installation can send over, by name; without a mail server mail stays in the outbox."""
    made = {name: make(doors) for name, make in CHANNELS.items()}
    return {name: channel for name, channel in made.items() if channel is not None}
