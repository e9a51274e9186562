"""The plan by months: when each task runs, and where it stands."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from flask import Blueprint, render_template

from tracker.domain.access import oversees
from tracker.domain.assignments import LEAD, PARTNER
from tracker.domain.list_filters import ListFilter, month_of
from tracker.domain.standing import Standing
from tracker.domain.timeline import Axis, Bar, bar
from tracker.domain.views import MilestoneLine
from tracker.store import units
from tracker.store.standings import standing
from tracker.web import plan_lists
from tracker.web.asked import one_of
from tracker.web.cutoffs import cut_off, plan_of_page
from tracker.web.kept_pages import kept
from tracker.web.paging import paged
from tracker.web.plans import may_open_tasks
from tracker.web.runtime import as_of, person

pages = Blueprint("timeline", __name__)

TASKS_ON_A_PAGE = 100
BY_MONTH, BY_UNIT = "month", "unit"


@dataclass(frozen=True, slots=True)
class Row:
    """A task with its milestones, and the bars of those that have a date."""

    lines: list[MilestoneLine]
    bars: list[Bar]

    @property
    def task(self) -> MilestoneLine:
        """The line that speaks for the task: number and title are the same on all."""
        return self.lines[0]


@pages.get("/timeline")
@kept
def index() -> str:
    """One row per task, one bar per milestone, over the months that the plan's own dates span.

    `unit`, `part`, `level` and `status` choose tasks as on the plan's page; `by` puts them into groups that fold: those
    of the plan, the months in which they are due, or who leads.
    """
    plan, cut = plan_of_page(), cut_off()
    stands = standing(plan, cut) if plan else Standing(())
    axis = stands.axis
    if plan is None or axis is None:
        return render_template("pages/timeline.html", plan=plan, axis=None)
    may_open, everyone = may_open_tasks(plan.id), units.named(as_of())
    chosen, by = _asked(everyone), one_of("by", (BY_MONTH, BY_UNIT))
    found = plan_lists.listed(plan, cut, stands, chosen, everyone, may_open)
    group_of = _grouping(by)
    tasks = [list(lines) for _, lines in groupby(found, key=lambda line: line.task_id)]
    page = paged(sorted(tasks, key=lambda lines: group_of(lines[0])[0]), TASKS_ON_A_PAGE)
    shown = [[_as_seen(line, may_open) for line in lines] for lines in page.items]
    return render_template(
        "pages/timeline.html",
        plan=plan,
        axis=axis,
        page=page,
        groups=[
            (name, [_row(lines, axis) for lines in rows])
            for (_, name), rows in groupby(shown, key=lambda lines: group_of(lines[0]))
        ],
        by=by,
        chosen=chosen,
        units=[(each.code, each.name) for each in everyone],
        levels=plan_lists.level_choices(everyone),
        parts=(LEAD, PARTNER),
        may_open=may_open,
        sees_all=oversees(person()),
    )


def _asked(everyone: Sequence[units.NamedUnit]) -> ListFilter:
    """What the address asks for, in the plan's own order."""
    return replace(plan_lists.asked(everyone), sort="", q="", month="")


def _grouping(by: str) -> Callable[[MilestoneLine], tuple[str, str]]:
    """By what a group is sorted, and its name; in the plan's own order all groups sort alike."""
    if by == BY_MONTH:
        return lambda line: (month_of(line.planned.due) or "9999", month_of(line.planned.due))
    if by == BY_UNIT:
        return lambda line: (_leads(line), _leads(line))
    return lambda line: ("", line.heading or "")


def _leads(line: MilestoneLine) -> str:
    return line.leads_as_written if line.led_by_many else ", ".join(share.unit.name for share in line.leads)


def _as_seen(line: MilestoneLine, may_open: Callable[[int], bool]) -> MilestoneLine:
    """Of others' work the dates are those of the plan, without what was granted."""
    return line if may_open(line.task_id) else replace(line, deadline=line.planned)


def _row(lines: Sequence[MilestoneLine], axis: Axis) -> Row:
    drawn = (bar(line, axis) for line in lines)
    return Row(list(lines), [each for each in drawn if each])
