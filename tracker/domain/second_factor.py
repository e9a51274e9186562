"""The second factor: codes that a phone computes from a shared secret and the time (RFC 6238, with RFC 4226)."""

import base64
import hashlib
import hmac
from datetime import datetime
from urllib.parse import quote

STEP_SECONDS = 30
DIGITS = 6
# A phone's clock may be one step off, or its owner slow: RFC 6238, section 5.2.
STEPS_EITHER_WAY = 1
SECRET_OCTETS = 20
RECOVERY_CODES = 10
RECOVERY_OCTETS = 10


def step_of(now: datetime) -> int:
    """The number of the time step in which an aware moment lies."""
    return int(now.timestamp()) // STEP_SECONDS


def code_of(secret: bytes, step: int, digits: int = DIGITS) -> str:
    """The code of a time step: HMAC-SHA-1, cut dynamically (RFC 4226, section 5.3)."""
    digest = hmac.new(secret, step.to_bytes(8), hashlib.sha1).digest()
    offset = digest[-1] & 15
    number = int.from_bytes(digest[offset : offset + 4]) & 0x7FFFFFFF
    return f"{number % 10**digits:0{digits}}"


def step_that_fits(secret: str, code: str, now: datetime, last_step: int) -> int | None:
    """The time step near `now` whose code that is, later than `last_step`, so that none counts twice; else None."""
    typed = "".join(code.split())
    here = step_of(now)
    key = base64.b32decode(secret)
    fitting = [
        step
        for step in range(here - STEPS_EITHER_WAY, here + STEPS_EITHER_WAY + 1)
        if hmac.compare_digest(code_of(key, step).encode(), typed.encode())
    ]
    return next((step for step in fitting if step > last_step), None)


def as_text(octets: bytes) -> str:
    """A secret or a recovery code as letters and figures that nobody mistakes (base 32, without padding)."""
    return base64.b32encode(octets).decode().rstrip("=")


def address_for_phone(secret: str, email: str, issuer: str) -> str:
    """What the square code says to an authenticator."""
    label = quote(f"{issuer}:{email}", safe="")
    return f"otpauth://totp/{label}?secret={secret}&issuer={quote(issuer, safe='')}"


def recovery_hash(code: str) -> str:
    """What is kept of a recovery code: it has 80 random bits, so that a plain SHA-256 tells nothing of it."""
    return hashlib.sha256("".join(c for c in code.upper() if c.isalnum()).encode()).hexdigest()
