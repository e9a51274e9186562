"""The main pages ask the database the same number of questions at any size, and never more than ten."""

from dataclasses import replace
from datetime import date
from statistics import median
from time import process_time

import pytest

from tests.support.history import History
from tests.support.queries import count_queries
from tests.support.samples import read
from tests.support.worlds import ANNEX, NOW
from tracker.domain.work import Action
from tracker.store.database import db
from tracker.usecases.imports import import_plan

PAGES = (
    "/",
    "/my",
    "/my?part=partner",
    "/plans/1",
    "/overdue",
    "/timeline",
    "/calendar?unit=phong-tckh",
    "/units",
    "/units/phong-gddt",
    "/search?q=truong",
    "/plans/1?unit=phong-gddt&part=any&q=truong&sort=late",
    "/plans/1.xlsx",
    "/plans/1.docx",
)
TASKS = ("/tasks/7", "/tasks/23")  # one with a log, one with seventeen shares
CEILING = 10


def counted(world, client) -> dict[str, int]:
    counts = {}
    for path in (*PAGES, *TASKS):
        with world.app_context():
            engine = db.engine
        client.get(path)  # the first of a day also notes who looked
        with count_queries(engine) as statements:
            assert client.get(path).status_code == 200, path
        counts[path] = len(statements)
    return counts


@pytest.fixture
def grown(world):
    """Makes the plan so many times larger: its own 41 tasks, and each of them again and again under another title."""
    document = read(ANNEX.name)

    def grow(times: int) -> None:
        copies = [
            replace(task, number=f"{n}.{task.number}", title=f"{task.title} ({n})", partners=task.partners[:1])
            for n in range(1, times)
            for task in document.tasks
        ]
        larger = replace(document, tasks=(*document.tasks, *copies), findings=())
        with world.app_context():
            result = import_plan(larger, now=NOW, plan_id=1, accept_defaults=True)
            assert result.counts["added"] == len(copies)

    return grow


@pytest.mark.parametrize("times", [10, pytest.param(100, marks=pytest.mark.long)])
@pytest.mark.usefixtures("written_anew")
def test_pages_cost_the_same_at_41_and_at_many_times_as_many_tasks(world, clients, grown, times):
    History(world).record("lead", "7", Action.PROGRESS, date(2024, 8, 6), percent=60, result="Đã hướng dẫn")
    small = counted(world, clients.monitor)
    assert max(small.values()) <= CEILING, small
    grown(times)
    assert counted(world, clients.monitor) == small


@pytest.mark.long
@pytest.mark.usefixtures("written_anew")
def test_pages_that_are_read_again_cost_the_processor_alike_at_a_hundred_times_as_many_tasks(clients, grown):
    def cost(path: str) -> float:
        """Seconds for each byte: a list that goes on fills its page."""
        times = []
        for _ in range(15):
            began = process_time()
            octets = len(clients.monitor.get(path).data)
            times.append(process_time() - began)
        return median(times) / octets

    pages = ("/", "/my", "/plans/1")
    small = {path: cost(path) for path in pages}
    grown(100)
    assert [(path, small[path]) for path in pages if cost(path) > 1.5 * small[path]] == []
