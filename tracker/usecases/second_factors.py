"""The second factor: switched on by its owner with a first code, checked at sign-in, switched off.

Its secret is kept under the installation's seal; one of 32 letters is from before there was a seal and still counts.
"""

import base64
import secrets
from datetime import datetime

from tracker.adapters.sealing import Seal
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
LOST = N_(
    "Khóa bí mật của máy chủ đã thay đổi, nên mã trên điện thoại không kiểm tra được nữa. Hãy nhập một mã dự phòng, "
    "rồi tắt và bật lại xác thực hai bước. Nếu không còn mã dự phòng, hãy nhờ quản trị viên tắt giúp."
)
UNSEALED_LETTERS = 32


def is_on(person: Person) -> bool:
    """Whether the person is asked for a second factor."""
    found = factors.of_person(person.id)
    return found is not None and found.confirmed_at is not None


def begin(person: Person, seal: Seal) -> None:
    """Make a new secret for the person's phone, which counts once `confirm` has seen its first code.

    One begun before and not confirmed stays, so that a page loaded again shows the same. Refused where it is on.
    """
    with transaction():
        found = factors.of_person(person.id)
        if found and found.confirmed_at:
            raise Refused(N_("Xác thực hai bước đang bật; hãy tắt trước khi cài lại trên điện thoại khác."))
        if found is None or _opened(person.id, found.secret, seal) is None:
            factors.begin(person.id, seal.close(secrets.token_bytes(SECRET_OCTETS), _place(person.id)))


def secret_for_phone(person: Person, seal: Seal) -> str | None:
    """The secret (base 32) that waits for its first code; None where none was begun, or it counts already."""
    found = factors.of_person(person.id)
    return _opened(person.id, found.secret, seal) if found and found.confirmed_at is None else None


def is_lost(person: Person, seal: Seal) -> bool:
    """Whether the person's codes cannot be checked any more, since the installation's secret key is another one."""
    found = factors.of_person(person.id)
    return found is not None and found.confirmed_at is not None and _opened(person.id, found.secret, seal) is None


def confirm(person: Person, code: str, now: datetime, seal: Seal) -> list[str]:
    """Switch it on with the first code and return the recovery codes, kept nowhere; Refused for a wrong code."""
    with transaction():
        found = factors.of_person(person.id)
        if found is None or found.confirmed_at:
            raise Refused(N_("Hãy mở lại trang xác thực hai bước rồi làm từ đầu."))
        _use(person, found, code, now, seal)
        factors.confirm(person.id, now)
        record_change("person.second_factor_on", "person", person.id, now=now, person=person)
        return _new_codes(person)


def check(person: Person, code: str, now: datetime, seal: Seal) -> None:
    """Use up the phone's code or a recovery code of the person; Refused where it is neither, or was used."""
    with transaction():
        found = factors.of_person(person.id)
        if found is None or not found.confirmed_at:
            raise Refused(WRONG)
        if not factors.use_code(person.id, recovery_hash(code), now):
            _use(person, found, code, now, seal)


def renew_codes(person: Person, code: str, now: datetime, seal: Seal) -> list[str]:
    """Other recovery codes, for a good code; the old ones end."""
    with transaction():
        check(person, code, now, seal)
        return _new_codes(person)


def switch_off(person: Person, code: str, now: datetime, seal: Seal) -> None:
    """Switch one's own off, for a good code."""
    with transaction():
        check(person, code, now, seal)
        take_away(person, by=person, now=now)


def take_away(person: Person, *, by: Person | None, now: datetime) -> None:
    """Switch it off for somebody, who may have lost the phone; harmless where it is off."""
    with transaction():
        if factors.remove(person.id):
            record_change("person.second_factor_off", "person", person.id, now=now, person=by)


def seal_old(seal: Seal) -> int:
    """Seal what was kept before there was a seal; returns how many secrets that were."""
    with transaction():
        old = {person_id: text for person_id, text in factors.secrets().items() if len(text) == UNSEALED_LETTERS}
        for person_id, text in old.items():
            factors.replace_secret(person_id, text, seal.close(base64.b32decode(text), _place(person_id)))
    return len(old)


def _place(person_id: int) -> str:
    return f"second_factor:{person_id}"


def _opened(person_id: int, kept: str, seal: Seal) -> str | None:
    """A kept secret in base 32; None where it was sealed under another key."""
    if len(kept) == UNSEALED_LETTERS:
        return kept
    octets = seal.open(kept, _place(person_id))
    return base64.b32encode(octets).decode() if octets is not None else None


def _use(person: Person, found: factors.Factor, code: str, now: datetime, seal: Seal) -> None:
    """Use up the time step whose code that is; Refused in words where there is none."""
    secret = _opened(person.id, found.secret, seal)
    if secret is None:
        raise Refused(LOST)
    step = step_that_fits(secret, code, now, found.last_step)
    if step is None or not factors.use_step(person.id, step):
        raise Refused(WRONG)


def _new_codes(person: Person) -> list[str]:
    codes = [as_text(secrets.token_bytes(RECOVERY_OCTETS)) for _ in range(RECOVERY_CODES)]
    factors.replace_codes(person.id, [recovery_hash(code) for code in codes])
    return ["-".join(code[at : at + 4] for at in range(0, len(code), 4)) for code in codes]
