"""Administrators keep the table of days off; all that is counted by working days follows at once."""

from dataclasses import replace
from datetime import date, datetime

from tracker.domain import access
from tracker.domain.days_off import ListedDay, check_day, check_document
from tracker.domain.errors import NotFound, Refused
from tracker.domain.names import squeeze
from tracker.domain.people import Person
from tracker.domain.words import N_
from tracker.store import days_off, holidays
from tracker.store.database import transaction
from tracker.store.history import record_change


def set_day(person: Person | None, wanted: ListedDay, *, now: datetime) -> ListedDay:
    """Write what a day is from now on; a day of the past as well, which the history tells. `person` None: a command.

    Forbidden for all but administrators; Refused for a line that `check_day` refuses.
    """
    if person is not None:
        access.ask_to_set_days_off(person)
    wanted = replace(wanted, name=squeeze(wanted.name), document=squeeze(wanted.document))
    check_day(wanted)
    with transaction():
        before = days_off.on(wanted.day)
        days_off.put(wanted, now)
        holidays.touch(now)
        _remember(person, before, wanted, wanted.document, now)
    return wanted


def remove_day(person: Person | None, day: date, reason: str, *, now: datetime) -> None:
    """Let a day follow its weekday again, for a reason; NotFound where the table does not speak of it."""
    if person is not None:
        access.ask_to_set_days_off(person)
    check_document(reason)
    if len(reason) > 1_000:
        raise Refused(N_("Lý do dài tối đa %(most)s ký tự; hãy rút gọn."), most="1000")
    with transaction():
        before = days_off.on(day)
        if before is None:
            raise NotFound(N_("Bảng ngày nghỉ không có ngày %(day)s."), day=day)
        days_off.remove(day, now)
        holidays.touch(now)
        _remember(person, before, None, squeeze(reason), now)


def _remember(
    person: Person | None, before: ListedDay | None, after: ListedDay | None, reason: str, now: datetime
) -> None:
    known = before or after
    assert known
    record_change(
        "day_off.changed",
        "day_off",
        int(f"{known.day:%Y%m%d}"),
        now=now,
        person=person,
        label=f"{known.day:%d/%m/%Y}",
        fields={
            name: (getattr(before, name, None), getattr(after, name, None)) for name in ("is_off", "name", "document")
        },
        reason=reason,
    )
