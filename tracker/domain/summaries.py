"""Counting: official cells and what is taken from a list for a summary."""

from collections.abc import Iterable
from dataclasses import dataclass

from tracker.domain.status import Cell, Status
from tracker.domain.views import PlanHead


@dataclass(frozen=True, slots=True)
class Tally:
    """How many are in each official cell, and how many have gone quiet; the cells add up to `total`.

    `late_to_original` are those later than the plan first said, done or not; `on_time_extended` those of them that were
    done in time by a later due date. What was done in time by the plan's own date is `on_time_originally`.
    """

    done_on_time: int = 0
    done_late: int = 0
    in_time: int = 0
    overdue: int = 0
    no_date: int = 0
    quiet: int = 0
    late_to_original: int = 0
    on_time_extended: int = 0

    @property
    def on_time_originally(self) -> int:
        """Done by the date that the plan first gave."""
        return self.done_on_time - self.on_time_extended

    @property
    def total(self) -> int:
        """All that were counted."""
        return self.done_on_time + self.done_late + self.in_time + self.overdue + self.no_date

    @property
    def done(self) -> int:
        """Done, on time or late."""
        return self.done_on_time + self.done_late

    @property
    def due_so_far(self) -> int:
        """What should be done by the cut-off or is: the denominator of the rate that offices publish."""
        return self.done + self.overdue

    def cells(self) -> dict[str, int]:
        """The five cells by their names, in the official order."""
        return {cell.value: getattr(self, cell.value) for cell in Cell}

    def __add__(self, other: "Tally") -> "Tally":
        sums = {name: getattr(self, name) + getattr(other, name) for name in (*Cell, *_FIGURES)}
        return Tally(**{str(name): count for name, count in sums.items()})


_FIGURES = ("quiet", "late_to_original", "on_time_extended")


def tally(statuses: Iterable[Status], weight: int = 1) -> Tally:
    """Count statuses into cells, each `weight` times."""
    counts = dict.fromkeys((*(cell.value for cell in Cell), *_FIGURES), 0)
    for each in statuses:
        counts[each.cell.value] += weight
        for name in _FIGURES:
            counts[name] += weight * getattr(each, name)
    return Tally(**counts)


@dataclass(frozen=True, slots=True)
class Remainder:
    """What is still to do of a plan that is not the one shown: how much is open, and how much of it overdue."""

    plan: PlanHead
    open: int
    overdue: int


def remainder(plan: PlanHead, statuses: Iterable[Status]) -> Remainder:
    """What is neither done nor ended."""
    left = [each for each in statuses if not each.done and not each.ended]
    return Remainder(plan, len(left), sum(each.cell is Cell.OVERDUE for each in left))
