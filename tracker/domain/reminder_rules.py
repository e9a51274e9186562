"""The rules of reminders, which are data: of what, when, to whom, how often; and what each says of itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from tracker.domain.errors import Refused
from tracker.domain.words import N_

MOST_DAYS, MOST_NAME = 365, 200


class Event(StrEnum):
    """What a rule speaks of.

    Planned days: the due date, the start, a unit's own checkpoint. What happened: sent back, an extension decided, a
    share newly owed, a report or request that waits for an answer, a report that waits for the head of its own unit, no
    entry for as many days as the plan allows. The weekly page of leaders is about no share: how each plan stands.
    """

    DUE = "due"
    START = "start"
    CHECKPOINT = "checkpoint"
    RETURNED = "returned"
    EXTENSION = "extension"
    ASSIGNED = "assigned"
    SUBMITTED = "submitted"
    APPROVING = "approving"
    QUIET = "quiet"
    WEEKLY = "weekly"


PLANNED = (Event.DUE, Event.START, Event.CHECKPOINT)


class Audience(StrEnum):
    """Whom a rule speaks to, from the bottom of the ladder to its top.

    Who does a lead share; who does a partner's; the heads of the share's unit; the monitors who answer for it; leaders.
    """

    DOERS = "doers"
    PARTNERS = "partners"
    HEADS = "heads"
    MONITORS = "monitors"
    LEADERS = "leaders"


LADDER = tuple(Audience)
ABOVE = frozenset({Audience.HEADS, Audience.MONITORS, Audience.LEADERS})


class Group(StrEnum):
    """The parts of a digest, the most pressing first; also what a person may choose not to be told."""

    OVERDUE = "overdue"
    RETURNED = "returned"
    ANSWERED = "answered"
    ESCALATED = "escalated"
    WAITING = "waiting"
    SOON = "soon"
    STARTING = "starting"
    NEW = "new"
    QUIET = "quiet"
    WEEKLY = "weekly"


@dataclass(frozen=True, slots=True)
class Rule:
    """`days` before (positive) or on (0) a planned day, or after it (negative): after the last day in time of a due
    date, after the day on which something happened.

    `every` repeats what speaks of days after, `times` in all at most (None: without end); with a `weekday` (1 is
    Monday) it first waits for that day, so that what is told weekly comes together. `except_kinds` are kinds of unit it
    leaves out. An `urgent` one does not wait for the digest. `urged` lets a step of the ladder speak as soon as the
    share was urged so often. `name` is one of the office's own, in place of the words that describe it.
    """

    code: str
    days: int
    event: Event = Event.DUE
    every: int | None = None
    times: int | None = None
    weekday: int | None = None
    to: frozenset[Audience] = frozenset({Audience.DOERS})
    except_kinds: frozenset[str] = frozenset()
    urgent: bool = False
    urged: int | None = None
    name: str = ""
    active: bool = True

    @property
    def looks_back(self) -> bool:
        """Whether it speaks of days after, and so may repeat."""
        return self.days < 0 or self.event not in PLANNED


def check_rule(rule: Rule) -> None:
    """Refuse a rule that cannot speak, with the place and the mend."""
    if abs(rule.days) > MOST_DAYS:
        raise Refused(N_("Số ngày phải từ 0 đến %(most)s."), most=str(MOST_DAYS))
    if not rule.to:
        raise Refused(N_("Hãy chọn ít nhất một nơi nhận."))
    if rule.event not in PLANNED and rule.days > 0:
        raise Refused(N_("Sự việc này không biết trước được, nên chỉ nhắc được trong ngày hoặc sau đó."))
    if rule.event in (Event.START, Event.CHECKPOINT) and rule.days < 0:
        raise Refused(N_("Ngày bắt đầu và mốc nội bộ chỉ nhắc được trước hoặc trong ngày đó."))
    if rule.event is Event.DUE and rule.days < 0 and Audience.PARTNERS in rule.to:
        raise Refused(N_("Đơn vị phối hợp không bị nhắc quá hạn; hãy bỏ nơi nhận này."))
    if rule.every is not None and not (rule.looks_back and 1 <= rule.every <= MOST_DAYS):
        raise Refused(N_("Chỉ nhắc lặp lại được sau ngày đó, mỗi 1 đến %(most)s ngày."), most=str(MOST_DAYS))
    if rule.times is not None and (rule.every is None or rule.times < 1):
        raise Refused(N_("Số lần nhắc phải từ 1 và chỉ đặt được khi nhắc lặp lại."))
    if rule.weekday is not None and not (rule.looks_back and 1 <= rule.weekday <= 7):
        raise Refused(N_("Chỉ chọn được thứ trong tuần cho điều nhắc sau ngày đó."))
    if rule.event is Event.APPROVING and rule.to - {Audience.HEADS}:
        raise Refused(N_("Báo cáo chờ duyệt còn là việc trong đơn vị: chỉ nhắc được thủ trưởng đơn vị."))
    if rule.event is Event.WEEKLY and (rule.days or rule.every or rule.urgent or rule.to - {Audience.LEADERS}):
        raise Refused(N_("Trang tổng hợp gửi lãnh đạo mỗi tuần một lần: số ngày là 0, không nhắc lại, không gửi ngay."))
    ladder = rule.event is Event.DUE and rule.days < 0 and rule.to <= ABOVE
    if rule.urged is not None and not (ladder and rule.urged >= 1):
        raise Refused(N_("Số lần đôn đốc chỉ đặt được cho việc quá hạn báo lên cấp trên, từ 1 lần."))
    if len(rule.name) > MOST_NAME:
        raise Refused(N_("Tên quy tắc dài quá %(most)s ký tự; hãy rút gọn."), most=str(MOST_NAME))


Phrase = tuple[str, Mapping[str, object]]
"""A message to be translated and what fills its places."""

_BEFORE = {
    Event.DUE: (N_("Đến hạn"), N_("Còn 1 ngày đến hạn"), N_("Còn %(n)s ngày đến hạn")),
    Event.START: (N_("Ngày bắt đầu"), N_("Còn 1 ngày bắt đầu"), N_("Còn %(n)s ngày bắt đầu")),
    Event.CHECKPOINT: (N_("Đến mốc nội bộ"), N_("Còn 1 ngày đến mốc nội bộ"), N_("Còn %(n)s ngày đến mốc nội bộ")),
}
_AFTER = {
    Event.DUE: ("", N_("Quá hạn từ 1 ngày"), N_("Quá hạn từ %(n)s ngày")),
    Event.RETURNED: (N_("Bị trả lại"), N_("Bị trả lại 1 ngày trước"), N_("Bị trả lại %(n)s ngày trước")),
    Event.EXTENSION: (
        N_("Gia hạn đã được trả lời"),
        N_("Gia hạn đã được trả lời 1 ngày trước"),
        N_("Gia hạn đã được trả lời %(n)s ngày trước"),
    ),
    Event.ASSIGNED: (N_("Việc mới giao"), N_("Việc mới giao 1 ngày trước"), N_("Việc mới giao %(n)s ngày trước")),
    Event.SUBMITTED: (N_("Chờ trả lời"), N_("Chờ trả lời từ 1 ngày"), N_("Chờ trả lời từ %(n)s ngày")),
    Event.APPROVING: (
        N_("Chờ thủ trưởng duyệt"),
        N_("Chờ thủ trưởng duyệt từ 1 ngày"),
        N_("Chờ thủ trưởng duyệt từ %(n)s ngày"),
    ),
    Event.QUIET: (N_("Im lặng"), N_("Im lặng thêm 1 ngày"), N_("Im lặng thêm %(n)s ngày")),
    Event.WEEKLY: (N_("Trang tổng hợp hằng tuần"), "", ""),
}
_URGED = (N_("hoặc đã đôn đốc 1 lần"), N_("hoặc đã đôn đốc %(n)s lần"))
_EVERY = (N_("nhắc lại mỗi ngày"), N_("nhắc lại mỗi %(n)s ngày"))
_TIMES = (N_("nhiều nhất 1 lần"), N_("nhiều nhất %(n)s lần"))
_AT_ONCE = N_("gửi ngay")
_WEEKDAYS = (
    N_("vào thứ Hai"),
    N_("vào thứ Ba"),
    N_("vào thứ Tư"),
    N_("vào thứ Năm"),
    N_("vào thứ Sáu"),
    N_("vào thứ Bảy"),
    N_("vào Chủ nhật"),
)
AUDIENCES: dict[Audience, str] = {
    Audience.DOERS: N_("người thực hiện của đơn vị chủ trì"),
    Audience.PARTNERS: N_("người thực hiện của đơn vị phối hợp"),
    Audience.HEADS: N_("thủ trưởng đơn vị"),
    Audience.MONITORS: N_("đơn vị theo dõi"),
    Audience.LEADERS: N_("lãnh đạo"),
}
EVENTS: dict[Event, str] = {
    Event.DUE: N_("Hạn của việc"),
    Event.START: N_("Ngày bắt đầu"),
    Event.CHECKPOINT: N_("Mốc nội bộ"),
    Event.RETURNED: N_("Việc bị trả lại"),
    Event.EXTENSION: N_("Trả lời đề nghị gia hạn"),
    Event.ASSIGNED: N_("Việc mới giao"),
    Event.SUBMITTED: N_("Báo cáo, đề nghị chờ trả lời"),
    Event.APPROVING: N_("Báo cáo chờ thủ trưởng của đơn vị duyệt"),
    Event.QUIET: N_("Việc im lặng"),
    Event.WEEKLY: N_("Trang tổng hợp hằng tuần"),
}
GROUPS: dict[Group, str] = {
    Group.OVERDUE: N_("Quá hạn"),
    Group.RETURNED: N_("Bị trả lại, cần bổ sung"),
    Group.ANSWERED: N_("Đề nghị gia hạn đã được trả lời"),
    Group.ESCALATED: N_("Quá hạn, báo lên cấp trên"),
    Group.WAITING: N_("Chờ ông/bà trả lời"),
    Group.SOON: N_("Sắp đến hạn"),
    Group.STARTING: N_("Sắp bắt đầu"),
    Group.NEW: N_("Việc mới giao"),
    Group.QUIET: N_("Lâu không cập nhật"),
    Group.WEEKLY: N_("Trang tổng hợp hằng tuần"),
}


def _counted(forms: tuple[str, str], n: int) -> Phrase:
    return (forms[0], {}) if n == 1 else (forms[1], {"n": n})


def headline(rule: Rule) -> Phrase:
    """What a rule is called: the office's own name for it, else what it speaks of and when."""
    return ("%(name)s", {"name": rule.name}) if rule.name else _when(rule)


def described(rule: Rule) -> tuple[tuple[Phrase, ...], tuple[Phrase, ...]]:
    """When a rule speaks and to whom, each part as a phrase of its own, to be joined by commas.

    An own name is left out: this tells what the rule does whatever it is called.
    """
    counts = ((_URGED, rule.urged), (_EVERY, rule.every), (_TIMES, rule.times))
    when = [_when(rule), *(_counted(forms, n) for forms, n in counts if n is not None)]
    if rule.weekday:
        when.append((_WEEKDAYS[rule.weekday - 1], {}))
    if rule.urgent:
        when.append((_AT_ONCE, {}))
    return tuple(when), tuple((AUDIENCES[each], {}) for each in LADDER if each in rule.to)


def _when(rule: Rule) -> Phrase:
    on, one, more = (_AFTER if rule.looks_back else _BEFORE)[rule.event]
    return (on, {}) if rule.days == 0 else _counted((one, more), abs(rule.days))
