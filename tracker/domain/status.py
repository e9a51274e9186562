"""Status, computed and never stored: a pure function of the log, the dates, the days off and the cut-off."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from tracker.domain.calendar_days import DaysOff
from tracker.domain.work import REPORTED, WAITING, State

DEFAULT_QUIET_DAYS = 30
SOON_DAYS = 14


class Cell(StrEnum):
    """The official cells; every milestone and every share is in exactly one."""

    DONE_ON_TIME = "done_on_time"
    DONE_LATE = "done_late"
    IN_TIME = "in_time"
    OVERDUE = "overdue"
    NO_DATE = "no_date"


class Ending(StrEnum):
    """Why something not done is nobody's work any more: it is flagged, and never late from that day on."""

    ORPHANED = "orphaned"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True)
class Deadline:
    """The dates of a milestone or a share: what the plan first said (`original_due`) and what holds now (`due`)."""

    start: date | None
    original_due: date | None
    due: date | None

    def extended(self, granted: date | None) -> "Deadline":
        """The deadline with the latest day granted: it holds where it is later; nothing is granted without a date."""
        if granted is None or self.due is None or granted <= self.due:
            return self
        return replace(self, due=granted)


@dataclass(frozen=True, slots=True)
class ShareFacts:
    """What a share's log says at a cut-off, after its first `entries` lines; days are local.

    `submitted_on` is the day of the latest submission. `ended` tells that by the cut-off nobody owes it any more: its
    unit is gone and has no heir, or it was closed or cancelled.
    """

    state: State = State.NOT_STARTED
    percent: int = 0
    last_entry_on: date | None = None
    submitted_on: date | None = None
    entries: int = 0
    ended: Ending | None = None

    @property
    def done_on(self) -> date | None:
        """The day the unit submitted what was then accepted; None while it is not."""
        return self.submitted_on if self.state is State.ACCEPTED else None


@dataclass(frozen=True, slots=True)
class Calendar:
    """What the office's calendar adds: days off, whether a due day off moves lateness on, days until "gone quiet"."""

    days_off: DaysOff
    late_after_working_day: bool = True
    quiet_days: int = DEFAULT_QUIET_DAYS

    def last_day(self, due: date) -> date:
        """The last day that still counts as in time for `due` (Civil Code 2015, art. 148.5)."""
        return self.days_off.working_day_on_or_after(due) if self.late_after_working_day else due


@dataclass(frozen=True, slots=True)
class Status:
    """Where a milestone or a share stands on the day `as_of`.

    `days_late`: days past the last day in time, while overdue or when done; 0 otherwise. `days_left` counts to the
    printed due date and is None where there is none or the work is done. `late_to_original` is told against what the
    plan first said, also of what is in time by a later due date. `quiet`: running, and no entry for the calendar's
    number of days. What has `ended` undone is in the cell without a date and neither late nor quiet.
    """

    cell: Cell
    state: State
    percent: int
    as_of: date
    due: date | None
    last_day: date | None
    done_on: date | None
    days_late: int
    days_left: int | None
    late_to_original: bool
    quiet: bool
    last_entry_on: date | None
    ended: Ending | None = None

    @property
    def done(self) -> bool:
        """Whether it is in one of the two done cells."""
        return self.cell in (Cell.DONE_ON_TIME, Cell.DONE_LATE)

    @property
    def expected(self) -> bool:
        """Whether the calendar expects it to be done: its last day in time is over, done or not."""
        return self.ended is None and self.last_day is not None and self.last_day < self.as_of

    @property
    def on_time_extended(self) -> bool:
        """Done in time by the due date that held, and later than the plan first said."""
        return self.cell is Cell.DONE_ON_TIME and self.late_to_original

    @property
    def soon(self) -> bool:
        """Not done, in time, and due within two weeks."""
        return self.cell is Cell.IN_TIME and self.days_left is not None and self.days_left <= SOON_DAYS


def milestone_facts(leads: Sequence[ShareFacts]) -> ShareFacts:
    """One view of all lead shares: done when every one is accepted, on the day the last of them was submitted.

    Partners are not asked here: a partner's share never holds the milestone open. Nor does a lead share that was closed
    or cancelled, or does not apply, while there are others. One whose unit is gone keeps it from being done, and flags
    it as soon as nothing else does.
    """
    if not leads:
        return ShareFacts()
    owed = [share for share in leads if _counts(share)]
    if not owed:
        return replace(_together(leads), ended=max(share.ended for share in leads if share.ended))
    undone = [share.ended for share in owed if not share.done_on]
    flagged = Ending.ORPHANED if undone and None not in undone else None
    return replace(_together(owed), ended=flagged)


def _counts(share: ShareFacts) -> bool:
    """Whether a lead share is one that its milestone waits for or is judged by."""
    return share.ended in (None, Ending.ORPHANED) or share.done_on is not None


def milestone_deadline(planned: Deadline, leads: Sequence[tuple[ShareFacts, Deadline]]) -> Deadline:
    """A milestone's dates from what is planned and those of its lead shares, which extensions may have moved.

    It is due with the last of the lead shares that are still open; where none is, with the last of all.
    """
    counted = [(facts, dates) for facts, dates in leads if _counts(facts)]
    still_open = [dates.due for facts, dates in counted if facts.done_on is None and facts.ended is None]
    dues = still_open or [dates.due for _, dates in counted]
    latest = max((due for due in dues if due), default=None)
    return planned if latest is None else planned.extended(latest)


def _together(leads: Sequence[ShareFacts]) -> ShareFacts:
    days = [share.last_entry_on for share in leads if share.last_entry_on]
    submitted = [share.submitted_on for share in leads if share.submitted_on]
    return ShareFacts(
        state=_common_state([share.state for share in leads]),
        percent=sum(share.percent for share in leads) // len(leads),
        last_entry_on=max(days, default=None),
        submitted_on=max(submitted, default=None),
    )


def _common_state(states: Sequence[State]) -> State:
    if len(set(states)) == 1:
        return states[0]
    if all(state in REPORTED for state in states):
        return State.SUBMITTED
    return State.RETURNED if State.RETURNED in states else State.IN_PROGRESS


def status(facts: ShareFacts, deadline: Deadline, calendar: Calendar, as_of: date) -> Status:
    """The status on the day `as_of` of one share, or of a milestone through `milestone_facts`."""
    due, done_on = deadline.due, facts.done_on
    if facts.ended and not done_on:
        return _ended(facts, due, as_of)
    last_day = calendar.last_day(due) if due else None
    judged_on = done_on or as_of
    late_by = max((judged_on - last_day).days, 0) if last_day else 0
    original_last = calendar.last_day(deadline.original_due) if deadline.original_due else None
    return Status(
        cell=_cell(done_on, last_day, late_by),
        state=facts.state,
        percent=facts.percent,
        as_of=as_of,
        due=due,
        last_day=last_day,
        done_on=done_on,
        days_late=late_by,
        days_left=(due - as_of).days if due and not done_on else None,
        late_to_original=original_last is not None and judged_on > original_last,
        quiet=_gone_quiet(facts, deadline, calendar, as_of),
        last_entry_on=facts.last_entry_on,
    )


def _ended(facts: ShareFacts, due: date | None, as_of: date) -> Status:
    """What nobody owes any more: counted apart, as work without a date is, from the day on which it ended."""
    return Status(
        cell=Cell.NO_DATE,
        state=facts.state,
        percent=facts.percent,
        as_of=as_of,
        due=due,
        last_day=due,
        done_on=None,
        days_late=0,
        days_left=None,
        late_to_original=False,
        quiet=False,
        last_entry_on=facts.last_entry_on,
        ended=facts.ended,
    )


def _cell(done_on: date | None, last_day: date | None, late_by: int) -> Cell:
    if done_on:
        return Cell.DONE_LATE if late_by else Cell.DONE_ON_TIME
    if last_day is None:
        return Cell.NO_DATE
    return Cell.OVERDUE if late_by else Cell.IN_TIME


def _gone_quiet(facts: ShareFacts, deadline: Deadline, calendar: Calendar, as_of: date) -> bool:
    """Running (begun by its dates or its log, not yet reported done) with no entry for `quiet_days` days."""
    if facts.state in REPORTED or facts.state in WAITING:
        return False
    since = max((day for day in (facts.last_entry_on, deadline.start) if day), default=None)
    return since is not None and (as_of - since).days >= calendar.quiet_days
