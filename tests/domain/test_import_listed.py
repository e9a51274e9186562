"""A document that lists the changed tasks alone: what it does not name stays, and what it abolishes goes."""

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from tracker.domain.differences import Difference, StoredMilestone, StoredTask, compare
from tracker.domain.import_listed import compare_listed, lacks_most, speaks_of_some
from tracker.domain.plan_document import Party, Place, ReadMilestone, ReadTask

TITLES = (
    "Rà soát cơ sở vật chất các nhà trường",
    "Tổ chức khai giảng năm học mới",
    "Bồi dưỡng thường xuyên cho giáo viên",
    "Tuyển sinh vào lớp 6 và lớp 10",
    "Tổng kết năm học, khen thưởng",
)


def task(number: str, title: str, due: date = date(2024, 9, 30), **fields: object) -> ReadTask:
    home = Party("Phòng Nội vụ", "Phòng Nội vụ", "unit", "phong-noi-vu")
    made = ReadTask(
        number, "I", title, "Báo cáo", home.name, "", (home,), (), (ReadMilestone("date", None, due),), Place()
    )
    return replace(made, **fields)  # type: ignore[arg-type]


def plan() -> list[StoredTask]:
    contents = [task(str(at), title) for at, title in enumerate(TITLES, start=1)]
    return [
        StoredTask(10 + at, at, content, (StoredMilestone(at, date(2024, 9, 30), content.milestones[0]),))
        for at, content in enumerate(contents, start=1)
    ]


def kinds(found: Difference) -> dict[str, int]:
    return dict(Counter(row.kind for row in found.rows))


def test_what_is_not_listed_stays_and_what_is_listed_changes() -> None:
    found = compare_listed(plan(), [task("2", TITLES[1], date(2024, 10, 5)), task("6", "Diễn tập phòng cháy")])
    assert kinds(found) == {"unchanged": 4, "changed": 1, "added": 1}
    assert [row.shown.number for row in found.rows] == ["1", "2", "3", "4", "5", "6"]
    assert [row.position for row in found.rows] == [1, 2, 3, 4, 5, 6]
    assert compare_listed(plan(), [task("2", TITLES[1])]).only_listed


@pytest.mark.parametrize(
    "row",
    [
        task("3", f"Bãi bỏ nhiệm vụ: {TITLES[2]}"),
        task("3", f"{TITLES[2]} (bãi bỏ)"),
        task("3", TITLES[2], extra=(("Ghi chú", "Bãi bỏ"),)),
        task("3", TITLES[2], extra=(("Ghi chú", "Hủy"),)),
        task("3", TITLES[2], milestones=(ReadMilestone("none", None, None, "", "Bỏ"),)),
        task("1", "Bãi bỏ nhiệm vụ số 3"),
        task("1", "Bỏ nhiệm vụ số 3"),
    ],
)
def test_a_row_that_abolishes_a_task_drops_it_and_nothing_else(row: ReadTask) -> None:
    found = compare_listed(plan(), [row])
    assert kinds(found) == {"unchanged": 4, "dropped": 1}
    assert [each.shown.number for each in found.rows if each.kind == "dropped"] == ["3"]


@pytest.mark.parametrize("title", ["Bỏ phiếu tín nhiệm cán bộ quản lý", "Hủy hồ sơ hết thời hạn lưu trữ"])
def test_a_task_whose_words_only_sound_like_it_is_a_new_task(title: str) -> None:
    found = compare_listed(plan(), [task("6", title)])
    assert kinds(found) == {"unchanged": 5, "added": 1}


def test_abolishing_what_is_not_there_is_told_and_does_nothing() -> None:
    found = compare_listed(plan(), [task("9", "Bãi bỏ nhiệm vụ: Hội khỏe Phù Đổng cấp thành phố")])
    assert kinds(found) == {"unchanged": 5}
    assert [each.title for each in found.unfound] == ["Hội khỏe Phù Đổng cấp thành phố"]


def test_a_number_alone_is_a_doubt_and_the_new_task_takes_a_free_number() -> None:
    found = compare_listed(plan(), [task("4", "Chuyển đổi số trong quản lý hồ sơ", date(2025, 2, 1))])
    (doubt,) = found.doubts
    assert (doubt.stored.content.number, doubt.score < 45) == ("4", True)
    assert [row.shown.number for row in found.rows if row.kind == "added"] == ["6"]
    joined = compare_listed(plan(), [doubt.read], {0: doubt.stored.id})
    assert (kinds(joined), joined.doubts) == ({"unchanged": 4, "changed": 1}, ())


def test_numbers_that_count_the_documents_own_rows_rename_nothing() -> None:
    rows = [task("1", TITLES[3], date(2025, 7, 1)), task("2", TITLES[4]), task("3", "Diễn tập phòng cháy")]
    found = compare_listed(plan(), rows)
    assert [row.shown.number for row in found.rows] == ["1", "2", "3", "4", "5", "6"]
    assert kinds(found) == {"unchanged": 4, "changed": 1, "added": 1}
    assert found.doubts == ()


def test_columns_that_the_document_lacks_stay_as_they_are() -> None:
    bare = task("2", TITLES[1], date(2024, 10, 5), group=None, product=None, leads=(), leads_as_written="")
    (changed,) = [row for row in compare_listed(plan(), [bare]).rows if row.kind == "changed"]
    assert {each.field for each in changed.changes} == {"due"}


def test_a_row_in_between_comes_where_its_number_belongs() -> None:
    found = compare_listed(plan(), [task("2a", "Ký cam kết an toàn giao thông")])
    assert [row.shown.number for row in found.rows] == ["1", "2", "2a", "3", "4", "5"]


def test_rows_left_out_change_nothing_in_either_reading() -> None:
    rows = [task("2", TITLES[1], date(2024, 10, 5)), task("6", "Diễn tập phòng cháy")]
    assert kinds(compare_listed(plan(), rows, skipped={0, 1})) == {"unchanged": 5}
    whole = compare(plan(), [each.content for each in plan()] + rows[1:], skipped={1, 5})
    assert kinds(whole) == {"unchanged": 5}


@pytest.mark.parametrize(
    ("title", "says"),
    [
        ("Quyết định sửa đổi, bổ sung một số nhiệm vụ của Kế hoạch", True),
        ("ĐIỀU CHỈNH MỘT SỐ NỘI DUNG", True),
        ("Về việc điều chỉnh, bổ sung một số nhiệm vụ", True),
        ("Phân công nhiệm vụ năm học 2024-2025 (điều chỉnh)", False),
        ("Một số nhiệm vụ trọng tâm", False),
    ],
)
def test_the_title_says_that_only_some_tasks_are_amended(title: str, says: bool) -> None:
    assert speaks_of_some(title) is says


def test_a_document_with_fewer_than_half_of_the_tasks_lacks_most() -> None:
    contents = [each.content for each in plan()]
    assert [lacks_most(compare(plan(), contents[:n])) for n in (2, 3, 5)] == [True, False, False]
