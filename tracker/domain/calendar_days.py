"""Days: the local day of a moment, days off and working days, cut-offs."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo

ONE_DAY = timedelta(days=1)
ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def iso_day(text: str) -> date:
    """The day written as year-month-day, the form that forms and addresses use; ValueError for anything else."""
    if not ISO_DAY.fullmatch(text):
        raise ValueError(f"not a day: {text!r}")
    return date.fromisoformat(text)


def local_day(moment: datetime, zone: tzinfo) -> date:
    """The calendar day that people in `zone` have at `moment` (aware)."""
    return moment.astimezone(zone).date()


def day_start(day: date, zone: tzinfo) -> datetime:
    """The first moment of `day` in `zone`, in UTC."""
    return datetime.combine(day, time.min, zone).astimezone(UTC)


def day_end(day: date, zone: tzinfo) -> datetime:
    """The first moment after `day` in `zone`, in UTC: what happened before it happened by that day."""
    return day_start(day + ONE_DAY, zone)


@dataclass(frozen=True, slots=True)
class DaysOff:
    """The office's table: weekends are off unless worked, other days are worked unless off."""

    off: frozenset[date] = field(default_factory=frozenset)
    worked: frozenset[date] = field(default_factory=frozenset)

    @classmethod
    def from_rows(cls, rows: Iterable[tuple[date, bool]]) -> "DaysOff":
        """Build from (day, is_off) rows."""
        listed = list(rows)
        return cls(frozenset(d for d, is_off in listed if is_off), frozenset(d for d, is_off in listed if not is_off))

    def is_off(self, day: date) -> bool:
        """Whether nobody works on `day`."""
        if day in self.worked:
            return False
        return day in self.off or day.weekday() >= 5

    def working_day_on_or_after(self, day: date) -> date:
        """`day` itself, or the first working day after it (Civil Code 2015, art. 148.5)."""
        while self.is_off(day):
            day += ONE_DAY
        return day

    def working_day_on_or_before(self, day: date) -> date:
        """`day` itself, or the last working day before it."""
        while self.is_off(day):
            day -= ONE_DAY
        return day
