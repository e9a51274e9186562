"""Single edits under a decision: a cell, a task that goes, a task that comes."""

from dataclasses import replace
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.support.worlds import NOW
from tracker.domain.amendments import AmendmentHead, rebuilt
from tracker.domain.errors import Forbidden, Refused, StaleState
from tracker.domain.people import Person
from tracker.store import amendments, people
from tracker.store.database import session
from tracker.store.tables import AmendmentRow, MilestoneRow, PlanChange, ShareRow, TaskRow, UnitRow
from tracker.usecases.amendments import TaskEdit, amend
from tracker.usecases.import_results import ImportResult

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
HEAD = AmendmentHead("123/QĐ-UBND", date(2024, 10, 15))


def who(name: str) -> Person:
    found = people.by_email(f"{name}@example.org")
    assert found
    return found.person


def edit(*edits: TaskEdit, by: str = "monitor", head: AmendmentHead = HEAD, **options: Any) -> ImportResult:
    return amend(who(by), 1, head, edits, **({"now": NOW, "zone": ZONE} | options))


def task(number: str) -> TaskRow:
    return session().scalars(sa.select(TaskRow).where(TaskRow.number == number)).one()


def kept() -> list[tuple[Any, ...]]:
    query = sa.select(PlanChange.field, PlanChange.old, PlanChange.new).where(PlanChange.subject != "share")
    return [tuple(each) for each in session().execute(query.order_by(PlanChange.id))]


def test_a_date_is_read_as_the_plan_would_have_it_and_nothing_else_changes(inside: Flask) -> None:
    (milestone,) = session().scalars(sa.select(MilestoneRow).where(MilestoneRow.task_id == task("1").id))
    edit(TaskEdit(task("1").id, {"due": "Tháng 12/2024"}))
    session().refresh(milestone)
    assert (milestone.original_due, milestone.due) == (date(2024, 8, 31), date(2024, 12, 31))
    assert {field for field, *_ in kept()} == {"due", "due_as_written"}


def test_units_are_read_by_the_directory_and_get_their_shares(inside: Flask) -> None:
    edit(TaskEdit(task("1").id, {"leads": "Phòng Nội vụ"}))
    query = sa.select(UnitRow.code).join(ShareRow, ShareRow.unit_id == UnitRow.id).join(MilestoneRow)
    leads = session().scalars(query.where(MilestoneRow.task_id == task("1").id, ShareRow.part == "lead")).all()
    assert leads == ["phong-noi-vu"]


def test_a_task_is_dropped_with_the_reason_given(inside: Flask) -> None:
    edit(TaskEdit(task("31").id, drop="Chuyển về cấp thành phố"))
    gone = task("31")
    assert gone.dropped_on == HEAD.issued_on
    assert gone.dropped_reason == "Chuyển về cấp thành phố (theo điều chỉnh số 123/QĐ-UBND ngày 15/10/2024)"


def test_a_task_is_added_where_it_belongs(inside: Flask) -> None:
    cells = {"title": "Xây dựng quy chế phối hợp", "leads": "Phòng Nội vụ", "start": "", "due": "Tháng 3/2025"}
    edit(TaskEdit(None, cells, after=task("7").id))
    order = [each.content.title for each in rebuilt(amendments.look(1))]
    assert order[7] == "Xây dựng quy chế phối hợp"
    assert task("42").title == order[7]
    assert len(rebuilt(amendments.look_on(1, None))) == 41


def test_several_edits_stand_under_one_decision(inside: Flask) -> None:
    edit(TaskEdit(task("1").id, {"title": "Rà soát, sửa chữa"}))
    edit(TaskEdit(task("2").id, {"product": "Báo cáo"}))
    assert session().scalar(sa.select(sa.func.count()).select_from(AmendmentRow)) == 1
    edit(TaskEdit(task("3").id, {"product": "Báo cáo"}), head=AmendmentHead("124/QĐ-UBND", date(2024, 11, 1)))
    with pytest.raises(Refused, match="đã có điều chỉnh số 124/QĐ-UBND"):
        edit(TaskEdit(task("4").id, {"product": "Báo cáo"}))


def test_a_preview_tells_what_would_change_and_writes_nothing(inside: Flask) -> None:
    preview = edit(TaskEdit(task("1").id, {"due": "Tháng 12/2024"}), dry_run=True)
    (row,) = (row for row in preview.rows if row.kind != "unchanged")
    assert [(each.field, each.new) for each in row.changes] == [
        ("due", "2024-12-31"), ("due_as_written", "Tháng 12/2024"),
    ]  # fmt: skip
    assert kept() == []


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (TaskEdit(1, {"title": "  "}), "Hãy ghi nội dung nhiệm vụ"),
        (TaskEdit(1, drop=" "), "Hãy ghi lý do"),
        (TaskEdit(999, drop="thôi"), "không có trong kế hoạch"),
        (TaskEdit(None, {"leads": "Phòng Nội vụ"}), "Hãy ghi nội dung nhiệm vụ"),
        (TaskEdit(1, {"due": "31/4/2025"}), "không có trong lịch"),
        (TaskEdit(1, {"start": "Tháng 9/2024", "due": "Tháng 8/2024"}), "trước khi bắt đầu"),
        (TaskEdit(1, {"number": "2"}), "đứng ở hai dòng"),
        (TaskEdit(1, {"title": "x" * 4001}), "tối đa 4000 ký tự"),
        (TaskEdit(1, {"leads": "Phòng Quản lý Vũ trụ"}), "Chưa có đơn vị nào tên"),
        (TaskEdit(1, {}), "không đổi gì"),
        (TaskEdit(1, {"due": "khi nào rảnh"}), "Không hiểu thời gian “khi nào rảnh”"),
        (TaskEdit(1, {"due": "khi nào rảnh"}), "bỏ hạn của nhiệm vụ .*ghi lại là “khi nào rảnh”"),
        (TaskEdit(1, {"due": "Theo kế hoạch của Sở"}), "bỏ hạn của nhiệm vụ"),
        (TaskEdit(1, {"due": ""}), "bỏ hạn của nhiệm vụ"),
        (TaskEdit(1, {"start": "khi nào rảnh"}), "bỏ ngày bắt đầu của nhiệm vụ"),
    ],
)
def test_what_cannot_be_is_refused_in_words(inside: Flask, wrong: TaskEdit, words: str) -> None:
    with pytest.raises(Refused, match=words):
        edit(wrong)
    assert kept() == []


def test_a_task_that_went_cannot_be_edited(inside: Flask) -> None:
    edit(TaskEdit(task("31").id, drop="Chuyển về cấp thành phố"))
    with pytest.raises(Refused, match="đã được đưa ra"):
        edit(TaskEdit(task("31").id, {"title": "Việc khác"}))


def test_two_people_editing_the_same_task_have_one_winner(inside: Flask) -> None:
    mine = TaskEdit(task("1").id, {"product": "Báo cáo"}, seen=0)
    edit(mine)
    with pytest.raises(StaleState, match="vừa được điều chỉnh"):
        edit(replace(mine, cells={"product": "Tờ trình"}))


@pytest.mark.parametrize(
    ("by", "may"),
    [("monitor", True), ("office", True), ("admin", True), ("leader", False), ("lead", False), ("partner", False)],
)
def test_the_plans_monitors_and_administrators_amend(inside: Flask, by: str, may: bool) -> None:
    change = TaskEdit(task("1").id, {"product": "Báo cáo"})
    if may:
        assert edit(change, by=by).replaced == 1
        return
    with pytest.raises(Forbidden):
        edit(change, by=by)
