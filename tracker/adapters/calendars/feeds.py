"""A feed as one VCALENDAR."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from icalendar import Calendar, Timezone, TimezoneStandard, vText

from tracker.adapters.calendars.events import event_bytes, event_component
from tracker.adapters.words import translate
from tracker.domain.feeds import Feed, FeedEvent, FeedOptions, Scope, ScopeKind
from tracker.domain.texts import one_line, shorten
from tracker.domain.words import N_

END = b"END:VCALENDAR\r\n"
REFRESH_EVERY = timedelta(hours=4)
MOST_IN_NAME = 100
ZONE_NAME = "Asia/Ho_Chi_Minh"
LEVELS = {
    "preschool": N_("mầm non"),
    "primary": N_("tiểu học"),
    "lower-secondary": N_("trung học cơ sở"),
    "upper-secondary": N_("trung học phổ thông"),
}
NAMES = {
    ScopeKind.PLAN: N_("Kế hoạch: %(name)s"),
    ScopeKind.UNIT: N_("Việc của %(name)s"),
    ScopeKind.UNIT_LEAD: N_("Việc %(name)s chủ trì"),
    ScopeKind.PERSON: N_("Việc của tôi"),
    ScopeKind.LEVEL: N_("Việc của cấp %(name)s"),
    ScopeKind.VIEW: N_("Bộ lọc: %(name)s"),
    ScopeKind.HOLIDAYS: N_("Ngày nghỉ và các mốc của năm học"),
}
ABOUT_WORK = N_("Mỗi sự kiện là hạn hoàn thành của một nhiệm vụ. Lịch cập nhật chậm; thư nhắc đến trước.")
ABOUT_DAYS = N_("Ngày nghỉ, ngày làm bù và các mốc của năm học, theo bảng của cơ quan. Lịch cập nhật chậm.")


def render(feed: Feed, locale: str, base_url: str, options: FeedOptions) -> bytes:
    """The feed as text/calendar in UTF-8; links begin with `base_url`. The same records always give the same bytes."""
    events = (event_bytes(event, feed.host, locale, base_url, options) for event in feed.events)
    return calendar_bytes(feed.scope, feed.name, locale, events)


def calendar_bytes(scope: Scope, name: str, locale: str, events: Iterable[bytes]) -> bytes:
    """The calendar of a scope called `name` around events that are bytes already.

    There is no METHOD (RFC 5546 section 3.2.1 would then ask for an ORGANIZER) and no UID of the calendar itself, which
    some clients take for the UID of every event.
    """
    calendar = Calendar()
    calendar.add("prodid", f"-//tracker//feed//{locale.upper()}")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    _describe(calendar, scope, name, locale)
    calendar.add_component(_zone())
    return b"".join((calendar.to_ical().removesuffix(END), *events, END))


def one_deadline(feed: Feed, event: FeedEvent, locale: str, base_url: str, organizer: str) -> bytes:
    """One event of a feed as a file to put into a calendar: METHOD:PUBLISH asks for no answer (RFC 5546 section 3.2.1).

    UID, SEQUENCE and times are the feed's own, so that who has both has it once. `organizer` is a mail address.
    """
    calendar = Calendar()
    calendar.add("prodid", f"-//tracker//mail//{locale.upper()}")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    component = event_component(event, feed.host, locale, base_url, FeedOptions())
    component.add("organizer", f"mailto:{organizer}")
    calendar.add_component(component)
    return calendar.to_ical()


def _describe(calendar: Calendar, scope: Scope, called: str, locale: str) -> None:
    """Name, description and how often to come back, in the old spelling and in that of RFC 7986."""
    # The levels are the only names that are words of ours.
    if scope.kind is ScopeKind.LEVEL:
        called = translate(locale, LEVELS[called])
    name = vText(shorten(one_line(translate(locale, NAMES[scope.kind], name=called)), MOST_IN_NAME))
    about = vText(translate(locale, ABOUT_DAYS if scope.kind is ScopeKind.HOLIDAYS else ABOUT_WORK))
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-caldesc", about)
    # Without VALUE=DURATION the property is not valid (RFC 7986 section 5.7).
    calendar.add("refresh-interval", REFRESH_EVERY, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", f"PT{REFRESH_EVERY // timedelta(hours=1)}H")


def _zone() -> Timezone:
    """Vietnam's present time. No event needs it; a feed without events needs a component (RFC 5545 section 3.6)."""
    zone, standard = Timezone(), TimezoneStandard()
    zone.add("tzid", ZONE_NAME)
    # The moment of the change is told in local time (RFC 5545 section 3.6.5).
    standard.add("dtstart", datetime(1975, 6, 13))  # noqa: DTZ001
    standard.add("tzoffsetfrom", timedelta(hours=8))
    standard.add("tzoffsetto", timedelta(hours=7))
    standard.add("tzname", "+07")
    zone.add_component(standard)
    return zone
