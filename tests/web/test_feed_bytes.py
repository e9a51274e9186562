"""The bytes of an unchanged feed: the same on every database, in every process, a year later."""

import hashlib
import os
import subprocess
import sys
from datetime import timedelta
from multiprocessing.pool import ThreadPool
from pathlib import Path
from urllib.request import urlopen

import pytest

from dev import ROOT, WINDOWS
from tests.support.feeds import store_small_plan
from tests.support.workers import two_workers
from tests.support.worlds import NOW
from tracker.domain.feeds import HOLIDAYS, FeedOptions, Scope, ScopeKind, Span
from tracker.store import feeds, people
from tracker.store.database import db, transaction
from tracker.usecases.subscriptions import subscribe
from tracker.web.feed_copies import FeedCopies
from tracker.web.feed_door import COPIES

KEPT = Path(__file__).parents[1] / "data" / "small-plan.ics"
BASE = "http://127.0.0.1:8000"
# In another process, with another seed and in another zone: the feed of the plan on stdout.
ELSEWHERE = {"PYTHONHASHSEED": "4321", "TZ": "America/New_York", "TRACKER_SCHEDULER": "off"}


@pytest.fixture
def path(app):
    """The path of a feed of the small plan, of an installation whose part of the UIDs is known."""
    with app.app_context():
        store_small_plan()
        with transaction():
            feeds.set_calendar_host("0123456789abcdef.tracker.invalid")
        person = people.by_email("leader@example.org").person
        options = FeedOptions(alarms=True, span=Span.START)
        token = subscribe(person, Scope(ScopeKind.PLAN, 1), "", "vi", options, NOW).token
        db.session.remove()
    return f"/feeds/{token}.ics"


@pytest.mark.both_databases
def test_they_are_those_that_were_kept_on_both_databases_and_a_year_later(app, path, clock):
    visitor = app.test_client()
    first = visitor.get(path)
    assert first.data == KEPT.read_bytes()
    assert first.headers["ETag"] == f'"{hashlib.sha256(first.data).hexdigest()}"'
    clock.move(clock.now() + timedelta(days=366))
    assert visitor.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    app.extensions[COPIES] = FeedCopies(BASE, app.extensions["tracker"].zone)  # as after a restart
    again = visitor.get(path)
    assert (again.data, again.headers["ETag"]) == (first.data, first.headers["ETag"])
    assert again.headers["Last-Modified"] == first.headers["Last-Modified"]


@pytest.mark.long
def test_another_process_with_another_hash_seed_makes_the_same(app, path, tmp_path):
    with app.app_context():
        url = db.engine.url.render_as_string(hide_password=False)
        person = people.by_email("leader@example.org").person
        plain = subscribe(person, Scope(ScopeKind.PLAN, 1), "", "vi", FeedOptions(), NOW)
        db.session.remove()
    here = {"TRACKER_DATA_DIR": str(tmp_path), "TRACKER_DATABASE_URL": url, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "tracker", "feed", "--scope", "plan"]
    # The plan of today is the one of the year that the clock shows.
    ran = subprocess.run(
        command, env={**os.environ, **here, **ELSEWHERE}, cwd=tmp_path, capture_output=True, check=True
    )
    assert ran.stdout == app.test_client().get(f"/feeds/{plain.token}.ics").data


@pytest.mark.long
@pytest.mark.skipif(WINDOWS, reason="gunicorn is of Unix")
def test_two_workers_answer_the_same_after_a_restart_with_another_hash_seed_as_well(app, path, tmp_path):
    with app.app_context():
        url = db.engine.url.render_as_string(hide_password=False)
        person = people.by_email("member@example.org").person
        level = Scope(ScopeKind.LEVEL, 2)
        tokens = [subscribe(person, scope, "", "en", FeedOptions(), NOW).token for scope in (HOLIDAYS, level)]
        db.session.remove()
        db.engine.dispose()
    paths = [path, *(f"/feeds/{token}.ics" for token in tokens)]
    known = [app.test_client().get(each) for each in paths]
    with app.app_context():
        db.engine.dispose()
    for seed in ("1", "4321"):
        with two_workers(url, tmp_path, PYTHONHASHSEED=seed) as (port, log):

            def asked(place, port=port):
                with urlopen(f"http://127.0.0.1:{port}{paths[place % 3]}", timeout=20) as answer:
                    return place % 3, answer.read(), answer.headers["ETag"], answer.headers["Last-Modified"]

            answers, workers = [], set()
            with ThreadPool(6) as asking:
                for _ in range(50):
                    answers += asking.map(asked, range(30), chunksize=1)
                    workers = {line.split()[0] for line in log.read_text().splitlines() if "/feeds/" in line}
                    if len(workers) == 2:
                        break
        for place, body, etag, modified in answers:
            assert body == known[place].data
            assert (etag, modified) == (known[place].headers["ETag"], known[place].headers["Last-Modified"])
        assert len(workers) == 2, "both workers answered"
        log.unlink()
