"""Text that keeps the layout of a printed page, its numbers in the middle of their rows, as a PDF's text often does."""

import re

import pytest

from tests.support.samples import directory
from tracker.adapters.documents import read_plan
from tracker.adapters.documents.pdf_pages import PageContent, Word
from tracker.adapters.documents.pdf_printed import printed_table
from tracker.domain.errors import UnreadableDocument
from tracker.domain.reading.plan import interpret

MIDDLE = """KẾ HOẠCH NĂM HỌC 2024-2025

                                    Thời gian
TT   Nội dung         Đơn vị        hoàn
     công việc        chủ trì
                                    thành
I    CHUẨN BỊ NĂM HỌC MỚI Ở CÁC TRƯỜNG TRONG QUẬN
     Rà soát phòng
                      Phòng
     học và thiết                   Tháng
1                     Nội
     bị tối thiểu                   7/2024
                      vụ
     ở các trường
     Tập huấn hè      Phòng Giáo
2                                   Tháng 8/2024
     cho giáo viên    dục và
\f                                    Thời gian
TT  Nội dung         Đơn vị        hoàn
    công việc        chủ trì
                                   thành
                     Đào tạo
    Tuyển sinh lớp                 05/9/202
3                    Công an quận
    10                             4
4   Khai giảng       Phòng Nội vụ  Thường xuyên
Nơi nhận: các trường
"""


def read(text: str):
    return read_plan(text.encode(), "dan.txt", directory())


def test_rows_lie_about_numbers_that_stand_in_their_middle_also_over_pages():
    plan = read(MIDDLE)

    assert [(task.number, task.title, task.leads[0].code, str(task.milestones[0].due)) for task in plan.tasks] == [
        ("1", "Rà soát phòng học và thiết bị tối thiểu ở các trường", "phong-noi-vu", "2024-07-31"),
        ("2", "Tập huấn hè cho giáo viên", "phong-gddt", "2024-08-31"),
        ("3", "Tuyển sinh lớp 10", "cong-an-quan", "2024-09-05"),
        ("4", "Khai giảng", "phong-noi-vu", "None"),
    ]
    assert {task.group for task in plan.tasks} == {"I. CHUẨN BỊ NĂM HỌC MỚI Ở CÁC TRƯỜNG TRONG QUẬN"}
    assert ("question", "rows-by-layout") in [(each.severity, each.code) for each in plan.findings]


def test_the_same_table_without_rules_in_a_pdf_is_read_by_where_its_words_stand():
    (source,) = printed_table([_page(text) for text in MIDDLE.split("\f")], 4, "ke-hoach.pdf")
    plan = interpret(source, directory())

    assert [(task.title, task.place.page) for task in plan.tasks] == [
        (task.title, page) for task, page in zip(read(MIDDLE).tasks, (4, 4, 5, 5), strict=True)
    ]


def _page(text: str) -> PageContent:
    """A page printed in letters of one width."""
    words = tuple(
        Word(6.0 * found.start(), 20.0 * at, 6.0 * found.end(), 20.0 * at + 15, found.group())
        for at, line in enumerate(text.split("\n"))
        for found in re.finditer(r"\S+", line)
    )
    return PageContent((), (), words, len(text), 0)


def test_a_line_that_may_belong_to_either_of_two_rows_is_asked_about():
    asked = [(each.task, each.params["text"]) for each in read(MIDDLE).findings if each.code == "row-by-layout"]

    assert asked == [("2", "Tuyển sinh lớp 05/9/202")]


def test_a_month_that_runs_across_is_a_group():
    plan = read(MIDDLE.replace("I    CHUẨN BỊ NĂM HỌC MỚI Ở CÁC TRƯỜNG TRONG QUẬN", "THÁNG 8/2024"))

    assert {task.group for task in plan.tasks} == {"THÁNG 8/2024"}


def test_a_number_over_several_tasks_is_asked_about():
    lines = ("TT   Nội dung         Chủ trì          Thời hạn", "1    Tập huấn         Phòng Nội vụ     Tháng 8/2024")
    lines += ("     Tổng kết                          Tháng 5/2025", "2    Khai giảng       Công an quận     05/9/2024")
    asked = [each.task for each in read("\n".join(lines)).findings if each.code == "maybe-two-tasks"]

    assert asked == ["1"]


@pytest.mark.parametrize("old", ["TT ", "1   "], ids=["no column of numbers", "a number lost"])
def test_rows_that_nothing_tells_apart_are_refused_with_the_way_out(old):
    with pytest.raises(UnreadableDocument, match="Hãy nộp chính tệp PDF"):
        read(MIDDLE.replace(f"\n{old}", f"\n{' ' * len(old)}"))
