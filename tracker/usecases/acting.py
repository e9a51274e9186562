"""One person for several units: let act from a day to a day, and ended."""

from datetime import date, datetime, timedelta

from tracker.domain.errors import NotFound, Refused
from tracker.domain.people import ROLES_OF_UNITS, Person
from tracker.domain.views import UnitRef
from tracker.domain.words import N_
from tracker.store import acting, units
from tracker.store.acting import Acting
from tracker.store.database import transaction
from tracker.store.feeds import touch_people
from tracker.store.history import record_change

LONGEST_DOCUMENT = 300


def let_act(
    person: Person,
    unit_code: str,
    from_on: date,
    until_on: date | None,
    document: str,
    *,
    by: Person | None,
    now: datetime,
) -> None:
    """Let the person act for the unit with that code, both days included.

    Refused for roles that no unit has, an unknown unit or the person's own, days in the wrong order, no reason or
    document, and days on which they act for it already.
    """
    unit = _checked(person, unit_code, from_on, until_on, document)
    with transaction():
        if any(_meet(each, unit.id, from_on, until_on) for each in acting.of_person(person.id)):
            raise Refused(N_("Trong khoảng ngày này, người này đã được giao làm thay đơn vị đó."))
        acting.add(person.id, unit.id, from_on, until_on, document.strip())
        touch_people([person.id], now)
        record_change(
            "person.acts",
            "person",
            person.id,
            now=now,
            person=by,
            unit_id=unit.id,
            label=unit.name,
            fields={"from_on": (None, from_on), "until_on": (None, until_on)},
            reason=document.strip(),
        )


def end(person: Person, acting_id: int, *, by: Person | None, now: datetime, today: date) -> None:
    """End it with yesterday: from this moment on the person asks for that unit no more. NotFound where it is none."""
    with transaction():
        found = next((each for each in acting.of_person(person.id) if each.id == acting_id), None)
        if found is None:
            raise NotFound(N_("Không tìm thấy lần giao làm thay này. Hãy mở lại trang của người dùng."))
        acting.end(acting_id, today - timedelta(days=1))
        touch_people([person.id], now)
        record_change(
            "person.acts_no_more",
            "person",
            person.id,
            now=now,
            person=by,
            unit_id=found.place.unit_id,
            label=found.place.name,
        )


def _checked(person: Person, unit_code: str, from_on: date, until_on: date | None, document: str) -> UnitRef:
    if person.role not in ROLES_OF_UNITS:
        raise Refused(N_("Chỉ người của đơn vị mới làm thay đơn vị khác được."))
    unit = units.ref_by_code(unit_code)
    if unit is None or unit.id == person.unit_id:
        raise Refused(N_("Hãy chọn một đơn vị khác đơn vị công tác của người này."))
    if until_on is not None and until_on < from_on:
        raise Refused(N_("Ngày cuối phải bằng hoặc sau ngày đầu."))
    if not document.strip() or len(document.strip()) > LONGEST_DOCUMENT:
        raise Refused(
            N_("Hãy ghi lý do hoặc số văn bản giao nhiệm vụ, không quá %(most)s ký tự."), most=str(LONGEST_DOCUMENT)
        )
    return unit


def _meet(each: Acting, unit_id: int, from_on: date, until_on: date | None) -> bool:
    begins_in_time = until_on is None or each.from_on <= until_on
    return each.place.unit_id == unit_id and begins_in_time and (each.until_on is None or each.until_on >= from_on)
