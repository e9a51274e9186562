"""What waits for the person asking: reports to confirm, one by one or many at once, and what units ask for."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker.domain.access import is_asked_first, may_confirm, oversees
from tracker.domain.confirming import Answerers
from tracker.domain.errors import NotFound, Refused, TrackerError
from tracker.domain.people import Person
from tracker.domain.standing import Standing
from tracker.domain.views import PlanHead, ShareLine
from tracker.domain.words import N_
from tracker.domain.work import State
from tracker.store import logs, share_people, units
from tracker.store.confirming import confirming
from tracker.store.extensions import OpenRequest
from tracker.store.facts import CutOff
from tracker.store.remembered import remembered
from tracker.store.standings import requests_of, standing, waiting_of
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


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for an answer, each the longest wait first: reports and what units ask not to do, and more time."""

    shares: Sequence[ShareLine] = ()
    requests: Sequence[OpenRequest] = ()

    def __len__(self) -> int:
        return len(self.shares) + len(self.requests)


def waiting_for(who: Person, plan: PlanHead, stands: Standing, cut: CutOff) -> Waiting:
    """What waits for the person first now. 3 queries at most.

    A page that shows the past has nothing, for nothing can be answered there.
    """
    if cut.until <= now():
        return Waiting()
    found, requests = waiting_of(plan, cut), _requests(plan, stands, cut)
    return _by_turn(who, plan, cut, found, requests).get(Turn.FIRST, Waiting())


def waiting_in_all(plan: PlanHead, stands: Standing, cut: CutOff) -> int:
    """How much of the plan waits for somebody's answer, on a page that shows the past of reports. 2 queries at most."""
    return len(waiting_of(plan, cut)) + len(_requests(plan, stands, cut))


def _requests(plan: PlanHead, stands: Standing, cut: CutOff) -> list[OpenRequest]:
    if cut.until <= now() or plan.state != "in_force":
        return []
    return [each for each in requests_of(plan, cut) if each.milestone_id in stands.by_id]


class Turn(Enum):
    """Whether what a unit reported or asked waits for the person first, or for a monitor in whose place they may.

    ELSEWHERE is what the person may not answer.
    """

    FIRST = "first"
    INSTEAD = "instead"
    ELSEWHERE = "elsewhere"


def _by_turn(
    who: Person, plan: PlanHead, cut: CutOff, shares: Sequence[ShareLine], requests: Sequence[OpenRequest]
) -> dict[Turn, Waiting]:
    """What waits, by whose turn it is. 1 query at most, none where nothing waits."""
    if not shares and not requests:
        return {}
    return remembered(("turns", who, plan, cut, today()), lambda: _turns(who, plan, shares, requests))


def _turns(
    who: Person, plan: PlanHead, shares: Sequence[ShareLine], requests: Sequence[OpenRequest]
) -> dict[Turn, Waiting]:
    confirms = confirming(plan, [*(share.id for share in shares), *(each.share_id for each in requests)], today())
    of_shares = [(_turn(who, confirms.of(share.id, share.unit.id)), share) for share in shares]
    of_requests = [(_turn(who, confirms.of(each.share_id, each.unit_id)), each) for each in requests]
    return {
        turn: Waiting(
            [each for found, each in of_shares if found is turn], [each for found, each in of_requests if found is turn]
        )
        for turn in Turn
    }


def _turn(who: Person, share: Answerers) -> Turn:
    if not may_confirm(who, share):
        return Turn.ELSEWHERE
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
    stands = standing(plan, cut)
    found, requests = waiting_of(plan, cut), _requests(plan, stands, cut)
    turns = _by_turn(who, plan, cut, found, requests)
    first, instead, elsewhere = (turns.get(turn, Waiting()) for turn in Turn)
    answerable = {share.id for each in (first, instead) for share in each.shares}
    page = paged([share for share in first.shares if share.facts.state is State.SUBMITTED])
    return render_template(
        "pages/waiting.html",
        plan=plan,
        page=page,
        reports=logs.reports([share.id for share in page.items], cut.until) if page.items else {},
        first=first,
        away=[share for share in first.shares if share.facts.state is State.ASKED_AWAY],
        instead=instead,
        elsewhere=elsewhere if oversees(who) else Waiting(),
        sees_all=oversees(who),
        in_all=len(found) + len(requests),
        by_id=stands.by_id,
        may_accept=cut.until > now() and plan.state == "in_force",
        problems=[(problems[each.id].text(gettext), each) for each in found if each.id in answerable & problems.keys()],
        unseen=_unseen({key: each for key, each in problems.items() if key not in answerable}),
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
