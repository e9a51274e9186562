"""Who is late, since when, and what holds them up."""

from collections.abc import Sequence

from flask import Blueprint, render_template

from tracker.domain.access import may_see_log, oversees
from tracker.domain.standing import owing_units
from tracker.domain.views import MilestoneLine
from tracker.store import urgings
from tracker.store.standings import partners_of, standing
from tracker.web import plan_lists
from tracker.web.asked import one_of
from tracker.web.calling import whom_to_call
from tracker.web.cutoffs import cut_off, left_of_others, plan_of_page
from tracker.web.kept_pages import kept
from tracker.web.paging import paged
from tracker.web.plans import may_open_tasks
from tracker.web.runtime import person
from tracker.web.urging import may_urge_now

pages = Blueprint("overdue", __name__)


@pages.get("/overdue")
@kept
def index() -> str:
    """Every overdue milestone, the latest first, with the units that still owe it and what they last said of it.

    What one's own unit owes stands before all else. With `view` soon what is due within two weeks, the nearest first;
    `unit` narrows to what one unit owes, `sort` (unit or due) puts them into another order.
    """
    plan, soon, sees_all = plan_of_page(), bool(one_of("view", (plan_lists.SOON,))), oversees(person())
    if plan is None:
        return render_template("pages/overdue.html", plan=None, soon=soon, sees_all=sees_all)
    cut, may_open = cut_off(), may_open_tasks(plan.id)
    stands = standing(plan, cut)
    unit, unit_name = plan_lists.unit_asked(stands, cut)
    list_of = plan_lists.soon if soon else plan_lists.late
    seen = list_of(stands, "", may_open)
    page = paged(plan_lists.late_in_order(list_of(stands, unit, may_open), may_open))
    readable = [line for line in page.items if _may_read(line)]
    told, urged = urgings.with_notes(readable, cut.until, cut.zone)
    return render_template(
        "pages/overdue.html",
        plan=plan,
        page=page,
        notes=told,
        contacts=whom_to_call(page.items),
        partners=partners_of(plan, [line.id for line in page.items], cut),
        urged=urged,
        may_urge=may_urge_now(plan, cut),
        chosen_unit=unit,
        soon=soon,
        sort=one_of("sort", plan_lists.LATE_ORDERS),
        soon_count=len(stands.soon),
        units=_to_choose(owing_units(seen) if soon or not sees_all else stands.late_units, unit, unit_name),
        unit_id=_unit_id(page.items, unit),
        late_count=len(stands.late),
        undated=stands.cells.no_date,
        total=len(stands),
        others=left_of_others(plan),
        may_open=may_open,
        sees_all=sees_all,
        is_own=plan_lists.is_own,
    )


def _to_choose(owing: Sequence[tuple[str, str]], code: str, name: str) -> Sequence[tuple[str, str]]:
    """The units to choose from, with the one that is asked for although it owes nothing."""
    return owing if not code or code in dict(owing) else (*owing, (code, name))


def _unit_id(lines: Sequence[MilestoneLine], code: str) -> int | None:
    """The id of the unit that is asked for, which leads each of the lines."""
    return next((share.unit.id for line in lines for share in line.leads if share.unit.code == code), None)


def _may_read(line: MilestoneLine) -> bool:
    return all(may_see_log(person(), share.unit.id) for share in line.leads)
