"""Generated histories of milestones: the cells add up on every day, and no past day changes by what comes later."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.domain.calendar_days import DaysOff
from tracker.domain.errors import StaleState
from tracker.domain.status import (
    Calendar,
    Cell,
    Deadline,
    Ending,
    ShareFacts,
    Status,
    milestone_deadline,
    milestone_facts,
    status,
)
from tracker.domain.summaries import tally
from tracker.domain.work import LEAVES_UNIT, Action, Entry, Standing, State, after

BEGIN = date(2024, 7, 1)
DAYS = st.integers(0, 400).map(lambda days: BEGIN + timedelta(days))
CALENDAR = Calendar(DaysOff())


@dataclass(frozen=True)
class Share:
    """What people tried on which days, and which later dates were granted on which."""

    tried: tuple[tuple[date, Action], ...]
    granted: tuple[tuple[date, date], ...]
    gone_on: date | None

    def facts(self, day: date) -> ShareFacts:
        """What the log says at the end of a day; what the table refuses was never written."""
        standing, entries, last, submitted = Standing(), 0, None, None
        for on, action in sorted(self.tried, key=lambda each: each[0]):
            if on > day:
                break
            try:
                standing = after(standing, Entry(action, percent=50, result="x", reason="x"))
            except StaleState:
                continue
            entries, last = entries + 1, on
            submitted = on if action in LEAVES_UNIT else submitted
        away = Ending.NOT_APPLICABLE if standing.state is State.NOT_APPLICABLE else None
        gone = (
            Ending.ORPHANED if self.gone_on and self.gone_on <= day and standing.state is not State.ACCEPTED else None
        )
        return ShareFacts(standing.state, standing.percent, last, submitted, entries, away or gone)

    def deadline(self, planned: Deadline, day: date) -> Deadline:
        """The dates that hold on a day."""
        return planned.extended(max((due for on, due in self.granted if on <= day), default=None))


SHARES = st.builds(
    Share,
    st.lists(st.tuples(DAYS, st.sampled_from(list(Action))), max_size=10).map(tuple),
    st.lists(st.tuples(DAYS, DAYS), max_size=3).map(tuple),
    st.none() | DAYS,
)
PLANNED = st.builds(lambda due: Deadline(None, due, due), st.none() | DAYS)
MILESTONES = st.lists(st.tuples(PLANNED, st.lists(SHARES, max_size=3)), max_size=4)


def stands(planned: Deadline, leads: list[Share], day: date) -> Status:
    facts = [share.facts(day) for share in leads]
    dates = [(found, share.deadline(planned, day)) for found, share in zip(facts, leads, strict=True)]
    return status(milestone_facts(facts), milestone_deadline(planned, dates), CALENDAR, day)


def add_up(milestones: list[tuple[Deadline, list[Share]]], day: date) -> None:
    found = [stands(planned, leads, day) for planned, leads in milestones]
    cells = tally(found)
    assert sum(cells.cells().values()) == cells.total == len(milestones)
    assert cells.on_time_extended <= cells.done_on_time
    for each in found:
        assert each.done == (each.done_on is not None)
        assert each.ended is None or (each.cell is Cell.NO_DATE and each.days_late == 0 and not each.quiet)
        assert each.cell is not Cell.OVERDUE or each.late_to_original


def unchanged(planned: Deadline, leads: list[Share], more: list[Share], day: date) -> None:
    before = stands(planned, leads, day)
    later = [
        Share(
            share.tried + tuple((max(on, day + timedelta(1)), action) for on, action in new.tried),
            share.granted + tuple((max(on, day + timedelta(1)), due) for on, due in new.granted),
            share.gone_on,
        )
        for share, new in zip(leads, more, strict=False)
    ]
    assert stands(planned, later + leads[len(later) :], day) == before


@given(MILESTONES, DAYS)
def test_four_cells_and_no_date_are_all_milestones_on_any_day(milestones, day):
    add_up(milestones, day)


@given(PLANNED, st.lists(SHARES, max_size=3), st.lists(SHARES, max_size=3), DAYS)
def test_a_past_day_is_unchanged_by_what_is_logged_and_granted_later(planned, leads, more, day):
    unchanged(planned, leads, more, day)


@pytest.mark.long
@settings(max_examples=10_000)
@given(MILESTONES, DAYS)
def test_ten_thousand_histories_add_up(milestones, day):
    add_up(milestones, day)


@pytest.mark.long
@settings(max_examples=10_000)
@given(PLANNED, st.lists(SHARES, max_size=3), st.lists(SHARES, max_size=3), DAYS)
def test_ten_thousand_past_days_are_unchanged(planned, leads, more, day):
    unchanged(planned, leads, more, day)
