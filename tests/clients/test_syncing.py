"""Two real calendar programs subscribe over HTTP: what they show, and that nothing moves when nothing changed."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from werkzeug.serving import make_server

from dev import WINDOWS
from tests.support.feeds import BUDGET, OPENING, store_small_plan
from tests.support.worlds import NOW
from tracker.domain.feeds import FeedOptions, Scope, ScopeKind, feed_addresses
from tracker.store import feeds, people
from tracker.store.database import db, transaction
from tracker.store.tables import TaskRow
from tracker.usecases.subscriptions import subscribe

pytestmark = [
    pytest.mark.one_database,
    pytest.mark.long,
    pytest.mark.skipif(WINDOWS, reason="vdirsyncer and khal are of Unix"),
]
VDIRSYNCER = """
[general]
status_path = "{folder}/status"
[pair tracker]
a = "kept"
b = "feed"
collections = null
conflict_resolution = "b wins"
[storage kept]
type = "filesystem"
path = "{folder}/kept"
fileext = ".ics"
[storage feed]
type = "http"
url = "{url}"
"""
KHAL = """
[calendars]
[[tracker]]
path = {folder}/kept
readonly = True
[sqlite]
path = {folder}/khal.db
[locale]
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
timeformat = %H:%M
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
local_timezone = Asia/Ho_Chi_Minh
default_timezone = Asia/Ho_Chi_Minh
"""


@dataclass
class Subscriber:
    """A person's machine with both programs, and the server it reads from."""

    folder: Path
    url: str

    def run(self, program: str, *arguments: str) -> str:
        """What a program says; its settings and its state are in the folder."""
        command = [str(Path(sys.executable).with_name(program)), *arguments]
        home = {"HOME": str(self.folder), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
        ran = subprocess.run(command, capture_output=True, text=True, env=home, check=False)
        assert ran.returncode == 0, ran.stdout + ran.stderr
        return ran.stdout + ran.stderr

    def sync(self) -> list[str]:
        """The lines in which vdirsyncer tells of an event that it moved."""
        said = self.run("vdirsyncer", "-c", str(self.folder / "vdirsyncer.conf"), "sync")
        return [line for line in said.splitlines() if line.startswith(("Copying", "Deleting"))]

    def kept(self) -> dict[str, tuple[int, bytes]]:
        """Each file that the first program keeps: when it was written, and what is in it."""
        files = (self.folder / "kept").glob("*.ics")
        return {each.name: (each.stat().st_mtime_ns, each.read_bytes()) for each in files}

    def listed(self) -> list[str]:
        """What the second program shows of the school year: day and title of each event."""
        form = "{start-long}|{end-long}|{title}"
        said = self.run(
            "khal",
            "-c",
            str(self.folder / "khal.conf"),
            "list",
            "--format",
            form,
            "-df",
            "",
            "2024-08-01",
            "2025-08-31",
        )
        return sorted(line for line in said.splitlines() if "|" in line)


@pytest.fixture
def subscriber(app: Flask, tmp_path: Path) -> Iterator[Subscriber]:
    """A machine subscribed to the small plan of `app`, which is served on this one."""
    with app.app_context():
        store_small_plan()
        person = people.by_email("leader@example.org")
        assert person
        secret = subscribe(person.person, Scope(ScopeKind.PLAN, 1), "", "vi", FeedOptions(), NOW)
        db.session.remove()
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    url = f"http://127.0.0.1:{server.server_port}{urlsplit(feed_addresses('', secret.token).https).path}"
    (tmp_path / "kept").mkdir()
    (tmp_path / "vdirsyncer.conf").write_text(VDIRSYNCER.format(folder=tmp_path, url=url))
    (tmp_path / "khal.conf").write_text(KHAL.format(folder=tmp_path))
    found = Subscriber(tmp_path, url)
    found.run("vdirsyncer", "-c", str(tmp_path / "vdirsyncer.conf"), "discover")
    yield found
    server.shutdown()
    thread.join(10)


def test_two_clients_show_every_event_and_a_second_sync_moves_nothing(subscriber: Subscriber, app: Flask) -> None:
    assert len(subscriber.sync()) == 3
    first = subscriber.kept()
    assert subscriber.listed() == [
        f"2024-09-05|2024-09-05|[XONG] {OPENING}",
        f"2024-12-31|2024-12-31|{BUDGET}",
        f"2025-05-31|2025-05-31|{OPENING}",
    ]
    assert subscriber.sync() == []
    assert subscriber.kept() == first
    with app.app_context(), transaction() as session:
        session.get_one(TaskRow, 1).title = "Việc khác"
        feeds.touch_milestones([1], NOW)
    # Without a CalDAV server an item is known by its content alone: the old one goes, the new one comes.
    assert sorted(line.split()[0] for line in subscriber.sync()) == ["Copying", "Deleting"]
    assert len(set(subscriber.kept().values()) - set(first.values())) == 1
    assert "2024-12-31|2024-12-31|Việc khác" in subscriber.listed()


def test_a_client_copies_every_event_once(subscriber: Subscriber) -> None:
    assert [len(subscriber.sync()), len(subscriber.sync())] == [3, 0]
