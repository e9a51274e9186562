"""Where days lie on a line of months that are drawn equally wide."""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from tracker.domain.status import Cell, Status
from tracker.domain.views import MilestoneLine

MOST_TICKS = 18


@dataclass(frozen=True, slots=True)
class Axis:
    """`months` whole months, the first of which begins on `first`; places are per cent of its length."""

    first: date
    months: int

    def place(self, day: date, end: bool = False) -> float:
        """Where `day` begins, or with `end` where it ends; days outside lie on the nearest edge."""
        whole = (day.year - self.first.year) * 12 + day.month - self.first.month
        part = (day.day - (0 if end else 1)) / monthrange(day.year, day.month)[1]
        return min(max((whole + part) / self.months, 0.0), 1.0) * 100

    def holds(self, day: date) -> bool:
        """Whether `day` lies in one of the months."""
        return 0 <= (day.year - self.first.year) * 12 + day.month - self.first.month < self.months

    def ticks(self) -> list[tuple[date, int]]:
        """The stretches to label (months, quarters, half-years or years): first day of each, length in months."""
        step = next((each for each in (1, 3, 6) if self.months / each <= MOST_TICKS), 12)
        starts = range(0, self.months, step)
        return [(month_after(self.first, start), min(step, self.months - start)) for start in starts]


@dataclass(frozen=True, slots=True)
class Bar:
    """A milestone on an axis, in per cent; `late_width` is how far lateness reaches on from its end.

    `open_end`: it has no due date and goes on. `extended_width` is how much of its end was granted later, `done` where
    the day lies on which it was done.
    """

    line: MilestoneLine
    left: float
    width: float
    late_width: float
    open_end: bool
    extended_width: float = 0.0
    done: float | None = None


def axis_of(lines: Iterable[MilestoneLine]) -> Axis | None:
    """The axis that holds every start and due date; None where there is no date at all."""
    days = [day for line in lines for day in (line.deadline.start, line.deadline.due) if day]
    if not days:
        return None
    first, last = min(days), max(days)
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    return Axis(first.replace(day=1), months)


def bar(line: MilestoneLine, axis: Axis) -> Bar | None:
    """The bar of a milestone; None where it has no date."""
    start, due = line.deadline.start or line.deadline.due, line.deadline.due
    if start is None:
        return None
    left = axis.place(start)
    right = axis.place(due, end=True) if due else 100.0
    late = axis.place(_late_until(line.status), end=True) - right if line.status.days_late else 0.0
    original = line.deadline.original_due
    extended = right - axis.place(max(original, start), end=True) if original and due and original < due else 0.0
    done = axis.place(line.status.done_on) if line.status.done_on else None
    return Bar(line, left, max(right - left, 0.0), max(late, 0.0), due is None, max(extended, 0.0), done)


def _late_until(status: Status) -> date:
    return status.done_on if status.cell is Cell.DONE_LATE and status.done_on else status.as_of


def month_after(first: date, months: int) -> date:
    """The first day of the month that is so many `months` after the one that begins on `first`, or before it."""
    whole = first.month - 1 + months
    return date(first.year + whole // 12, whole % 12 + 1, 1)
