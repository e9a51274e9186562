"""Whatever changes what reminders know wakes what it is about; a tick then sends what a look at all would send."""

from collections.abc import Callable
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.support.office import at, desk, tick_at
from tests.support.queries import count_queries
from tests.support.runs import long
from tests.support.worlds import NOW
from tracker.adapters.files import FileStore
from tracker.adapters.reminder_rules import load_rules
from tracker.domain.days_off import ListedDay
from tracker.domain.extensions import Decision, Outcome, Request
from tracker.domain.people import Person, Role
from tracker.domain.preferences import Pause, Preference
from tracker.domain.work import Action, Entry
from tracker.store import looks, preferences, reminder_rules, units, urgings
from tracker.store import people as stored
from tracker.store.database import db, transaction
from tracker.store.tables import MilestoneRow, ShareRow, UnitRow
from tracker.store.tables.work import AT_ONCE
from tracker.usecases import (
    acting,
    checkpoints,
    days_off,
    extensions,
    people,
    plan_settings,
    progress,
    reminders,
    share_people,
)
from tracker.usecases.reminders import tick

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
LATER = "2024-12-16T16:00"
AFTERNOON = at("2024-12-16T15:00")


@pytest.fixture(autouse=True)
def _looked_at(world: Flask) -> object:
    """Everything has been looked at on Monday morning."""
    with world.app_context():
        tick_at(world, "2024-12-16T08:00")
        assert not looks.any_due(NOW)
        yield


def person(name: str) -> Person:
    found = stored.by_email(f"{name}@example.org")
    assert found
    return found.person


def share(milestone: int = 7, unit: str = "phong-tckh") -> int:
    query = sa.select(ShareRow.id).join(UnitRow, UnitRow.id == ShareRow.unit_id)
    found = db.session.scalar(query.where(ShareRow.milestone_id == milestone, UnitRow.code == unit))
    assert found
    return found


def _log(tmp: FileStore) -> None:
    progress.record(person("lead"), share(), Entry(Action.PROGRESS, 40, "Đã rà soát"), AFTERNOON, files=tmp, zone=ZONE)


def _return(tmp: FileStore) -> None:
    progress.record(person("lead"), share(), Entry(Action.SUBMIT, None, "Xong"), AFTERNOON, files=tmp, zone=ZONE)
    back = Entry(Action.RETURN, reason="Thiếu biên bản")
    progress.record(person("monitor"), share(), back, AFTERNOON, files=tmp, zone=ZONE)


def _ask(_tmp: FileStore) -> None:
    extensions.ask(person("lead"), share(), Request(date(2025, 1, 31), "Chờ dự toán"), AFTERNOON, ZONE)


def _refuse(tmp: FileStore) -> None:
    _ask(tmp)
    extensions.decide(person("monitor"), 1, Decision(Outcome.REFUSED, note="Không"), AFTERNOON, ZONE)


def _checkpoint(_tmp: FileStore) -> None:
    due = sa.update(MilestoneRow).where(MilestoneRow.id == 7).values(due=date(2024, 12, 31))
    with transaction() as session:
        session.execute(due)
        looks.wake_milestones([7])
    checkpoints.add(person("lead"), share(), date(2024, 12, 18), "Dự thảo", AFTERNOON, ZONE)


def _give(_tmp: FileStore) -> None:
    share_people.give(person("lead"), [share()], [person("lead").id], [], AFTERNOON, ZONE)


def _let_act(_tmp: FileStore) -> None:
    acting.let_act(person("lead"), "truong-th-thanh-to", date(2024, 12, 16), None, "QĐ 9", by=None, now=AFTERNOON)


def _choose(_tmp: FileStore) -> None:
    with transaction():
        preferences.put(person("lead").id, Preference(pause=Pause(date(2024, 12, 17), date(2024, 12, 20))))


def _urge(_tmp: FileStore) -> None:
    with transaction():
        urgings.add(person("monitor").id, [share()], "Đề nghị báo cáo", AFTERNOON, key="1")


def _rule(_tmp: FileStore) -> None:
    with transaction():
        reminder_rules.save(load_rules()[0])


def _settings(_tmp: FileStore) -> None:
    plan_settings.set_rules(person("monitor"), 1, late_after_working_day=False, quiet_days=20, now=AFTERNOON)


def _join(_tmp: FileStore) -> None:
    people.add_person("moi@example.org", "Người Mới", Role.MEMBER, "phong-tckh", now=AFTERNOON)


CHANGES: dict[str, Callable[[FileStore], None]] = {
    "an entry": _log,
    "a return": _return,
    "a request": _ask,
    "a refusal": _refuse,
    "a checkpoint": _checkpoint,
    "a share given": _give,
    "somebody acts": _let_act,
    "a preference": _choose,
    "an urging": _urge,
    "a rule": _rule,
    "a plan's settings": _settings,
    "a new colleague": _join,
    "a closed account": lambda _tmp: people.set_active("lead@example.org", False, now=AFTERNOON) and None,
    "a day off": lambda _tmp: (
        days_off.set_day(person("admin"), ListedDay(date(2024, 12, 18), True, "Nghỉ bù", "CV 1"), now=AFTERNOON)
        and None
    ),
}


# Those that go other ways to the shares: by a log, by the person told, by what everybody is told by.
PLAIN = ("an entry", "a preference", "a day off")


@pytest.mark.parametrize(
    "change",
    [pytest.param(do, id=name) if name in PLAIN else long(do, id=name) for name, do in CHANGES.items()],
)
def test_a_change_wakes_what_it_is_about(change: Callable[[FileStore], None], world: Flask, tmp_path) -> None:
    change(FileStore(tmp_path))
    db.session.remove()
    awake = set(db.session.scalars(sa.select(ShareRow.id).where(ShareRow.look_at == AT_ONCE)))
    assert share(7) in awake or share(1, "truong-th-thanh-to") in awake
    would = tick(desk(world, at(LATER)), dry_run=True).messages
    assert tick_at(world, LATER).messages == would
    for morning in ("2024-12-17T08:00", "2024-12-19T08:00", "2024-12-31T08:00"):
        would = tick(desk(world, at(morning)), dry_run=True).messages
        assert tick_at(world, morning).messages == would


def test_what_is_told_in_anothers_place_is_looked_at_when_who_stands_in_chooses_anew(world: Flask) -> None:
    """The monitor is away, a colleague has their lines, and the colleague of the colleague these in turn."""
    first, second = person("partner"), person("lead")
    with transaction():
        for who, colleague in ((person("monitor"), first), (first, second)):
            preferences.put(who.id, Preference(pause=Pause(date(2024, 12, 16), date(2024, 12, 20), colleague.id)))
    tick_at(world, LATER)
    assert not looks.any_due(AFTERNOON)
    with transaction():
        preferences.put(second.id, Preference(hour=15))
    awake = set(db.session.scalars(sa.select(ShareRow.id).where(ShareRow.look_at == AT_ONCE)))
    assert awake == set(db.session.scalars(sa.select(ShareRow.id)))


def test_a_return_is_told_at_once(world: Flask, tmp_path) -> None:
    _return(FileStore(tmp_path))
    (message,) = tick_at(world, "2024-12-16T15:01").messages
    assert (message["to"], message["rule"]) == ("lead@example.org", "returned")
    assert message["subject"] == "Cần xem ngay: 1 việc bị trả lại"
    assert tick_at(world, "2024-12-16T15:02").messages == ()


def test_urgings_are_counted_per_unit() -> None:
    with transaction():
        assert urgings.add(person("monitor").id, [share(), share(7)], "Đề nghị báo cáo", AFTERNOON, key="1")
        assert urgings.add(person("monitor").id, [share()], "", AFTERNOON + timedelta(hours=1), key="2")
        assert urgings.add(person("monitor").id, [share()], "", AFTERNOON + timedelta(hours=1), key="2") is None
    counted = urgings.per_unit(1, NOW, AFTERNOON + timedelta(days=1), ZONE)[units.ids_by_code()["phong-tckh"]]
    assert (counted.urged, counted.urged_on) == (2, date(2024, 12, 16))


def test_a_tick_with_nothing_due_reads_no_share(world: Flask) -> None:
    with count_queries(db.engine) as asked:
        tick_at(world, "2024-12-16T08:30")
    reading = [query for query in asked if "FROM share" in query]
    assert len(reading) == 1
    assert "look_at <=" in reading[0]


def test_very_many_shares_are_looked_at_in_portions_and_digests_are_whole_all_the_same(
    world: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction():
        looks.wake_all()
    would = tick(desk(world, at("2024-12-23T08:00")), dry_run=True).messages
    monkeypatch.setattr(reminders, "FEW", 40)
    assert tick_at(world, "2024-12-23T08:00").messages == would
    assert would
    assert not looks.any_due(at("2024-12-23T08:00"))
