"""The plan by months: a real table with a bar for every milestone."""

import re
from datetime import date

import pytest

from tests.support.history import History

pytestmark = pytest.mark.one_database


def row(page: str, words: str) -> str:
    found = [each for each in page.split("<tr ")[2:] if words in each]
    assert len(found) == 1, words
    return found[0]


def bars(text: str) -> list[tuple[str, float, float]]:
    """Cell, left edge and width in per cent of each bar."""
    found = re.findall(r'<i class="cell-(\w+)" style="left:([\d.]+)%;width:([\d.]+)%"', text)
    return [(cell, float(left), float(width)) for cell, left, width in found]


def test_every_task_has_a_row_and_the_months_are_those_of_the_plan(clients):
    page = clients.leader.get("/timeline").text
    assert page.count('<tr role="row">') == 42
    months = re.search(r'<span class="months".*?</th>', page, re.DOTALL)[0]
    assert re.findall(r">(T\d+)", months) == [f"T{n}" for n in (7, 8, 9, 10, 11, 12, 1, 2, 3, 4, 5, 6, 7)]
    assert re.findall(r"<small>(\d+)", months) == ["2024", "2025"]


def test_bars_lie_where_their_dates_are(clients):
    page = clients.leader.get("/timeline").text
    assert bars(row(page, "Rà soát cơ sở vật chất")) == [("overdue", 0.0, pytest.approx(200 / 13, abs=0.01))]
    first, second = bars(row(page, "Tổ chức kiểm tra đánh giá cuối học kỳ I"))
    assert first == ("in_time", pytest.approx(500 / 13, abs=0.01), pytest.approx(100 / 13, abs=0.01))
    assert second == ("in_time", pytest.approx(1000 / 13, abs=0.01), pytest.approx(100 / 13, abs=0.01))


def test_words_say_what_the_picture_shows(clients):
    page = clients.leader.get("/timeline").text
    several = row(page, "Tổ chức kiểm tra đánh giá cuối học kỳ I")
    assert "01/12/2024 – 31/12/2024" in several
    assert "01/05/2025 – 31/05/2025" in several
    assert "Quá hạn 103 ngày" in row(page, "Rà soát cơ sở vật chất")
    assert 'role="region" tabindex="0" aria-label="Bảng dòng thời gian"' in page


def test_lateness_is_hatched_up_to_the_cut_off_and_done_is_ticked(clients, world):
    History(world).done("lead", "7", date(2024, 8, 30), "monitor", "phong-tckh")
    page = clients.leader.get("/timeline").text
    assert 'class="late-overdue"' in row(page, "Rà soát cơ sở vật chất")
    done = row(page, "Hướng dẫn thu chi")
    assert bars(done)[0][0] == "done_on_time"
    assert "#shape-done_on_time" in done
    assert "late-" not in done
    early = clients.leader.get("/timeline?as_of=2024-08-10").text
    assert bars(row(early, "Rà soát cơ sở vật chất"))[0][0] == "in_time"
    assert "<u style" in early
    assert "<u style" not in clients.leader.get("/timeline?as_of=2026-01-10").text
