"""Whatever becomes of units, in whatever order: no share is lost, cells add up, and earlier days stay as they were."""

import json
import shutil
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.worlds import Worlds, closing, make_app
from tracker.cli.plan_status import status_json
from tracker.clock import FrozenClock
from tracker.domain.amendments import Held
from tracker.domain.calendar_days import day_end
from tracker.domain.errors import Refused
from tracker.domain.status import Ending
from tracker.domain.unit_events import Change, Decision, Doing, EventKind
from tracker.domain.units import Unit
from tracker.domain.work import Action, Entry, State
from tracker.store import demonstration, people, plans, units
from tracker.store.database import db, transaction
from tracker.store.demonstration import Line
from tracker.store.facts import CutOff, milestone_lines, task_lines
from tracker.store.tables import ShareRow
from tracker.usecases.unit_changes import Choices, change_units

pytestmark = pytest.mark.one_database
FIRST = date(2024, 9, 1)
LOGS = {
    State.IN_PROGRESS: (Action.PROGRESS,),
    State.SUBMITTED: (Action.SUBMIT,),
    State.ACCEPTED: (Action.SUBMIT, Action.ACCEPT),
    State.RETURNED: (Action.SUBMIT, Action.RETURN),
}


@dataclass(frozen=True)
class Drawn:
    """An event by chance: units as numbers into the directory, days after the event before it."""

    kind: EventKind
    units: tuple[int, ...]
    heirs: tuple[int, ...]
    after: int
    ends: bool
    doing: Doing


drawn = st.builds(
    Drawn,
    kind=st.sampled_from(EventKind),
    units=st.lists(st.integers(0, 19), min_size=1, max_size=3).map(tuple),
    heirs=st.lists(st.integers(0, 19), min_size=1, max_size=2).map(tuple),
    after=st.integers(0, 60),
    ends=st.booleans(),
    doing=st.sampled_from((Doing.HAND, Doing.HAND, Doing.LEAVE, Doing.CLOSE, Doing.CANCEL)),
)
logs = st.dictionaries(st.integers(0, 340), st.sampled_from(sorted(LOGS)), max_size=120)


@pytest.fixture(scope="module")
def a_world(worlds: Worlds, tmp_path_factory: pytest.TempPathFactory) -> Path:
    url = worlds.fresh("world")
    return Path(url.removeprefix("sqlite:///"))


def fresh(a_world: Path, folder: Path) -> Flask:
    copy = folder / "events.sqlite3"
    for beside in folder.glob("events.sqlite3*"):
        beside.unlink()
    shutil.copyfile(a_world, copy)
    return make_app(f"sqlite:///{copy}", folder, FrozenClock(datetime(2024, 12, 16, tzinfo=UTC)))


def write_logs(states: dict[int, str]) -> None:
    """Gives the shares with those numbers a state, each in September."""
    ids = db.session.scalars(db.select(ShareRow.id).order_by(ShareRow.id)).all()
    monitor = people.by_email("monitor@example.org")
    assert monitor

    def line(number: int, state: str, version: int, action: Action) -> Line:
        at = _moment(FIRST + timedelta(days=number % 40 + version))
        return Line(ids[number], version, monitor.person.id, at, Entry(action), State(state), 50)

    lines = [
        line(number, state, version, action)
        for number, state in states.items()
        for version, action in enumerate(LOGS[State(state)], start=1)
    ]
    with transaction():
        demonstration.add_log(lines)


def _moment(day: date) -> datetime:
    return datetime.combine(day, time(3), UTC)


def cut(day: date) -> CutOff:
    return CutOff(day, day_end(day, UTC), UTC)


def told(day: date) -> dict[str, Any]:
    plan = plans.running(day)
    assert plan
    return status_json(plan, cut(day))


def change_of(event: Drawn, on: date, number: int) -> Change:
    known = units.directory().units
    codes = [known[each % len(known)].code for each in event.units]
    heirs = tuple(known[each % len(known)].code for each in event.heirs)
    change = Change(event.kind, on, f"Quyết định số {number}", (codes[0],), ends=event.ends)
    if event.kind is EventKind.RENAME:
        return Change(
            event.kind, on, "QĐ", (codes[0],), name=f"Đơn vị tên mới {number}", short_name="", parent=heirs[0]
        )
    if event.kind is EventKind.DISSOLVE:
        return change
    if event.kind is EventKind.SPLIT:
        new = Unit(f"don-vi-moi-{number}", f"Đơn vị mới số {number}", kind="school")
        return Change(event.kind, on, "QĐ", (codes[0],), (heirs[0], new.code), (new,), event.ends)
    if event.kind is EventKind.MERGE:
        return Change(event.kind, on, "QĐ", tuple(dict.fromkeys(codes)), heirs[:1])
    return Change(event.kind, on, "QĐ", (codes[0],), heirs[:1], ends=event.ends)


def happen(event: Drawn, on: date, number: int) -> bool:
    """Whether the event could be: a refusal writes nothing."""
    change = change_of(event, on, number)
    decision = Decision(event.doing, change.heirs[0] if change.heirs else None, "Theo quyết định")
    if event.doing is Doing.HAND:
        decision = Decision(Doing.HAND, change.heirs[0]) if change.heirs else Decision(Doing.LEAVE)
    try:
        change_units(change, Choices({}, {}, decision), person=None, now=_moment(on))
    except Refused:
        return False
    return True


def assert_nothing_is_lost(day: date) -> None:
    plan = plans.running(day)
    assert plan
    lines = milestone_lines(plan, cut(day))
    full = task_lines(plan, {line.task_id for line in lines}, cut(day), Held())
    assert full.lines == lines, "the pages of the tasks say what the list says"
    shown = {share.id: share for line in lines for share in (*line.leads, *full.partners.get(line.id, ()))}
    rows = {row.id: row for row in db.session.scalars(db.select(ShareRow))}
    alive = {unit.code for unit in units.directory().units if unit.lives_on(day)}
    stands = {}
    for row in rows.values():
        last = row
        while last.heir_id is not None and last.until_on <= day:
            last = rows[last.heir_id]
        if row.from_on is None:
            stands[row.id] = last.id
    assert set(stands.values()) == set(shown), "every share stands as exactly one, and none comes from nowhere"
    pairs = [(share.milestone_id, share.unit.code) for share in shown.values() if share.status.ended is None]
    for share in shown.values():
        flagged = share.status.ended is not None or share.status.done
        assert flagged or share.unit.code in alive, (day, share)
        assert share.status.ended is not Ending.ORPHANED or share.unit.code not in alive
    assert len(pairs) == len(set(pairs)), "a unit has one share of a milestone at a time"


def assert_cells_add_up(day: date) -> None:
    found = told(day)
    assert sum(found["cells"].values()) == 42
    assert all(set(each["lead"]) == set(found["cells"]) for each in found["units"])


def follow(app: Flask, states: dict[int, str], events: list[Drawn]) -> int:
    """Lets the events happen one after the other and looks after each; returns how many could be."""
    with closing(app), app.app_context():
        write_logs(states)
        on, done = FIRST, 0
        for number, event in enumerate(events):
            on += timedelta(days=event.after)
            earlier = [on - timedelta(days=days) for days in (1, 20, 90)]
            before = {day: json.dumps(told(day)) for day in earlier}
            done += happen(event, on, number)
            db.session.remove()
            assert {day: json.dumps(told(day)) for day in earlier} == before
            for day in (*earlier[:1], on, on + timedelta(days=45)):
                assert_nothing_is_lost(day)
                assert_cells_add_up(day)
        return done


RELAXED = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]


@pytest.mark.long
@settings(max_examples=40, deadline=None, suppress_health_check=RELAXED)
@given(states=logs, events=st.lists(drawn, min_size=3, max_size=15))
def test_no_share_is_lost_and_no_earlier_day_changes(a_world, tmp_path, states, events):
    follow(fresh(a_world, tmp_path), states, events)


@pytest.mark.long
def test_a_day_of_many_events_can_be_told(a_world, tmp_path):
    hand, on = Doing.HAND, (0, 0, 1, 1)
    events = [
        Drawn(EventKind.MERGE, (2, 3), (4,), on[0], False, hand),
        Drawn(EventKind.RENAME, (4,), (5,), on[1], False, hand),
        Drawn(EventKind.SPLIT, (4,), (6,), on[2], True, hand),
        Drawn(EventKind.DISSOLVE, (6,), (7,), on[3], True, Doing.LEAVE),
        Drawn(EventKind.TAKEOVER, (6,), (8,), 0, False, hand),
    ]
    assert follow(fresh(a_world, tmp_path), {3: "accepted", 9: "submitted"}, events) == len(events)
