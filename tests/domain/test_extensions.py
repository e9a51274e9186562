"""Later due dates: what may be asked, what may be granted, and what it makes of a share and of its milestone."""

from datetime import UTC, date, datetime

import pytest

from tracker.domain.calendar_days import DaysOff
from tracker.domain.errors import Refused, StaleState
from tracker.domain.extensions import Decision, Extension, Outcome, Request, check_decision, check_request, may_ask
from tracker.domain.status import (
    Calendar,
    Cell,
    Deadline,
    Ending,
    ShareFacts,
    milestone_deadline,
    milestone_facts,
    status,
)
from tracker.domain.summaries import tally
from tracker.domain.work import State

DUE, LATER, LATEST = date(2024, 11, 29), date(2024, 12, 20), date(2025, 1, 31)
TODAY = date(2024, 12, 10)
PLANNED = Deadline(date(2024, 9, 2), DUE, DUE)
CALENDAR = Calendar(DaysOff())
NOW = datetime(2024, 12, 1, tzinfo=UTC)
ASKED = Extension(1, 1, "A", NOW, DUE, LATER, "Chờ dự toán")


@pytest.mark.parametrize(
    ("request_", "state", "deadline", "error", "words"),
    [
        (Request(LATER, "Vì"), State.ACCEPTED, PLANNED, StaleState, "đã xong"),
        (Request(LATER, "Vì"), State.SUBMITTED, PLANNED, StaleState, "đang chờ xác nhận"),
        (Request(LATER, "Vì"), State.NOT_APPLICABLE, PLANNED, StaleState, "không áp dụng"),
        (Request(LATER, "Vì"), State.IN_PROGRESS, Deadline(None, None, None), Refused, "chưa có hạn"),
        (Request(None, "Vì"), State.IN_PROGRESS, PLANNED, Refused, "Hãy ghi ngày"),
        (Request(LATER, " "), State.IN_PROGRESS, PLANNED, Refused, "Hãy ghi lý do"),
        (Request(LATER, "x" * 4001), State.IN_PROGRESS, PLANNED, Refused, "tối đa 4000"),
        (Request(date(2024, 12, 9), "Vì"), State.IN_PROGRESS, PLANNED, Refused, "đã qua"),
        (Request(LATER, "Vì"), State.IN_PROGRESS, PLANNED.extended(LATER), Refused, "phải sau hạn hiện tại"),
        (Request(date(2124, 12, 9), "Vì"), State.IN_PROGRESS, PLANNED, Refused, "quá xa"),
    ],
)
def test_what_cannot_be_asked_is_said(request_, state, deadline, error, words):
    with pytest.raises(error, match=words):
        check_request(request_, state, deadline, TODAY)


@pytest.mark.parametrize("today", [date(2024, 10, 1), TODAY])
def test_an_extension_is_asked_before_the_due_date_or_after_it(today):
    assert check_request(Request(LATER, "Vì"), State.RETURNED, PLANNED, today) == LATER


@pytest.mark.parametrize("state", State)
def test_only_what_is_still_the_units_work_can_be_extended(state):
    over = state in (State.SUBMITTED, State.ACCEPTED, State.NOT_APPLICABLE)
    assert may_ask(state, PLANNED) is not over


@pytest.mark.parametrize(
    ("decision", "state", "granted"),
    [
        (Decision(Outcome.GRANTED), State.IN_PROGRESS, LATER),
        (Decision(Outcome.OTHER, date(2024, 12, 15)), State.IN_PROGRESS, date(2024, 12, 15)),
        (Decision(Outcome.OTHER, date(2024, 12, 5)), State.SUBMITTED, date(2024, 12, 5)),
        (Decision(Outcome.REFUSED, note="Không đủ lý do"), State.IN_PROGRESS, None),
        (Decision(Outcome.WITHDRAWN), State.IN_PROGRESS, None),
    ],
)
def test_what_a_decision_grants(decision, state, granted):
    assert check_decision(decision, ASKED, state, PLANNED, TODAY) == granted


def test_a_day_that_passed_while_the_request_waited_is_not_granted_to_open_work():
    with pytest.raises(Refused, match="Hãy gia hạn đến ngày khác"):
        check_decision(Decision(Outcome.GRANTED), ASKED, State.IN_PROGRESS, PLANNED, LATEST)


@pytest.mark.parametrize(
    ("decision", "state", "error", "words"),
    [
        (Decision(Outcome.REFUSED), State.IN_PROGRESS, Refused, "lý do không gia hạn"),
        (Decision(Outcome.OTHER), State.IN_PROGRESS, Refused, "Hãy ghi ngày được gia hạn"),
        (Decision(Outcome.OTHER, date(2024, 12, 9)), State.IN_PROGRESS, Refused, "đã qua"),
        (Decision(Outcome.OTHER, DUE), State.SUBMITTED, Refused, "phải sau hạn hiện tại"),
        (Decision(Outcome.GRANTED), State.ACCEPTED, StaleState, "đã xong"),
        (Decision(Outcome.GRANTED, document="x" * 121), State.IN_PROGRESS, Refused, "Số văn bản"),
    ],
)
def test_what_cannot_be_decided_is_said(decision, state, error, words):
    with pytest.raises(error, match=words):
        check_decision(decision, ASKED, state, PLANNED, TODAY)


OPEN = ShareFacts(State.IN_PROGRESS, 10)
GONE = ShareFacts(State.IN_PROGRESS, 10, ended=Ending.ORPHANED)
AWAY = ShareFacts(State.NOT_APPLICABLE, 0, ended=Ending.NOT_APPLICABLE)


def done(day: date) -> ShareFacts:
    return ShareFacts(State.ACCEPTED, 100, day, day, 2)


@pytest.mark.parametrize(
    ("leads", "due"),
    [
        ([], DUE),
        ([(OPEN, None)], DUE),
        ([(OPEN, LATER)], LATER),
        ([(OPEN, LATER), (OPEN, None)], LATER),
        ([(done(DUE), LATEST), (OPEN, None)], DUE),
        ([(done(DUE), None), (OPEN, LATER)], LATER),
        ([(done(DUE), None), (done(LATER), LATER)], LATER),
        ([(AWAY, LATEST), (OPEN, LATER)], LATER),
        ([(AWAY, LATEST)], DUE),
        ([(GONE, LATEST), (OPEN, LATER)], LATER),
        ([(OPEN, date(2024, 11, 1))], DUE),
    ],
)
def test_a_milestone_is_due_with_the_last_lead_that_still_owes_it(leads, due):
    found = milestone_deadline(PLANNED, [(facts, PLANNED.extended(granted)) for facts, granted in leads])
    assert (found.due, found.original_due) == (due, DUE)


def test_nothing_is_granted_to_work_without_a_date():
    undated = Deadline(None, None, None)
    assert undated.extended(LATER) is undated
    assert milestone_deadline(undated, [(OPEN, undated)]) is undated


@pytest.mark.parametrize(
    ("facts", "granted", "cell", "late_to_original", "on_time_extended"),
    [
        (done(DUE), None, Cell.DONE_ON_TIME, False, False),
        (done(LATER), None, Cell.DONE_LATE, True, False),
        (done(LATER), LATER, Cell.DONE_ON_TIME, True, True),
        (done(DUE), LATER, Cell.DONE_ON_TIME, False, False),
        (done(LATEST), LATER, Cell.DONE_LATE, True, False),
        (OPEN, LATER, Cell.IN_TIME, True, False),
        (OPEN, None, Cell.OVERDUE, True, False),
    ],
)
def test_three_figures_tell_on_time_late_to_the_original_and_on_time_after_extension(
    facts, granted, cell, late_to_original, on_time_extended
):
    found = status(facts, PLANNED.extended(granted), CALENDAR, TODAY)
    assert (found.cell, found.late_to_original, found.on_time_extended) == (cell, late_to_original, on_time_extended)
    counted = tally([found, found])
    assert (counted.late_to_original, counted.on_time_extended) == (2 * late_to_original, 2 * on_time_extended)
    assert counted.on_time_originally == 2 * (cell is Cell.DONE_ON_TIME and not on_time_extended)


def test_a_milestone_that_applies_to_none_of_its_leads_says_so_and_one_of_them_holds_nothing_open():
    assert milestone_facts([AWAY, AWAY]).ended is Ending.NOT_APPLICABLE
    assert milestone_facts([AWAY, done(DUE)]).done_on == DUE
