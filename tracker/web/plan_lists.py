"""The lists of the pages as an address asks for them: what its filters leave, in its order."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from flask import request

from tracker.domain.access import oversees
from tracker.domain.assignments import LEAD, PARTNER
from tracker.domain.list_filters import PARTS, SORTS, ListFilter, in_order, led_by, month_of
from tracker.domain.standing import FILTERS, Standing
from tracker.domain.status import Cell
from tracker.domain.views import MilestoneLine, PlanHead, WorkLine
from tracker.store import matrix, units
from tracker.store.facts import CutOff
from tracker.store.units import NamedUnit
from tracker.web.asked import leave_out, one_of
from tracker.web.runtime import gettext, person
from tracker.web.unit_words import LEVELS
from tracker.web.work import TO_DO, section

UNIT_FILTERS: Mapping[str, Callable[[WorkLine], bool]] = {
    **{name: (lambda line, keeps=keeps: keeps(line.share.status)) for name, keeps in FILTERS.items()},  # type: ignore[misc]
    "to_do": lambda line: section(line) in TO_DO,
}
"""What `status` narrows a unit's shares to: as a plan's milestones, and what the unit still has to do."""


SOON = "soon"
LATE_ORDERS = ("unit", "due")
"""The orders of what is late, beside its own."""


def asked(everyone: Sequence[NamedUnit]) -> ListFilter:
    """What this address asks for, of the units that there are; what is none is left out, and the page says so."""
    wanted = ListFilter.of(request.args)
    if not wanted.month:
        leave_out("month")
    one_of("part", (LEAD, *PARTS))
    one_of("sort", SORTS)
    return replace(
        wanted,
        status=one_of("status", FILTERS),
        unit=one_of("unit", {each.code for each in everyone}),
        level=one_of("level", {each.level for each in everyone if each.level}),
    )


def unit_asked(stands: Standing, cut: CutOff) -> tuple[str, str]:
    """Code and name of the one unit that the address asks for, empty where it asks for none.

    1 query where it leads nothing of the plan.
    """
    code, leads = request.args.get("unit", "").strip(), dict(stands.lead_units)
    if not code or code in leads:
        return code, leads.get(code, "")
    found = units.ref_by_code(code, cut.as_of)
    if found is None:
        leave_out("unit")
    return (found.code, found.name) if found else ("", "")


def listed(
    plan: PlanHead,
    cut: CutOff,
    stands: Standing,
    wanted: ListFilter,
    everyone: Sequence[NamedUnit],
    may_open: Callable[[int], bool],
) -> Sequence[MilestoneLine]:
    """The milestones that a filter leaves, sorted. 1 query where partners are asked for.

    Of tasks that one may not open, a filter or an order by state would tell the state: such a filter leaves them out.
    """
    return stands.pick(("listed", wanted, _scope()), lambda: _listed(plan, cut, stands, wanted, everyone, may_open))


def _scope() -> int | None:
    """On what it depends which tasks the person asking may open: their unit, or nothing where they oversee all."""
    return None if oversees(person()) else person().unit_id or 0


def _listed(
    plan: PlanHead,
    cut: CutOff,
    stands: Standing,
    wanted: ListFilter,
    everyone: Sequence[NamedUnit],
    may_open: Callable[[int], bool],
) -> list[MilestoneLine]:
    found = wanted.by_text(stands.chosen(wanted.status))
    if wanted.status in FILTERS and not oversees(person()):
        found = [line for line in found if may_open(line.task_id)]
    if wanted.unit or wanted.level:
        ids = _with_units(plan, cut, found, wanted, everyone)
        found = [line for line in found if line.id in ids]

    def dates_seen(line: MilestoneLine) -> bool:
        return may_open(line.task_id)

    if wanted.month:
        found = [
            line
            for line in found
            if month_of((line.deadline if dates_seen(line) else line.planned).due) == wanted.month
        ]
    return in_order(found, wanted.sort, dates_seen)


def _with_units(
    plan: PlanHead, cut: CutOff, lines: Sequence[MilestoneLine], wanted: ListFilter, everyone: Sequence[NamedUnit]
) -> set[int]:
    """The milestones in which the units asked for have the part asked for."""
    codes = {each.code for each in everyone if wanted.unit in ("", each.code) and wanted.level in ("", each.level)}
    ids = set() if wanted.part == "partner" else led_by(lines, codes)
    return ids | matrix.partnered(plan, codes, cut) if wanted.part else ids


def level_choices(everyone: Sequence[NamedUnit]) -> list[tuple[str, str]]:
    """The levels that there are units of, with their names."""
    there = {each.level for each in everyone}
    return [(level, gettext(name)) for level, name in LEVELS.items() if level in there]


def late(stands: Standing, unit: str, may_open: Callable[[int], bool]) -> Sequence[MilestoneLine]:
    """What is overdue of what one may open, what one's own unit owes first; with `unit` what that one still owes."""
    return stands.pick(("late", unit, _scope()), lambda: _late(stands, unit, may_open))


def _late(stands: Standing, unit: str, may_open: Callable[[int], bool]) -> list[MilestoneLine]:
    seen = [line for line in stands.late if may_open(line.task_id) and (not unit or unit in owing(line))]
    return sorted(seen, key=lambda line: not is_own(line))


def late_in_order(lines: Sequence[MilestoneLine], may_open: Callable[[int], bool]) -> list[MilestoneLine]:
    """The lines in the order that the address asks for, else as they are."""
    return in_order(lines, one_of("sort", LATE_ORDERS), lambda line: may_open(line.task_id))


def soon(stands: Standing, unit: str, may_open: Callable[[int], bool]) -> Sequence[MilestoneLine]:
    """What is due within two weeks of what one may open, the nearest first; with `unit` what that one still owes."""

    def found() -> list[MilestoneLine]:
        return [line for line in stands.soon if may_open(line.task_id) and (not unit or unit in owing(line))]

    return stands.pick(("soon", unit, _scope()), found)


def is_own(line: MilestoneLine) -> bool:
    """Whether the reader's own unit still owes it; to those who follow every unit's work, all of it is alike."""
    return not oversees(person()) and person().unit_code in owing(line)


def owing(line: MilestoneLine) -> set[str]:
    """The units that lead a milestone and are not done with it."""
    return {share.unit.code for share in line.leads if not share.status.done}


def of_unit(lines: Sequence[WorkLine], may_open: Callable[[int], bool]) -> list[WorkLine]:
    """The shares of a unit in the part and the state asked for, what is late first, or by due date.

    States are asked of what one may open alone.
    """
    part, status = one_of("part", (LEAD, PARTNER)), one_of("status", UNIT_FILTERS)
    kept = [line for line in lines if part in ("", line.share.part)]
    if status:
        kept = [line for line in kept if may_open(line.task_id) and UNIT_FILTERS[status](line)]
    return kept if one_of("sort", ("due",)) else sorted(kept, key=lambda line: _urgency(line, may_open(line.task_id)))


def _urgency(line: WorkLine, seen: bool) -> tuple[int, int, date]:
    """By what a unit's shares are sorted: what is late, the latest first; what is open; what is done or over."""
    status = line.share.status
    due = (line.deadline if seen else line.planned).due or date.max
    if not seen:
        return 1, 0, due
    if status.cell is Cell.OVERDUE:
        return 0, -status.days_late, due
    return 2 if status.done or status.ended else 1, 0, due
