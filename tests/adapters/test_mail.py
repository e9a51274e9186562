"""Mail as it goes over the wire: Vietnamese comes back whole, titles break no header, failures say again or never."""

import email
import json
import re
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.message import Message as Parsed
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink
from hypothesis import given, settings
from hypothesis import strategies as st

from dev import ROOT
from tests.support.mail import SmtpServer
from tests.support.ports import free_port
from tracker.adapters.mail import Server, SmtpChannel, compose, header_text
from tracker.domain.outbox import ChannelDown, DeliveryError, Failure, Message

SENDER = "Phòng Giáo dục và Đào tạo quận Hải An <nhac-viec@example.org>"
NOBODY = ("", "nhac-viec@example.org")
AT = datetime(2024, 12, 16, 1, 0, tzinfo=UTC)
PLANS = [*sorted((ROOT / "seeds" / "plans").glob("*.json")), *sorted((ROOT / "tests" / "data").glob("*.tasks.json"))]
HOSTILE = [
    "Dòng một\r\nBcc: x@example.org",
    "a =?UTF-8?Q?=0ABcc:_x@example.org?= b",
    "=?utf-8?b?QmNjOiB4?=",
    "\x00\x07\x1b[31m chuông \u2028 dòng \u0085 khác",
    'Phẩy, chấm phẩy; "ngoặc" <x@example.org>, :',
    "ắ" * 300,
    "Nhắc việc " * 40,
    " \t ",
    "\ud800 lẻ",
]


def message(subject: str = "Nhắc việc", to: str = "lead@example.org", **changes: Any) -> Message:
    texts: dict[str, Any] = {
        "to_name": "Phạm Chủ Trì",
        "text": "Việc số 1\nhttps://example.org/tasks/1\n",
        "html": "<p>Việc số 1</p>\n",
    }
    return Message(to, subject=subject, message_id="<rem-1@example.org>", at=AT, **{**texts, **changes})


def parsed(subject: str = "Nhắc việc", **changes: Any) -> Parsed:
    return email.message_from_bytes(compose(message(subject, **changes), ("Sở GD&ĐT", "a@example.org")))


def decoded(mail: Parsed, name: str) -> str:
    return str(make_header(decode_header(mail[name])))


def titles() -> list[str]:
    """Every title of every plan that comes with the program or its tests."""
    plans = [json.loads(path.read_text(encoding="utf-8")) for path in PLANS]
    tasks = [task for plan in plans for task in (plan["tasks"] if isinstance(plan, dict) else plan)]
    return [task.get("title") or task["task"] for task in tasks]


def test_every_title_of_the_plans_we_hold_comes_back_exactly_from_a_subject() -> None:
    found = [f"Nhắc việc số {number}: {title}" for number, title in enumerate(titles(), 1)]
    assert len(found) >= 150
    assert [s for s in found if decoded(parsed(s), "Subject") != header_text(s)] == []
    assert [s for s in found if header_text(s) != " ".join(s.split())] == [], (
        "a real title is put in order, not changed"
    )


@pytest.mark.parametrize("length", [74, 75, 76, 255, 256, 300, 998, 1000])
def test_long_subjects_come_back_exactly_wherever_their_lines_are_folded(length: int) -> None:
    wanted = [text[:length].strip() for text in ("Hội nghị tổng kết năm học, " * 40, "ắ" * 1000, "ab " * 400)]
    assert [decoded(parsed(each), "Subject") for each in wanted] == wanted


def test_an_endless_title_is_cut_at_a_word() -> None:
    subject = decoded(parsed("Hội nghị tổng kết " * 1000), "Subject")
    assert len(subject) <= 5000
    assert re.search(r" (Hội|nghị|tổng|kết)…$", subject)


NAMES = {"Subject", "From", "To", "Date", "Message-ID", "Auto-Submitted", "X-Auto-Response-Suppress"}


@pytest.mark.parametrize("text", HOSTILE)
def test_no_title_and_no_name_gains_a_header(text: str) -> None:
    mail = parsed(text, to_name=text)
    assert {name for name in mail.keys() if not name.startswith(("Content-", "MIME-"))} == NAMES  # noqa: SIM118
    assert "\n" not in decoded(mail, "Subject").replace("\n ", " ")
    assert "=?" not in decoded(mail, "Subject")
    assert "\nBcc:" not in decoded(mail, "To")
    assert decoded(mail, "Subject") == header_text(text)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=120))
def test_any_subject_comes_back_as_one_clean_line(text: str) -> None:
    subject = decoded(parsed(text), "Subject")
    assert subject == header_text(text)
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]|=\?", subject)


def test_names_with_commas_and_quotes_stay_one_mailbox() -> None:
    mail = parsed(to_name='Trần "Anh", <Phó> phòng')
    assert decoded(mail, "To") == 'Trần "Anh", <Phó> phòng <lead@example.org>'
    assert "," not in mail["To"]


def test_no_line_of_a_header_is_longer_than_the_standard_allows() -> None:
    content = compose(message("Hội nghị tổng kết năm học, " * 9, to_name="Ủy ban nhân dân quận Hải An " * 6), NOBODY)
    head = content.partition(b"\r\n\r\n")[0].split(b"\r\n")
    assert max(len(line) for line in head) <= 78


def test_a_mail_has_plain_text_first_and_seven_bit_lines() -> None:
    mail = parsed(text="Kính gửi =\n.\n" + "ắ" * 500 + "\n", html="<p>Kính gửi</p>\n")
    assert mail.get_content_type() == "multipart/alternative"
    plain, html = mail.get_payload()
    assert (plain.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    assert plain.get_payload(decode=True).decode() == "Kính gửi =\r\n.\r\n" + "ắ" * 500 + "\r\n"
    assert plain["Content-Transfer-Encoding"] == "quoted-printable"
    content = compose(message(text="ắ" * 2000), NOBODY)
    assert content.isascii()
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert max(map(len, content.split(b"\r\n"))) <= 78


def test_a_mail_says_that_a_machine_sent_it_and_when() -> None:
    mail = parsed()
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["X-Auto-Response-Suppress"] == "All"
    assert mail["Precedence"] is None
    assert mail["Message-ID"] == "<rem-1@example.org>"
    assert mail["Date"] == "Mon, 16 Dec 2024 01:00:00 +0000"
    assert decoded(mail, "From") == "Sở GD&ĐT <a@example.org>"


def test_one_click_is_offered_over_https_alone_and_its_address_stands_on_one_line() -> None:
    link = "https://theo-doi.phong-giao-duc.hai-an.hai-phong.example.vn/unsubscribe/1234567/digest/" + "x" * 22
    content = compose(message(unsubscribe=link), NOBODY)
    assert f"\r\nList-Unsubscribe: <{link}>\r\n".encode() in content
    assert b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in content
    plain = parsed(unsubscribe="http://127.0.0.1:8000/unsubscribe/1/digest/x")
    assert plain["List-Unsubscribe"] == "<http://127.0.0.1:8000/unsubscribe/1/digest/x>"
    assert plain["List-Unsubscribe-Post"] is None
    assert parsed()["List-Unsubscribe"] is None


def test_a_deadline_goes_along_as_a_file_with_its_lines_unharmed() -> None:
    calendar = "BEGIN:VCALENDAR\r\nMETHOD:PUBLISH\r\nX-TEST:Hạn\r\nEND:VCALENDAR\r\n".encode()
    mail = parsed(calendar=calendar)
    assert mail.get_content_type() == "multipart/mixed"
    texts, file = mail.get_payload()
    assert [part.get_content_type() for part in texts.get_payload()] == ["text/plain", "text/html"]
    assert file.get_payload(decode=True) == calendar
    assert (file.get_content_type(), file.get_param("method"), file.get_param("charset")) == (
        "text/calendar",
        "PUBLISH",
        "utf-8",
    )
    assert (file.get_filename(), file["Content-Transfer-Encoding"]) == ("han.ics", "base64")
    assert parsed().get_content_type() == "multipart/alternative"
    assert compose(message(calendar=calendar), NOBODY) == compose(message(calendar=calendar), NOBODY)


@pytest.mark.parametrize("address", ["", "x", "x@", "a b@example.org", "x@example.org\r\nBcc: y@example.org", "ắ@x.vn"])
def test_an_address_that_is_none_is_never_tried(address: str) -> None:
    with pytest.raises(DeliveryError) as caught:
        compose(message(to=address), NOBODY)
    assert caught.value.permanent
    assert caught.value.failure is Failure.ADDRESS


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.example.org", Server("mail.example.org", 25, False, False, None, "")),
        ("smtp://mail.example.org?starttls=1", Server("mail.example.org", 587, False, True, None, "")),
        ("smtps://u%40x:p%2F%3A%40@mail.example.org", Server("mail.example.org", 465, True, False, "u@x", "p/:@")),
        ("smtp://u:p@127.0.0.1:2525?starttls=0", Server("127.0.0.1", 2525, False, False, "u", "p")),
    ],
)
def test_a_server_is_read_from_its_address(url: str, expected: Server) -> None:
    assert Server.from_url(url) == expected


@pytest.fixture
def channel(smtp_server: SmtpServer) -> Iterator[SmtpChannel]:
    opened = SmtpChannel(smtp_server.url, SENDER)
    yield opened
    opened.close()


def failure(channel: SmtpChannel, **changes: str) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        channel.send(message(**changes))
    return caught.value


def test_a_batch_goes_over_one_connection(channel: SmtpChannel, smtp_server: SmtpServer) -> None:
    for number in range(3):
        channel.send(message(f"Thư {number}", to=f"p{number}@example.org"))
    assert smtp_server.connections == 1
    assert [received.recipients for received in smtp_server.messages] == [(f"p{n}@example.org",) for n in range(3)]
    assert smtp_server.messages[0].sender == "nhac-viec@example.org"


def test_a_refused_recipient_is_final_and_stops_nobody_else(channel: SmtpChannel, smtp_server: SmtpServer) -> None:
    smtp_server.refuse = {"gone@example.org"}
    refused = failure(channel, to="gone@example.org")
    assert (refused.failure, refused.permanent) == (Failure.RECIPIENT, True)
    assert refused.reason == "recipient: 550 5.1.1 No such mailbox"
    channel.send(message())
    assert (len(smtp_server.messages), smtp_server.connections) == (1, 1)


def test_a_busy_server_is_tried_again(channel: SmtpChannel, smtp_server: SmtpServer) -> None:
    smtp_server.busy = 1
    busy = failure(channel)
    assert (busy.failure, busy.permanent) == (Failure.BUSY, False)
    channel.send(message())
    assert len(smtp_server.messages) == 1


def test_a_broken_connection_is_opened_again(channel: SmtpChannel, smtp_server: SmtpServer) -> None:
    smtp_server.drop = 1
    broken = failure(channel)
    assert (broken.failure, broken.permanent) == (Failure.BROKEN, False)
    channel.send(message())
    assert (len(smtp_server.messages), smtp_server.connections) == (1, 2)


def test_the_right_password_opens_and_a_wrong_one_blames_no_message(smtp_server: SmtpServer) -> None:
    smtp_server.credentials = ("nhac-viec", "mat khau/:@")
    host = f"{smtp_server.host}:{smtp_server.port}"
    good = SmtpChannel(f"smtp://nhac-viec:mat%20khau%2F%3A%40@{host}", SENDER)
    bad = SmtpChannel(f"smtp://nhac-viec:sai@{host}", SENDER)
    odd = SmtpChannel(f"smtp://nhac-viec:m%E1%BA%ADt@{host}", SENDER)
    none = SmtpChannel(f"smtp://{host}", SENDER)
    good.send(message())
    good.close()
    assert len(smtp_server.messages) == 1
    for wrong, kind in ((bad, Failure.LOGIN), (odd, Failure.LOGIN), (none, Failure.SENDER)):
        caught = failure(wrong)
        assert isinstance(caught, ChannelDown)
        assert (caught.failure, caught.permanent) == (kind, False)
        wrong.close()


def test_a_server_that_is_not_there_blames_no_message() -> None:
    caught = failure(SmtpChannel(f"smtp://127.0.0.1:{free_port()}", SENDER))
    assert isinstance(caught, ChannelDown)
    assert caught.failure is Failure.CONNECTION


def test_nothing_goes_unencrypted_where_encryption_was_asked_for(smtp_server: SmtpServer) -> None:
    caught = failure(SmtpChannel(smtp_server.url + "?starttls=1", SENDER))
    assert isinstance(caught, ChannelDown)
    assert caught.failure is Failure.TLS
    assert smtp_server.messages == []


UNTRUSTED = Path(__file__).with_name("untrusted.pem")


def test_a_server_that_nobody_vouches_for_is_told_nothing() -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(UNTRUSTED)
    server = Controller(Sink(), hostname="127.0.0.1", port=free_port(), ssl_context=context)
    server.start()
    try:
        caught = failure(SmtpChannel(f"smtps://user:secret@127.0.0.1:{server.port}", SENDER))
    finally:
        server.stop()
    assert isinstance(caught, ChannelDown)
    assert (caught.failure, caught.reason) == (Failure.TLS, "tls: SSLCertVerificationError")
