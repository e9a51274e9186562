"""Days off and dates of the school year as all-day VEVENTs."""

from collections.abc import Iterable
from datetime import UTC

from icalendar import Event

from tracker.adapters.calendars.feeds import calendar_bytes
from tracker.adapters.words import translate
from tracker.domain.calendar_days import ONE_DAY
from tracker.domain.feeds import HOLIDAYS
from tracker.domain.holiday_feed import Basis, HolidayEvent, HolidayKind
from tracker.domain.texts import one_line, shorten
from tracker.domain.words import N_

MOST_IN_SUMMARY = 255  # UTF-16 units; Outlook cuts there ([MS-OXCICAL] 2.1.3.1.1.20.24)
SUMMARIES = {
    HolidayKind.OFF: N_("Nghỉ: %(name)s"),
    HolidayKind.WORKED: N_("Làm việc: %(name)s"),
    HolidayKind.OPENS: N_("Khai giảng năm học %(name)s"),
    HolidayKind.SEMESTER_ENDS: N_("Kết thúc học kỳ I năm học %(name)s"),
    HolidayKind.ENDS: N_("Kết thúc năm học %(name)s"),
}


def render_holidays(events: Iterable[HolidayEvent], host: str, locale: str) -> bytes:
    """The calendar of these days as text/calendar in UTF-8. The same records always give the same bytes."""
    return calendar_bytes(HOLIDAYS, "", locale, (holiday_bytes(each, host, locale) for each in events))


def holiday_bytes(event: HolidayEvent, host: str, locale: str) -> bytes:
    """The event in the language of `locale`: all day, free, nobody invited. Its UID ends in `host`.

    The same record always gives the same bytes; names of days and documents are the office's own words.
    """
    changed_at = event.changed_at.astimezone(UTC).replace(microsecond=0)
    component = Event()
    component.add("uid", f"{event.key}@{host}")
    component.add("dtstamp", changed_at)
    component.add("last-modified", changed_at)
    component.add("sequence", event.sequence)
    component.add("dtstart", event.day)
    component.add("dtend", event.day + ONE_DAY)
    summary = translate(locale, SUMMARIES[event.kind], name=one_line(event.name))
    component.add("summary", shorten(summary, MOST_IN_SUMMARY))
    component.add("description", _description(event, locale))
    component.add("status", "CONFIRMED")
    component.add("transp", "TRANSPARENT")
    component.add("x-microsoft-cdo-busystatus", "FREE")
    return component.to_ical()


def _description(event: HolidayEvent, locale: str) -> str:
    source = one_line(event.source)
    if event.basis is Basis.DOCUMENT:
        return source
    if event.basis is Basis.PERIOD:
        return translate(locale, N_("Theo kỳ đã chốt: %(name)s"), name=source)
    return translate(locale, N_("Theo khung năm học thường lệ của Bộ; ngày của địa phương có thể khác."))
