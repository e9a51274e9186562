"""What reminders know of a share: its dates, where it stands, what happened to it, and the same on another day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from tracker.domain.share_people import NOBODY, Named
from tracker.domain.status import Calendar
from tracker.domain.work import REPORTED, SETTLED, WAITING, Action, State

LEAD, PARTNER = "lead", "partner"
SENT_BACK = (Action.RETURN, Action.SEND_BACK, Action.DECLINE)


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened on a day, told apart by a number: a log's version, the id of an extension."""

    number: int
    day: date


@dataclass(frozen=True, slots=True)
class OwnDay:
    """A unit's checkpoint: set on `added_on`, and done on `done_on` if it is."""

    id: int
    day: date
    title: str
    added_on: date
    done_on: date | None = None


@dataclass(frozen=True, slots=True)
class Urged:
    """That somebody urged a share by hand, on a day."""

    day: date
    by: str


@dataclass(frozen=True, slots=True)
class OwedShare:
    """A share that has not been accepted, of a plan in force: what rules and mails know of it.

    `leads_done` tells that every lead share of its milestone has been accepted. `position` is the task's in its plan.
    `named` are the people of the unit who do it, `monitor_unit_ids` the plan's monitors in their order, `writers` who
    wrote on it for the unit and so never answer it. `returned` is the entry that sent it back while the unit has
    written nothing since, `answered` the latest decision on an extension, `waiting` the report or request that waits
    for an answer, of the unit's own head to begin with, `asked` an extension that does; `quiet_on` is the day on which
    it goes quiet. All days are local.
    """

    id: int
    milestone_id: int
    task_id: int
    position: int
    number: str
    title: str
    ordinal: int
    several: bool
    part: str
    state: State
    due: date | None
    due_as_written: str
    leads_as_written: str
    partners_as_written: str
    unit_id: int
    unit_name: str
    unit_kind: str
    unit_ends_on: date | None
    leads_done: bool
    calendar: Calendar
    named: Named = NOBODY
    start: date | None = None
    assigned_on: date | None = None
    monitor_unit_ids: tuple[int, ...] = ()
    writers: frozenset[int] = frozenset()
    returned: Happening | None = None
    answered: Happening | None = None
    waiting: Happening | None = None
    asked: Happening | None = None
    quiet_on: date | None = None
    checkpoints: tuple[OwnDay, ...] = ()
    urged: tuple[Urged, ...] = ()

    @property
    def last_day(self) -> date | None:
        """The last day that still counts as in time."""
        return self.calendar.last_day(self.due) if self.due else None

    @property
    def rests(self) -> bool:
        """Whether it asks nothing of its unit: it waits for an answer, or is settled."""
        return rests(self.state)


def rests(state: State) -> bool:
    """Whether work in this state asks nothing of its unit: it waits for an answer, or is settled."""
    return state in REPORTED or state in WAITING or state in SETTLED


@dataclass(frozen=True, slots=True)
class LogLine:
    """An entry of a share's log as reminders need it."""

    version: int
    action: Action
    state: State
    day: date


@dataclass(frozen=True, slots=True)
class Request:
    """A request for a later due date; `decided_on` is empty while undecided, `granted` unless one was granted.

    `told` is False for what the unit itself took back.
    """

    id: int
    asked_on: date
    decided_on: date | None = None
    granted: date | None = None
    told: bool = True


@dataclass(frozen=True, slots=True)
class History:
    """A share with all that reminders must know to tell how it stood on another day.

    `share` has what does not change: its `due` is the plan's, its state that of an empty log.
    """

    share: OwedShare
    log: tuple[LogLine, ...] = ()
    requests: tuple[Request, ...] = ()
    checkpoints: tuple[OwnDay, ...] = ()
    urged: tuple[Urged, ...] = ()

    def now(self) -> OwedShare:
        """The share with everything that is known of it."""
        return self.on(None)

    def on(self, day: date | None) -> OwedShare:
        """The share as it stood when `day` began; None is with everything known."""
        log = [line for line in self.log if day is None or line.day < day]
        requests = [_as_of(each, day) for each in self.requests if day is None or each.asked_on < day]
        own_days = [each for each in self.checkpoints if day is None or each.added_on < day]
        last = log[-1] if log else None
        mover = next((line for line in reversed(log) if line.action is not Action.CORRECT), None)
        state = last.state if last else State.NOT_STARTED
        decided = [each for each in requests if each.decided_on and each.told]
        latest = max(decided, key=lambda each: (each.decided_on or date.min, each.id), default=None)
        return replace(
            self.share,
            state=state,
            due=_granted(self.share.due, requests),
            returned=Happening(last.version, last.day) if last and last.action in SENT_BACK else None,
            waiting=Happening(mover.version, mover.day) if mover and state in (*WAITING, State.APPROVING) else None,
            answered=Happening(latest.id, latest.decided_on) if latest and latest.decided_on else None,
            asked=next((Happening(each.id, each.asked_on) for each in requests if each.decided_on is None), None),
            quiet_on=None if rests(state) else self._quiet_on(last.day if last else None),
            checkpoints=tuple(each for each in own_days if each.done_on is None or (day and each.done_on >= day)),
            urged=tuple(each for each in self.urged if day is None or each.day < day),
        )

    def _quiet_on(self, last_entry_on: date | None) -> date | None:
        """The day on which running work goes quiet: the calendar's number of days after its start or latest entry."""
        since = max((day for day in (last_entry_on, self.share.start) if day), default=None)
        return since + timedelta(days=self.share.calendar.quiet_days) if since else None


def _as_of(request: Request, day: date | None) -> Request:
    """The request as it stood when `day` began."""
    if day is None or request.decided_on is None or request.decided_on < day:
        return request
    return replace(request, decided_on=None, granted=None)


def _granted(due: date | None, requests: Iterable[Request]) -> date | None:
    """The due date with the latest day granted, where that is later."""
    return due and max([due, *(each.granted for each in requests if each.granted)])


def standing_on(histories: Sequence[History], day: date) -> list[OwedShare]:
    """The shares that were owed when `day` began, each told whether the leads of its milestone were done by then."""
    shares = [each.on(day) for each in histories]
    open_leads = {share.milestone_id for share in shares if share.part == LEAD and share.state not in SETTLED}
    led = {share.milestone_id for share in shares if share.part == LEAD}
    done = led - open_leads
    return [
        share if share.leads_done is (share.milestone_id in done) else replace(share, leads_done=not share.leads_done)
        for share in shares
        if share.state not in SETTLED
    ]
