"""Devices that signed in before: strangers who guess at an account do not use up its owner's tries.

A cookie of a year names the device by a random number and, under a keyed hash, the accounts that signed in on it. On
such a device an account has tries of its own, apart from those of all other devices and of the whole network.
"""

import hashlib
import hmac
import secrets
from typing import Any

from flask import Response, current_app, g, request
from flask_limiter.util import get_remote_address
from itsdangerous import BadSignature, URLSafeSerializer

COOKIE = "device"
ONE_YEAR = 365 * 24 * 3600
MOST_ACCOUNTS = 8


def account_key() -> str:
    """Whose tries a guess at the account in the form counts to: this device's if it is known, else everybody's."""
    email = request.form.get("email", "").strip().lower()[:254]
    number, accounts = _known()
    named = _hash(email)
    return f"device:{number}:{named}" if named in accounts else f"account:{named}"


def place_key() -> str:
    """The known device that asks about an account of its own, else the address that asks."""
    key = account_key()
    return key if key.startswith("device:") else get_remote_address()


def remember(email: str) -> None:
    """Let this answer tell the device that the account signed in on it."""
    number, accounts = _known()
    named = _hash(email)
    kept = [named, *(each for each in accounts if each != named)][:MOST_ACCOUNTS]
    g.known_device = _signer().dumps([number or secrets.token_urlsafe(16), kept])


def set_cookie(response: Response) -> Response:
    """Add the cookie where this request remembered somebody."""
    if value := g.pop("known_device", None):
        secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
        path = request.script_root or "/"
        response.set_cookie(
            COOKIE, value, max_age=ONE_YEAR, httponly=True, samesite="Lax", secure=secure, path=f"{path.rstrip('/')}/"
        )
    return response


def _known() -> tuple[str, list[str]]:
    try:
        number, accounts = _signer().loads(request.cookies.get(COOKIE, ""))
    except (BadSignature, ValueError, TypeError):
        return "", []
    return number, accounts


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(_key(), salt="known device")


def _hash(email: str) -> str:
    return hmac.new(_key().encode(), f"device:{email}".encode(), hashlib.sha256).hexdigest()[:32]


def _key() -> str:
    key: Any = current_app.config["SECRET_KEY"]
    return str(key)
