"""Decisions recorded by mistake are taken back: the plan as it was, the record kept, and when that cannot be."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.support.worlds import NOW
from tests.usecases.test_single_edits import HEAD, edit, task, who
from tracker.domain.amendments import AmendmentHead, rebuilt
from tracker.domain.errors import Forbidden, Refused, StaleState
from tracker.store import amendments
from tracker.store.database import session
from tracker.store.tables import MilestoneRow, PlanChange, ProgressEntry, ShareRow
from tracker.usecases.amendments import TaskEdit
from tracker.usecases.withdrawals import withdraw

pytestmark = pytest.mark.one_database
LATER = AmendmentHead("124/QĐ-UBND", date(2024, 11, 1))


def shares() -> list[tuple[int, ...]]:
    query = sa.select(ShareRow.id, ShareRow.milestone_id, ShareRow.unit_id, ShareRow.part, ShareRow.group_id)
    return [tuple(row) for row in session().execute(query.where(ShareRow.part != "former").order_by(ShareRow.id))]


def several_edits(head: AmendmentHead = HEAD) -> None:
    """One decision that changes, gives away, splits, drops and adds."""
    edit(
        TaskEdit(task("1").id, {"due": "Tháng 12/2024; T5/2025", "title": "Rà soát, sửa chữa"}),
        TaskEdit(task("2").id, {"leads": "Phòng Nội vụ", "partners": "Các trường Tiểu học"}),
        TaskEdit(task("25").id, {"start": "Tháng 9/2024", "due": "Tháng 11/2024"}),
        TaskEdit(task("31").id, drop="Chuyển về cấp thành phố"),
        TaskEdit(None, {"title": "Diễn tập phòng cháy", "leads": "Phòng Nội vụ", "due": "Tháng 3/2025"}),
        head=head,
        accept_defaults=True,
    )
    session().expire_all()


def living() -> list[object]:
    return [each for each in rebuilt(amendments.look(1)) if each.dropped_on is None]


def last() -> int:
    return amendments.of_plan(1)[-1].id


def test_a_plan_is_again_what_it_was_on_every_day(inside: Flask) -> None:
    before, owed, issued = living(), shares(), rebuilt(amendments.look_on(1, None))
    several_edits()
    replaced = session().scalar(sa.select(sa.func.count()).select_from(PlanChange))
    withdraw(who("monitor"), last(), "Nhập nhầm tệp", NOW)
    session().expire_all()
    gone = [each for each in shares() if each not in owed]
    assert living() == before
    assert [each for each in shares() if each in owed] == owed
    kept = {each.id for each in living()}
    of_living = sa.select(MilestoneRow.id).where(MilestoneRow.task_id.in_(kept), MilestoneRow.dropped_on.is_(None))
    assert not set(session().scalars(of_living)) & {each[1] for each in gone}, "only what was dropped keeps its shares"
    for day in (None, HEAD.issued_on, HEAD.issued_on - timedelta(days=1), NOW.date()):
        assert [each for each in rebuilt(amendments.look_on(1, day)) if each.dropped_on is None] == list(issued)
    assert session().scalar(sa.select(sa.func.count()).select_from(PlanChange)) == replaced, "nothing is forgotten"
    (taken_back,) = amendments.of_plan(1, withdrawn=True)
    assert (taken_back.withdrawn.person_name, taken_back.withdrawn.reason) == ("Nguyễn Theo Dõi", "Nhập nhầm tệp")


def test_the_number_is_free_again_and_an_older_decision_can_follow(inside: Flask) -> None:
    several_edits(LATER)
    first = last()
    withdraw(who("monitor"), first, "Ghi nhầm", NOW)
    several_edits(HEAD)
    several = living()
    edit(TaskEdit(task("3").id, {"product": "Báo cáo"}), head=LATER)
    session().expire_all()
    assert [each.head.number for each in amendments.of_plan(1)] == ["123/QĐ-UBND", "124/QĐ-UBND"]
    held = rebuilt(amendments.look_on(1, HEAD.issued_on))
    assert [each for each in held if each.dropped_on is None] == several
    with pytest.raises(StaleState):
        withdraw(who("monitor"), first, "Ghi nhầm", NOW)


def test_what_stands_in_the_way_is_named_with_what_to_do(inside: Flask) -> None:
    edit(TaskEdit(task("1").id, {"due": "Tháng 12/2024"}))
    earlier = last()
    edit(TaskEdit(task("2").id, {"product": "Báo cáo"}), head=LATER)
    with pytest.raises(Refused, match="điều chỉnh số 124/QĐ-UBND ngày 01/11/2024"):
        withdraw(who("monitor"), earlier, "Ghi nhầm", NOW)
    with pytest.raises(Refused, match="lý do"):
        withdraw(who("monitor"), last(), " ", NOW)
    with pytest.raises(Forbidden):
        withdraw(who("lead"), last(), "Ghi nhầm", NOW)
    report_on("2")
    withdraw(who("monitor"), last(), "Ghi nhầm", NOW)
    report_on("1")
    with pytest.raises(Refused, match=r"nhiệm vụ số 1\. Hãy ghi một điều chỉnh nữa"):
        withdraw(who("monitor"), earlier, "Ghi nhầm", NOW)


def report_on(number: str) -> None:
    """A line in the log of the first share of a task, an hour from now."""
    of_task = sa.select(ShareRow.id).join(MilestoneRow).where(MilestoneRow.task_id == task(number).id)
    share_id = session().scalars(of_task.order_by(ShareRow.id)).first()
    line = {"action": "update", "state": "in_progress", "percent": 10, "recorded_at": NOW + timedelta(hours=1)}
    session().add(ProgressEntry(share_id=share_id, version=99, person_id=who("lead").id, **line))
    session().commit()
