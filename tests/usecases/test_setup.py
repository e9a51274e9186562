"""What a new database is seeded with."""

from datetime import date, timedelta

import holidays
import pytest
import sqlalchemy as sa
from flask import Flask

from tests.support.worlds import ISSUED
from tracker.adapters.seeds import load_days_off
from tracker.domain.calendar_days import DaysOff
from tracker.store import units
from tracker.store.database import session, transaction
from tracker.store.tables import DayOff, ReminderRule
from tracker.usecases.setup import prepare

SEEDED = DaysOff.from_rows((day, is_off) for day, is_off, _, _ in load_days_off())
# Decided by the office after the package was made, or (2 May 2025) left out of it: off days and the worked ones.
DECIDED = {
    date(2025, 5, 2): True,
    date(2025, 4, 26): False,
    date(2026, 1, 2): True,
    date(2026, 1, 10): False,
    date(2026, 8, 31): True,
    date(2026, 8, 22): False,
    date(2026, 11, 24): True,
}


def test_preparing_twice_seeds_once_and_keeps_what_people_changed(app: Flask) -> None:
    with app.app_context():
        prepare(ISSUED)
        assert units.directory().units == units.directory().groups == ()
        assert session().scalar(sa.select(sa.func.count()).select_from(ReminderRule))
        with transaction():
            session().execute(sa.update(DayOff).where(DayOff.day == date(2025, 1, 1)).values(name="Nghỉ đầu năm"))
        days, names = units.days_off(), len(units.refs())
        prepare(ISSUED)
        assert session().get_one(DayOff, date(2025, 1, 1)).name == "Nghỉ đầu năm"
        assert (units.days_off(), len(units.refs())) == (days, names)


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_the_days_off_are_those_of_the_holidays_package_and_of_the_decisions_since(year: int) -> None:
    known = holidays.country_holidays("VN", years=year)
    day, differing = date(year, 1, 1), {}
    while day.year == year:
        worked = day in known.weekend_workdays
        expected = not worked and (day in known or day.weekday() >= 5)
        if SEEDED.is_off(day) != expected:
            differing[day] = SEEDED.is_off(day)
        day += timedelta(days=1)
    assert differing == {day: off for day, off in DECIDED.items() if day.year == year}


def test_the_new_year_of_2027_is_an_estimate_and_says_so() -> None:
    tet = [name for day, _, name, _ in load_days_off() if day.year == 2027 and day.month == 2]
    assert len(tet) == 7
    assert all(name.endswith("(tạm tính)") for name in tet)


@pytest.mark.parametrize(
    ("due", "last_day"),
    [
        (date(2024, 8, 31), date(2024, 9, 4)),
        (date(2024, 11, 30), date(2024, 12, 2)),
        (date(2025, 1, 31), date(2025, 2, 3)),
        (date(2025, 4, 30), date(2025, 5, 5)),
        (date(2025, 5, 31), date(2025, 6, 2)),
    ],
)
def test_a_due_day_off_counts_until_the_next_working_day(due: date, last_day: date) -> None:
    assert SEEDED.working_day_on_or_after(due) == last_day
