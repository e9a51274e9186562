"""Importing: all or nothing, the second time nothing, and never a log or a first due date lost."""

from collections import Counter
from dataclasses import replace
from datetime import date
from time import process_time
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.support.samples import read
from tests.support.worlds import ANNEX, ISSUED, MONITORS, NOW
from tracker.domain.calendar_days import day_end, local_day
from tracker.domain.errors import NotFound, Refused
from tracker.domain.feeds import Scope, ScopeKind
from tracker.domain.plan_document import Finding, Party, Place, PlanDocument, ReadTask
from tracker.domain.work import Action, Entry
from tracker.store import feeds, people, plans, units
from tracker.store.database import session
from tracker.store.facts import CutOff, unit_lines
from tracker.store.tables import AssignmentRow, MilestoneRow, PlanRow, ProgressEntry, ShareRow, TaskRow, UnitRow
from tracker.usecases import progress
from tracker.usecases.import_results import ImportResult
from tracker.usecases.imports import import_plan
from tracker.usecases.setup import prepare

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
THE_PLAN = read(ANNEX.name)


@pytest.fixture
def document() -> PlanDocument:
    """The real plan as it is in the world already."""
    return THE_PLAN


def again(document: PlanDocument, **options: Any) -> ImportResult:
    return import_plan(document, **({"now": NOW, "accept_defaults": True} | options))


def changed(document: PlanDocument, number: str, **fields: Any) -> PlanDocument:
    tasks = [replace(task, **fields) if task.number == number else task for task in document.tasks]
    return replace(document, tasks=tuple(tasks))


def without(document: PlanDocument, number: str) -> PlanDocument:
    return replace(document, tasks=tuple(task for task in document.tasks if task.number != number))


def with_due(document: PlanDocument, number: str, due: date, words: str) -> PlanDocument:
    task = row(document, number)
    return changed(document, number, milestones=(replace(task.milestones[0], due=due, due_as_written=words),))


def row(document: PlanDocument, number: str) -> ReadTask:
    return next(task for task in document.tasks if task.number == number)


def milestones(number: str) -> list[MilestoneRow]:
    query = sa.select(MilestoneRow).join(TaskRow, TaskRow.id == MilestoneRow.task_id)
    living = query.where(TaskRow.number == number, TaskRow.dropped_on.is_(None), MilestoneRow.dropped_on.is_(None))
    return list(session().scalars(living.order_by(MilestoneRow.position)))


def shares(number: str, ordinal: int = 1) -> dict[str, str]:
    """Unit code to part of the shares in a task's milestone."""
    query = sa.select(UnitRow.code, ShareRow.part).join(UnitRow, UnitRow.id == ShareRow.unit_id)
    found = session().execute(query.where(ShareRow.milestone_id == milestones(number)[ordinal - 1].id))
    return {row.code: row.part for row in found}


def everything() -> dict[str, list[Any]]:
    """Every row that an import writes."""
    tables = (PlanRow, TaskRow, MilestoneRow, AssignmentRow, ShareRow)
    return {each.__tablename__: [tuple(r) for r in session().execute(sa.select(each.__table__))] for each in tables}


def owed_by(code: str) -> set[str]:
    """The numbers of the tasks on a unit's own page, which are those of its calendar as well."""
    plan, unit = plans.running(NOW.date()), units.ref_by_code(code)
    assert plan
    assert unit
    today = local_day(NOW, ZONE)
    own = {line.number for line in unit_lines(plan, unit.id, CutOff(today, day_end(today, ZONE), ZONE))}
    shown = {record.number for record in feeds.feed(Scope(ScopeKind.UNIT, unit.id), ZONE).events}
    assert own == shown
    return own


def log_progress(world: Flask, number: str) -> None:
    lead = people.by_email("lead@example.org")
    share_id = (
        session()
        .scalars(
            sa.select(ShareRow.id).where(
                ShareRow.milestone_id == milestones(number)[0].id,
                ShareRow.unit_id == lead.person.unit_id,  # type: ignore[union-attr]
            )
        )
        .one()
    )
    entry = Entry(Action.PROGRESS, 40, result="Đã rà soát 12 trường")
    progress.record(lead.person, share_id, entry, NOW, files=world.extensions["tracker"].files)  # type: ignore[union-attr]


def test_the_real_plan_has_41_tasks_and_42_milestones_with_a_share_for_every_unit(inside: Flask) -> None:
    assert session().scalar(sa.select(sa.func.count()).select_from(TaskRow)) == 41
    assert session().scalar(sa.select(sa.func.count()).select_from(MilestoneRow)) == 42
    assert [(m.start, m.original_due, m.due) for m in milestones("25")] == [
        (date(2024, 12, 1), date(2024, 12, 31), date(2024, 12, 31)),
        (date(2025, 5, 1), date(2025, 5, 31), date(2025, 5, 31)),
    ]
    assert shares("25", 1) == shares("25", 2)
    # A group is expanded to one share per member: eight wards and the six schools of the directory.
    found = shares("13")
    assert Counter(found.values()) == {"lead": 1, "partner": 1 + 8 + 6}
    assert found["phong-gddt"] == "lead"
    assert {"truong-th-thanh-to", "ubnd-phuong-nam-hai", "van-phong-hdnd-ubnd"} <= set(found)
    # A unit that both cells name has the lead share alone.
    assert {part for code, part in shares("11").items() if code.startswith("ubnd-phuong-")} == {"lead"}


@pytest.mark.both_databases
def test_importing_twice_changes_nothing(inside: Flask, document: PlanDocument) -> None:
    before = everything()
    result = again(document)
    assert result.changes_nothing
    assert result.counts == {"added": 0, "changed": 0, "dropped": 0, "unchanged": 41}
    assert everything() == before


def test_questions_answered_once_are_not_asked_again(inside: Flask, document: PlanDocument) -> None:
    asked = Finding("question", "2", "leads", "unknown-unit", "Chưa có đơn vị này.")
    assert again(replace(document, findings=(asked,)), accept_defaults=False).changes_nothing


def test_a_question_about_a_changed_row_waits_for_a_person(inside: Flask, document: PlanDocument) -> None:
    asked = Finding("question", "2", "leads", "unknown-unit", "Chưa có đơn vị này.", place=Place(1, 7))
    revised = replace(changed(document, "2", title="Rà soát đội ngũ"), findings=(asked,))
    before = everything()
    with pytest.raises(Refused, match=r"nhiệm vụ 2, cột đơn vị chủ trì, trang 1, dòng 7: Chưa có đơn vị này"):
        again(revised, accept_defaults=False)
    assert everything() == before
    assert again(revised).questions == (asked,)
    assert everything() != before


def test_an_error_stops_the_import_whole_and_is_named(inside: Flask, document: PlanDocument) -> None:
    broken = Finding("error", "7", "due", "end-before-start", "Hạn đứng trước ngày bắt đầu.", place=Place(2, 31))
    also = Finding("error", None, None, "no-year", "Không rõ năm học.")
    revised = replace(without(document, "3"), findings=(also, broken))
    before = everything()
    with pytest.raises(Refused) as refused:
        again(revised)
    told = refused.value.text()
    assert "- nhiệm vụ 7, cột hoàn thành, trang 2, dòng 31: Hạn đứng trước ngày bắt đầu." in told
    assert "- Không rõ năm học." in told
    assert everything() == before


def test_a_dry_run_tells_the_same_and_writes_nothing(inside: Flask, document: PlanDocument) -> None:
    revised = with_due(without(document, "3"), "1", date(2024, 9, 30), "Tháng 9/2024")
    before = everything()
    preview = again(revised, dry_run=True)
    assert everything() == before
    assert preview.rows == again(revised).rows
    assert preview.counts == {"added": 0, "changed": 1, "dropped": 1, "unchanged": 39}


@pytest.mark.both_databases
def test_a_moved_due_date_keeps_the_first_one_and_the_log(inside: Flask, document: PlanDocument) -> None:
    log_progress(inside, "1")
    sequence = milestones("1")[0].ical_sequence
    result = again(with_due(document, "1", date(2024, 9, 30), "Tháng 9/2024"))
    (moved,) = milestones("1")
    assert (moved.original_due, moved.due) == (date(2024, 8, 31), date(2024, 9, 30))
    assert moved.ical_sequence == sequence + 1
    assert session().scalars(sa.select(ProgressEntry.result)).all() == ["Đã rà soát 12 trường"]
    assert result.as_json()["rows"][0]["changes"][0] == {
        "field": "due", "old": "2024-08-31", "new": "2024-09-30", "milestone": 1,
    }  # fmt: skip


def test_a_task_that_comes_back_is_counted_as_that_and_told_after_what_goes(
    inside: Flask, document: PlanDocument
) -> None:
    again(without(document, "1"))
    result = again(without(document, "31"))
    assert result.counts == {"added": 0, "changed": 0, "dropped": 1, "unchanged": 39, "restored": 1}
    assert [(each["kind"], each["number"]) for each in result.as_json()["rows"]] == [
        ("dropped", "31"),
        ("restored", "1"),
    ]


def test_a_vanished_task_is_dropped_with_its_reason_and_can_return(inside: Flask, document: PlanDocument) -> None:
    log_progress(inside, "1")
    again(without(document, "1"))
    gone = session().scalars(sa.select(TaskRow).where(TaskRow.number == "1")).one()
    assert gone.dropped_on == date(2024, 12, 16)
    assert gone.dropped_reason == "không còn trong văn bản nhập ngày 16/12/2024"
    assert session().scalar(sa.select(sa.func.count()).select_from(ProgressEntry)) == 1
    result = again(document)
    assert result.counts["added"] == 0
    assert milestones("1")[0].task_id == gone.id


def test_a_new_row_pushes_the_others_on_and_they_stay_the_same_tasks(inside: Flask, document: PlanDocument) -> None:
    log_progress(inside, "7")
    logged = milestones("7")[0].id
    tasks = list(document.tasks)
    tasks.insert(2, replace(tasks[0], title="Sơ kết công tác hè 2024"))
    renumbered = tuple(replace(task, number=str(at)) for at, task in enumerate(tasks, start=1))
    result = again(replace(document, tasks=renumbered))
    assert result.counts == {"added": 1, "changed": 0, "dropped": 0, "unchanged": 2, "renumbered": 39}
    assert {change.field for each in result.rows for change in each.changes} == {"number"}
    assert milestones("8")[0].id == logged


def test_a_unit_taken_off_a_task_keeps_its_log_and_owes_nothing(inside: Flask, document: PlanDocument) -> None:
    log_progress(inside, "1")
    office = Party("Phòng Nội vụ", "Phòng Nội vụ", "unit", "phong-noi-vu")
    again(changed(document, "1", leads=(office,), leads_as_written="Phòng Nội vụ"))
    assert {code: part for code, part in shares("1").items() if part != "partner"} == {
        "phong-tckh": "former",
        "phong-noi-vu": "lead",
    }
    assert session().scalar(sa.select(sa.func.count()).select_from(ProgressEntry)) == 1
    assert "1" not in owed_by("phong-tckh")
    assert "1" in owed_by("phong-noi-vu")
    again(document)
    assert {code: part for code, part in shares("1").items() if part != "partner"} == {
        "phong-tckh": "lead",
        "phong-noi-vu": "former",
    }


def test_a_milestone_that_is_gone_is_dropped_with_its_reason(inside: Flask, document: PlanDocument) -> None:
    first, second = (each.id for each in milestones("25"))
    again(changed(document, "25", milestones=row(document, "25").milestones[1:]))
    assert [each.id for each in milestones("25")] == [second]
    dropped = session().get_one(MilestoneRow, first)
    assert (dropped.dropped_on, dropped.dropped_reason) == (
        date(2024, 12, 16),
        "không còn trong văn bản nhập ngày 16/12/2024",
    )
    assert session().scalars(sa.select(ShareRow.id).where(ShareRow.milestone_id == first)).first()


def test_schools_that_open_later_do_not_join_by_themselves(inside: Flask, document: PlanDocument) -> None:
    session().add(UnitRow(code="truong-moi", name="Trường Tiểu học Mới", kind="school", level="primary"))
    session().commit()
    assert again(document).changes_nothing
    assert "truong-moi" not in shares("13")


def test_an_unknown_unit_stays_as_text_and_nobody_owes_its_part(inside: Flask, document: PlanDocument) -> None:
    stranger = Party("Đội Cờ đỏ", "Đội Cờ đỏ", "unit", "doi-co-do")
    again(changed(document, "14", partners=(stranger,), partners_as_written="Đội Cờ đỏ"))
    kept = session().scalars(sa.select(AssignmentRow).where(AssignmentRow.text == "Đội Cờ đỏ")).one()
    assert (kept.kind, kept.unit_id) == ("open", None)
    assert Counter(shares("14").values()) == {"lead": 1, "former": 6}


def test_the_plan_is_found_by_year_and_title_or_by_its_id(inside: Flask, document: PlanDocument) -> None:
    plan = plans.running(NOW.date())
    assert plan
    assert again(replace(document, title=document.title.upper())).plan_id == plan.id
    other = again(replace(document, title="Kế hoạch hè", school_year="2025-2026"))
    assert other.is_new
    assert other.plan_id != plan.id
    assert again(replace(document, title="Tên mới"), plan_id=plan.id).plan_changes[0].new == "Tên mới"
    with pytest.raises(NotFound, match="Không có kế hoạch số 99"):
        again(document, plan_id=99)


def test_monitors_come_from_the_argument_else_from_the_people(inside: Flask, document: PlanDocument) -> None:
    codes = {unit_id: code for code, unit_id in units.ids_by_code().items()}

    def watching(plan_id: int | None) -> list[str]:
        plan = plans.head(plan_id or 0)
        return [codes[unit_id] for unit_id in plan.monitor_unit_ids] if plan else []

    new = again(replace(document, title="Kế hoạch hè"))
    assert watching(new.plan_id) == list(MONITORS)
    assert again(document, monitors=("phong-noi-vu",)).changes_nothing
    current = again(document).plan_id
    assert watching(current) == ["phong-noi-vu"]
    with pytest.raises(Refused, match="Không có đơn vị theo dõi với mã: phong-la"):
        again(document, monitors=("phong-la",))


def test_thousands_of_tasks_are_imported_in_a_few_seconds(app: Flask, document: PlanDocument) -> None:
    many = tuple(
        replace(task, number=f"{part}.{task.number}", title=f"{task.title} đợt {part}")
        for part in range(20)
        for task in document.tasks
    )
    with app.app_context():
        prepare(ISSUED)
        begun = process_time()
        result = again(replace(document, tasks=many))
        assert process_time() - begun < 10
        assert result.counts["added"] == 820
        assert result.shares == session().scalar(sa.select(sa.func.count()).select_from(ShareRow))
