from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.calendar_days import DaysOff
from tracker.domain.status import Calendar, Cell, Deadline, ShareFacts, milestone_facts, status
from tracker.domain.summaries import Tally, tally
from tracker.domain.work import State

NATIONAL_DAY = DaysOff(off=frozenset({date(2024, 9, 2), date(2024, 9, 3)}))
CALENDAR = Calendar(NATIONAL_DAY)
STRICT = Calendar(NATIONAL_DAY, late_after_working_day=False)
AUGUST = Deadline(date(2024, 7, 1), date(2024, 8, 31), date(2024, 8, 31))  # a Saturday before a long weekend


def done(day: date) -> ShareFacts:
    return ShareFacts(State.ACCEPTED, 100, day, day, 2)


@pytest.mark.parametrize(
    ("as_of", "calendar", "cell", "days_late"),
    [
        (date(2024, 8, 30), CALENDAR, Cell.IN_TIME, 0),
        (date(2024, 8, 31), CALENDAR, Cell.IN_TIME, 0),
        (date(2024, 9, 1), CALENDAR, Cell.IN_TIME, 0),
        (date(2024, 9, 4), CALENDAR, Cell.IN_TIME, 0),
        (date(2024, 9, 5), CALENDAR, Cell.OVERDUE, 1),
        (date(2024, 8, 31), STRICT, Cell.IN_TIME, 0),
        (date(2024, 9, 1), STRICT, Cell.OVERDUE, 1),
    ],
)
def test_overdue_begins_the_day_after_the_last_day_in_time(as_of, calendar, cell, days_late):
    found = status(ShareFacts(), AUGUST, calendar, as_of)
    assert (found.cell, found.days_late) == (cell, days_late)


@pytest.mark.parametrize(
    ("submitted", "cell", "days_late"),
    [
        (date(2024, 8, 20), Cell.DONE_ON_TIME, 0),
        (date(2024, 9, 4), Cell.DONE_ON_TIME, 0),
        (date(2024, 9, 6), Cell.DONE_LATE, 2),
    ],
)
def test_done_is_judged_by_the_day_the_unit_submitted_what_was_accepted(submitted, cell, days_late):
    found = status(done(submitted), AUGUST, CALENDAR, date(2025, 6, 1))
    assert (found.cell, found.days_late, found.done_on) == (cell, days_late, submitted)


def test_a_submission_that_nobody_accepted_is_not_done():
    facts = ShareFacts(State.SUBMITTED, 100, date(2024, 8, 1), date(2024, 8, 1), 1)
    assert status(facts, AUGUST, CALENDAR, date(2024, 9, 10)).cell is Cell.OVERDUE


def test_no_due_date_is_a_cell_of_its_own_and_never_late():
    found = status(ShareFacts(), Deadline(None, None, None), CALENDAR, date(2030, 1, 1))
    assert (found.cell, found.days_late, found.days_left) == (Cell.NO_DATE, 0, None)


def test_an_extension_is_in_time_by_what_holds_and_late_by_what_the_plan_said():
    extended = Deadline(date(2024, 7, 1), date(2024, 8, 31), date(2024, 10, 31))
    found = status(ShareFacts(), extended, CALENDAR, date(2024, 10, 1))
    assert (found.cell, found.late_to_original) == (Cell.IN_TIME, True)


@pytest.mark.parametrize(
    ("facts", "as_of", "quiet"),
    [
        (ShareFacts(), date(2024, 7, 30), False),
        (ShareFacts(), date(2024, 7, 31), True),
        (ShareFacts(), date(2024, 6, 1), False),
        (ShareFacts(State.IN_PROGRESS, 10, date(2024, 8, 1), None, 1), date(2024, 8, 30), False),
        (ShareFacts(State.IN_PROGRESS, 10, date(2024, 8, 1), None, 1), date(2024, 8, 31), True),
        (ShareFacts(State.SUBMITTED, 100, date(2024, 8, 1), date(2024, 8, 1), 1), date(2024, 12, 1), False),
    ],
)
def test_gone_quiet_is_running_and_silent_for_thirty_days(facts, as_of, quiet):
    assert status(facts, AUGUST, CALENDAR, as_of).quiet is quiet


def test_a_milestone_is_done_when_every_lead_is_accepted_on_the_last_ones_day():
    first, second = done(date(2024, 8, 1)), done(date(2024, 8, 9))
    assert milestone_facts([first, second]).done_on == date(2024, 8, 9)
    assert (
        milestone_facts([first, ShareFacts(State.SUBMITTED, 100, date(2024, 8, 9), date(2024, 8, 9), 1)]).done_on
        is None
    )


def test_a_milestone_without_a_known_lead_has_not_started():
    assert milestone_facts([]).state is State.NOT_STARTED


DAYS = st.dates(date(2024, 1, 1), date(2026, 12, 31))
FACTS = st.builds(
    lambda state, percent, day, gap: ShareFacts(
        state, percent, day, day - timedelta(gap) if state in (State.SUBMITTED, State.ACCEPTED) else None, 1
    ),
    st.sampled_from([s for s in State if s is not State.NOT_STARTED]),
    st.integers(0, 100),
    DAYS,
    st.integers(0, 40),
) | st.just(ShareFacts())
DEADLINES = st.builds(lambda due, moved: Deadline(None, due, moved if due else None), st.none() | DAYS, DAYS)


@given(st.lists(st.tuples(st.lists(FACTS, max_size=4), DEADLINES), max_size=20), DAYS)
def test_the_cells_always_add_up_to_all_milestones(milestones, as_of):
    found = tally(status(milestone_facts(leads), deadline, CALENDAR, as_of) for leads, deadline in milestones)
    assert found.total == len(milestones) == sum(found.cells().values())


@given(FACTS, DEADLINES, DAYS)
def test_what_is_overdue_stays_overdue_the_next_day_unless_somebody_acts(facts, deadline, as_of):
    today, tomorrow = (status(facts, deadline, CALENDAR, day) for day in (as_of, as_of + timedelta(1)))
    if today.cell is Cell.OVERDUE:
        assert (tomorrow.cell, tomorrow.days_late) == (Cell.OVERDUE, today.days_late + 1)


@given(st.lists(st.sampled_from(list(Cell)), max_size=9))
def test_tallies_add_like_numbers(cells):
    parts = [Tally(**{cell.value: 1}) for cell in cells]
    assert sum(parts, Tally()).total == len(cells)
