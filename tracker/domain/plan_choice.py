"""Which of several plans runs on a day: what pages show and commands mean where nobody has chosen one."""

from collections.abc import Iterable
from datetime import date

from tracker.domain.reading.periods import plan_year
from tracker.domain.views import PlanHead


def running_on(plans: Iterable[PlanHead], day: date) -> PlanHead | None:
    """The plan that runs on `day`, whatever has been put in force since; None where there are only drafts.

    First one that had been issued by then and whose school year contains the day; where several do (July and August
    belong to two years), one that is not closed and whose tasks have begun; else the nearest. Of two alike, the first.
    """
    return min((each for each in plans if each.state != "draft"), key=lambda each: _rank(each, day), default=None)


def others_running(plans: Iterable[PlanHead], shown: PlanHead, day: date) -> tuple[PlanHead, ...]:
    """The plans in force beside `shown` that had been issued and had begun by `day`."""
    return tuple(each for each in running_plans(plans, day) if each.id != shown.id)


def running_plans(plans: Iterable[PlanHead], day: date) -> tuple[PlanHead, ...]:
    """The plans in force that had been issued and had begun by `day`."""
    in_force = (each for each in plans if each.state == "in_force")
    return tuple(each for each in in_force if _issued(each, day) and _begun(each, day))


def _rank(plan: PlanHead, day: date) -> tuple[bool, bool, bool, bool, int]:
    away = _days_away(plan, day)
    return not _issued(plan, day), away > 0, plan.state == "closed", not _begun(plan, day), away


def _issued(plan: PlanHead, day: date) -> bool:
    return plan.issued_on is None or plan.issued_on <= day


def _begun(plan: PlanHead, day: date) -> bool:
    return plan.first_day is None or plan.first_day <= day


def _days_away(plan: PlanHead, day: date) -> int:
    """How many days lie between `day` and the plan's school year, else its own dates; 0 within."""
    year = plan_year(plan.school_year or "")
    first, last = year.whole() if year else (plan.first_day, plan.last_day)
    if first and day < first:
        return (first - day).days
    return max((day - last).days, 0) if last else 0
