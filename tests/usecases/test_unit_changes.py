"""Units change in mid-plan: shares, logs, people, watching, calendars and reminders follow; earlier days stay."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from tests.support.history import History
from tests.support.worlds import ANNEX, NOW
from tracker.adapters.documents import read_plan
from tracker.cli.plan_status import status_json, status_lines
from tracker.domain.calendar_days import day_end, day_start
from tracker.domain.errors import Forbidden, Refused, StaleState
from tracker.domain.feeds import Scope, ScopeKind
from tracker.domain.status import Cell, Ending
from tracker.domain.unit_events import Change, Decision, Doing, EventKind
from tracker.domain.units import Unit
from tracker.domain.work import Action, Entry, State
from tracker.store import feeds, people, plans, reminders, unit_history, units, work
from tracker.store.database import db, transaction
from tracker.store.demonstration import Line, add_log
from tracker.store.facts import CutOff, milestone_lines, partner_shares, unit_lines
from tracker.store.logs import log_of_task
from tracker.usecases.imports import import_plan
from tracker.usecases.progress import record
from tracker.usecases.unit_changes import NO_CHOICES, STAYS, Choices, apply_due, change_units
from tracker.web.runtime import runtime

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
ON = date(2024, 12, 10)
LAST = date(2024, 12, 9)
TODAY = date(2024, 12, 16)
HEIR = Unit("phong-vhxh", "Phòng Văn hóa - Xã hội", "Phòng VH-XH", "department", "ward")
MERGE = Change(
    EventKind.MERGE, ON, "Nghị quyết số 202/2025/QH15", ("phong-gddt", "phong-tckh"), ("phong-vhxh",), (HEIR,)
)
DISSOLVE = Change(EventKind.DISSOLVE, ON, "QĐ 7", ("phong-tckh",))


@pytest.fixture
def history(world: Flask) -> History:
    return History(world)


@pytest.fixture(autouse=True)
def inside(world: Flask):
    with world.app_context():
        yield


def happen(change: Change, choices: Choices = NO_CHOICES, **other):
    result = change_units(
        change, choices, person=other.pop("person", None), now=other.pop("now", NOW), zone=ZONE, **other
    )
    db.session.remove()
    return result


def cut(day: date) -> CutOff:
    return CutOff(day, day_end(day, ZONE), ZONE)


def plan():
    found = plans.current()
    assert found
    return found


def told(day: date) -> str:
    return json.dumps(status_json(plan(), cut(day)), ensure_ascii=False) + "\n".join(status_lines(plan(), cut(day)))


def lead(number: str, day: date = TODAY):
    """The lead shares of the first milestone of a task."""
    return next(line for line in milestone_lines(plan(), cut(day)) if line.number == number).leads


def cast(name: str):
    found = people.by_email(f"{name}@example.org")
    assert found
    return found.person


def log(number: str, day: date = TODAY):
    line = next(line for line in milestone_lines(plan(), cut(day)) if line.number == number)
    return log_of_task(line.task_id, cut(day), None, 50)[line.leads[0].id]


def test_a_merge_hands_the_open_shares_to_the_heir_and_leaves_earlier_days_byte_for_byte(history):
    history.done("lead", "1", date(2024, 8, 30), "monitor", "phong-tckh")
    before = {day: told(day) for day in (date(2024, 9, 1), date(2024, 12, 1), LAST)}
    result = happen(MERGE)
    assert {day: told(day) for day in before} == before
    assert result.event_id
    assert {decision.doing for _share, decision in result.shares} == {Doing.HAND}
    open_before = {share.id for share, _ in result.shares}
    assert lead("7")[0].unit.code == "phong-vhxh"
    assert lead("7", LAST)[0].unit.code == "phong-tckh"
    assert lead("1")[0].unit.code == "phong-tckh", "what is done stays with the unit that did it"
    heir = units.ref_by_code("phong-vhxh")
    assert heir
    shares = unit_lines(plan(), heir.id, cut(TODAY))
    assert len({line.milestone_id for line in shares}) == len(shares)
    assert len(shares) < len(open_before), "both units had shares of some milestones; the heir has one of each"
    assert sum(status_json(plan(), cut(TODAY))["cells"].values()) == 42


def test_two_logs_stand_side_by_side_with_the_former_units_on_their_lines(history):
    history.record("monitor", "7", Action.PROGRESS, date(2024, 8, 5), result="Phối hợp rà soát", percent=30)
    history.record("lead", "7", Action.PROGRESS, date(2024, 8, 6), result="Đã hướng dẫn", percent=60)
    happen(MERGE)
    share = lead("7")[0]
    assert (share.part, share.facts.percent, share.facts.entries) == ("lead", 60, 1), "the lead's log goes on"
    assert [(line.result, line.former_unit) for line in log("7")] == [
        ("Đã hướng dẫn", "Phòng Tài chính - Kế hoạch"),
        ("Phối hợp rà soát", "Phòng Giáo dục và Đào tạo"),
    ]
    task = next(line for line in milestone_lines(plan(), cut(TODAY)) if line.number == "7")
    partners = {each.unit.code for each in partner_shares(plan(), [task], cut(TODAY)).get(task.id, ())}
    assert partners.isdisjoint({"phong-gddt", "phong-vhxh"})
    record(cast("lead"), share.id, Entry(Action.SUBMIT, result="Xong"), NOW, files=runtime().files, zone=ZONE)
    assert log("7")[0].former_unit == "", "the heir's own line needs no other name"
    assert lead("7")[0].facts.state is State.SUBMITTED
    assert [line.former_unit for line in log("7", LAST)] == [""], "on an earlier day it is the unit's own log"


def test_a_share_that_was_handed_on_takes_no_more_lines(history):
    old = lead("7", LAST)[0]
    happen(MERGE)
    with pytest.raises(StaleState, match="đã chuyển cho đơn vị khác"):
        record(
            replace(cast("lead"), unit_id=old.unit.id),
            old.id,
            Entry(Action.PROGRESS, 50),
            NOW,
            files=runtime().files,
            zone=ZONE,
        )


def test_a_dry_run_tells_the_same_and_writes_nothing():
    before, known = told(TODAY), len(units.directory().units)
    shown = happen(MERGE, dry_run=True)
    assert shown.event_id is None
    assert (told(TODAY), len(units.directory().units)) == (before, known)
    done = happen(MERGE)
    assert done.as_json() | {"event": None, "dry_run": True} == shown.as_json()
    assert json.dumps(shown.as_json())


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


def changed(scope: Scope) -> datetime:
    return db.session.scalar(db.select(feeds.FeedScope.changed_at).where(feeds.FeedScope.scope == scope.key))


def test_a_person_may_stay_and_a_share_be_closed_cancelled_or_left():
    lines = [share for share, _ in happen(MERGE, dry_run=True).shares if share.unit_code == "phong-tckh"]
    closed, cancelled, left = (share.id for share in lines[:3])
    reason = "Theo quyết định của quận"
    choices = Choices(
        {
            closed: Decision(Doing.CLOSE, None, reason),
            cancelled: Decision(Doing.CANCEL, None, reason),
            left: Decision(Doing.LEAVE),
        },
        {cast("lead").id: STAYS},
    )
    happen(MERGE, choices)
    assert cast("lead").unit_code == "phong-tckh"
    gone = units.ref_by_code("phong-tckh")
    assert gone
    stay = {line.share.id: line.share.status for line in unit_lines(plan(), gone.id, cut(TODAY))}
    assert [stay[each].ended for each in (closed, cancelled, left)] == [
        Ending.CLOSED,
        Ending.CANCELLED,
        Ending.ORPHANED,
    ]
    assert {stay[each].cell for each in (closed, cancelled, left)} == {Cell.NO_DATE}
    earlier = {line.share.id: line.share.status for line in unit_lines(plan(), gone.id, cut(LAST))}
    assert [earlier[each].ended for each in (closed, cancelled, left)] == [None] * 3


def test_a_unit_gone_without_an_heir_leaves_flagged_shares_out_of_the_late_count():
    late = status_json(plan(), cut(LAST))["cells"]["overdue"]
    assert [share.status.cell for share in lead("7", LAST)] == [Cell.OVERDUE]
    happen(DISSOLVE)
    flagged = lead("7")[0].status
    assert (flagged.cell, flagged.ended, flagged.days_late) == (Cell.NO_DATE, Ending.ORPHANED, 0)
    assert status_json(plan(), cut(LAST))["cells"]["overdue"] == late
    (gone,) = unit_history.ended_units(plan(), cut(TODAY))
    assert (gone.unit.code, gone.ends_on, gone.heirs, gone.waiting) == ("phong-tckh", LAST, (), 4)
    assert unit_history.ended_units(plan(), cut(LAST)) == []
    assert reminders.owed(date(2025, 1, 1), NOW, TODAY)
    taken = happen(Change(EventKind.TAKEOVER, date(2024, 12, 12), "QĐ 8", ("phong-tckh",), ("phong-noi-vu",)))
    assert len(taken.shares) == 4
    assert lead("7")[0].unit.code == "phong-noi-vu"
    assert lead("7", date(2024, 12, 11))[0].status.ended is Ending.ORPHANED
    assert lead("7")[0].status.cell is Cell.OVERDUE
    directory = units.directory()
    assert directory.heirs("phong-tckh", TODAY) == ("phong-noi-vu",)
    assert unit_history.ended_units(plan(), cut(TODAY))[0].waiting == 0


def test_a_split_gives_each_share_where_it_is_decided():
    new = (
        Unit("phong-tc", "Phòng Tài chính", kind="department"),
        Unit("phong-kh", "Phòng Kế hoạch", kind="department"),
    )
    split = Change(EventKind.SPLIT, ON, "QĐ 9", ("phong-tckh",), ("phong-tc", "phong-kh"), new, ends=True)
    shares = [share for share, decision in happen(split, dry_run=True).shares if decision.doing is Doing.LEAVE]
    assert len(shares) == 4
    choices = Choices(
        {shares[0].id: Decision(Doing.HAND, "phong-kh")},
        {cast("lead").id: "phong-tc"},
        Decision(Doing.HAND, "phong-tc"),
    )
    happen(split, choices)
    assert cast("lead").unit_code == "phong-tc"
    owners = {code: len(unit_lines(plan(), units.ids_by_code()[code], cut(TODAY))) for code in split.heirs}
    assert owners == {"phong-tc": 3, "phong-kh": 1}
    assert units.directory().get("phong-tckh").successors == ("phong-tc", "phong-kh")  # type: ignore[union-attr]
    called = unit_history.now_called(units.ids_by_code().values(), TODAY)[units.ids_by_code()["phong-tckh"]]
    assert [unit.name for unit in called] == ["Phòng Tài chính", "Phòng Kế hoạch"]


def test_a_rename_holds_from_its_day_and_old_names_are_still_understood():
    before = told(LAST)
    happen(Change(EventKind.RENAME, ON, "QĐ 1", ("phong-tckh",), name="Phòng Á Đầu Bảng", short_name="PAĐB", parent=""))
    assert told(LAST) == before
    assert lead("7", LAST)[0].unit.label == "Phòng TC-KH"
    assert lead("7")[0].unit.label == "PAĐB"
    assert "Phòng Á Đầu Bảng" in told(ON)
    known = units.directory()
    assert known.find("Phòng Tài chính - Kế hoạch") == known.find("Phòng TC-KH") == known.get("phong-tckh")
    names = unit_history.of_unit(units.ids_by_code()["phong-tckh"]).names
    assert [(each.name, each.starts_on, each.ends_on) for each in names] == [
        ("Phòng Tài chính - Kế hoạch", None, LAST),
        ("Phòng Á Đầu Bảng", ON, None),
    ]
    assert names[0].parent is not None
    assert names[0].parent.code == "ubnd-quan-hai-an"
    assert names[1].parent is None


def test_two_renames_on_one_day_leave_one_name_behind():
    rename = Change(EventKind.RENAME, ON, "QĐ 1", ("phong-tckh",), name="Phòng Một")
    happen(rename)
    happen(replace(rename, name="Phòng Hai"))
    history = unit_history.of_unit(units.ids_by_code()["phong-tckh"])
    assert [each.name for each in history.names] == ["Phòng Tài chính - Kế hoạch", "Phòng Hai"]
    assert [event.kind for event in history.events] == [EventKind.RENAME] * 2
    with pytest.raises(Refused, match="đã có sự kiện ngày 10/12/2024"):
        happen(replace(rename, on=LAST, name="Phòng Ba"))


def test_units_below_one_that_ends_go_under_its_heir():
    heir = Unit("ubnd-phuong-hai-an", "Ủy ban nhân dân phường Hải An", kind="people-committee", level="ward")
    happen(Change(EventKind.MERGE, ON, "NQ", ("ubnd-quan-hai-an",), (heir.code,), (heir,)))
    history = unit_history.of_unit(units.ids_by_code()["phong-y-te"])
    assert [each.parent.code for each in history.names if each.parent] == ["ubnd-quan-hai-an", "ubnd-phuong-hai-an"]


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
    assert len(log_of_task(task, cut(day), None, 50)[joined.id]) == 2, "the log of what was done stands beside it"


def test_reminders_go_to_the_heir():
    owed = {share.unit_id for share in reminders.owed(date(2025, 1, 1), NOW, TODAY)}
    old = units.ids_by_code()["phong-tckh"]
    assert old in owed
    happen(MERGE)
    owed = {share.unit_id for share in reminders.owed(date(2025, 1, 1), NOW, TODAY)}
    assert old not in owed
    assert units.ids_by_code()["phong-vhxh"] in owed


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


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("choices", "sentence"),
    [
        (Choices({999_999: Decision(Doing.LEAVE)}, {}), "Phần việc số 999999"),
        (Choices({}, {}, Decision(Doing.HAND, "phong-y-te")), "không phải đơn vị nhận"),
        (Choices({}, {}, Decision(Doing.CANCEL)), "lý do"),
        (Choices({}, {1: "phong-y-te", 2: "phong-y-te", 4: "phong-y-te"}), "không phải đơn vị nhận"),
    ],
)
def test_a_choice_that_cannot_be_is_refused_with_nothing_written(choices, sentence):
    before = told(TODAY)
    with pytest.raises(Refused) as refused:
        happen(MERGE, choices)
    assert sentence in refused.value.text()
    assert told(TODAY) == before
    assert units.ref_by_code("phong-vhxh") is None


@pytest.mark.one_database
def test_only_administrators_and_monitors_may():
    for name in ("lead", "partner", "leader"):
        with pytest.raises(Forbidden):
            happen(DISSOLVE, person=cast(name))
    for name in ("admin", "office"):
        happen(DISSOLVE, person=cast(name), dry_run=True)


@pytest.mark.one_database
def test_who_recorded_it_and_under_which_document_is_kept():
    happen(
        replace(DISSOLVE, document_date=date(2024, 12, 1)),
        person=cast("office"),
        now=datetime(2024, 12, 16, tzinfo=UTC),
    )
    (event,) = unit_history.of_unit(units.ids_by_code()["phong-tckh"]).events
    assert (event.kind, event.on, event.document, event.document_date) == (
        EventKind.DISSOLVE,
        ON,
        "QĐ 7",
        date(2024, 12, 1),
    )
    assert event.person_name == "Lê Văn Phòng"
