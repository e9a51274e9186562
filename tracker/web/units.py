"""Units: how each of them stands, and one with all it is part of."""

from flask import Blueprint, render_template, request

from tracker.domain.access import may_set_approval, oversees
from tracker.domain.errors import NotFound
from tracker.domain.names import search_key
from tracker.domain.words import N_
from tracker.store import unit_history, units, urgings
from tracker.store.standings import cells_of_units, cells_of_work, work_of
from tracker.store.unit_history import ended_units
from tracker.web import plan_lists
from tracker.web.asked import one_of
from tracker.web.cutoffs import cut_off, plan_of_page
from tracker.web.kept_pages import kept
from tracker.web.paging import paged
from tracker.web.plans import may_open_tasks
from tracker.web.runtime import as_of, person, today
from tracker.web.urging import may_urge_now

pages = Blueprint("units", __name__)


@pages.get("/units")
@kept
def index() -> str:
    """Every unit with a share in the plan: those that lead first, each with a bar per part; `q` finds by name.

    Units that have ended by the cut-off stand apart, with their heirs and what still waits for one.
    """
    plan = plan_of_page()
    ended = ended_units(plan, cut_off())
    if plan is None:
        return render_template("pages/units.html", plan=None, ended=ended)
    q = request.args.get("q", "").strip()[:200]
    words = search_key(q).split()
    everyone = cells_of_units(plan, cut_off())
    found = [each for each in everyone if all(word in search_key(each.unit.name) for word in words)]
    leads_first = sorted(found, key=lambda each: each.lead.total == 0)
    return render_template(
        "pages/units.html",
        plan=plan,
        page=paged(leads_first),
        q=q,
        total=len(everyone),
        ended=ended,
        sees_all=oversees(person()),
    )


@pages.get("/units/<code>")
@kept
def show(code: str) -> str:
    """One unit's shares in the plan, what is late first, and its life; `part`, `status`, `sort` choose of them."""
    unit = units.ref_by_code(code, as_of())
    if unit is None:
        raise NotFound(N_("Không có đơn vị này. Hãy mở lại từ trang Đơn vị."))
    plan, history = plan_of_page(), unit_history.of_unit(unit.id)
    if as_of() < today():
        history = history.by(as_of())
    may_set = may_set_approval(person(), unit.id)
    if plan is None:
        return render_template("pages/unit.html", unit=unit, plan=None, history=history, may_set_approval=may_set)
    cut, sees_all = cut_off(), oversees(person())
    lines = work_of(plan, unit.id, cut)
    sees_urgings = sees_all or unit.id == person().unit_id
    urged = urgings.counts_of_unit(plan.id, unit.id, cut.until, cut.zone) if sees_urgings else None
    may_open = may_open_tasks(plan.id)
    chosen = plan_lists.of_unit(lines, may_open)
    return render_template(
        "pages/unit.html",
        unit=unit,
        plan=plan,
        history=history,
        **cells_of_work(plan, unit.id, cut),
        page=paged(chosen),
        filtered=len(chosen) < len(lines),
        by_due=one_of("sort", ("due",)),
        may_open=may_open,
        sees_all=sees_all,
        urged=urged,
        may_urge=may_urge_now(plan, cut),
        may_set_approval=may_set,
    )
