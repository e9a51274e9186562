"""One milestone as a calendar file of its own, to be put into a calendar by hand."""

from icalendar import Calendar

from tracker.adapters.calendars.events import event_component
from tracker.domain.feeds import FeedEvent, FeedOptions


def event_file(event: FeedEvent, host: str, locale: str, base_url: str) -> bytes:
    """The event of a feed alone, its UID ending in `host`, links beginning with `base_url`, as text/calendar in UTF-8.

    UID, SEQUENCE and times are the feed's own, so that who has both has it once. Like a feed it has no METHOD (RFC 5546
    section 3.2.1 would then ask for an ORGANIZER), and no name, by which Outlook would open a calendar of its own.
    """
    calendar = Calendar()
    calendar.add("prodid", f"-//tracker//file//{locale.upper()}")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add_component(event_component(event, host, locale, base_url, FeedOptions()))
    return calendar.to_ical()
