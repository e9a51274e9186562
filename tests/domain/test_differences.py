"""The difference between a stored plan and a document: rows matched, fields compared."""

from dataclasses import replace
from datetime import date

import pytest

from tracker.domain.differences import FieldChange, StoredMilestone, StoredTask, compare, due_after
from tracker.domain.plan_document import Party, Place, ReadMilestone, ReadTask

AUGUST = ReadMilestone("period", date(2024, 8, 1), date(2024, 8, 31), "Tháng 8/2024", "Tháng 8/2024")
MAY = ReadMilestone("period", date(2025, 5, 1), date(2025, 5, 31), "T5/2025", "T5/2025")
FINANCE = Party("Phòng TC-KH", "Phòng Tài chính - Kế hoạch", "unit", "phong-tckh")
HOME = Party("Phòng Nội vụ", "Phòng Nội vụ", "unit", "phong-noi-vu")


def task(number: str, title: str, *milestones: ReadMilestone, leads: tuple[Party, ...] = (FINANCE,)) -> ReadTask:
    return ReadTask(number, None, title, None, "Phòng TC-KH", "", leads, (), milestones or (AUGUST,), Place())


def stored(*tasks: ReadTask, dropped: date | None = None) -> list[StoredTask]:
    return [
        StoredTask(
            id=at,
            position=at,
            content=each,
            milestones=tuple(StoredMilestone(at * 10 + n, m.due, m) for n, m in enumerate(each.milestones)),
            dropped_on=dropped,
        )
        for at, each in enumerate(tasks, start=1)
    ]


PLAN = (task("1", "Rà soát cơ sở vật chất"), task("2", "Khai giảng"), task("3", "Sơ kết học kỳ I"))


def kinds(before: list[StoredTask], after: tuple[ReadTask, ...]) -> list[tuple[str, str, int | None]]:
    return [(row.kind, row.shown.number, row.stored.id if row.stored else None) for row in compare(before, after).rows]


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (PLAN, [("unchanged", "1", 1), ("unchanged", "2", 2), ("unchanged", "3", 3)]),
        (PLAN[:2], [("unchanged", "1", 1), ("unchanged", "2", 2), ("dropped", "3", 3)]),
        (
            (*PLAN, task("4", "Tổng kết")),
            [("unchanged", "1", 1), ("unchanged", "2", 2), ("unchanged", "3", 3), ("added", "4", None)],
        ),
        (
            (PLAN[0], task("2", "Việc mới"), task("3", "Khai giảng"), task("4", "Sơ kết học kỳ I")),
            [("unchanged", "1", 1), ("added", "2", None), ("changed", "3", 2), ("changed", "4", 3)],
        ),
        (
            (PLAN[0], task("2", "Tổ chức lễ khai giảng năm học mới"), PLAN[2]),
            [("unchanged", "1", 1), ("changed", "2", 2), ("unchanged", "3", 3)],
        ),
        ((PLAN[2], PLAN[1], PLAN[0]), [("unchanged", "3", 3), ("unchanged", "2", 2), ("unchanged", "1", 1)]),
        (
            (task("1", "RÀ SOÁT cơ sở  vật chất"), *PLAN[1:]),
            [("changed", "1", 1), ("unchanged", "2", 2), ("unchanged", "3", 3)],
        ),
    ],
    ids=["same", "one gone", "one more", "inserted and renumbered", "reworded", "moved", "only the capitals"],
)
def test_the_same_task_is_found_again(after: tuple[ReadTask, ...], expected: list[tuple[str, str, int | None]]) -> None:
    assert kinds(stored(*PLAN), after) == expected


def test_a_dropped_task_comes_back_by_its_title_and_never_by_its_number() -> None:
    gone = stored(PLAN[0], dropped=date(2024, 9, 1))
    assert kinds(gone, (task("1", "Việc khác"),)) == [("added", "1", None)]
    (row,) = compare(gone, (PLAN[0],)).rows
    assert (row.kind, row.changes) == ("changed", (FieldChange("dropped_on", "2024-09-01", ""),))


def test_every_field_that_differs_is_told_with_old_and_new() -> None:
    later = replace(AUGUST, due=date(2024, 9, 30), due_as_written="Tháng 9/2024")
    new = replace(
        task("1a", "Rà soát", later, leads=(HOME,)), product="Báo cáo", group="I", extra=(("Ghi chú", "gấp"),)
    )
    (row,) = compare(stored(task("1a", "Rà soát cơ sở")), (replace(new, number="1a", group=None),), {0: 1}).rows
    assert [(each.field, each.old, each.new, each.milestone) for each in row.changes] == [
        ("title", "Rà soát cơ sở", "Rà soát", None),
        ("product", "", "Báo cáo", None),
        ("extra", "", "Ghi chú: gấp", None),
        ("leads", "Phòng Tài chính - Kế hoạch", "Phòng Nội vụ", None),
        ("due", "2024-08-31", "2024-09-30", 1),
        ("due_as_written", "Tháng 8/2024", "Tháng 9/2024", 1),
    ]


def test_a_task_that_loses_its_first_of_two_milestones_keeps_the_second() -> None:
    (row,) = compare(stored(task("25", "Kiểm tra", AUGUST, MAY)), (task("25", "Kiểm tra", MAY),)).rows
    assert [(pair.stored.id if pair.stored else None, pair.read) for pair in row.milestones] == [(11, MAY), (10, None)]
    assert [(each.field, each.new) for each in row.changes] == [("milestone", "")]


def test_a_task_that_gains_a_milestone_tells_so() -> None:
    (row,) = compare(stored(task("25", "Kiểm tra", MAY)), (task("25", "Kiểm tra", AUGUST, MAY),)).rows
    assert [(pair.stored.id if pair.stored else None, pair.read) for pair in row.milestones] == [
        (None, AUGUST),
        (10, MAY),
    ]
    assert row.changes == (FieldChange("milestone", "", "2024-08-01 – 2024-08-31", 1),)


def test_an_extension_granted_since_stands_while_the_document_says_what_it_first_said() -> None:
    granted = date(2024, 9, 15)
    (before,) = stored(task("1", "Rà soát"))
    moved = replace(before.milestones[0], content=replace(AUGUST, due=granted))
    extended = replace(before, content=replace(before.content, milestones=(moved.content,)), milestones=(moved,))
    (same,) = compare([extended], (task("1", "Rà soát"),)).rows
    assert (same.kind, due_after(same.milestones[0])) == ("unchanged", granted)
    october = replace(AUGUST, due=date(2024, 10, 31), due_as_written="Tháng 10/2024")
    (revised,) = compare([extended], (task("1", "Rà soát", october),)).rows
    assert (revised.kind, due_after(revised.milestones[0])) == ("changed", date(2024, 10, 31))
