"""Links that open an account once: sent, looked at, used; and nothing told to who has none."""

import logging
import re
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes

import pytest
import sqlalchemy as sa

from tests.support.newcomer import EMAIL, SECRET
from tests.support.office import SENDER, tick_at
from tracker.adapters.mail import SmtpChannel
from tracker.store.database import db
from tracker.store.tables import AccountLink, OutboxMessage
from tracker.usecases import people
from tracker.web.feed_privacy import HideFeedTokens
from tracker.web.limits import limiter

pytestmark = pytest.mark.usefixtures("cheap_hashes")

OTHER = "một câu khác còn dài hơn"
OVER = "Đường dẫn này sai, đã dùng, đã quá hạn hoặc đã có đường dẫn mới hơn."
ASKED = "Nếu địa chỉ này có tài khoản, thư đang trên đường đến."


@pytest.fixture
def posted(world, smtp_server):
    """The mail server, to which the world now sends."""
    world.extensions["tracker"] = replace(world.extensions["tracker"], mail_is_sent=True)
    world.extensions["tracker_channels"] = lambda: {"mail": SmtpChannel(smtp_server.url, SENDER)}
    return smtp_server


def link_in(received) -> str:
    """The path of the link in a mail, the same in its text and in its HTML."""
    parts = message_from_bytes(received.content).get_payload()
    found = {re.search(r"(/sign-in/link/[\w-]{43})", part.get_payload(decode=True).decode())[1] for part in parts}
    assert len(found) == 1
    return found.pop()


def ask(client, kind: str, email: str = EMAIL):
    answer = client.submit("/sign-in/by-mail", email=email, kind=kind)
    assert answer.status_code == 200
    return answer


def test_an_invited_person_chooses_a_password_and_is_in(world, clients, posted):
    fields = {"email": EMAIL, "name": "Ngô Cán Bộ", "role": "member", "unit": "phong-tckh"}
    answer = clients.admin.submit("/admin/people", page="/admin/", **fields)
    assert "Đã gửi thư có đường dẫn đặt mật khẩu đến can.bo@example.org." in clients.admin.get(answer.location).text
    path = link_in(posted.messages[0])
    for _ in range(3):  # scanners of mail open links too
        page = clients.visitor.get(path)
        assert "Đặt mật khẩu" in page.text
        assert page.headers["Referrer-Policy"] == "strict-origin"
        assert page.headers["Cache-Control"] == "private, no-store"
    short = clients.visitor.submit(path, new_password="ngắn", new_password_again="ngắn")
    assert (short.status_code, "ít nhất 10 ký tự" in short.text) == (422, True)
    unlike = clients.visitor.submit(path, new_password=OTHER, new_password_again=SECRET)
    assert (unlike.status_code, "không giống nhau" in unlike.text) == (422, True)
    entered = clients.visitor.submit(path, new_password=OTHER, new_password_again=OTHER)
    assert entered.status_code == 303
    assert clients.visitor.submit("/privacy").status_code == 303
    assert "Ngô Cán Bộ" in clients.visitor.get("/account").text
    again = clients.visitor.get(path)
    assert (again.status_code, OVER in again.text) == (404, True)
    with world.app_context():
        assert people.sign_in(EMAIL, OTHER)


def test_a_reset_ends_sessions_and_other_links(world, clients, posted, can_bo):
    here, there = clients.visitor, world.test_client()
    there.submit("/sign-in", email=EMAIL, password=SECRET)
    ask(here, "sign_in")
    ask(here, "reset")
    signs_in, resets = (link_in(each) for each in posted.messages)
    assert here.submit(resets, new_password=OTHER, new_password_again=OTHER).status_code == 303
    assert there.get("/account").status_code == 302
    assert there.get(signs_in).status_code == 404
    with world.app_context():
        assert people.sign_in(EMAIL, SECRET) is None


def test_signing_in_by_mail_works_once_and_needs_the_button(clients, posted, can_bo):
    ask(clients.visitor, "sign_in")
    path = link_in(posted.messages[0])
    assert "Bấm" in clients.visitor.get(path).text or "bấm" in clients.visitor.get(path).text
    assert clients.visitor.get("/account").status_code == 302
    assert clients.visitor.submit(path).status_code == 303
    assert clients.visitor.get("/account").status_code == 200
    clients.visitor.submit("/sign-out", page="/account")
    page = clients.visitor.get("/sign-in").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
    assert OVER in clients.visitor.post(path, data={"csrf_token": token}).text


LIVES = (("sign_in", timedelta(minutes=15)), ("reset", timedelta(hours=1)))


def test_wrong_used_expired_and_replaced_links_get_one_page(clients, posted, can_bo, clock):
    pages = {clients.visitor.get("/sign-in/link/" + "x" * 43).text}
    start = clock.now()
    for kind, life in LIVES:
        clock.move(start)
        limiter.reset()
        ask(clients.visitor, kind)
        ask(clients.visitor, kind)
        old, new = (link_in(each) for each in posted.messages[-2:])
        pages.add(clients.visitor.get(old).text)
        clock.move(start + life - timedelta(seconds=1))
        assert clients.visitor.get(new).status_code == 200
        clock.move(start + life)
        gone = clients.visitor.get(new)
        assert gone.status_code == 404
        pages.add(gone.text)
    hidden = {re.sub(r'(name="(?:csrf_token|next)") value="[^"]*"', r"\1", page) for page in pages}
    assert len(hidden) == 1
    assert OVER in hidden.pop()


def test_known_closed_and_unknown_addresses_get_the_same_answer_and_nothing_waits_for_the_lookup(
    world, clients, posted, can_bo, clock
):
    errands = []
    world.extensions["tracker_errands"] = errands.append
    answers = set()
    for email in (EMAIL, "khong.ai@example.org", "leader@example.org"):
        text = ask(clients.visitor, "reset", email).text
        answers.add(re.sub(r'(name="(?:csrf_token|next)") value="[^"]*"', r"\1", text))
        assert ASKED in text
        with world.app_context():
            assert db.session.scalar(sa.select(sa.func.count(OutboxMessage.id))) == 0, "looked up before the answer"
    assert len(answers) == 1
    with world.app_context():
        people.set_active("leader@example.org", False, now=clock.now())
    for errand in errands:
        errand()
    assert [received.recipients for received in posted.messages] == [(EMAIL,)]


def test_asking_is_limited_for_each_address_known_or_not(clients, posted, can_bo):
    for email in (EMAIL, "khong.ai@example.org"):
        for _ in range(3):
            ask(clients.visitor, "reset", email)
        assert clients.visitor.submit("/sign-in/by-mail", email=email, kind="reset").status_code == 429


def test_the_secret_is_in_the_mail_and_nowhere_else(world, clients, posted, can_bo):
    ask(clients.visitor, "reset")
    secret = link_in(posted.messages[0]).rpartition("/")[2]
    with world.app_context():
        for table in db.metadatas[None].sorted_tables:
            for row in db.session.execute(sa.select(table)):
                assert secret not in repr(row), table.name
        message = db.session.scalar(sa.select(OutboxMessage))
        assert "/sign-in/link/" not in message.body_text
        assert "***" in message.body_text
        assert db.session.scalar(sa.select(sa.func.count(AccountLink.id))) == 1
    assert secret not in clients.admin.get(f"/outbox/{message.id}").text
    record = logging.LogRecord("werkzeug", 20, "", 1, '"GET /sign-in/link/%s HTTP/1.1" 200', (secret,), None)
    HideFeedTokens().filter(record)
    assert record.getMessage() == '"GET /sign-in/link/*** HTTP/1.1" 200'


def test_a_mail_that_failed_goes_with_a_new_link_and_one_that_waited_too_long_not_at_all(
    world, clients, posted, can_bo, clock
):
    posted.lose_reply = 1
    ask(clients.visitor, "reset")
    with world.app_context():
        assert tick_at(world, "2024-12-16T08:02", posted.url).sent >= 1
    first, second = (each for each in posted.messages if b"<acc-" in each.content)
    ids = [message_from_bytes(each.content)["Message-ID"] for each in (first, second)]
    assert len(set(ids)) == 2
    clock.move(clock.now() + timedelta(minutes=2))
    assert clients.visitor.get(link_in(first)).status_code == 404
    assert clients.visitor.get(link_in(second)).status_code == 200
    posted.busy = 1
    ask(clients.visitor, "sign_in")
    with world.app_context():
        late = tick_at(world, "2024-12-16T08:40", posted.url)
    assert [skip.reason.value for skip in late.skipped if skip.to == EMAIL] == ["link-over"]


def test_without_a_mail_server_the_administrator_hands_the_link_over(world, clients, can_bo):
    assert "quản trị viên" in clients.visitor.get("/sign-in/by-mail").text
    where = f"/admin/people/{can_bo.id}"
    shown = clients.admin.submit(f"{where}/link", page=where)
    path = re.search(r"(/sign-in/link/[\w-]{43})", shown.text)[1]
    assert path not in clients.admin.get(where).text
    assert clients.visitor.submit(path, new_password=OTHER, new_password_again=OTHER).status_code == 303
    assert clients.lead.post(f"{where}/link").status_code in (400, 403)
