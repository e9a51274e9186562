"""A plan's monitors and administrators set by which rules it is watched, and who confirms in which order."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from tracker.domain import access
from tracker.domain.errors import NotFound, Refused, StaleState
from tracker.domain.people import Person
from tracker.domain.plan_settings import check_monitors, check_quiet_days
from tracker.domain.views import PlanHead
from tracker.domain.words import N_
from tracker.store import imports, plan_settings, plans, units
from tracker.store.database import transaction
from tracker.store.history import record_change


def set_rules(
    person: Person | None, plan_id: int, *, late_after_working_day: bool, quiet_days: int | None, now: datetime
) -> PlanHead:
    """Set whether late begins after the next working day only, and after how many days without an entry work is quiet.

    All days are judged by it, those gone by too; closed periods keep their figures. NotFound, Forbidden, Refused, and
    StaleState for a closed plan.
    """
    days = check_quiet_days(quiet_days)
    with transaction():
        plan = _asked(person, plan_id)
        plan_settings.set_rules(plan_id, late_after_working_day=late_after_working_day, quiet_days=days)
        fields = {
            "late_after_working_day": (plan.calendar.late_after_working_day, late_after_working_day),
            "quiet_days": (plan.calendar.quiet_days, days),
        }
        _remember(person, plan, fields, now)
    return plan


def set_monitors(
    person: Person | None,
    plan_id: int,
    wanted: Sequence[int],
    *,
    seen: Sequence[int],
    none_is_meant: bool = False,
    today: date,
    now: datetime,
) -> PlanHead:
    """Let these units (ids) watch a plan and confirm its shares, in this order; who waits for whom follows at once.

    `seen` are the monitors on the page: where they are others by now, StaleState. Refused for a unit that is none or
    has ended by `today`, for one named twice, and for none at all unless that is meant.
    """
    with transaction():
        plan = _asked(person, plan_id)
        if tuple(seen) != plan.monitor_unit_ids:
            raise StaleState(N_("Người khác vừa sửa danh sách đơn vị theo dõi. Hãy xem danh sách mới rồi sửa tiếp."))
        check_monitors(wanted, none_is_meant=none_is_meant)
        living = {each.id for each in units.refs(living_on=today)}
        if not living.issuperset(set(wanted) - set(plan.monitor_unit_ids)):
            raise Refused(N_("Đơn vị này không có trong danh bạ hoặc đã kết thúc; hãy chọn trong danh sách."))
        imports.set_monitors(plan_id, wanted)
        names = {each.id: each.name for each in units.refs()}
        told = [[names[each] for each in monitors] for monitors in (plan.monitor_unit_ids, wanted)]
        _remember(person, plan, {"monitors": (told[0], told[1])}, now)
    return plan


def set_some(
    person: Person | None,
    plan: PlanHead,
    *,
    late_after_working_day: bool | None,
    quiet_days: int | None,
    monitors: Sequence[int] | None,
    today: date,
    now: datetime,
) -> None:
    """Set of a plan what is not None, as `set_rules` and `set_monitors` do: all of it or nothing."""
    rules = plan.calendar
    with transaction():
        if late_after_working_day is not None or quiet_days is not None:
            late = rules.late_after_working_day if late_after_working_day is None else late_after_working_day
            days = rules.quiet_days if quiet_days is None else quiet_days
            set_rules(person, plan.id, late_after_working_day=late, quiet_days=days, now=now)
        if monitors is not None:
            seen = plan.monitor_unit_ids
            set_monitors(person, plan.id, monitors, seen=seen, none_is_meant=True, today=today, now=now)


def _asked(person: Person | None, plan_id: int) -> PlanHead:
    """The plan, where the person may set it; `person` None is a command, which may."""
    plan = plans.head(plan_id)
    if plan is None or (person is not None and not access.may_see_plan(person, plan.state)):
        raise NotFound(N_("Không tìm thấy kế hoạch này. Hãy mở lại từ trang Kế hoạch."))
    if person is not None:
        access.ask_to_set_plan(person, plan.monitor_unit_ids)
    if plan.state == "closed":
        raise StaleState(N_("Kế hoạch này đã khép lại; thiết đặt của nó chỉ còn để xem."))
    return plan


def _remember(
    person: Person | None, plan: PlanHead, fields: Mapping[str, tuple[object, object]], now: datetime
) -> None:
    record_change("plan.changed", "plan", plan.id, now=now, person=person, label=plan.title, fields=fields)
