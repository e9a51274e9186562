"""What the calendar of days off is made of, and that each change of it is a later one."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.support.worlds import NOW
from tracker.domain.days_off import ListedDay
from tracker.domain.feeds import HOLIDAYS
from tracker.domain.holiday_feed import Basis, HolidayEvent, HolidayKind
from tracker.domain.reading.periods import PlanYear
from tracker.store import days_off, feeds, holidays, periods, units
from tracker.store.database import session, transaction
from tracker.store.tables import FeedScope, PlanRow
from tracker.usecases.days_off import remove_day, set_day, set_school_date
from tracker.usecases.setup import prepare

NEW_YEAR = date(2025, 1, 1)
STORM = ListedDay(date(2024, 12, 18), True, "Nghỉ bão", "Công điện 1")
FIGURES = {"milestones": []}


@pytest.fixture(autouse=True)
def _context(app: Flask) -> Iterator[None]:
    with app.app_context():
        prepare(NOW)
        yield


def found(day: date) -> HolidayEvent | None:
    return next((each for each in holidays.events() if each.day == day), None)


def changed_at() -> datetime | None:
    return session().scalar(sa.select(FeedScope.changed_at).where(FeedScope.scope == HOLIDAYS.key))


def test_a_day_set_changed_taken_out_and_set_again_is_one_event_with_rising_versions():
    told, times = [], []
    for step in range(4):
        if step == 2:
            remove_day(None, STORM.day, "Bão tan", now=NOW)
            assert found(STORM.day) is None
        else:
            set_day(None, replace(STORM, name=f"Nghỉ bão số {step}"), now=NOW)  # by a clock that stands still
            told.append(found(STORM.day))
        times.append(changed_at())
    assert len({each.key for each in told}) == 1
    assert [each.sequence for each in told] == sorted({each.sequence for each in told})
    assert times == sorted(set(times))


def test_documents_are_read_by_the_days_off_and_the_dates_that_the_office_set():
    year = PlanYear(2024, 2025)
    before = holidays.office_days()
    with transaction():
        session().add(PlanRow(id=1, title="A", school_year=year.name, created_at=NOW))
    set_day(None, STORM, now=NOW)
    set_school_date(None, year.name, HolidayKind.OPENS, date(2024, 9, 3), "QĐ 1", now=NOW)
    office = holidays.office_days()

    assert office.off == units.days_off()
    assert before.off == replace(office.off, off=office.off.off - {STORM.day})
    assert (before.of_year(year), office.of_year(year)) == (year, replace(year, opens=date(2024, 9, 3)))
    assert office.of_year(PlanYear(2025, 2026)) == PlanYear(2025, 2026)


def test_a_clock_that_was_put_back_makes_nothing_older():
    set_day(None, STORM, now=NOW)
    first, moved = found(STORM.day), changed_at()
    set_day(None, replace(STORM, name="Nghỉ lụt"), now=NOW - timedelta(days=30))
    assert found(STORM.day).sequence > first.sequence
    assert changed_at() > moved


def test_what_came_with_the_program_and_was_taken_out_does_not_come_back_with_a_restart():
    assert found(NEW_YEAR).sequence == 0
    remove_day(None, NEW_YEAR, "Văn bản mới", now=NOW)
    prepare(NOW)
    assert found(NEW_YEAR) is None
    assert days_off.on(NEW_YEAR) is None
    assert not units.days_off().is_off(NEW_YEAR)
    assert not units.days_off_from(session().scalar(sa.select(units.all_days_off()))).is_off(NEW_YEAR)
    set_day(None, ListedDay(NEW_YEAR, True, "Tết Dương lịch", "Lại nghỉ"), now=NOW)
    assert found(NEW_YEAR).sequence > 0


def test_the_dates_of_a_year_are_those_of_plans_that_are_out_and_follow_a_closed_semester():
    opens, ends = date(2024, 9, 5), date(2025, 1, 17)
    with transaction():
        made = NOW - timedelta(days=100)
        session().add_all(
            [
                PlanRow(id=1, title="A", school_year="2024-2025", created_at=made),
                PlanRow(id=2, title="B", school_year="2024-2025", created_at=NOW),
                PlanRow(id=3, title="C", school_year="2025-2026", created_at=NOW, state="draft"),
                PlanRow(id=4, title="D", school_year=None, created_at=NOW),
            ]
        )
        feeds.touch_milestones((), NOW, plan_ids=[1])
    assert changed_at() == NOW
    assert [each.name for each in holidays.school_years()] == ["2024-2025"]
    assert (found(opens).changed_at, found(ends).source) == (made, "")
    before = changed_at()
    with transaction():
        periods.add(2, "Học kỳ I", None, date(2025, 1, 10), FIGURES, now=NOW, person_id=None, note="")
    assert found(ends) is None
    assert (found(date(2025, 1, 10)).source, found(date(2025, 1, 10)).changed_at) == ("Học kỳ I", NOW)
    assert changed_at() > before


def test_a_date_of_a_school_year_set_and_let_go_again_is_one_event_with_rising_versions():
    closed_at = NOW + timedelta(days=30)
    with transaction():
        made = NOW - timedelta(days=100)
        session().add(PlanRow(id=1, title="A", school_year="2024-2025", created_at=made))
        session().flush()
        periods.add(1, "Học kỳ I", None, date(2025, 1, 10), FIGURES, now=closed_at, person_id=None, note="")

    def told() -> HolidayEvent:
        return next(each for each in holidays.events() if each.kind is HolidayKind.SEMESTER_ENDS)

    events, times = [told()], [changed_at()]
    for day in (date(2025, 1, 12), date(2025, 1, 15), None):
        # by a clock that stands before the closing of the period
        set_school_date(None, "2024-2025", HolidayKind.SEMESTER_ENDS, day, "QĐ 1", now=NOW)
        events.append(told())
        times.append(changed_at())
    assert [each.day.day for each in events] == [10, 12, 15, 10]
    assert [each.basis for each in events] == [Basis.PERIOD, Basis.DOCUMENT, Basis.DOCUMENT, Basis.PERIOD]
    assert len({each.key for each in events}) == 1
    assert [each.sequence for each in events] == sorted({each.sequence for each in events})
    assert times == sorted(set(times))
