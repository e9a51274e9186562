"""Tables as offices draw them: merged cells, groups, numbers that begin again, columns in any order, maps by hand."""

from dataclasses import replace

import pytest

from tests.domain.reading.grids import HEADING, codes, plan, source
from tracker.domain.errors import UnreadableDocument
from tracker.domain.reading.continued import join_continued
from tracker.domain.reading.headings import find_headings
from tracker.domain.reading.tables import best, describe
from tracker.domain.units import Directory


def rows(document):
    return [(t.number, t.title, t.leads_as_written, t.milestones[0].due_as_written) for t in document.tasks]


def groups(document):
    return [(task.number, task.group) for task in document.tasks]


def test_rows_below_a_merged_cell_inherit_it():
    found = plan("""
        1 | Rà soát  | Phòng Nội vụ | Công an quận | Tháng 7/2024 | Tháng 8/2024
        2 | Tập huấn | ^            | Các trường học | ^          | ^
    """)

    assert rows(found)[1] == ("2", "Tập huấn", "Phòng Nội vụ", "Tháng 8/2024")
    assert found.tasks[1].leads == found.tasks[0].leads


def test_one_number_with_two_results_has_two_deadlines():
    found = plan("""
        1 | Kiểm tra cuối kỳ | Phòng Nội vụ | Công an quận | | Tháng 12/2024
        ^ | ^                | ^            | ^            | | Tháng 5/2025
        2 | Tổng kết         | Phòng Nội vụ |              | | Tháng 6/2025
    """)

    assert [(task.number, [str(each.due) for each in task.milestones]) for task in found.tasks] == [
        ("1", ["2024-12-31", "2025-05-31"]),
        ("2", ["2025-06-30"]),
    ]


def test_a_second_result_under_no_number_of_its_own_is_more_of_the_same_task():
    found = plan("""
        1 | Kiểm tra cuối kỳ | Phòng Nội vụ | | | Tháng 12/2024
          |                  |              | | | Tháng 5/2025
    """)

    assert [str(each.due) for each in found.tasks[0].milestones] == ["2024-12-31", "2025-05-31"]


def test_tasks_that_share_a_merged_number_get_numbers_below_it():
    found = plan("""
        5 | Khai giảng | Phòng Nội vụ | | | Tháng 9/2024
        ^ | Tổng kết   | Phòng Nội vụ | | | Tháng 5/2025
    """)

    assert [task.number for task in found.tasks] == ["5", "5.1"]
    assert ("note", "5.1", "sub-number") in codes(found)


@pytest.mark.parametrize("labels", [("a)", "b)"), ("-", "-"), ("5.1", "5.2")])
def test_a_numbered_row_without_cells_heads_the_rows_below_it(labels):
    found = plan(f"""
        5 | Chuẩn bị năm học | | | |
        {labels[0]} | Khai giảng | Phòng Nội vụ | | | Tháng 9/2024
        {labels[1]} | Tổng kết   | Phòng Nội vụ | | | Tháng 5/2025
        6 | Việc khác | Phòng Nội vụ | | | Tháng 5/2025
    """)

    assert groups(found) == [("5.1", "5. Chuẩn bị năm học"), ("5.2", "5. Chuẩn bị năm học"), ("6", None)]


def test_groups_lie_in_groups_and_numbers_begin_again_in_each():
    found = plan("""
        A  | KHỐI ỦY BAN | | | |
        I  | Cơ sở vật chất | | | |
        1  | Rà soát  | Phòng Nội vụ | | | Tháng 7/2024
        II | Đội ngũ | | | |
        1  | Tập huấn | Phòng Nội vụ | | | Tháng 8/2024
        B  | KHỐI TRƯỜNG HỌC | | | |
        1  | Khai giảng | Các trường học | | | Tháng 9/2024
    """)

    assert groups(found) == [
        ("1", "A. KHỐI ỦY BAN / I. Cơ sở vật chất"),
        ("1", "A. KHỐI ỦY BAN / II. Đội ngũ"),
        ("1", "B. KHỐI TRƯỜNG HỌC"),
    ]
    assert not found.errors


def test_a_group_row_merged_over_all_columns_is_a_group():
    found = plan("""
        I. CƠ SỞ VẬT CHẤT | < | < | < | < | <
        1 | Rà soát | Phòng Nội vụ | | | Tháng 7/2024
    """)

    assert groups(found) == [("1", "I. CƠ SỞ VẬT CHẤT")]


def test_a_group_gives_its_unit_and_its_time_to_rows_that_leave_them_empty():
    found = plan("""
        I | Cơ sở vật chất | Phòng Nội vụ | | Tháng 7/2024 | Tháng 8/2024
        1 | Rà soát  |              | | |
        2 | Mua sắm  | Công an quận | | | Tháng 9/2024
    """)

    assert rows(found) == [
        ("1", "Rà soát", "Phòng Nội vụ", "Tháng 8/2024"),
        ("2", "Mua sắm", "Công an quận", "Tháng 9/2024"),
    ]
    assert found.tasks[1].milestones[0].start_as_written == ""
    assert codes(found) == [
        ("question", None, "group-with-cells"),
        ("note", "1", "from-group"),
        ("note", "1", "from-group"),
        ("note", "1", "from-group"),
    ]


def test_a_plan_ordered_by_unit_takes_the_unit_from_the_group():
    found = plan(
        """
        I  | Phòng Nội vụ | |
        1  | Rà soát đội ngũ | Tháng 7/2024 |
        2  | Tập huấn | Tháng 8/2024 | Đã báo cáo
        II | Công an quận | |
        1  | Giữ trật tự | Tháng 9/2024 |
        """,
        heading="TT | Nội dung nhiệm vụ | Thời hạn hoàn thành | Ghi chú",
    )

    assert [(task.number, task.leads[0].code) for task in found.tasks] == [
        ("1", "phong-noi-vu"),
        ("2", "phong-noi-vu"),
        ("1", "cong-an-quan"),
    ]
    assert not found.errors


def test_a_unit_may_be_the_key_of_its_rows():
    found = plan(
        """
        1 | Phòng Nội vụ | Rà soát đội ngũ | Tháng 7/2024
        ^ | ^            | Tập huấn        | Tháng 8/2024
        2 | Công an quận | Giữ trật tự     | Tháng 9/2024
        """,
        heading="TT | Đơn vị | Nhiệm vụ | Thời hạn",
    )

    assert [(task.number, task.title, task.leads_as_written) for task in found.tasks] == [
        ("1", "Rà soát đội ngũ", "Phòng Nội vụ"),
        ("1.1", "Tập huấn", "Phòng Nội vụ"),
        ("2", "Giữ trật tự", "Công an quận"),
    ]


def test_a_title_that_is_no_unit_gives_no_unit():
    found = plan("""
        I | Tổ chức thực hiện công tác phổ cập | | | |
        1 | Rà soát | | | | Tháng 7/2024
    """)

    assert not found.tasks[0].leads
    assert ("question", "1", "no-lead") in codes(found)


def test_a_time_merged_over_both_columns_counts_for_both():
    found = plan("1 | Rà soát | Phòng Nội vụ | | Tháng 7/2024 | <")

    milestone = found.tasks[0].milestones[0]
    assert (str(milestone.start), str(milestone.due)) == ("2024-07-01", "2024-07-31")
    assert not found.findings


def test_another_cell_over_two_columns_is_asked_about():
    found = plan("1 | Rà soát | Phòng Nội vụ | < | | Tháng 7/2024")

    assert codes(found) == [("question", "1", "cell-across")]


def test_a_heading_of_three_lines_with_merged_cells():
    found = find_headings(
        source("""
            Số TT | Nội dung | Phân công | < | Thời gian | <
            ^     | ^        | Đơn vị chủ trì | Đơn vị phối hợp | Bắt đầu | Hoàn thành
            1 | 2 | 3 | 4 | 5 | 6
            1 | Rà soát | Phòng Nội vụ | | | Tháng 7/2024
        """).rows
    )

    assert found
    assert [column.kind for column in found.columns] == ["number", "title", "leads", "partners", "start", "due"]
    assert (found.first, found.end) == (0, 2)


def test_columns_stand_in_any_order_and_others_are_kept():
    found = plan(
        "Tháng 7/2024 | Công an quận | KH.1 | Rà soát | Phòng Nội vụ | Báo cáo | 1",
        heading="Thời hạn | Đơn vị phối hợp | Mã số | Nhiệm vụ | Chủ trì | Sản phẩm | STT",
    )

    task = found.tasks[0]
    assert (task.number, task.title, task.leads_as_written, task.product) == ("1", "Rà soát", "Phòng Nội vụ", "Báo cáo")
    assert task.extra == (("Mã số", "KH.1"),)


UNKNOWN = """
    Thứ | Điều cần làm | Ai làm | Khi nào
    1 | Rà soát | Phòng Nội vụ | Tháng 7/2024
"""


def test_columns_mapped_by_hand_where_no_heading_is_known():
    found = plan(UNKNOWN, mapping={0: "number", 1: "title", 2: "leads", 3: "due"}, heading="")

    assert rows(found) == [("1", "Rà soát", "Phòng Nội vụ", "Tháng 7/2024")]


def test_a_map_by_hand_overrules_the_guess():
    found = plan("1 | Rà soát | Phòng Nội vụ | Công an quận | | Tháng 7/2024", mapping={2: "partners", 3: "leads"})

    assert (found.tasks[0].leads_as_written, found.tasks[0].partners_as_written) == ("Công an quận", "Phòng Nội vụ")


@pytest.mark.parametrize(
    ("mapping", "words"),
    [
        ({9: "title"}, "cột 10"),
        ({0: "ngay"}, "“ngay”"),
        ({1: "title", 2: "title"}, "Hai cột"),
        ({0: "number"}, "nội dung công việc"),
    ],
)
def test_a_wrong_map_is_refused(mapping, words):
    with pytest.raises(UnreadableDocument, match=words):
        plan(UNKNOWN, mapping=mapping, heading="")


def test_the_likeliest_of_several_tables_is_the_best():
    signature = source("Nơi nhận | CHỦ TỊCH\n- Như trên | (Đã ký)")
    short = source(f"{HEADING}\n1 | Rà soát | Phòng Nội vụ | | | Tháng 7/2024")
    long = source(f"{HEADING}\n1 | Rà soát | Phòng Nội vụ | | |\n2 | Tập huấn | Phòng Nội vụ | | |")
    found = describe([signature, short, long])

    assert [each.score > 0 for each in found] == [False, True, True]
    assert best(found) == found[2]
    assert found[1].mapping == {0: "number", 1: "title", 2: "leads", 3: "partners", 4: "start", 5: "due"}
    assert (found[1].rows, found[1].sample[0][1]) == (1, "Rà soát")
    assert found[0].headings == ("Nơi nhận", "CHỦ TỊCH")
    assert best(found[:1]) is None


def test_a_table_that_goes_on_without_a_heading_is_one_table():
    first = source(f"{HEADING}\n1 | Rà soát | Phòng Nội vụ | | | Tháng 7/2024")
    second = source("2 | Tập huấn | Phòng Nội vụ | | | Tháng 8/2024")

    assert len(join_continued([first, second])) == 1
    assert len(join_continued([first, replace(second, above=("Phụ lục 2",))])) == 2


def test_a_program_that_knows_no_unit_still_sees_one_in_a_group():
    found = plan(
        "I | Phòng Văn hóa - Xã hội | \n1 | Rà soát đội ngũ | Tháng 7/2024",
        known=Directory(),
        heading="TT | Nội dung nhiệm vụ | Thời hạn",
    )

    assert [party.name for party in found.tasks[0].leads] == ["Phòng Văn hóa - Xã hội"]
    assert ("question", "1", "unknown-unit") in codes(found)


@pytest.mark.parametrize(
    "rows",
    [
        "a) | Cấp trường | Phòng Y tế | | | Tháng 10/2024\nb) | Cấp quận | Phòng Y tế | | | Tháng 12/2024",
        "- | Cấp trường | Phòng Y tế | | | Tháng 10/2024\n- | Cấp quận | Phòng Y tế | | | Tháng 12/2024",
        "2.1 | Cấp trường | Phòng Y tế | | | Tháng 10/2024\n2.2 | Cấp quận | Phòng Y tế | | | Tháng 12/2024",
        "| a) Cấp trường | Phòng Y tế | | | Tháng 10/2024\n| b) Cấp quận | Phòng Y tế | | | Tháng 12/2024",
        "| - Cấp trường | Phòng Y tế | | | Tháng 10/2024\n| - Cấp quận | Phòng Y tế | | | Tháng 12/2024",
    ],
)
@pytest.mark.parametrize(
    "head", ["2 | Thi học sinh giỏi | | | |", "2 | Thi học sinh giỏi | Phòng Nội vụ | | | Tháng 12/2024"]
)
def test_rows_below_a_numbered_one_keep_it_as_their_group(head, rows):
    document = plan(
        f"1 | Khai giảng | Phòng Nội vụ | | | Tháng 9/2024\n{head}\n{rows}\n3 | Hết | Phòng Nội vụ | | | 5/2025"
    )

    below = [task for task in document.tasks if task.number.startswith("2.")]
    assert [task.group for task in below] == ["2. Thi học sinh giỏi"] * 2
    assert [str(task.milestones[0].due) for task in below] == ["2024-10-31", "2024-12-31"]
    assert [task.number for task in document.tasks if "." not in task.number] in (["1", "3"], ["1", "2", "3"])
    assert [task.group for task in document.tasks if task.number in ("1", "3")] == [None, None]


@pytest.mark.parametrize("mark", ["a)", "-", "2.1"])
def test_rows_below_a_numbered_one_take_its_unit_where_they_name_none(mark):
    document = plan(f"2 | Thi học sinh giỏi | Phòng Nội vụ | | | 12/2024\n{mark} | Cấp trường | | | | 10/2024")

    assert [task.leads_as_written for task in document.tasks] == ["Phòng Nội vụ"] * 2
    assert ("note", "2.1", "from-group") in codes(document)


def test_a_drawn_line_below_the_heading_is_no_task():
    document = plan("--- | --- | :---: | --- | --- | ---\n1 | Khai giảng | Phòng Nội vụ | | | Tháng 9/2024")

    assert [task.number for task in document.tasks] == ["1"]
    assert document.findings == ()


BY_MONTH = "Thời gian | Nội dung | Chủ trì"


def test_rows_below_a_month_told_once_in_the_first_column_have_its_time():
    document = plan(
        "Tháng 8/2024 | Tuyển sinh | Phòng Nội vụ\n | Tập huấn | Phòng Nội vụ\n | Sửa trường | Công an quận\n"
        "Tháng 9/2024 | Khai giảng | Phòng Nội vụ",
        heading=BY_MONTH,
    )

    assert [str(task.milestones[0].due) for task in document.tasks] == [*["2024-08-31"] * 3, "2024-09-30"]
    assert [each for each in codes(document) if each[2] == "time-from-above"] == [
        ("note", "2", "time-from-above"),
        ("note", "3", "time-from-above"),
    ]


def test_numbers_that_titles_begin_with_are_the_tasks_numbers_where_no_column_has_them():
    document = plan(
        "I. CHUNG | | \n1. Tuyển sinh lớp 10 | Phòng Nội vụ | 8/2024\n2) Tập huấn | Phòng Nội vụ | 9/2024",
        heading="Nội dung công việc | Đơn vị chủ trì | Thời gian hoàn thành",
    )

    assert [(task.number, task.group, task.title) for task in document.tasks] == [
        ("1", "I. CHUNG", "Tuyển sinh lớp 10"),
        ("2", "I. CHUNG", "Tập huấn"),
    ]
    assert "numbered-by-position" not in [code for _, _, code in codes(document)]


def test_several_works_in_one_cell_are_one_task_and_asked_about():
    document = plan(
        "1 | - Khai giảng / - Đại hội | Phòng Nội vụ | | | 9/2024\n2 | Thi: / - Văn / - Toán | Phòng Y tế | | | 5.2025"
    )

    assert [each for each in codes(document) if each[2] == "several-works"] == [("question", "1", "several-works")]


def test_a_whole_school_year_in_the_cell_of_the_start_alone_is_asked_about():
    assert ("question", "1", "end-in-start") in codes(plan("1 | Dạy học | Phòng Nội vụ | | Cả năm học | "))


def test_a_number_merged_beside_its_unit_is_the_units_and_heads_no_task():
    document = plan(
        "1 | Phòng Nội vụ | Tuyển dụng | 8/2024\n^ | ^ | Tập huấn | 9/2024\n2 | Công an quận | Tuần tra | 9/2024",
        heading="STT | Đơn vị | Nhiệm vụ | Thời hạn",
    )

    assert [(task.number, task.group, task.leads[0].code) for task in document.tasks] == [
        ("1", None, "phong-noi-vu"),
        ("1.1", None, "phong-noi-vu"),
        ("2", None, "cong-an-quan"),
    ]
