"""Which plan runs on a day, whatever has been put in force since."""

from datetime import date

import pytest

from tracker.domain.calendar_days import DaysOff
from tracker.domain.plan_choice import others_running, running_on
from tracker.domain.status import Calendar
from tracker.domain.views import PlanHead


def plan(id: int, year: str | None, state: str = "in_force", issued: date | None = None, first: date | None = None,
         last: date | None = None) -> PlanHead:  # fmt: skip
    calendar = Calendar(DaysOff())
    return PlanHead(id, f"Kế hoạch {id}", year, None, None, issued, state, (), calendar, None, first, last)


OLD = plan(1, "2024-2025", first=date(2024, 7, 1))
NEW = plan(2, "2025-2026", issued=date(2024, 12, 16), first=date(2025, 8, 1))
NEXT = plan(3, "2026-2027", "draft")
PLANS = (NEXT, NEW, OLD)  # as they are listed: the newest first


@pytest.mark.parametrize(
    ("day", "runs"),
    [
        (date(2024, 1, 1), 1),
        (date(2024, 12, 10), 1),
        (date(2024, 12, 16), 1),
        (date(2025, 7, 31), 1),
        (date(2025, 8, 1), 2),
        (date(2025, 9, 1), 2),
        (date(2030, 1, 1), 2),
    ],
)
def test_next_years_plan_hides_this_years_only_once_it_has_begun(day: date, runs: int) -> None:
    found = running_on(PLANS, day)
    assert found
    assert found.id == runs


@pytest.mark.parametrize(
    ("plans", "day", "runs"),
    [
        ((plan(1, "2025-2026", issued=date(2025, 9, 20)), plan(2, "2024-2025")), date(2025, 9, 10), 2),
        ((plan(1, "2025-2026"), plan(2, "2024-2025", "closed")), date(2024, 12, 10), 2),
        ((plan(1, "2025-2026", first=date(2025, 9, 5)), plan(2, "2024-2025", "closed")), date(2025, 7, 10), 1),
        ((plan(1, "2026"), plan(2, "2025")), date(2025, 12, 31), 2),
        ((plan(1, None, first=date(2025, 3, 1), last=date(2025, 4, 1)), plan(2, "2023-2024")), date(2025, 3, 9), 1),
        ((plan(1, "2024-2025"), plan(2, "2024-2025")), date(2024, 12, 10), 1),
        ((plan(1, "2027-2028", first=date(2027, 9, 1)), plan(2, "2023-2024")), date(2026, 12, 10), 2),
        ((plan(1, "2024-2025", "draft"),), date(2024, 12, 10), None),
        ((), date(2024, 12, 10), None),
    ],
    ids=["not issued yet", "closed, of its day", "closed, summer", "calendar years", "no school year", "two of a year",
         "between", "a draft", "none"],
)  # fmt: skip
def test_of_several_plans_one_runs(plans: tuple[PlanHead, ...], day: date, runs: int | None) -> None:
    found = running_on(plans, day)
    assert (found.id if found else None) == runs


def test_beside_it_run_the_others_in_force_that_have_begun() -> None:
    older, closed = plan(4, "2023-2024"), plan(5, "2022-2023", "closed")
    everything = (*PLANS, older, closed)
    assert [each.id for each in others_running(everything, OLD, date(2024, 12, 16))] == [4]
    assert [each.id for each in others_running(everything, NEW, date(2025, 8, 1))] == [1, 4]
