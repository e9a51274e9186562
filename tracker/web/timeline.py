"""The plan by months: when each task runs, and where it stands."""

from dataclasses import dataclass, replace
from itertools import groupby

from flask import Blueprint, render_template

from tracker.domain.access import oversees
from tracker.domain.timeline import Axis, Bar, axis_of, bar
from tracker.domain.views import MilestoneLine
from tracker.store.facts import milestone_lines
from tracker.web.cutoffs import cut_off, plan_of_page
from tracker.web.paging import paged
from tracker.web.plans import may_open_tasks
from tracker.web.runtime import person

pages = Blueprint("timeline", __name__)

TASKS_ON_A_PAGE = 100


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
def index() -> str:
    """One row per task, one bar per milestone, over the months that the plan's own dates span."""
    plan = plan_of_page()
    lines = milestone_lines(plan, cut_off()) if plan else []
    axis = axis_of(lines)
    if plan is None or axis is None:
        return render_template("pages/timeline.html", plan=plan, axis=None)
    may_open = may_open_tasks(plan.id)
    # Of others' work the dates are those of the plan, without what was granted.
    shown = [line if may_open(line.task_id) else replace(line, deadline=line.planned) for line in lines]
    tasks = [list(found) for _, found in groupby(shown, key=lambda line: line.task_id)]
    page = paged(tasks, TASKS_ON_A_PAGE)
    return render_template(
        "pages/timeline.html",
        plan=plan,
        axis=axis,
        page=page,
        rows=[_row(task, axis) for task in page.items],
        may_open=may_open,
        sees_all=oversees(person()),
    )


def _row(lines: list[MilestoneLine], axis: Axis) -> Row:
    drawn = (bar(line, axis) for line in lines)
    return Row(lines, [each for each in drawn if each])
