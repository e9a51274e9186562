"""The second factor: switched on by its owner with a first code, checked at sign-in, switched off."""

import base64
import secrets
from datetime import datetime

from tracker.domain.errors import Refused
from tracker.domain.people import Person
from tracker.domain.second_factor import (
    RECOVERY_CODES,
    RECOVERY_OCTETS,
    SECRET_OCTETS,
    as_text,
    recovery_hash,
    step_that_fits,
)
from tracker.domain.words import N_
from tracker.store import second_factors as factors
from tracker.store.database import transaction
from tracker.store.history import record_change

WRONG = N_("Mã không đúng hoặc đã dùng. Hãy chờ mã kế tiếp trên điện thoại rồi nhập lại.")


def is_on(person: Person) -> bool:
    """Whether the person is asked for a second factor."""
    found = factors.of_person(person.id)
    return found is not None and found.confirmed_at is not None


def begin(person: Person) -> str:
    """A new secret for the person's phone (base 32), which counts once `confirm` has seen its first code.

    One begun before and not confirmed stays, so that a page loaded again shows the same. Refused where it is on.
    """
    with transaction():
        found = factors.of_person(person.id)
        if found and found.confirmed_at:
            raise Refused(N_("Xác thực hai bước đang bật; hãy tắt trước khi cài lại trên điện thoại khác."))
        if found:
            return found.secret
        secret = base64.b32encode(secrets.token_bytes(SECRET_OCTETS)).decode()
        factors.begin(person.id, secret)
    return secret


def confirm(person: Person, code: str, now: datetime) -> list[str]:
    """Switch it on with the first code and return the recovery codes, kept nowhere; Refused for a wrong code."""
    with transaction():
        found = factors.of_person(person.id)
        if found is None or found.confirmed_at:
            raise Refused(N_("Hãy mở lại trang xác thực hai bước rồi làm từ đầu."))
        if not _fits(person, found, code, now):
            raise Refused(WRONG)
        factors.confirm(person.id, now)
        record_change("person.second_factor_on", "person", person.id, now=now, person=person)
        return _new_codes(person)


def check(person: Person, code: str, now: datetime) -> bool:
    """Whether the code is the phone's, or a recovery code of the person; either counts once."""
    with transaction():
        found = factors.of_person(person.id)
        if found is None or not found.confirmed_at:
            return False
        return _fits(person, found, code, now) or factors.use_code(person.id, recovery_hash(code), now)


def renew_codes(person: Person, code: str, now: datetime) -> list[str]:
    """Other recovery codes, for a good code; the old ones end."""
    with transaction():
        if not check(person, code, now):
            raise Refused(WRONG)
        return _new_codes(person)


def switch_off(person: Person, code: str, now: datetime) -> None:
    """Switch one's own off, for a good code."""
    with transaction():
        if not check(person, code, now):
            raise Refused(WRONG)
        take_away(person, by=person, now=now)


def take_away(person: Person, *, by: Person | None, now: datetime) -> None:
    """Switch it off for somebody, who may have lost the phone; harmless where it is off."""
    with transaction():
        if factors.remove(person.id):
            record_change("person.second_factor_off", "person", person.id, now=now, person=by)


def _fits(person: Person, found: factors.Factor, code: str, now: datetime) -> bool:
    step = step_that_fits(found.secret, code, now, found.last_step)
    return step is not None and factors.use_step(person.id, step)


def _new_codes(person: Person) -> list[str]:
    codes = [as_text(secrets.token_bytes(RECOVERY_OCTETS)) for _ in range(RECOVERY_CODES)]
    factors.replace_codes(person.id, [recovery_hash(code) for code in codes])
    return ["-".join(code[at : at + 4] for at in range(0, len(code), 4)) for code in codes]
