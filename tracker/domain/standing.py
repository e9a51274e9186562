"""How a plan stands at a cut-off: its lines, and what pages count and pick of them, each worked out once."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from tracker.domain.burn_up import MonthCount, burn_up
from tracker.domain.names import search_key
from tracker.domain.status import Cell, Ending, Status
from tracker.domain.summaries import Tally, tally
from tracker.domain.timeline import Axis, axis_of
from tracker.domain.views import MilestoneLine, ShareLine, UnitRef
from tracker.domain.work import State

MOST_PICKED = 32
FILTERS: Mapping[str, Callable[[Status], bool]] = {
    **{cell.value: (lambda status, cell=cell: status.cell is cell) for cell in Cell},  # type: ignore[misc]
    "done": lambda status: status.done,
    "due": lambda status: status.done or status.cell is Cell.OVERDUE,
    "expected": lambda status: status.expected,
    "kept": lambda status: status.expected and status.done,
    "open": lambda status: not status.done and not status.ended,
    "orphaned": lambda status: status.ended is Ending.ORPHANED,
    "soon": lambda status: status.soon,
    "quiet": lambda status: status.quiet,
    "submitted": lambda status: status.state is State.SUBMITTED,
    "returned": lambda status: status.state is State.RETURNED,
    "on_time_originally": lambda status: status.cell is Cell.DONE_ON_TIME and not status.on_time_extended,
    "on_time_extended": lambda status: status.on_time_extended,
    "late_to_original": lambda status: status.late_to_original,
}
"""What a list of milestones or shares can be narrowed to by `status`, and what each figure counts."""


@dataclass(frozen=True, slots=True)
class UnitBar:
    """A unit with the cells of the shares it leads, and how many of them are open."""

    unit: UnitRef
    lead: Tally
    open: int


@dataclass(frozen=True)
class Standing:
    """The milestones of a plan in the plan's order, as they stood at one cut-off."""

    lines: tuple[MilestoneLine, ...]

    def __len__(self) -> int:
        return len(self.lines)

    @cached_property
    def cells(self) -> Tally:
        """The official cells of the plan."""
        return tally(line.status for line in self.lines)

    @cached_property
    def by_id(self) -> Mapping[int, MilestoneLine]:
        """The milestones by their ids."""
        return {line.id: line for line in self.lines}

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """How many milestones each of FILTERS leaves."""
        return {name: len(self.chosen(name)) for name in FILTERS}

    @cached_property
    def _chosen(self) -> dict[str, tuple[MilestoneLine, ...]]:
        return {}

    def chosen(self, name: str) -> tuple[MilestoneLine, ...]:
        """The milestones that one of FILTERS leaves, in the plan's order; all of them for another name."""
        keeps = FILTERS.get(name)
        if keeps is None:
            return self.lines
        if name not in self._chosen:
            self._chosen[name] = tuple(line for line in self.lines if keeps(line.status))
        return self._chosen[name]

    @cached_property
    def _picked(self) -> dict[Hashable, tuple[MilestoneLine, ...]]:
        return {}

    def pick(self, key: Hashable, read: Callable[[], Iterable[MilestoneLine]]) -> tuple[MilestoneLine, ...]:
        """What `read` picks of the lines, worked out once for each `key`, which names all that it depends on."""
        found = self._picked.get(key)
        if found is None:
            found = tuple(read())
            if len(self._picked) >= MOST_PICKED:  # another thread may do so at any moment
                self._picked.clear()
            self._picked[key] = found
        return found

    @cached_property
    def late(self) -> tuple[MilestoneLine, ...]:
        """What is overdue, the most days late first."""
        return tuple(sorted(self.chosen("overdue"), key=lambda line: -line.status.days_late))

    @cached_property
    def soon(self) -> tuple[MilestoneLine, ...]:
        """What is due within two weeks, the nearest first."""
        return tuple(sorted(self.chosen("soon"), key=lambda line: line.status.days_left or 0))

    @cached_property
    def quiet(self) -> tuple[MilestoneLine, ...]:
        """What has gone quiet, the longest silent first."""
        return tuple(sorted(self.chosen("quiet"), key=_silent_since))

    @cached_property
    def lead_shares(self) -> Mapping[str, tuple[ShareLine, ...]]:
        """The lead shares by the code of their unit."""
        shares: dict[str, list[ShareLine]] = {}
        for line in self.lines:
            for share in line.leads:
                shares.setdefault(share.unit.code, []).append(share)
        return {code: tuple(found) for code, found in shares.items()}

    @cached_property
    def units(self) -> tuple[UnitBar, ...]:
        """Every unit that leads something with the cells of its lead shares, the most overdue first."""
        return unit_bars(self.lead_shares.values())

    @cached_property
    def lead_units(self) -> tuple[tuple[str, str], ...]:
        """Code and name of every unit that leads something, by name."""
        names = {code: found[0].unit.name for code, found in self.lead_shares.items()}
        return tuple(sorted(names.items(), key=lambda each: search_key(each[1])))

    @cached_property
    def months(self) -> tuple[MonthCount, ...]:
        """How many milestones are due and done by the end of each month of the plan."""
        return tuple(burn_up(self.lines, self.lines[0].status.as_of)) if self.lines else ()

    @cached_property
    def due_months(self) -> tuple[str, ...]:
        """The months in which something is due by the plan, as in addresses, the first first."""
        return tuple(sorted({f"{line.planned.due:%Y-%m}" for line in self.lines if line.planned.due}))

    @cached_property
    def late_units(self) -> tuple[tuple[str, str], ...]:
        """Code and name of every unit that still owes something overdue, by name."""
        return owing_units(self.late)

    @cached_property
    def axis(self) -> Axis | None:
        """The months that its dates span."""
        return axis_of(self.lines)


def owing_units(lines: Iterable[MilestoneLine]) -> tuple[tuple[str, str], ...]:
    """Code and name of every unit that leads one of the milestones and is not done with it, by name."""
    owing = {share.unit.code: share.unit.name for line in lines for share in line.leads if not share.status.done}
    return tuple(sorted(owing.items(), key=lambda each: search_key(each[1])))


def unit_bars(shares: Iterable[tuple[ShareLine, ...]]) -> tuple[UnitBar, ...]:
    """The units of these shares, each unit's together, the most overdue first."""
    is_open = FILTERS["open"]
    bars = [
        UnitBar(found[0].unit, tally(share.status for share in found), sum(is_open(share.status) for share in found))
        for found in shares
    ]
    return tuple(sorted(bars, key=lambda bar: (-bar.lead.overdue, -bar.lead.total)))


def _silent_since(line: MilestoneLine) -> date:
    return line.status.last_entry_on or line.deadline.start or line.status.as_of
