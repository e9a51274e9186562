"""The work of groups as a table of task by unit, and who of them has reported."""

from collections.abc import Sequence

from flask import Blueprint, render_template, request

from tracker.domain.reporting import reporting
from tracker.store import matrix
from tracker.store.matrix import Column
from tracker.web.cutoffs import cut_off, plan_or_404
from tracker.web.paging import paged
from tracker.web.plans import may_open_tasks
from tracker.web.runtime import gettext
from tracker.web.unit_words import LEVELS

pages = Blueprint("matrix", __name__)

TASKS_TO_A_PAGE = 20
LEVEL = "level:"


@pages.get("/plans/<int:plan_id>/matrix")
def show(plan_id: int) -> str:
    """Rows of tasks, columns of the units of a group or of a level (`?units=`), each cell a share as of any day."""
    plan, cut = plan_or_404(plan_id), cut_off()
    everybody = matrix.columns(plan, cut)
    choices = _choices(everybody)
    asked = request.args.get("units", "")
    chosen = asked if asked in dict(choices) else next((code for code, _name in choices), "")
    units = list({each.unit.id: each.unit for each in everybody if _is_in(each, chosen)}.values())
    unit_ids = [unit.id for unit in units]
    tasks = matrix.task_ids(plan, unit_ids, None if chosen.startswith(LEVEL) else chosen, cut) if units else []
    page = paged(tasks, TASKS_TO_A_PAGE)
    lines = matrix.rows(plan, page.items, unit_ids, cut) if tasks else []
    return render_template(
        "pages/matrix.html",
        plan=plan,
        choices=choices,
        chosen=chosen,
        units=units,
        page=page,
        lines=[(line, reporting(line.shares.values())) for line in lines],
        may_open=may_open_tasks(plan.id),
    )


def _choices(everybody: Sequence[Column]) -> list[tuple[str, str]]:
    """The groups, those with most work first, then the levels: the value of `?units=`, the name and how many units."""
    groups: dict[str, list[Column]] = {}
    levels: dict[str, set[int]] = {}
    for each in everybody:
        groups.setdefault(each.group, []).append(each)
        if each.level:
            levels.setdefault(each.level, set()).add(each.unit.id)
    by_work = sorted(groups.items(), key=lambda found: (-sum(each.shares for each in found[1]), found[0]))
    named = [(code, f"{found[0].group_name} ({len(found)})") for code, found in by_work]
    return named + [(LEVEL + level, f"{_level_name(level)} ({len(ids)})") for level, ids in sorted(levels.items())]


def _level_name(level: str) -> str:
    return gettext(dict(LEVELS).get(level, level))


def _is_in(column: Column, chosen: str) -> bool:
    return column.level == chosen.removeprefix(LEVEL) if chosen.startswith(LEVEL) else column.group == chosen
