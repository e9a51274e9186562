"""Feeds as iCalendar (RFC 5545, RFC 7986): bytes that depend on the records alone."""

from tracker.adapters.calendars.events import event_bytes
from tracker.adapters.calendars.feeds import calendar_bytes, one_deadline, render
from tracker.adapters.calendars.holidays import render_holidays

__all__ = ["calendar_bytes", "event_bytes", "one_deadline", "render", "render_holidays"]
