"""What becomes of units in mid-plan: renamed, merged, split, dissolved, relieved of their work; what may not be.

An event holds from its day on. A unit that ends with it has its last day the day before; its open shares are handed to
an heir, closed, cancelled, or left, and then stand flagged until somebody takes them over.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tracker.domain.assignments import LEAD, PARTNER
from tracker.domain.errors import UNITS, Refused
from tracker.domain.units import Directory, Unit
from tracker.domain.words import N_
from tracker.domain.work import SETTLED, WORKING, State

MAX_DOCUMENT = 300
FIRST_YEAR, LAST_YEAR = 1990, 2199


class EventKind(StrEnum):
    """What can become of a unit."""

    RENAME = "rename"
    MERGE = "merge"
    SPLIT = "split"
    DISSOLVE = "dissolve"
    TAKEOVER = "takeover"


class Doing(StrEnum):
    """What becomes of one open share: handed to an heir, left as it is, closed with what was reached, or cancelled."""

    HAND = "hand"
    LEAVE = "leave"
    CLOSE = "close"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decides about one open share; `heir` is a unit's code, `reason` goes with closing, cancelling."""

    doing: Doing
    heir: str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """An event as a person asks for it, by codes.

    `units` are renamed, end, or are relieved of their work; `heirs` follow them, `founded` are those of the heirs that
    begin with the event. `ends` tells whether `units` end; a merge and a dissolution always end them, a rename never.
    `name`, `short_name` and `parent` (a code, '' for none) belong to a rename; None leaves what is.
    """

    kind: EventKind
    on: date
    document: str
    units: tuple[str, ...]
    heirs: tuple[str, ...] = ()
    founded: tuple[Unit, ...] = ()
    ends: bool = False
    document_date: date | None = None
    name: str | None = None
    short_name: str | None = None
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class LoggedShare:
    """A share of a milestone at the time of an event, as far as joining two of them asks; `log_id` names its log."""

    id: int
    unit_id: int
    part: str
    group_id: int | None
    log_id: int
    state: State
    percent: int


def ended(change: Change) -> bool:
    """Whether the units of an event are gone from its day on."""
    return change.kind in (EventKind.MERGE, EventKind.DISSOLVE) or (change.kind is not EventKind.RENAME and change.ends)


def check(change: Change, directory: Directory, latest: Mapping[str, date]) -> None:
    """Raise Refused, in a sentence that names the unit and the mend, unless the event can be.

    `latest` has the day of the last event of each unit that had one.
    """
    if not change.document.strip():
        raise Refused(N_("Hãy ghi số, ký hiệu của văn bản quyết định việc này."))
    if len(change.document) > MAX_DOCUMENT:
        raise Refused(N_("Số, ký hiệu văn bản dài quá %(most)s ký tự; hãy rút gọn."), most=str(MAX_DOCUMENT))
    if not FIRST_YEAR <= change.on.year <= LAST_YEAR:
        raise Refused(N_("Ngày %(day)s ngoài khoảng ghi được; hãy xem lại năm."), day=change.on)
    if not change.units:
        raise Refused(N_("Hãy chọn ít nhất một đơn vị."))
    for code in change.units:
        _check_subject(_unit(code, directory), change, latest)
    founded = {unit.code for unit in change.founded}
    for code in change.heirs:
        if code in change.units:
            raise Refused(N_("Không thể nhập đơn vị “%(code)s” vào chính nó; hãy chọn đơn vị khác."), code=code)
        if code not in founded:
            _check_heir(_unit(code, directory), change, latest)
    _check_shape(change, directory)


def _unit(code: str, directory: Directory) -> Unit:
    found = directory.get(code)
    if not isinstance(found, Unit):
        raise Refused(N_("Không có đơn vị với mã “%(code)s”. Hãy chọn lại đơn vị."), code=code).see(UNITS)
    return found


def _check_subject(unit: Unit, change: Change, latest: Mapping[str, date]) -> None:
    _check_begun(unit, change.on)
    if unit.ends_on is not None and change.kind is not EventKind.TAKEOVER:
        raise Refused(
            N_("%(unit)s đã kết thúc từ sau ngày %(day)s; chỉ còn có thể tiếp nhận việc của đơn vị này."),
            unit=unit.name,
            day=unit.ends_on,
        )
    _check_order(unit, change.on, latest)


def _check_heir(unit: Unit, change: Change, latest: Mapping[str, date]) -> None:
    _check_begun(unit, change.on)
    if unit.ends_on is not None:
        raise Refused(
            N_("%(unit)s kết thúc sau ngày %(day)s nên không nhận việc được; hãy chọn đơn vị đang hoạt động."),
            unit=unit.name,
            day=unit.ends_on,
        )
    _check_order(unit, change.on, latest)


def _check_begun(unit: Unit, on: date) -> None:
    if unit.starts_on is not None and on < unit.starts_on:
        raise Refused(
            N_("%(unit)s thành lập ngày %(start)s; không ghi được sự kiện ngày %(day)s, trước khi có đơn vị."),
            unit=unit.name,
            start=unit.starts_on,
            day=on,
        )


def _check_order(unit: Unit, on: date, latest: Mapping[str, date]) -> None:
    last = latest.get(unit.code)
    if last is not None and on < last:
        raise Refused(
            N_("%(unit)s đã có sự kiện ngày %(last)s; sự kiện mới phải từ ngày đó trở đi, không phải %(day)s."),
            unit=unit.name,
            last=last,
            day=on,
        )


def _check_shape(change: Change, directory: Directory) -> None:
    """What each kind of event asks of its units and heirs."""
    heirs = len(set(change.heirs))
    if len({*change.units}) < len(change.units) or heirs < len(change.heirs):
        raise Refused(N_("Có đơn vị được nêu hai lần; hãy bỏ bớt."))
    if change.kind is EventKind.SPLIT and heirs < (2 if change.ends else 1):
        raise Refused(N_("Chia tách cần các đơn vị mới: hãy nêu ít nhất hai đơn vị, hoặc một nếu đơn vị cũ vẫn còn."))
    if change.kind in (EventKind.MERGE, EventKind.TAKEOVER) and heirs != 1:
        raise Refused(N_("Hãy nêu đúng một đơn vị nhận."))
    if change.kind in (EventKind.DISSOLVE, EventKind.RENAME) and heirs:
        raise Refused(N_("Giải thể và đổi tên không có đơn vị nhận; nếu có, hãy chọn sáp nhập hoặc tiếp nhận."))
    if change.kind is not EventKind.MERGE and len(change.units) > 1:
        raise Refused(N_("Chỉ sáp nhập mới nêu nhiều đơn vị; việc khác ghi cho từng đơn vị."))
    if change.kind is EventKind.RENAME:
        _check_rename(_unit(change.units[0], directory), change, directory)


def _check_rename(unit: Unit, change: Change, directory: Directory) -> None:
    wanted = (change.name, change.short_name, change.parent)
    if all(new is None or new == old for new, old in zip(wanted, named(unit), strict=True)):
        raise Refused(N_("Tên, tên ngắn và đơn vị cấp trên đều như cũ; chưa có gì để đổi."))
    if change.name is not None and not change.name.strip():
        raise Refused(N_("Hãy ghi tên mới của đơn vị."))
    for text in (change.name, change.short_name):
        found = directory.find(text) if text else None
        if found is not None and found.code != unit.code:
            raise Refused(N_("“%(text)s” đã là tên gọi của “%(name)s”."), text=text, name=found.name)
    if change.parent:
        if change.parent == unit.code:
            raise Refused(N_("Đơn vị không thể là cấp trên của chính nó."))
        _unit(change.parent, directory)


def named(unit: Unit) -> tuple[str, str, str]:
    """What a rename may change of a unit: name, short name, parent ('' for none)."""
    return unit.name, unit.short_name, unit.parent or ""


def default_decision(change: Change) -> Decision:
    """What becomes of a share nobody decided about: it goes to the one heir there is, else stays where it is."""
    if change.kind in (EventKind.MERGE, EventKind.TAKEOVER):
        return Decision(Doing.HAND, change.heirs[0])
    return Decision(Doing.LEAVE)


def check_decision(decision: Decision, change: Change) -> None:
    """Raise Refused for an heir that is none of the event's, and for closing or cancelling without a reason."""
    if decision.doing is Doing.HAND and decision.heir not in change.heirs:
        raise Refused(
            N_("“%(heir)s” không phải đơn vị nhận của sự kiện này; hãy chọn trong các đơn vị nhận đã nêu."),
            heir=decision.heir or "",
        )
    if decision.doing in (Doing.CLOSE, Doing.CANCEL) and not decision.reason.strip():
        raise Refused(N_("Hãy ghi lý do khép lại hoặc hủy phần việc."))


def leading_log(shares: Sequence[LoggedShare]) -> LoggedShare:
    """Of shares that become one, the share whose log goes on; the others' logs stand beside it.

    A lead share before a partner's; then what is being done before what is reported or accepted, so that joining never
    makes anything done that somebody still owed; of two alike the one that is least far.
    """
    parts = (LEAD, PARTNER)
    states = (*reversed(WORKING), State.APPROVING, State.ASKED_AWAY, State.SUBMITTED, *SETTLED)

    def rank(share: LoggedShare) -> tuple[int, int, int, int]:
        part = parts.index(share.part) if share.part in parts else len(parts)
        return part, states.index(share.state), share.percent, share.id

    return min(shares, key=rank)


def heirs_on(events: Iterable[tuple[date, int, Sequence[int]]], unit_id: int, day: date) -> tuple[int, ...]:
    """The units that stand in a unit's place on `day`: () where it stands itself or has no heir.

    `events` are (day, unit that ended, its heirs). Follows heirs that have ended themselves.
    """
    ended_by = {unit: heirs for on, unit, heirs in events if on <= day}

    def follow(unit: int) -> tuple[int, ...]:
        heirs = ended_by.get(unit)
        return (unit,) if heirs is None else tuple(last for each in heirs for last in follow(each))

    return () if unit_id not in ended_by else tuple(dict.fromkeys(follow(unit_id)))
