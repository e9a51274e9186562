"""Ticks over a small office and a real mail server: each mail once, whatever happens on the way."""

import email
from datetime import date
from email.header import decode_header, make_header

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.support.mail import SmtpServer
from tests.support.office import at, desk, log, open_office, tick_at
from tests.support.ports import free_port
from tests.support.queries import count_queries
from tracker.adapters.reminder_rules import load_rules
from tracker.domain.outbox import BACKOFF, TRIES, MailState
from tracker.domain.work import Action, State
from tracker.store import outbox, reminder_rules
from tracker.store.database import db, transaction
from tracker.store.tables import (
    DayOff,
    MilestoneRow,
    OutboxMessage,
    PersonRow,
    PlanRow,
    ReminderRecord,
    TaskRow,
    UnitRow,
)
from tracker.usecases.outbox import deliver, sweep
from tracker.usecases.reminders import plan, tick

MONDAY = "2024-12-16T08:00"
SOON, LATE = date(2024, 12, 19), date(2024, 12, 10)
LEAD, PARTNER = "lead", "partner"
# For rules that ask nothing of the database that others do not prove on both kinds.
on_one_database = pytest.mark.one_database


@pytest.fixture(autouse=True)
def _context(app: Flask) -> object:
    with app.app_context():
        yield


@pytest.fixture
def ids() -> dict[str, int]:
    """Task 1 is due in three days (lead: finance, partner: the school), task 2 was due on Tuesday (lead: finance)."""
    return open_office({"1": (SOON, {1: LEAD, 2: PARTNER}), "2": (LATE, {1: LEAD})})


def received(server: SmtpServer) -> list[tuple[str, str]]:
    """Recipient and subject of every mail, in order."""
    mails = [(each.recipients[0], email.message_from_bytes(each.content)) for each in server.messages]
    return [(to, str(make_header(decode_header(mail["Subject"])))) for to, mail in mails]


def states() -> dict[str, str]:
    """What became of each person's mail."""
    return {each.to_address: each.state.value for each in outbox.listed(None, 0, 100) if each.channel == "mail"}


def rows(table: type) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


@pytest.mark.both_databases
@pytest.mark.usefixtures("ids")
def test_each_person_of_the_unit_gets_one_digest(app: Flask, smtp_server: SmtpServer) -> None:
    result = tick_at(app, MONDAY, smtp_server.url)
    assert received(smtp_server) == [
        ("lead@example.org", "Nhắc việc ngày 16/12/2024: 1 việc quá hạn, 1 việc sắp đến hạn"),
        ("clerk@example.org", received(smtp_server)[1][1]),
        ("partner@example.org", "Nhắc việc ngày 16/12/2024: 1 việc sắp đến hạn"),
    ]
    document = result.as_json(desk(app, at(MONDAY)).zone)
    assert (document["now"], document["planned"], document["sent"], document["failed"]) == (
        "2024-12-16T08:00:00+07:00",
        3,
        3,
        0,
    )
    assert document["messages"][0] == {
        "to": "lead@example.org",
        "channel": "mail",
        "rule": "overdue",
        "subject": "Nhắc việc ngày 16/12/2024: 1 việc quá hạn, 1 việc sắp đến hạn",
        "tasks": ["2", "1"],
        "state": "sent",
        "items": [
            {"task": "2", "rule": "overdue", "due": "2024-12-10", "unit": "Phòng Tài chính - Kế hoạch"},
            {"task": "1", "rule": "before-3", "due": "2024-12-19", "unit": "Phòng Tài chính - Kế hoạch"},
        ],
    }
    assert states() == dict.fromkeys(("lead@example.org", "clerk@example.org", "partner@example.org"), "sent")


@pytest.mark.both_databases
@pytest.mark.usefixtures("ids")
def test_a_second_tick_sends_nothing_and_a_dry_run_says_why(app: Flask, smtp_server: SmtpServer) -> None:
    tick_at(app, MONDAY, smtp_server.url)
    again = tick_at(app, "2024-12-16T08:01", smtp_server.url)
    next_day = tick_at(app, "2024-12-17T08:00", smtp_server.url)
    assert len(smtp_server.messages) == 3
    assert (again.planned, again.sent, next_day.planned) == (0, 0, 0)
    asked = tick(desk(app, at("2024-12-17T08:01")), dry_run=True)
    assert {skip.reason.value for skip in asked.skipped} == {"told-already"}
    # On the 18th task 1 is due tomorrow; the week of task 2 that begins then was covered on the 16th.
    assert [m["tasks"] for m in tick_at(app, "2024-12-18T08:00", smtp_server.url).messages] == [["1"], ["1"], ["1"]]
    assert [m["tasks"] for m in tick_at(app, "2024-12-25T08:00", smtp_server.url).messages] == [["2", "1"], ["2", "1"]]


@on_one_database
@pytest.mark.usefixtures("ids")
@pytest.mark.parametrize(("moment", "reason"), [("2024-12-14T08:00", "day-off"), ("2024-12-16T06:59", "before-hour")])
def test_nothing_goes_out_on_a_day_off_or_before_seven(app: Flask, moment: str, reason: str) -> None:
    result = tick_at(app, moment)
    assert result.planned == 0
    assert [skip.reason.value for skip in result.skipped] == [reason]


@on_one_database
@pytest.mark.usefixtures("ids")
def test_the_offices_own_day_off_counts(app: Flask) -> None:
    with transaction() as session:
        session.add(DayOff(day=date(2024, 12, 16), is_off=True, name="Nghỉ bù"))
    assert tick_at(app, MONDAY).planned == 0
    assert tick_at(app, "2024-12-17T07:00").planned == 3


@on_one_database
@pytest.mark.usefixtures("ids")
def test_without_a_mail_server_everything_stays_readable_and_counts_as_told(app: Flask) -> None:
    assert tick_at(app, MONDAY).planned == 3
    assert set(states().values()) == {"pending"}
    assert tick_at(app, "2024-12-16T09:00").planned == 0


@on_one_database
@pytest.mark.usefixtures("ids")
def test_a_dry_run_leaves_nothing(app: Flask) -> None:
    result = tick(desk(app, at(MONDAY)), dry_run=True)
    assert [(message["to"], message["tasks"]) for message in result.messages] == [
        ("lead@example.org", ["2", "1"]),
        ("clerk@example.org", ["2", "1"]),
        ("partner@example.org", ["1"]),
    ]
    assert (rows(OutboxMessage), rows(ReminderRecord)) == (0, 0)


@on_one_database
@pytest.mark.usefixtures("ids")
@pytest.mark.parametrize(
    "change",
    [
        sa.update(PlanRow).values(state="draft"),
        sa.update(PlanRow).values(state="closed"),
        sa.update(TaskRow).values(dropped_on=date(2024, 12, 1), dropped_reason="Thôi"),
        sa.update(PersonRow).values(active=False),
        sa.update(UnitRow).values(ends_on=date(2024, 12, 15)),
        sa.update(MilestoneRow).values(due=None),
        sa.update(UnitRow).values(kind="mass-organisation"),
    ],
    ids=["draft", "closed plan", "dropped task", "closed accounts", "ended units", "no date", "mass organisations"],
)
def test_nobody_is_reminded_of_what_asks_nothing(app: Flask, change: sa.Update) -> None:
    with transaction() as session:
        session.execute(change)
    assert tick_at(app, MONDAY).planned == 0


@on_one_database
@pytest.mark.usefixtures("ids")
def test_a_share_reported_done_is_not_reminded_and_one_sent_back_is_again(app: Flask, smtp_server: SmtpServer) -> None:
    for share_id in (1, 2, 3):
        log(share_id, Action.SUBMIT, State.SUBMITTED, at("2024-12-13T09:00"))
    quiet = tick_at(app, MONDAY, smtp_server.url)
    assert quiet.planned == 0
    assert {skip.reason.value for skip in quiet.skipped} == {"waits-for-acceptance"}
    log(1, Action.RETURN, State.RETURNED, at("2024-12-16T09:00"))
    tick_at(app, "2024-12-16T10:00", smtp_server.url)
    assert received(smtp_server)[0][1] == "Nhắc việc ngày 16/12/2024: 1 việc bị trả lại"


@pytest.mark.both_databases
@pytest.mark.usefixtures("ids")
def test_what_is_done_between_planning_and_sending_is_struck_out(app: Flask, smtp_server: SmtpServer) -> None:
    office = desk(app, at(MONDAY), smtp_server.url)
    plan(at(MONDAY), office.zone, office.base_url, ["mail"])
    log(2, Action.SUBMIT, State.SUBMITTED, at(MONDAY))  # the school's share of task 1
    log(3, Action.SUBMIT, State.SUBMITTED, at(MONDAY))  # finance's share of task 2
    done = deliver(office)
    assert [to for to, _subject in received(smtp_server)] == ["lead@example.org", "clerk@example.org"]
    assert received(smtp_server)[0][1] == "Nhắc việc ngày 16/12/2024: 1 việc sắp đến hạn"
    body = email.message_from_bytes(smtp_server.messages[0].content).get_payload()[0].get_payload(decode=True).decode()
    assert "số 1" in body
    assert "số 2" not in body
    assert {(skip.reason.value, skip.to) for skip in done.skipped} == {("settled-meanwhile", "partner@example.org")}
    assert states()["partner@example.org"] == "skipped"
    # Sent back on Tuesday, it is told as if it had never been left out.
    log(3, Action.RETURN, State.RETURNED, at("2024-12-16T15:00"))
    assert [message["tasks"] for message in tick_at(app, "2024-12-17T08:00", smtp_server.url).messages] == [
        ["2"],
        ["2"],
    ]


@on_one_database
@pytest.mark.usefixtures("ids")
def test_an_account_closed_meanwhile_gets_nothing(app: Flask, smtp_server: SmtpServer) -> None:
    office = desk(app, at(MONDAY), smtp_server.url)
    plan(at(MONDAY), office.zone, office.base_url, ["mail"])
    with transaction() as session:
        session.execute(sa.update(PersonRow).where(PersonRow.email == "lead@example.org").values(active=False))
    done = deliver(office)
    assert {skip.reason.value for skip in done.skipped} == {"account-closed"}
    assert len(smtp_server.messages) == 2


@pytest.mark.usefixtures("ids")
def test_a_moved_date_is_a_new_reminder_and_the_old_one_is_struck_out(app: Flask, smtp_server: SmtpServer) -> None:
    office = desk(app, at(MONDAY), smtp_server.url)
    plan(at(MONDAY), office.zone, office.base_url, ["mail"])
    with transaction() as session:
        session.execute(sa.update(MilestoneRow).where(MilestoneRow.due == SOON).values(due=date(2024, 12, 23)))
    deliver(office)
    assert [message.recipients[0] for message in smtp_server.messages] == ["lead@example.org", "clerk@example.org"]
    after = tick_at(app, "2024-12-17T08:00", smtp_server.url)
    assert [(message["to"], message["tasks"]) for message in after.messages] == [
        ("lead@example.org", ["1"]),
        ("clerk@example.org", ["1"]),
        ("partner@example.org", ["1"]),
    ]


@on_one_database
@pytest.mark.usefixtures("ids")
def test_a_refused_recipient_stops_nobody_and_is_told_once(app: Flask, smtp_server: SmtpServer) -> None:
    smtp_server.refuse = {"lead@example.org"}
    result = tick_at(app, MONDAY, smtp_server.url)
    assert (result.sent, result.failed) == (2, 1)
    assert states() == {"lead@example.org": "dead", "clerk@example.org": "sent", "partner@example.org": "sent"}
    again = tick_at(app, "2024-12-16T09:00", smtp_server.url)
    assert (again.planned, again.sent, again.failed) == (0, 0, 0)


@on_one_database
@pytest.mark.usefixtures("ids")
def test_a_busy_server_gets_the_same_message_again_later(app: Flask, smtp_server: SmtpServer) -> None:
    smtp_server.busy = 1
    tick_at(app, MONDAY, smtp_server.url)
    assert sorted(states().values()) == ["pending", "sent", "sent"]
    (waiting,) = outbox.listed(MailState.PENDING, 0, 10)
    assert waiting.error == "busy: 451 4.3.2 Busy, try again later"
    assert waiting.next_attempt_at == at(MONDAY) + BACKOFF[0]
    assert tick_at(app, MONDAY, smtp_server.url).sent == 0
    assert tick_at(app, "2024-12-16T08:01", smtp_server.url).sent == 1
    assert len(smtp_server.messages) == 3


@on_one_database
@pytest.mark.usefixtures("ids")
def test_an_answer_that_is_lost_repeats_the_message_under_the_same_id(app: Flask, smtp_server: SmtpServer) -> None:
    smtp_server.lose_reply = 1
    tick_at(app, MONDAY, smtp_server.url)
    tick_at(app, "2024-12-16T08:01", smtp_server.url)
    first = [each for each in smtp_server.messages if each.recipients == ("lead@example.org",)]
    assert len(first) == 2
    assert len({email.message_from_bytes(each.content)["Message-ID"] for each in first}) == 1
    assert email.message_from_bytes(first[0].content)["Message-ID"].endswith("@theo-doi.example.org>")


@on_one_database
@pytest.mark.usefixtures("ids")
def test_tries_come_to_an_end_and_the_reason_stays(app: Flask, smtp_server: SmtpServer) -> None:
    now = at(MONDAY)
    for _try in range(TRIES):
        smtp_server.busy = 3
        tick(desk(app, now, smtp_server.url))
        now = max((mail.next_attempt_at for mail in outbox.listed(None, 0, 9) if mail.next_attempt_at), default=now)
    assert set(states().values()) == {"dead"}
    tried = {(each.attempts, each.error.partition(":")[0]) for each in outbox.listed(MailState.DEAD, 0, 9)}
    assert tried == {(TRIES, "busy")}
    assert now == at(MONDAY) + sum(BACKOFF[1:], BACKOFF[0])


@pytest.mark.usefixtures("ids")
def test_a_server_that_refuses_the_connection_leaves_everything_as_it_was(app: Flask, smtp_server: SmtpServer) -> None:
    absent = f"smtp://127.0.0.1:{free_port()}"
    for minute in ("00", "01", "02"):
        result = tick_at(app, f"2024-12-16T08:{minute}", absent)
        assert (result.sent, result.failed) == (0, 1)
    waiting = outbox.listed(MailState.PENDING, 0, 10)
    assert [(mail.attempts, mail.error) for mail in waiting] == [(0, "connection: ConnectionRefusedError")] * 3
    assert tick_at(app, "2024-12-16T08:03", smtp_server.url).sent == 3


@pytest.mark.usefixtures("ids")
def test_what_could_not_go_for_two_days_goes_merged_on_the_third(app: Flask, smtp_server: SmtpServer) -> None:
    absent = f"smtp://127.0.0.1:{free_port()}"
    tick_at(app, MONDAY, absent)
    tick_at(app, "2024-12-17T08:00", absent)
    result = tick_at(app, "2024-12-18T08:00", smtp_server.url)
    assert [(message["to"], message["tasks"]) for message in result.messages if message["state"] == "sent"] == [
        ("lead@example.org", ["2", "1"]),
        ("clerk@example.org", ["2", "1"]),
        ("partner@example.org", ["1"]),
    ]
    assert [item["rule"] for item in result.messages[0]["items"]] == ["overdue", "before-1"]
    assert len(smtp_server.messages) == 3
    assert {mail.error for mail in outbox.listed(MailState.SKIPPED, 0, 10)} == {"told-by-a-later-digest"}
    assert outbox.listed(MailState.PENDING, 0, 10) == []


@pytest.mark.both_databases
@pytest.mark.usefixtures("ids")
def test_a_message_whose_sender_died_goes_again_after_the_lease(app: Flask, smtp_server: SmtpServer) -> None:
    office = desk(app, at(MONDAY), smtp_server.url)
    plan(at(MONDAY), office.zone, office.base_url, ["mail"])
    first = outbox.due(at(MONDAY), ["mail"])[0][0]
    with transaction():
        assert outbox.claim(first, "dead", at(MONDAY), at("2024-12-16T08:10"))
        assert outbox.claim(first, "other", at(MONDAY), at("2024-12-16T08:10")) is None
    deliver(office)
    assert len(smtp_server.messages) == 2
    assert sweep(at("2024-12-16T08:09")) == 0
    assert sweep(at("2024-12-16T08:11")) == 1
    assert tick_at(app, "2024-12-16T08:12", smtp_server.url).sent == 1
    with transaction():
        assert not outbox.settle(first, "dead", MailState.DEAD, at("2024-12-16T08:12"))
    assert len(smtp_server.messages) == 3


@on_one_database
@pytest.mark.usefixtures("ids")
def test_delivery_ends_between_two_messages_when_told_to(app: Flask, smtp_server: SmtpServer) -> None:
    office = desk(app, at(MONDAY), smtp_server.url)
    answers = iter([True, True, False])  # the lead's bell, the lead's mail
    stopping = type(office)(**{**_fields(office), "go_on": lambda: next(answers, False)})
    tick(stopping)
    assert len(smtp_server.messages) == 1
    assert sorted(states().values()) == ["pending", "pending", "sent"]


def _fields(record: object) -> dict[str, object]:
    return {name: getattr(record, name) for name in record.__dataclass_fields__}  # type: ignore[attr-defined]


@on_one_database
@pytest.mark.usefixtures("ids")
def test_the_mail_says_everything_in_text_and_html_alike(app: Flask, smtp_server: SmtpServer) -> None:
    tick_at(app, MONDAY, smtp_server.url)
    plain, html = email.message_from_bytes(smtp_server.messages[0].content).get_payload()
    text, page = plain.get_payload(decode=True).decode(), html.get_payload(decode=True).decode()
    for needed in (
        "Kính gửi Người lead,",
        "16/12/2024",
        "10/12/2024",
        "quá hạn 6 ngày",
        "19/12/2024",
        "còn 3 ngày",
        "Phòng Tài chính - Kế hoạch chủ trì",
        "https://theo-doi.example.org/tasks/1",
        "https://theo-doi.example.org/tasks/2",
    ):
        assert needed in text
        assert needed in page
    assert "Rà soát <việc> & số 1" in text
    assert "Rà soát &lt;việc&gt; &amp; số 1" in page
    assert "<img" not in page
    assert "<việc>" not in page


@pytest.mark.parametrize("size", [2, 40])
def test_a_tick_asks_the_same_few_questions_whatever_the_plan(app: Flask, size: int) -> None:
    open_office({str(n): (SOON, {1: LEAD, 2: PARTNER}) for n in range(size)})
    tick_at(app, MONDAY)
    with count_queries(db.engine) as asked:
        tick_at(app, "2024-12-16T08:30")
    assert len([query for query in asked if query.startswith("SELECT")]) <= 15


@pytest.mark.usefixtures("ids")
def test_rules_that_people_changed_stay_as_they_are() -> None:
    with transaction() as session:
        session.execute(sa.text("UPDATE reminder_rule SET days = 10 WHERE code = 'before-14'"))
    with transaction():
        assert reminder_rules.add_rules(load_rules()) == 0
    assert {rule.code: rule.days for rule in reminder_rules.rules()}["before-14"] == 10
