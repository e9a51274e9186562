"""Stretches of time with two ends ('Tháng 9-10/2024'), and lists of times ('Tháng 8, 9, 10/2024')."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

from tracker.domain.reading.periods import NotInCalendar, PlanYear, Span, read_span
from tracker.domain.reading.times import TimePart

_TWO_OF_A_UNIT = re.compile(
    r"(?:tu )?(?P<unit>thang|quy|ngay|tuan|t\.?)? ?(?P<a>iv|i{1,3}|\d{1,2}(?:/\d{1,2})?) ?(?:-|den|toi) ?"
    r"(?:het )?(?:thang |quy |ngay |tuan |t\.?)?(?P<rest>(?:iv|i{1,3}|\d{1,2})\b.*)"
)
_TWO_ENDS = re.compile(r"(?:tu )?(?P<a>.+?),? ?(?:\bden\b|\btoi\b|-) ?(?:het )?(?P<b>.+)")
_UNIT = re.compile(r"(?:(thang|quy|ngay|nam|tuan) ?|t\.? ?)(?=\d|[ivx]+\b)")
_LINKS = re.compile(r"\s*(?:[,+&]|\bvà\b|\bva\b)\s*", re.IGNORECASE)
_SEMICOLONS = re.compile(r"\s*(?:[;,+&\n]|\bvà\b|\bva\b)\s*", re.IGNORECASE)


def range_of(core: str, year: PlanYear | None) -> Span | None:
    """From the first day of one time to the last of another, None where `core` names no two ends."""
    if read_span(core, year):
        return None
    if found := _TWO_OF_A_UNIT.fullmatch(core):
        unit = {"t": "thang", "t.": "thang", None: ""}.get(found["unit"], found["unit"])
        if ends := _ends(f"{unit} {found['a']}".strip(), f"{unit} {found['rest']}".strip(), year):
            return _between(*ends)
    found = _TWO_ENDS.fullmatch(core)
    ends = _ends(found["a"], found["b"], year) if found else None
    return _between(*ends) if ends else None


def _between(first: Span, last: Span) -> Span:
    return Span(first.start, last.due, "period", last.dated, first.guess or last.guess)


def ends_of(core: str) -> tuple[str, str] | None:
    """The words of both ends ('tu ngay ban hanh den thang 12'), None where there are no two."""
    found = _TWO_ENDS.fullmatch(core)
    return (found["a"], found["b"]) if found else None


def _ends(first: str, last: str, year: PlanYear | None) -> tuple[Span, Span] | None:
    """Both ends; the first takes unit, month and year of the last where it has none of its own."""
    try:
        end = read_span(last, year)
    except NotInCalendar:
        return None
    if end is None:
        return None
    if not first[:1].isalpha() and (unit := re.match(r"(thang|quy|ngay|tuan) ", last)):
        first = f"{unit[1]} {first}"
    if end.guess == "week" and re.fullmatch(r"tuan \d", first):
        first += last[last.index(" thang ") :] if " thang " in last else ""
    begin = _earlier(first, end, year)
    return (begin, end) if begin else None


def _earlier(words: str, later: Span, year: PlanYear | None) -> Span | None:
    """A time that stands before `later`: it has the month and the year of that one where it names none."""
    if re.fullmatch(r"(?:ngay )?\d{1,2}", words) and later.precision == "day":
        words = f"{words.split()[-1]}/{later.due.month}/{later.due.year}"
    elif re.fullmatch(r"0?[1-9]|1[0-2]", words) and later.precision == "period":
        words = f"thang {words}"
    found = read_span(words, PlanYear(later.due.year, later.due.year) if later.dated else year)
    if found and later.dated and not found.dated and found.start > later.due:
        return read_span(words, PlanYear(later.due.year - 1, later.due.year - 1)) or found
    return found


def listed(core: str, text: str, year: PlanYear | None) -> tuple[TimePart, ...]:
    """Several times of one list, () where `core` is none.

    Months, quarters or days that follow each other under one year are one stretch, and so are understood as a guess;
    else, and where each has its own year or a semicolon stands between, each is a milestone.
    """
    links = _SEMICOLONS if ";" in core else _LINKS
    items = links.split(core)
    if len(items) < 2 or not all(items):
        return ()
    spans = _spans(items, year)
    if not spans:
        return ()
    loose = sum(bool(re.search(r"\d{4}", item)) for item in items) < len(items)
    if links is _LINKS and loose and all(_adjoin(a, b) for a, b in pairwise(spans)):
        return (TimePart("range", spans[0].start, spans[-1].due, text, spans[0].guess or "listed"),)
    texts = links.split(text)
    texts = texts if len(texts) == len(spans) else [text] * len(spans)
    return tuple(
        TimePart("several", span.start, span.due, words, span.guess) for span, words in zip(spans, texts, strict=True)
    )


def _spans(items: Sequence[str], year: PlanYear | None) -> list[Span]:
    """What each item of a list names, the unit from the left and the year from the right; [] where one names none."""
    named: list[tuple[str, str]] = []
    unit = ""
    for item in items:
        if found := _UNIT.match(item):
            unit = found[1] or "thang"
        named.append((unit, item[found.end() :] if found else item))
    spans: list[Span] = []
    for unit, words in reversed(named):
        later = spans[0] if spans else None
        span = next(filter(None, (_item(each, later, year) for each in (f"{unit} {words}".strip(), words))), None)
        if span is None:
            return []
        spans.insert(0, replace(span, dated=span.dated or bool(later and later.dated)))
    return spans


def _item(words: str, later: Span | None, year: PlanYear | None) -> Span | None:
    try:
        alone = _earlier(words, later, year) if later else read_span(words, year)
    except NotInCalendar:
        if re.fullmatch(r"\D*\d{1,2}", words):  # the number of something else
            return None
        raise
    if alone:
        return alone
    return range_of(words, PlanYear(later.due.year, later.due.year) if later and later.dated else year)


def _adjoin(first: Span, last: Span) -> bool:
    return first.due + timedelta(days=1) == last.start
