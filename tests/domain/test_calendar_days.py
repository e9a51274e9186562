from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.calendar_days import DaysOff, day_end, day_start, iso_day, local_day

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
OFFICE = DaysOff.from_rows([(date(2024, 9, 2), True), (date(2024, 9, 3), True), (date(2026, 1, 10), False)])


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2024, 12, 15, 16, 59, tzinfo=UTC), date(2024, 12, 15)),
        (datetime(2024, 12, 15, 17, 0, tzinfo=UTC), date(2024, 12, 16)),
    ],
)
def test_a_day_begins_at_local_midnight(moment, day):
    assert local_day(moment, HANOI) == day


def test_a_cut_off_holds_the_whole_day_and_nothing_after_it():
    assert day_start(date(2024, 12, 16), HANOI) == datetime(2024, 12, 15, 17, tzinfo=UTC)
    assert day_end(date(2024, 12, 16), HANOI) == datetime(2024, 12, 16, 17, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "is_off"),
    [
        (date(2024, 8, 31), True),
        (date(2024, 9, 2), True),
        (date(2024, 9, 4), False),
        (date(2026, 1, 10), False),  # a Saturday worked instead of another day
    ],
)
def test_weekends_are_off_unless_the_table_says_worked(day, is_off):
    assert OFFICE.is_off(day) is is_off


@given(st.dates(date(2024, 1, 1), date(2027, 12, 31)))
def test_the_working_days_around_a_day_are_the_nearest_ones(day):
    before, after = OFFICE.working_day_on_or_before(day), OFFICE.working_day_on_or_after(day)
    assert before <= day <= after
    assert not OFFICE.is_off(before)
    assert not OFFICE.is_off(after)
    assert (before == day) == (after == day) == (not OFFICE.is_off(day))


@pytest.mark.parametrize("text", ["20241216", "2024-W51-1", "2024-12-16T08:00", "2024-12-32", "٢٠٢٤-١٢-١٦", ""])
def test_a_day_is_written_in_one_way_only(text):
    assert iso_day("2024-12-16") == date(2024, 12, 16)
    with pytest.raises(ValueError, match=r"not a day|day is out of range"):
        iso_day(text)
