"""Plans: the list of them, and one with all its tasks."""

from collections.abc import Callable

from flask import Blueprint, render_template, request

from tracker.domain.access import oversees
from tracker.domain.names import search_key
from tracker.domain.status import Cell, Status
from tracker.domain.summaries import tally
from tracker.domain.views import MilestoneLine
from tracker.domain.work import State
from tracker.store import plans, units
from tracker.store.facts import milestone_lines
from tracker.store.work import task_ids_of_unit
from tracker.web.cutoffs import cut_off, plan_or_404
from tracker.web.paging import paged
from tracker.web.runtime import person

pages = Blueprint("plans", __name__)

FILTERS: dict[str, Callable[[Status], bool]] = {
    **{cell.value: (lambda status, cell=cell: status.cell is cell) for cell in Cell},  # type: ignore[misc]
    "done": lambda status: status.done,
    "due": lambda status: status.done or status.cell is Cell.OVERDUE,
    "soon": lambda status: status.soon,
    "quiet": lambda status: status.quiet,
    "submitted": lambda status: status.state is State.SUBMITTED,
    "returned": lambda status: status.state is State.RETURNED,
}


@pages.get("/plans")
def index() -> str:
    """Every plan."""
    return render_template("pages/plans.html", plans=plans.heads())


@pages.get("/plans/<int:plan_id>")
def show(plan_id: int) -> str:
    """One plan in its own order, filtered by `status`, `unit` and `q`, a page at a time."""
    plan = plan_or_404(plan_id)
    lines = milestone_lines(plan, cut_off())
    chosen = {name: request.args.get(name, "").strip() for name in ("status", "unit", "q")}
    return render_template(
        "pages/plan.html",
        plan=plan,
        tally=tally(line.status for line in lines),
        page=paged(filtered(lines, **chosen)),
        chosen=chosen,
        filters=tuple(FILTERS),
        units=_lead_units(lines),
        monitors=[unit for unit in units.refs() if unit.id in plan.monitor_unit_ids],
        may_open=may_open_tasks(plan.id),
    )


def filtered(lines: list[MilestoneLine], status: str, unit: str, q: str) -> list[MilestoneLine]:
    """The lines in a cell or state, led by a unit, and with every word of `q` in title or number, accents or none."""
    found = lines
    if status in FILTERS:
        found = [line for line in found if FILTERS[status](line.status)]
    if unit:
        found = [line for line in found if any(share.unit.code == unit for share in line.leads)]
    words = search_key(q[:200]).split()
    if words:
        found = [line for line in found if all(word in search_key(f"{line.number} {line.title}") for word in words)]
    return found


def _lead_units(lines: list[MilestoneLine]) -> list[tuple[str, str]]:
    """Code and name of every unit that leads something, by name."""
    found = {share.unit.code: share.unit.name for line in lines for share in line.leads}
    return sorted(found.items(), key=lambda each: search_key(each[1]))


def may_open_tasks(plan_id: int) -> Callable[[int], bool]:
    """Whether the person asking may open a task: those who oversee all of them, others their unit's."""
    who = person()
    if oversees(who):
        return lambda task_id: True
    own = task_ids_of_unit(plan_id, who.unit_id) if who.unit_id else frozenset()
    return lambda task_id: task_id in own
