"""Next year's plan: dates moved by school year, years in wordings proposed, ended units replaced by their heirs."""

from datetime import date

import pytest

from tests.support.samples import read
from tests.support.worlds import ANNEX
from tracker.adapters.seeds import load_directory
from tracker.domain.errors import Refused
from tracker.domain.plan_document import Party, Place, ReadTask
from tracker.domain.reading.milestones import milestones
from tracker.domain.reading.periods import PlanYear
from tracker.domain.reading.phrases import TimeContext
from tracker.domain.rollover import Proposal, RolledOver, moved_time, moved_years, roll_over, target_year
from tracker.domain.units import Directory, Unit

TODAY = date(2024, 12, 16)
BEFORE, AFTER = PlanYear(2024, 2025), PlanYear(2025, 2026)
OLD = Unit("phong-gddt", "Phòng Giáo dục và Đào tạo", aliases=("Phòng GD&ĐT",), ends_on=date(2025, 6, 30),
    successors=("phong-vhxh",))  # fmt: skip
HEIR = Unit("phong-vhxh", "Phòng Văn hóa - Xã hội", starts_on=date(2025, 7, 1))
GONE = Unit("phong-noi-vu", "Phòng Nội vụ", ends_on=date(2025, 6, 30))
STAYS = Unit("cong-an", "Công an phường")
DIRECTORY = Directory((OLD, HEIR, GONE, STAYS))


def task(start: str = "", due: str = "", title: str = "Việc", leads: tuple[Unit, ...] = (STAYS,)) -> ReadTask:
    times, _ = milestones(start, due, TimeContext(BEFORE))
    parties = tuple(Party(each.name, each.name, "unit", each.code) for each in leads)
    written = ", ".join(each.name for each in leads)
    return ReadTask("1", None, title, None, written, "", parties, (), times, Place())


def rolled(*tasks: ReadTask) -> RolledOver:
    return roll_over("Kế hoạch năm học 2024-2025", tasks, BEFORE, AFTER, DIRECTORY, TODAY)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Tổng kết năm học 2024-2025", "Tổng kết năm học 2025-2026"),
        ("Tổng kết năm học 2024 – 2025", "Tổng kết năm học 2025 – 2026"),
        ("Ngân sách năm 2024", "Ngân sách năm 2025"),
        ("Tuyển sinh lớp 10 năm 2025", "Tuyển sinh lớp 10 năm 2026"),
        ("Kỷ niệm ngày 20/11", "Kỷ niệm ngày 20/11"),
        ("Kỷ niệm ngày 20/11/2024", "Kỷ niệm ngày 20/11/2025"),
        ("Thực hiện Thông tư 16/2018", "Thực hiện Thông tư 16/2018"),
        ("Theo Thông tư số 22/2024/TT-BGDĐT về thi", "Theo Thông tư số 22/2024/TT-BGDĐT về thi"),
        ("Kế hoạch số 15/KH-UBND ngày 05/3/2024", "Kế hoạch số 15/KH-UBND ngày 05/3/2024"),
        ("Luật Nhà giáo năm 2025", "Luật Nhà giáo năm 2025"),
        ("Chương trình giáo dục phổ thông 2018", "Chương trình giáo dục phổ thông 2018"),
        ("Đề án giai đoạn 2024-2030", "Đề án giai đoạn 2024-2030"),
        ("Sơ kết học kỳ I, tháng 1/2025", "Sơ kết học kỳ I, tháng 1/2026"),
    ],
)
def test_only_the_plans_own_years_move_in_a_wording(before: str, after: str) -> None:
    assert moved_years(before, BEFORE, AFTER) == after


@pytest.mark.parametrize(
    ("start", "due", "expected", "reason"),
    [
        ("Tháng 7/2024", "Tháng 8/2024", ("Tháng 7/2025", "Tháng 8/2025", date(2025, 8, 31)), "month"),
        ("Tháng 1/2025", "Tháng 2/2025", ("Tháng 1/2026", "Tháng 2/2026", date(2026, 2, 28)), "month"),
        ("", "Quý IV/2024", ("", "Quý IV/2025", date(2025, 12, 31)), "month"),
        ("", "Ngày 05/9/2024", ("", "Ngày 05/9/2025", date(2025, 9, 5)), "day"),
        ("", "ngày 5 tháng 9 năm 2024", ("", "ngày 5 tháng 9 năm 2025", date(2025, 9, 5)), "day"),
        ("", "Trước ngày 31/8/2024", ("", "Trước ngày 31/8/2025", date(2025, 8, 30)), "day"),
        ("", "Thường xuyên", ("", "Thường xuyên", None), None),
        ("", "Tháng 8", ("", "Tháng 8", date(2025, 8, 31)), None),
        ("", "Giai đoạn 2024-2030", ("", "Giai đoạn 2024-2030", date(2030, 12, 31)), "check"),
    ],
)
def test_times_move_by_whole_years_as_they_were_written(start, due, expected, reason) -> None:
    found = rolled(task(start, due))
    (milestone,) = found.tasks[0].milestones
    assert (milestone.start_as_written, milestone.due_as_written, milestone.due) == expected
    assert {each.reason for each in found.proposals if each.at is not None} == ({reason} if reason else set())


@pytest.mark.parametrize(
    ("title", "due"),
    [
        ("Tổ chức Tết Trung thu năm 2024", "Tháng 9/2024"),
        ("Trực Tết Nguyên đán Ất Tỵ", "Tháng 1/2025"),
        ("Đón Tết", "Tháng 1"),
        ("Giỗ Tổ Hùng Vương", "Ngày 07/4/2025"),
        ("Lễ hội mùa xuân (rằm tháng Giêng)", "Tháng 2/2025"),
    ],
)
def test_a_festival_of_the_lunar_calendar_is_never_simply_moved(title, due) -> None:
    asked = [each for each in rolled(task("", due, title)).proposals if each.field == "due"]
    assert [(each.reason, each.certain) for each in asked] == [("lunar", False)]


@pytest.mark.parametrize("title", ["Kết thúc học kỳ", "Tết Dương lịch", "Tổng kết", "Trung thực trong thi cử"])
def test_words_that_only_sound_like_a_festival_are_moved(title) -> None:
    asked = [each for each in rolled(task("", "Tháng 1/2025", title)).proposals if each.field == "due"]
    assert [each.reason for each in asked] == ["month"]


def test_an_exact_day_is_not_moved_off_a_day_off() -> None:
    (milestone,) = rolled(task("", "31/8/2024")).tasks[0].milestones
    assert milestone.due == date(2025, 8, 31)  # a Sunday


def test_the_29th_of_february_becomes_the_28th() -> None:
    assert moved_time("29/02/2024", PlanYear(2023, 2024), PlanYear(2024, 2025)) == "28/02/2025"
    assert moved_time("29/02/2024", PlanYear(2023, 2024), PlanYear(2027, 2028)) == "29/02/2028"


def test_a_task_with_two_milestones_keeps_both() -> None:
    found = rolled(task("Tháng 12/2024; T5/2025", "Tháng 12/2024; T5/2025"))
    assert [each.due for each in found.tasks[0].milestones] == [date(2025, 12, 31), date(2026, 5, 31)]


def test_units_that_ended_are_replaced_by_their_heirs_and_the_others_asked_about() -> None:
    found = rolled(task(due="Tháng 8/2024", leads=(OLD, STAYS)), task(due="Tháng 8/2024", leads=(GONE,)))
    assert [each.code for each in found.tasks[0].leads] == ["phong-vhxh", "cong-an"]
    asked = {each.at: each for each in found.proposals if each.field == "leads"}
    assert asked[0].new == "Phòng Văn hóa - Xã hội, Công an phường"
    assert (asked[0].reason, asked[1].reason, asked[1].new) == ("unit", "no-heir", "")
    assert found.tasks[1].leads == ()


def test_the_plan_gets_its_new_title_and_year() -> None:
    found = rolled()
    assert (found.title, found.school_year) == ("Kế hoạch năm học 2025-2026", "2025-2026")
    assert found.proposals == (
        Proposal(None, "plan", "Kế hoạch năm học 2024-2025", "Kế hoạch năm học 2025-2026", "year"),
    )


def test_the_real_plan_rolls_over_row_by_row() -> None:
    directory = load_directory()
    document = read(ANNEX.name)
    found = roll_over(document.title, document.tasks, BEFORE, AFTER, directory, TODAY)
    assert [each.number for each in found.tasks] == [each.number for each in document.tasks]
    for old, new in zip(document.tasks, found.tasks, strict=True):
        for one, two in zip(old.milestones, new.milestones, strict=True):
            assert one.kind == two.kind
            assert (one.due.year + 1, one.due.month) == (two.due.year, two.due.month)
    assert all(
        each.certain
        for each in found.proposals
        if each.field in ("start", "due") and each.reason not in ("day", "lunar")
    )
    lunar = {found.tasks[each.at].number for each in found.proposals if each.reason == "lunar"}
    assert lunar == {"16"}  # the Mid-Autumn Festival of 2024 was in September, that of 2025 in October
    titles = {each.number: each.title for each in found.tasks}
    assert "năm học 2024-2025" in titles["23"]  # looks back on last year: 2023-2024 in the first plan
    assert [number for number, title in titles.items() if "2024" in title] == ["23"]


@pytest.mark.parametrize(
    ("source", "to", "words"),
    [
        ("2024-2025", "2025", "không phải năm học"),
        ("2024-2025", "năm sau", "không phải năm học"),
        ("2024-2025", "2024-2025", "không sau năm học"),
        ("2024-2025", "2023-2024", "không sau năm học"),
        (None, "2025-2026", "không ghi năm học"),
    ],
)
def test_a_year_that_cannot_be_is_refused(source: str | None, to: str, words: str) -> None:
    with pytest.raises(Refused, match=words):
        target_year(source, to)
