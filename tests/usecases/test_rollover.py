"""Next year's plan: a draft that is nobody's work, decided guess by guess, then put in force."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.support.samples import read
from tests.support.worlds import ANNEX, NOW
from tracker.adapters.words import translations
from tracker.domain.errors import Forbidden, NotFound, Refused, StaleState
from tracker.domain.feeds import Scope, ScopeKind
from tracker.domain.people import Person
from tracker.store import drafts, feeds, people, plans
from tracker.store.database import session
from tracker.store.reminder_facts import owed
from tracker.store.tables import MilestoneRow, ShareRow, TaskRow, UnitRow
from tracker.usecases.imports import import_plan
from tracker.usecases.rollover import decide, put_in_force, roll_plan_over

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
SUMMER = datetime(2025, 8, 1, 1, 0, tzinfo=UTC)
FORCE: dict[str, Any] = {"number": "88/KH-UBND", "issued_on": date(2025, 7, 30), "now": SUMMER, "zone": ZONE}


def who(name: str = "monitor") -> Person:
    found = people.by_email(f"{name}@example.org")
    assert found
    return found.person


def made() -> int:
    plan_id = roll_plan_over("2025-2026", now=NOW).plan_id
    assert plan_id
    return plan_id


def shares_of(plan_id: int) -> int:
    query = sa.select(sa.func.count()).select_from(ShareRow).join(MilestoneRow).join(TaskRow)
    return session().scalar(query.where(TaskRow.plan_id == plan_id)) or 0


def dues(plan_id: int) -> dict[tuple[str, int], tuple[date | None, date | None]]:
    query = sa.select(TaskRow.number, MilestoneRow.position, MilestoneRow.original_due, MilestoneRow.due)
    rows = session().execute(
        query.join(MilestoneRow).where(TaskRow.plan_id == plan_id, MilestoneRow.dropped_on.is_(None))
    )
    return {(row[0], row[1]): (row[2], row[3]) for row in rows}


def accept_all(plan_id: int) -> None:
    waiting = [each for each in drafts.questions(plan_id) if each.decision == "open"]
    assert decide(who(), plan_id, {each.id: ("accepted", "") for each in waiting}, now=NOW) == 0


def question(plan_id: int, number: str, field: str) -> drafts.DraftQuestion:
    return next(each for each in drafts.questions(plan_id) if (each.number, each.field) == (number, field))


def test_a_draft_has_every_task_a_year_later_and_is_nobodys_work(inside: Flask) -> None:
    before = len(owed(NOW, ZONE))
    plan_id = made()
    draft = plans.head(plan_id)
    assert draft
    assert (draft.state, draft.school_year, len(dues(plan_id))) == ("draft", "2025-2026", 42)
    assert dues(plan_id)["13", 1][1] == date(2025, 9, 5)
    current = plans.running(NOW.date())
    assert current
    assert current.id == 1
    assert shares_of(plan_id) == 0
    assert len(owed(NOW, ZONE)) == before
    assert feeds.feed(Scope(ScopeKind.PLAN, plan_id), ZONE).events == ()


def test_a_dry_run_tells_the_same_and_writes_nothing(inside: Flask) -> None:
    preview = roll_plan_over("2025-2026", now=NOW, dry_run=True)
    assert (preview.plan_id, len(plans.heads())) == (None, 1)
    assert roll_plan_over("2025-2026", now=NOW).proposals == preview.proposals
    asked = [each for each in preview.as_json()["proposals"] if each["to_confirm"]]
    assert {each["reason"] for each in asked} == {"day", "lunar", "year"}


def test_a_person_accepts_edits_and_refuses(inside: Flask) -> None:
    plan_id = made()
    day, title, month = (question(plan_id, *each) for each in (("13", "due"), ("4", "title"), ("1", "due")))
    left = decide(
        who("office"),
        plan_id,
        {day.id: ("edited", "Ngày 06/9/2025"), title.id: ("refused", ""), month.id: ("refused", "")},
        now=NOW,
        zone=ZONE,
    )
    assert left == sum(each.decision == "open" for each in drafts.questions(plan_id)) > 0
    assert dues(plan_id)["13", 1][1] == date(2025, 9, 6)
    assert dues(plan_id)["1", 1][1] is None
    assert (
        session().scalar(sa.select(TaskRow.title).where(TaskRow.plan_id == plan_id, TaskRow.number == "4")) == title.old
    )


def test_a_text_that_cannot_be_read_is_refused_whole(inside: Flask) -> None:
    plan_id = made()
    day, title = question(plan_id, "13", "due"), question(plan_id, "4", "title")
    with pytest.raises(Refused, match=r"Nhiệm vụ 13: .*không có trong lịch") as refusal:
        decide(who(), plan_id, {title.id: ("accepted", ""), day.id: ("edited", "31/9/2025")}, now=NOW)
    assert refusal.value.text(translations("en").gettext).startswith("Task 13: “31/9/2025” is not in the calendar")
    assert question(plan_id, "4", "title").decision == "open"
    for wrong in ({999: ("accepted", "")}, {day.id: ("burnt", "")}):
        with pytest.raises(Refused, match="Không có đề xuất này"):
            decide(who(), plan_id, wrong, now=NOW)
    with pytest.raises(Refused, match="hãy ghi nội dung"):
        decide(who(), plan_id, {title.id: ("edited", " ")}, now=NOW)


def test_in_force_every_unit_gets_its_share_and_groups_are_those_of_that_day(inside: Flask) -> None:
    plan_id = made()
    session().add(UnitRow(code="truong-moi", name="Trường Tiểu học Mới", kind="school", level="primary"))
    session().commit()
    with pytest.raises(Refused, match=r"Còn \d+ đề xuất"):
        put_in_force(who(), plan_id, **FORCE)
    day = question(plan_id, "13", "due")
    decide(who(), plan_id, {day.id: ("edited", "Ngày 06/9/2025")}, now=NOW)
    accept_all(plan_id)
    made_shares = put_in_force(who(), plan_id, **FORCE)
    assert made_shares == shares_of(plan_id) > shares_of(1)
    plan = plans.running(SUMMER.date())
    assert plan
    assert (plan.id, plan.state, plan.number, plan.issued_on) == (plan_id, "in_force", "88/KH-UBND", FORCE["issued_on"])
    assert dues(plan_id)["13", 1] == (date(2025, 9, 6), date(2025, 9, 6))
    assert len(feeds.feed(Scope(ScopeKind.PLAN, plan_id), ZONE).events) == 42
    assert owed(SUMMER, ZONE)
    with pytest.raises(StaleState, match="không còn là dự thảo"):
        put_in_force(who(), plan_id, **FORCE)


def test_times_counted_from_the_day_of_issue_are_counted_when_it_is_known(inside: Flask) -> None:
    document = read(ANNEX.name)
    again = "Tháng 8/2024", "15 ngày kể từ ngày ban hành"
    offset = replace(document.tasks[0].milestones[0], kind="offset", start=None, due=None, due_as_written=again[1])
    tasks = (replace(document.tasks[0], milestones=(replace(offset, start_as_written=""),)), *document.tasks[1:])
    import_plan(replace(document, tasks=tasks), now=NOW, plan_id=1, accept_defaults=True)
    plan_id = made()
    assert dues(plan_id)["1", 1] == (None, None)
    accept_all(plan_id)
    put_in_force(who(), plan_id, **FORCE)
    assert dues(plan_id)["1", 1] == (date(2025, 8, 14), date(2025, 8, 14))


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"number": " "}, "Hãy ghi số của kế hoạch"),
        ({"number": "9" * 81}, "tối đa 80 ký tự"),
        ({"issued_on": date(2025, 8, 2)}, "sau hôm nay"),
    ],
)
def test_a_head_that_cannot_be_is_refused(inside: Flask, wrong: dict[str, Any], words: str) -> None:
    plan_id = made()
    accept_all(plan_id)
    with pytest.raises(Refused, match=words):
        put_in_force(who(), plan_id, **{**FORCE, **wrong})
    assert shares_of(plan_id) == 0


def test_a_year_has_one_draft_and_a_draft_is_no_source(inside: Flask) -> None:
    plan_id = made()
    with pytest.raises(Refused, match=f"đã có dự thảo: kế hoạch số {plan_id}"):
        roll_plan_over("2025-2026", now=NOW)
    with pytest.raises(Refused, match="còn là dự thảo"):
        roll_plan_over("2026-2027", now=NOW, plan_id=plan_id)
    with pytest.raises(NotFound):
        roll_plan_over("2026-2027", now=NOW, plan_id=99)
    with pytest.raises(Refused, match="không phải năm học"):
        roll_plan_over("năm sau", now=NOW)


@pytest.mark.parametrize("by", ["leader", "lead", "partner"])
def test_only_the_plans_monitors_and_administrators_may(inside: Flask, by: str) -> None:
    with pytest.raises(Forbidden):
        roll_plan_over("2025-2026", now=NOW, person=who(by))
    plan_id = made()
    for attempt in (lambda: decide(who(by), plan_id, {}, now=NOW), lambda: put_in_force(who(by), plan_id, **FORCE)):
        with pytest.raises(Forbidden):
            attempt()


def test_importing_the_real_plan_of_the_new_year_leaves_the_draft_alone(inside: Flask) -> None:
    plan_id = made()
    draft = plans.head(plan_id)
    assert draft
    document = read(ANNEX.name)
    result = import_plan(replace(document, title=draft.title, school_year="2025-2026"), now=NOW, accept_defaults=True)
    assert (result.is_new, result.plan_id != plan_id) == (True, True)
