"""Who may do what: one table of person, role and unit against action and object.

What a person may not see answers as if it did not exist; what a person may see and not do is refused in words.
"""

from collections.abc import Collection, Sequence

from tracker.domain.errors import Forbidden, NotFound
from tracker.domain.people import Person, Role
from tracker.domain.words import N_

OVERSEERS = (Role.ADMINISTRATOR, Role.MONITOR, Role.LEADER)
DOERS = (Role.HEAD, Role.MEMBER, Role.MONITOR)


def oversees(person: Person) -> bool:
    """Whether the person sees the work of every unit in full."""
    return person.role in OVERSEERS


def may_see_task(person: Person, unit_ids: Collection[int]) -> bool:
    """Whether the person may open a task in which the units `unit_ids` have a share.

    The list of a plan, with titles and dates, is open to everybody who signs in; this is about the task itself.
    """
    return oversees(person) or person.unit_id in unit_ids


def may_see_plan(person: Person, state: str) -> bool:
    """Whether the person may open a plan: everybody who signs in, a draft only those who see the work of all."""
    return state != "draft" or oversees(person)


def may_see_log(person: Person, unit_id: int) -> bool:
    """Whether the person may read what a unit wrote on its share, and its evidence."""
    return oversees(person) or person.unit_id == unit_id


def may_log(person: Person, unit_id: int) -> bool:
    """Whether the person may write into the log of a share of that unit: its own people alone."""
    return person.active and person.role in DOERS and person.unit_id == unit_id


def may_give(person: Person, unit_id: int, unit_has_head: bool) -> bool:
    """Whether the person may say who of a unit does a share: its head; where it has none, whoever may log for it."""
    return may_log(person, unit_id) and (person.role is Role.HEAD or not unit_has_head)


def ask_to_give(person: Person, unit_id: int, unit_has_head: bool) -> None:
    """Raise Forbidden unless the person may say who of that unit does a share."""
    if not may_give(person, unit_id, unit_has_head):
        raise Forbidden(N_("Chỉ thủ trưởng đơn vị giao phần việc của đơn vị cho từng người."))


def may_approve(person: Person, unit_id: int) -> bool:
    """Whether the person may let a report of that unit leave it, where its setting asks for that: its head."""
    return person.role is Role.HEAD and may_log(person, unit_id)


def may_set_approval(person: Person, unit_id: int) -> bool:
    """Whether the person may say that the unit's head reads its reports first: the head, or an administrator."""
    return may_approve(person, unit_id) or (person.active and person.role is Role.ADMINISTRATOR)


def ask_to_import(person: Person) -> None:
    """Raise Forbidden unless the person may bring plans in: administrators and monitors."""
    if not person.active or person.role not in (Role.ADMINISTRATOR, Role.MONITOR):
        raise Forbidden(N_("Chỉ quản trị viên và cơ quan theo dõi mới nhập kế hoạch."))


def ask_to_change_units(person: Person) -> None:
    """Raise Forbidden unless the person may say what becomes of units: administrators and monitors."""
    if not person.active or person.role not in (Role.ADMINISTRATOR, Role.MONITOR):
        raise Forbidden(N_("Chỉ quản trị viên và cơ quan theo dõi mới ghi thay đổi của đơn vị."))


def may_amend(person: Person, monitor_unit_ids: Sequence[int]) -> bool:
    """Whether the person may record what changes a plan: its monitors and administrators."""
    if not person.active:
        return False
    watches = person.role is Role.MONITOR and person.unit_id in monitor_unit_ids
    return person.role is Role.ADMINISTRATOR or watches


def ask_to_amend(person: Person, monitor_unit_ids: Sequence[int]) -> None:
    """Raise Forbidden unless the person may change that plan."""
    if not may_amend(person, monitor_unit_ids):
        raise Forbidden(N_("Chỉ đơn vị theo dõi của kế hoạch và quản trị viên mới ghi điều chỉnh, bổ sung."))


def confirming_unit(monitor_unit_ids: Sequence[int], unit_id: int) -> int | None:
    """The monitor that a share of `unit_id` goes to: the plan's first one that is not its owner."""
    return next((each for each in monitor_unit_ids if each != unit_id), None)


def may_confirm(person: Person, monitor_unit_ids: Sequence[int], unit_id: int) -> bool:
    """Whether the person may accept or return a share of `unit_id`: a monitor of the plan, never of one's own unit.

    Where the plan has no other monitor, its leader or an administrator does, of another unit all the same.
    """
    if not person.active or person.unit_id == unit_id:
        return False
    if confirming_unit(monitor_unit_ids, unit_id) is None:
        return person.role in (Role.LEADER, Role.ADMINISTRATOR)
    return person.role is Role.MONITOR and person.unit_id in monitor_unit_ids


def confirms_as(person: Person, monitor_unit_ids: Sequence[int], unit_id: int) -> str:
    """As what somebody accepts or returns a share where no monitor of the plan could: the role; else empty."""
    return person.role.value if confirming_unit(monitor_unit_ids, unit_id) is None else ""


def ask_to_see_task(person: Person, unit_ids: Collection[int]) -> None:
    """Raise NotFound unless the person may open the task."""
    if not may_see_task(person, unit_ids):
        raise NotFound(
            N_("Không tìm thấy nhiệm vụ này, hoặc đơn vị của bạn không tham gia. Hãy mở lại từ trang Kế hoạch.")
        )


def ask_to_log(person: Person, unit_id: int) -> None:
    """Raise Forbidden unless the person may write into a share of that unit."""
    if not may_log(person, unit_id):
        raise Forbidden(N_("Chỉ người của đơn vị được giao mới ghi tiến độ và báo hoàn thành cho phần việc này."))


def ask_to_approve(person: Person, unit_id: int) -> None:
    """Raise Forbidden unless the person may let a report of that unit leave it."""
    if not may_approve(person, unit_id):
        raise Forbidden(N_("Chỉ thủ trưởng đơn vị mới duyệt báo cáo của đơn vị trước khi gửi đi."))


def ask_to_set_approval(person: Person, unit_id: int) -> None:
    """Raise Forbidden unless the person may say whether that unit's head reads its reports first."""
    if not may_set_approval(person, unit_id):
        raise Forbidden(N_("Chỉ thủ trưởng của đơn vị và quản trị viên mới đổi thiết lập này."))


def ask_to_confirm(person: Person, monitor_unit_ids: Sequence[int], unit_id: int) -> None:
    """Raise Forbidden unless the person may accept or return a share of that unit."""
    if may_confirm(person, monitor_unit_ids, unit_id):
        return
    if person.unit_id == unit_id and person.role is Role.MONITOR:
        raise Forbidden(N_("Không ai tự xác nhận phần việc của đơn vị mình; đơn vị theo dõi còn lại sẽ xác nhận."))
    raise Forbidden(N_("Chỉ đơn vị theo dõi của kế hoạch mới xác nhận hoặc trả lại phần việc này."))
