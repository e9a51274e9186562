"""What machines ask: does it answer, can it work."""

from datetime import timedelta

import pytest

from tracker.clock import SystemClock
from tracker.store import leases
from tracker.store.database import db, transaction


def tick_ago(app, ago: timedelta) -> None:
    then = SystemClock().now() - ago
    with app.app_context(), transaction():
        leases.take("me", then, then + timedelta(seconds=20))
        leases.note_work("me", then)


def readiness(app):
    answer = app.test_client().get("/readyz")
    found = answer.json
    return answer.status_code, [name for name in ("database", "migrations", "scheduler") if not found[name]]


def test_the_process_answers_without_a_session(app):
    answer = app.test_client().get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok\n")
    assert "Set-Cookie" not in answer.headers


def test_it_is_ready_when_all_three_hold(app):
    tick_ago(app, timedelta(seconds=30))
    answer = app.test_client().get("/readyz")
    assert answer.status_code == 200
    assert answer.json["ready"] is True
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("ago", [None, timedelta(minutes=6)], ids=["never ticked", "stopped ticking"])
def test_it_is_not_ready_without_a_recent_tick(app, ago):
    if ago:
        tick_ago(app, ago)
    assert readiness(app) == (503, ["scheduler"])


def test_it_is_not_ready_on_an_older_migration(app):
    tick_ago(app, timedelta(seconds=1))
    with app.app_context(), transaction() as session:
        session.execute(db.text("UPDATE alembic_version SET version_num = '0000'"))
    assert readiness(app) == (503, ["migrations", "scheduler"])


def test_it_is_not_ready_without_its_database(app, tmp_path, monkeypatch):
    with app.app_context():
        elsewhere = db.create_engine(f"sqlite:///{tmp_path}/nowhere/at/all.sqlite3")
        monkeypatch.setitem(db.engines, None, elsewhere)
    assert readiness(app) == (503, ["database", "migrations", "scheduler"])
