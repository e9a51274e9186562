"""Urging by hand: who is told over what, once for each form, with a last look before anything goes."""

import email
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.support.mail import SmtpServer
from tests.support.office import at, desk, log, open_office, tick_at
from tracker.adapters.bell import BellChannel
from tracker.domain.errors import Forbidden, NotFound, Refused, StaleState
from tracker.domain.people import Person
from tracker.domain.preferences import Pause, Preference
from tracker.domain.reminder_rules import Group
from tracker.domain.urging import MOST_TEXT, Part
from tracker.domain.work import Action, State
from tracker.store import addresses, outbox, people, preferences, reminder_facts, share_people, urging_list, urgings
from tracker.store.database import db, transaction
from tracker.store.tables import ChangeEntry, OutboxMessage, PlanMonitor, UrgingMessage
from tracker.store.urging_list import Wanted
from tracker.store.urging_shares import Pick
from tracker.usecases import urging
from tracker.usecases.outbox import deliver

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = at("2024-12-16T09:00")
BASE = "https://theo-doi.example.org"
LATE, SOON, FAR = date(2024, 12, 10), date(2024, 12, 20), date(2025, 5, 30)
ONE, TWO, THREE, PARTNERS = 1, 3, 4, 2  # the ids of the shares below


@pytest.fixture(autouse=True)
def ids(app: Flask) -> Iterator[dict[str, int]]:
    """Three tasks that unit 1 leads, unit 2 a partner in the first; unit 3 watches. Everybody wants mails alone."""
    with app.app_context():
        tasks = {"1": (LATE, {1: "lead", 2: "partner"}), "2": (SOON, {1: "lead"}), "3": (FAR, {1: "lead"})}
        made = open_office(tasks)
        with transaction() as session:
            session.add(PlanMonitor(plan_id=1, unit_id=3, rank=1))
            for who in ("lead", "clerk", "partner"):
                preferences.put(made[who], Preference(channels=frozenset({"mail"})))
        yield made


def person(who: str) -> Person:
    found = people.by_email(f"{who}@example.org")
    assert found
    return found.person


def send(*shares: int, text: str = "", key: str = "form:1", now=NOW, who: str = "monitor") -> urging.Sent:
    return urging.send(person(who), shares, text, key, now, ZONE, BASE)


def told(pick: Pick, who: str = "monitor") -> dict[str, dict[int, Part]]:
    found = urging.preview(person(who), pick, NOW, ZONE)
    return {each.person.email.partition("@")[0]: dict(each.shares) for each in found.told}


def messages() -> list[tuple[str, str, str]]:
    query = sa.select(OutboxMessage).where(OutboxMessage.kind == "urging").order_by(OutboxMessage.id)
    return [(row.to_address.partition("@")[0], row.channel, row.state) for row in db.session.scalars(query)]


def test_a_whole_unit_is_urged_about_what_is_late_or_due_soon() -> None:
    assert told(Pick(unit=(1, 1))) == {who: dict.fromkeys((ONE, TWO), part) for who, part in UNIT_1.items()}
    assert told(Pick(tasks=[1])) == {who: {ONE: part} for who, part in UNIT_1.items()}
    assert told(Pick(milestones=[1], shares=[PARTNERS]))["partner"] == {PARTNERS: Part.HEAD}


UNIT_1 = {"lead": Part.HEAD, "clerk": Part.COLLEAGUE}


def test_those_who_do_it_are_told_and_the_head_and_who_stands_in_during_a_pause(ids: dict[str, int]) -> None:
    with transaction():
        people.add("third@example.org", "Người third", person("clerk").role, 1, "", "vi", NOW)
        share_people.replace(ONE, share_people.Named(frozenset([ids["clerk"]]), frozenset()), None, NOW)
    assert told(Pick(shares=[ONE])) == {"clerk": {ONE: Part.DOER}, "lead": {ONE: Part.HEAD}}
    away = Pause(date(2024, 12, 16), date(2024, 12, 20), person("third").id)
    with transaction():
        preferences.put(ids["clerk"], Preference(muted=frozenset(Group), pause=away))
        preferences.put(ids["lead"], Preference(muted=frozenset(Group)))
    assert told(Pick(shares=[ONE])) == {"third": {ONE: Part.FOR_ANOTHER}, "lead": {ONE: Part.HEAD}}


def test_one_message_for_each_recipient_and_channel_counted_and_remembered(ids: dict[str, int]) -> None:
    with transaction():
        preferences.put(ids["clerk"], Preference(channels=frozenset({"mail", "bell"})))
        addresses.flag(ids["lead"], "lead@example.org", "recipient: 550", NOW)
    done = send(ONE, TWO, text="Đề nghị báo cáo trước 20/12.")
    assert (done.shares, done.people, done.messages) == (2, 2, 4)
    assert sorted(messages()) == [(who, by, "pending") for who in ("clerk", "lead") for by in ("bell", "mail")]
    lines = db.session.execute(sa.select(ChangeEntry.label, ChangeEntry.reason, ChangeEntry.unit_id)).all()
    assert [tuple(each) for each in lines if each[1]] == [
        (f"{n}. Rà soát <việc> & số {n}", "Đề nghị báo cáo trước 20/12.", 1) for n in (1, 2)
    ]
    send(ONE, key="form:2", now=NOW + timedelta(days=1))
    counted, by_share = urgings.counts_of_unit(1, 1, NOW + timedelta(days=2), ZONE)
    assert (counted.urged, counted.urged_on) == (2, date(2024, 12, 17))
    assert {each: found.urged for each, found in by_share.items()} == {ONE: 2, TWO: 1}


def test_a_form_sent_twice_urges_once() -> None:
    assert not send(ONE).again
    assert send(ONE).again
    assert len(messages()) == 2
    assert urgings.counts([ONE], NOW + timedelta(hours=1), ZONE)[ONE].urged == 1


def test_what_is_done_is_left_out_by_name_and_whom_nobody_reaches_is_named() -> None:
    log(TWO, Action.SUBMIT, State.SUBMITTED, NOW - timedelta(hours=1))
    with transaction():
        people.set_active(person("partner").id, False)
    done = send(ONE, TWO, PARTNERS)
    assert [share.number for share in done.left_out] == ["2"]
    assert [share.unit_name for share in done.unreached] == ["Trường Tiểu học Thành Tô"]
    assert done.shares == 1
    with pytest.raises(StaleState, match="Không còn phần việc nào"):
        send(TWO, key="form:2")


@pytest.mark.parametrize(
    ("shares", "text", "who", "problem"),
    [
        ([], "", "monitor", Refused),
        ([ONE], "x" * (MOST_TEXT + 1), "monitor", Refused),
        ([999], "", "monitor", NotFound),
        ([ONE], "", "lead", Forbidden),
    ],
)
def test_what_cannot_be_urged_is_refused_and_nothing_is_kept(shares, text, who, problem) -> None:
    with pytest.raises(problem):
        send(*shares, text=text, who=who)
    assert messages() == []
    assert not urgings.is_there("form:1")


def test_a_mail_tells_who_urges_in_whose_words_and_how_often(app: Flask, smtp_server: SmtpServer) -> None:
    send(ONE, text="Dòng một\nDòng <hai>")
    deliver(desk(app, NOW, smtp_server.url))
    later = NOW + timedelta(hours=1)
    send(ONE, TWO, key="form:2", now=later)
    deliver(desk(app, later, smtp_server.url))
    mails = {}
    for each in smtp_server.messages:
        mail = email.message_from_bytes(each.content)
        parts = {part.get_content_type(): part.get_payload(decode=True) for part in mail.walk() if part.get_payload()}
        mails.setdefault(each.recipients[0], []).append(
            (mail, parts["text/plain"].decode(), parts["text/html"].decode())
        )
    mail, text, html = mails["lead@example.org"][0]
    assert str(email.header.make_header(email.header.decode_header(mail["Subject"]))) == (
        "Đôn đốc thực hiện nhiệm vụ số 1: Rà soát <việc> & số 1"
    )
    assert "Phòng Giáo dục và Đào tạo (Người monitor) đề nghị ông/bà khẩn trương" in text
    assert "Dòng một\nDòng <hai>" in text.replace("\r\n", "\n")
    assert "Dòng &lt;hai&gt;" in html
    assert "quá hạn 6 ngày" in text
    assert "Lần đôn đốc đầu tiên" in text
    assert mail["List-Unsubscribe"] is None
    assert "Lần đôn đốc thứ 2" in mails["lead@example.org"][1][1]
    assert "Lần đôn đốc" not in mails["clerk@example.org"][1][1], "in their own language"


def test_what_was_done_meanwhile_is_struck_out_and_nothing_goes_where_all_is(app: Flask, smtp_server) -> None:
    send(ONE, TWO)
    log(ONE, Action.SUBMIT, State.SUBMITTED, NOW + timedelta(minutes=1))
    later = desk(app, NOW + timedelta(minutes=2), smtp_server.url)
    assert len(deliver(later).sent) == 2
    for each in smtp_server.messages:
        assert b"/tasks/2#share-3" in each.content
        assert b"/tasks/1#" not in each.content
    struck = sa.select(UrgingMessage.share_id).where(UrgingMessage.struck_at.is_not(None)).distinct()
    assert list(db.session.scalars(struck)) == [ONE]
    send(THREE, key="form:2", now=NOW + timedelta(minutes=3))
    log(THREE, Action.SUBMIT, State.SUBMITTED, NOW + timedelta(minutes=4))
    assert [skip.reason.value for skip in deliver(desk(app, NOW + timedelta(minutes=5), smtp_server.url)).skipped] == [
        "settled-meanwhile"
    ] * 2


def test_who_left_the_unit_meanwhile_is_told_nothing(app: Flask, smtp_server: SmtpServer) -> None:
    send(ONE)
    with transaction():
        people.correct(person("clerk").id, "clerk@example.org", "Người clerk", person("clerk").role, 2)
    assert len(deliver(desk(app, NOW, smtp_server.url)).sent) == 1
    assert smtp_server.messages[0].recipients == ("lead@example.org",)


def test_an_urging_waits_for_the_hours_of_reminders(app: Flask, smtp_server: SmtpServer, ids: dict[str, int]) -> None:
    with transaction():
        preferences.put(ids["lead"], Preference(channels=frozenset({"bell"})))
    sunday = at("2024-12-15T10:00")
    send(ONE, now=sunday)

    def sent(moment) -> int:
        there = desk(app, moment, smtp_server.url)
        return len(deliver(replace(there, channels={**there.channels, "bell": BellChannel()})).sent)

    assert sent(sunday) == 0
    assert sent(at("2024-12-16T06:59")) == 0
    assert sent(at("2024-12-16T07:00")) == 2


def test_the_list_tells_each_message_of_a_unit_with_its_outcome_as_it_stood(app: Flask, smtp_server) -> None:
    tick_at(app, "2024-12-16T08:00", smtp_server.url)
    send(ONE, TWO, text="Khẩn trương")
    log(TWO, Action.SUBMIT, State.SUBMITTED, NOW + timedelta(minutes=1))
    smtp_server.refuse = {"clerk@example.org"}
    deliver(desk(app, NOW + timedelta(minutes=2), smtp_server.url))

    def listed(until, **more) -> list[tuple]:
        wanted = Wanted(1, at("2024-12-16T00:00"), until, **more)
        found = urging_list.listed(wanted, 0, 100)
        assert len(found) == urging_list.count(wanted)
        return [(line.by, line.to_name, line.state.value, line.tasks, line.struck) for line in found]

    evening = at("2024-12-16T20:00")
    by = "Người monitor"
    assert listed(evening, unit_id=1, by_hand=True) == [
        (by, "Người clerk", "dead", ("1",), ("2",)),
        (by, "Người lead", "sent", ("1",), ("2",)),
    ]
    assert {each[2:] for each in listed(NOW + timedelta(minutes=1), by_hand=True)} == {("pending", ("1", "2"), ())}
    automatic = listed(evening, unit_id=1, by_hand=False)
    assert [(each[0], each[2]) for each in automatic] == [("", "sent"), ("", "sent")]
    assert len(listed(evening, unit_id=1)) == len(automatic) + 2
    assert listed(evening, unit_id=3) == []


def test_urging_feeds_the_ladder_and_wakes_the_share(app: Flask) -> None:
    tick_at(app, "2024-12-16T08:00")
    send(THREE)
    (share,) = reminder_facts.owed(NOW, ZONE, [THREE])
    assert [each.by for each in share.urged] == ["Người monitor"]
    assert THREE in urgings.counts([ONE, THREE], NOW + timedelta(seconds=1), ZONE)
    counted = urgings.counts([ONE, TWO], NOW, ZONE)
    assert (counted[ONE].urged, counted[ONE].reminded, counted[ONE].reminded_on) == (0, 1, date(2024, 12, 16))
    assert outbox.counts()
