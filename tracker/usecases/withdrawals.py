"""Taking back a decision that was recorded by mistake: the plan as if it had not been, the record of it kept."""

from collections.abc import Mapping
from datetime import datetime

from tracker.domain.access import ask_to_amend
from tracker.domain.amendments import Amendment, Look, rebuilt, undone
from tracker.domain.assignments import planned_shares
from tracker.domain.errors import NotFound, Refused, StaleState
from tracker.domain.names import squeeze
from tracker.domain.people import Person
from tracker.domain.plan_document import ReadTask
from tracker.domain.units import Directory
from tracker.domain.views import PlanHead
from tracker.domain.words import N_
from tracker.store import amendments, plans, units, withdrawals
from tracker.store.database import transaction
from tracker.store.feeds import touch_milestones
from tracker.store.history import record_change
from tracker.store.imports import PlanWriter

WITHDRAWN = "rút lại điều chỉnh số {number} ngày {day}: {reason}"
MOST_NAMED = 20  # tasks in one sentence
MOST_CHARACTERS = 1_000


def withdraw(person: Person, amendment_id: int, reason: str, now: datetime) -> int:
    """Bring a plan back to what it said before its last decision was recorded, in one transaction; returns the plan.

    Every value goes back to what the decision replaced, as if it had never been; tasks, milestones and shares that it
    added are dropped with the reason, and its own record stays, withdrawn. Forbidden for others than the plan's
    monitors and administrators; Refused without a reason, where a later decision stands, and where somebody has
    reported since on what it added or moved; StaleState where it was taken back already.
    """
    with transaction():
        amendment = amendments.one(amendment_id)
        plan = plans.head(amendment.plan_id) if amendment else None
        if amendment is None or plan is None:
            raise NotFound(N_("Không tìm thấy điều chỉnh này. Hãy mở lại từ trang của kế hoạch."))
        ask_to_amend(person, plan.monitor_unit_ids)
        why = squeeze(reason)[:MOST_CHARACTERS]
        _refuse_unless_possible(plan, amendment, why)
        if not withdrawals.mark(amendment, person.id, now, why):
            raise StaleState(N_("Điều chỉnh này đã được rút lại rồi."))
        head = amendment.head
        named = {"number": head.number, "day": f"{head.issued_on:%d/%m/%Y}"}
        _put_back(plan, amendment, WITHDRAWN.format(reason=why, **named), now)
        record_change(
            "plan.amendment_withdrawn",
            "plan",
            plan.id,
            now=now,
            person=person,
            label=plan.title,
            reason=f"{head.number}, {named['day']}: {why}",
        )
        return plan.id


def hindrance(plan: PlanHead, amendment: Amendment) -> Refused | None:
    """What stands in the way of taking a decision back, in a sentence that says what to do; None where nothing does."""
    if plan.state != "in_force":
        return Refused(N_("Kế hoạch không còn hiệu lực, nên không rút lại điều chỉnh được nữa."))
    last = amendments.of_plan(plan.id)[-1]
    if last.id != amendment.id:
        return Refused(
            N_(
                "Chỉ rút lại được điều chỉnh sau cùng; sau điều chỉnh này còn có điều chỉnh số %(number)s ngày "
                "%(day)s. Hãy rút lại điều chỉnh ấy trước, hoặc ghi một điều chỉnh nữa."
            ),
            number=last.head.number,
            day=last.head.issued_on,
        )
    numbers = withdrawals.reported_on(amendment.id)
    if numbers:
        return Refused(
            N_(
                "Không rút lại được: sau khi ghi điều chỉnh này đã có báo cáo hoặc đề nghị gia hạn ở phần việc mà nó "
                "thêm hoặc dời ngày, tại nhiệm vụ số %(numbers)s. Hãy ghi một điều chỉnh nữa để sửa."
            ),
            numbers=", ".join(numbers[:MOST_NAMED]) + (", …" if len(numbers) > MOST_NAMED else ""),
        )
    return None


def _refuse_unless_possible(plan: PlanHead, amendment: Amendment, reason: str) -> None:
    if amendment.withdrawn:
        raise StaleState(N_("Điều chỉnh này đã được rút lại rồi."))
    if problem := hindrance(plan, amendment):
        raise problem
    if not reason:
        raise Refused(N_("Hãy ghi lý do rút lại."))


def _put_back(plan: PlanHead, amendment: Amendment, reason: str, now: datetime) -> None:
    look, changes = amendments.look(plan.id), [each.change for each in amendments.changes_of(amendment)]
    before = undone(look, changes)
    withdrawals.put_back(look, before, amendment.head.issued_on, reason)
    _put_people_back(plan, look, before, now)
    # A place in the list is nothing that calendars show.
    changed = {each.task_id for each in changes if each.subject != "task" or each.field != "position"}
    milestones = [
        row_id for (subject, row_id), each in look.items() if subject == "milestone" and each.task_id in changed
    ]
    shares = [each.subject_id for each in changes if each.subject == "share"]
    touch_milestones(milestones, now, left_units=withdrawals.units_of(shares))


def _put_people_back(plan: PlanHead, look: Look, before: Look, now: datetime) -> None:
    """Units and groups on the tasks where the decision changed them, and through which group each unit is on one."""
    parts = ("leads", "partners")
    changed = {
        row_id
        for (subject, row_id), thing in before.items()
        if subject == "task" and any(thing.fields[part] != look[subject, row_id].fields[part] for part in parts)
    }
    directory = units.directory()
    writer = PlanWriter(plan.id, now, now.date(), lambda _task: ())
    for task in rebuilt(before):
        if task.id in changed:
            writer.set_parties(task.id, task.content)
            withdrawals.set_groups(task.id, _groups(task.content, directory, writer))


def _groups(task: ReadTask, directory: Directory, writer: PlanWriter) -> Mapping[tuple[int, str], int | None]:
    return {
        (writer.unit_ids[each.unit_code], each.part): writer.group_ids[each.group_code] if each.group_code else None
        for each in planned_shares(task.leads, task.partners, directory.expand)
    }
