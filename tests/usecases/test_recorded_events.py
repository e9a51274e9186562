"""Shares made after something became of their unit: they go where the unit's other work went, or somebody is asked."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from flask import Flask

from tests.support.samples import read
from tests.support.unit_changes import DISSOLVE, HEIR, LAST, MERGE, TODAY, ZONE, cut, happen, lead
from tests.support.worlds import ANNEX, NOW
from tracker.domain.amendments import AmendmentHead
from tracker.domain.plan_document import PlanDocument
from tracker.domain.status import Ending
from tracker.domain.unit_events import Change, EventKind
from tracker.domain.units import Unit
from tracker.store import plans
from tracker.store.database import db
from tracker.store.facts import milestone_lines
from tracker.usecases.import_results import ImportResult
from tracker.usecases.imports import import_plan

THE_PLAN = read(ANNEX.name)
BRANCHES = tuple(Unit(code, name, "", "department", "ward") for code, name in (("a1", "Phòng A"), ("a2", "Phòng B")))
SPLIT = Change(EventKind.SPLIT, MERGE.on, "QĐ 8", ("phong-tckh",), ("a1", "a2"), BRANCHES, ends=True)


@pytest.fixture
def document() -> PlanDocument:
    """The plan with one task more, which names the finance office as it was called before anything became of it."""
    seventh = next(task for task in THE_PLAN.tasks if task.number == "7")
    late = tuple(replace(each, due=date(2025, 5, 31), due_as_written="Tháng 5/2025") for each in seventh.milestones)
    extra = replace(seventh, number="42", title="Xây dựng quy chế phối hợp với hội phụ huynh", milestones=late)
    return replace(THE_PLAN, tasks=(*THE_PLAN.tasks, extra))


def amended(document: PlanDocument, **options: Any) -> ImportResult:
    head = AmendmentHead("456/QĐ-UBND", date(2024, 12, 14))
    asked = {"now": NOW, "plan_id": 1, "accept_defaults": True, "amendment": head, "zone": ZONE} | options
    result = import_plan(document, **asked)
    db.session.remove()
    return result


def leads(number: str, day: date = TODAY) -> list[tuple[str, Ending | None]]:
    return [(share.unit.code, share.status.ended) for share in lead(number, day)]


def test_a_task_added_for_a_merged_unit_is_its_heirs(inside: Flask, document: PlanDocument) -> None:
    happen(MERGE)
    amended(document)
    assert leads("42") == leads("7") == [(HEIR.code, None)]
    assert leads("7", date(2024, 12, 9)) == [("phong-tckh", None)]


def test_an_amendment_that_names_the_old_unit_anew_moves_nothing_back(inside: Flask, document: PlanDocument) -> None:
    happen(MERGE)
    second = next(task for task in THE_PLAN.tasks if task.number == "7")
    tasks = [
        replace(task, leads=second.leads, leads_as_written=second.leads_as_written) if task.number == "5" else task
        for task in document.tasks
    ]
    amended(replace(document, tasks=tuple(tasks)))
    assert leads("5") == leads("42") == [(HEIR.code, None)]


def test_an_event_of_a_day_to_come_takes_the_new_share_along_on_its_day(inside: Flask, document: PlanDocument) -> None:
    happen(replace(MERGE, on=date(2025, 1, 10)))
    amended(document)
    assert leads("42") == [("phong-tckh", None)]
    assert leads("42", date(2025, 1, 10)) == [(HEIR.code, None)]


@pytest.mark.long
def test_heirs_that_followed_one_another_lead_to_the_last(inside: Flask, document: PlanDocument) -> None:
    happen(MERGE)
    last = Unit("phong-moi", "Phòng Mới", "", "department", "ward")
    happen(Change(EventKind.MERGE, date(2024, 12, 13), "QĐ 9", (HEIR.code,), (last.code,), (last,)))
    amended(document)
    assert leads("42") == leads("7") == [(last.code, None)]


@pytest.mark.parametrize("event", [DISSOLVE, SPLIT])
def test_where_no_single_unit_stands_in_its_place_it_is_flagged(
    inside: Flask, document: PlanDocument, event: Change
) -> None:
    happen(event)
    amended(document)
    assert leads("42") == [("phong-tckh", Ending.ORPHANED)]


def test_a_plan_imported_late_has_the_unit_until_the_event_and_the_heir_since(
    inside: Flask, document: PlanDocument
) -> None:
    happen(MERGE)
    other = replace(document, title="Kế hoạch khác của năm học 2024-2025", number="99/KH-UBND")
    result = import_plan(other, now=NOW, accept_defaults=True, zone=ZONE)
    db.session.remove()
    assert result.is_new
    plan = plans.head(result.plan_id or 0)
    assert plan
    then = {day: {line.number: line.leads for line in milestone_lines(plan, cut(day))} for day in (LAST, TODAY)}
    assert [each.unit.code for each in then[LAST]["7"]] == ["phong-tckh"]
    assert [each.unit.code for each in then[TODAY]["7"]] == [HEIR.code]
