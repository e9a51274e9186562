"""Days on a line of equal months."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.timeline import MOST_TICKS, Axis

months = st.builds(
    Axis,
    st.dates(date(2000, 1, 1), date(2060, 1, 1)).map(lambda day: day.replace(day=1)),
    st.integers(1, 400),
)


@given(months)
def test_the_first_day_begins_at_the_left_and_the_last_ends_at_the_right(axis: Axis):
    last = axis.first
    for _ in range(axis.months):
        last = (last.replace(day=28) + timedelta(days=4)).replace(day=1)
    last -= timedelta(days=1)
    assert axis.place(axis.first) == 0
    assert axis.place(last, end=True) == pytest.approx(100)
    assert axis.holds(axis.first)
    assert axis.holds(last)
    assert not axis.holds(last + timedelta(days=1))
    assert not axis.holds(axis.first - timedelta(days=1))


@given(months, st.dates(date(1990, 1, 1), date(2100, 1, 1)))
def test_a_day_ends_where_the_next_begins_and_nothing_leaves_the_line(axis: Axis, day: date):
    assert axis.place(day, end=True) == pytest.approx(axis.place(day + timedelta(days=1)))
    assert 0 <= axis.place(day) <= axis.place(day, end=True) <= 100


@given(months)
def test_ticks_are_few_enough_to_read_and_cover_every_month_once(axis: Axis):
    ticks = axis.ticks()
    assert sum(length for _, length in ticks) == axis.months
    assert len(ticks) <= max(MOST_TICKS, -(-axis.months // 12))
    assert ticks[0][0] == axis.first
    assert all(day.day == 1 for day, _ in ticks)


@pytest.mark.parametrize(("count", "lengths"), [(13, {1}), (18, {1}), (24, {3}), (60, {6}), (61, {6, 1}), (120, {12})])
def test_long_plans_are_labelled_by_quarters_half_years_and_years(count: int, lengths: set[int]):
    assert {length for _, length in Axis(date(2026, 1, 1), count).ticks()} == lengths
