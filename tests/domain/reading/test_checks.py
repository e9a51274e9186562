"""Suspicious and unreadable rows, through the front door: a small table, one cell changed."""

from dataclasses import replace
from datetime import date

import pytest

from tests.support.samples import ANNEX, DATA, directory, read
from tracker.adapters.documents import read_plan
from tracker.adapters.words import translations
from tracker.domain.plan_document import PlanDocument
from tracker.domain.units import Directory

ROWS = """KẾ HOẠCH NĂM HỌC 2024-2025
Số TT;Nội dung công việc;Đơn vị chủ trì;Đơn vị phối hợp;Bắt đầu;Hoàn thành
1;Khai giảng;Phòng Giáo dục và Đào tạo;Các trường học;Tháng 9/2024;Tháng 9/2024
2;Hội thi giáo viên;Phòng Giáo dục và Đào tạo;Phòng Nội vụ;Tháng 10/2024;Tháng 11/2024
3;Tổng kết;Phòng Nội vụ;;Tháng 5/2025;Tháng 5/2025
"""


def plan(text: str, known: Directory | None = None) -> PlanDocument:
    return read_plan(text.encode(), "ke-hoach.csv", known or directory())


def findings(old: str, new: str, known: Directory | None = None) -> list[tuple[str, str | None, str | None, str]]:
    assert old in ROWS
    return [
        (each.severity, each.task, each.column, each.code) for each in plan(ROWS.replace(old, new, 1), known).findings
    ]


def test_an_ordinary_plan_has_no_findings():
    assert findings("Khai giảng", "Khai trường") == []


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("Tháng 11/2024", "Tháng 8/2024", ("error", "2", "due", "end-before-start")),
        ("Tháng 11/2024", "Tháng 13/2024", ("error", "2", "due", "bad-date")),
        ("Tháng 10/2024", "31/11/2024", ("error", "2", "start", "bad-date")),
        ("Tháng 11/2024", "Tháng xx/2024", ("question", "2", "due", "bad-time")),
        ("2;Hội thi", "1;Hội thi", ("error", "1", "number", "duplicate-number")),
        ("2;Hội thi", "hai;Hội thi", ("error", "hai", "number", "bad-number")),
        ("2;Hội thi", ";Hội thi", ("question", "2", "number", "row-without-number")),
        ("2;Hội thi giáo viên", "2;", ("error", "2", "title", "no-title")),
        ("3;Tổng kết", "5;Tổng kết", ("question", "5", "number", "number-gap")),
        ("Phòng Nội vụ;Tháng 10", "Phòng Văn hóa;Tháng 10", ("question", "2", "partners", "unknown-unit")),
        ("3;Tổng kết;Phòng Nội vụ", "3;Tổng kết;", ("question", "3", "leads", "no-lead")),
        ("Tháng 5/2025;Tháng 5/2025", ";", ("question", "3", "due", "no-time")),
        ("Tháng 5/2025\n", "Tháng 5/2026\n", ("question", "3", "due", "outside-year")),
        ("Tháng 11/2024", "Khi nào rảnh", ("question", "2", "due", "unread-time")),
        ("Tháng 10/2024", "Khi nào rảnh", ("question", "2", "start", "unread-time")),
        ("Tháng 11/2024", "Khi có hướng dẫn của Sở", ("note", "2", "due", "no-due")),
        ("Tháng 11/2024", "Mùa xuân", ("question", "2", "due", "unread-time")),
        ("Đào tạo;Phòng Nội vụ", "Đào tạo;Phòng GD&ĐT", ("note", "2", "partners", "lead-and-partner")),
        ("Hội thi giáo viên", "Hội thi giáo viên Tiểu học", None),
    ],
)
def test_a_wrong_cell_is_named_with_its_row_and_column(old, new, found):
    first, *others = [*findings(old, new), None]

    assert first == found
    assert {other[3] for other in others if other} <= {"number-gap"}


def test_a_document_that_picks_tasks_of_a_plan_is_not_asked_about_every_gap():
    picked = ROWS.replace("\n1;", "\n25;").replace("\n2;", "\n12;").replace("\n3;", "\n42;")
    assert plan(picked).findings == ()


def test_a_contest_of_one_level_with_schools_of_another_is_pointed_out():
    row = "2;Hội thi giáo viên Trung học cơ sở;Phòng Giáo dục và Đào tạo;Các trường Tiểu học;"
    (found,) = plan(ROWS.replace("2;Hội thi giáo viên;Phòng Giáo dục và Đào tạo;Phòng Nội vụ;", row)).findings

    assert (found.severity, found.code) == ("note", "level-mismatch")
    assert "trung học cơ sở" in found.text()
    assert "các trường Tiểu học" in found.text()


@pytest.mark.parametrize(
    ("wording", "english"),
    [
        ("31/4/2025", "“31/4/2025” is not in the calendar: there is no 31/4."),
        ("Tháng 13/2024", "“Tháng 13/2024” is not in the calendar: there is no month 13."),
        ("2026-2025", "“2026-2025” is not in the calendar: 2026-2025 ends before it begins."),
    ],
)
def test_a_day_that_does_not_exist_is_told_in_the_readers_language(wording, english):
    (found,) = plan(ROWS.replace("Tháng 11/2024", wording, 1)).findings
    assert found.text(translations("en").gettext).startswith(english)


def test_days_in_findings_are_written_as_the_reader_writes_them():
    (found,) = plan(ROWS.replace("Tháng 11/2024", "Tháng 9/2024")).findings
    assert "30/09/2024" in found.text()
    assert "(30 Sep 2024)" in found.text(translations("en").gettext)


def test_the_same_task_twice_is_asked_about():
    again = ROWS + "4;Tổng kết;Phòng Nội vụ;;Tháng 5/2025;Tháng 5/2025\n"
    (found,) = plan(again).findings
    assert (found.code, found.task, found.params["other"]) == ("task-twice", "4", "3")


@pytest.mark.parametrize(
    ("heirs", "severity", "words"),
    [
        (("phong-tckh",), "question", "phần việc từ đó là của “Phòng Tài chính - Kế hoạch”"),
        ((), "question", "chưa có đơn vị tiếp nhận"),
        (("phong-tckh", "phong-gddt"), "question", "(Phòng Tài chính - Kế hoạch; Phòng Giáo dục và Đào tạo)"),
    ],
)
def test_of_a_unit_that_has_ended_by_the_due_date_it_is_told_or_asked_who_has_its_work(heirs, severity, words):
    ended = replace(directory().get("phong-noi-vu"), ends_on=date(2025, 1, 1), successors=heirs)
    units = [ended if unit.code == ended.code else unit for unit in directory().units]
    (found,) = plan(ROWS, Directory(units, directory().groups)).findings
    assert (found.code, found.task, found.severity) == ("unit-ended", "3", severity)
    assert words in found.text()


@pytest.mark.parametrize(
    ("partner", "code"),
    [
        ("các trường Mầm non", "empty-group"),
        ("các cơ sở giáo dục ngoài công lập", None),
        ("UBND 8 phường", None),
        ("9 phường", "unknown-group"),
        ("2 trường thí điểm", "group-count"),
        ("các trường học", None),
    ],
)
def test_a_group_of_nobody_and_one_of_another_number_are_asked_about(partner, code):
    schools = directory().get("cac-truong-hoc")
    spelt = replace(schools, aliases=(*schools.aliases, "2 trường thí điểm"))
    units = [unit for unit in directory().units if unit.level != "preschool"]
    known = Directory(units, [spelt if each == schools else each for each in directory().groups])
    found = plan(ROWS.replace("Phòng Giáo dục và Đào tạo;Các trường học", f"Phòng Nội vụ;{partner}", 1), known).findings
    assert [each.code for each in found] == ([code] if code else [])


def test_every_finding_has_a_place_and_a_sentence_without_holes():
    worst = ROWS.replace("2;", "1;", 1).replace("Tháng 11/2024", "Tháng 13/2024").replace("Phòng Nội vụ", "Sở X")
    found = plan(worst).findings

    assert len(found) >= 4
    assert all(each.place and each.place.row in (3, 4, 5) for each in found)
    assert all("%" not in each.text() for each in found)


def test_groups_restart_numbers_and_are_no_tasks():
    grouped = ROWS.replace("1;Khai", "I;Đầu năm;;;;\n1;Khai").replace("3;Tổng", "II;Cuối năm;;;;\n1;Tổng")
    document = plan(grouped)

    assert [(task.group, task.number) for task in document.tasks] == [
        ("I. Đầu năm", "1"),
        ("I. Đầu năm", "2"),
        ("II. Cuối năm", "1"),
    ]
    assert document.findings == ()


def test_a_row_over_a_page_break_is_joined_under_a_repeated_heading():
    lines = ROWS.splitlines()
    lines.insert(4, f"{lines[1]}\n1;2;3;4;5;6\n;viên giỏi;;quận;;")
    task = plan("\n".join(lines)).tasks[1]

    assert (task.title, task.partners_as_written) == ("Hội thi giáo viên viên giỏi", "Phòng Nội vụ quận")


ANNEX_TEXT = (DATA / ANNEX).read_text(encoding="utf-8").split("\n9 \n")[0]
THIRD_TIMES = "Tháng \n\n7/2024 \n\nTháng \n\n8/2024 \n\n3 \n"


@pytest.mark.parametrize(
    ("old", "new", "severity", "code"),
    [
        ("\n7 \n", "\n6 \n", "error", "duplicate-number"),
        ("\n7 \n", "\n", "error", "rows-run-together"),
        ("\n1 \n\nRà soát", "\n\nRà soát", "error", "stray-lines"),
        (THIRD_TIMES, THIRD_TIMES.replace("7/", "17/"), "error", "bad-date"),
        (THIRD_TIMES, THIRD_TIMES.replace("7/", "9/"), "error", "end-before-start"),
        ("Phòng Nội vụ \n\nPhòng Giáo dục và", "Phòng Ngoại vụ \n\nPhòng Giáo dục và", "question", "unknown-unit"),
    ],
)
def test_a_damaged_annex_says_where(old, new, severity, code):
    assert old in ANNEX_TEXT
    document = read_plan(ANNEX_TEXT.replace(old, new, 1).encode(), ANNEX, directory())

    assert (severity, code) in [(each.severity, each.code) for each in document.findings]
    whole = {task.number: task for task in read(ANNEX).tasks}
    changed = [task for task in document.tasks if replace(task, place=whole[task.number].place) != whole[task.number]]
    assert len(changed) <= 2
