"""The filters above the plan and above one's own work: they combine, and tell no stranger's state."""

import re
from datetime import date

import pytest

from tests.support.history import History
from tests.support.queries import count_queries
from tracker.domain.list_filters import ListFilter
from tracker.store.database import db


def numbers(page: str) -> list[str]:
    """The numbers of the tasks in the list, in its order."""
    return re.findall(r'<td class="number"[^>]*>(?:<label.*?</span> )?([\d.]+)', page)


def asked(client, path: str = "/plans/1", **filters: str) -> list[str]:
    answer = client.get(path, query_string=filters)
    assert answer.status_code == 200
    return numbers(answer.text)


def test_filters_combine_and_each_leaves_less(clients):
    everything = asked(clients.monitor)
    of_unit = asked(clients.monitor, unit="phong-tckh", part="any")
    led = asked(clients.monitor, unit="phong-tckh")
    late = asked(clients.monitor, unit="phong-tckh", part="any", status="overdue")
    assert set(late) < set(of_unit) < set(everything)
    assert set(led) < set(of_unit)
    assert sorted(led + asked(clients.monitor, unit="phong-tckh", part="partner")) == sorted(of_unit)
    words = asked(clients.monitor, unit="phong-tckh", part="any", q="DU TOAN")
    assert set(words) <= set(of_unit)


@pytest.mark.parametrize(
    ("filters", "some"),
    [
        ({"level": "primary", "part": "partner"}, True),
        ({"level": "primary", "unit": "phong-tckh", "part": "any"}, False),
        ({"month": "2024-08"}, True),
        ({"month": "1999-01"}, False),
        ({"q": '"năm học"'}, True),
        ({"month": "nonsense", "sort": "nonsense", "part": "x"}, True),
    ],
)
def test_each_filter_says_what_it_says(clients, filters, some):
    assert bool(asked(clients.monitor, **filters)) is some


def test_the_list_is_sorted_by_due_date_by_days_late_and_by_unit(clients):
    everything = asked(clients.monitor)
    assert sorted(asked(clients.monitor, sort="due")) == sorted(everything) != asked(clients.monitor, sort="due")
    page = clients.monitor.get("/plans/1?sort=late&status=overdue").text
    days = [int(n) for n in re.findall(r"[Tt]rễ (\d+) ngày", page)]
    assert days == sorted(days, reverse=True)
    assert asked(clients.monitor, sort="unit") != everything


def test_of_others_work_neither_filter_nor_order_tells_the_state(world, clients):
    before = asked(clients.partner, sort="late")
    History(world).done("lead", "7", date(2024, 9, 6), "monitor", "phong-tckh")
    assert asked(clients.partner, sort="late") == before
    assert "7" not in asked(clients.partner, status="done")
    assert "7" in asked(clients.monitor, status="done")


def test_ones_own_work_is_filtered_and_sorted_too(clients):
    everything = asked(clients.monitor, "/my", part="lead")
    late = asked(clients.monitor, "/my", part="lead", status="overdue")
    assert set(late) < set(everything)
    month = asked(clients.monitor, "/my", part="lead", month="2024-08")
    assert 0 < len(month) < len(everything)
    page = clients.monitor.get("/my?part=lead&q=không-có-gì").text
    assert "Không có phần việc nào khớp với lựa chọn." in page
    assert 'name="part" value="lead"' in page


def test_pages_of_a_filtered_list_keep_the_filters(clients):
    page = clients.monitor.get("/plans/1?unit=phong-gddt&part=any&sort=due").text
    assert '<option value="any" selected>' in page
    assert '<option value="due" selected>' in page


def test_a_filter_is_the_same_after_its_address(clients):
    texts = {
        "status": "overdue",
        "unit": "u",
        "part": "any",
        "level": "primary",
        "month": "2024-12",
        "q": "a",
        "sort": "late",
    }
    assert ListFilter.of(texts).asked == texts
    assert ListFilter.of({}).asked == {}


def test_all_filters_together_ask_ten_questions_at_most(world, clients):
    with world.app_context():
        engine = db.engine
    path = "/plans/1?status=overdue&unit=phong-gddt&part=any&level=&month=2024-08&q=truong&sort=late"
    for who in ("monitor", "lead"):
        with count_queries(engine) as statements:
            assert getattr(clients, who).get(path).status_code == 200
        assert len(statements) <= 10, (who, len(statements))
