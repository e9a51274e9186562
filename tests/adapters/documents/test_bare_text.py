"""Text copied out of a viewer, nothing left of its table: rows are found again, or a person is asked at each place."""

import pytest

from tests.support.samples import directory
from tracker.adapters.documents import read_plan
from tracker.domain.errors import UnreadableDocument

HEADING = "KẾ HOẠCH NĂM HỌC 2024-2025\nSTT\nNội dung công việc\nĐơn vị chủ trì\nThời gian"
ONE = "1/Trang trí trường lớp/Phòng Nội vụ/15.8.2024"
TWO = "2/Tập huấn/Phòng Giáo dục và Đào tạo/20.8.2024"
THREE = "3/Khai giảng/Phòng Giáo dục và Đào tạo/5.9.2024"


def read(*parts: str, heading: str = HEADING):
    """The plan in lines that '/' parts, below a heading."""
    text = "\n".join([heading, *(line for part in parts for line in part.split("/"))])
    return read_plan(f"{text}\n".encode(), "van-ban.txt", directory())


def rows(plan):
    return [(task.number, task.group, task.title, str(task.milestones[0].due)[5:]) for task in plan.tasks]


def told(plan):
    return [(each.severity, each.code) for each in plan.findings]


@pytest.mark.parametrize(
    ("first", "second"), [("Tháng 8.2024", "Tháng 9.2024"), ("THÁNG 8", "THÁNG 9"), ("Học kỳ I", "Học kỳ II")]
)
def test_a_month_on_a_line_of_its_own_is_a_group(first, second):
    plan = read(first, ONE, TWO, second, THREE.replace("3/", "1/"))

    assert rows(plan) == [
        ("1", first, "Trang trí trường lớp", "08-15"),
        ("2", first, "Tập huấn", "08-20"),
        ("1", second, "Khai giảng", "09-05"),
    ]
    assert told(plan) == [("note", "group-guess")] * 2


def test_a_month_that_may_be_a_rows_time_or_the_next_group_is_asked_about():
    plan = read("Tháng 8.2024", ONE, TWO.replace("20.8.2024", "Tháng 9.2024"), THREE)

    assert rows(plan)[1] == ("2", "Tháng 8.2024", "Tập huấn", "09-30")
    assert ("question", "period-as-time") in told(plan)


def test_a_line_above_the_first_row_is_a_group_and_no_error():
    plan = read("CÔNG TÁC CHUNG", ONE, TWO)

    assert [task.group for task in plan.tasks] == ["CÔNG TÁC CHUNG"] * 2
    assert told(plan) == [("note", "group-guess")]


def test_lettered_rows_with_times_of_their_own_are_tasks():
    plan = read("1/Khai giảng/a)/Trang trí/Phòng Nội vụ/Tháng 8.2024/b) Lễ/Phòng Nội vụ/5.9.2024", TWO)

    assert rows(plan)[:2] == [("1.1", "1. Khai giảng", "Trang trí", "08-31"), ("1.2", "1. Khai giảng", "Lễ", "09-05")]
    assert rows(plan)[2][0] == "2"


def test_a_lettered_list_inside_a_task_stays_its_words():
    plan = read("1/Trang trí gồm:/a) Sân trường/b) Lớp học/Phòng Nội vụ/15.8.2024", TWO)

    assert [task.title for task in plan.tasks] == ["Trang trí gồm: a) Sân trường b) Lớp học", "Tập huấn"]


@pytest.mark.parametrize(
    "heading",
    [
        "TT\nNội dung\nPhân công thực hiện\nThời gian thực hiện\nChủ trì\nPhối hợp\nTừ tháng\nĐến tháng",
        "STT Nội dung Phân công thực hiện Thời gian\nChủ trì Phối hợp Bắt đầu Hoàn thành",
        "STT\nNội dung\nChủ trì\nPhối hợp\nThời gian thực hiện\nBắt đầu\nHoàn thành\n(1)\n(2)\n(3)\n(4)\n(5)\n(6)",
        "STT\nNội dung\ncông việc\nĐơn vị\nchủ trì\nĐơn vị\nphối hợp\nBắt\nđầu\nHoàn\nthành",
    ],
)
@pytest.mark.parametrize("mark", ["/", " "])
def test_a_heading_of_two_lines_is_understood_by_its_lower_one(heading, mark):
    lines = ["1/Tập huấn/Phòng Nội vụ/Công an quận/8.2024/9.2024", "2/Tổng kết/Phòng Nội vụ/Công an quận/4.2025/5.2025"]
    plan = read(*(line.replace("/", mark) for line in lines), heading=f"KẾ HOẠCH NĂM HỌC 2024-2025\n{heading}")

    assert [(task.title, task.partners[0].code) for task in plan.tasks] == [
        ("Tập huấn", "cong-an-quan"),
        ("Tổng kết", "cong-an-quan"),
    ]
    assert [(str(task.milestones[0].start), str(task.milestones[0].due)) for task in plan.tasks] == [
        ("2024-08-01", "2024-09-30"),
        ("2025-04-01", "2025-05-31"),
    ]
    assert told(plan) == []


@pytest.mark.parametrize("mark", ["/", " "])
def test_rows_without_numbers_end_in_their_times_and_a_person_is_asked(mark):
    heading = HEADING.replace("STT\n", "")
    lines = [each[2:].replace("/", mark) for each in (ONE, TWO, THREE.replace("Khai giảng", "Khai giảng năm học"))]
    plan = read(*lines, heading=heading)

    assert [each[2:] for each in rows(plan)] == [
        ("Trang trí trường lớp", "08-15"),
        ("Tập huấn", "08-20"),
        ("Khai giảng năm học", "09-05"),
    ]
    assert told(plan) == [("note", "numbered-by-position"), ("question", "rows-by-times")]


def test_a_row_without_a_number_that_may_hold_two_tasks_is_asked_about():
    plan = read(
        "Trang trí/Phòng Nội vụ/Tập huấn/Phòng Giáo dục và Đào tạo/20.8.2024", heading=HEADING.replace("STT\n", "")
    )

    assert ("question", "maybe-two-tasks") in told(plan)


def test_words_that_may_stand_in_either_of_two_cells_are_asked_about():
    heading = HEADING.replace("Thời gian", "Đơn vị phối hợp\nKết quả")
    plan = read(
        "1/Kiểm tra/Phòng Nội vụ/Thành viên Ban Chỉ đạo/Quyết định",
        "2/Tập huấn/Phòng Nội vụ/Công an quận/Báo cáo",
        heading=heading,
    )

    assert [each.task for each in plan.findings if each.code == "cells-unsure"] == ["1"]


@pytest.mark.parametrize(
    ("time", "due"),
    [("Trước khai giảng", "09-04"), ("Cuối học kỳ I", "01-17"), ("Trước Tết", "01-27"), ("Hằng tháng", "")],
)
def test_times_that_name_no_month_are_cells_of_their_own(time, due):
    heading = HEADING.replace("Thời gian", "Thời gian\nKết quả")
    plan = read(f"1/Rà soát đội ngũ/Văn phòng Sở/{time}/Báo cáo", TWO + "/Kế hoạch", heading=heading)

    assert [(rows(plan)[0][3]), plan.tasks[0].title, plan.tasks[0].leads_as_written, plan.tasks[0].product] == [
        due,
        "Rà soát đội ngũ",
        "Văn phòng Sở",
        "Báo cáo",
    ]


SPACED = """KẾ HOẠCH NĂM HỌC 2024-2025

STT    Nội dung công việc            Đơn vị            Đơn vị          Thời gian
                                     chủ trì           phối hợp        thực hiện
 1     Khai giảng năm học 2024-      Phòng Giáo dục    Công an quận    Tháng 9/2024
       2025 tại các trường           và Đào tạo
 2     Tập huấn                      Phòng Nội vụ                      Tháng 10/2024
                                  2
 3     Tổng kết                      Phòng Giáo dục    Phòng Nội vụ    Tháng 5/2025
                                     và Đào tạo
Nơi nhận:
"""


def test_columns_parted_by_blanks_alone_are_told_by_where_words_stand_and_asked_about():
    plan = read_plan(SPACED.encode(), "dan.txt", directory())

    assert [(task.title, task.leads_as_written, task.partners_as_written) for task in plan.tasks] == [
        ("Khai giảng năm học 2024-2025 tại các trường", "Phòng Giáo dục và Đào tạo", "Công an quận"),
        ("Tập huấn", "Phòng Nội vụ", ""),
        ("Tổng kết", "Phòng Giáo dục và Đào tạo", "Phòng Nội vụ"),
    ]
    assert ("question", "rows-by-layout") in told(plan)


def test_a_number_in_the_middle_of_its_row_leaves_text_parted_by_blanks_unread():
    below = SPACED.replace(" 3     Tổng", "       Tổng").replace(
        f"{' ' * 37}và Đào tạo\nNơi", f" 3{' ' * 35}và Đào tạo\nNơi"
    )

    with pytest.raises(UnreadableDocument):
        read_plan(below.encode(), "dan.txt", directory())


@pytest.mark.parametrize("gap", ["   ", "\t\t", "\t "])
def test_lines_with_as_many_parts_as_the_heading_are_its_cells(gap):
    lines = [line.replace("/", gap, 3) for line in ("STT/Nội dung công việc/Chủ trì/Thời hạn", ONE, TWO, THREE)]
    plan = read_plan(
        "\n".join(["KẾ HOẠCH NĂM HỌC 2024-2025", *lines]).replace("Tập huấn\t\t", "Tập huấn\t").encode(),
        "a",
        directory(),
    )

    assert [(task.title, task.leads[0].code) for task in plan.tasks] == [
        ("Trang trí trường lớp", "phong-noi-vu"),
        ("Tập huấn", "phong-gddt"),
        ("Khai giảng", "phong-gddt"),
    ]
    assert not plan.findings
