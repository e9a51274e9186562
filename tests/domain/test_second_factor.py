"""The codes of the second factor, against the vectors of RFC 6238 (appendix B)."""

import base64
from datetime import UTC, datetime, timedelta

import pytest

from tracker.domain.second_factor import as_text, code_of, recovery_hash, step_of, step_that_fits

KEY = b"12345678901234567890"
SECRET = base64.b32encode(KEY).decode()
VECTORS = {
    59: "94287082",
    1111111109: "07081804",
    1111111111: "14050471",
    1234567890: "89005924",
    2000000000: "69279037",
    20000000000: "65353130",
}
NOW = datetime(2024, 12, 16, 1, 0, 5, tzinfo=UTC)


@pytest.mark.parametrize(("seconds", "code"), VECTORS.items())
def test_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    assert code_of(KEY, step_of(datetime.fromtimestamp(seconds, UTC)), digits=8) == code


def test_a_code_counts_one_step_either_way_and_only_once() -> None:
    here = step_of(NOW)
    code = code_of(KEY, here)
    for seconds, fits in ((-60, False), (-30, True), (0, True), (30, True), (60, False)):
        assert step_that_fits(SECRET, code, NOW + timedelta(seconds=seconds), 0) == (here if fits else None)
    assert step_that_fits(SECRET, f" {code[:3]} {code[3:]}", NOW, here - 1) == here
    assert step_that_fits(SECRET, code, NOW, here) is None
    for wrong in ("", "000", code + "0", "mười hai", "１２３４５６"):
        assert step_that_fits(SECRET, wrong, NOW, 0) is None


def test_a_recovery_code_is_the_same_however_it_is_typed() -> None:
    code = as_text(b"0123456789")
    assert len(code) == 16
    typed = f" {code[:4].lower()}-{code[4:8]} {code[8:]}"
    assert recovery_hash(typed) == recovery_hash(code)
