"""What may become of a unit, whose log leads, and who stands in a unit's place."""

from dataclasses import replace
from datetime import date

import pytest

from tracker.domain.errors import Refused
from tracker.domain.unit_events import (
    Change,
    Decision,
    Doing,
    EventKind,
    LoggedShare,
    check,
    check_decision,
    default_decision,
    ended,
    heirs_on,
    leading_log,
)
from tracker.domain.units import Directory, Group, Unit
from tracker.domain.work import State

ON = date(2025, 7, 1)
DIRECTORY = Directory(
    [
        Unit("a", "Phòng A", "A"),
        Unit("b", "Phòng B"),
        Unit("young", "Phòng Mới", starts_on=date(2025, 8, 1)),
        Unit("gone", "Phòng Cũ", ends_on=date(2025, 1, 31), successors=("b",)),
    ],
    [Group("all", "các phòng", "open")],
)
MERGE = Change(EventKind.MERGE, ON, "Nghị quyết 1", ("a",), ("b",))
SPLIT = Change(EventKind.SPLIT, ON, "Nghị quyết 1", ("a",), ("b", "c"), (Unit("c", "Phòng C"),), ends=True)
RENAME = Change(EventKind.RENAME, ON, "Nghị quyết 1", ("a",), name="Phòng Văn hóa")
DISSOLVE = Change(EventKind.DISSOLVE, ON, "Nghị quyết 1", ("a",))
TAKEOVER = Change(EventKind.TAKEOVER, ON, "Nghị quyết 1", ("a",), ("b",))


@pytest.mark.parametrize("change", [MERGE, SPLIT, RENAME, DISSOLVE, TAKEOVER, replace(TAKEOVER, units=("gone",))])
def test_what_can_be(change):
    check(change, DIRECTORY, {"a": date(2025, 7, 1)})


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (replace(MERGE, heirs=("a",)), "vào chính nó"),
        (replace(MERGE, units=("a", "b")), "vào chính nó"),
        (replace(MERGE, units=("a", "a")), "nêu hai lần"),
        (replace(MERGE, units=()), "ít nhất một đơn vị"),
        (replace(MERGE, units=("x",)), "Không có đơn vị với mã “x”"),
        (replace(MERGE, units=("all",)), "Không có đơn vị với mã “all”"),
        (replace(MERGE, heirs=("x",)), "Không có đơn vị với mã “x”"),
        (replace(MERGE, heirs=()), "đúng một đơn vị nhận"),
        (replace(MERGE, document="  "), "văn bản quyết định"),
        (replace(MERGE, document="x" * 301), "dài quá 300"),
        (replace(MERGE, on=date(1000, 1, 1)), "xem lại năm"),
        (replace(MERGE, units=("gone",)), "Phòng Cũ đã kết thúc từ sau ngày 31/01/2025"),
        (replace(MERGE, heirs=("gone",)), "không nhận việc được"),
        (replace(MERGE, units=("young",)), "Phòng Mới thành lập ngày 01/08/2025"),
        (replace(MERGE, heirs=("young",)), "trước khi có đơn vị"),
        (replace(MERGE, on=date(2025, 2, 28)), "đã có sự kiện ngày 01/03/2025"),
        (replace(SPLIT, heirs=(), founded=()), "ít nhất hai đơn vị"),
        (replace(SPLIT, heirs=("b",), founded=()), "ít nhất hai đơn vị"),
        (replace(DISSOLVE, heirs=("b",)), "không có đơn vị nhận"),
        (replace(TAKEOVER, units=("a", "gone")), "Chỉ sáp nhập"),
        (replace(RENAME, name="Phòng A"), "đều như cũ"),
        (replace(RENAME, name=None), "đều như cũ"),
        (replace(RENAME, name=" "), "tên mới"),
        (replace(RENAME, name="Phòng B"), "đã là tên gọi của “Phòng B”"),
        (replace(RENAME, parent="a"), "cấp trên của chính nó"),
        (replace(RENAME, parent="x"), "Không có đơn vị với mã “x”"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(change, sentence):
    with pytest.raises(Refused) as refused:
        check(change, DIRECTORY, {"a": date(2025, 3, 1)})
    assert sentence in refused.value.text()


def test_merged_and_dissolved_units_end_renamed_ones_do_not():
    assert [ended(each) for each in (MERGE, SPLIT, DISSOLVE, RENAME, TAKEOVER)] == [True, True, True, False, False]
    assert ended(replace(TAKEOVER, ends=True))
    assert not ended(replace(SPLIT, ends=False))


def test_shares_go_to_the_one_heir_and_else_stay():
    assert default_decision(MERGE) == Decision(Doing.HAND, "b")
    assert default_decision(TAKEOVER) == Decision(Doing.HAND, "b")
    assert {default_decision(each).doing for each in (SPLIT, DISSOLVE)} == {Doing.LEAVE}


@pytest.mark.parametrize(
    ("decision", "sentence"),
    [
        (Decision(Doing.HAND, "young"), "“young” không phải đơn vị nhận"),
        (Decision(Doing.HAND), "không phải đơn vị nhận"),
        (Decision(Doing.CLOSE), "lý do"),
        (Decision(Doing.CANCEL, None, "  "), "lý do"),
    ],
)
def test_a_decision_needs_an_heir_of_the_event_or_a_reason(decision, sentence):
    with pytest.raises(Refused, match=sentence):
        check_decision(decision, MERGE)
    check_decision(Decision(Doing.CANCEL, None, "Không còn phù hợp"), MERGE)


def share(number: int, part: str, state: State, percent: int = 0) -> LoggedShare:
    return LoggedShare(number, number, part, None, number, state, percent)


@pytest.mark.parametrize(
    ("shares", "leads"),
    [
        ([share(1, "partner", State.IN_PROGRESS), share(2, "lead", State.ACCEPTED)], 2),
        ([share(1, "lead", State.ACCEPTED), share(2, "lead", State.NOT_STARTED)], 2),
        ([share(1, "lead", State.SUBMITTED), share(2, "lead", State.IN_PROGRESS, 90)], 2),
        ([share(1, "lead", State.IN_PROGRESS, 70), share(2, "lead", State.IN_PROGRESS, 20)], 2),
        ([share(1, "former", State.IN_PROGRESS), share(2, "partner", State.NOT_STARTED)], 2),
        ([share(2, "lead", State.NOT_STARTED), share(1, "lead", State.NOT_STARTED)], 1),
    ],
)
def test_of_joined_shares_the_log_goes_on_that_is_still_owed(shares, leads):
    assert leading_log(shares).id == leads


def test_heirs_are_followed_to_those_that_stand_on_the_day():
    events = [(date(2025, 7, 1), 1, (2, 3)), (date(2025, 9, 1), 2, (4,)), (date(2025, 9, 1), 3, ())]
    assert heirs_on(events, 1, date(2025, 6, 30)) == ()
    assert heirs_on(events, 1, date(2025, 7, 1)) == (2, 3)
    assert heirs_on(events, 1, date(2025, 9, 1)) == (4,)
    assert heirs_on(events, 3, date(2025, 9, 1)) == ()


def test_a_directory_knows_who_stands_for_a_unit_that_ended():
    assert DIRECTORY.heirs("gone", date(2025, 1, 31)) == ("gone",)
    assert DIRECTORY.heirs("gone", date(2025, 2, 1)) == ("b",)
    assert DIRECTORY.heirs("all", ON) == ()
