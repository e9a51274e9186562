"""Every figure leads to its list, and is as large as the list is long, on any day."""

import random
from datetime import date, timedelta

import pytest

from tests.support.figures import wrong_figures
from tests.support.history import History
from tracker.domain.work import Action

pytestmark = pytest.mark.one_database

FINANCE, EDUCATION = "phong-tckh", "phong-gddt"
FIRST, DAYS = date(2024, 7, 1), 400
FEW = 10
FIRST_PAGES = [(who, "/") for who in ("monitor", "leader", "lead", "partner")]
OTHERS = [("monitor", "/units"), ("monitor", "/units/phong-gddt"), ("monitor", "/plans/1"), ("lead", "/my")]
OTHERS += [("monitor", "/burn-up")]


def days(config) -> list[date]:
    """Random days, the same in every run: 2, in the long run 20."""
    drawn = random.Random(2024).sample(range(DAYS), 20)
    return [FIRST + timedelta(each) for each in drawn[: 20 if config.getoption("--long") else 2]]


@pytest.fixture
def autumn(world, clients):
    """Work in every state: done early and late, reported, returned, in progress, extended, asked away."""
    history = History(world)
    history.done("lead", "1", date(2024, 9, 20), "monitor", FINANCE)
    history.done("monitor", "4", date(2024, 8, 20), "office", EDUCATION)
    history.record("lead", "7", Action.SUBMIT, date(2024, 9, 10), result="Đã hướng dẫn")
    history.record("monitor", "3", Action.SUBMIT, date(2024, 9, 2), result="Đã làm")
    history.record("office", "3", Action.RETURN, date(2024, 9, 4), unit=EDUCATION, reason="Thiếu")
    history.record("monitor", "8", Action.PROGRESS, date(2024, 10, 4), percent=40, result="Đang làm")
    history.record("partner", "23", Action.SUBMIT, date(2024, 11, 4), result="Đã phối hợp")
    return clients


def test_every_figure_is_as_large_as_its_list_is_long(autumn, request):
    long_run = request.config.getoption("--long")
    pages = [*FIRST_PAGES, *(OTHERS if long_run else [])]
    wrong = [
        fault
        for who, page in pages
        for day in days(request.config)
        for fault in wrong_figures(getattr(autumn, who), f"{page}?as_of={day}", None if long_run else FEW)
    ]
    assert wrong == []
