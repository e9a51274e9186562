"""Times counted from a day: '15 ngày kể từ ngày ban hành', 'sau khi Kế hoạch được phê duyệt 1 tháng'."""

import re
from calendar import monthrange
from datetime import date, timedelta
from typing import Literal

from tracker.domain.calendar_days import DaysOff
from tracker.domain.reading.periods import SPELLED_MONTHS
from tracker.domain.reading.times import TimeContext, TimePart

_NUMBERS = {**SPELLED_MONTHS, "bon": 4, "nua": 0}
_COUNT = (
    rf"(?P<n>\d{{1,3}}|{'|'.join(sorted(_NUMBERS, key=len, reverse=True))})(?: ?\([^)]*\))? "
    r"(?P<unit>ngay lam viec|ngay|tuan|thang|nam)"
)
_AT_MOST = r"(?:(?:cham nhat|muon nhat|trong|vong|thoi han|thoi gian|han|sau|khong qua|toi da)(?: la)? )*"
_AFTER = re.compile(rf"{_AT_MOST}{_COUNT},? (?:(?:ke |tinh )*tu|sau)(?: khi| ngay| thoi diem| luc)* (?P<event>.+)")
_AFTER_THAT = re.compile(
    rf"(?:(?:ke |tinh )*tu|sau)(?: khi| ngay| thoi diem| luc)* (?P<event>.+?),? {_AT_MOST}{_COUNT}"
)
_ALONE = re.compile(rf"{_AT_MOST}{_COUNT}")
_PAPER = r"(?:quyet dinh|nghi quyet|van ban|chuong trinh|chi thi|cong van|thong bao|de an)"
_OWN = rf"(?:ban )?(?:ke hoach(?: nay)?|{_PAPER} nay)"
_SIGNED = r"(?:ky ban hanh|ky|ban hanh|phat hanh)"
_HOLDS = r"(?:co hieu luc(?: thi hanh)?|phe duyet|thong qua|duyet|cong bo)"
_ISSUE = re.compile(
    rf"(?:ngay |khi )?(?:{_OWN} )?(?:duoc |da |chinh thuc )*"
    rf"(?:(?P<signed>{_SIGNED})(?: va {_HOLDS})?|{_HOLDS})(?: {_OWN})?(?: thuc hien)?"
)
_ABOUT_ISSUE = re.compile(rf"\b(?:{_SIGNED}|{_HOLDS})\b")

Origin = Literal["issue", "guess", "unclear", "event"]


def origin(event: str) -> Origin:
    """From what day a time is counted by its words (in small letters without marks).

    'issue': the plan's day of issue; 'guess': most likely that (the day it takes effect or is approved); 'unclear':
    the issue of some document; 'event': something else.
    """
    if event == "nay":
        return "issue"
    if found := _ISSUE.fullmatch(event):
        return "issue" if found["signed"] else "guess"
    return "unclear" if _ABOUT_ISSUE.search(event) else "event"


def offset_of(core: str, text: str, context: TimeContext) -> TimePart | None:
    """The time that `core` counts from a day, None where it counts none. Only the plan's own issue gives it dates.

    A number of days from no day at all is of the kind 'days'.
    The day of issue itself does not count (Bộ luật Dân sự 2015, Điều 147).
    """
    found = _AFTER.fullmatch(core) or _AFTER_THAT.fullmatch(core)
    if not found:
        return TimePart("days", None, None, text, "unclear") if _ALONE.fullmatch(core) else None
    counted_from = origin(found["event"])
    if counted_from in ("unclear", "event"):
        return TimePart("offset", None, None, text, "unclear" if counted_from == "unclear" else "")
    if context.issued_on is None:
        return TimePart("offset", None, None, text, "no-issue")
    count = int(found["n"]) if found["n"].isdigit() else _NUMBERS[found["n"]]
    due = _after(context.issued_on, count, found["unit"], context.days_off or DaysOff())
    guess = "" if counted_from == "issue" else "issue"
    return TimePart("offset", context.issued_on + timedelta(days=1), due, text, guess)


def counts_working_days(words: str) -> bool:
    """Whether `words` (in small letters without marks) count in working days."""
    return "ngay lam viec" in words


def _after(day: date, count: int, unit: str, days_off: DaysOff) -> date:
    """The last day of so many units after `day` (Bộ luật Dân sự 2015, Điều 146-148: half a month is 15 days)."""
    if unit == "ngay lam viec":
        while count:
            day += timedelta(days=1)
            count -= not days_off.is_off(day)
        return day
    if unit in ("thang", "nam"):
        if not count:
            return day + timedelta(days=15) if unit == "thang" else _months_on(day, 6)
        return _months_on(day, count * (12 if unit == "nam" else 1))
    return day + timedelta(days=count * (7 if unit == "tuan" else 1))


def _months_on(day: date, months: int) -> date:
    """The same day so many months later, or the last of that month where it has none (Điều 148)."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
