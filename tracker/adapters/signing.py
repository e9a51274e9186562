"""Signatures under addresses that are used without a session: who holds one was sent it by this installation."""

import base64
import hashlib
import hmac

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

LABEL = b"tracker: addresses used without a session, 1"
# 132 bits: short enough for the header of a mail, and beyond guessing.
LENGTH = 22


class Signer:
    """HMAC-SHA256 (RFC 2104), cut, under a key that HKDF (RFC 5869) derives from the installation's secret key."""

    def __init__(self, secret_key: str) -> None:
        self._key = HKDF(algorithm=SHA256(), length=32, salt=None, info=LABEL).derive(secret_key.encode())

    def sign(self, text: str) -> str:
        """The signature of `text`: 22 characters that need no escape in an address."""
        told = hmac.new(self._key, text.encode(), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(told).decode()[:LENGTH]

    def is_true(self, text: str, signature: str) -> bool:
        """Whether that is the signature of `text`; takes the same time wherever it is wrong."""
        return hmac.compare_digest(self.sign(text).encode(), signature.encode("utf-8", "replace"))
