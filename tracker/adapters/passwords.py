"""Passwords: argon2id hashes, checked in the same time whether the person is known or not."""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from tracker.domain.errors import Refused
from tracker.domain.words import N_

MIN_LENGTH, MAX_LENGTH = 10, 200
DEMO_PASSWORD = "tracker-demo"

_hasher = PasswordHasher()


def check_new(password: str, *, demo: bool = False) -> None:
    """Refuse a password that is too short, too long, or the public one of the demonstration."""
    if len(password) < MIN_LENGTH:
        raise Refused(N_("Mật khẩu phải có ít nhất %(least)s ký tự. Hãy chọn mật khẩu dài hơn."), least=str(MIN_LENGTH))
    if len(password) > MAX_LENGTH:
        raise Refused(N_("Mật khẩu dài quá %(most)s ký tự. Hãy chọn mật khẩu ngắn hơn."), most=str(MAX_LENGTH))
    if password == DEMO_PASSWORD and not demo:
        raise Refused(N_("Mật khẩu này là mật khẩu công khai của bản minh họa. Hãy chọn mật khẩu khác."))


def hash_password(password: str) -> str:
    """The argon2id hash to keep for a password; takes tens of milliseconds on purpose."""
    return _hasher.hash(password)


def verify(password_hash: str, password: str) -> tuple[bool, bool]:
    """Whether the password is right, and whether its hash should be made anew with today's parameters.

    An empty hash (unknown person, or invited and without a password yet) costs as much as a known one and never fits.
    """
    known = bool(password_hash)
    try:
        right = _hasher.verify(password_hash or _nobodys_hash(), password[: MAX_LENGTH + 1]) and known
    except (VerificationError, InvalidHashError):
        return False, False
    return right, right and _hasher.check_needs_rehash(password_hash)


@cache
def _nobodys_hash() -> str:
    return hash_password("nobody has this password")
