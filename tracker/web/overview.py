"""The first page: how far the plan is and what the person asking should do next, by role."""

from calendar import monthrange
from dataclasses import replace
from datetime import date

from flask import Blueprint, render_template

from tracker.domain.access import oversees
from tracker.domain.calendar_days import day_end
from tracker.domain.people import Person, Role
from tracker.domain.summaries import tally
from tracker.domain.views import PlanHead
from tracker.domain.work import State
from tracker.store.facts import CutOff
from tracker.store.standings import standing, work_of
from tracker.store.work import latest_notes
from tracker.web.calling import whom_to_call
from tracker.web.cutoffs import cut_off, left_of_others, plan_of_page
from tracker.web.kept_pages import kept
from tracker.web.periods import closed_periods
from tracker.web.runtime import person
from tracker.web.waiting import waiting_for, waiting_in_all
from tracker.web.work import SECTIONS, TO_DO, called, section

pages = Blueprint("overview", __name__)

TOP = 6
WORST_FOR_LEADERS = 5
TOP_UNITS = 10
UNITS_FOR_LEADERS = 6


@pages.get("/")
@kept
def index() -> str:
    """The page of the person asking; at most 10 queries, whatever the size of the plan."""
    plan, who = plan_of_page(), person()
    if plan is None:
        return render_template("pages/welcome.html")
    if who.role is Role.LEADER:
        return _for_leaders(plan, cut_off())
    if oversees(who):
        return _whole_plan(plan, who, cut_off())
    return _own_unit(plan, who, cut_off())


def _whole_plan(plan: PlanHead, who: Person, cut: CutOff) -> str:
    stands = standing(plan, cut)
    waiting = waiting_for(who, plan, stands, cut)
    worst = stands.late[:TOP]
    return render_template(
        "pages/overview.html",
        plan=plan,
        closed=closed_periods(plan),
        stands=stands,
        cells=stands.cells,
        counts=stands.counts,
        worst=worst,
        notes=latest_notes(worst, cut.until),
        contacts=whom_to_call(worst),
        waiting=waiting.shares[:TOP],
        requests=waiting.requests[:TOP],
        waiting_count=len(waiting),
        by_id=stands.by_id,
        soon=stands.soon[:TOP],
        returned=stands.chosen("returned")[:TOP],
        quiet=stands.quiet[:TOP],
        bars=stands.units[:TOP_UNITS],
        own=next((bar.lead for bar in stands.units if bar.unit.id == who.unit_id), None),
        others=left_of_others(plan),
        top=TOP,
    )


def _for_leaders(plan: PlanHead, cut: CutOff) -> str:
    """One printable page: how far, what is worst and why, what became of it in a month, what needs a decision."""
    stands, before = standing(plan, cut), month_before(cut.as_of)
    earlier = standing(plan, replace(cut, as_of=before, until=day_end(before, cut.zone)))
    worst = stands.late[:WORST_FOR_LEADERS]
    most_open = sorted(stands.units, key=lambda bar: (-bar.open, -bar.lead.overdue))
    return render_template(
        "pages/overview_leader.html",
        plan=plan,
        closed=closed_periods(plan),
        cells=stands.cells,
        counts=stands.counts,
        before=before,
        earlier=earlier.cells,
        worst=worst,
        notes=latest_notes(worst, cut.until),
        units=[bar for bar in most_open if bar.open][:UNITS_FOR_LEADERS],
        waiting_count=waiting_in_all(plan, stands, cut),
        others=left_of_others(plan),
    )


def month_before(day: date) -> date:
    """The same day a month earlier, or that month's last where it has no such day."""
    year, month = (day.year, day.month - 1) if day.month > 1 else (day.year - 1, 12)
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _own_unit(plan: PlanHead, who: Person, cut: CutOff) -> str:
    lines = work_of(plan, who.unit_id, cut) if who.unit_id else ()
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
