"""Missing, locked, older, newer, unreachable databases and bad settings: a sentence with the mend, never a trace."""

import json
import os
import runpy
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from dev import ROOT
from tests.cli.conftest import Command
from tests.support.ports import free_port
from tests.support.worlds import closing
from tracker.store import database

DATABASE = "tracker.sqlite3"
NEEDING_A_DATABASE = [
    ("plan", "status"),
    ("plan", "export", "x.csv"),
    ("unit", "list"),
    ("user", "list"),
    ("user", "disable", "a@example.org"),
    ("remind", "--dry-run"),
    ("feed", "--scope", "plan"),
]


@pytest.mark.parametrize("arguments", NEEDING_A_DATABASE, ids=" ".join)
def test_a_missing_database_is_told_with_the_command_that_makes_it(
    tracker: Command, empty_home: Path, arguments: tuple[str, ...]
) -> None:
    answer = tracker(*arguments)
    assert (answer.status, answer.out) == (2, "")
    assert answer.err.startswith(f"Chưa có cơ sở dữ liệu ở {empty_home / DATABASE}. Hãy chạy `tracker run` một lần")
    assert not (empty_home / DATABASE).exists()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("DELETE FROM alembic_version", "phiên bản cũ hơn chương trình. Hãy sao lưu, rồi chạy `tracker run` một lần"),
        ("UPDATE alembic_version SET version_num = '9999'", "do một bản tracker mới hơn tạo (phiên bản 9999)"),
    ],
    ids=["older", "newer"],
)
def test_another_migration_is_told(tracker: Command, home: Path, change: str, sentence: str) -> None:
    with sqlite3.connect(home / DATABASE) as connection:
        connection.execute(change)
    connection.close()
    answer = tracker("plan", "status")
    assert answer.status == 2
    assert sentence in answer.err


def test_a_locked_database_is_told_and_nothing_is_written(
    tracker: Command, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_MILLISECONDS", 50)
    other = sqlite3.connect(home / DATABASE, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        answer = tracker("user", "add", "a@example.org", "--name", "A", "--role", "leader")
    finally:
        other.execute("ROLLBACK")
        other.close()
    assert answer.status == 1
    assert answer.err.startswith("Cơ sở dữ liệu đang bị khóa")
    assert json.loads(tracker("user", "list", "--json").out) == []


def test_a_file_that_is_no_database_and_a_server_that_is_not_there(
    tracker: Command, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / DATABASE).write_text("đây là một bức thư" * 100, encoding="utf-8")
    broken = tracker("plan", "status")
    assert (broken.status, "Traceback" in broken.err) == (1, False)
    assert "file is not a database" in broken.err
    monkeypatch.setenv("TRACKER_DATABASE_URL", f"postgresql://tracker:bi-mat@127.0.0.1:{free_port()}/tracker")
    away = tracker("plan", "status")
    assert away.status == 2
    assert away.err.startswith("Không mở được cơ sở dữ liệu: ")
    assert "bi-mat" not in away.err


def test_bad_settings_are_told_one_line_each(
    tracker: Command, empty_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKER_TIMEZONE", "Asia/Hai_An")
    monkeypatch.setenv("TRACKER_LOCALE", "fr")
    answer = tracker("plan", "status")
    assert answer.status == 2
    assert [line.split(":")[0] for line in answer.err.splitlines()] == ["TRACKER_TIMEZONE", "TRACKER_LOCALE"]


@pytest.mark.parametrize("arguments", [("fly",), ("plan", "status", "--colour"), ("run", "--at", "2024-12-16"), ()])
def test_wrong_use_is_status_2(tracker: Command, empty_home: Path, arguments: tuple[str, ...]) -> None:
    answer = tracker(*arguments)
    assert (answer.status, answer.out) == (2, "")
    assert answer.err


def test_help_names_every_command(tracker: Command) -> None:
    answer = tracker("--help")
    assert answer.status == 0
    for name in ("run", "scheduler", "plan", "remind", "feed", "user", "unit", "check"):
        assert f"\n  {name}" in answer.out


def test_check_says_what_is_well_and_what_is_not(tracker: Command, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_SMTP_URL", f"smtp://127.0.0.1:{free_port()}")
    monkeypatch.setenv("TRACKER_MAIL_FROM", "theo-doi@example.org")
    answer = tracker("check", "--json")
    told = json.loads(answer.out)
    assert answer.status == 1
    assert told["ok"] is False
    assert {each["name"]: each["ok"] for each in told["checks"]} == {
        "database": True, "scheduler": False, "mail": False, "disk": True,
    }  # fmt: skip
    (home / DATABASE).unlink()
    assert "LỖI  database: Chưa có cơ sở dữ liệu" in tracker("check").out


def test_the_demonstration_is_built_when_a_command_needs_it(tracker: Command, empty_home: Path) -> None:
    answer = tracker("plan", "status", "--demo", "--json")
    assert answer.err == "Đang dựng bản minh họa…\n"
    assert sum(json.loads(answer.out)["cells"].values()) == 42
    assert tracker("plan", "status", "--demo").err == ""


def test_a_used_port_is_told(tracker: Command, home: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        answer = tracker("run", "--port", str(port))
    assert answer.status == 1
    assert answer.err.startswith(f"Không mở được 127.0.0.1 cổng {port}")
    assert "--port" in answer.err


def test_run_serves_the_demonstration_with_its_scheduler_until_told_to_end(home: Path, tmp_path: Path) -> None:
    port = free_port()
    environ = {name: value for name, value in os.environ.items() if not name.startswith("TRACKER_")}
    environ |= {"TRACKER_DATA_DIR": str(home), "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-m", "tracker", "run", "--demo", "--port", str(port)]
    with (tmp_path / "said").open("wb") as said:
        process = subprocess.Popen(command, cwd=tmp_path, env=environ, stdout=said, stderr=said)
        try:
            page = first_page(f"http://127.0.0.1:{port}/sign-in", process)
        finally:
            process.terminate()
            status = process.wait(60)
    told = (tmp_path / "said").read_text(encoding="utf-8")
    assert "csrf_token" in page
    assert f"http://127.0.0.1:{port}" in told
    assert "16/12/2024 08:00" in told
    for name in ("admin", "monitor", "office", "lead", "partner", "leader"):
        assert f"{name}@example.org" in told
    assert "Traceback" not in told
    assert "dựng" not in told  # the one that was there is still the right one
    assert status == (0 if os.name != "nt" else 1)


def first_page(address: str, process: subprocess.Popen[bytes]) -> str:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urlopen(address) as answer:
                text: str = answer.read().decode()
                return text
        except URLError:
            time.sleep(0.1)
    return ""


def test_wsgi_serves_the_settings_of_the_environment(home: Path) -> None:
    application = runpy.run_path(str(ROOT / "wsgi.py"))["application"]
    with closing(application):
        assert application.test_client().get("/healthz").text.strip() == "ok"
        assert application.extensions["tracker"].files.folder.is_relative_to(home)


@pytest.mark.long
def test_a_stale_demonstration_is_built_anew(tracker: Command, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    marker = home / "demo" / "demonstration.json"
    kept = json.loads(marker.read_text())
    assert kept["at"] == "2024-12-16T08:00:00+07:00"
    shutil.rmtree(home / "demo" / "files")
    marker.unlink()
    assert "Đang dựng" in tracker("plan", "status", "--demo").err
    assert json.loads(marker.read_text()) == kept
    assert any((home / "demo" / "files").iterdir())
