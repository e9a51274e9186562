"""A milestone as one all-day VEVENT on its due day."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, timedelta

from babel.dates import format_date
from icalendar import Alarm, Event
from werkzeug.urls import iri_to_uri

from tracker.adapters.words import SOURCE_LOCALE, translate
from tracker.domain.calendar_days import ONE_DAY
from tracker.domain.feeds import FeedEvent, FeedLead, FeedOptions, Span
from tracker.domain.texts import one_line, shorten
from tracker.domain.words import N_
from tracker.domain.work import SETTLED, State

MOST_IN_SUMMARY = 255  # UTF-16 units; Outlook cuts there ([MS-OXCICAL] 2.1.3.1.1.20.24)
MOST_IN_DESCRIPTION = 400
ALARM_BEFORE_END = timedelta(days=3, hours=15)
DONE_MARK, CANCELLED_MARK = N_("[XONG]"), N_("[ĐÃ HỦY]")
CANCELLED_WORDS = N_("đã hủy")
STATE_WORDS = {
    State.NOT_STARTED: N_("chưa bắt đầu"),
    State.IN_PROGRESS: N_("đang thực hiện"),
    State.RETURNED: N_("đang thực hiện"),
    State.APPROVING: N_("đang thực hiện"),
    State.ASKED_AWAY: N_("đã đề nghị không áp dụng, chờ trả lời"),
    State.NOT_APPLICABLE: N_("không áp dụng"),
    State.SUBMITTED: N_("đã báo hoàn thành, chờ xác nhận"),
    State.ACCEPTED: N_("đã hoàn thành"),
}


@dataclass(frozen=True, slots=True)
class _Days:
    """What one event of a milestone covers, and how its UID and its title tell it from the others."""

    first: date
    last: date
    suffix: str = ""
    title: str = "%(title)s"


def event_bytes(event: FeedEvent, host: str, locale: str, base_url: str, options: FeedOptions) -> bytes:
    """The milestone as the VEVENTs that `options` ask for: one, two with its first day, none where it is hidden.

    The day of a start and the whole period have UIDs of their own, so that another choice moves nothing.
    """
    if options.hide_done and not event.dropped_on and event.state in SETTLED:
        return b""
    parts = _parts(event, options.span)
    return b"".join(_component(event, part, host, locale, base_url, options).to_ical() for part in parts)


def _parts(event: FeedEvent, span: Span) -> tuple[_Days, ...]:
    first = min(event.start or event.due, event.due)
    if span is Span.PERIOD:
        return (_Days(first, event.due, "-period"),)
    due = _Days(event.due, event.due)
    if span is Span.START and first < event.due:
        return _Days(first, first, "-start", N_("Bắt đầu: %(title)s")), due
    return (due,)


def event_component(event: FeedEvent, host: str, locale: str, base_url: str, options: FeedOptions) -> Event:
    """The milestone as the VEVENT of its due day, in the language of `locale`. Its UID ends in `host`."""
    return _component(event, _Days(event.due, event.due), host, locale, base_url, options)


def _component(event: FeedEvent, days: _Days, host: str, locale: str, base_url: str, options: FeedOptions) -> Event:
    """The milestone as a VEVENT: all day, free, nobody invited.

    Done and dropped ones stay, marked in the title, because clients hide or ignore STATUS. DTSTAMP is the time of the
    last change, as RFC 5545 section 3.8.7.2 has it for calendars without METHOD.
    """
    link = iri_to_uri(f"{base_url}/tasks/{event.task_id}")
    changed_at = event.changed_at.astimezone(UTC).replace(microsecond=0)
    component = Event()
    component.add("uid", f"milestone-{event.milestone_id}{days.suffix}@{host}")
    component.add("dtstamp", changed_at)
    component.add("last-modified", changed_at)
    component.add("sequence", event.sequence)
    component.add("dtstart", days.first)
    component.add("dtend", days.last + ONE_DAY)
    component.add("summary", _summary(event, days, locale))
    component.add("description", "\n".join((*_description(event, locale), link)))
    component.add("url", link)
    if event.leads:
        component.add("categories", [one_line(lead.name) for lead in event.leads])
    component.add("status", "CANCELLED" if event.dropped_on else "CONFIRMED")
    component.add("transp", "TRANSPARENT")
    component.add("x-microsoft-cdo-busystatus", "FREE")
    if options.alarms and days.last == event.due and not event.dropped_on and event.state not in SETTLED:
        component.add_component(_alarm(str(component["summary"])))
    return component


def _summary(event: FeedEvent, days: _Days, locale: str) -> str:
    mark = ""
    if event.dropped_on:
        mark = f"{translate(locale, CANCELLED_MARK)} "
    elif event.state is State.ACCEPTED:
        mark = f"{translate(locale, DONE_MARK)} "
    return shorten(mark + translate(locale, days.title, title=one_line(event.title)), MOST_IN_SUMMARY)


def _description(event: FeedEvent, locale: str) -> Iterator[str]:
    """The lines of the description, the full title first. No days left: the text would change without a change."""
    yield one_line(event.title)
    yield translate(locale, N_("Nhiệm vụ số %(number)s"), number=one_line(event.number)) + _ordinal(event, locale)
    yield translate(locale, N_("Hạn: %(day)s"), day=_day(event.due, locale)) + _as_written(event, locale)
    if event.leads:
        leads = "; ".join(_lead(each, locale) for each in event.leads)
        yield translate(locale, N_("Chủ trì: %(units)s"), units=shorten(leads, MOST_IN_DESCRIPTION))
    if partners := one_line(event.partners_as_written):
        yield translate(locale, N_("Phối hợp: %(units)s"), units=shorten(partners, MOST_IN_DESCRIPTION))
    if event.dropped_on or event.state:
        state = CANCELLED_WORDS if event.dropped_on or not event.state else STATE_WORDS[event.state]
        yield translate(locale, N_("Trạng thái: %(state)s"), state=translate(locale, state))
    if event.dropped_on:
        yield translate(
            locale, N_("Lý do hủy: %(reason)s"), reason=shorten(one_line(event.dropped_reason), MOST_IN_DESCRIPTION)
        )
    if event.last_entry_on:
        yield translate(locale, N_("Cập nhật gần nhất: %(day)s"), day=_day(event.last_entry_on, locale))


def _lead(lead: FeedLead, locale: str) -> str:
    name = one_line(lead.name)
    if not lead.formerly:
        return name
    former = ", ".join(one_line(each) for each in lead.formerly)
    return translate(locale, N_("%(unit)s (trước là %(former)s)"), unit=name, former=former)


def _ordinal(event: FeedEvent, locale: str) -> str:
    if event.milestones < 2:
        return ""
    return ", " + translate(locale, N_("mốc %(ordinal)s/%(count)s"), ordinal=event.ordinal, count=event.milestones)


def _as_written(event: FeedEvent, locale: str) -> str:
    written = one_line(event.due_as_written)
    return f" ({written})" if written and written != _day(event.due, locale) else ""


def _day(day: date, locale: str) -> str:
    return f"{day:%d/%m/%Y}" if locale == SOURCE_LOCALE else format_date(day, "d MMM y", locale=locale)


def _alarm(title: str) -> Alarm:
    """09:00 three days before the due day: told from the end, which is the midnight after it."""
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", -ALARM_BEFORE_END, parameters={"RELATED": "END"})
    return alarm
