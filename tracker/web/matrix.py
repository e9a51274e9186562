"""A plan's work as a table of task by unit, and who of them has reported."""

from collections.abc import Sequence

from flask import Blueprint, render_template

from tracker.domain.access import oversees
from tracker.domain.reporting import reporting
from tracker.domain.views import PlanHead, UnitRef
from tracker.domain.words import N_
from tracker.store import matrix
from tracker.store.facts import CutOff
from tracker.store.matrix import Column
from tracker.web.asked import one_of
from tracker.web.cutoffs import cut_off, plan_or_404
from tracker.web.kept_pages import kept
from tracker.web.paging import paged
from tracker.web.plans import may_open_tasks
from tracker.web.runtime import gettext, person
from tracker.web.unit_words import LEVELS, UNIT_KINDS
from tracker.web.urging import may_urge_now

pages = Blueprint("matrix", __name__)

TASKS_TO_A_PAGE = 20
LEVEL, KIND, EVERYBODY = "level:", "kind:", "all:"


@pages.get("/plans/<int:plan_id>/matrix")
@kept
def show(plan_id: int) -> str:
    """Rows of tasks, columns of units (`?units=`, a group, a kind, a level or all), each cell a share as of any day."""
    plan, cut = plan_or_404(plan_id), cut_off()
    choices, chosen, units, tasks = asked(plan, cut)
    unit_ids = [unit.id for unit in units]
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
        may_urge=may_urge_now(plan, cut),
        sees_all=oversees(person()),
    )


def asked(plan: PlanHead, cut: CutOff) -> tuple[list[tuple[str, str]], str, list[UnitRef], list[int]]:
    """What the address asks for: the choices of units, the one chosen, its units, and the tasks of theirs by id."""
    everybody = matrix.columns(plan, cut)
    choices = _choices(everybody)
    chosen = one_of("units", dict(choices)) or next((code for code, _name in choices), "")
    units = list({each.unit.id: each.unit for each in everybody if _is_in(each, chosen)}.values())
    unit_ids = [unit.id for unit in units]
    tasks = matrix.task_ids(plan, unit_ids, None if ":" in chosen else chosen, cut) if units else []
    return choices, chosen, units, tasks


def _choices(everybody: Sequence[Column]) -> list[tuple[str, str]]:
    """The values of `?units=`, each with its name and how many units.

    First the groups, those with most work first, then the kinds, the levels, and all together.
    """
    groups: dict[str, list[Column]] = {}
    classes: dict[str, set[int]] = {}
    for each in everybody:
        if each.group:
            groups.setdefault(each.group, []).append(each)
        for code in _classes(each):
            classes.setdefault(code, set()).add(each.unit.id)
    by_work = sorted(groups.items(), key=lambda found: (-sum(each.shares for each in found[1]), found[0]))
    named = [(code, f"{found[0].group_name} ({len(found)})") for code, found in by_work]
    order = {prefix: at for at, prefix in enumerate((KIND, LEVEL, EVERYBODY))}
    rest = sorted(classes.items(), key=lambda found: (order[found[0].partition(":")[0] + ":"], found[0]))
    return named + [(code, f"{_class_name(code)} ({len(ids)})") for code, ids in rest]


def _classes(column: Column) -> list[str]:
    """The choices beside its groups in which a unit stands."""
    return [KIND + column.kind, *([LEVEL + column.level] if column.level else ()), EVERYBODY]


def _class_name(code: str) -> str:
    if code == EVERYBODY:
        return gettext(N_("mọi đơn vị"))
    names = LEVELS if code.startswith(LEVEL) else UNIT_KINDS
    name = code.partition(":")[2]
    return gettext(names.get(name, name))


def _is_in(column: Column, chosen: str) -> bool:
    return chosen in (column.group, *_classes(column))
