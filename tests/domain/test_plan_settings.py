from datetime import date

import pytest

from tracker.domain.days_off import LONGEST, ListedDay, check_day
from tracker.domain.errors import Refused
from tracker.domain.plan_settings import MOST_MONITORS, check_monitors, check_quiet_days, moved

MONDAY, SATURDAY = date(2025, 4, 28), date(2025, 4, 26)


@pytest.mark.parametrize(
    ("listed", "says"),
    [
        (ListedDay(MONDAY, True, " ", "CV 1"), "tên ngày nghỉ"),
        (ListedDay(MONDAY, True, "Nghỉ", " "), "văn bản hoặc lý do"),
        (ListedDay(MONDAY, False, "Làm bù", "CV 1"), "vốn là ngày làm việc"),
        (ListedDay(MONDAY, True, "x" * (LONGEST + 1), "CV 1"), "dài tối đa"),
        (ListedDay(date(1900, 1, 1), True, "Nghỉ", "CV 1"), "từ năm 1990"),
    ],
)
def test_what_may_not_stand_in_the_table_of_days_off(listed, says):
    with pytest.raises(Refused, match=says):
        check_day(listed)


def test_a_weekend_is_worked_and_any_day_may_be_off():
    for listed in (ListedDay(SATURDAY, False, "Bù", "TB 1"), ListedDay(MONDAY, True, "Nghỉ", "TB 1")):
        check_day(listed)


@pytest.mark.parametrize("days", [None, 0, -1, 366])
def test_quiet_days_are_a_number_of_days(days):
    with pytest.raises(Refused, match="từ 1 đến 365"):
        check_quiet_days(days)
    assert check_quiet_days(365) == 365


@pytest.mark.parametrize(
    ("monitors", "says"),
    [((), "không còn đơn vị theo dõi"), ((1, 2, 1), "đã là"), (tuple(range(MOST_MONITORS + 1)), "nhiều nhất")],
)
def test_a_list_of_monitors_that_is_refused(monitors, says):
    with pytest.raises(Refused, match=says):
        check_monitors(monitors, none_is_meant=False)
    check_monitors((), none_is_meant=True)


@pytest.mark.parametrize(
    ("unit", "by", "then"),
    [(2, -1, (2, 1, 3)), (2, 1, (1, 3, 2)), (1, -1, (1, 2, 3)), (3, 1, (1, 2, 3)), (9, 1, (1, 2, 3))],
)
def test_a_monitor_moves_as_far_as_there_is_room(unit, by, then):
    assert moved((1, 2, 3), unit, by) == then
