"""Rows of a revised plan find their old selves: cases as they come up in real offices."""

from dataclasses import replace
from datetime import date
from time import process_time

import pytest

from tests.support.samples import read
from tests.support.worlds import ANNEX
from tracker.domain.plan_document import Party, Place, ReadMilestone, ReadTask
from tracker.domain.row_matches import DOUBTFUL, SURE, likeness, match_rows

PLAN = read(ANNEX.name).tasks
EDUCATION = Party("Phòng GD&ĐT", "Phòng Giáo dục và Đào tạo", "unit", "phong-gddt")
FINANCE = Party("Phòng TC-KH", "Phòng Tài chính - Kế hoạch", "unit", "phong-tckh")


def month(number: int, year: int = 2024) -> ReadMilestone:
    return ReadMilestone("period", date(year, number, 1), date(year, number, 28), f"Tháng {number}/{year}", "")


def task(number: str, title: str, due: int = 8, lead: Party = EDUCATION) -> ReadTask:
    return ReadTask(number, None, title, None, lead.text, "", (lead,), (), (month(due),), Place())


FIRST = (
    task("1", "Rà soát, sửa chữa cơ sở vật chất trường học chuẩn bị năm học mới"),
    task("2", "Tổ chức khai giảng năm học 2024-2025", 9),
    task("3", "Hội thi giáo viên dạy giỏi cấp quận bậc Tiểu học", 11),
    task("4", "Sơ kết học kỳ I", 1),
    task("5", "Khám sức khỏe học sinh đợt 1", 10),
    task("6", "Tổng kết năm học 2024-2025", 5),
)

CASES = {
    "renumbered and reworded: a row came before it": (
        (*FIRST[:2], task("3", "Tập huấn chuyển đổi số cho cán bộ quản lý", 10),
            replace(FIRST[2], number="4", title="Tổ chức Hội thi giáo viên dạy giỏi bậc Tiểu học cấp quận"),
            replace(FIRST[3], number="5"), *FIRST[5:]),
        {0: 0, 1: 1, 3: 2, 4: 3, 5: 5},
        set(),
    ),
    "a longer wording in its old place": (
        (replace(FIRST[0], title="Rà soát, cải tạo, sửa chữa cơ sở vật chất các trường học, bảo đảm an toàn chuẩn bị "
            "cho năm học mới"), *FIRST[1:]),
        {at: at for at in range(6)},
        set(),
    ),
    "capitals, marks and spelling of the year": (
        (*FIRST[:1], replace(FIRST[1], number="12", title="TỔ CHỨC KHAI GIẢNG NĂM HỌC 2024 - 2025."), *FIRST[2:]),
        {at: at for at in range(6)},
        set(),
    ),
    "another date and another lead, the words the same": (
        (*FIRST[:3], task("4", "Sơ kết học kỳ I", 2, FINANCE), *FIRST[4:]),
        {at: at for at in range(6)},
        set(),
    ),
    "the same number and quite another task is another task": (
        (*FIRST[:2], task("3", "Triển khai phần mềm quản lý học bạ số", 3, FINANCE), *FIRST[3:]),
        {0: 0, 1: 1, 3: 3, 4: 4, 5: 5},
        set(),
    ),
    "the second round is not the first: a person is asked": (
        (*FIRST[:4], task("5", "Khám sức khỏe học sinh đợt 2", 3), *FIRST[5:]),
        {0: 0, 1: 1, 2: 2, 3: 3, 5: 5},
        {(4, 4)},
    ),
    "another school level in the same contest: a person is asked": (
        (*FIRST[:2], task("3", "Hội thi giáo viên dạy giỏi bậc Trung học cơ sở", 12), *FIRST[3:]),
        {0: 0, 1: 1, 3: 3, 4: 4, 5: 5},
        {(2, 2)},
    ),
    "two rows change places and one is reworded": (
        (FIRST[1], replace(FIRST[0], number="2", title="Rà soát, sửa chữa cơ sở vật chất trường học"), *FIRST[2:]),
        {0: 1, 1: 0, 2: 2, 3: 3, 4: 4, 5: 5},
        set(),
    ),
    "one row is split in two: the one that kept more words goes on": (
        (FIRST[0], FIRST[1], FIRST[2], FIRST[3], FIRST[4], task("6", "Tổng kết năm học 2024-2025 bậc Mầm non", 5),
            task("7", "Tổng kết, khen thưởng các đơn vị", 6)),
        {0: 0, 1: 1, 2: 2, 3: 3, 4: 4, 5: 5},
        set(),
    ),
    "everything new": ((task("1", "Vận động xây dựng quỹ khuyến học", 6, FINANCE),), {}, set()),
}  # fmt: skip


@pytest.mark.parametrize(("revised", "pairs", "asked"), CASES.values(), ids=CASES)
def test_a_row_is_found_again_or_asked_about_and_never_guessed(
    revised: tuple[ReadTask, ...], pairs: dict[int, int], asked: set[tuple[int, int]]
) -> None:
    found = match_rows(FIRST, revised)
    assert found.pairs == pairs
    assert {(mine, theirs) for mine, theirs, _ in found.doubts} == asked
    assert all(DOUBTFUL <= score < SURE + 10 for *_, score in found.doubts)


def test_a_person_decides_what_was_asked() -> None:
    revised = (*FIRST[:4], task("5", "Khám sức khỏe học sinh đợt 2", 3), *FIRST[5:])
    assert match_rows(FIRST, revised, {4: 4}).pairs[4] == 4
    new = match_rows(FIRST, revised, {4: None})
    assert 4 not in new.pairs
    assert new.doubts == ()


@pytest.mark.parametrize(
    ("change", "least"),
    [
        (lambda title: f"{title} trên địa bàn quận", 1.0),
        (lambda title: f"Tiếp tục {title[0].lower()}{title[1:]}", 1.0),
        (lambda title: title.replace("Tổ chức", "Tiến hành").replace("Triển khai", "Thực hiện"), 1.0),
        (lambda title: " ".join(title.split()[: max(3, len(title.split()) * 2 // 3)]), 0.9),
    ],
    ids=["a tail", "a head", "another verb", "the last third gone"],
)
def test_the_real_plan_renumbered_and_reworded_throughout(change, least: float) -> None:
    revised = [replace(each, number=str(at + 3), title=change(each.title)) for at, each in enumerate(PLAN)]
    revised.insert(5, task("99", "Xây dựng quy chế phối hợp giữa nhà trường và phụ huynh", 10))
    found = match_rows(PLAN, revised)
    wrong = {mine: theirs for mine, theirs in found.pairs.items() if mine - (mine > 5) != theirs}
    assert wrong == {}
    assert len(found.pairs) >= least * len(PLAN)


def test_each_row_of_the_real_plan_is_only_like_itself() -> None:
    others = [likeness(one.title, two.title) for one in PLAN for two in PLAN if one is not two]
    assert max(others) < 1
    for at in range(len(PLAN)):
        rest = [each for place, each in enumerate(PLAN) if place != at]
        assert match_rows(rest, (PLAN[at],)).pairs == {}, PLAN[at].title


@pytest.mark.long
def test_thousands_of_reworded_rows_take_seconds() -> None:
    many = [replace(each, number=f"{part}.{each.number}", title=f"{each.title} khu vực {part}")
            for part in range(25) for each in PLAN]  # fmt: skip
    revised = [replace(each, title=f"Tiếp tục {each.title}") for each in many]
    begun = process_time()
    found = match_rows(many, revised)
    assert process_time() - begun < 10
    assert {mine: theirs for mine, theirs in found.pairs.items() if mine != theirs} == {}
