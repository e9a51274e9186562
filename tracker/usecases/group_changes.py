"""What joining and leaving groups would change in a plan: listed, and done only where a person confirms it."""

from collections.abc import Collection
from datetime import datetime, timedelta, tzinfo

from tracker.domain import access
from tracker.domain.calendar_days import local_day
from tracker.domain.errors import NotFound, Refused, StaleState
from tracker.domain.group_changes import MAX_REASON, Difference, differences
from tracker.domain.names import squeeze
from tracker.domain.people import Person
from tracker.domain.views import PlanHead
from tracker.domain.words import N_
from tracker.store import group_changes, plans, units
from tracker.store.database import transaction
from tracker.store.feeds import touch_milestones
from tracker.store.history import record_change
from tracker.store.unit_events import follow_recorded, only_heirs


def pending(plan: PlanHead, now: datetime, zone: tzinfo) -> list[Difference]:
    """What the groups as they are on the day of `now` would have otherwise in a plan in force. 7 queries."""
    if plan.state != "in_force":
        return []
    until = now + timedelta(microseconds=1)
    return differences(group_changes.works(plan, until), units.directory(), plan.issued_on, local_day(now, zone))


def confirm(
    person: Person | None, plan_id: int, keys: Collection[str], reason: str, *, now: datetime, zone: tzinfo
) -> list[Difference]:
    """Add and end the shares that these keys name, from the day of `now` in `zone` on; days before stay as they were.

    A share of a unit of which an end is recorded for a later day goes on with its heir from that day. `person` is None
    for the command line. NotFound, Forbidden for who does not watch the plan, Refused without a reason or document,
    and StaleState where one of them is not pending any more.
    """
    reason = squeeze(reason)
    with transaction():
        plan = plans.head(plan_id)
        if plan is None or (person and not access.may_see_plan(person, plan.state)):
            raise NotFound(N_("Không tìm thấy kế hoạch này. Hãy mở lại từ trang Kế hoạch."))
        if person is not None:
            access.ask_to_set_plan(person, plan.monitor_unit_ids)
        _check(keys, reason)
        found = {each.key: each for each in pending(plan, now, zone)}
        if not found.keys() >= set(keys):
            raise StaleState(N_("Có thay đổi không còn chờ xác nhận: người khác vừa ghi hoặc nhóm vừa đổi."))
        changes = [each for key, each in found.items() if key in set(keys)]
        shares = group_changes.apply(changes, reason, local_day(now, zone))
        new = [shares[each.key] for each in changes if each.share_id is None]
        heirs = follow_recorded(new, only_heirs()) if new else set()
        left = units.ids_by_code()
        concerned = heirs | {left[each.unit.code] for each in changes}
        touch_milestones({each.work.milestone_id for each in changes}, now, left_units=concerned)
        for each in changes:
            _remember(person, plan, each, shares[each.key], left[each.unit.code], reason, now)
    return changes


def _check(keys: Collection[str], reason: str) -> None:
    if not keys:
        raise Refused(N_("Hãy chọn ít nhất một thay đổi để xác nhận."))
    if not reason:
        raise Refused(N_("Hãy ghi văn bản hoặc lý do của thay đổi."))
    if len(reason) > MAX_REASON:
        raise Refused(N_("Lý do dài tối đa %(most)s ký tự; hãy rút gọn."), most=str(MAX_REASON))


def _remember(
    person: Person | None, plan: PlanHead, each: Difference, share_id: int, unit_id: int, reason: str, now: datetime
) -> None:
    names = (each.unit.name, None) if each.share_id else (None, each.unit.name)
    record_change(
        "plan.group_followed",
        "share",
        share_id,
        now=now,
        person=person,
        label=f"{each.work.number}. {each.work.title}",
        plan_id=plan.id,
        unit_id=unit_id,
        fields={"unit": names},
        reason=reason,
    )
