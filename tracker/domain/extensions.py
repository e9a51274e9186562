"""Requests for a later due date of a share: when one may be asked, how it is decided, and what it comes to.

The date that the plan gave is never overwritten. Several requests may follow one another; of those decided the latest
day granted holds from the moment of its decision, and no earlier view changes by it.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from tracker.domain.errors import Refused, StaleState
from tracker.domain.status import Deadline
from tracker.domain.words import N_
from tracker.domain.work import State

MAX_REASON = 4_000
MAX_DOCUMENT = 120
LONGEST = timedelta(days=3 * 366)


class Outcome(StrEnum):
    """What became of a request: granted as asked, to another day, refused, or taken back by the unit."""

    GRANTED = "granted"
    OTHER = "other"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Request:
    """What a unit asks for."""

    wanted_due: date | None
    reason: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What is decided on a request; `other_due` is the day of the outcome OTHER."""

    outcome: Outcome
    other_due: date | None = None
    document: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Extension:
    """A request as it is shown, with the decision if there is one; moments in UTC, `share_id` is its log's."""

    id: int
    share_id: int
    asked_by: str
    asked_at: datetime
    due_then: date
    wanted_due: date
    reason: str
    outcome: Outcome | None = None
    decided_by: str = ""
    decided_at: datetime | None = None
    granted_due: date | None = None
    document: str = ""
    note: str = ""


_NOT_NOW = {
    State.SUBMITTED: N_("Đơn vị đã báo hoàn thành phần việc này và đang chờ xác nhận, nên không xin gia hạn nữa."),
    State.ACCEPTED: N_("Phần việc này đã xong, nên không gia hạn được."),
    State.NOT_APPLICABLE: N_("Phần việc này không áp dụng cho đơn vị, nên không gia hạn được."),
}


def may_ask(state: State, deadline: Deadline) -> bool:
    """Whether an extension of a share in `state` can be asked at all."""
    return state not in _NOT_NOW and deadline.due is not None


def check_request(request: Request, state: State, deadline: Deadline, today: date) -> date:
    """The day asked for; StaleState for a share that is done, Refused for a day that cannot be or without a reason."""
    if state in _NOT_NOW:
        raise StaleState(_NOT_NOW[state])
    if deadline.due is None:
        raise Refused(N_("Phần việc này chưa có hạn, nên không có gì để gia hạn."))
    if request.wanted_due is None:
        raise Refused(N_("Hãy ghi ngày xin gia hạn đến, ví dụ 31/12/2024."))
    if not request.reason.strip():
        raise Refused(N_("Hãy ghi lý do xin gia hạn."))
    if len(request.reason) > MAX_REASON:
        raise Refused(N_("Lý do chỉ chứa tối đa %(most)s ký tự; hãy rút gọn."), most=str(MAX_REASON))
    return _later(request.wanted_due, deadline.due, today)


def check_decision(
    decision: Decision, extension: Extension, state: State, deadline: Deadline, today: date
) -> date | None:
    """The day that is granted, None for none; StaleState where it is decided already or the work done meanwhile.

    The unit takes a request back without a reason; whoever refuses one gives it.
    """
    if extension.outcome is not None:
        raise StaleState(N_("Đề nghị gia hạn này đã được giải quyết trước đó. Hãy xem kết quả trong phần việc."))
    if len(decision.note) > MAX_REASON or len(decision.document) > MAX_DOCUMENT:
        raise Refused(
            N_("Số văn bản dài tối đa %(short)s ký tự, ý kiến tối đa %(long)s ký tự; hãy rút gọn."),
            short=str(MAX_DOCUMENT),
            long=str(MAX_REASON),
        )
    if decision.outcome is Outcome.WITHDRAWN:
        return None
    if decision.outcome is Outcome.REFUSED:
        if not decision.note.strip():
            raise Refused(N_("Hãy ghi lý do không gia hạn để đơn vị biết."))
        return None
    if state in (State.ACCEPTED, State.NOT_APPLICABLE) or deadline.due is None:
        raise StaleState(_NOT_NOW.get(state, _NOT_NOW[State.ACCEPTED]))
    # What is reported already may have been reported in time by a day that passed while the request waited.
    earliest = date.min if state is State.SUBMITTED else today
    if decision.outcome is Outcome.OTHER:
        if decision.other_due is None:
            raise Refused(N_("Hãy ghi ngày được gia hạn đến, ví dụ 31/12/2024."))
        return _later(decision.other_due, deadline.due, earliest)
    if extension.wanted_due < earliest:
        raise Refused(
            N_("Ngày xin gia hạn %(day)s đã qua. Hãy gia hạn đến ngày khác, từ hôm nay trở đi, hoặc không gia hạn."),
            day=extension.wanted_due,
        )
    return _later(extension.wanted_due, deadline.due, today)


def _later(day: date, due: date, today: date) -> date:
    """The day, which has not passed and lies after the due date in force and not beyond all measure."""
    if day < today:
        raise Refused(N_("Ngày %(day)s đã qua; hãy chọn một ngày từ hôm nay trở đi."), day=day)
    if day <= due:
        raise Refused(
            N_("Ngày gia hạn %(day)s phải sau hạn hiện tại (%(due)s). Hãy chọn ngày khác."),
            day=day,
            due=due,
        )
    if day > max(due, today) + LONGEST:
        raise Refused(N_("Ngày gia hạn %(day)s quá xa; hãy kiểm tra lại năm."), day=day)
    return day
