"""The deadlines of a plan as a calendar: a month as a table of weeks, or a list by day."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from babel.dates import format_date
from flask import Blueprint, render_template, request

from tracker.domain.access import oversees
from tracker.domain.assignments import LEAD, PARTNER
from tracker.domain.list_filters import led_by
from tracker.domain.month_pages import CalendarDay, crowded, days_with, first_of_month, leaves, weeks
from tracker.domain.names import search_key
from tracker.domain.status import Cell
from tracker.domain.views import MilestoneLine, PlanHead
from tracker.store import days_off, matrix
from tracker.store.matrix import Column
from tracker.store.standings import standing
from tracker.web.asked import leave_out, one_of
from tracker.web.cutoffs import cut_off, plan_of_page
from tracker.web.kept_pages import kept
from tracker.web.paging import Page, paged
from tracker.web.plans import may_open_tasks
from tracker.web.runtime import FIRST_YEAR, LAST_YEAR, as_of, asked_day, gettext, locale, person, today
from tracker.web.templating import kept_args
from tracker.web.unit_words import LEVELS

pages = Blueprint("calendar", __name__)

MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])", re.ASCII)
MOST_SEEN, MOST_PRINTED = 3, 60
AGENDA = "agenda"
STATES = (*(cell.value for cell in Cell), "done", "soon", "quiet", "submitted", "returned")


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the filters say: a unit's code, its part, a state, a school level; empty where they leave all."""

    unit: str
    part: str
    status: str
    level: str

    @classmethod
    def of(cls, columns: Sequence[Column]) -> "Chosen":
        """The filters of this address, of the units that take part; what is none is left out, and the page says so."""
        return cls(
            unit=one_of("unit", {each.unit.code for each in columns}),
            part=one_of("part", (LEAD, PARTNER)),
            status=one_of("status", STATES),
            level=one_of("level", {each.level for each in columns if each.level}),
        )

    def __bool__(self) -> bool:
        return bool(self.unit or self.part or self.status or self.level)


@pages.get("/calendar")
@kept
def index() -> str:
    """What is due in a month, `?month=YYYY-MM`, as a table or by day (`?view=agenda`); or on one day, `?day=`."""
    plan, day = plan_of_page(), asked_day(request.args.get("day", ""))
    month = first_of_month(day) if day else _month(request.args.get("month", ""))
    may_open = may_open_tasks(plan.id) if plan else _nothing
    whole = _lines(plan, may_open) if plan else []
    if plan is None or not any(line.deadline.due for line in whole):
        return render_template("pages/calendar.html", plan=plan, leaves=None)
    columns = matrix.columns(plan, cut_off())
    chosen = Chosen.of(columns)
    lines = _of_units(plan, _lines(plan, may_open, chosen.status), chosen, columns)
    shown = days_with(lines, days_off.listed(), lambda each: each == day if day else first_of_month(each) == month)
    found = leaves(whole, lines, today())
    by_day = one_of("view", (AGENDA,)) == AGENDA or day is not None
    return render_template(
        "pages/calendar.html",
        plan=plan,
        day=day,
        month=month,
        by_day=by_day,
        weeks=weeks(month, shown),
        page=_agenda(shown.values()),
        listed=crowded(shown.values(), MOST_SEEN, MOST_PRINTED),
        due_count=sum(len(each.lines) for each in shown.values()),
        undated=sum(line.deadline.due is None for line in lines),
        leaves=found,
        months=[(f"{each:%Y-%m}", month_name(each)) for each in sorted({*found.due, month})],
        chosen=chosen,
        units=_named({each.unit.code: each.unit.name for each in columns}),
        levels=_named({each.level: gettext(LEVELS.get(each.level, each.level)) for each in columns if each.level}),
        filters=STATES,
        may_open=may_open,
        sees_all=oversees(person()),
        month_name=month_name,
        address=address,
        most=MOST_SEEN,
    )


def month_name(month: date) -> str:
    """The month with its year: Tháng 12/2024, December 2024."""
    return f"Tháng {month:%m/%Y}" if locale() == "vi" else format_date(month, "MMMM y", locale="en")


def address(**changed: object) -> str:
    """This page with the same filters, plan and cut-off, at another month, day or view; None leaves one out."""
    places = {"month": None, "day": None, "view": request.args.get("view"), **changed}
    query = [*kept_args(*places, "page"), *((name, value) for name, value in places.items() if value is not None)]
    return f"{request.script_root}{request.path}?{urlencode(query)}"


def _month(text: str) -> date:
    """The month YYYY-MM of an address; that of the day shown where it is empty, or none, which the page then tells."""
    found = MONTH.fullmatch(text.strip())
    if not found or not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
        leave_out("month")
        return first_of_month(as_of())
    return date(int(found[1]), int(found[2]), 1)


def _nothing(task_id: int) -> bool:
    return False


def _lines(plan: PlanHead, may_open: Callable[[int], bool], state: str = "") -> list[MilestoneLine]:
    """The milestones of the plan, or those in a state; of others' work without what was granted.

    Of tasks that one may not open, a filter would tell the state.
    """
    stands = standing(plan, cut_off())
    if state in STATES:
        return [line for line in stands.chosen(state) if may_open(line.task_id)]
    return [line if may_open(line.task_id) else replace(line, deadline=line.planned) for line in stands.lines]


def _of_units(
    plan: PlanHead, lines: list[MilestoneLine], chosen: Chosen, columns: Sequence[Column]
) -> list[MilestoneLine]:
    """Those in which the unit asked for, or a unit of that level, takes part as asked."""
    if not (chosen.unit or chosen.part or chosen.level):
        return lines
    asked = {
        each.unit.code
        for each in columns
        if chosen.unit in ("", each.unit.code) and chosen.level in ("", each.level or "")
    }
    ids = set() if chosen.part == PARTNER else led_by(lines, asked)
    if chosen.part != LEAD:
        ids |= matrix.partnered(plan, asked, cut_off())
    return [line for line in lines if line.id in ids]


def _agenda(days: Iterable[CalendarDay]) -> tuple[Page[tuple[CalendarDay, MilestoneLine | None]], list[CalendarDay]]:
    """A part of the list by day: so many lines (a day off with nothing due counts as one), put together by day."""
    page = paged([(each, line) for each in days for line in (each.lines or (None,))])
    found: dict[date, CalendarDay] = {}
    for each, line in page.items:
        lines = found[each.day].lines if each.day in found else ()
        found[each.day] = replace(each, lines=(*lines, *([line] if line else ())))
    return page, list(found.values())


def _named(names: dict[str, str]) -> list[tuple[str, str]]:
    """Codes with their names, by name."""
    return sorted(names.items(), key=lambda each: search_key(each[1]))
