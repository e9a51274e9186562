from datetime import date

from tracker.domain.calendar_days import DaysOff
from tracker.domain.reporting import reporting
from tracker.domain.status import Calendar, Deadline, Ending, ShareFacts, status
from tracker.domain.views import ShareLine, UnitRef
from tracker.domain.work import State

DAY = date(2024, 12, 16)


def share(number: int, state: State = State.NOT_STARTED, ended: Ending | None = None) -> ShareLine:
    facts = ShareFacts(state, submitted_on=DAY if state in (State.SUBMITTED, State.ACCEPTED) else None, ended=ended)
    deadline = Deadline(None, DAY, DAY)
    found = status(facts, deadline, Calendar(DaysOff()), DAY)
    return ShareLine(number, 1, UnitRef(number, f"u{number}", f"Đơn vị {number}", ""), "lead", facts, deadline, found)


def test_reported_means_said_to_be_done_and_who_is_missing_is_told_by_name():
    states = (State.NOT_STARTED, State.IN_PROGRESS, State.SUBMITTED, State.ACCEPTED, State.RETURNED)
    found = reporting(share(n, state) for n, state in enumerate(states))
    assert (found.reported, found.owed) == (2, 5)
    assert [each.id for each in found.missing] == [0, 1, 4]


def test_what_nobody_owes_any_more_counts_only_where_it_was_reported():
    found = reporting([share(1, ended=Ending.CLOSED), share(2, State.ACCEPTED), share(3)])
    assert (found.reported, found.owed) == (1, 2)
    assert [each.id for each in found.missing] == [3]
