"""The plan and the cut-off that a page speaks for."""

from flask import request

from tracker.domain.access import may_see_plan
from tracker.domain.errors import NotFound
from tracker.domain.views import PlanHead
from tracker.domain.words import N_
from tracker.store import plans
from tracker.store.facts import CutOff
from tracker.web.runtime import as_of, person, runtime, until


def cut_off() -> CutOff:
    """The cut-off of this request."""
    return CutOff(as_of(), until(), runtime().zone)


def plan_or_404(plan_id: int) -> PlanHead:
    """The plan with that id; NotFound where there is none, or a draft that the person asking may not see."""
    found = plans.head(plan_id)
    if found is None or not may_see_plan(person(), found.state):
        raise NotFound(N_("Không tìm thấy kế hoạch này. Hãy mở lại từ trang Kế hoạch."))
    return found


def plan_of_page() -> PlanHead | None:
    """The plan asked for by `?plan=`, else the newest one in force; None on an empty installation."""
    text = request.args.get("plan", "")
    if text.isascii() and text.isdigit() and len(text) < 10:
        return plan_or_404(int(text))
    return plans.current()
