"""Administrators keep the table of days off and the dates of school years; all that hangs on them follows at once."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from tracker.domain import access
from tracker.domain.days_off import ListedDay, check_day, check_document, check_length
from tracker.domain.errors import NotFound, Refused
from tracker.domain.holiday_feed import OF_YEAR, HolidayKind, SetDate, ask_for_order, dates_of
from tracker.domain.names import squeeze
from tracker.domain.people import Person
from tracker.domain.reading.periods import plan_year
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


def set_school_date(
    person: Person | None, name: str, kind: HolidayKind, day: date | None, document: str, *, now: datetime
) -> date:
    """Set a date of the school year `name`, by a document or for a reason; None lets go of what was set before.

    Returns the day that holds from then on; a year may have no plan yet, for its first one is read by these dates.
    Forbidden for all but administrators; Refused for what is no school year, for a day outside of the year or out of
    order, and without a document.
    """
    if person is not None:
        access.ask_to_set_days_off(person)
    document = squeeze(document)
    _check_reason(document)
    year = plan_year(name)
    if year is None or not year.is_school_year:
        raise Refused(N_("“%(year)s” không phải một năm học. Hãy ghi như 2024-2025."), year=name[:20])
    with transaction():
        known = next(each for each in holidays.school_years([year.name]) if each.name == year.name)
        before = {each.kind: each for each in dates_of(known)}
        new = SetDate(kind, day, document, max(now, before[kind].changed_at + timedelta(seconds=1)))
        others = tuple(each for each in known.dates if each.kind is not kind)
        after = {each.kind: each for each in dates_of(replace(known, dates=(*others, new)))}
        ask_for_order(year, {each.kind: each.day for each in after.values()})
        holidays.set_date(year.name, new)
        holidays.touch(now)
        record_change(
            "school_date.changed",
            "school_date",
            year.first * 10 + OF_YEAR.index(kind),
            now=now,
            person=person,
            label=year.name,
            fields={
                kind.value: (before[kind].day, after[kind].day),
                "document": (before[kind].source, after[kind].source),
            },
            reason=document,
        )
    return after[kind].day


def _check_reason(document: str) -> None:
    if not document:
        raise Refused(N_("Hãy ghi văn bản hoặc lý do: kế hoạch nhập từ nay được tính hạn theo mốc này của năm học."))
    check_length(document)


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
