"""Putting lines together again that a narrow column has cut: between words, after a hyphen, inside a number."""

import re
from collections.abc import Iterable
from functools import lru_cache

_CUT_HYPHEN = re.compile(r"(?:\b20\d\d|[^\W\d_]{2})-$")
_CUT_AND = re.compile(r"\w&$")
_CUT_YEAR = re.compile(r"[/.\-](\d{1,3})$")
_CUT_DATE = ((re.compile(r"\d/$"), re.compile(r"\d")), (re.compile(r"\d$"), re.compile(r"/\d")))
_CUT_MONTH = (re.compile(r"\d/[01]$"), re.compile(r"\d/(?:20|\d$)"))
# How many letters on either side of a break say whether it cuts a word: none of the patterns looks further.
_SEEN = 8


def join_lines(lines: Iterable[str]) -> str:
    """The lines as one text with single spaces; '2024-' + '2025', 'HĐND-' + 'UBND' and '05/9/20' + '24' without."""
    text = ""
    for line in lines:
        text += line if not text or goes_on(text, line) else f" {line}"
    return text


def goes_on(text: str, line: str) -> bool:
    """Whether `line` goes on inside the word that `text` ends with."""
    return _joined_at(text[-_SEEN:], line[:_SEEN])


@lru_cache(maxsize=100_000)
def _joined_at(text: str, line: str) -> bool:
    """`goes_on` for the end of a text and the beginning of a line: the same pairs meet again and again."""
    if line[:1] in tuple(";,.:)"):
        return True
    if _CUT_HYPHEN.search(text):
        return line[:1].isalnum()
    if _CUT_AND.search(text):
        return line[:1].isupper()
    if any(end.search(text) and begin.match(line) for end, begin in (*_CUT_DATE, _CUT_MONTH)):
        return True
    begun, rest = _CUT_YEAR.search(text), re.match(r"\d{1,3}(?!\d)", line)
    if not begun or not rest:
        return False
    year = begun[1] + rest[0]
    return len(year) == 4 and year.startswith("20")
