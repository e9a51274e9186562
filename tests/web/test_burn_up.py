"""The year against the calendar: what is due and what was done by the end of each month."""

import re
from datetime import date

import pytest

from tests.support.figures import wrong_figures
from tests.support.history import History
from tracker.domain.burn_up import round_numbers

pytestmark = pytest.mark.one_database


def counts(page: str) -> list[list[str]]:
    """The rows of the table, as words."""
    table = page.partition('<table class="table chart-table">')[2].partition("</table>")[0]
    rows = re.findall(r"<tr>(.*?)</tr>", table.partition("<tbody>")[2], re.DOTALL)
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in rows]
    return [[re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", cell)).strip() for cell in row] for row in cells]


@pytest.fixture
def one_done(world, clients):
    """The finance office did task 1 in September."""
    History(world).done("lead", "1", date(2024, 9, 20), "monitor", "phong-tckh")
    return clients


def test_both_lines_stand_in_a_table_to_the_cut_off(one_done):
    rows = counts(one_done.leader.get("/burn-up").text)
    assert rows[0] == ["31/07/2024", "0/42", "0/42", "0"]
    assert rows[1] == ["31/08/2024", "5/42", "0/42", "-5"]
    assert rows[2][1:3] == ["9/42", "1/42"]
    assert rows[5] == ["31/12/2024 (đã xong đến 16/12/2024)", "18/42", "1/42", "chưa hết tháng"]
    assert rows[6] == ["31/01/2025", "20/42", "chưa đến", ""]
    assert rows[-1][1] == "42/42"


def test_the_chart_has_a_mark_for_each_number_and_ends_with_what_is_known(one_done):
    page = one_done.leader.get("/burn-up").text
    drawn = page.partition('<svg class="burn-up"')[2].partition("</svg>")[0]
    assert drawn.count('class="mark-due"') == 13
    assert drawn.count('class="mark-done"') == 6


@pytest.mark.parametrize(
    ("total", "lines"), [(0, [0]), (3, [0, 1, 2, 3]), (42, [0, 10, 20, 30, 40]), (50_000, [*range(0, 50_001, 10_000)])]
)
def test_the_lines_of_the_scale_stand_at_round_numbers(total, lines):
    assert list(round_numbers(total)) == lines


def test_each_number_leads_to_its_milestones(one_done):
    assert wrong_figures(one_done.monitor, "/burn-up?as_of=2024-10-31", most=8) == []
    chosen = one_done.monitor.get("/burn-up?done_by=2024-09-30").text
    assert "1 mốc đã xong đến hết 30/09/2024" in chosen
    assert "Rà soát cơ sở vật chất" in chosen


def test_units_see_the_sums_and_no_list_of_others_work(one_done):
    page = one_done.partner.get("/burn-up?done_by=2024-09-30").text
    assert counts(page)[2][2] == "1/42"
    assert "data-figure" not in page
    assert "Rà soát cơ sở vật chất" not in page
