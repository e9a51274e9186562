"""Work that is nobody's any more: counted apart from its day on, and what it makes of its milestone."""

from datetime import date

import pytest

from tracker.domain.calendar_days import DaysOff
from tracker.domain.status import Calendar, Cell, Deadline, Ending, ShareFacts, milestone_facts, status
from tracker.domain.work import State

DUE = date(2025, 6, 30)
DEADLINE, CALENDAR = Deadline(date(2025, 6, 1), DUE, DUE), Calendar(DaysOff())
LATE = date(2025, 8, 1)
OPEN, DONE = ShareFacts(State.IN_PROGRESS, 40), ShareFacts(State.ACCEPTED, 100, DUE, DUE)
GONE = ShareFacts(State.IN_PROGRESS, 40, ended=Ending.ORPHANED)
CLOSED, CANCELLED = ShareFacts(ended=Ending.CLOSED), ShareFacts(ended=Ending.CANCELLED)


@pytest.mark.parametrize("facts", [GONE, CLOSED, CANCELLED])
def test_what_has_ended_is_neither_late_nor_quiet_nor_soon(facts):
    found = status(facts, DEADLINE, CALENDAR, LATE)
    assert (found.cell, found.ended) == (Cell.NO_DATE, facts.ended)
    assert (found.days_late, found.days_left, found.late_to_original, found.quiet, found.soon) == (
        0,
        None,
        *(False,) * 3,
    )
    assert (found.state, found.percent, found.due) == (facts.state, facts.percent, DUE)


def test_what_was_done_stays_done():
    done = ShareFacts(State.ACCEPTED, 100, DUE, DUE, ended=Ending.ORPHANED)
    assert status(done, DEADLINE, CALENDAR, LATE).cell is Cell.DONE_ON_TIME


@pytest.mark.parametrize(
    ("leads", "cell", "ended"),
    [
        ((OPEN,), Cell.OVERDUE, None),
        ((GONE,), Cell.NO_DATE, Ending.ORPHANED),
        ((GONE, OPEN), Cell.OVERDUE, None),
        ((GONE, DONE), Cell.NO_DATE, Ending.ORPHANED),
        ((CLOSED, DONE), Cell.DONE_ON_TIME, None),
        ((CANCELLED, OPEN), Cell.OVERDUE, None),
        ((CANCELLED, GONE), Cell.NO_DATE, Ending.ORPHANED),
        ((CLOSED, CLOSED), Cell.NO_DATE, Ending.CLOSED),
        ((CANCELLED,), Cell.NO_DATE, Ending.CANCELLED),
        ((DONE, DONE), Cell.DONE_ON_TIME, None),
    ],
)
def test_a_milestone_is_late_for_those_alone_who_still_owe_it(leads, cell, ended):
    found = status(milestone_facts(leads), DEADLINE, CALENDAR, LATE)
    assert (found.cell, found.ended) == (cell, ended)
