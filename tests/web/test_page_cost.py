"""What a page that was opened before costs the processor: beside a bare one, and at any size of the plan."""

import subprocess
import sys
import time
from datetime import date

import pytest

from dev import ROOT
from tests.support.feed_load import add_milestones
from tests.support.history import History
from tests.support.worlds import Visitor
from tracker.domain.work import Action

pytestmark = [pytest.mark.one_database, pytest.mark.long]

PAGES = ("/", "/my", "/overdue", "/plans/1")
LARGE = 100_000


def cost(client: Visitor, path: str) -> tuple[float, int]:
    """Milliseconds of an answer, of seven rounds the best, and its octets; the page was opened before."""
    octets = len(client.get(path).data)
    rounds = []
    for _ in range(7):
        begun = time.process_time()
        for _ in range(50):
            client.get(path).close()
        rounds.append((time.process_time() - begun) * 1000 / 50)
    return min(rounds), octets


def bare(octets: int) -> float:
    """Milliseconds of a bare page of so many octets, measured in its own process."""
    asked = [sys.executable, "-m", "tests.support.bare_page", str(octets)]
    return float(subprocess.run(asked, cwd=ROOT, check=True, capture_output=True, text=True).stdout)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_opened_again_costs_at_most_three_bare_ones(world, clients, path):
    History(world).record("lead", "7", Action.PROGRESS, date(2024, 8, 6), percent=60, result="Đã hướng dẫn")
    ours, octets = cost(clients.monitor, path)
    beside = bare(octets)
    print(f"{path} {octets} octets: {ours:.2f} ms, bare {beside:.2f} ms, {ours / beside:.1f} times")  # noqa: T201
    assert ours <= 3 * beside


def test_a_page_opened_again_costs_the_same_at_a_hundred_thousand_tasks(world, clients):
    History(world).record("lead", "7", Action.PROGRESS, date(2024, 8, 6), percent=60, result="Đã hướng dẫn")

    def times_bare(path: str) -> float:
        """Beside a bare page of the same moment, for what else the machine does changes meanwhile."""
        ours, octets = cost(clients.monitor, path)
        return ours / bare(octets)

    small = {path: times_bare(path) for path in PAGES}
    with world.app_context():
        add_milestones(LARGE)
    for path in PAGES:
        begun = time.process_time()
        clients.monitor.get(path)
        first = time.process_time() - begun
        again = times_bare(path)
        print(f"{path}: {again:.2f} bare pages, before {small[path]:.2f}; the first after a write {first:.1f} s")  # noqa: T201
        assert again <= 1.5 * small[path]
