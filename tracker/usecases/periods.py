"""Closing a period: a plan's figures as of its last day are kept; later they can be computed again and compared."""

from datetime import date, datetime, tzinfo

from tracker.domain import access
from tracker.domain.calendar_days import day_end, local_day
from tracker.domain.errors import NotFound, Refused, StaleState
from tracker.domain.names import squeeze
from tracker.domain.people import Person
from tracker.domain.periods import LONGEST_NOTE, Difference, Period, check_period, differences, name_key
from tracker.domain.views import PlanHead
from tracker.domain.words import N_
from tracker.store import drafts, periods, plans
from tracker.store.database import transaction
from tracker.store.facts import CutOff
from tracker.store.history import record_change

NO_PERIOD = N_("Không tìm thấy kỳ đã chốt này. Hãy mở lại từ trang Kế hoạch.")


def close(
    person: Person | None,
    plan_id: int,
    name: str,
    to_on: date,
    *,
    from_on: date | None = None,
    note: str = "",
    now: datetime,
    zone: tzinfo,
) -> int:
    """Keep a plan's figures as of `to_on`, a day before that of `now` in `zone`; returns the period's id.

    `person` None is the command line. Forbidden for others than the plan's monitors and administrators; NotFound
    without such a plan; Refused for a draft, for a name or days that cannot be, and where that period is closed.
    """
    with transaction():
        plan = _open_plan(plan_id)
        if person:
            access.ask_to_close_period(person, plan.monitor_unit_ids)
        tidy = check_period(name, note, from_on, to_on, local_day(now, zone))
        if any(name_key(each.name) == name_key(tidy) for each in periods.of_plan(plan_id)):
            raise Refused(
                N_("Kỳ “%(name)s” của kế hoạch này đã chốt. Hãy đặt tên khác, hoặc nhờ quản trị viên mở lại."),
                name=tidy,
            )
        found = periods.figures(plan, _cut_off(to_on, zone))
        period_id = periods.add(
            plan_id, tidy, from_on, to_on, found, now=now, person_id=person.id if person else None, note=note.strip()
        )
        _write_down("period.closed", person, period_id, plan_id, tidy, to_on, now)
        return period_id


def close_anew(person: Person, period_id: int, reason: str, *, now: datetime, zone: tzinfo) -> int:
    """Reopen a closed period and close it with the figures of now, as a new version beside the old; returns its id.

    Forbidden for others than administrators; Refused without a reason; StaleState where it is not the last version.
    """
    access.ask_to_reopen_period(person)
    why = squeeze(reason)
    if not why or len(why) > LONGEST_NOTE:
        raise Refused(N_("Hãy ghi lý do mở lại kỳ đã chốt, tối đa %(most)s ký tự."), most=str(LONGEST_NOTE))
    with transaction():
        old = known(period_id)
        plan = _open_plan(old.plan_id)
        versions = [each for each in periods.of_plan(old.plan_id) if name_key(each.name) == name_key(old.name)]
        if max(each.version for each in versions) != old.version:
            raise StaleState(N_("Kỳ này đã được chốt lại sau bản bạn đang xem. Hãy mở bản mới nhất."))
        new_id = periods.add(
            old.plan_id,
            old.name,
            old.from_on,
            old.to_on,
            periods.figures(plan, _cut_off(old.to_on, zone)),
            now=now,
            person_id=person.id,
            note=old.note,
            version=old.version + 1,
            reason=why,
        )
        _write_down("period.closed_anew", person, new_id, old.plan_id, old.name, old.to_on, now, why)
        return new_id


def check(period: Period, plan: PlanHead, zone: tzinfo) -> list[Difference]:
    """What the figures of a closed period would be otherwise if they were computed now; nothing is written."""
    return differences(period.figures, periods.figures(plan, _cut_off(period.to_on, zone)))


def known(period_id: int) -> Period:
    """The closed period with that id, else NotFound."""
    found = periods.one(period_id)
    if found is None:
        raise NotFound(NO_PERIOD)
    return found


def _open_plan(plan_id: int) -> PlanHead:
    """The plan, its row held until the transaction ends, so that two do not close the same period."""
    state, plan = drafts.lock(plan_id), plans.head(plan_id)
    if plan is None:
        raise NotFound(N_("Không tìm thấy kế hoạch này. Hãy mở lại từ trang Kế hoạch."))
    if state == "draft":
        raise Refused(N_("Kế hoạch này còn là dự thảo, chưa có gì để chốt."))
    return plan


def _cut_off(day: date, zone: tzinfo) -> CutOff:
    return CutOff(day, day_end(day, zone), zone)


def _write_down(
    what: str, person: Person | None, period_id: int, plan_id: int, name: str, to_on: date, now: datetime, why: str = ""
) -> None:
    record_change(
        what,
        "period",
        period_id,
        now=now,
        person=person,
        label=f"{name}, {to_on:%d/%m/%Y}",
        plan_id=plan_id,
        reason=why,
    )
