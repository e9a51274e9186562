"""`tracker feed`: the same bytes as over HTTP, and subscriptions made from the command line."""

from urllib.parse import urlsplit

import pytest

from tests.support.feeds import store_small_plan
from tests.support.worlds import NOW, closing, make_app
from tracker.cli import main
from tracker.clock import FrozenClock
from tracker.store.database import db


@pytest.fixture
def office(worlds, tmp_path, monkeypatch):
    """The application whose database the commands work on."""
    url = worlds.fresh("empty")
    for name, value in (("DATA_DIR", str(tmp_path)), ("DATABASE_URL", url), ("SCHEDULER", "off")):
        monkeypatch.setenv(f"TRACKER_{name}", value)
    with closing(make_app(url, tmp_path, FrozenClock(NOW))) as app:
        with app.app_context():
            store_small_plan()
            db.session.remove()
        yield app
    worlds.drop(url)


def test_the_bytes_on_stdout_are_those_of_http(office, capfdbinary):
    for scope, reader in (
        ("plan", "leader"),
        ("unit:phong-tckh", "monitor"),
        ("user:partner@example.org", "partner"),
        ("level:primary", "leader"),
        ("holidays", "member"),
    ):
        assert main(["feed", "--scope", scope]) == 0
        printed = capfdbinary.readouterr().out
        assert main(["feed", "--scope", scope, "--url", f"{reader}@example.org"]) == 0
        address = capfdbinary.readouterr().out.decode().strip()
        assert address.startswith("http://127.0.0.1:8000/feeds/")
        assert office.test_client().get(urlsplit(address).path).data == printed
        assert printed.startswith(b"BEGIN:VCALENDAR\r\n")


def test_what_cannot_be_is_said_on_stderr(office, capsys):
    for arguments, status, word in (
        (["--scope", "unit:khong-co"], 1, "Không có đơn vị mang mã “khong-co”"),
        (["--scope", "level:dai-hoc"], 1, "Các cấp: preschool, primary"),
        (["--scope", "user:x@example.org"], 1, "Không có tài khoản x@example.org"),
        (["--scope", "plan", "--url", "x@example.org"], 1, "Không có tài khoản x@example.org"),
        (["--scope", "unit:tram-y-te", "--url", "lead@example.org"], 1, "chỉ đăng ký được lịch"),
        (["--scope", "user:lead@example.org", "--url", "partner@example.org"], 1, "chỉ đăng ký được lịch"),
        (["--scope", "tất cả"], 2, "không đúng dạng"),
        ([], 2, "--scope"),
    ):
        assert main(["feed", *arguments]) == status
        said = capsys.readouterr()
        assert word in said.err
        assert said.out == ""
