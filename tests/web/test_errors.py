"""Whatever goes wrong becomes a page that says what happened and what to do, and never how the program is built."""

import sqlite3
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade
from werkzeug.exceptions import Forbidden as HttpForbidden

from tests.support.worlds import NOW, Clients, closing, make_app
from tracker.clock import FrozenClock
from tracker.domain.errors import Forbidden, NotFound, Refused, StaleState, UnreadableDocument
from tracker.domain.people import Role
from tracker.store import database
from tracker.usecases.people import add_person

on_one_database = pytest.mark.one_database
SECRET = "một câu dài dễ nhớ"


def raising(error: Exception):
    def view() -> str:
        raise error

    return view


@pytest.fixture
def troubled(tmp_path: Path):
    """An application whose pages fail in every way, on a database that does not exist."""
    with closing(make_app(f"sqlite:///{tmp_path / 'none' / 'no.sqlite3'}", tmp_path, FrozenClock(NOW))) as app:
        app.config.update(TESTING=False, PROPAGATE_EXCEPTIONS=False)
        yield app


@pytest.mark.parametrize(
    ("error", "status", "sentence"),
    [
        (NotFound("Không có tệp này."), 404, "Không có tệp này."),
        (Forbidden("Chỉ đơn vị theo dõi mới xác nhận."), 403, "Chỉ đơn vị theo dõi mới xác nhận."),
        (Refused("Tỷ lệ là %(n)s.", n="120"), 422, "Tỷ lệ là 120."),
        (UnreadableDocument("Tệp này không phải kế hoạch."), 422, "Tệp này không phải kế hoạch."),
        (StaleState("Người khác vừa ghi."), 409, "Người khác vừa ghi."),
        (HttpForbidden("Trang này dành cho vai trò khác."), 403, "Trang này dành cho vai trò khác."),
        (HttpForbidden(), 403, "Tài khoản của bạn không có quyền làm việc này."),
        (KeyError("secret detail"), 500, "Lỗi này đã được ghi lại cho quản trị viên"),
    ],
)
def test_each_error_has_its_status_its_sentence_and_the_next_step(troubled: Flask, error, status, sentence):
    troubled.add_url_rule("/trouble", "trouble", raising(error))
    answer = troubled.test_client().get("/trouble")
    assert answer.status_code == status
    assert sentence in answer.text
    assert "Làm gì tiếp" in answer.text
    assert "Về trang Tổng quan" in answer.text
    assert "Traceback" not in answer.text
    assert "secret detail" not in answer.text


def test_an_error_page_leads_back_to_the_page_of_ours_that_led_there(troubled: Flask):
    client = troubled.test_client()
    here = client.get("/none", headers={"Referer": "http://localhost/plans/1?q=b"}).text
    assert 'href="/plans/1?q=b">Quay lại trang trước' in here
    assert "Quay lại trang trước" not in client.get("/none", headers={"Referer": "http://elsewhere.test/"}).text


@on_one_database
def test_an_unknown_address_and_a_wrong_method_are_told_apart(clients):
    unknown = clients.monitor.get("/nhiem-vu")
    assert unknown.status_code == 404
    assert "Không có gì ở địa chỉ này" in unknown.text
    wrong = clients.monitor.get("/sign-out")
    assert wrong.status_code == 405
    assert set(wrong.headers["Allow"].split(", ")) == {"OPTIONS", "POST"}
    assert "chỉ nhận biểu mẫu gửi lên" in wrong.text


@on_one_database
def test_a_bad_cut_off_is_named_and_the_page_still_has_its_frame(clients):
    answer = clients.monitor.get("/plans/1?as_of=16/12/2024")
    assert answer.status_code == 400
    assert "Ngày “16/12/2024” không đúng dạng năm-tháng-ngày. Ví dụ: 2024-12-16." in answer.text
    assert "Đăng xuất" in answer.text


@on_one_database
@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_a_cut_off_beyond_all_plans_is_refused_in_words(clients, day):
    answer = clients.monitor.get(f"/units?as_of={day}")
    assert answer.status_code == 400
    assert "Chỉ xem được ngày từ năm 1990 đến năm 2199." in answer.text


def test_addresses_that_no_table_can_hold_are_not_found(clients):
    for path in ("/tasks/99999999999999999999", "/plans/2147483648", "/evidence/99999999999"):
        assert clients.monitor.get(path).status_code == 404, path
    assert clients.monitor.get("/units/%00").status_code in (400, 404)


def test_a_name_longer_than_any_is_refused_with_the_limit(clients):
    long_name = {"email": "a@example.org", "name": "Dài " * 100, "role": "leader", "unit": ""}
    answer = clients.admin.submit("/admin/people", page="/admin/", **long_name)
    assert answer.status_code == 422
    assert "dài quá 200 ký tự" in answer.text


@on_one_database
@on_one_database
def test_a_form_sent_after_signing_out_elsewhere_offers_to_sign_in_and_come_back(clients):
    visitor = clients.visitor
    headers = {"Referer": "http://localhost/admin/people/1?as_of=2024-12-01"}
    answer = visitor.post("/admin/people", data={"csrf_token": "of a session that ended"}, headers=headers)
    assert answer.status_code == 400
    assert "Bạn đã đăng xuất" in answer.text
    assert 'href="/sign-in?next=/admin/people/1?as_of%3D2024-12-01"' in answer.text


def test_an_expired_form_says_so_and_changes_nothing(clients):
    answer = clients.monitor.post("/language", data={"locale": "en", "csrf_token": "cũ"})
    assert answer.status_code == 400
    assert "Biểu mẫu đã hết hạn" in answer.text
    assert "Hãy mở lại trang rồi gửi lại." in answer.text
    assert '<html lang="vi">' in clients.monitor.get("/").text


@on_one_database
def test_too_large_a_form_names_the_limits(world: Flask, clients):
    world.config["MAX_CONTENT_LENGTH"] = 2 * 1024 * 1024
    answer = clients.visitor.submit("/sign-in", email="a@example.org", password="x" * 3_000_000)
    assert answer.status_code == 413
    assert "tối đa 2 MB tệp và 1 MB chữ" in answer.text


@pytest.fixture
def small_app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """An application on a SQLite file of its own, which waits but briefly for a lock."""
    monkeypatch.setattr(database, "BUSY_MILLISECONDS", 50)
    with closing(make_app(f"sqlite:///{tmp_path / 'db.sqlite3'}", tmp_path, FrozenClock(NOW))) as app:
        with app.app_context():
            upgrade()
            add_person("ai@example.org", "Ai", Role.LEADER, None, now=NOW, password=SECRET)
        yield app


def test_a_locked_database_says_wait_and_keeps_what_was_there(small_app: Flask, tmp_path: Path):
    ai = Clients(small_app).ai
    token = ai.get("/account").text.split('name="csrf_token" value="')[1].split('"')[0]
    holder = sqlite3.connect(tmp_path / "db.sqlite3", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    answer = ai.post("/language", data={"locale": "en", "csrf_token": token})
    holder.execute("ROLLBACK")
    holder.close()
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "60"
    assert "Cơ sở dữ liệu đang bận" in answer.text
    assert '<html lang="vi">' in ai.get("/").text


def test_a_database_at_another_migration_names_the_command_that_mends_it(small_app: Flask, tmp_path: Path):
    ai = Clients(small_app).ai
    with sqlite3.connect(tmp_path / "db.sqlite3") as raw:
        raw.execute("DROP TABLE progress_entry")
        raw.execute("ALTER TABLE person RENAME COLUMN locale TO language")
    raw.close()
    answer = ai.get("/")
    assert answer.status_code == 503
    assert "Cơ sở dữ liệu chưa đúng phiên bản" in answer.text
    assert "tracker run" in answer.text


@pytest.mark.parametrize(
    "url", ["sqlite:////proc/none/no.sqlite3", "postgresql://tracker@127.0.0.1:1/none"], ids=["file", "server"]
)
def test_a_database_that_cannot_be_reached_says_what_to_check(tmp_path: Path, url: str):
    with closing(make_app(url, tmp_path, FrozenClock(NOW))) as app:
        client = app.test_client()
        with client.session_transaction() as session:
            session["_user_id"] = "1.1"
        answer = client.get("/plans")
        assert answer.status_code == 503
        assert "Không kết nối được cơ sở dữ liệu" in answer.text
        assert "TRACKER_DATABASE_URL" in answer.text
