"""Who may do what: one table of action against role and the person's tie to the object, and the sentences of refusal.

What a person may not see answers as if it did not exist; what a person may see and not do is refused in words. A closed
account may do nothing.
"""

from collections.abc import Collection, Sequence
from enum import StrEnum

from tracker.domain.confirming import Answerers
from tracker.domain.errors import Forbidden, NotFound
from tracker.domain.people import Person, Role
from tracker.domain.words import N_

NOT_SEEN = N_(
    "Không tìm thấy phần việc này hay nhiệm vụ của nó, hoặc đơn vị của bạn không tham gia. "
    "Hãy mở lại từ trang Kế hoạch."
)
"""Said alike of a task, a share and what hangs on it, whether there is none or it may not be seen."""


class Tie(StrEnum):
    """What an object is to the person asking.

    OWN: their unit's own, or something on which they wrote for its unit. PARTNER: another unit's, in a task in which
    theirs takes part. WATCHED: another unit's, or the plan itself, where their unit is one of the plan's monitors.
    LEFT: another unit's, where no monitor is left that could confirm it. FOREIGN: none of these.
    """

    OWN = "own"
    PARTNER = "partner"
    WATCHED = "watched"
    LEFT = "left"
    FOREIGN = "foreign"


class Doing(StrEnum):
    """What may be done, whatever the page or the command."""

    SEE_PLAN = "see_plan"
    SEE_DRAFT = "see_draft"
    SEE_TASK = "see_task"
    SEE_LOG = "see_log"
    SEE_WITHIN_UNIT = "see_within_unit"
    SEE_CONTACTS = "see_contacts"
    SEE_MAIL = "see_mail"
    RETRY_MAIL = "retry_mail"
    SEE_HISTORY = "see_history"
    SEE_HISTORY_OF_PEOPLE = "see_history_of_people"
    LOG = "log"
    GIVE = "give"
    GIVE_WITHOUT_HEAD = "give_without_head"
    APPROVE = "approve"
    APPROVE_WITHOUT_HEAD = "approve_without_head"
    WITHDRAW = "withdraw"
    WITHDRAW_AS_REPORTED = "withdraw_as_reported"
    SET_APPROVAL = "set_approval"
    CONFIRM = "confirm"
    URGE = "urge"
    IMPORT = "import"
    AMEND = "amend"
    CLOSE_PERIOD = "close_period"
    REOPEN_PERIOD = "reopen_period"
    CHANGE_UNITS = "change_units"
    CORRECT_UNITS = "correct_units"
    SEE_DAYS_OFF = "see_days_off"
    SET_DAYS_OFF = "set_days_off"
    SEE_REMINDER_RULES = "see_reminder_rules"
    SET_REMINDER_RULES = "set_reminder_rules"
    MANAGE_PEOPLE = "manage_people"


_ALL = frozenset(Tie)
_NO: frozenset[Tie] = frozenset()
_OWN = frozenset({Tie.OWN})
_TAKEN_PART = frozenset({Tie.OWN, Tie.PARTNER})
_WATCHED = frozenset({Tie.WATCHED})
_LEFT = frozenset({Tie.LEFT})

_COLUMNS = (Role.ADMINISTRATOR, Role.MONITOR, Role.LEADER, Role.HEAD, Role.MEMBER)
_ROWS = {
    # what: administrator, monitor, leader, head, member
    Doing.SEE_PLAN: (_ALL, _ALL, _ALL, _ALL, _ALL),
    Doing.SEE_DRAFT: (_ALL, _ALL, _ALL, _NO, _NO),
    Doing.SEE_TASK: (_ALL, _ALL, _ALL, _TAKEN_PART, _TAKEN_PART),
    Doing.SEE_LOG: (_ALL, _ALL, _ALL, _OWN, _OWN),
    Doing.SEE_WITHIN_UNIT: (_NO, _OWN, _NO, _OWN, _OWN),
    Doing.SEE_CONTACTS: (_ALL, _ALL, _ALL, _NO, _NO),
    Doing.SEE_MAIL: (_ALL, _ALL, _ALL, _NO, _NO),
    Doing.RETRY_MAIL: (_ALL, _ALL, _NO, _NO, _NO),
    Doing.SEE_HISTORY: (_ALL, _ALL, _ALL, _OWN, _NO),
    Doing.SEE_HISTORY_OF_PEOPLE: (_ALL, _NO, _NO, _NO, _NO),
    Doing.LOG: (_NO, _OWN, _NO, _OWN, _OWN),
    Doing.GIVE: (_NO, _NO, _NO, _OWN, _NO),
    Doing.GIVE_WITHOUT_HEAD: (_NO, _OWN, _NO, _OWN, _OWN),
    Doing.APPROVE: (_NO, _NO, _NO, _OWN, _NO),
    Doing.APPROVE_WITHOUT_HEAD: (_NO, _OWN, _NO, _OWN, _OWN),
    Doing.WITHDRAW: (_NO, _NO, _NO, _OWN, _NO),
    Doing.WITHDRAW_AS_REPORTED: (_NO, _OWN, _NO, _OWN, _OWN),
    Doing.SET_APPROVAL: (_ALL, _NO, _NO, _OWN, _NO),
    Doing.CONFIRM: (_LEFT, _WATCHED, _LEFT, _NO, _NO),
    Doing.URGE: (_NO, _WATCHED, _NO, _NO, _NO),
    Doing.IMPORT: (_ALL, _ALL, _NO, _NO, _NO),
    Doing.AMEND: (_ALL, _WATCHED, _NO, _NO, _NO),
    Doing.CLOSE_PERIOD: (_ALL, _WATCHED, _NO, _NO, _NO),
    Doing.REOPEN_PERIOD: (_ALL, _NO, _NO, _NO, _NO),
    Doing.CHANGE_UNITS: (_ALL, _ALL, _NO, _NO, _NO),
    Doing.CORRECT_UNITS: (_ALL, _NO, _NO, _NO, _NO),
    Doing.SEE_DAYS_OFF: (_ALL, _ALL, _ALL, _NO, _NO),
    Doing.SET_DAYS_OFF: (_ALL, _NO, _NO, _NO, _NO),
    Doing.SEE_REMINDER_RULES: (_ALL, _ALL, _ALL, _NO, _NO),
    Doing.SET_REMINDER_RULES: (_ALL, _ALL, _NO, _NO, _NO),
    Doing.MANAGE_PEOPLE: (_ALL, _NO, _NO, _NO, _NO),
}
TABLE: dict[Doing, dict[Role, frozenset[Tie]]] = {
    doing: dict(zip(_COLUMNS, row, strict=True)) for doing, row in _ROWS.items()
}
"""For each doing and role, the ties with which it may be done."""


def may(person: Person, doing: Doing, tie: Tie = Tie.FOREIGN) -> bool:
    """Whether the person may do that to an object with which they have that tie."""
    return person.active and tie in TABLE[doing][person.role]


def roles_that(doing: Doing) -> tuple[Role, ...]:
    """The roles that may do that to some object at least: the rule of a page that is for them alone."""
    return tuple(role for role, ties in TABLE[doing].items() if ties)


DOERS = roles_that(Doing.LOG)


def _tie_to_unit(person: Person, unit_id: int | None) -> Tie:
    return Tie.OWN if unit_id is not None and person.unit_id == unit_id else Tie.FOREIGN


def _tie_to_plan(person: Person, monitor_unit_ids: Sequence[int]) -> Tie:
    return Tie.WATCHED if person.unit_id in monitor_unit_ids else Tie.FOREIGN


def _tie_to_report(person: Person, share: Answerers) -> Tie:
    """What a share that waits for an answer is to the person: own also where they could act for its unit, or did."""
    if person.may_ask_for(share.unit_id) or person.id in share.writers:
        return Tie.OWN
    return _tie_to_plan(person, share.goes_to) if share.goes_to else Tie.LEFT


def oversees(person: Person) -> bool:
    """Whether the person sees the work of every unit in full."""
    return may(person, Doing.SEE_LOG)


def may_see_task(person: Person, unit_ids: Collection[int]) -> bool:
    """Whether the person may open a task in which the units `unit_ids` have a share.

    The list of a plan, with titles and dates, is open to everybody who signs in; this is about the task itself.
    """
    return may(person, Doing.SEE_TASK, Tie.PARTNER if person.unit_id in unit_ids else Tie.FOREIGN)


def may_see_plan(person: Person, state: str) -> bool:
    """Whether the person may open a plan: everybody who signs in, a draft only those who see the work of all."""
    return may(person, Doing.SEE_DRAFT if state == "draft" else Doing.SEE_PLAN)


def may_see_log(person: Person, unit_id: int, *, within: bool = False) -> bool:
    """Whether the person may read what a unit wrote on its share, and its evidence.

    What is still `within` the unit, because its head has not let it go, is for its own people.
    """
    return may(person, Doing.SEE_WITHIN_UNIT if within else Doing.SEE_LOG, _tie_to_unit(person, unit_id))


def may_see_history(person: Person, unit_id: int | None) -> bool:
    """Whether the person may read who changed what of a unit's work; None is the work of all."""
    return may(person, Doing.SEE_HISTORY, _tie_to_unit(person, unit_id))


def may_see_contacts(person: Person) -> bool:
    """Whether the person may read whom to call of every unit."""
    return may(person, Doing.SEE_CONTACTS)


def may_log(person: Person, unit_id: int) -> bool:
    """Whether the person may write into the log of a share of that unit: its own people alone."""
    return may(person, Doing.LOG, _tie_to_unit(person, unit_id))


def may_give(person: Person, unit_id: int, unit_has_head: bool) -> bool:
    """Whether the person may say who of a unit does a share: its head; where it has none, whoever may log for it."""
    doing = Doing.GIVE if unit_has_head else Doing.GIVE_WITHOUT_HEAD
    return may(person, doing, _tie_to_unit(person, unit_id))


def may_approve(person: Person, unit_id: int, unit_has_head: bool) -> bool:
    """Whether the person may let a report of that unit leave it, where its setting asks for that: its head.

    Where the head has gone since it was asked, whoever may log for the unit, so that the report waits for nobody.
    """
    doing = Doing.APPROVE if unit_has_head else Doing.APPROVE_WITHOUT_HEAD
    return may(person, doing, _tie_to_unit(person, unit_id))


def may_withdraw(person: Person, unit_id: int, reported_by: int | None, unit_has_head: bool) -> bool:
    """Whether the person may take back what that unit reported or asked: its head, or who let it leave the unit.

    `reported_by` is the id of who reported, proposed or asked; where the head approved a report, that is the head. In a
    unit without a head it is whoever may log for it, for the one who reported may have left.
    """
    as_reported = reported_by == person.id or not unit_has_head
    doing = Doing.WITHDRAW_AS_REPORTED if as_reported else Doing.WITHDRAW
    return may(person, doing, _tie_to_unit(person, unit_id))


def may_set_approval(person: Person, unit_id: int) -> bool:
    """Whether the person may say that the unit's head reads its reports first: the head, or an administrator."""
    return may(person, Doing.SET_APPROVAL, _tie_to_unit(person, unit_id))


def may_set_days_off(person: Person) -> bool:
    """Whether the person may change the table of days off, by which everything late is counted: administrators."""
    return may(person, Doing.SET_DAYS_OFF)


def ask_to_set_days_off(person: Person) -> None:
    """Raise Forbidden unless the person may change the table of days off."""
    if not may_set_days_off(person):
        raise Forbidden(N_("Chỉ quản trị viên mới sửa bảng ngày nghỉ."))


def may_set_reminder_rules(person: Person) -> bool:
    """Whether the person may say by which rules everybody is reminded: administrators and monitors."""
    return may(person, Doing.SET_REMINDER_RULES)


def ask_to_set_reminder_rules(person: Person) -> None:
    """Raise Forbidden unless the person may say by which rules everybody is reminded."""
    if not may_set_reminder_rules(person):
        raise Forbidden(N_("Chỉ quản trị viên và đơn vị theo dõi mới sửa quy tắc nhắc việc."))


def ask_to_set_plan(person: Person, monitor_unit_ids: Sequence[int]) -> None:
    """Raise Forbidden unless the person may say by which rules a plan is watched, and who confirms: as for changes."""
    if not may_amend(person, monitor_unit_ids):
        raise Forbidden(N_("Chỉ đơn vị theo dõi của kế hoạch và quản trị viên mới sửa thiết đặt của kế hoạch."))


def may_amend(person: Person, monitor_unit_ids: Sequence[int]) -> bool:
    """Whether the person may record what changes a plan: its monitors and administrators."""
    return may(person, Doing.AMEND, _tie_to_plan(person, monitor_unit_ids))


def may_close_period(person: Person, monitor_unit_ids: Sequence[int]) -> bool:
    """Whether the person may close a period of a plan: its monitors and administrators."""
    return may(person, Doing.CLOSE_PERIOD, _tie_to_plan(person, monitor_unit_ids))


def may_reopen_period(person: Person) -> bool:
    """Whether the person may have a closed period closed anew: administrators."""
    return may(person, Doing.REOPEN_PERIOD)


def may_confirm(person: Person, share: Answerers) -> bool:
    """Whether the person may answer a share: of a monitor of the plan, never one's own unit's nor what one wrote.

    Where no monitor can, the plan's leader or an administrator does, of another unit all the same.
    """
    return may(person, Doing.CONFIRM, _tie_to_report(person, share))


def may_urge(person: Person, *, watched: bool) -> bool:
    """Whether the person may urge units to do work of a plan that their own unit watches (`watched`) or not."""
    return may(person, Doing.URGE, Tie.WATCHED if watched else Tie.FOREIGN)


def is_asked_first(person: Person, share: Answerers) -> bool:
    """Whether a share goes to the person, who may confirm it: to the first monitor that can, or where none can."""
    return not share.goes_to or share.goes_to[0] == person.unit_id


def confirms_as(person: Person, share: Answerers) -> str:
    """As what somebody answers a share that goes to another monitor or where no monitor can: the role; else empty."""
    return "" if share.goes_to and is_asked_first(person, share) else person.role.value


def ask_to_give(person: Person, unit_id: int, unit_has_head: bool) -> None:
    """Raise Forbidden unless the person may say who of that unit does a share."""
    if not may_give(person, unit_id, unit_has_head):
        raise Forbidden(N_("Chỉ thủ trưởng đơn vị giao phần việc của đơn vị cho từng người."))


def ask_to_import(person: Person) -> None:
    """Raise Forbidden unless the person may bring plans in: administrators and monitors."""
    if not may(person, Doing.IMPORT):
        raise Forbidden(N_("Chỉ quản trị viên và cơ quan theo dõi mới nhập kế hoạch."))


def ask_to_change_units(person: Person) -> None:
    """Raise Forbidden unless the person may say what becomes of units: administrators and monitors."""
    if not may(person, Doing.CHANGE_UNITS):
        raise Forbidden(N_("Chỉ quản trị viên và cơ quan theo dõi mới ghi thay đổi của đơn vị."))


def ask_to_amend(person: Person, monitor_unit_ids: Sequence[int]) -> None:
    """Raise Forbidden unless the person may change that plan."""
    if not may_amend(person, monitor_unit_ids):
        raise Forbidden(N_("Chỉ đơn vị theo dõi của kế hoạch và quản trị viên mới ghi điều chỉnh, bổ sung."))


def ask_to_see_task(person: Person, unit_ids: Collection[int]) -> None:
    """Raise NotFound unless the person may open the task."""
    if not may_see_task(person, unit_ids):
        raise NotFound(NOT_SEEN)


def ask_to_log(person: Person, unit_id: int) -> None:
    """Raise Forbidden unless the person may write into a share of that unit."""
    if not may_log(person, unit_id):
        raise Forbidden(N_("Chỉ người của đơn vị được giao mới ghi tiến độ và báo hoàn thành cho phần việc này."))


def ask_to_approve(person: Person, unit_id: int, unit_has_head: bool) -> None:
    """Raise Forbidden unless the person may let a report of that unit leave it."""
    if not may_approve(person, unit_id, unit_has_head):
        raise Forbidden(N_("Chỉ thủ trưởng đơn vị mới duyệt báo cáo của đơn vị trước khi gửi đi."))


def ask_to_withdraw(person: Person, unit_id: int, reported_by: int | None, unit_has_head: bool) -> None:
    """Raise Forbidden unless the person may take back what that unit reported or asked."""
    if not may_withdraw(person, unit_id, reported_by, unit_has_head):
        raise Forbidden(N_("Chỉ thủ trưởng đơn vị hoặc chính người đã gửi mới rút lại được báo cáo, đề nghị này."))


def ask_to_set_approval(person: Person, unit_id: int) -> None:
    """Raise Forbidden unless the person may say whether that unit's head reads its reports first."""
    if not may_set_approval(person, unit_id):
        raise Forbidden(N_("Chỉ thủ trưởng của đơn vị và quản trị viên mới đổi thiết lập này."))


def ask_to_confirm(person: Person, share: Answerers) -> None:
    """Raise Forbidden unless the person may answer that share, with who does."""
    if may_confirm(person, share):
        return
    if person.role is not Role.MONITOR or _tie_to_report(person, share) is not Tie.OWN:
        raise Forbidden(N_("Chỉ đơn vị theo dõi của kế hoạch mới xác nhận hoặc trả lại phần việc này."))
    if share.goes_to:
        raise Forbidden(N_("Không ai tự xác nhận việc của mình hay đơn vị mình; đơn vị theo dõi khác sẽ trả lời."))
    raise Forbidden(
        N_(
            "Không ai tự xác nhận việc của mình hay đơn vị mình; không còn đơn vị theo dõi nào khác, nên lãnh "
            "đạo hoặc quản trị viên sẽ trả lời."
        )
    )


def ask_to_urge(person: Person, *, watched: bool) -> None:
    """Raise Forbidden unless the person may urge units to do work of a plan, `watched` by their own unit or not."""
    if not may_urge(person, watched=watched):
        raise Forbidden(N_("Chỉ đơn vị theo dõi của kế hoạch mới đôn đốc các đơn vị thực hiện kế hoạch đó."))


def ask_to_close_period(person: Person, monitor_unit_ids: Sequence[int]) -> None:
    """Raise Forbidden unless the person may close a period of that plan."""
    if not may_close_period(person, monitor_unit_ids):
        raise Forbidden(N_("Chỉ đơn vị theo dõi của kế hoạch và quản trị viên mới chốt kỳ."))


def ask_to_reopen_period(person: Person) -> None:
    """Raise Forbidden unless the person may have a closed period closed anew."""
    if not may_reopen_period(person):
        raise Forbidden(N_("Chỉ quản trị viên mới mở lại kỳ đã chốt."))
