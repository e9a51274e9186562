"""The weekly page: to leaders, once a week, on its first working day or as soon as they are there; never empty."""

import email

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.support.mail import SmtpServer
from tests.support.office import at, desk, tick_at
from tests.support.queries import count_queries
from tracker.domain.preferences import Pause, Preference
from tracker.domain.reminder_rules import Group
from tracker.store import outbox, people, preferences, urgings
from tracker.store.database import db, transaction
from tracker.store.tables import OutboxMessage, PlanRow, ReminderRule, ShareRow
from tracker.usecases.reminders import tick

pytestmark = pytest.mark.one_database

MONDAY = "2024-12-16T08:00"


@pytest.fixture(autouse=True)
def _context(world: Flask) -> object:
    with world.app_context():
        yield


def leader_id() -> int:
    found = people.by_email("leader@example.org")
    assert found
    return found.person.id


def pages() -> list[tuple[str, str]]:
    """(channel, state) of every weekly page."""
    query = sa.select(OutboxMessage.channel, OutboxMessage.state).where(OutboxMessage.kind == "weekly")
    return [tuple(row) for row in db.session.execute(query.order_by(OutboxMessage.id))]


def choose(wanted: Preference) -> None:
    with transaction():
        preferences.put(leader_id(), wanted)


def test_a_leader_is_told_how_each_plan_stands_who_is_late_and_who_was_urged(
    world: Flask, smtp_server: SmtpServer
) -> None:
    monitor = people.by_email("monitor@example.org")
    assert monitor
    with transaction():
        urgings.add(
            monitor.person.id,
            [db.session.scalars(sa.select(ShareRow.id)).first() or 0],
            "",
            at("2024-12-13T09:00"),
            key="1",
        )
    result = tick_at(world, MONDAY, smtp_server.url)
    told = [each for each in result.messages if each["rule"] == "weekly"]
    assert [(each["to"], each["channel"], each["tasks"]) for each in told] == [("leader@example.org", "mail", [])]
    mails = [email.message_from_bytes(each.content) for each in smtp_server.messages]
    (mail,) = (each for each in mails if "/weekly/" in (each["List-Unsubscribe"] or ""))
    assert "leader@example.org" in mail["To"]
    text = mail.get_payload()[0].get_payload(decode=True).decode()
    assert "tính đến ngày 16/12/2024" in text
    assert "Tất cả: 42" in text
    assert "quá hạn" in text
    assert "đôn đốc 1 lần trong tuần qua" in text
    assert "/?plan=1" in text
    assert pages() == [("bell", "sent"), ("mail", "sent")]


def test_once_a_week_and_on_the_first_working_day(world: Flask) -> None:
    tick_at(world, "2024-12-27T08:00")  # a Friday: the week's page is still owed
    assert len(pages()) == 2
    for moment in ("2024-12-27T09:00", "2024-12-28T08:00", "2024-12-30T06:59"):
        tick_at(world, moment)
    assert len(pages()) == 2
    tick_at(world, "2024-12-30T07:00")
    assert len(pages()) == 4
    tick_at(world, "2024-12-31T07:00")
    assert len(pages()) == 4


def test_it_waits_for_the_leaders_day_and_hour_and_for_their_return(world: Flask) -> None:
    choose(
        Preference(hour=9, weekdays=frozenset({2, 4}), pause=Pause(at(MONDAY).date(), at("2024-12-17T08:00").date()))
    )
    for moment in (MONDAY, "2024-12-17T10:00", "2024-12-19T08:59"):
        tick_at(world, moment)
        assert pages() == []
    tick_at(world, "2024-12-19T09:00")
    assert len(pages()) == 2


def test_during_a_pause_who_stands_in_gets_it_once_by_what_they_chose(world: Flask, smtp_server: SmtpServer) -> None:
    leader, monitor = (people.by_email(f"{who}@example.org") for who in ("leader", "monitor"))
    assert leader
    assert monitor
    away = Pause(at(MONDAY).date(), at("2024-12-18T08:00").date(), monitor.person.id)
    choose(Preference(pause=away))
    with transaction():
        preferences.put(monitor.person.id, Preference(hour=9, channels=frozenset({"mail"})))
    tick_at(world, MONDAY, smtp_server.url)
    assert pages() == []
    for moment in ("2024-12-16T09:00", "2024-12-17T09:00"):
        tick_at(world, moment, smtp_server.url)
        assert pages() == [("mail", "sent")]
    (mail,) = [each for each in smtp_server.messages if b"/weekly/" in each.content]
    assert mail.recipients == ("monitor@example.org",)
    (part,) = [
        each for each in email.message_from_bytes(mail.content).walk() if each.get_content_type() == "text/plain"
    ]
    assert f"nhận thay {leader.person.name} đang tạm dừng" in part.get_payload(decode=True).decode()
    tick_at(world, "2024-12-19T09:00", smtp_server.url)
    assert pages() == [("mail", "sent"), ("bell", "sent"), ("mail", "sent")]


def test_a_page_for_who_stands_in_does_not_go_once_the_leader_is_back(world: Flask, smtp_server: SmtpServer) -> None:
    monitor = people.by_email("monitor@example.org")
    assert monitor
    choose(Preference(channels=frozenset({"mail"}), pause=Pause(*[at(MONDAY).date()] * 2, monitor.person.id)))
    tick_at(world, MONDAY)
    assert pages() == [("bell", "sent"), ("mail", "pending")]
    choose(Preference(channels=frozenset({"mail"})))
    tick_at(world, "2024-12-16T08:15", smtp_server.url)
    assert pages() == [("bell", "sent"), ("mail", "skipped"), ("mail", "sent")]


@pytest.mark.parametrize(
    "change",
    [
        lambda: choose(Preference(muted=frozenset({Group.WEEKLY}))),
        lambda: people.set_active(leader_id(), active=False),
        lambda: db.session.execute(sa.update(ReminderRule).where(ReminderRule.code == "weekly").values(active=False)),
        lambda: db.session.execute(sa.update(PlanRow).values(state="closed")),
    ],
    ids=["not wanted", "closed account", "switched off", "no plan in force"],
)
def test_nobody_gets_what_is_not_wanted_or_empty(world: Flask, change: object) -> None:
    assert callable(change)
    with transaction():
        change()
    tick_at(world, MONDAY)
    assert pages() == []


@pytest.mark.long
def test_what_waited_past_its_week_or_is_not_wanted_any_more_does_not_go(world: Flask, smtp_server: SmtpServer) -> None:
    tick_at(world, "2024-12-20T08:00")
    choose(Preference(muted=frozenset({Group.WEEKLY})))
    tick_at(world, "2024-12-20T09:00", smtp_server.url)
    assert pages() == [("bell", "sent"), ("mail", "skipped")]
    choose(Preference())
    with transaction() as session:
        session.execute(sa.delete(OutboxMessage).where(OutboxMessage.kind == "weekly"))
    tick_at(world, "2024-12-20T10:00")
    tick_at(world, "2024-12-23T08:00", smtp_server.url)
    assert sorted(pages()) == [("bell", "sent"), ("bell", "sent"), ("mail", "sent"), ("mail", "skipped")]


def test_a_tick_that_owes_no_page_asks_little_and_a_dry_run_shows_it(world: Flask) -> None:
    would = tick(desk(world, at(MONDAY)), dry_run=True)
    assert [each["to"] for each in would.messages if each["rule"] == "weekly"] == ["leader@example.org"]
    assert pages() == []
    tick_at(world, MONDAY)
    with count_queries(db.engine) as asked:
        tick_at(world, "2024-12-16T08:05")
    assert len([each for each in asked if each.startswith("SELECT")]) <= 16
    assert outbox.there([]) == set()
