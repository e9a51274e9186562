"""Records that pages and reports show: what a plan holds and how its work stands at a cut-off."""

from dataclasses import dataclass
from datetime import date

from tracker.domain.status import Calendar, Deadline, ShareFacts, Status

NAMED_ONE_BY_ONE = 3


@dataclass(frozen=True, slots=True)
class UnitRef:
    """A unit as a name to show and a code to link."""

    id: int
    code: str
    name: str
    short_name: str

    @property
    def label(self) -> str:
        """The shortest name people know it by."""
        return self.short_name or self.name


@dataclass(frozen=True, slots=True)
class PlanHead:
    """A plan without its rows; `monitors` in the order in which they confirm, as they are called last.

    `changed_on` is the day from which the latest change holds, None while it stands as issued. `first_day` and
    `last_day` are those of its tasks, None where none has a date.
    """

    id: int
    title: str
    school_year: str | None
    number: str | None
    issuer: str | None
    issued_on: date | None
    state: str
    monitors: tuple[UnitRef, ...]
    calendar: Calendar
    changed_on: date | None = None
    first_day: date | None = None
    last_day: date | None = None

    @property
    def monitor_unit_ids(self) -> tuple[int, ...]:
        """The ids of the monitors, in their order."""
        return tuple(unit.id for unit in self.monitors)


@dataclass(frozen=True, slots=True)
class ShareLine:
    """A unit's share with its facts, dates and status at the cut-off.

    `end_reason` is why it was closed or cancelled; `through_group` tells that the plan names the unit's group.
    """

    id: int
    milestone_id: int
    unit: UnitRef
    part: str
    facts: ShareFacts
    deadline: Deadline
    status: Status
    ended_on: date | None = None
    end_reason: str = ""
    through_group: bool = False


@dataclass(frozen=True, slots=True)
class MilestoneLine:
    """One row of a list: a milestone with its task, its lead shares and its status at the cut-off.

    `several` tells that the task has more than one milestone, `ordinal` which one this is, from 1. `leads_as_written`
    is the cell of the plan, `planned` its dates, `deadline` those that hold with what was granted to its lead shares.
    """

    id: int
    task_id: int
    position: int
    number: str
    title: str
    heading: str | None
    ordinal: int
    several: bool
    kind: str
    start_as_written: str
    due_as_written: str
    planned: Deadline
    deadline: Deadline
    leads: tuple[ShareLine, ...]
    leads_as_written: str
    status: Status

    @property
    def led_by_many(self) -> bool:
        """Whether it has more leads than are named one by one: then they are counted, as where a group leads."""
        return len(self.leads) > NAMED_ONE_BY_ONE


@dataclass(frozen=True, slots=True)
class WorkLine:
    """One share of a unit with the milestone and the task it belongs to.

    `planned` are the dates of the plan, `deadline` those that hold with what was granted to the share.
    """

    share: ShareLine
    milestone_id: int
    task_id: int
    number: str
    title: str
    ordinal: int
    several: bool
    kind: str
    start_as_written: str
    due_as_written: str
    planned: Deadline
    deadline: Deadline
    plan_id: int
