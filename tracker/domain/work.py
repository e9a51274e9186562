"""The log of a share: its states, and what may follow what."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tracker.domain.errors import Refused, StaleState
from tracker.domain.words import N_


class State(StrEnum):
    """Where a share stands after its latest entry."""

    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    RETURNED = "returned"


class Action(StrEnum):
    """What an entry in the log does."""

    PROGRESS = "progress"
    SUBMIT = "submit"
    ACCEPT = "accept"
    RETURN = "return"


TRANSITIONS: dict[tuple[State, Action], State] = {
    (State.NOT_STARTED, Action.PROGRESS): State.IN_PROGRESS,
    (State.NOT_STARTED, Action.SUBMIT): State.SUBMITTED,
    (State.IN_PROGRESS, Action.PROGRESS): State.IN_PROGRESS,
    (State.IN_PROGRESS, Action.SUBMIT): State.SUBMITTED,
    (State.RETURNED, Action.PROGRESS): State.RETURNED,
    (State.RETURNED, Action.SUBMIT): State.SUBMITTED,
    (State.SUBMITTED, Action.ACCEPT): State.ACCEPTED,
    (State.SUBMITTED, Action.RETURN): State.RETURNED,
    (State.ACCEPTED, Action.RETURN): State.RETURNED,
}

REFUSALS = {
    (State.SUBMITTED, Action.PROGRESS): N_(
        "Đơn vị đã báo hoàn thành và đang chờ xác nhận; chưa ghi thêm tiến độ được."
    ),
    (State.SUBMITTED, Action.SUBMIT): N_("Phần việc này đã được báo hoàn thành, đang chờ xác nhận."),
    (State.ACCEPTED, Action.PROGRESS): N_("Phần việc này đã được xác nhận hoàn thành; nhật ký đã đóng."),
    (State.ACCEPTED, Action.SUBMIT): N_("Phần việc này đã được xác nhận hoàn thành."),
    (State.ACCEPTED, Action.ACCEPT): N_("Phần việc này đã được xác nhận trước đó."),
}
NOT_REPORTED = N_("Đơn vị chưa báo hoàn thành, nên chưa có gì để xác nhận hay trả lại. Hãy tải lại trang.")

MAX_TEXT = 4_000


@dataclass(frozen=True, slots=True)
class Entry:
    """What a person writes into a share's log; texts are plain, `percent` is 0 to 100 or left as it was (None)."""

    action: Action
    percent: int | None = None
    result: str = ""
    difficulty: str = ""
    cause: str = ""
    proposal: str = ""
    reason: str = ""


def next_state(state: State, action: Action) -> State:
    """The state after `action`, or StaleState where somebody else has already moved the share on."""
    try:
        return TRANSITIONS[state, action]
    except KeyError:
        raise StaleState(REFUSALS.get((state, action), NOT_REPORTED)) from None


def percent_after(entry: Entry, before: int, before_submission: int) -> int:
    """The share's percent once `entry` is in the log.

    A submission means 100, a return goes back to what was there before it, silence keeps what was there.
    """
    if entry.action is Action.SUBMIT:
        return 100
    if entry.action is Action.RETURN:
        return before_submission
    return before if entry.percent is None else entry.percent


def check_entry(entry: Entry) -> None:
    """Refuse an entry that says nothing or says it wrongly, with the field's name and the mend."""
    if entry.percent is not None and not 0 <= entry.percent <= 100:
        raise Refused(N_("Tỷ lệ hoàn thành phải từ 0 đến 100; bạn đã nhập %(percent)s."), percent=str(entry.percent))
    if entry.action is Action.RETURN and not entry.reason.strip():
        raise Refused(N_("Hãy ghi lý do trả lại để đơn vị biết cần bổ sung gì."))
    said = (entry.result, entry.difficulty, entry.cause, entry.proposal)
    if entry.action is Action.PROGRESS and entry.percent is None and not any(text.strip() for text in said):
        raise Refused(N_("Chưa có gì để ghi: hãy nhập tỷ lệ, kết quả, khó khăn hoặc đề xuất."))
    if entry.action is Action.SUBMIT and not entry.result.strip():
        raise Refused(N_("Hãy ghi kết quả đạt được trước khi báo hoàn thành."))
    if any(len(text) > MAX_TEXT for text in (*said, entry.reason)):
        raise Refused(N_("Mỗi ô chỉ chứa tối đa %(most)s ký tự; hãy rút gọn."), most=str(MAX_TEXT))


@dataclass(frozen=True, slots=True)
class LoggedEntry:
    """One line of a share's log as it is shown; `recorded_at` in UTC.

    `former_unit` names the unit in whose time it was written where that is not the one that has the share now.
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
    person_name: str
    evidence: tuple["Evidence", ...] = ()
    former_unit: str = ""


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
