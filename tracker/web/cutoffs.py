"""The plan and the cut-off that a page speaks for."""

from collections.abc import Sequence

from flask import g, request

from tracker.domain.access import may_see_plan
from tracker.domain.errors import NotFound
from tracker.domain.plan_choice import others_running, running_on
from tracker.domain.summaries import Remainder
from tracker.domain.views import PlanHead
from tracker.domain.words import N_
from tracker.store.facts import CutOff
from tracker.store.standings import heads, left_of
from tracker.web.runtime import as_of, person, runtime, until


def cut_off() -> CutOff:
    """The cut-off of this request."""
    return CutOff(as_of(), until(), runtime().zone)


def plan_or_404(plan_id: int) -> PlanHead:
    """The plan with that id; NotFound where there is none, or a draft that the person asking may not see."""
    return _seen(next((each for each in heads() if each.id == plan_id), None))


def _seen(found: PlanHead | None) -> PlanHead:
    if found is None or not may_see_plan(person(), found.state):
        raise NotFound(N_("Không tìm thấy kế hoạch này. Hãy mở lại từ trang Kế hoạch."))
    return found


def plan_of_page() -> PlanHead | None:
    """The plan asked for by `?plan=`, else the one that runs on the day shown; None on an empty installation."""
    text = request.args.get("plan", "")
    if text.isascii() and text.isdigit() and len(text) < 10:
        return _seen(next((each for each in _plans() if each.id == int(text)), None))
    return plan_of_day()


def plan_of_day() -> PlanHead | None:
    """The plan that runs on the day shown."""
    return running_on(_plans(), as_of())


def plans_to_choose() -> list[PlanHead]:
    """The plans that this page may be about, the newest first; none where the page is not about a plan."""
    return [each for each in g.get("plans", ()) if may_see_plan(person(), each.state)]


def other_plans(shown: PlanHead) -> tuple[PlanHead, ...]:
    """The other plans in force that had begun by the day shown."""
    return others_running(_plans(), shown, as_of())


def left_of_others(shown: PlanHead, unit_id: int | None = None) -> Sequence[Remainder]:
    """What is open of the other plans, or of one unit's shares of them."""
    return left_of(other_plans(shown), cut_off(), unit_id)


def plan_label(plan: PlanHead) -> str:
    """What tells a plan from the others in a list: its school year and number, else its title."""
    return " · ".join(filter(None, (plan.school_year, plan.number))) if plan.school_year else plan.title


def _plans() -> Sequence[PlanHead]:
    if "plans" not in g:
        g.plans = heads()
    found: Sequence[PlanHead] = g.plans
    return found
