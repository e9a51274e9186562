"""The ways a message can leave: one small class each, found in one registry."""

from collections.abc import Callable
from typing import Protocol

from tracker.adapters.mail import SmtpChannel
from tracker.domain.outbox import Message


class Channel(Protocol):
    """Sends one message at a time; may keep a connection between messages until it is closed."""

    def send(self, message: Message) -> None:
        """Send it, or raise DeliveryError (this message) or ChannelDown (any message)."""

    def close(self) -> None:
        """Let go of the connection; the next message opens another one."""


# Channel by name: made from its address and from whom it speaks.
CHANNELS: dict[str, Callable[[str, str], Channel]] = {"mail": SmtpChannel}


def open_channels(smtp_url: str | None, mail_from: str | None) -> dict[str, Channel]:
    """The channels this installation can send over, by name; none without a mail server: mail stays in the outbox."""
    addresses = {"mail": (smtp_url, mail_from)}
    return {name: CHANNELS[name](url, sender) for name, (url, sender) in addresses.items() if url and sender}
