"""Amendments: dated decisions that change a plan, kept field by field, and the plan of any day."""

from dataclasses import replace
from datetime import UTC, date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.support.office import tick_at
from tests.support.samples import read
from tests.support.worlds import ANNEX, NOW
from tracker.domain.amendments import AmendmentHead, rebuilt
from tracker.domain.calendar_days import day_end
from tracker.domain.errors import Refused
from tracker.domain.feeds import Scope, ScopeKind
from tracker.domain.plan_document import Party, PlanDocument, ReadTask
from tracker.domain.summaries import tally
from tracker.domain.views import PlanHead
from tracker.store import amendments, feeds, plans, units
from tracker.store.database import session
from tracker.store.facts import CutOff, milestone_lines, partner_counts, unit_lines
from tracker.store.tables import AmendmentRow, MilestoneRow, PlanChange, ReminderRecord, ShareRow, TaskRow
from tracker.store.unit_cells import unit_cells
from tracker.usecases.import_results import ImportResult
from tracker.usecases.imports import import_plan

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
THE_PLAN = read(ANNEX.name)
FIRST = AmendmentHead("123/QĐ-UBND", date(2024, 10, 15), "Ủy ban nhân dân quận")
SECOND = AmendmentHead("140/QĐ-UBND", date(2024, 11, 20))
HOME = Party("Phòng Nội vụ", "Phòng Nội vụ", "unit", "phong-noi-vu")


def amend(document: PlanDocument, head: AmendmentHead = FIRST, **options: Any) -> ImportResult:
    known = {"now": NOW, "plan_id": 1, "accept_defaults": True, "amendment": head, "zone": ZONE}
    return import_plan(document, **(known | options))


def with_task(number: str, document: PlanDocument = THE_PLAN, **fields: Any) -> PlanDocument:
    tasks = [replace(task, **fields) if task.number == number else task for task in document.tasks]
    return replace(document, tasks=tuple(tasks))


def row(number: str) -> ReadTask:
    return next(task for task in THE_PLAN.tasks if task.number == number)


def due_moved(number: str, due: date, words: str, document: PlanDocument = THE_PLAN) -> PlanDocument:
    milestones = (replace(row(number).milestones[0], due=due, due_as_written=words),)
    return with_task(number, document, milestones=milestones)


def without(number: str, document: PlanDocument = THE_PLAN) -> PlanDocument:
    return replace(document, tasks=tuple(task for task in document.tasks if task.number != number))


def plan() -> PlanHead:
    found = plans.head(1)
    assert found
    return found


def cut(day: date, *, issued: bool = False) -> CutOff:
    return CutOff(day, day_end(day, ZONE), ZONE, issued)


def picture(day: date, *, issued: bool = False) -> tuple[Any, ...]:
    """Everything that pages and reports say of a day."""
    lines = milestone_lines(plan(), cut(day, issued=issued))
    cells = [(each.unit.code, each.lead, each.partner) for each in unit_cells(plan(), cut(day, issued=issued))]
    own = [unit_lines(plan(), unit.id, cut(day, issued=issued)) for unit in units.refs()[:12]]
    plain = [(line.number, line.title, line.deadline.due, line.status, line.leads) for line in lines]
    partners = partner_counts(plan(), [line.id for line in lines], cut(day, issued=issued))
    return tally(line.status for line in lines), cells, own, plain, partners


def stored() -> dict[str, list[Any]]:
    tables = (TaskRow, MilestoneRow, ShareRow, AmendmentRow, PlanChange)
    return {each.__tablename__: [tuple(r) for r in session().execute(sa.select(each.__table__))] for each in tables}


MUCH = without(
    "31",
    with_task(
        "14",
        due_moved("1", date(2024, 12, 31), "Tháng 12/2024"),
        leads=(HOME,),
        leads_as_written="Phòng Nội vụ",
    ),
)
MUCH = with_task("25", MUCH, milestones=row("25").milestones[1:])
MUCH = replace(
    MUCH, tasks=(*MUCH.tasks, replace(row("7"), number="42", title="Xây dựng quy chế phối hợp với hội phụ huynh"))
)


def test_what_a_day_said_before_the_amendment_it_still_says(inside: Flask) -> None:
    before, eve = picture(date(2024, 9, 30)), picture(date(2024, 10, 14))
    result = amend(MUCH)
    assert result.counts == {"added": 1, "changed": 3, "dropped": 1, "unchanged": 37}
    assert picture(date(2024, 9, 30)) == before
    assert picture(date(2024, 10, 14)) == eve
    assert picture(date(2024, 10, 15)) != eve


def test_the_plan_is_read_as_first_issued_as_of_any_day_and_as_it_is(inside: Flask) -> None:
    today = date(2024, 12, 16)
    first = picture(today)
    amend(due_moved("1", date(2024, 12, 31), "Tháng 12/2024"))
    amend(without("31", due_moved("1", date(2024, 12, 31), "Tháng 12/2024")), SECOND)
    assert picture(today, issued=True) == first
    dues = {
        day: {line.number: line.deadline.due for line in milestone_lines(plan(), cut(day))}
        for day in (date(2024, 10, 14), date(2024, 10, 15), date(2024, 11, 20))
    }
    assert [each["1"] for each in dues.values()] == [date(2024, 8, 31), date(2024, 12, 31), date(2024, 12, 31)]
    assert ["31" in each for each in dues.values()] == [True, True, False]
    assert [len(rebuilt(amendments.look_on(1, None))), len(rebuilt(amendments.look(1)))] == [41, 41]


def test_old_and_new_are_kept_field_by_field_with_the_first_due_date(inside: Flask) -> None:
    amend(due_moved("1", date(2024, 12, 31), "Tháng 12/2024"))
    (milestone,) = session().scalars(
        sa.select(MilestoneRow).join(TaskRow, TaskRow.id == MilestoneRow.task_id).where(TaskRow.number == "1")
    )
    assert (milestone.original_due, milestone.due) == (date(2024, 8, 31), date(2024, 12, 31))
    kept = session().execute(sa.select(PlanChange.field, PlanChange.old, PlanChange.new).order_by(PlanChange.field))
    assert [tuple(each) for each in kept] == [
        ("due", "2024-08-31", "2024-12-31"),
        ("due_as_written", row("1").milestones[0].due_as_written, "Tháng 12/2024"),
    ]


def test_a_dropped_task_stays_from_the_day_of_the_decision_with_its_reason(inside: Flask) -> None:
    amend(without("31"))
    gone = session().scalars(sa.select(TaskRow).where(TaskRow.number == "31")).one()
    assert (gone.dropped_on, gone.dropped_reason) == (FIRST.issued_on, "theo điều chỉnh số 123/QĐ-UBND ngày 15/10/2024")


def test_an_amendment_twice_changes_nothing(inside: Flask) -> None:
    amend(MUCH)
    before = stored()
    assert amend(MUCH).changes_nothing
    assert amend(MUCH, replace(FIRST, number=" 123/qđ-ubnd ")).changes_nothing
    amend(without("5", MUCH), SECOND)
    after = stored()
    assert amend(MUCH).changes_nothing
    assert stored() == after != before


def test_a_preview_tells_the_same_and_writes_nothing(inside: Flask) -> None:
    before = stored()
    preview = amend(MUCH, dry_run=True)
    assert stored() == before
    result = amend(MUCH)
    assert (preview.rows, preview.replaced) == (result.rows, result.replaced)
    assert result.as_json()["amendment"]["number"] == "123/QĐ-UBND"


@pytest.mark.parametrize(
    ("head", "words"),
    [
        (replace(FIRST, number="  "), "Hãy ghi số của quyết định"),
        (replace(FIRST, number="9" * 81), "quá dài"),
        (replace(FIRST, issued_on=date(2024, 12, 17)), "sau hôm nay"),
        (replace(FIRST, issued_on=date(2024, 6, 30)), "trước ngày ban hành kế hoạch"),
    ],
)
def test_a_head_that_cannot_be_is_refused_in_words(inside: Flask, head: AmendmentHead, words: str) -> None:
    session().execute(sa.text("UPDATE plan SET issued_on = '2024-07-01'"))
    session().commit()
    before = stored()
    with pytest.raises(Refused, match=words):
        amend(MUCH, head)
    assert stored() == before


def test_what_contradicts_the_record_is_refused_and_named(inside: Flask) -> None:
    amend(MUCH, SECOND)
    before = stored()
    refusals = {
        "đã được ghi với nội dung khác": (without("5"), SECOND),
        "đã có với ngày ban hành 20/11/2024": (MUCH, replace(SECOND, issued_on=date(2024, 11, 21))),
        "theo thứ tự ban hành": (without("5", MUCH), FIRST),
        "không đổi gì so với kế hoạch": (MUCH, AmendmentHead("150/QĐ-UBND", date(2024, 12, 1))),
    }
    for words, (document, head) in refusals.items():
        with pytest.raises(Refused, match=words):
            amend(document, head)
    assert stored() == before


def test_an_amended_plan_changes_under_a_decision_only(inside: Flask) -> None:
    amend(MUCH)
    assert import_plan(THE_PLAN, now=NOW, accept_defaults=True).changes_nothing
    assert import_plan(MUCH, now=NOW, accept_defaults=True).changes_nothing
    with pytest.raises(Refused, match="chỉ đổi được dưới một quyết định"):
        import_plan(without("9"), now=NOW, accept_defaults=True)


def test_a_row_that_may_be_an_old_one_waits_for_a_person(inside: Flask) -> None:
    title = row("1").title
    revised = with_task("1", title=f"{' '.join(title.split()[:2])} theo quy định mới của thành phố")
    before = stored()
    with pytest.raises(Refused, match=r"Có thể là nhiệm vụ cũ số 1 .*giống \d\d/100"):
        amend(revised, accept_defaults=False)
    assert stored() == before
    (doubt,) = amend(revised, dry_run=True).doubts
    joined = amend(revised, same={doubt.at: doubt.stored.id}, accept_defaults=False)
    assert joined.counts["changed"] == 1
    assert joined.counts["added"] == 0
    assert amend(revised, same={doubt.at: doubt.stored.id}).changes_nothing


def test_a_wrong_choice_of_rows_is_refused(inside: Flask) -> None:
    for same in ({0: 999}, {0: 1, 1: 1}, {77: 1}):
        with pytest.raises(Refused, match="Hãy chọn lại"):
            amend(MUCH, same=same)


def test_only_what_changed_gets_another_number_in_calendars(inside: Flask) -> None:
    def sequences() -> dict[int, int]:
        return {each.id: each.ical_sequence for each in session().scalars(sa.select(MilestoneRow))}

    before = sequences()
    amend(due_moved("1", date(2024, 12, 31), "Tháng 12/2024"), now=NOW.replace(tzinfo=UTC) + timedelta(hours=1))
    moved = {each for each, number in sequences().items() if number != before[each]}
    assert moved == {session().scalar(sa.select(MilestoneRow.id).join(TaskRow).where(TaskRow.number == "1"))}


def test_a_plan_can_only_be_amended_while_in_force(inside: Flask) -> None:
    session().execute(sa.text("UPDATE plan SET state = 'closed'"))
    session().commit()
    with pytest.raises(Refused, match="đang có hiệu lực"):
        amend(MUCH)
    with pytest.raises(Refused, match="Hãy chọn kế hoạch"):
        amend(replace(MUCH, title="Kế hoạch nào đó"), plan_id=None)


def test_a_moved_due_date_is_reminded_anew(inside: Flask) -> None:
    (share,) = session().scalars(
        sa.select(ShareRow)
        .join(MilestoneRow, MilestoneRow.id == ShareRow.milestone_id)
        .join(TaskRow, TaskRow.id == MilestoneRow.task_id)
        .where(TaskRow.number == "1", ShareRow.part == "lead")
    )
    tick_at(inside, "2024-12-16T08:00")
    amend(due_moved("1", date(2024, 12, 31), "Tháng 12/2024"))
    for moment in ("2024-12-17T08:00", "2024-12-26T08:00"):
        tick_at(inside, moment)
    told = session().execute(
        sa.select(ReminderRecord.day, ReminderRecord.rule_code)
        .where(ReminderRecord.share_id == share.id, ReminderRecord.subject == "due")
        .distinct()
    )
    by_due: dict[date, set[str]] = {}
    for due, rule in told:
        by_due.setdefault(due, set()).add(rule)
    assert set(by_due) == {date(2024, 8, 31), date(2024, 12, 31)}
    assert not by_due[date(2024, 8, 31)] & by_due[date(2024, 12, 31)]


def test_a_dropped_task_is_cancelled_in_calendars_and_reminded_no_more(inside: Flask) -> None:
    amend(without("31"))
    events = feeds.feed(Scope(ScopeKind.PLAN, 1), ZONE).events
    assert [each.number for each in events if each.dropped_on] == ["31"]
    amend(with_task("25", without("31"), milestones=row("25").milestones[1:]), SECOND)
    events = feeds.feed(Scope(ScopeKind.PLAN, 1), ZONE).events
    assert {(each.number, each.ordinal): each.dropped_reason for each in events if each.dropped_on} == {
        ("31", 1): "theo điều chỉnh số 123/QĐ-UBND ngày 15/10/2024",
        ("25", 1): "theo điều chỉnh số 140/QĐ-UBND ngày 20/11/2024",
    }
