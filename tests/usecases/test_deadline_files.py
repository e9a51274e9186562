"""The deadline goes along as a file with a mail about one task, for those who chose it, and is the calendar's own."""

import email
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from email.message import Message

import pytest
from flask import Flask
from icalendar import Calendar

from tests.support.mail import SmtpServer
from tests.support.office import at, desk, open_office
from tracker.adapters.calendars import render
from tracker.domain.feeds import FeedOptions, Scope, ScopeKind
from tracker.store import calendar_choices, feeds, people
from tracker.store.database import transaction
from tracker.usecases.reminders import tick

MONDAY = "2024-12-16T08:00"
BASE = "https://theo-doi.example.org"


@pytest.fixture(autouse=True)
def _context(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def sent(app: Flask, server: SmtpServer) -> dict[str, Message]:
    """What the tick of Monday sends, by the recipient's name."""
    here = replace(desk(app, at(MONDAY), server.url), sender="nhac-viec@example.org")
    tick(here)
    return {each.recipients[0].partition("@")[0]: email.message_from_bytes(each.content) for each in server.messages}


def files(mail: Message) -> list[bytes]:
    return [part.get_payload(decode=True) for part in mail.walk() if part.get_content_type() == "text/calendar"]


def test_who_chose_it_is_sent_the_event_of_their_calendar(app: Flask, smtp_server: SmtpServer) -> None:
    ids = open_office({"1": (date(2024, 12, 19), {1: "lead", 2: "partner"})})
    with transaction():
        calendar_choices.put(ids["lead"], True)
    mails = sent(app, smtp_server)
    assert files(mails["clerk"]) == []
    (file,) = files(mails["lead"])
    calendar = Calendar.from_ical(file)
    assert (calendar["METHOD"], calendar.errors) == ("PUBLISH", [])
    (event,) = calendar.walk("VEVENT")
    person = people.by_id(ids["lead"])
    assert person
    feed = feeds.feed(Scope(ScopeKind.PERSON, ids["lead"]), desk(app, at(MONDAY)).zone)
    (own,) = Calendar.from_ical(render(feed, "vi", BASE, FeedOptions())).walk("VEVENT")
    assert event["ORGANIZER"] == "mailto:nhac-viec@example.org"
    del event["ORGANIZER"]
    assert event.to_ical() == own.to_ical()
    assert max(map(len, file.split(b"\r\n"))) <= 75


def test_a_mail_about_several_tasks_brings_none(app: Flask, smtp_server: SmtpServer) -> None:
    ids = open_office({"1": (date(2024, 12, 19), {1: "lead"}), "2": (date(2024, 12, 18), {1: "lead"})})
    with transaction():
        calendar_choices.put(ids["lead"], True)
    assert files(sent(app, smtp_server)["lead"]) == []
