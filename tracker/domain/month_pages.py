"""A calendar's month: its weeks, what falls on each day, and which months there are to leaf through."""

from calendar import Calendar as Weeks
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from tracker.domain.days_off import ListedDay
from tracker.domain.timeline import month_after
from tracker.domain.views import MilestoneLine


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A day with the milestones due on it, in the plan's order; `listed` where the table of days off speaks of it."""

    day: date
    lines: tuple[MilestoneLine, ...] = ()
    listed: ListedDay | None = None

    @property
    def is_off(self) -> bool:
        """Whether nobody works on it."""
        return self.listed.is_off if self.listed else self.weekend

    @property
    def weekend(self) -> bool:
        """Whether it is a Saturday or a Sunday, worked or not."""
        return self.day.weekday() > 4


@dataclass(frozen=True, slots=True)
class Leaves:
    """The months with something due, by their first days, between `first` and `last`, which people may leaf through."""

    due: tuple[date, ...]
    first: date
    last: date

    def before(self, month: date) -> date | None:
        """The month to leaf back to; None at the beginning."""
        return min(month_after(month, -1), self.last) if month > self.first else None

    def after(self, month: date) -> date | None:
        """The month to leaf on to; None at the end."""
        return max(month_after(month, 1), self.first) if month < self.last else None

    def nearest(self, month: date) -> list[date]:
        """The last month before and the first one after `month` in which something is due."""
        earlier, later = [each for each in self.due if each < month], [each for each in self.due if each > month]
        return earlier[-1:] + later[:1]


def first_of_month(day: date) -> date:
    """The first day of the month of `day`."""
    return day.replace(day=1)


def leaves(whole: Iterable[MilestoneLine], chosen: Iterable[MilestoneLine], today: date) -> Leaves:
    """The months in which something of what was `chosen` is due; people leaf through the `whole` and to today's."""
    span = [first_of_month(day) for day in (*_dues(whole), today)]
    return Leaves(tuple(sorted({first_of_month(day) for day in _dues(chosen)})), min(span), max(span))


def _dues(lines: Iterable[MilestoneLine]) -> Iterable[date]:
    return (line.deadline.due for line in lines if line.deadline.due)


def days_with(
    lines: Iterable[MilestoneLine], listed: Iterable[ListedDay], wanted: Callable[[date], bool]
) -> Mapping[date, CalendarDay]:
    """Each wanted day on which something is due or of which the table of days off speaks, the earliest first."""
    due: dict[date, list[MilestoneLine]] = {}
    for line in lines:
        if line.deadline.due and wanted(line.deadline.due):
            due.setdefault(line.deadline.due, []).append(line)
    told = {each.day: each for each in listed if wanted(each.day)}
    return {day: CalendarDay(day, tuple(due.get(day, ())), told.get(day)) for day in sorted(due.keys() | told.keys())}


def weeks(month: date, days: Mapping[date, CalendarDay]) -> Sequence[Sequence[CalendarDay | None]]:
    """The weeks of a month from Monday to Sunday; None stands for the days of other months."""
    whole = Weeks().monthdatescalendar(month.year, month.month)
    return [[days.get(day, CalendarDay(day)) if day.month == month.month else None for day in week] for week in whole]


def crowded(days: Iterable[CalendarDay], seen: int, room: int) -> list[CalendarDay]:
    """The days on which more is due than the `seen` lines of a cell, each with the others, as far as `room` goes."""
    found = []
    for each in days:
        if others := each.lines[seen:][:room]:
            found.append(replace(each, lines=others))
            room -= len(others)
    return found
