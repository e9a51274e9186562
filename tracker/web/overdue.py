"""Who is late, since when, and what holds them up."""

from collections.abc import Sequence

from flask import Blueprint, render_template, request

from tracker.domain.access import may_see_contacts, may_see_log, oversees
from tracker.domain.names import search_key
from tracker.domain.people import Person
from tracker.domain.status import Cell
from tracker.domain.views import MilestoneLine
from tracker.store import people, urgings
from tracker.store.amendments import held
from tracker.store.facts import milestone_lines
from tracker.store.remainders import remainders
from tracker.usecases.history import note_contacts_seen
from tracker.web.cutoffs import cut_off, other_plans, plan_of_page
from tracker.web.paging import paged
from tracker.web.plans import may_open_tasks
from tracker.web.runtime import now, person, runtime, today
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
    cut, others = cut_off(), other_plans(plan)
    then = held(plan, cut.held_on, *others)
    lines = milestone_lines(plan, cut, then)
    late = sorted((line for line in lines if line.status.cell is Cell.OVERDUE), key=lambda line: -line.status.days_late)
    late.sort(key=lambda line: not _is_own(line))
    unit, may_open = request.args.get("unit", ""), may_open_tasks(plan.id)
    seen = [line for line in late if may_open(line.task_id)]
    page = paged([line for line in seen if not unit or unit in _owing(line)])
    readable = [line for line in page.items if _may_read(line)]
    told, urged = urgings.with_notes(readable, cut.until, cut.zone)
    units = {share.unit.code: share.unit.name for line in seen for share in line.leads if not share.status.done}
    contacts = _contacts(page.items)
    if contacts:
        note_contacts_seen(person(), now(), runtime().zone)
    return render_template(
        "pages/overdue.html",
        plan=plan,
        page=page,
        notes=told,
        contacts=contacts,
        urged=urged,
        may_urge=may_urge_now(plan, cut),
        chosen_unit=unit,
        units=sorted(units.items(), key=lambda each: search_key(each[1])),
        late_count=len(late),
        total=len(lines),
        others=remainders(others, cut, then=then),
        may_open=may_open,
        sees_all=oversees(person()),
        is_own=_is_own,
    )


def _is_own(line: MilestoneLine) -> bool:
    """Whether the reader's own unit still owes it; to those who follow every unit's work, all of it is alike."""
    return not oversees(person()) and any(
        share.unit.id == person().unit_id and not share.status.done for share in line.leads
    )


def _owing(line: MilestoneLine) -> set[str]:
    return {share.unit.code for share in line.leads if not share.status.done}


def _contacts(lines: Sequence[MilestoneLine]) -> dict[int, tuple[Person, ...]]:
    """Whom to call, by unit id: for those who follow every unit's work."""
    if not may_see_contacts(person()):
        return {}
    return people.contacts({share.unit.id for line in lines for share in line.leads if not share.status.done}, today())


def _may_read(line: MilestoneLine) -> bool:
    return all(may_see_log(person(), share.unit.id) for share in line.leads)
