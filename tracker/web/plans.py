"""Plans: the list of them, and one with all its tasks."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from flask import Blueprint, render_template, request

from tracker.domain import access
from tracker.domain.amendment_lines import milestone_places, side_by_side, task_changes
from tracker.domain.amendments import Amendment, changes_between, rebuilt, undone
from tracker.domain.names import search_key
from tracker.domain.reading.periods import plan_year
from tracker.domain.standing import FILTERS
from tracker.domain.views import MilestoneLine, PlanHead
from tracker.store import amendments, matrix, plans
from tracker.store.facts import partner_counts
from tracker.store.standings import standing, tasks_of
from tracker.web.cutoffs import cut_off, plan_or_404
from tracker.web.paging import of_kind, paged
from tracker.web.periods import closed_periods
from tracker.web.runtime import as_of, person

pages = Blueprint("plans", __name__)


@pages.get("/plans")
def index() -> str:
    """Every plan."""
    who = person()
    return render_template(
        "pages/plans.html", plans=[each for each in plans.heads() if access.may_see_plan(who, each.state)]
    )


@pages.get("/plans/<int:plan_id>")
def show(plan_id: int) -> str:
    """One plan in its own order, filtered by `status`, `unit` and `q`, a page at a time.

    `version` is current (as it held on the cut-off), issued (as first issued) or compare (both, side by side).
    """
    plan, version = plan_or_404(plan_id), request.args.get("version", "")
    if version == "compare":
        return _compared(plan)
    cut = replace(cut_off(), issued=version == "issued")
    stands = standing(plan, cut)
    chosen = {name: request.args.get(name, "").strip() for name in ("status", "unit", "q")}
    may_open = may_open_tasks(plan_id)
    # Of tasks that one may not open, a filter by state would tell the state.
    found = filtered(stands.chosen(chosen["status"]), "", chosen["unit"], chosen["q"])
    if chosen["status"] in FILTERS and not access.oversees(person()):
        found = [line for line in found if may_open(line.task_id)]
    page = paged(found)
    ids = [line.id for line in page.items]
    return render_template(
        "pages/plan.html",
        plan=plan,
        tally=stands.cells,
        page=page,
        partners=partner_counts(plan, ids, cut),
        unreported=matrix.unreported(plan, ids, cut),
        chosen=chosen,
        filters=tuple(FILTERS),
        units=stands.lead_units,
        may_open=may_open,
        sees_all=access.oversees(person()),
        version="issued" if cut.issued else "current",
        recorded=_recorded(plan) if plan.changed_on else [],
        closed=closed_periods(plan) if version == "" else [],
        next_year=_next_year(plan) if access.may_amend(person(), plan.monitor_unit_ids) else None,
        may_set=plan.state != "closed" and access.may_amend(person(), plan.monitor_unit_ids),
        may_amend=plan.state == "in_force" and access.may_amend(person(), plan.monitor_unit_ids),
    )


def _recorded(plan: PlanHead) -> list[Amendment]:
    """The decisions of a plan that had been issued by the day shown."""
    return [each for each in amendments.of_plan(plan.id) if each.head.issued_on <= as_of()]


def _next_year(plan: PlanHead) -> str | None:
    """The school year to roll a plan over to; None for a draft and for a plan without a school year."""
    year = plan_year(plan.school_year or "")
    if plan.state == "draft" or year is None or not year.is_school_year:
        return None
    return f"{year.last}-{year.last + 1}"


def _compared(plan: PlanHead) -> str:
    """The plan as first issued beside the plan as it held on the cut-off."""
    look = amendments.look(plan.id, shares=False)
    changes = [each for each in amendments.history(plan.id) if each.change.subject != "share"]
    later = [each.change for each in changes if each.holds_from > as_of()]
    then, issued = undone(look, later), undone(look, [each.change for each in changes])
    told = task_changes(changes_between(issued, then), milestone_places(look))
    rows = side_by_side(rebuilt(issued), rebuilt(then), told)
    different = [row for row in rows if row.change]
    everything = request.args.get("all") == "1"
    counts, chosen, of_chosen = of_kind(different, lambda row: row.change.kind if row.change else "")
    return render_template(
        "pages/plan_compare.html",
        plan=plan,
        page=paged(rows if everything else of_chosen),
        counts=counts,
        chosen=chosen,
        changed=len(different),
        total=len(rows),
        all=everything,
        recorded=_recorded(plan),
    )


def filtered(lines: Sequence[MilestoneLine], status: str, unit: str, q: str) -> list[MilestoneLine]:
    """The lines in a cell or state, led by a unit, and with every word of `q` in title or number, accents or none."""
    found = list(lines)
    if status in FILTERS:
        found = [line for line in found if FILTERS[status](line.status)]
    if unit:
        found = [line for line in found if any(share.unit.code == unit for share in line.leads)]
    words = search_key(q[:200]).split()
    if words:
        found = [line for line in found if all(word in search_key(f"{line.number} {line.title}") for word in words)]
    return found


def may_open_tasks(plan_id: int) -> Callable[[int], bool]:
    """Whether the person asking may open a task: those who oversee all of them, others their unit's."""
    who = person()
    if access.oversees(who):
        return lambda task_id: True
    own = tasks_of(plan_id, who.unit_id) if who.unit_id else frozenset()
    return lambda task_id: task_id in own
