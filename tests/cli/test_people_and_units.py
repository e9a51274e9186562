"""`tracker user` and `tracker unit`."""

import json
import re
from pathlib import Path

import pytest

from tests.cli.conftest import Command
from tests.support.mail import SmtpServer

SECRET = "mật khẩu rất dài\n"


def test_an_account_is_added_listed_given_a_password_and_closed(tracker: Command, home: Path) -> None:
    added = tracker("user", "add", "ha@example.org", "--name", "Lê Thị Hà", "--role", "head", "--unit", "phong-noi-vu")
    assert added.status == 0
    assert "chờ mật khẩu" in added.err
    assert "tracker user password ha@example.org --password-stdin" in added.err
    assert tracker("user", "password", "ha@example.org", "--password-stdin", stdin=SECRET).status == 0
    admin = ("user", "add", "qt@example.org", "--name", "Quản trị", "--role", "administrator", "--password-stdin")
    assert "chờ mật khẩu" not in tracker(*admin, stdin=SECRET).err
    corrected = tracker("user", "correct", "ha@example.org", "--name", "Lê Thị Hạ", "--email", "ha.le@example.org")
    assert "ha.le@example.org: Lê Thị Hạ, head, Phòng Nội vụ" in corrected.err
    assert tracker("user", "correct", "ha.le@example.org", "--email", "ha@example.org").status == 0
    assert tracker("user", "disable", "ha@example.org").status == 0
    people = json.loads(tracker("user", "list", "--json").out)
    assert [(p["email"], p["role"], p["unit_code"], p["active"]) for p in people] == [
        ("qt@example.org", "administrator", None, True),
        ("ha@example.org", "head", "phong-noi-vu", False),
    ]
    assert "(đã khóa)" in tracker("user", "list").out


def test_bad_accounts_are_refused_with_their_reason(tracker: Command, home: Path) -> None:
    add = ("user", "add", "ha@example.org", "--name", "Hà", "--password-stdin", "--role")
    demo = tracker(*add, "leader", stdin="tracker-demo\n")
    assert (demo.status, "mật khẩu công khai của bản minh họa" in demo.err) == (1, True)
    assert "ít nhất 10 ký tự" in tracker(*add, "leader", stdin="ngắn\n").err
    assert "Không có mật khẩu nào ở stdin" in tracker(*add, "leader").err
    assert "Không có đơn vị với mã “lạ”" in tracker(*add, "head", "--unit", "lạ", stdin=SECRET).err
    assert tracker(*add, "king", stdin=SECRET).status == 2
    assert tracker("user", "password", "ha@example.org").status == 2
    missing = tracker("user", "disable", "ha@example.org")
    assert (missing.status, missing.err) == (1, "Không có tài khoản với địa chỉ ha@example.org.\n")
    assert json.loads(tracker("user", "list", "--json").out) == []


def test_the_public_password_is_for_the_demonstration(tracker: Command, home: Path) -> None:
    add = ("user", "add", "moi@example.org", "--name", "Mới", "--role", "leader", "--password-stdin", "--demo")
    assert tracker(*add, stdin="tracker-demo\n").status == 0


def test_units_are_listed_with_groups_and_their_members(tracker: Command, home: Path) -> None:
    rows = {row["code"]: row for row in json.loads(tracker("unit", "list", "--demo", "--json").out)}
    assert rows["phong-gddt"] == {
        "code": "phong-gddt",
        "name": "Phòng Giáo dục và Đào tạo",
        "kind": "department",
        "level": "district",
        "members": [],
    }
    assert rows["ubnd-cac-phuong"]["kind"] == "group"
    assert len(rows["ubnd-cac-phuong"]["members"]) == 8
    assert all(code in rows for row in rows.values() for code in row["members"])
    assert len(rows["cac-truong-hoc"]["members"]) == 23
    assert "(8 thành viên)" in tracker("unit", "list", "--demo").out


def test_a_new_installation_has_no_units_but_knows_the_codes_that_come_along(tracker: Command, home: Path) -> None:
    assert json.loads(tracker("unit", "list", "--json").out) == []
    add = ("user", "add", "moi@example.org", "--name", "Mới", "--role", "head", "--unit")
    assert "Không có đơn vị với mã “phong-la”" in tracker(*add, "phong-la").err
    assert tracker(*add, "phong-noi-vu").status == 0
    assert [unit["code"] for unit in json.loads(tracker("unit", "list", "--json").out)] == ["phong-noi-vu"]


def test_an_invitation_is_shown_once_where_no_mail_is_sent_and_sent_where_it_is(
    tracker: Command, home: Path, smtp_server: SmtpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    add = ("user", "add", "ha@example.org", "--name", "Lê Thị Hà", "--role", "leader")
    shown = tracker(*add)
    assert re.search(r"^http://\S+/sign-in/link/[\w-]{43}$", shown.err, re.MULTILINE)
    monkeypatch.setenv("TRACKER_SMTP_URL", smtp_server.url)
    monkeypatch.setenv("TRACKER_MAIL_FROM", "tracker@example.org")
    sent = tracker("user", "add", "an@example.org", "--name", "Trần An", "--role", "leader")
    assert "Đã gửi thư mời đến an@example.org." in sent.err
    assert "/sign-in/link/" not in sent.err
    assert [each.recipients for each in smtp_server.messages] == [("an@example.org",)]
    smtp_server.refuse.add("xa@example.org")
    lost = tracker("user", "add", "xa@example.org", "--name", "Xa", "--role", "leader")
    assert (lost.status, "Chưa gửi được thư mời" in lost.err) == (0, True)


def test_the_second_factor_is_switched_off_for_who_lost_the_phone(tracker: Command, home: Path) -> None:
    tracker("user", "add", "ha@example.org", "--name", "Hà", "--role", "leader", "--password-stdin", stdin=SECRET)
    assert "Đã tắt xác thực hai bước" in tracker("user", "second-factor-off", "ha@example.org").err
    assert tracker("user", "second-factor-off", "khong@example.org").status == 1


def test_closing_the_last_account_of_a_unit_tells_what_it_still_owes(tracker: Command, home: Path) -> None:
    closed = tracker("user", "disable", "partner@example.org", "--demo")
    assert closed.status == 0
    assert re.search(r"Trường Tiểu học Thành Tô không còn ai nhận thư nhắc của \d+ phần việc", closed.err)
