"""Feeds as iCalendar (RFC 5545, RFC 7986): bytes that depend on the records alone."""

from tracker.adapters.calendars.events import event_bytes
from tracker.adapters.calendars.feeds import calendar_bytes, one_deadline, render

__all__ = ["calendar_bytes", "event_bytes", "one_deadline", "render"]
