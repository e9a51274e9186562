"""Answers are kept for one state of the work, and every write that pages show makes another."""

from datetime import date

import pytest
import sqlalchemy as sa

from tests.support.history import History
from tests.support.queries import count_queries
from tests.support.worlds import NOW
from tracker.domain.work import Action
from tracker.store import standings
from tracker.store.database import db, transaction
from tracker.store.facts import CutOff
from tracker.store.remembered import Kept, revision
from tracker.web.runtime import runtime


def stands():
    cut = CutOff(NOW.date(), NOW, runtime().zone)
    return standings.standing(standings.heads()[0], cut)


def revision_now(app) -> str:
    with app.app_context():
        found = revision()
        db.session.remove()
    return found


def test_a_plan_is_read_once_until_somebody_writes(world):
    with world.app_context():
        first = stands()
        with count_queries(db.engine) as statements:
            assert stands() is first
        assert statements == []
        db.session.remove()
    before = revision_now(world)
    History(world).record("lead", "7", Action.SUBMIT, date(2024, 9, 10), result="Đã hướng dẫn")
    assert revision_now(world) != before
    with world.app_context():
        assert stands() is not first
        assert [line.number for line in stands().chosen("submitted")] == ["7"]
        db.session.remove()


@pytest.mark.parametrize(
    ("statement", "draws"),
    [
        ("UPDATE milestone SET due = '2024-12-31' WHERE id = 1", True),
        ("DELETE FROM day_off WHERE day = '2025-01-01'", True),
        ("UPDATE share SET look_at = NULL", False),
        ("UPDATE person SET last_seen_at = NULL", False),
        ("DELETE FROM outbox", False),
    ],
)
def test_only_what_pages_show_draws_a_new_revision(world, statement, draws):
    before = revision_now(world)
    with world.app_context(), transaction() as session:
        session.execute(sa.text(statement.replace(" = ", "=")))
    assert (revision_now(world) != before) is draws


def fail_after_writing(first) -> None:
    with transaction() as session:
        session.execute(sa.text("UPDATE milestone SET due='2023-01-01'"))
        assert stands().cells == first.cells, "what was written is seen at once"


def test_what_is_undone_draws_none_and_within_a_transaction_nothing_is_kept(world):
    before = revision_now(world)
    with world.app_context():
        first = stands()
        with pytest.raises(AssertionError):
            fail_after_writing(first)
        assert stands() is first
        with transaction():
            pass
        db.session.remove()
    assert revision_now(world) == before


def test_the_longest_unused_answers_go_first():
    kept = Kept(4)
    kept.put("", "too long", 5, "a")
    for key in "abc":
        kept.put("", key, 2, key)
        kept.get("", "a")
    assert [key for key in ("too long", "a", "b", "c") if kept.get("", key)] == ["a", "c"]
    assert kept.get("another state", "a") is None
