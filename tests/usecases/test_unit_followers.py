"""People, monitors, calendars, reminders and imports follow units to their heirs, also on a day still to come."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from tests.support.unit_changes import MERGE, ON, TODAY, ZONE, cast, cut, happen, lead, plan, told
from tests.support.worlds import ANNEX, NOW
from tracker.adapters.documents import read_plan
from tracker.domain.calendar_days import day_start
from tracker.domain.errors import StaleState
from tracker.domain.feeds import Scope, ScopeKind
from tracker.domain.work import Action, Entry, State
from tracker.store import feeds, reminder_facts, units, work
from tracker.store.database import db, transaction
from tracker.store.demonstration import Line, add_log
from tracker.store.facts import milestone_lines, unit_lines
from tracker.store.logs import log_of_task, shares_of_task
from tracker.store.tables import ShareRow
from tracker.usecases.imports import import_plan
from tracker.usecases.progress import record
from tracker.usecases.unit_changes import apply_due
from tracker.web.runtime import runtime

pytestmark = pytest.mark.usefixtures("inside")


def test_people_watching_and_calendars_follow_to_the_heir():
    monitor = cast("monitor")
    assert monitor.unit_id
    scopes = [Scope(ScopeKind.PERSON, monitor.id), Scope(ScopeKind.UNIT, monitor.unit_id), Scope(ScopeKind.PLAN, 1)]
    with transaction():
        feeds.open_scopes([scope.key for scope in scopes], NOW)
    first = {scope: changed(scope) for scope in scopes}
    result = happen(MERGE)
    assert {person.email for person, code in result.people if code == "phong-vhxh"} == {
        "monitor@example.org",
        "lead@example.org",
    }
    heir = units.ref_by_code("phong-vhxh")
    assert heir
    assert cast("lead").unit_code == cast("monitor").unit_code == "phong-vhxh"
    assert heir.id in plan().monitor_unit_ids
    assert monitor.unit_id not in plan().monitor_unit_ids
    assert plan().monitor_unit_ids[0] == heir.id, "in the place of the first monitor"
    assert all(changed(scope) > first[scope] for scope in scopes)
    own = {event.number for event in feeds.feed(Scope(ScopeKind.PERSON, monitor.id), ZONE).events}
    assert own == {event.number for event in feeds.feed(Scope(ScopeKind.UNIT, heir.id), ZONE).events}
    old = feeds.feed(Scope(ScopeKind.UNIT, monitor.unit_id), ZONE).events
    assert {event.due for event in old} <= {day for event in old if (day := event.due) < ON} | {
        event.due for event in old if event.state is State.ACCEPTED
    }


def test_calendars_name_the_heir_and_only_the_milestones_concerned_move():
    """Where units are merged, one name stands for all that led before."""
    everything = Scope(ScopeKind.PLAN, 1)
    before = feeds.feed(everything, ZONE).events
    happen(MERGE)
    after = feeds.feed(everything, ZONE).events
    heir, gone = "Phòng Văn hóa - Xã hội", {"Phòng Giáo dục và Đào tạo", "Phòng Tài chính - Kế hoạch"}
    assert [event.milestone_id for event in before] == [event.milestone_id for event in after]
    for old, new in zip(before, after, strict=True):
        led = tuple(lead.name for lead in old.leads if lead.name in gone)
        assert [lead.formerly for lead in new.leads if lead.name == heir] == ([led] if led else [])
        assert gone.isdisjoint(lead.name for lead in new.leads)
        endings = db.session.scalars(db.select(ShareRow.ending).where(ShareRow.milestone_id == new.milestone_id))
        assert (new.sequence > old.sequence) == (bool(led) or "handed" in endings.all())


def changed(scope: Scope) -> datetime:
    return db.session.scalar(db.select(feeds.FeedScope.changed_at).where(feeds.FeedScope.scope == scope.key))


def test_an_event_of_a_day_to_come_waits_for_it(history):
    coming = replace(MERGE, on=date(2025, 1, 6))
    before = told(TODAY)
    result = happen(coming)
    assert result.waits
    assert told(TODAY) == before
    assert cast("lead").unit_code == "phong-tckh"
    assert lead("7")[0].unit.code == "phong-tckh"
    assert lead("7", date(2025, 1, 6))[0].unit.code == "phong-vhxh"
    own = {event.number for event in feeds.feed(Scope(ScopeKind.PERSON, cast("lead").id), ZONE).events}
    assert "7" in own, "what falls due in the unit's own time stays in its calendar"
    person, share = replace(cast("lead"), unit_id=units.ids_by_code()["phong-vhxh"]), lead("7", date(2025, 1, 6))[0]
    with pytest.raises(StaleState, match="từ ngày 06/01/2025"):
        record(person, share.id, Entry(Action.PROGRESS, 9), NOW, files=runtime().files, zone=ZONE)
    history.record("lead", "7", Action.PROGRESS, date(2024, 12, 20), percent=80)
    assert apply_due(NOW, ZONE) == 0
    assert apply_due(day_start(date(2025, 1, 6), ZONE), ZONE) == 1
    assert apply_due(day_start(date(2025, 1, 7), ZONE), ZONE) == 0
    db.session.remove()
    assert cast("lead").unit_code == "phong-vhxh"
    assert lead("7", date(2025, 1, 6))[0].facts.percent == 80


def test_joined_logs_are_looked_at_again_when_the_day_has_come():
    """When the event is recorded neither unit has begun; by its day one is done, and what the other owes must lead."""
    ids, number, day = units.ids_by_code(), "17", date(2025, 1, 6)

    def shares(code: str, on: date):
        return [line.share for line in unit_lines(plan(), ids[code], cut(on)) if line.number == number]

    before = [*shares("phong-gddt", TODAY), *shares("phong-noi-vu", TODAY)]
    assert [share.part for share in before] == ["partner", "partner"]
    happen(replace(MERGE, units=("phong-noi-vu",), heirs=("phong-gddt",), founded=(), on=day))
    (joined,) = shares("phong-gddt", day)
    done, actions = min(share.id for share in before), (Action.SUBMIT, Action.ACCEPT)
    states = (State.SUBMITTED, State.ACCEPTED)
    with transaction():
        add_log(
            Line(done, version, cast("office").id, NOW, Entry(action), state, 100)
            for version, (action, state) in enumerate(zip(actions, states, strict=True), start=1)
        )
    assert [share.facts.state for share in shares("phong-gddt", day)] == [State.ACCEPTED]
    assert apply_due(day_start(day, ZONE), ZONE) == 1
    db.session.remove()
    (joined,) = shares("phong-gddt", day)
    assert joined.facts.state is State.NOT_STARTED
    task = next(line for line in milestone_lines(plan(), cut(day)) if line.number == number).task_id
    assert len(log_of_task(shares_of_task(task, cut(day)), cut(day), None, 50)[joined.id]) == 2, (
        "the log of what was done stands beside it"
    )


def test_reminders_go_to_the_heir():
    owed = {share.unit_id for share in reminder_facts.owed(NOW, ZONE)}
    old = units.ids_by_code()["phong-tckh"]
    assert old in owed
    happen(MERGE)
    owed = {share.unit_id for share in reminder_facts.owed(NOW, ZONE)}
    assert old not in owed
    assert units.ids_by_code()["phong-vhxh"] in owed


@pytest.mark.long
def test_a_plan_imported_again_still_means_the_heir():
    happen(MERGE)
    before = told(TODAY)
    document = read_plan(ANNEX.read_bytes(), ANNEX.name, units.directory())
    assert import_plan(document, now=NOW, accept_defaults=True, zone=ZONE).changes_nothing
    assert told(TODAY) == before
    first = document.tasks[0]
    fewer = replace(document, tasks=(replace(first, partners=first.partners[:1]), *document.tasks[1:]))
    import_plan(fewer, now=NOW, plan_id=1, accept_defaults=True, zone=ZONE)
    db.session.remove()
    assert lead("1")[0].unit.code == "phong-vhxh"
    share = work.share_now(lead("1")[0].id)
    assert share.part == "lead"
