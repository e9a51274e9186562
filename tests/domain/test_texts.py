"""One clean line of text, and cutting it for those who count in UTF-16."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.texts import one_line, shorten, utf16_units


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Hội nghị\r\ntổng kết", "Hội nghị tổng kết"),
        ("a\u2028b\u2029c\x85d\te\x0bf", "a b c d e f"),
        ("a\x00b\x07c\x1bd\x7fe\x9ff\ufeff", "abcdef"),
        ("  hai   chữ  ", "hai chữ"),
        ("e\x00\u0301", "é"),
        (unicodedata.normalize("NFD", "Ủy ban quận"), "Ủy ban quận"),
        ("nửa \ud83d cặp", "nửa cặp"),
        ("👩‍🏫 giữ nguyên", "👩‍🏫 giữ nguyên"),
        ("", ""),
    ],
)
def test_one_line_keeps_the_words_and_drops_what_breaks_them(text, wanted):
    assert one_line(text) == wanted


@pytest.mark.parametrize(
    ("text", "most", "wanted"),
    [
        ("ngắn", 4, "ngắn"),
        ("một hai ba", 9, "một hai…"),
        ("một hai ba", 8, "một hai…"),
        ("một hai, ba bốn", 12, "một hai, ba…"),
        ("một hai, ba bốn", 10, "một hai…"),
        ("x" * 300, 255, "x" * 254 + "…"),
        ("😀" * 10, 6, "😀😀…"),
        ("e" * 50 + "\u1dc4" + "f" * 50, 51, "e" * 49 + "…"),
        ("ngắn " + "x" * 300, 100, "ngắn " + "x" * 94 + "…"),
    ],
)
def test_a_long_text_is_cut_at_a_word_and_ends_with_an_ellipsis(text, most, wanted):
    assert shorten(text, most) == wanted


@given(st.text(), st.integers(10, 300))
def test_what_is_cut_fits_and_begins_as_the_text_does(text, most):
    cut = shorten(text, most)
    assert utf16_units(cut) <= most
    assert cut == text or (cut.endswith("…") and text.startswith(cut[:-1]))


@given(st.text(st.characters()))
def test_a_clean_line_is_clean_already(text):
    line = one_line(text)
    assert one_line(line) == line
    assert not any(unicodedata.category(each) in ("Cc", "Cs", "Zl", "Zp") for each in line)
