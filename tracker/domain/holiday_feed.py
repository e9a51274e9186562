"""Days off, days worked in exchange and the dates of the school year as events of a calendar of their own."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from tracker.domain.days_off import ListedDay
from tracker.domain.errors import Refused
from tracker.domain.names import search_key
from tracker.domain.reading.periods import PlanYear, plan_year
from tracker.domain.words import N_

# What came with the program was never changed: the time and version of its events.
BEGINNING = datetime(2024, 1, 1, tzinfo=UTC)
_FIRST = re.compile(r"(hoc k[iy]|hk) ?(i|1)\b")
_LAST = re.compile(r"((hoc k[iy]|hk) ?(ii|2)|ca nam|nam hoc)\b")


class HolidayKind(StrEnum):
    """What a day is: off, worked in exchange, or one of the dates of a school year."""

    OFF = "off"
    WORKED = "worked"
    OPENS = "opens"
    SEMESTER_ENDS = "semester-1-ends"
    ENDS = "ends"


OF_YEAR = (HolidayKind.OPENS, HolidayKind.SEMESTER_ENDS, HolidayKind.ENDS)
"""The dates of a school year, in their order."""


class Basis(StrEnum):
    """What a day stands on: a document or reason that the office wrote down, a closed period, or the usual frame."""

    DOCUMENT = "document"
    PERIOD = "period"
    FRAME = "frame"


@dataclass(frozen=True, slots=True)
class SetDate:
    """A date of a school year as the office set it, by a document or for a reason, at `changed_at` (UTC).

    Without `day` it let go of what it had set before.
    """

    kind: HolidayKind
    day: date | None
    document: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class NamedPeriod:
    """A period of a plan that was closed at `closed_at` (UTC), such as "Học kỳ I", with its last day."""

    name: str
    to_on: date
    closed_at: datetime


@dataclass(frozen=True, slots=True)
class SchoolYear:
    """A school year of which there is a plan since `known_since` (UTC); BEGINNING where there is none yet.

    `closed` is what was closed of it, the latest last, `dates` what the office set, one for each kind at most.
    """

    name: str
    known_since: datetime
    closed: tuple[NamedPeriod, ...] = ()
    dates: tuple[SetDate, ...] = ()


@dataclass(frozen=True, slots=True)
class HolidayEvent:
    """One all-day event: `key` is its part of the UID, fixed for ever; `changed_at` (UTC) is its LAST-MODIFIED.

    `name` is that of the day off or of the school year, `source` the document or the name of the closed period that the
    day stands on; the usual frame has none.
    """

    key: str
    kind: HolidayKind
    day: date
    name: str
    source: str
    changed_at: datetime
    basis: Basis = Basis.DOCUMENT

    @property
    def sequence(self) -> int:
        """The SEQUENCE (RFC 5545 section 3.8.7.4): as many seconds as the change came after BEGINNING.

        So it needs no count of its own, and rises with each change as long as `changed_at` does.
        """
        return max(int((self.changed_at - BEGINNING) / timedelta(seconds=1)), 0)


def holiday_events(days: Iterable[ListedDay], years: Iterable[SchoolYear]) -> tuple[HolidayEvent, ...]:
    """The events of these lines of the table of days off and of these school years, by day; each has its own UID.

    A day off is one event, also amid others: a stretch that grows would change its UID. Of each school year there are
    its opening, the end of its first semester and its end: the day that the office set, else the last day of a
    closed period of that name, else the Ministry's usual frame; a plan of a calendar year has none.
    """
    events = [_of_day(each) for each in days]
    for each in years:
        events += dates_of(each)
    return tuple(sorted(events, key=lambda event: (event.day, event.key)))


def _of_day(listed: ListedDay) -> HolidayEvent:
    kind = HolidayKind.OFF if listed.is_off else HolidayKind.WORKED
    changed_at = listed.changed_at or BEGINNING
    return HolidayEvent(f"day-off-{listed.day:%Y%m%d}", kind, listed.day, listed.name, listed.document, changed_at)


def dates_of(known: SchoolYear) -> list[HolidayEvent]:
    """The dates of a school year, in their order; a plan of a calendar year has none."""
    year = plan_year(known.name)
    if year is None or not year.is_school_year:
        return []
    opens, ends = year.school_days()
    return [
        _of_date(known, year, HolidayKind.OPENS, opens, None),
        _of_date(known, year, HolidayKind.SEMESTER_ENDS, year.semester(1)[1], _FIRST),
        _of_date(known, year, HolidayKind.ENDS, ends, _LAST),
    ]


def _of_date(
    known: SchoolYear, year: PlanYear, kind: HolidayKind, usual: date, named: re.Pattern[str] | None
) -> HolidayEvent:
    """That date of the year; `usual` is the frame's, `named` what a closed period is called that tells it."""
    day, source, basis, changed_at = usual, "", Basis.FRAME, known.known_since
    for closed in known.closed:
        if named and named.match(search_key(closed.name)):
            day, source, basis = closed.to_on, closed.name, Basis.PERIOD
            changed_at = max(changed_at, closed.closed_at)
    for each in known.dates:
        if each.kind is kind:
            changed_at = max(changed_at, each.changed_at)
            if each.day:
                day, source, basis, changed_at = each.day, each.document, Basis.DOCUMENT, each.changed_at
    return HolidayEvent(f"school-year-{year.name}-{kind}", kind, day, year.name, source, changed_at, basis)


def ask_for_order(year: PlanYear, days: Mapping[HolidayKind, date]) -> None:
    """Refuse dates of a school year that lie outside of it, or that do not follow each other."""
    first, last = year.whole()
    for day in days.values():
        if not first <= day <= last:
            raise Refused(
                N_("Ngày %(day)s nằm ngoài năm học %(year)s (từ %(first)s đến %(last)s). Hãy xem lại năm."),
                day=day,
                year=year.name,
                first=first,
                last=last,
            )
    in_order = [days[kind] for kind in OF_YEAR]
    if not in_order[0] < in_order[1] < in_order[2]:
        raise Refused(
            N_("Năm học phải khai giảng (%(opens)s), rồi hết học kỳ I (%(middle)s), rồi kết thúc (%(ends)s)."),
            opens=in_order[0],
            middle=in_order[1],
            ends=in_order[2],
        )
