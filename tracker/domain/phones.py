"""Telephone numbers of people, kept as they were typed."""

import re

from tracker.domain.errors import Refused
from tracker.domain.names import squeeze
from tracker.domain.words import N_

LONGEST_PHONE = 30
# One number: groups of digits parted by a blank, a dot or a hyphen, the area's code in brackets.
_NUMBER = re.compile(r"\+?(?:\([0-9]+\)[ .-]?)?[0-9]+(?:[ .-][0-9]+)*")
_MOST_DIGITS = 15  # ITU-T E.164, section 6


def checked_phone(text: str) -> str:
    """A telephone number without needless spaces, '' for none; Refused for what cannot be dialled."""
    phone = squeeze(text)
    digits = re.sub(r"\D", "", phone)
    dialled = len(phone) <= LONGEST_PHONE and _NUMBER.fullmatch(phone) and 3 <= len(digits) <= _MOST_DIGITS
    if phone and not dialled:
        raise Refused(
            N_(
                "“%(phone)s” không phải số điện thoại. Hãy ghi một số, từ 3 đến 15 chữ số, có thể cách nhau bằng dấu "
                "cách, dấu chấm hay gạch nối. Ví dụ: 0225 3629 215 hoặc +84 225 3629 215."
            ),
            phone=phone[:40],
        )
    return phone


def dialled(phone: str) -> str:
    """What a telephone dials: the digits, behind a plus where the number has one (RFC 3966, section 5.1.1)."""
    return re.sub(r"[^0-9+]", "", phone)
