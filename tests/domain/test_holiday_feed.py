"""Days off and dates of the school year as events: which ones there are, what names them, and when they changed."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise, permutations

import pytest

from tracker.domain.days_off import ListedDay
from tracker.domain.holiday_feed import BEGINNING, HolidayKind, NamedPeriod, SchoolYear, holiday_events

SET_AT = datetime(2024, 11, 5, 2, 30, 15, tzinfo=UTC)
PLANNED_AT = datetime(2024, 7, 1, 1, 0, tzinfo=UTC)
NEW_YEAR = ListedDay(date(2025, 1, 1), True, "Tết Dương lịch", "Bộ luật Lao động 2019, Điều 112")
MADE_UP = ListedDay(date(2025, 4, 26), False, "Làm bù cho thứ Sáu 02/5/2025", "Thông báo 6150", SET_AT)
YEAR = SchoolYear("2024-2025", PLANNED_AT)


def of_year(*closed: NamedPeriod, name: str = "2024-2025") -> dict[HolidayKind, object]:
    events = holiday_events([], [replace(YEAR, name=name, closed=closed)])
    return {each.kind: each for each in events}


def closed(name: str, to_on: date = date(2025, 1, 10), at: datetime = SET_AT) -> NamedPeriod:
    return NamedPeriod(name, to_on, at)


def test_a_line_of_the_table_is_one_event_named_by_its_day():
    off, worked = holiday_events([MADE_UP, NEW_YEAR], [])
    assert (off.key, off.kind, off.name, off.source) == (
        "day-off-20250101",
        HolidayKind.OFF,
        "Tết Dương lịch",
        "Bộ luật Lao động 2019, Điều 112",
    )
    assert (worked.key, worked.kind, worked.day) == ("day-off-20250426", HolidayKind.WORKED, date(2025, 4, 26))


def test_a_school_year_opens_and_ends_by_the_usual_frame():
    days = {kind.value: str(each.day) for kind, each in of_year().items()}
    assert days == {"opens": "2024-09-05", "semester-1-ends": "2025-01-17", "ends": "2025-05-31"}
    assert {each.source for each in of_year().values()} == {""}


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Học kỳ I", HolidayKind.SEMESTER_ENDS),
        ("học kì 1", HolidayKind.SEMESTER_ENDS),
        ("HK1 năm học 2024-2025", HolidayKind.SEMESTER_ENDS),
        ("Học kỳ II", HolidayKind.ENDS),
        ("Cả năm học", HolidayKind.ENDS),
        ("Năm học 2024-2025", HolidayKind.ENDS),
        ("Quý I", None),
        ("Tháng 12", None),
        ("Học kỳ III", None),
        ("Giữa học kỳ I", None),
    ],
)
def test_a_closed_period_of_that_name_tells_the_day(name, kind):
    usual, found = of_year(), of_year(closed(name))
    assert [each for each in found if found[each] != usual[each]] == ([kind] if kind else [])
    if kind:
        assert (found[kind].day, found[kind].source, found[kind].changed_at) == (date(2025, 1, 10), name, SET_AT)
        assert found[kind].key == usual[kind].key


def test_of_a_period_closed_twice_the_last_day_told_holds():
    later = closed("Học kỳ I", date(2025, 1, 15), SET_AT + timedelta(days=9))
    found = of_year(closed("Học kỳ I"), later)[HolidayKind.SEMESTER_ENDS]
    assert (found.day, found.changed_at) == (later.to_on, later.closed_at)


@pytest.mark.parametrize("name", ["2025", "2024-2026", "không rõ", ""])
def test_a_plan_of_no_school_year_has_no_dates_of_one(name):
    assert of_year(name=name) == {}


def test_every_event_has_a_name_of_its_own_and_the_order_is_that_of_days():
    years = [YEAR, replace(YEAR, name="2025-2026")]
    on_the_day = ListedDay(date(2025, 5, 31), False, "Làm bù", "")
    found = holiday_events([MADE_UP, NEW_YEAR, on_the_day], years)
    assert len({each.key for each in found}) == len(found) == 9
    assert all(one.day <= other.day for one, other in pairwise(found))
    for lines in permutations([MADE_UP, NEW_YEAR, on_the_day]):
        assert holiday_events(lines, reversed(years)) == found


def test_the_sequence_begins_at_nothing_and_rises_with_every_change():
    assert holiday_events([NEW_YEAR], [])[0].sequence == 0
    assert holiday_events([NEW_YEAR], [])[0].changed_at == BEGINNING
    moments = [SET_AT + timedelta(seconds=n) for n in (0, 1, 60, 86_400)]
    told = [holiday_events([replace(NEW_YEAR, changed_at=at)], [])[0].sequence for at in moments]
    assert told == sorted(set(told))
    assert holiday_events([replace(NEW_YEAR, changed_at=datetime(2090, 1, 1, tzinfo=UTC))], [])[0].sequence < 2**31
    assert holiday_events([], [replace(YEAR, known_since=datetime(1999, 1, 1, tzinfo=UTC))])[0].sequence == 0
