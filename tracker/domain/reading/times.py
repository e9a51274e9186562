"""What is understood from a cell of time: the records, and what a plan itself tells about time."""

from dataclasses import dataclass
from datetime import date

from tracker.domain.calendar_days import DaysOff
from tracker.domain.plan_document import MilestoneKind, Severity
from tracker.domain.reading.periods import PlanYear

TAKEN = ("school-frame", "lunar-new-year", "undated-event")
"""What is asked about a day that the plan does not print: it was taken from a calendar, or is not known."""


@dataclass(frozen=True, slots=True)
class TimeContext:
    """What the plan itself tells about time: its year, its day of issue, how 'trước ngày' is read.

    `counts_days` is set for a column headed 'số ngày', where a bare number is a number of days. `days_off` is the
    office's table, by which working days are counted; without it only weekends are left out.
    """

    year: PlanYear | None = None
    issued_on: date | None = None
    before_includes_day: bool = False
    counts_days: bool = False
    days_off: DaysOff | None = None


@dataclass(frozen=True, slots=True)
class OfficeDays:
    """What the office's own tables tell about days: which are off, and the dates it set of school years."""

    off: DaysOff
    years: tuple[PlanYear, ...] = ()

    def of_year(self, year: PlanYear | None) -> PlanYear | None:
        """That year with the dates that the office set of it; as it was given where it set none."""
        own = (each for each in self.years if year and (each.first, each.last) == (year.first, year.last))
        return next(own, year)


@dataclass(frozen=True, slots=True)
class TimePart:
    """One stretch of time understood from a cell, with the words it came from.

    `guess` names what was taken for granted ('listed', 'issue' and what `Span.guess` may be), empty where the words say
    it themselves.
    """

    kind: MilestoneKind
    start: date | None
    due: date | None
    text: str
    guess: str = ""


@dataclass(frozen=True, slots=True)
class TimeProblem:
    """Something in a time cell that a person must see; `message` is a template with %(text)s."""

    severity: Severity
    code: str
    message: str
    text: str
    part: str = ""


@dataclass(frozen=True, slots=True)
class CellTime:
    """Everything understood from one cell."""

    parts: tuple[TimePart, ...]
    problems: tuple[TimeProblem, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether the cell holds time and nothing but time; what is told of how it was read changes nothing."""
        return bool(self.parts) and all(each.severity == "note" or each.code in TAKEN for each in self.problems)
