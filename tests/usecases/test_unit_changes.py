"""Units change in mid-plan: their shares and logs follow, and earlier days stay as they were."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from tests.support.unit_changes import (
    DISSOLVE,
    LAST,
    MERGE,
    ON,
    TODAY,
    ZONE,
    cast,
    cut,
    happen,
    lead,
    log,
    plan,
    told,
)
from tests.support.worlds import NOW
from tracker.cli.plan_status import status_json
from tracker.domain.amendments import Held
from tracker.domain.errors import Forbidden, Refused, StaleState
from tracker.domain.status import Cell, Ending
from tracker.domain.unit_events import Change, Decision, Doing, EventKind
from tracker.domain.units import Unit
from tracker.domain.work import Action, Entry, State
from tracker.store import reminder_facts, unit_history, units
from tracker.store.facts import milestone_lines, task_lines, unit_lines
from tracker.usecases.progress import record
from tracker.usecases.unit_changes import STAYS, Choices
from tracker.web.runtime import runtime

pytestmark = pytest.mark.usefixtures("inside")


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
    partners = {each.unit.code for each in task_lines(plan(), [task.task_id], cut(TODAY), Held()).partners[task.id]}
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
    assert reminder_facts.owed(NOW, UTC)
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
    called = unit_history.standing(TODAY).now_called(units.ids_by_code()["phong-tckh"])
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
