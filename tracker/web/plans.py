"""Plans: the list of them, and one with all its tasks."""

from collections.abc import Callable
from dataclasses import replace

from flask import Blueprint, render_template, request

from tracker.domain import access
from tracker.domain.amendment_lines import milestone_places, side_by_side, task_changes
from tracker.domain.amendments import Amendment, changes_between, rebuilt, undone
from tracker.domain.reading.periods import plan_year
from tracker.domain.saved_views import PLAN
from tracker.domain.standing import FILTERS
from tracker.domain.views import PlanHead
from tracker.store import amendments, plans, saved_views, units
from tracker.store.standings import partners_of, standing, tasks_of
from tracker.web import plan_lists
from tracker.web.asked import one_of
from tracker.web.cutoffs import cut_off, plan_or_404
from tracker.web.kept_pages import kept
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
@kept
def show(plan_id: int) -> str:
    """One plan in its own order or another one, filtered as `ListFilter` tells, a page at a time.

    `version` is current (as it held on the cut-off), issued (as first issued) or compare (both, side by side).
    """
    plan, version = plan_or_404(plan_id), one_of("version", ("current", "issued", "compare"))
    if version == "compare":
        return _compared(plan)
    cut = replace(cut_off(), issued=version == "issued")
    stands = standing(plan, cut)
    may_open, everyone = may_open_tasks(plan_id), units.named(cut.as_of)
    chosen = plan_lists.asked(everyone)
    found = plan_lists.listed(plan, cut, stands, chosen, everyone, may_open)
    page = paged(found)
    partners = partners_of(plan, [line.id for line in page.items], cut)
    return render_template(
        "pages/plan.html",
        plan=plan,
        tally=stands.cells,
        page=page,
        partners=partners.counts,
        unreported=partners.missing,
        chosen=chosen,
        views=saved_views.offered(person().id, PLAN),
        filters=tuple(FILTERS),
        units=[(each.code, each.name) for each in everyone],
        levels=plan_lists.level_choices(everyone),
        months=stands.due_months,
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


def may_open_tasks(plan_id: int) -> Callable[[int], bool]:
    """Whether the person asking may open a task: those who oversee all of them, others their unit's."""
    who = person()
    if access.oversees(who):
        return lambda task_id: True
    own = tasks_of(plan_id, who.unit_id) if who.unit_id else frozenset()
    return lambda task_id: task_id in own
