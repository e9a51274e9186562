"""A telephone number is kept as it was typed, and dialled by its digits."""

import pytest

from tracker.domain.errors import Refused
from tracker.domain.phones import checked_phone, dialled


@pytest.mark.parametrize(
    ("typed", "kept", "dials"),
    [
        (" 0225  3629 215 ", "0225 3629 215", "02253629215"),
        ("(0225) 3.629.215", "(0225) 3.629.215", "02253629215"),
        ("+84 912-345-678", "+84 912-345-678", "+84912345678"),
        ("1022", "1022", "1022"),
        ("  ", "", ""),
    ],
)
def test_numbers_as_people_type_them(typed, kept, dials):
    assert checked_phone(typed) == kept
    assert dialled(kept) == dials


@pytest.mark.parametrize(
    "typed",
    [
        "gọi văn phòng",
        "12",
        "0225 3629 215 / 0912 345 678",
        "3629215 - 3629216",
        "+84 (0)225 3629 215",
        "(((123",
        "0225 3629 215 (12)",
        "1" * 16,
        "٠٢٢٥",
    ],
)
def test_what_cannot_be_dialled_is_refused(typed):
    with pytest.raises(Refused, match="không phải số điện thoại"):
        checked_phone(typed)
