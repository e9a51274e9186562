"""Rows with odd numbers and rows without: a number is proposed and asked about, nothing is dropped."""

import pytest

from tests.domain.reading.grids import codes, plan
from tracker.domain.reading.numbers import is_number, is_total, label_of, mark_of, next_number, style_of, sub_number

REST = "Phòng Nội vụ | | | Tháng 9/2024"


def numbers(document):
    return [(task.number, task.title) for task in document.tasks]


def rows(*begun: str) -> str:
    return "\n".join(f"{each} | {REST}" for each in begun)


@pytest.mark.parametrize(
    ("labels", "proposed"),
    [
        (("1", "", "2"), ["1", "1.1", "2"]),
        (("1", "", "3"), ["1", "2", "3"]),
        (("1", "", "", "4"), ["1", "2", "3", "4"]),
        (("1", "", "", "2"), ["1", "1.1", "1.2", "2"]),
        (("1", "2", ""), ["1", "2", "3"]),
        (("", "1"), ["0.1", "1"]),
        (("", "2"), ["1", "2"]),
        (("1.1", "", "1.3"), ["1.1", "1.2", "1.3"]),
        (("1", "", "1.1", "2"), ["1", "1.2", "1.1", "2"]),
    ],
)
def test_a_row_without_a_number_gets_the_next_free_one_and_a_question(labels, proposed):
    found = plan(rows(*(f"{label} | Việc thứ {at}" for at, label in enumerate(labels))))

    assert [task.number for task in found.tasks] == proposed
    assert [task.title for task in found.tasks] == [f"Việc thứ {at}" for at in range(len(labels))]
    asked = [each for each in found.findings if each.code == "row-without-number"]
    assert [each.task for each in asked] == [new for old, new in zip(labels, proposed, strict=True) if not old]
    assert all(each.severity == "question" and each.column == "number" and each.place.row for each in asked)
    assert not found.errors


def test_a_row_without_a_number_says_where_it_stands_and_what_it_holds():
    found = plan(rows("1 | Khai giảng", " | Hội thi giáo viên", "2 | Tổng kết"))
    asked = next(each for each in found.findings if each.code == "row-without-number")

    assert "Dòng 3 có nội dung “Hội thi giáo viên”" in asked.text()
    assert "tạm đánh số 1.1" in asked.text()
    assert asked.place == found.tasks[1].place


@pytest.mark.parametrize("heading", ["Nội dung công việc | Đơn vị chủ trì | Thời hạn", None])
def test_a_table_without_any_numbers_is_numbered_by_position_and_says_so(heading):
    if heading:
        found = plan(
            "Khai giảng | Phòng Nội vụ | Tháng 9/2024\nTổng kết | Phòng Nội vụ | Tháng 5/2025", heading=heading
        )
    else:
        found = plan(rows(" | Khai giảng", " | Tổng kết"))

    assert numbers(found) == [("1", "Khai giảng"), ("2", "Tổng kết")]
    assert codes(found) == [("note", None, "numbered-by-position")]


def test_groups_of_a_table_without_numbers_are_groups():
    found = plan(f"""
         | I. CƠ SỞ VẬT CHẤT | | | |
         | Khai giảng | {REST}
         | ĐỘI NGŨ | | | |
         | Tổng kết | {REST}
    """)

    assert [(task.number, task.group) for task in found.tasks] == [
        ("1", "I. CƠ SỞ VẬT CHẤT"),
        ("2", "I. CƠ SỞ VẬT CHẤT / ĐỘI NGŨ"),
    ]


@pytest.mark.parametrize("column", [0, 1])
def test_marks_written_before_a_groups_title_tell_its_rank(column):
    cells = ["", ""]

    def group(title: str) -> str:
        cells[column] = title
        return " | ".join(cells) + " | | | |"

    found = plan(f"""
        {group("A. KHỐI ỦY BAN")}
        {group("I. Cơ sở vật chất")}
        1 | Rà soát | {REST}
        {group("II. Đội ngũ")}
        2 | Tập huấn | {REST}
        {group("B. KHỐI TRƯỜNG HỌC")}
        3 | Khai giảng | {REST}
    """)

    assert [task.group for task in found.tasks] == [
        "A. KHỐI ỦY BAN / I. Cơ sở vật chất",
        "A. KHỐI ỦY BAN / II. Đội ngũ",
        "B. KHỐI TRƯỜNG HỌC",
    ]


def test_a_row_that_begins_small_is_the_rest_of_the_one_above_unless_it_has_a_unit_and_time_of_its_own():
    found = plan(f"""
        1 | Rà soát đội ngũ | Phòng Nội vụ | | | Tháng
          | và cơ sở vật chất | | | | 9/2024
          | tập huấn giáo viên | {REST}
    """)

    assert numbers(found) == [("1", "Rà soát đội ngũ và cơ sở vật chất"), ("2", "tập huấn giáo viên")]
    assert str(found.tasks[0].milestones[0].due) == "2024-09-30"


@pytest.mark.parametrize("label", ["1", "1.", "(1)", "1)", "1/", " 1 "])
def test_signs_around_a_number_are_no_part_of_it(label):
    assert numbers(plan(rows(f"{label} | Khai giảng"))) == [("1", "Khai giảng")]


def test_the_ten_thousandth_row_is_a_task_like_the_others():
    found = plan(rows("9999 | Khai giảng", "10000 | Tổng kết", "10001 | Hội thi"))

    assert [task.number for task in found.tasks] == ["9999", "10000", "10001"]
    assert not found.findings


@pytest.mark.parametrize(
    "total", ["Tổng cộng: 2 nhiệm vụ | | | 12 trường |", "Cộng | | | |", "TỔNG SỐ NHIỆM VỤ | | | |"]
)
@pytest.mark.parametrize("column", ["", " | "])
def test_a_total_is_no_task_and_is_told(total, column):
    row = column + total if column else total.replace(" | ", " | | ", 1)
    found = plan(rows("1 | Khai giảng", "2 | Tổng kết") + f"\n{row}")

    assert numbers(found) == [("1", "Khai giảng"), ("2", "Tổng kết")]
    assert [each.code for each in found.findings] == ["total-row"]
    assert total.split(" |")[0] in found.findings[0].text()


@pytest.mark.parametrize("title", ["Tổng kết năm học", "Cộng tác viên tập huấn", "Tổng hợp số liệu"])
def test_tasks_that_only_begin_like_a_total_are_tasks(title):
    assert not is_total(title)


def test_labels_marks_and_proposals():
    assert [is_number(each) for each in ("1", "123456", "1.2.3", "", "1.", "I", "1234567")] == [True] * 3 + [False] * 4
    assert [label_of(each) for each in ("(2).", "a)", " 3 /")] == ["2", "a", "3"]
    assert [style_of(each) for each in ("I", "XIV", "A", "Đ", "12")] == ["roman", "roman", "letter", "letter", None]
    assert style_of("I", "H") == "letter"
    assert [mark_of(each) for each in ("II. ĐỘI NGŨ", "A/ Khối", "I - Chung", "Chung", "I")] == ["II", "A", "I", "", ""]
    assert [next_number("", ()), next_number("7", {"8"}), next_number("1.9", ())] == ["1", "7.1", "1.10"]
    assert [sub_number("5", {"5.1"}), sub_number("", {"1"})] == ["5.2", "2"]
