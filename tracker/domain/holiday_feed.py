"""Days off, days worked in exchange and the dates of the school year as events of a calendar of their own."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from tracker.domain.days_off import ListedDay
from tracker.domain.names import search_key
from tracker.domain.reading.periods import PlanYear, plan_year

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


@dataclass(frozen=True, slots=True)
class NamedPeriod:
    """A period of a plan that was closed at `closed_at` (UTC), such as "Học kỳ I", with its last day."""

    name: str
    to_on: date
    closed_at: datetime


@dataclass(frozen=True, slots=True)
class SchoolYear:
    """A school year of which there is a plan since `known_since` (UTC), and what was closed of it, the latest last."""

    name: str
    known_since: datetime
    closed: tuple[NamedPeriod, ...] = ()


@dataclass(frozen=True, slots=True)
class HolidayEvent:
    """One all-day event: `key` is its part of the UID, fixed for ever; `changed_at` (UTC) is its LAST-MODIFIED.

    `name` is that of the day off or of the school year, `source` the document that says so, or the name of the closed
    period; a date of the school year without one is that of the usual frame.
    """

    key: str
    kind: HolidayKind
    day: date
    name: str
    source: str
    changed_at: datetime

    @property
    def sequence(self) -> int:
        """The SEQUENCE (RFC 5545 section 3.8.7.4): as many seconds as the change came after BEGINNING.

        So it needs no count of its own, and rises with each change as long as `changed_at` does.
        """
        return max(int((self.changed_at - BEGINNING) / timedelta(seconds=1)), 0)


def holiday_events(days: Iterable[ListedDay], years: Iterable[SchoolYear]) -> tuple[HolidayEvent, ...]:
    """The events of these lines of the table of days off and of these school years, by day; each has its own UID.

    A day off is one event, also amid others: a stretch that grows would change its UID. Of each school year there are
    its opening, the end of its first semester and its end. Where a period of that name was closed its last day holds,
    else the Ministry's usual frame; a plan of a calendar year has none.
    """
    events = [_of_day(each) for each in days]
    for each in years:
        year = plan_year(each.name)
        if year and year.is_school_year:
            events += _of_year(each, year)
    return tuple(sorted(events, key=lambda event: (event.day, event.key)))


def _of_day(listed: ListedDay) -> HolidayEvent:
    kind = HolidayKind.OFF if listed.is_off else HolidayKind.WORKED
    changed_at = listed.changed_at or BEGINNING
    return HolidayEvent(f"day-off-{listed.day:%Y%m%d}", kind, listed.day, listed.name, listed.document, changed_at)


def _of_year(known: SchoolYear, year: PlanYear) -> Iterator[HolidayEvent]:
    opens, ends = year.school_days()
    name = f"{year.first}-{year.last}"
    for kind, day, named in (
        (HolidayKind.OPENS, opens, None),
        (HolidayKind.SEMESTER_ENDS, year.semester(1)[1], _FIRST),
        (HolidayKind.ENDS, ends, _LAST),
    ):
        closed = [each for each in known.closed if named and named.match(search_key(each.name))]
        source, last, changed_at = "", day, known.known_since
        if closed:
            source, last = closed[-1].name, closed[-1].to_on
            changed_at = max(changed_at, closed[-1].closed_at)
        yield HolidayEvent(f"school-year-{name}-{kind}", kind, last, name, source, changed_at)
