"""The language of time: every kind of phrase, in several spellings."""

import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.samples import DATA
from tracker.domain.calendar_days import DaysOff
from tracker.domain.reading.milestones import milestones
from tracker.domain.reading.periods import PlanYear
from tracker.domain.reading.phrases import TimeContext, read_cell

SCHOOL_YEAR = TimeContext(PlanYear(2024, 2025), issued_on=date(2024, 8, 9))

LINES = (DATA / "time-phrases.txt").read_text(encoding="utf-8").splitlines()[1:]
CASES = [
    (wording.strip(), *understood.split())
    for line in LINES
    for wordings, understood in [line.rsplit(" : ", 1)]
    for wording in wordings.split(" | ")
]


def test_every_kind_of_phrase_is_tried_in_three_spellings():
    assert all(line.count(" | ") >= 2 for line in LINES)


@pytest.mark.parametrize(("wording", "kind", "start", "due"), CASES, ids=[case[0] for case in CASES])
def test_a_phrase_is_understood(wording, kind, start, due):
    reading = read_cell(wording, SCHOOL_YEAR)

    framed = ["school-frame"] if due != "-" and re.search(r"năm học|học k|hk", wording.lower()) else []
    assert [each.code for each in reading.problems] == (["working-days"] if "ngày làm việc" in wording else framed)
    assert [(part.kind, _day(part.start), _day(part.due)) for part in reading.parts] == [(kind, start, due)]


def _day(day: date | None) -> str:
    return str(day) if day else "-"


@pytest.mark.parametrize(
    ("wording", "days"),
    [
        ("Tháng 12/2024; T5/2025", ["2024-12-31", "2025-05-31"]),
        ("Tháng 12/2024;\nTháng 5/2025", ["2024-12-31", "2025-05-31"]),
        ("Tháng 12/2024, tháng 5/2025", ["2024-12-31", "2025-05-31"]),
        ("tháng 12/2024 và tháng 5/2025", ["2024-12-31", "2025-05-31"]),
        ("30/6 và 31/12 hằng năm", ["2025-06-30", "2024-12-31"]),
        ("ngày 30/6, 31/12 hàng năm", ["2025-06-30", "2024-12-31"]),
        ("30/6 và 31/12 mỗi năm", ["2025-06-30", "2024-12-31"]),
        ("Quý I/2025 (đợt 1); Quý III/2025 (đợt 2)", ["2025-03-31", "2025-09-30"]),
        ("Đợt 1: 30/9/2024, Đợt 2: 31/3/2025", ["2024-09-30", "2025-03-31"]),
        ("- Lần 1: 30/9/2024\n- Lần 2: 31/3/2025", ["2024-09-30", "2025-03-31"]),
        ("Đợt 1 (ngày 30/9), đợt 2 (ngày 31/3)", ["2024-09-30", "2025-03-31"]),
        ("Cấp trường: tháng 10/2024; cấp quận: tháng 12/2024", ["2024-10-31", "2024-12-31"]),
        ("Trước ngày 15/6 và 15/12 hằng năm", ["2025-06-14", "2024-12-14"]),
        ("Tháng 8; 9/2024", ["2024-08-31", "2024-09-30"]),
        ("Tháng 8, 10/2024", ["2024-08-31", "2024-10-31"]),
        ("Tháng 8/2024 và tháng 9/2024", ["2024-08-31", "2024-09-30"]),
    ],
)
def test_several_times_in_one_cell_are_several_milestones(wording, days):
    parts = read_cell(wording, SCHOOL_YEAR).parts

    assert [part.kind for part in parts] == ["several", "several"]
    assert [str(part.due) for part in parts] == days


@pytest.mark.parametrize(
    ("wording", "kind", "start", "due", "told"),
    [
        ("tháng 9, 10/2024", "range", "2024-09-01", "2024-10-31", "listed-as-one"),
        ("tháng 9 và 10 năm 2024", "range", "2024-09-01", "2024-10-31", "listed-as-one"),
        ("Tháng 8,9,10/2024", "range", "2024-08-01", "2024-10-31", "listed-as-one"),
        ("8,9/2024", "range", "2024-08-01", "2024-09-30", "listed-as-one"),
        ("T8+T9/2024", "range", "2024-08-01", "2024-09-30", "listed-as-one"),
        ("Tháng 12, 01 năm 2025", "range", "2024-12-01", "2025-01-31", "listed-as-one"),
        ("Quý III, IV năm 2024 và Quý I năm 2025", "range", "2024-07-01", "2025-03-31", "listed-as-one"),
        ("Tuần 1 tháng 9/2024", "period", "2024-09-01", "2024-09-07", "week-of-month"),
        ("tuần thứ hai của tháng 9/2024", "period", "2024-09-08", "2024-09-14", "week-of-month"),
        ("Tuần cuối tháng 9", "period", "2024-09-24", "2024-09-30", "week-of-month"),
        ("30 ngày kể từ ngày kế hoạch này có hiệu lực", "offset", "2024-08-10", "2024-09-08", "counted-from-issue"),
        ("30 ngày kể từ ngày kế hoạch được phê duyệt", "offset", "2024-08-10", "2024-09-08", "counted-from-issue"),
        ("30 ngày, tính từ khi Kế hoạch được thông qua", "offset", "2024-08-10", "2024-09-08", "counted-from-issue"),
    ],
)
def test_a_guess_is_told_and_changes_nothing_else(wording, kind, start, due, told):
    reading = read_cell(wording, SCHOOL_YEAR)

    assert [(part.kind, _day(part.start), _day(part.due)) for part in reading.parts] == [(kind, start, due)]
    assert [(problem.severity, problem.code) for problem in reading.problems] == [("note", told)]
    assert reading.complete


@pytest.mark.parametrize(
    ("wording", "kind", "code"),
    [
        ("15 ngày kể từ ngày Quyết định được ban hành", "offset", "unclear-origin"),
        ("15 ngày kể từ ngày Nghị quyết số 12/NQ-HĐND có hiệu lực", "offset", "unclear-origin"),
        ("30 ngày", "days", "unclear-origin"),
        ("Thường xuyên, từ tháng 9/2024 đến tháng 5/2025", "recurring", "end-unused"),
        ("Thường xuyên đến hết tháng 5/2025", "recurring", "end-unused"),
        ("Thứ 6, ngày 05/9/2024", "date", "other-weekday"),
        ("Từ tuần 2 đến tuần 5", "range", "school-week"),
        ("Trước tuần 10", "before", "school-week"),
    ],
)
def test_what_the_words_leave_open_is_asked(wording, kind, code):
    reading = read_cell(wording, SCHOOL_YEAR)

    assert [part.kind for part in reading.parts] == [kind]
    assert [(problem.severity, problem.code) for problem in reading.problems] == [("question", code)]


@pytest.mark.parametrize(
    ("wording", "severity", "code"),
    [
        ("Tháng 13/2024", "error", "bad-date"),
        ("31/4/2025", "error", "bad-date"),
        ("Từ 31/6/2024 đến 5/7/2024", "error", "bad-date"),
        ("tháng 0/2024", "error", "bad-date"),
        ("Quý V/2024", "error", "bad-date"),
        ("Tuần 60", "error", "bad-date"),
        ("Thán 9/2024x", "question", "bad-time"),
        ("Tháng 8/2024 hoặc tháng 9/2024", "question", "bad-time"),
        ("Tháng 12/2024 (trước ngày 20/12)", "question", "bad-time"),
        ("tháng l2/2024", "question", "bad-time"),
        ("Mùa thu", "question", "unread-time"),
        ("31/3/2025\nriêng khối Mầm non nộp sớm", "question", "time-remainder"),
        ("x" * 5000, "question", "unread-time"),
    ],
)
def test_what_cannot_be_read_is_said_and_never_guessed(wording, severity, code):
    (problem,) = read_cell(wording, SCHOOL_YEAR).problems

    assert (problem.severity, problem.code) == (severity, code)
    assert "%" not in problem.message % {"text": problem.text, "part": problem.part}


@pytest.mark.parametrize(
    ("wordings", "kind", "start", "due", "day"),
    [
        (
            "Trước khai giảng | trước ngày khai giảng năm học mới | Xong trước năm học mới",
            "before",
            "-",
            "09-04",
            "09-05",
        ),
        ("Trước khai giảng 1 tuần | trước lễ khai giảng ít nhất 7 ngày", "before", "-", "08-29", "09-05"),
        ("Đầu năm học | ngày khai giảng | đầu học kỳ I", "date", "09-05", "09-05", "09-05"),
        ("Sau khai giảng | sau lễ khai giảng", "from", "09-06", "-", "09-05"),
        ("Đầu học kỳ II | đầu HKII", "date", "01-18", "01-18", "01-17"),
        ("Hết học kỳ I | Trước khi kết thúc học kỳ I | chậm nhất hết HK I", "period", "-", "01-17", "01-17"),
        ("Cuối năm học | cuối HKII", "date", "05-31", "05-31", "05-31"),
        ("Trước Tết | Trước Tết Nguyên đán", "before", "-", "01-27", "01-28"),
        ("Sau Tết | Ngay sau kỳ nghỉ Tết Nguyên đán 2025", "from", "02-02", "-", "01-28"),
    ],
)
def test_days_of_the_school_years_frame_are_taken_for_granted_and_asked_about(wordings, kind, start, due, day):
    for wording in wordings.split(" | "):
        reading = read_cell(wording, SCHOOL_YEAR)
        (part,), (problem,) = reading.parts, reading.problems

        assert (part.kind, _day(part.start)[-5:], _day(part.due)[-5:]) == (kind, start, due), wording
        assert (problem.severity, problem.part[-5:], reading.complete) == ("question", day, True), wording


def test_the_dates_that_an_office_set_go_before_the_usual_frame():
    year = PlanYear(2025, 2026, opens=date(2025, 9, 4), semester_ends=date(2026, 1, 10), ends=date(2026, 5, 29))
    read = [read_cell(words, TimeContext(year)) for words in ("Trước khai giảng", "Cuối HKI", "Cả năm học")]

    assert [each.parts[0].due for each in read] == [date(2025, 9, 3), date(2026, 1, 10), date(2026, 5, 29)]
    assert all("cơ quan đã ghi" in each.problems[0].message for each in read)
    other = read_cell("Trước khai giảng", TimeContext(PlanYear(2025, 2026, ends=date(2026, 5, 29))))
    assert "của khung năm học" in other.problems[0].message


def test_in_a_plan_of_a_calendar_year_the_frame_tells_what_comes_once_in_it():
    def asked(words):
        reading = read_cell(words, TimeContext(PlanYear(2026, 2026)))
        return [str(part.due) for part in reading.parts], [problem.code for problem in reading.problems]

    assert asked("Trước khai giảng") == (["2026-09-04"], ["school-frame"])
    assert asked("Cuối năm học") == (["2026-05-31"], ["school-frame"])
    assert asked("Cuối học kỳ I") == ([], ["no-year"])


@pytest.mark.parametrize(
    "wording", ["Trước kỳ thi tốt nghiệp THPT", "Sau kỳ thi tuyển sinh vào lớp 10", "Trước lễ bế giảng"]
)
def test_a_day_that_no_frame_knows_is_asked_for(wording):
    reading = read_cell(wording, SCHOOL_YEAR)

    assert [(part.kind, part.due) for part in reading.parts] == [("event", None)]
    assert [(each.severity, each.code) for each in reading.problems] == [("question", "undated-event")]


def test_weeks_of_a_school_year_are_proposed_and_asked_about():
    tenth, twelfth = read_cell("Tuần 10, tuần 12", SCHOOL_YEAR).parts
    asked = read_cell("Tuần thứ 10 của năm học", SCHOOL_YEAR)
    (problem,) = asked.problems

    assert (tenth.start, tenth.due, twelfth.due) == (date(2024, 11, 4), date(2024, 11, 10), date(2024, 11, 24))
    assert (asked.parts[0].due, problem.severity, problem.part) == (tenth.due, "question", "2024-09-05")
    assert not read_cell("Tuần 10", TimeContext(PlanYear(2026, 2026))).parts
    assert read_cell("Tuần 3-4 tháng 9", SCHOOL_YEAR).parts[0].start == date(2024, 9, 15)


def test_working_days_are_counted_by_the_offices_table_and_it_is_said_by_which():
    words, off = "5 ngày làm việc kể từ ngày ban hành", DaysOff(frozenset({date(2024, 8, 12)}))
    without, by_table = read_cell(words, SCHOOL_YEAR), read_cell(words, replace(SCHOOL_YEAR, days_off=off))

    assert [without.parts[0].due, by_table.parts[0].due] == [date(2024, 8, 16), date(2024, 8, 19)]
    assert ["chưa có bảng" in each.problems[0].message for each in (without, by_table)] == [True, False]


def test_a_date_without_a_year_needs_the_plans_year():
    (problem,) = read_cell("Tháng 9", TimeContext()).problems
    assert problem.code == "no-year"
    assert read_cell("Tháng 9", TimeContext(PlanYear(2026, 2026))).parts[0].due == date(2026, 9, 30)


def test_an_offset_waits_for_the_day_of_issue():
    reading = read_cell("15 ngày kể từ ngày ban hành", TimeContext())
    assert [part.due for part in reading.parts] == [None]
    assert [problem.code for problem in reading.problems] == ["no-issue-date"]


def test_a_plan_may_read_before_as_that_very_day():
    context = TimeContext(before_includes_day=True)
    assert read_cell("Trước ngày 31/8/2024", context).parts[0].due == date(2024, 8, 31)


def test_a_bare_number_is_days_only_in_a_column_of_days():
    assert read_cell("30", TimeContext(counts_days=True)).parts[0].kind == "days"
    assert not read_cell("30", TimeContext()).parts


@pytest.mark.parametrize(
    ("start", "due", "understood"),
    [
        ("Tháng 7/2024", "Tháng 8/2024", [("period", "2024-07-01", "2024-08-31")]),
        ("Ngày 05/9/2024", "Ngày  05/9/2024", [("date", "2024-09-05", "2024-09-05")]),
        ("Tháng 9/2024", "15/10/2024", [("period", "2024-09-01", "2024-10-15")]),
        ("Tháng 9/2024", "", [("from", "2024-09-01", "-")]),
        ("", "Quý IV/2024", [("period", "2024-10-01", "2024-12-31")]),
        ("Tháng 9/2024", "Trước ngày 20/12/2024", [("before", "2024-09-01", "2024-12-19")]),
        ("", "", [("none", "-", "-")]),
        (
            "T12/2024; T5/2025",
            "T12/2024; T6/2025",
            [("several", "2024-12-01", "2024-12-31"), ("several", "2025-05-01", "2025-06-30")],
        ),
    ],
)
def test_two_columns_of_time_make_milestones(start, due, understood):
    made, problems = milestones(start, due, SCHOOL_YEAR)

    assert not problems
    assert [(each.kind, _day(each.start), _day(each.due)) for each in made] == understood
    assert all(each.start_as_written == start.strip() and each.due_as_written == " ".join(due.split()) for each in made)


@pytest.mark.parametrize(
    ("start", "due", "days", "told"),
    [
        ("Tháng 9/2024", "Thường xuyên", "2024-09-01 -", [("due", "note", "no-due")]),
        ("Sau khi có hướng dẫn", "Tháng 9/2024", "- 2024-09-30", [("start", "note", "no-start")]),
        ("", "Khi có hướng dẫn của Sở", "- -", [("due", "note", "no-due")]),
        ("", "Từ tháng 9/2024", "2024-09-01 -", [("due", "note", "no-due")]),
        ("", "Theo Kế hoạch số 12/KH-SGDĐT ngày 05/9/2024", "- -", [("due", "note", "no-due")]),
        ("", "Sau khi có hướng dẫn, chậm nhất 30/9/2024", "- -", [("due", "question", "date-unused")]),
        ("", "Theo kế hoạch của Sở, hoàn thành tháng 12", "- -", [("due", "question", "date-unused")]),
        ("khi nào rảnh", "Tháng 9/2024", "- 2024-09-30", [("start", "question", "unread-time")]),
        ("Tháng 9/2024", "khi nào rảnh", "2024-09-01 -", [("due", "question", "unread-time")]),
        ("Trước ngày 31/8/2024", "", "- -", [("start", "question", "no-start")]),
        ("", "Tháng 9/2024 báo cáo Sở", "2024-09-01 2024-09-30", [("due", "question", "time-remainder")]),
        ("", "Báo cáo Sở trước ngày 25/12/2024", "- 2024-12-24", [("due", "question", "time-remainder")]),
        ("", "Không tổ chức trong tháng 9/2024", "- -", [("due", "question", "bad-time")]),
        ("", "Sau lễ khai giảng 05/9/2024", "- -", [("due", "question", "bad-time")]),
        ("Tháng 9-10/2024", "", "2024-09-01 -", [("start", "question", "end-in-start")]),
    ],
)
def test_words_of_which_no_date_comes_are_always_told(start, due, days, told):
    (made,), problems = milestones(start, due, SCHOOL_YEAR)

    assert f"{_day(made.start)} {_day(made.due)}" == days
    assert [(column, problem.severity, problem.code) for column, problem in problems] == told


@pytest.mark.parametrize(
    "wording", ["khi nào rảnh", "khi rảnh rỗi", "chờ", "tùy hứng", "khi nào xong thì thôi", "đồng thời"]
)
def test_when_and_wait_alone_tell_nothing(wording):
    reading = read_cell(wording, SCHOOL_YEAR)

    assert not reading.parts
    assert [problem.code for problem in reading.problems] == ["unread-time"]


@pytest.mark.parametrize("wording", ["Từ ngày ban hành", "Từ ngày ban hành đến tháng 12/2024"])
def test_a_start_on_the_day_of_issue_waits_for_that_day(wording):
    assert [problem.code for problem in read_cell(wording, TimeContext()).problems] == ["no-issue-date"]


def test_unequal_numbers_of_starts_and_ends_are_asked_about():
    made, problems = milestones("Tháng 9/2024", "Tháng 12/2024; Tháng 5/2025", SCHOOL_YEAR)

    assert [str(each.start) for each in made] == ["2024-09-01", "2024-09-01"]
    assert [problem.code for _, problem in problems] == ["unmatched-times"]


@given(st.text(max_size=80))
def test_reading_a_time_never_fails(text):
    read_cell(text, SCHOOL_YEAR)


@given(
    st.dates(date(2000, 1, 1), date(2099, 12, 31)),
    st.sampled_from(["{d}/{m}/{y}", "{d:02}.{m:02}.{y}", "ngày {d} tháng {m} năm {y}"]),
)
def test_every_day_is_read_back_from_every_way_to_write_it(day, way):
    (part,) = read_cell(way.format(d=day.day, m=day.month, y=day.year), TimeContext()).parts
    assert (part.kind, part.start, part.due) == ("date", day, day)


@given(st.integers(2000, 2099), st.integers(1, 12))
def test_a_month_ends_with_its_last_day(year, month):
    (part,) = read_cell(f"Tháng {month}/{year}", TimeContext()).parts
    assert part.start == date(year, month, 1)
    assert (part.due.toordinal() + 1) == date(year + month // 12, month % 12 + 1, 1).toordinal()
