"""Who is late, since when, and what holds them up."""

from flask import Blueprint, render_template, request

from tracker.domain.access import may_see_log, oversees
from tracker.domain.standing import owing_units
from tracker.domain.views import MilestoneLine
from tracker.store import urgings
from tracker.store.standings import standing
from tracker.web import plan_lists
from tracker.web.calling import whom_to_call
from tracker.web.cutoffs import cut_off, left_of_others, plan_of_page
from tracker.web.paging import paged
from tracker.web.plans import may_open_tasks
from tracker.web.runtime import person
from tracker.web.urging import may_urge_now

pages = Blueprint("overdue", __name__)


@pages.get("/overdue")
def index() -> str:
    """Every overdue milestone, the latest first, with the units that still owe it and what they last said of it.

    What one's own unit owes stands before all else.
    """
    plan = plan_of_page()
    if plan is None:
        return render_template("pages/overdue.html", plan=None)
    cut = cut_off()
    stands = standing(plan, cut)
    unit, may_open = request.args.get("unit", ""), may_open_tasks(plan.id)
    seen = plan_lists.late(stands, "", may_open)
    page = paged(plan_lists.late(stands, unit, may_open))
    readable = [line for line in page.items if _may_read(line)]
    told, urged = urgings.with_notes(readable, cut.until, cut.zone)
    return render_template(
        "pages/overdue.html",
        plan=plan,
        page=page,
        notes=told,
        contacts=whom_to_call(page.items),
        urged=urged,
        may_urge=may_urge_now(plan, cut),
        chosen_unit=unit,
        units=stands.late_units if oversees(person()) else owing_units(seen),
        late_count=len(stands.late),
        total=len(stands),
        others=left_of_others(plan),
        may_open=may_open,
        sees_all=oversees(person()),
        is_own=plan_lists.is_own,
    )


def _may_read(line: MilestoneLine) -> bool:
    return all(may_see_log(person(), share.unit.id) for share in line.leads)
