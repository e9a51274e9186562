"""What a person sees in a spreadsheet's cell: its value under its number format, in Vietnamese habit.

A cell that holds 1 April 2026 may show 'Tháng 4/2026', and then means the month.
"""

import re
from datetime import date, datetime, time, timedelta
from typing import cast

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|\[(?P<bracket>[^\]]*)\]|(?P<skipped>[_*].)|(?P<ampm>AM/PM|A/P)|'
    r"(?P<part>d+|m+|y+|h+|s+|0+)|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
_NUMBER = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|\[[^\]]*\]|[_*].|'
    r"(?P<digits>[#,0]*0[#,0]*(?:\.[0#]+)?%?|[#?]+)|(?P<other>.)",
    re.DOTALL,
)
_MOST_DIGITS = 11


def shown(value: object, number_format: str) -> str:
    """The text a person sees for `value` (text, number, bool, date, datetime, time, timedelta or None)."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime | date | time):
        return _date(value, number_format)
    if isinstance(value, timedelta):
        return str(value)
    return _number(cast(float, value), number_format)


def _section(number_format: str) -> str:
    """The part of a format for positive values and dates."""
    return re.split(r';(?=(?:[^"]*"[^"]*")*[^"]*$)', number_format)[0]


def _date(value: datetime | date | time, number_format: str) -> str:
    if isinstance(value, time):
        return f"{value:%H:%M}"
    parts = [each for each in _TOKEN.finditer(_section(number_format)) if not each["skipped"] and not each["bracket"]]
    kinds = [(found["part"] or "").lower() for found in parts]
    spoken = [kind for kind in kinds if kind and kind[0] in "dmyhs"]
    if spoken and not {kind[0] for kind in spoken} & {"d", "y"} and spoken[0][0] in "hs":
        return f"{value:%H:%M}"
    if _as_plain_day(spoken):
        return f"{value:%d/%m/%Y}"
    text = "".join(_piece(value, found, kinds, at) for at, found in enumerate(parts))
    return re.sub(r"\s+", " ", text).strip(" ,")


def _as_plain_day(kinds: list[str]) -> bool:
    """Whether a format shows a whole day in another order or with names: day, month, year is what people here read."""
    letters = "".join(dict.fromkeys(kind[0] for kind in kinds))
    if "d" not in letters:
        return not letters
    return letters != "dmy"[: len(letters)] or any(len(kind) > 2 and kind[0] in "dm" for kind in kinds)


def _piece(value: datetime | date, found: re.Match[str], kinds: list[str], at: int) -> str:
    """One element of a format without a day's name; a month's name is written as 'Tháng 4', before '/2026'."""
    kind = kinds[at]
    named = any(re.fullmatch("m{3,}", each) for each in kinds)
    if not kind:
        literal = str(found["quoted"] or found["escaped"] or found["other"] or "")
        return "/" if named and literal.strip(" -,.") == "" and any(kinds[at:]) and any(kinds[:at]) else literal
    if kind[0] == "d":
        return f"{value.day:0{len(kind)}d}"
    if kind[0] == "y":
        return f"{value.year % 100:02d}" if len(kind) <= 2 and not named else f"{value.year:04d}"
    return f"{value.month:0{len(kind)}d}" if len(kind) <= 2 else f"Tháng {value.month}"


def _number(value: float, number_format: str) -> str:
    text = _section(number_format)
    general = str(value) if isinstance(value, int) else f"{value:.{_MOST_DIGITS}g}"
    parts = list(_NUMBER.finditer(text))
    if text in ("General", "@") or not any(found["digits"] for found in parts):
        return general
    first = next(found for found in parts if found["digits"])
    pieces = [
        _digits(value, found["digits"]) if found is first else found["quoted"] or found["escaped"] or found["other"]
        for found in parts
    ]
    return "".join(piece or "" for piece in pieces).strip()


def _digits(value: float, pattern: str) -> str:
    """`value` under a pattern such as '0.00', '00', '#,##0', '0%'; a thousand is set apart by a point."""
    whole, _, fraction = pattern.rstrip("%").partition(".")
    percent = "%" if pattern.endswith("%") else ""
    value = value * 100 if percent else value
    text = f"{value:{',' if ',' in whole else ''}.{len(fraction)}f}"
    for _ in range(fraction.count("#")):
        text = text.removesuffix("0")
    text = text.removesuffix(".")
    if "," in whole:
        text = text.translate(_SWAPPED)
    head, point, tail = text.partition(".")
    return f"{head.zfill(whole.count('0')) if ',' not in whole else head}{point}{tail}{percent}"


_SWAPPED = str.maketrans(",.", ".,")
