"""Feeds as iCalendar (RFC 5545, RFC 7986): bytes that depend on the records alone."""

from tracker.adapters.calendars.feeds import one_deadline, render

__all__ = ["one_deadline", "render"]
