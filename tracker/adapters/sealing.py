"""Secrets that lie in the database under lock: whoever has a copy of it alone reads none of them."""

import base64
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_OCTETS = 32
NONCE_OCTETS = 12
LABEL = b"tracker: secrets in the database, 1"


class Seal:
    """AES-256-GCM (NIST SP 800-38D) under a key that HKDF (RFC 5869) derives from the installation's secret key."""

    def __init__(self, secret_key: str) -> None:
        key = HKDF(algorithm=SHA256(), length=KEY_OCTETS, salt=None, info=LABEL).derive(secret_key.encode())
        self._cipher = AESGCM(key)

    def close(self, octets: bytes, whose: str) -> str:
        """The octets sealed, as text of base 64; `whose` is the place where alone they can be opened again."""
        nonce = os.urandom(NONCE_OCTETS)
        return base64.urlsafe_b64encode(nonce + self._cipher.encrypt(nonce, octets, whose.encode())).decode()

    def open(self, text: str, whose: str) -> bytes | None:
        """What `close` was given; None where it was sealed under another key or for another place, or was changed."""
        try:
            sealed = base64.urlsafe_b64decode(text)
            return self._cipher.decrypt(sealed[:NONCE_OCTETS], sealed[NONCE_OCTETS:], whose.encode())
        except (ValueError, InvalidTag):
            return None
