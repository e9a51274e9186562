"""A hundred thousand milestones: a tick with nothing due asks one index and is over at once."""

import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.support.office import at, desk
from tracker.store import looks
from tracker.store.database import db, transaction
from tracker.store.tables import MilestoneRow, PlanRow, ShareRow, TaskRow, UnitRow
from tracker.usecases import reminders
from tracker.usecases.reminders import ensure_rules, plan

MADE = datetime(2024, 7, 1, tzinfo=UTC)
MONDAY = at("2024-12-16T08:00")


def fill(milestones: int) -> None:
    """A plan with so many tasks, each with a milestone and a share that nothing of can speak for a month."""
    ensure_rules()
    asleep = MONDAY + timedelta(days=30)
    with transaction() as session:
        session.add(UnitRow(id=1, code="u1", name="Đơn vị", kind="department"))
        session.add(PlanRow(id=1, title="Kế hoạch", created_at=MADE))
        session.flush()
        ids = range(1, milestones + 1)
        task = {"plan_id": 1, "number": "1", "title": "Việc", "extra": []}
        session.execute(sa.insert(TaskRow), [{"id": each, "position": each, **task} for each in ids])
        dated = {"position": 1, "kind": "date", "due": date(2025, 6, 30), "changed_at": MADE}
        session.execute(sa.insert(MilestoneRow), [{"id": each, "task_id": each, **dated} for each in ids])
        share = {"unit_id": 1, "part": "lead", "look_at": asleep}
        session.execute(sa.insert(ShareRow), [{"id": each, "milestone_id": each, **share} for each in ids])


def analyze() -> None:
    """Let the database count its rows, as it does by itself in the long run."""
    with transaction() as session:
        session.execute(sa.text("ANALYZE"))


def seconds_of_a_tick(app: Flask) -> list[float]:
    """How long each of twenty plannings with nothing due takes, the shortest first."""
    office = desk(app, MONDAY)
    taken = []
    for _ in range(20):
        db.session.rollback()
        begun = time.perf_counter()
        assert plan(MONDAY, office.zone, office.base_url, ["mail"]).ids == ()
        taken.append(time.perf_counter() - begun)
    return sorted(taken)


def seconds_of_portions(app: Flask, monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long each transaction of a first look at everything takes."""
    office, taken = desk(app, MONDAY), []

    @contextmanager
    def timed() -> Iterator[object]:
        begun = time.perf_counter()
        with transaction() as session:
            yield session
        taken.append(time.perf_counter() - begun)

    monkeypatch.setattr(reminders, "transaction", timed)
    with transaction():
        looks.wake_all()
    plan(MONDAY, office.zone, office.base_url, ["mail"])
    assert not looks.any_due(MONDAY)
    return taken


def query_plan() -> str:
    """How the database looks for the shares whose time has come."""
    query = str(looks.due_query(MONDAY).compile(db.engine, compile_kwargs={"literal_binds": True}))
    explain = "EXPLAIN QUERY PLAN" if db.engine.dialect.name == "sqlite" else "EXPLAIN"
    return "\n".join(str(row[-1]) for row in db.session.execute(sa.text(f"{explain} {query}")))


def test_the_next_looks_are_found_by_their_index(app: Flask) -> None:
    with app.app_context():
        fill(300)
        analyze()
        if db.engine.dialect.name == "sqlite":
            assert "USING COVERING INDEX ix_share_look_at" in query_plan()
        assert not looks.any_due(MONDAY)
        assert looks.any_due(MONDAY + timedelta(days=31))


@pytest.mark.long
def test_a_tick_with_nothing_due_at_a_hundred_thousand_milestones(app: Flask) -> None:
    with app.app_context():
        fill(100_000)
        analyze()
        taken, how = seconds_of_a_tick(app), query_plan()
        quickest, middle = 1000 * taken[0], 1000 * statistics.median(taken)
        print(f"\n{db.engine.dialect.name}: {quickest:.2f} ms, in the middle {middle:.2f} ms\n{how}")  # noqa: T201
        assert "ix_share_look_at" in how
        assert middle < 10


@pytest.mark.long
def test_a_first_look_at_a_hundred_thousand_milestones_holds_up_nobody_for_long(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        fill(100_000)
        analyze()
        taken = seconds_of_portions(app, monkeypatch)
        figures = f"{sum(taken):.1f} s in {len(taken)} portions, the longest {max(taken):.2f} s"
        print(f"\n{db.engine.dialect.name}: {figures}")  # noqa: T201
        assert len(taken) == 50
        assert max(taken) < 4
