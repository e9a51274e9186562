"""What a unit's page leads on to: its log, how it was urged, its people, two days side by side."""

import re
from datetime import date

import pytest

from tests.support.figures import wrong_figures
from tests.support.history import History
from tracker.domain.work import Action

pytestmark = pytest.mark.one_database

UNIT = "/units/phong-tckh"


@pytest.fixture
def autumn(world, clients):
    """The finance office reported task 7 and had it returned, and did task 1."""
    history = History(world)
    history.record("lead", "7", Action.SUBMIT, date(2024, 9, 10), result="Đã hướng dẫn 20 trường")
    history.record("monitor", "7", Action.RETURN, date(2024, 9, 12), unit="phong-tckh", reason="Thiếu biểu mẫu")
    history.done("lead", "1", date(2024, 11, 20), "monitor", "phong-tckh")
    return clients


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.partition('id="content"')[2]))


def test_the_log_has_every_line_of_the_unit_the_newest_first(autumn):
    page = words(autumn.monitor.get(f"{UNIT}/log").text)
    assert "4 mục nhật ký đến hết 16/12/2024" in page
    assert page.index("Đã hoàn thành") < page.index("Thiếu biểu mẫu") < page.index("Đã hướng dẫn 20 trường")
    assert "1 mục nhật ký" in words(autumn.lead.get(f"{UNIT}/log?as_of=2024-09-11").text)


def test_two_days_stand_side_by_side_with_what_moved_between_them(autumn):
    address = f"{UNIT}/compare?from=2024-09-01&as_of=2024-12-01"
    page = words(autumn.lead.get(address).text)
    assert "Xong trễ hạn 0/2 1/2 +1" in page
    assert "2 phần việc đổi tình trạng từ 01/09/2024 đến 01/12/2024" in page
    assert page.count("chưa bắt đầu") == 2, "a share may have moved by its beginning alone"
    assert wrong_figures(autumn.lead, address) == []


def test_people_are_named_to_their_own_and_reached_by_those_who_oversee(autumn):
    own = words(autumn.lead.get(f"{UNIT}/people").text)
    assert "Phạm Chủ Trì" in own
    assert "lead@example.org" not in own
    assert "lead@example.org" in autumn.monitor.get(f"{UNIT}/people").text


def test_how_the_unit_was_urged_is_told_to_it_and_to_those_who_oversee(autumn):
    assert "chưa được đôn đốc" in autumn.lead.get(f"{UNIT}/urgings").text
    for view in ("log", "urgings", "people", "compare"):
        assert autumn.partner.get(f"{UNIT}/{view}").status_code == 404
