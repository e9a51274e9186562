"""The log of a share: its states, and what may follow what."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from tracker.domain.errors import Refused, StaleState
from tracker.domain.words import N_


class State(StrEnum):
    """Where a share stands after its latest entry.

    There is none for what is cancelled: an amendment drops the task or takes the unit off it, and an event of a unit
    closes the share, each with its day and its reason.
    """

    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    APPROVING = "approving"
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    ASKED_AWAY = "asked_away"
    NOT_APPLICABLE = "not_applicable"


class Action(StrEnum):
    """What an entry in the log does.

    A unit whose head approves proposes its report to the head first; ASK_AWAY asks the monitor to agree that the share
    does not apply to the unit. WITHDRAW takes a report or such a request back before it is answered. CORRECT names an
    earlier entry and moves nothing.
    """

    PROGRESS = "progress"
    PROPOSE = "propose"
    APPROVE = "approve"
    SEND_BACK = "send_back"
    SUBMIT = "submit"
    ACCEPT = "accept"
    RETURN = "return"
    ASK_AWAY = "ask_away"
    CONSENT = "consent"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    CORRECT = "correct"


WORKING = (State.NOT_STARTED, State.IN_PROGRESS, State.RETURNED)
SETTLED = (State.NOT_APPLICABLE, State.ACCEPTED)
REPORTED = (State.SUBMITTED, State.ACCEPTED)
WAITING = (State.SUBMITTED, State.ASKED_AWAY)
LEAVES_UNIT = (Action.SUBMIT, Action.APPROVE)
AS_BEFORE = None
"""In the table: back to the working state that stood before the unit reported or asked."""

TRANSITIONS: dict[tuple[State, Action], State | None] = {
    (State.NOT_STARTED, Action.PROGRESS): State.IN_PROGRESS,
    (State.NOT_STARTED, Action.PROPOSE): State.APPROVING,
    (State.NOT_STARTED, Action.SUBMIT): State.SUBMITTED,
    (State.NOT_STARTED, Action.ASK_AWAY): State.ASKED_AWAY,
    (State.NOT_STARTED, Action.CORRECT): State.NOT_STARTED,
    (State.IN_PROGRESS, Action.PROGRESS): State.IN_PROGRESS,
    (State.IN_PROGRESS, Action.PROPOSE): State.APPROVING,
    (State.IN_PROGRESS, Action.SUBMIT): State.SUBMITTED,
    (State.IN_PROGRESS, Action.ASK_AWAY): State.ASKED_AWAY,
    (State.IN_PROGRESS, Action.CORRECT): State.IN_PROGRESS,
    (State.RETURNED, Action.PROGRESS): State.RETURNED,
    (State.RETURNED, Action.PROPOSE): State.APPROVING,
    (State.RETURNED, Action.SUBMIT): State.SUBMITTED,
    (State.RETURNED, Action.ASK_AWAY): State.ASKED_AWAY,
    (State.RETURNED, Action.CORRECT): State.RETURNED,
    (State.APPROVING, Action.APPROVE): State.SUBMITTED,
    (State.APPROVING, Action.SEND_BACK): AS_BEFORE,
    (State.APPROVING, Action.WITHDRAW): AS_BEFORE,
    (State.APPROVING, Action.CORRECT): State.APPROVING,
    (State.SUBMITTED, Action.ACCEPT): State.ACCEPTED,
    (State.SUBMITTED, Action.RETURN): State.RETURNED,
    (State.SUBMITTED, Action.WITHDRAW): AS_BEFORE,
    (State.SUBMITTED, Action.CORRECT): State.SUBMITTED,
    (State.ACCEPTED, Action.RETURN): State.RETURNED,
    (State.ASKED_AWAY, Action.CONSENT): State.NOT_APPLICABLE,
    (State.ASKED_AWAY, Action.DECLINE): AS_BEFORE,
    (State.ASKED_AWAY, Action.WITHDRAW): AS_BEFORE,
    (State.ASKED_AWAY, Action.CORRECT): State.ASKED_AWAY,
    (State.NOT_APPLICABLE, Action.RETURN): State.RETURNED,
}

OWN_ACTIONS = (Action.PROGRESS, Action.PROPOSE, Action.SUBMIT, Action.ASK_AWAY, Action.CORRECT)
"""What the unit's people do."""
HEAD_ACTIONS = (Action.APPROVE, Action.SEND_BACK)
"""What the unit's head does with a report that waits to leave the unit."""
UNIT_ACTIONS = (*OWN_ACTIONS, *HEAD_ACTIONS, Action.WITHDRAW)
"""Everything that happens inside the unit; the rest is answered by who confirms."""
CORRECTABLE = (Action.PROGRESS, Action.PROPOSE, Action.SUBMIT, Action.ASK_AWAY, Action.CORRECT)

_CLOSED = N_("Phần việc này đã được xác nhận hoàn thành; nhật ký đã đóng.")
_WAITS = N_("Đơn vị đã báo hoàn thành và đang chờ xác nhận; chưa ghi thêm tiến độ được.")
_REPORTED = N_("Phần việc này đã được báo hoàn thành, đang chờ xác nhận.")
_DONE = N_("Phần việc này đã được xác nhận hoàn thành.")
_APPROVING = N_("Báo cáo của phần việc này đang chờ thủ trưởng đơn vị duyệt; chưa ghi thêm được.")
_ASKED = N_("Đơn vị đã đề nghị không áp dụng phần việc này và đang chờ trả lời; chưa ghi thêm được.")
_AWAY = N_("Phần việc này đã được đồng ý là không áp dụng cho đơn vị; nhật ký đã đóng.")
REFUSALS = {
    (State.SUBMITTED, Action.PROGRESS): _WAITS,
    (State.SUBMITTED, Action.ASK_AWAY): _WAITS,
    (State.SUBMITTED, Action.PROPOSE): _REPORTED,
    (State.SUBMITTED, Action.SUBMIT): _REPORTED,
    (State.SUBMITTED, Action.APPROVE): N_("Báo cáo này đã được duyệt và gửi đi trước đó."),
    (State.ACCEPTED, Action.PROGRESS): _CLOSED,
    (State.ACCEPTED, Action.ASK_AWAY): _CLOSED,
    (State.ACCEPTED, Action.CORRECT): N_(
        "Phần việc này đã được xác nhận hoàn thành, nên không sửa nhật ký được nữa. Nếu có sai sót, hãy đề nghị "
        "đơn vị theo dõi trả lại."
    ),
    (State.ACCEPTED, Action.PROPOSE): _DONE,
    (State.ACCEPTED, Action.SUBMIT): _DONE,
    (State.ACCEPTED, Action.ACCEPT): N_("Phần việc này đã được xác nhận trước đó."),
    **{(State.APPROVING, action): _APPROVING for action in (Action.PROGRESS, Action.PROPOSE, Action.SUBMIT)},
    (State.APPROVING, Action.ASK_AWAY): _APPROVING,
    **{(State.ASKED_AWAY, action): _ASKED for action in OWN_ACTIONS},
    **{(State.NOT_APPLICABLE, action): _AWAY for action in OWN_ACTIONS},
    (State.ACCEPTED, Action.WITHDRAW): N_(
        "Báo cáo này đã được xác nhận, nên không rút được nữa. Nếu có sai sót, hãy đề nghị đơn vị theo dõi trả lại."
    ),
    (State.RETURNED, Action.WITHDRAW): N_("Phần việc này đã được trả lại cho đơn vị; không còn gì để rút."),
    (State.NOT_APPLICABLE, Action.WITHDRAW): N_("Đề nghị này đã được đồng ý, nên không rút được nữa."),
    (State.NOT_APPLICABLE, Action.CONSENT): N_("Đã có người đồng ý không áp dụng phần việc này trước đó."),
}
NOT_REPORTED = N_(
    "Đơn vị chưa báo hoàn thành hoặc đã rút báo cáo, nên chưa có gì để xác nhận hay trả lại. Hãy tải lại trang."
)
NOT_PROPOSED = N_("Không có báo cáo nào của phần việc này đang chờ thủ trưởng duyệt. Hãy tải lại trang.")
NOT_ASKED = N_(
    "Không có đề nghị không áp dụng nào đang chờ trả lời ở phần việc này; có thể đơn vị đã rút. Hãy tải lại trang."
)
NOT_WAITING = N_("Phần việc này không có báo cáo hay đề nghị nào đang chờ trả lời để rút. Hãy tải lại trang.")
_NOTHING_THERE = {
    Action.APPROVE: NOT_PROPOSED,
    Action.SEND_BACK: NOT_PROPOSED,
    Action.CONSENT: NOT_ASKED,
    Action.DECLINE: NOT_ASKED,
    Action.WITHDRAW: NOT_WAITING,
}

MAX_TEXT = 4_000
TEXTS = ("result", "difficulty", "cause", "proposal", "reason")
"""The fields of an entry that hold what somebody wrote."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a person writes into a share's log; texts are plain, `percent` is 0 to 100 or left as it was (None).

    `corrects` is the id of the earlier entry that a correction names.
    """

    action: Action
    percent: int | None = None
    result: str = ""
    difficulty: str = ""
    cause: str = ""
    proposal: str = ""
    reason: str = ""
    corrects: int | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """An entry as it stands in a log, who wrote it, and the SHA-256 (hex) of its files; its percent is the share's."""

    person_id: int
    entry: Entry
    files: frozenset[str]

    def holds(self, sent: Entry, person_id: int, files: frozenset[str]) -> bool:
        """Whether this is what somebody sent: a report may have gone to the unit's head, a percent be left as it was.

        A report means 100 percent, whatever stood in its form.
        """
        reports = sent.action is Action.SUBMIT
        action = self.entry.action if reports and self.entry.action is Action.PROPOSE else sent.action
        percent = self.entry.percent if reports or sent.percent is None else sent.percent
        texts = {name: getattr(sent, name).strip() for name in TEXTS}
        return self == Written(person_id, replace(sent, action=action, percent=percent, **texts), files)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a share stands: its state and percent, and those of its latest entry in a working state (`before`)."""

    state: State = State.NOT_STARTED
    percent: int = 0
    before: State = State.NOT_STARTED
    percent_before: int = 0


def next_state(state: State, action: Action, before: State = State.NOT_STARTED) -> State:
    """The state after `action`, or StaleState where somebody else has already moved the share on.

    `before` is the working state in which the unit reported or asked.
    """
    try:
        found = TRANSITIONS[state, action]
    except KeyError:
        nothing = _NOTHING_THERE.get(action, NOT_REPORTED)
        raise StaleState(REFUSALS.get((state, action), nothing)) from None
    return before if found is AS_BEFORE else found


def may_follow(state: State, action: Action) -> bool:
    """Whether the table lets `action` follow on `state`."""
    return (state, action) in TRANSITIONS


def after(standing: Standing, entry: Entry) -> Standing:
    """Where the share stands once `entry` is in its log; StaleState where the table has no such step.

    A report means 100 percent, what goes back has the percent of before, silence keeps what was there. A correction
    sets the percent of work alone that is not reported.
    """
    state = next_state(standing.state, entry.action, standing.before)
    percent = _percent_after(standing, entry, state)
    if state in WORKING:
        return Standing(state, percent, state, percent)
    return Standing(state, percent, standing.before, standing.percent_before)


def _percent_after(standing: Standing, entry: Entry, state: State) -> int:
    if entry.action in (Action.PROPOSE, Action.SUBMIT):
        return 100
    if entry.action in (Action.RETURN, Action.SEND_BACK, Action.DECLINE, Action.WITHDRAW):
        return standing.percent_before
    told = entry.action in (Action.PROGRESS, Action.CORRECT) and state in WORKING
    return entry.percent if told and entry.percent is not None else standing.percent


_MISSING_REASONS = {
    Action.RETURN: N_("Hãy ghi lý do trả lại để đơn vị biết cần bổ sung gì."),
    Action.SEND_BACK: N_("Hãy ghi lý do chưa duyệt để người soạn biết cần bổ sung gì."),
    Action.DECLINE: N_("Hãy ghi lý do không đồng ý để đơn vị biết vì sao vẫn phải làm."),
    Action.ASK_AWAY: N_("Hãy ghi lý do phần việc này không áp dụng cho đơn vị."),
    Action.WITHDRAW: N_("Hãy ghi lý do rút lại để nơi xác nhận biết vì sao."),
}


def check_entry(entry: Entry) -> None:
    """Refuse an entry that says nothing or says it wrongly, with the field's name and the mend."""
    if entry.percent is not None and not 0 <= entry.percent <= 100:
        raise Refused(N_("Tỷ lệ hoàn thành phải từ 0 đến 100; bạn đã nhập %(percent)s."), percent=str(entry.percent))
    if entry.action in _MISSING_REASONS and not entry.reason.strip():
        raise Refused(_MISSING_REASONS[entry.action])
    said = (entry.result, entry.difficulty, entry.cause, entry.proposal)
    nothing = entry.percent is None and not any(text.strip() for text in said)
    if entry.action in (Action.PROGRESS, Action.CORRECT) and nothing:
        raise Refused(N_("Chưa có gì để ghi: hãy nhập tỷ lệ, kết quả, khó khăn hoặc đề xuất."))
    if entry.action in (Action.SUBMIT, Action.PROPOSE) and not entry.result.strip():
        raise Refused(N_("Hãy ghi kết quả đạt được trước khi báo hoàn thành."))
    if any(len(text) > MAX_TEXT for text in (*said, entry.reason)):
        raise Refused(N_("Mỗi ô chỉ chứa tối đa %(most)s ký tự; hãy rút gọn."), most=str(MAX_TEXT))


@dataclass(frozen=True, slots=True)
class LoggedEntry:
    """One line of a share's log as it is shown; `recorded_at` in UTC.

    `former_unit` names the unit in whose time it was written where that is not the one that has the share now,
    `acted_for` the unit for which a person of another one wrote it.
    `corrects` is the entry that it corrects, `capacity` the role of who answered in place of the monitor it goes to.
    """

    id: int
    share_id: int
    action: Action
    state: State
    percent: int
    result: str
    difficulty: str
    cause: str
    proposal: str
    reason: str
    recorded_at: datetime
    person_id: int
    person_name: str
    evidence: tuple["Evidence", ...] = ()
    former_unit: str = ""
    acted_for: str = ""
    corrects: int | None = None
    capacity: str = ""


@dataclass(frozen=True, slots=True)
class Tenure:
    """The time in which a share is one unit's: `ended_at` (UTC) is None while it lasts, `heir_id` the share after it.

    Shares that go on with one another write into one log, `log_id`.
    """

    share_id: int
    log_id: int
    unit_id: int
    unit_name: str
    ended_at: datetime | None = None
    heir_id: int | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """Why a share is its unit's since a day: it came from other units, or the unit joined a group.

    `kind` is the kind of the event of units (`domain.unit_events.EventKind`), empty where a group was joined; `reason`
    is the event's document, or why the joining was confirmed.
    """

    on: date
    kind: str
    reason: str
    from_units: tuple[str, ...] = ()


def last_tenure(tenures: Mapping[int, Tenure], share_id: int) -> Tenure:
    """Who has a share in the end: it itself, or where it was handed on to, followed to the last; by share id."""
    found = tenures[share_id]
    while found.heir_id is not None and found.heir_id in tenures:
        found = tenures[found.heir_id]
    return found


def writer(tenures: Iterable[Tenure], log_id: int, at: datetime) -> Tenure:
    """In whose time a line was written into a log at `at`; tenures in the order in which they followed one another."""
    of_log = [each for each in tenures if each.log_id == log_id]
    return next((each for each in of_log if each.ended_at is None or at < each.ended_at), of_log[-1])


@dataclass(frozen=True, slots=True)
class Evidence:
    """A file kept with an entry; `size` in octets, `sha256` in hex."""

    id: int
    name: str
    media_type: str
    size: int
    sha256: str
