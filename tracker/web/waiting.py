"""What waits for the person asking: reports to confirm, one by one or many at once, and what units ask for."""

from enum import Enum

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker.domain.access import is_asked_first, may_confirm
from tracker.domain.confirming import Answerers
from tracker.domain.errors import NotFound, Refused, TrackerError
from tracker.domain.people import Person
from tracker.domain.views import MilestoneLine, PlanHead, ShareLine
from tracker.domain.words import N_
from tracker.domain.work import State
from tracker.store import logs, share_people, units
from tracker.store.confirming import confirming
from tracker.store.extensions import undecided
from tracker.store.facts import CutOff, milestone_lines, waiting_shares
from tracker.usecases.progress import MOST_AT_ONCE, Report, accept_all
from tracker.web.cutoffs import cut_off, plan_of_page
from tracker.web.forms import whole_number
from tracker.web.paging import paged
from tracker.web.runtime import gettext, now, person, runtime, today

pages = Blueprint("waiting", __name__)


@pages.get("/waiting")
def index() -> str:
    """Every share that the person asking may answer now, the longest wait first."""
    return _page({})


@pages.post("/waiting")
def accept() -> Response | tuple[str, int]:
    """Accept the chosen reports, each by itself; what could not be accepted is told share by share."""
    try:
        chosen = _chosen()
        problems = accept_all(person(), chosen, now(), files=runtime().files, zone=runtime().zone)
    except Refused as problem:
        flash(problem.text(gettext), "error")
        return _page({}), 422
    done = len(chosen) - len(problems)
    if done:
        flash(gettext(N_("Đã xác nhận %(count)s phần việc."), count=str(done)), "success")
    if problems:
        return _page(problems), 409
    return redirect(url_for("waiting.index", plan=request.args.get("plan")), code=303)


def waiting_for(who: Person, plan: PlanHead, lines: list[MilestoneLine], cut: CutOff) -> list[ShareLine]:
    """The shares of those milestones that wait for the person first now, the longest wait first. 2 queries.

    A page that shows the past has none, for nothing can be answered there.
    """
    if cut.until <= now():
        return []
    found = waiting_shares(plan, lines, cut)
    confirms = confirming(plan, [share.id for share in found], today())
    return [share for share in found if _turn(who, confirms.of(share.id, share.unit.id)) is Turn.FIRST]


class Turn(Enum):
    """Whether what a unit reported or asked waits for the person first, or for a monitor in whose place they may."""

    FIRST = "first"
    INSTEAD = "instead"


def _turn(who: Person, share: Answerers) -> Turn | None:
    if not may_confirm(who, share):
        return None
    return Turn.FIRST if is_asked_first(who, share) else Turn.INSTEAD


def _chosen() -> list[Report]:
    """What was ticked: share and version of each, as `share-version`."""
    found = []
    for text in request.form.getlist("report")[: MOST_AT_ONCE + 1]:
        share, _, version = text.partition("-")
        numbers = whole_number(share), whole_number(version)
        if numbers[0] is None or numbers[1] is None:
            raise Refused(N_("Biểu mẫu có ô không hợp lệ. Hãy tải lại trang rồi chọn lại."))
        found.append(Report(numbers[0], numbers[1]))
    return found


def _page(problems: dict[int, TrackerError]) -> str:
    plan, cut, who = plan_of_page(), cut_off(), person()
    if plan is None:
        return render_template("pages/waiting.html", plan=None, page=None)
    lines = milestone_lines(plan, cut)
    found = waiting_shares(plan, lines, cut)
    open_now = cut.until > now() and plan.state == "in_force"
    requests = undecided([line.id for line in lines], cut.as_of) if open_now else []
    confirms = confirming(plan, [*(share.id for share in found), *(each.share_id for each in requests)], today())
    turns = {share.id: _turn(who, confirms.of(share.id, share.unit.id)) for share in found}
    asked = {each.share_id: _turn(who, confirms.of(each.share_id, each.unit_id)) for each in requests}
    found = [share for share in found if turns[share.id]]
    first = [share for share in found if turns[share.id] is Turn.FIRST]
    page = paged([share for share in first if share.facts.state is State.SUBMITTED])
    return render_template(
        "pages/waiting.html",
        plan=plan,
        page=page,
        reports=logs.reports([share.id for share in page.items], cut.until) if page.items else {},
        away=[share for share in first if share.facts.state is State.ASKED_AWAY],
        requests=[each for each in requests if asked[each.share_id] is Turn.FIRST],
        instead=[share for share in found if turns[share.id] is Turn.INSTEAD],
        requests_instead=[each for each in requests if asked[each.share_id] is Turn.INSTEAD],
        by_id={line.id: line for line in lines},
        may_accept=open_now,
        problems=[(problems[share.id].text(gettext), share) for share in found if share.id in problems],
        unseen=_unseen({key: each for key, each in problems.items() if key not in turns or not turns[key]}),
    )


def _unseen(problems: dict[int, TrackerError]) -> list[str]:
    """Why shares were not accepted that are not listed any more, each by its name where the person may know of it."""
    if not problems:
        return []
    names = {unit.id: unit.name for unit in units.refs()}
    known = {each.id: f"{each.number}. {names[each.unit_id]}: " for each in share_people.shares(problems)}
    return [
        ("" if isinstance(each, NotFound) else known.get(key, "")) + each.text(gettext)
        for key, each in problems.items()
    ]
