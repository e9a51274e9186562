"""The first page: how far the plan is and what the person asking should do next, by role."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, render_template

from tracker.domain.access import oversees
from tracker.domain.people import Person, Role
from tracker.domain.status import Cell, Status
from tracker.domain.summaries import Tally, tally
from tracker.domain.views import MilestoneLine, PlanHead, ShareLine, UnitRef
from tracker.domain.work import State
from tracker.store.amendments import held
from tracker.store.facts import CutOff, milestone_lines, unit_lines
from tracker.store.remainders import remainders
from tracker.store.work import latest_notes
from tracker.web.cutoffs import cut_off, left_of_others, other_plans, plan_of_page
from tracker.web.periods import closed_periods
from tracker.web.runtime import person
from tracker.web.waiting import waiting_for
from tracker.web.work import SECTIONS, TO_DO, called, section

pages = Blueprint("overview", __name__)

TOP = 6
WORST_FOR_LEADERS = 5
TOP_UNITS = 10


@dataclass(frozen=True, slots=True)
class UnitBar:
    """A unit with the cells of the shares it leads."""

    unit: UnitRef
    lead: Tally


@pages.get("/")
def index() -> str:
    """The page of the person asking; at most 10 queries, whatever the size of the plan."""
    plan, who = plan_of_page(), person()
    if plan is None:
        return render_template("pages/welcome.html")
    if oversees(who):
        return _whole_plan(plan, who, cut_off())
    return _own_unit(plan, who, cut_off())


def _whole_plan(plan: PlanHead, who: Person, cut: CutOff) -> str:
    others = other_plans(plan)
    then = held(plan, cut.held_on, *others)
    lines = milestone_lines(plan, cut, then)
    late = sorted(_in_cell(lines, Cell.OVERDUE), key=lambda line: -line.status.days_late)
    soon = sorted((line for line in lines if line.status.soon), key=lambda line: line.status.days_left or 0)
    to_confirm = waiting_for(who, plan, lines, cut)
    worst = late[: WORST_FOR_LEADERS if who.role is Role.LEADER else TOP]
    return render_template(
        "pages/overview.html",
        plan=plan,
        closed=closed_periods(plan),
        cells=tally(line.status for line in lines),
        worst=worst,
        notes=latest_notes(worst, cut.until),
        waiting=to_confirm[:TOP],
        waiting_count=len(to_confirm),
        by_id={line.id: line for line in lines},
        soon=soon[:TOP],
        soon_count=len(soon),
        returned=[line for line in lines if line.status.state is State.RETURNED],
        quiet=sorted((line for line in lines if line.status.quiet), key=_silent_since)[:TOP],
        bars=unit_bars(lines)[:TOP_UNITS],
        own=tally(_lead_statuses(lines, who.unit_id)),
        others=remainders(others, cut, then=then),
        top=TOP,
    )


def _own_unit(plan: PlanHead, who: Person, cut: CutOff) -> str:
    lines = unit_lines(plan, who.unit_id, cut) if who.unit_id else []
    ordered = sorted(lines, key=lambda line: (SECTIONS.index(section(line)), line.share.part != "lead"))
    to_do = [line for line in ordered if section(line) in TO_DO]
    return render_template(
        "pages/overview_unit.html",
        plan=plan,
        closed=closed_periods(plan),
        called=called(lines, who),
        next_line=to_do[0] if to_do else None,
        to_do=to_do[1 : TOP + 1],
        to_do_count=len(to_do),
        section=section,
        waiting=[line for line in lines if line.share.status.state is State.SUBMITTED],
        lead=tally(line.share.status for line in lines if line.share.part == "lead"),
        partner=tally(line.share.status for line in lines if line.share.part == "partner"),
        others=left_of_others(plan, who.unit_id) if who.unit_id else [],
    )


def unit_bars(lines: Iterable[MilestoneLine]) -> list[UnitBar]:
    """Every unit that leads something with the cells of its lead shares, the most overdue first."""
    shares: dict[str, list[ShareLine]] = {}
    for line in lines:
        for share in line.leads:
            shares.setdefault(share.unit.code, []).append(share)
    bars = [UnitBar(found[0].unit, tally(share.status for share in found)) for found in shares.values()]
    return sorted(bars, key=lambda bar: (-bar.lead.overdue, -bar.lead.total))


def _in_cell(lines: list[MilestoneLine], cell: Cell) -> list[MilestoneLine]:
    return [line for line in lines if line.status.cell is cell]


def _lead_statuses(lines: list[MilestoneLine], unit_id: int | None) -> list[Status]:
    return [share.status for line in lines for share in line.leads if share.unit.id == unit_id]


def _silent_since(line: MilestoneLine) -> date:
    return line.status.last_entry_on or line.deadline.start or line.status.as_of
