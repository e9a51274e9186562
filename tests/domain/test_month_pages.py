"""A month of a calendar: whole weeks, what is due on its days, and the months to leaf through."""

from dataclasses import replace
from datetime import date

import pytest

from tracker.domain.days_off import ListedDay
from tracker.domain.month_pages import CalendarDay, crowded, days_with, leaves, weeks
from tracker.domain.status import Calendar, DaysOff, Deadline, ShareFacts, status
from tracker.domain.views import MilestoneLine

TODAY = date(2024, 12, 16)
NO_DATE = Deadline(None, None, None)
LINE = MilestoneLine(
    id=1,
    task_id=1,
    position=1,
    number="1",
    title="Khai giảng",
    heading=None,
    ordinal=1,
    several=False,
    kind="date",
    start_as_written="",
    due_as_written="",
    planned=NO_DATE,
    deadline=NO_DATE,
    leads=(),
    leads_as_written="",
    status=status(ShareFacts(), NO_DATE, Calendar(DaysOff()), TODAY),
)


def due(*days: date | None) -> list[MilestoneLine]:
    return [replace(LINE, id=n, deadline=Deadline(None, day, day)) for n, day in enumerate(days, 1)]


@pytest.mark.parametrize(
    ("month", "shape"),
    [
        (date(2024, 12, 1), [1, 7, 7, 7, 7, 2]),  # begins on a Sunday
        (date(2024, 7, 1), [7, 7, 7, 7, 3]),  # begins on a Monday
        (date(2027, 2, 1), [7, 7, 7, 7]),  # four weeks and no more
        (date(2024, 2, 1), [4, 7, 7, 7, 4]),  # with the 29th
    ],
)
def test_a_month_has_whole_weeks_from_monday_and_each_of_its_days_once(month, shape):
    found = weeks(month, {})
    assert [sum(each is not None for each in week) for week in found] == shape
    assert all(len(week) == 7 for week in found)
    assert [each.day.day for week in found for each in week if each] == list(range(1, sum(shape) + 1))
    assert all(each is None or each.day.weekday() == at for week in found for at, each in enumerate(week))


def test_what_is_due_stands_on_its_day_in_the_order_of_the_plan_and_days_off_have_their_names():
    new_year = ListedDay(date(2025, 1, 1), True, "Tết Dương lịch", "")
    lines = due(date(2025, 1, 31), None, date(2025, 1, 2), date(2025, 1, 31), date(2025, 2, 1))
    found = days_with(lines, [new_year], lambda day: day.month == 1)
    assert [(day.day, [line.id for line in each.lines]) for day, each in found.items()] == [
        (1, []),
        (2, [3]),
        (31, [1, 4]),
    ]
    cells = [each for week in weeks(date(2025, 1, 1), found) for each in week if each]
    assert cells[0].listed == new_year
    assert [line.id for line in cells[30].lines] == [1, 4]


@pytest.mark.parametrize(
    ("day", "listed", "off"),
    [
        (date(2024, 12, 16), None, False),
        (date(2024, 12, 14), None, True),
        (date(2025, 1, 1), True, True),
        (date(2025, 4, 26), False, False),  # a Saturday worked in exchange
    ],
)
def test_a_day_is_off_by_the_table_else_by_its_weekday(day, listed, off):
    told = None if listed is None else ListedDay(day, listed, "Tên", "")
    assert CalendarDay(day, (), told).is_off is off


def test_one_leafs_from_the_first_month_with_something_due_to_the_last_and_to_today():
    whole = due(date(2024, 8, 31), date(2025, 5, 31), None)
    found = leaves(whole, whole[:1], TODAY)
    assert (found.first, found.last, found.due) == (date(2024, 8, 1), date(2025, 5, 1), (date(2024, 8, 1),))
    assert found.before(date(2024, 8, 1)) is None
    assert found.after(date(2025, 5, 1)) is None
    assert (found.before(date(2025, 1, 1)), found.after(date(2024, 12, 1))) == (date(2024, 12, 1), date(2025, 1, 1))
    assert found.nearest(date(2024, 12, 1)) == [date(2024, 8, 1)]
    assert leaves(whole, whole, TODAY).nearest(date(2024, 12, 1)) == [date(2024, 8, 1), date(2025, 5, 1)]


def test_from_far_outside_one_leafs_back_into_the_plan():
    found = leaves(due(date(2024, 8, 31)), [], TODAY)
    assert found.before(date(2030, 1, 1)) == date(2024, 12, 1)
    assert found.after(date(1990, 1, 1)) == date(2024, 8, 1)


@pytest.mark.parametrize(("room", "others"), [(9, [[3], [7, 8]]), (2, [[3], [7]]), (1, [[3]]), (0, [])])
def test_what_a_cell_leaves_out_is_told_by_day_as_far_as_there_is_room(room, others):
    lines = due(*[date(2025, 1, 2)] * 3, date(2025, 1, 3), *[date(2025, 1, 4)] * 4)
    days = days_with(lines, [], lambda _: True)
    assert [[line.id for line in each.lines] for each in crowded(days.values(), 2, room)] == others
