"""Naming a stretch of the calendar: days, months, quarters, halves, semesters, years.

Everything here works on text already in small letters without marks (`tracker.domain.names.bare`). A period ends
with its last calendar day, the beginning, middle and end of a month are its days 1, 15 and last
(Bộ luật Dân sự 2015, Điều 146).
"""

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

from tracker.domain.reading.new_years import new_year

Precision = Literal["day", "period"]


class NotInCalendar(Exception):
    """A day, a month, a quarter or years that do not exist: `kind` says which, `part` names them in figures."""

    def __init__(self, kind: Literal["day", "month", "quarter", "years", "week"], part: str) -> None:
        super().__init__(kind, part)
        self.kind = kind
        self.part = part


class YearUnknown(Exception):
    """A date without a year where the plan does not tell its year either."""


@dataclass(frozen=True, slots=True)
class Span:
    """First and last day; `dated` tells whether the text itself gave the year, `guess` what was taken for granted.

    Of a school year's frame that is 'opens', 'semester' or 'ends' and the day that counts ('opens 2024-09-05'), with
    'whole-' before it where the text names the semester or the year itself.
    """

    start: date
    due: date
    precision: Precision
    dated: bool = True
    guess: str = ""


@dataclass(frozen=True, slots=True)
class PlanYear:
    """The year a plan speaks for: a calendar year (`first` == `last`) or a school year (`last` == `first` + 1).

    `opens`, `semester_ends` and `ends` are the school calendar; the defaults are the Ministry's usual frame
    (opening on 5 September, first semester over before 18 January, the year over on 31 May).
    """

    first: int
    last: int
    opens: date | None = None
    semester_ends: date | None = None
    ends: date | None = None

    @property
    def name(self) -> str:
        """The year as plans name it: 2024-2025, or 2026."""
        return f"{self.first}-{self.last}" if self.last > self.first else str(self.first)

    @property
    def is_school_year(self) -> bool:
        """Whether the plan runs over two calendar years."""
        return self.last == self.first + 1

    def year_of(self, month: int) -> int:
        """The year of a month written without one: July to December the first, January to June the second."""
        if self.last > self.first + 1:
            raise YearUnknown
        return self.first if month >= _BEGINS else self.last

    def semester(self, which: int) -> tuple[date, date]:
        """First and last day of semester 1 or 2."""
        end_of_first = self.semester_ends or date(self.last, 1, 17)
        if which == 1:
            return self.school_days()[0], end_of_first
        return date.fromordinal(end_of_first.toordinal() + 1), self.school_days()[1]

    def school_days(self) -> tuple[date, date]:
        """First and last day of the school year."""
        return self.opens or date(self.first, 9, 5), self.ends or date(self.last, 5, 31)

    def sets(self, day: str) -> bool:
        """Whether this day (ISO) is a date of the school year that was set, not the usual frame's."""
        return any(each and each.isoformat() == day for each in (self.opens, self.semester_ends, self.ends))

    def whole(self) -> tuple[date, date]:
        """First and last day of the time such a plan covers: the calendar year, or July to the next August."""
        if self.is_school_year:
            return date(self.first, 7, 1), date(self.last, 8, 31)
        return date(self.first, 1, 1), date(self.last, 12, 31)


def plan_year(text: str) -> PlanYear | None:
    """The plan year named '2024-2025' or '2026', or None."""
    found = re.fullmatch(r"\s*(20\d\d)(?:\s*[-–]\s*(20\d\d))?\s*", text)
    if not found:
        return None
    first, last = int(found[1]), int(found[2] or found[1])
    return PlanYear(first, last) if last >= first else None


def month_span(year: int, month: int, dated: bool = True) -> Span:
    """A whole month; raises NotInCalendar."""
    if not 1 <= month <= 12:
        raise NotInCalendar("month", str(month))
    return Span(date(year, month, 1), date(year, month, monthrange(year, month)[1]), "period", dated)


def quarter_span(year: int, quarter: int, dated: bool = True) -> Span:
    """A whole quarter."""
    first, last = month_span(year, quarter * 3 - 2), month_span(year, quarter * 3)
    return Span(first.start, last.due, "period", dated)


def _day(day: str, month: str, year: str | None, plan: PlanYear | None) -> Span:
    when_year = _year(year, int(month), plan)
    try:
        when = date(when_year, int(month), int(day))
    except ValueError:
        raise NotInCalendar("day", f"{int(day)}/{int(month)}") from None
    return Span(when, when, "day", bool(year))


def _year(written: str | None, month: int, plan: PlanYear | None) -> int:
    if written:
        return int(written) if len(written) == 4 else 2000 + int(written)
    if plan is None:
        raise YearUnknown
    return plan.year_of(month)


def _named_day(found: re.Match[str], plan: PlanYear | None) -> Span:
    return _day(found["d"], found["m"], found["y"], plan)


def _month(found: re.Match[str], plan: PlanYear | None) -> Span:
    month = int(found["m"]) if found["m"].isdigit() else SPELLED_MONTHS[found["m"]]
    if not 1 <= month <= 12:
        raise NotInCalendar("month", str(month))
    return month_span(_year(found["y"], month, plan), month, found["y"] is not None)


def _part_of_month(found: re.Match[str], plan: PlanYear | None) -> Span:
    whole = _month(found, plan)
    day = {"dau": 1, "giua": 15, "cuoi": whole.due.day}[found["part"]]
    when = whole.start.replace(day=day)
    return Span(when, when, "day", whole.dated)


def _week(found: re.Match[str], plan: PlanYear | None) -> Span:
    """The n-th seven days of a month; the fifth has what is left, the last one are its last seven days."""
    whole = _month(found, plan)
    last = whole.due.day
    if found["w"] == "cuoi":
        first, end = last - 6, last
    else:
        which = _WEEKS[found["w"]]
        first, end = which * 7 - 6, min(which * 7, last)
    if first > last:
        raise NotInCalendar("day", f"{first}/{whole.due.month}")
    return Span(whole.start.replace(day=first), whole.start.replace(day=end), "period", whole.dated, "week")


def _school_week(found: re.Match[str], plan: PlanYear | None) -> Span | None:
    """The n-th week of a school year, Monday to Sunday, from the one with its first day; no other year counts them."""
    own = plan_year(f"{found['y']}-{found['z']}") if found["y"] else plan
    if own is None:
        raise YearUnknown
    if not own.is_school_year:
        return None
    which = int(found["w"])
    if not 1 <= which <= _MOST_WEEKS:
        raise NotInCalendar("week", str(which))
    own = plan if plan and (plan.first, plan.last) == (own.first, own.last) else own
    opens = own.school_days()[0]
    monday = opens + timedelta(days=7 * (which - 1) - opens.weekday())
    return Span(monday, monday + timedelta(days=6), "period", found["y"] is not None, f"school-week {opens}")


def _stretch_of_month(found: re.Match[str], plan: PlanYear | None) -> Span:
    whole = _month(found, plan)
    first, end = _STRETCHES[found["part"]]
    return replace(whole, start=whole.start.replace(day=first), due=whole.due.replace(day=end or whole.due.day))


def _part_of_year(found: re.Match[str], plan: PlanYear | None) -> Span:
    month, day = {"dau": (1, 1), "giua": (6, 30), "cuoi": (12, 31)}[found["part"]]
    when = date(_year(found["y"], month, plan), month, day)
    return Span(when, when, "day", found["y"] is not None)


def _edge(found: re.Match[str], plan: PlanYear | None) -> Span | None:
    """The first or the last day of a quarter, a semester or a school year."""
    first = found["part"] == "dau"
    if plan and plan.first == plan.last and found["of"].startswith("nam hoc"):
        plan = PlanYear(plan.first - (not first), plan.first + first)
    whole = read_span(found["of"], plan)
    if whole is None or whole.precision == "day":
        return None
    when = whole.start if first else whole.due
    return Span(when, when, "day", whole.dated, begun_by(whole) if first else whole.guess.removeprefix("whole-"))


def begun_by(whole: Span) -> str:
    """What was taken for granted where the first day of a stretch counts: the opening, or the first semester's end."""
    if not whole.guess.startswith("whole-"):
        return whole.guess
    opens = whole.start.month >= _BEGINS
    return f"opens {whole.start}" if opens else f"semester {whole.start - timedelta(days=1)}"


def _quarter(found: re.Match[str], plan: PlanYear | None) -> Span:
    quarter = QUARTERS.get(found["q"])
    if quarter is None:
        raise NotInCalendar("quarter", found["q"].upper())
    return quarter_span(_year(found["y"], quarter * 3, plan), quarter, found["y"] is not None)


def _half(found: re.Match[str], plan: PlanYear | None) -> Span:
    count = int(found["n"]) if found["n"].isdigit() else SPELLED_MONTHS[found["n"]]
    if not 1 <= count <= 11:
        raise NotInCalendar("month", str(count))
    months = (1, count) if found["part"] == "dau" else (13 - count, 12)
    year = _year(found["y"], 1 if found["part"] == "dau" else 12, plan)
    return Span(month_span(year, months[0]).start, month_span(year, months[1]).due, "period", found["y"] is not None)


def _semester(found: re.Match[str], plan: PlanYear | None) -> Span:
    own = plan_year(f"{found['y']}-{found['z']}") if found["y"] else None
    if own is None or (plan and (own.first, own.last) == (plan.first, plan.last)):
        own = plan
    if own is None or not own.is_school_year:
        raise YearUnknown
    which = QUARTERS[found["s"]]
    start, due = own.semester(which)
    return Span(start, due, "period", found["y"] is not None, f"whole-{'semester' if which == 1 else 'ends'} {due}")


def _years(found: re.Match[str], plan: PlanYear | None) -> Span:
    first, last = int(found["y"]), int(found["z"] or found["y"])
    if last < first:
        raise NotInCalendar("years", f"{first}-{last}")
    return Span(date(first, 1, 1), date(last, 12, 31), "period")


def _school_year(found: re.Match[str], plan: PlanYear | None) -> Span:
    own = plan_year(f"{found['y']}-{found['z']}") if found["y"] else plan
    if own is None or not own.is_school_year:
        raise YearUnknown
    start, due = (plan if plan and (plan.first, plan.last) == (own.first, own.last) else own).school_days()
    return Span(start, due, "period", found["y"] is not None, f"whole-ends {due}")


def _opening(found: re.Match[str], plan: PlanYear | None) -> Span:
    own = plan_year(f"{found['y']}-{found['z']}") if found["y"] else plan
    if own is None or own.last > own.first + 1:
        raise YearUnknown
    when = (plan if plan and (plan.first, plan.last) == (own.first, own.last) else own).school_days()[0]
    return Span(when, when, "day", found["y"] is not None, f"opens {when}")


def _lunar_new_year(found: re.Match[str], plan: PlanYear | None) -> Span | None:
    days = new_year(_year(found["y"], 1, plan))
    return Span(*days, "period", found["y"] is not None, f"new-year {days[0]}") if days else None


def _plan_year(found: re.Match[str], plan: PlanYear | None) -> Span:
    if plan is None:
        raise YearUnknown
    start, due = plan.whole()
    return Span(start, due, "period", False)


_MONTH_WORDS = ("mot", "hai", "ba", "tu", "nam", "sau", "bay", "tam", "chin", "muoi")
SPELLED_MONTHS = {word: number for number, word in enumerate(_MONTH_WORDS, 1)}
SPELLED_MONTHS |= {"muoi mot": 11, "muoi hai": 12}
_WEEKS = {"1": 1, "2": 2, "3": 3, "4": 4, "5": 5, "dau": 1, "nhat": 1, "hai": 2, "ba": 3, "tu": 4, "nam": 5}
_MOST_WEEKS = 52
_STRETCHES = {
    "nua dau": (1, 15),
    "nua cuoi": (16, 0),
    "thuong tuan": (1, 10),
    "trung tuan": (11, 20),
    "ha tuan": (21, 0),
}
QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}

_Y4 = r"(?P<y>\d{4})"
_Y = r"(?P<y>\d{4}|\d{2})"
_MONTH_NAME = r"(?:thang ?|t\.? ?)(?P<m>\d{1,2}|" + "|".join(sorted(SPELLED_MONTHS, key=len, reverse=True)) + ")"
_BEGINS = 7  # from this month on a school year opens, no semester
_OF_YEAR = r"(?:(?: ?/ ?|,? nam | )(?P<y>\d{4}))?"
_WEEK = rf"(?P<w>{'|'.join(_WEEKS)}|cuoi)"
_Builder = Callable[[re.Match[str], PlanYear | None], Span | None]


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(rf"(?:(?:trong|vao|khoang) )?{text}")


_RULES: tuple[tuple[re.Pattern[str], _Builder], ...] = (
    (_pattern(rf"(?:ngay )?(?P<d>\d{{1,2}}) ?(?P<sep>[/.\-]) ?(?P<m>\d{{1,2}}) ?(?P=sep) ?{_Y}"), _named_day),
    (_pattern(rf"(?:ngay )?(?P<d>\d{{1,2}}) thang (?P<m>\d{{1,2}})(?:(?: nam | ?/ ?){_Y4})?"), _named_day),
    (_pattern(r"ngay (?P<d>\d{1,2}) ?[/.\-] ?(?P<m>\d{1,2})(?P<y>)?"), _named_day),
    (_pattern(r"(?P<d>\d{1,2}) ?[/.] ?(?P<m>\d{1,2})(?P<y>)?"), _named_day),
    (_pattern(r"(?:ngay )?(?P<y>\d{4})(?P<sep>[/.\-])(?P<m>\d{1,2})(?P=sep)(?P<d>\d{1,2})"), _named_day),
    (_pattern(r"(?P<y>\d{4})[/.\-](?P<m>0[1-9]|1[0-2])"), _month),
    (_pattern(rf"tuan (?:le )?(?:thu )?{_WEEK}(?: tien| cung)?,? (?:cua )?{_MONTH_NAME}{_OF_YEAR}"), _week),
    (
        _pattern(rf"tuan (?:hoc |le )?(?:thu )?(?P<w>\d{{1,2}})(?:,? (?:cua )?nam hoc(?: {_Y4} ?- ?(?P<z>\d{{4}}))?)?"),
        _school_week,
    ),
    (_pattern(rf"(?P<part>{'|'.join(_STRETCHES)}) {_MONTH_NAME}{_OF_YEAR}"), _stretch_of_month),
    (_pattern(rf"(?:ngay )?(?P<part>dau|giua|cuoi) nam(?: {_Y4})?"), _part_of_year),
    (_pattern(r"(?:ngay )?(?P<part>dau|cuoi) (?P<of>(?:quy|hoc ky|hoc ki|hk(?:ii?|[12])?|nam hoc)\b.*)"), _edge),
    (_pattern(rf"(?:ngay )?(?P<part>dau|giua|cuoi) {_MONTH_NAME}(?:(?: ?/ ?| nam ){_Y4})?"), _part_of_month),
    (_pattern(rf"{_MONTH_NAME}(?:(?: ?/ ?|,? nam | (?=\d{{4}}))(?P<y>\d{{4}}|[2-9]\d))?"), _month),
    (_pattern(rf"(?:thang |t\.?)?(?P<m>\d{{1,2}}) ?[/.\-] ?{_Y4}"), _month),
    (_pattern(rf"quy (?P<q>[ivx]{{1,4}}|\d)(?:(?: ?[/.\-] ?| nam | ){_Y4})?"), _quarter),
    (_pattern(rf"(?P<n>\d{{1,2}}|ba|sau|chin) thang (?P<part>dau|cuoi) (?:cua )?nam(?: {_Y4})?"), _half),
    (_pattern(rf"(?:hoc ky|hoc ki|hk) ?(?P<s>ii|i|1|2)(?:,? (?:nam hoc )?{_Y4} ?- ?(?P<z>\d{{4}}))?"), _semester),
    (_pattern(rf"(?:ca |het |suot |toan )?nam hoc(?: moi)?(?: {_Y4} ?- ?(?P<z>\d{{4}}))?"), _school_year),
    (
        _pattern(rf"(?:(?:dip|ngay|le) )*khai (?:giang|truong)(?: nam hoc)?(?: moi)?(?: {_Y4} ?- ?(?P<z>\d{{4}}))?"),
        _opening,
    ),
    (
        _pattern(rf"(?:(?:dip|ky|nghi|ngay|le) )*tet(?: nguyen dan| am lich| co truyen)?(?:,? (?:nam )?{_Y4})?"),
        _lunar_new_year,
    ),
    (_pattern(rf"(?:ca |giai doan |cac nam )?(?:nam )?{_Y4}(?: ?- ?(?P<z>\d{{4}}))?"), _years),
    (_pattern(r"(?:ca nam|nam)(?: ke hoach)?"), _plan_year),
)


def read_span(text: str, plan: PlanYear | None) -> Span | None:
    """The stretch of time that the whole of `text` names, or None where it names none.

    Raises NotInCalendar for month 13 or 31/4, YearUnknown where neither text nor plan tells the year.
    """
    found = _span_or_why_none(text, plan)
    if isinstance(found, Exception):
        raise type(found)(*found.args)
    return found


@lru_cache(maxsize=8192)  # where cells are looked for in bare text, the same words are tried again and again
def _span_or_why_none(text: str, plan: PlanYear | None) -> Span | NotInCalendar | YearUnknown | None:
    for pattern, build in _RULES:
        if found := pattern.fullmatch(text):
            try:
                return build(found, plan)
            except (NotInCalendar, YearUnknown) as wrong:
                return wrong.with_traceback(None)
    return None
