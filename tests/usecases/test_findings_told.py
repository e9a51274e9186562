"""Findings in words: with their place, the same of several tasks once, in the language of who reads."""

from tracker.adapters.words import translations
from tracker.domain.errors import Refused
from tracker.domain.plan_document import Finding, Place
from tracker.usecases.import_results import FindingList, told_once

LENT = "Ô để trống; lấy “%(text)s” của nhóm “%(group)s”."
PARAMS = {"text": "Tháng 8/2024", "group": "Cơ sở vật chất"}


def lent(task: str, column: str = "due", **other: str) -> Finding:
    return Finding("note", task, column, "from-group", LENT, PARAMS | other, Place(2, int(task) + 5))


def test_a_finding_names_task_column_sheet_page_and_row() -> None:
    (told,) = told_once([Finding("error", "7", "due", "x", "Sai.", {}, Place(3, 12, None, "Phụ lục 1"))])
    assert told.text() == "nhiệm vụ 7, cột hoàn thành, trang tính Phụ lục 1, trang 3, dòng 12: Sai."
    assert told_once([Finding("note", None, None, "x", "Sai.")])[0].text() == "Sai."


def test_notes_that_say_the_same_of_several_tasks_are_one_line_where_the_first_stands() -> None:
    findings = [lent("1"), lent("1", "start"), Finding("note", None, None, "x", "Khác."), lent("2"), lent("3")]
    assert [each.text() for each in told_once(findings)] == [
        "các nhiệm vụ 1, 2, 3, cột hoàn thành: Ô để trống; lấy “Tháng 8/2024” của nhóm “Cơ sở vật chất”.",
        "nhiệm vụ 1, cột bắt đầu, trang 2, dòng 6: Ô để trống; lấy “Tháng 8/2024” của nhóm “Cơ sở vật chất”.",
        "Khác.",
    ]


def test_other_words_another_group_and_what_waits_for_a_person_stay_apart() -> None:
    questions = [Finding("question", number, "due", "x", "Mấy?") for number in ("1", "2")]
    assert len(told_once([lent("1"), lent("2", group="Đội ngũ"), *questions])) == 4


def test_a_line_names_some_tasks_and_says_that_there_are_more() -> None:
    (told,) = told_once([lent(str(number)) for number in range(1, 31)])
    assert "các nhiệm vụ 1, 2, 3" in told.text()
    assert ", 20, …, cột hoàn thành" in told.text()
    assert len(told.tasks) == 30


def test_a_list_in_a_refusal_speaks_the_language_of_the_refusal() -> None:
    refused = Refused("Còn %(list)s", list=FindingList([lent("1"), lent("2")]))
    assert refused.text(translations("en").gettext).count("tasks 1, 2, column “due”") == 1
    assert str(refused).startswith("Còn - các nhiệm vụ 1, 2, cột hoàn thành: ")
