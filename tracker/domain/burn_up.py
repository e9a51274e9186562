"""The year as two lines: how many milestones are due by the end of each month, and how many were done by then."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count

from tracker.domain.timeline import axis_of, month_after
from tracker.domain.views import MilestoneLine


@dataclass(frozen=True, slots=True)
class MonthCount:
    """How many milestones of a plan are due by the `last` day of a month and how many were done; None is not yet.

    In the month of the cut-off `last` is the cut-off for what was done: `counted_to`.
    """

    last: date
    due: int
    done: int | None
    counted_to: date | None


def burn_up(lines: Sequence[MilestoneLine], as_of: date) -> list[MonthCount]:
    """A count for each month that the plan's dates span; empty where it has none.

    Due is what has a date and is somebody's work or done; done is told by the day on which it was reported.
    """
    axis = axis_of(lines)
    if axis is None:
        return []
    dues = sorted(line.deadline.due for line in lines if is_due_by(line, date.max) and line.deadline.due)
    dones = sorted(line.status.done_on for line in lines if line.status.done_on)
    counts = []
    for month in range(axis.months):
        first = month_after(axis.first, month)
        last = month_after(axis.first, month + 1) - timedelta(days=1)
        to = min(last, as_of) if first <= as_of else None
        counts.append(MonthCount(last, _until(dues, last), _until(dones, to) if to else None, to))
    return counts


def is_due_by(line: MilestoneLine, day: date) -> bool:
    """Whether a milestone is due on or before `day`: one that nobody owes any more is not."""
    return line.deadline.due is not None and line.deadline.due <= day and line.status.ended is None


def is_done_by(line: MilestoneLine, day: date) -> bool:
    """Whether a milestone was done on or before `day`, as it is known at the cut-off of the line."""
    return line.status.done_on is not None and line.status.done_on <= day


def _until(days: Sequence[date], last: date) -> int:
    return sum(day <= last for day in days)


@dataclass(frozen=True, slots=True)
class Curve:
    """A line of a chart: its points in the chart's units, from left to right."""

    points: tuple[tuple[float, float], ...]

    @property
    def path(self) -> str:
        """The points as SVG's polyline takes them."""
        return " ".join(f"{x:.1f},{y:.1f}" for x, y in self.points)


@dataclass(frozen=True, slots=True)
class Chart:
    """Two curves in a field of `width` by `height`, the number of all milestones at its top.

    `ticks` are the round numbers to draw lines at, each with its height above the ground.
    """

    width: float
    height: float
    ticks: tuple[tuple[int, float], ...]
    due: Curve
    done: Curve


def chart(counts: Sequence[MonthCount], total: int, width: float = 640, height: float = 240) -> Chart:
    """Where the counts lie: each at the end of its month, all months equally wide."""
    step = width / max(len(counts), 1)

    def place(at: int, n: int) -> tuple[float, float]:
        return (at + 1) * step, height * (1 - n / max(total, 1))

    due = [place(at, each.due) for at, each in enumerate(counts)]
    done = [place(at, each.done) for at, each in enumerate(counts) if each.done is not None]
    ticks = tuple((n, height * n / max(total, 1)) for n in round_numbers(total))
    return Chart(width, height, ticks, Curve(((0.0, height), *due)), Curve(((0.0, height), *done)))


def round_numbers(total: int) -> range:
    """The numbers from 0 up to `total` at which a scale has its lines: at most six, all steps 1, 2 or 5 times a power
    of ten."""
    steps = (lead * 10**power for power in count() for lead in (1, 2, 5))
    return range(0, total + 1, next(step for step in steps if total < 6 * step))
