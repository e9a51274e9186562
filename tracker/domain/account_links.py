"""Links that open an account once: what for, how long, and what is kept of them."""

import hashlib
from datetime import timedelta
from enum import StrEnum

SECRET_OCTETS = 32


class LinkKind(StrEnum):
    """What a link is for: a first password, another password, or signing in without one."""

    INVITE = "invite"
    RESET = "reset"
    SIGN_IN = "sign_in"


LIFE = {
    LinkKind.INVITE: timedelta(days=7),
    LinkKind.RESET: timedelta(hours=1),
    LinkKind.SIGN_IN: timedelta(minutes=15),
}
"""How long a link is good; counted from the moment it was made, which for a mail is when it leaves."""


def hashed(secret: str) -> str:
    """What is kept of a link's secret: it has 256 random bits, so that a plain SHA-256 tells nothing of it."""
    return hashlib.sha256(secret.encode()).hexdigest()
