"""A draft put in force after its units have changed: heirs take over; where it is not clear who, a person is asked."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.support.unit_changes import DISSOLVE, MERGE, ON, cast, happen
from tests.support.worlds import NOW
from tracker.domain.errors import Refused
from tracker.domain.unit_events import Change, EventKind
from tracker.domain.units import Unit
from tracker.store import drafts, plans
from tracker.store.database import session
from tracker.store.tables import MilestoneRow, ShareRow, TaskRow, UnitRow
from tracker.usecases.rollover import decide, put_in_force, roll_plan_over

HALVES = (Unit("phong-tc", "Phòng Tài chính", kind="department"), Unit("phong-kh", "Phòng Kế hoạch", kind="department"))
SPLIT = Change(EventKind.SPLIT, ON, "QĐ 9", ("phong-tckh",), ("phong-tc", "phong-kh"), HALVES, ends=True)


@pytest.fixture
def draft(world: Flask) -> Iterator[int]:
    """The draft of 2025-2026, everything about it accepted, before anything becomes of its units."""
    with world.app_context():
        plan_id = roll_plan_over("2025-2026", now=NOW).plan_id
        assert plan_id
        answer(plan_id, "accepted")
        yield plan_id


def answer(plan_id: int, decision: str, text: str = "") -> int:
    """Gives one answer to every open question; returns how many are open then."""
    waiting = [each for each in drafts.questions(plan_id) if each.decision == "open"]
    return decide(cast("admin"), plan_id, {each.id: (decision, text) for each in waiting}, now=NOW)


def enforce(plan_id: int) -> int:
    return put_in_force(cast("admin"), plan_id, number="88/KH", issued_on=NOW.date(), now=NOW)


def owners(plan_id: int) -> dict[str, int]:
    """How many shares of the plan each unit has."""
    query = sa.select(UnitRow.code, sa.func.count()).join(ShareRow, ShareRow.unit_id == UnitRow.id)
    query = query.join(MilestoneRow).join(TaskRow).where(TaskRow.plan_id == plan_id).group_by(UnitRow.code)
    return {row[0]: row[1] for row in session().execute(query)}


def test_the_only_heir_takes_over_what_the_draft_gave_to_units_that_have_ended(draft: int) -> None:
    happen(MERGE)
    assert enforce(draft) > 0
    found = owners(draft)
    assert found["phong-vhxh"] > 30
    assert {"phong-gddt", "phong-tckh"}.isdisjoint(found)
    plan = plans.head(draft)
    heir = session().scalar(sa.select(UnitRow.id).where(UnitRow.code == "phong-vhxh"))
    assert plan
    assert heir in plan.monitor_unit_ids


def test_several_heirs_are_asked_about_and_nothing_is_in_force_meanwhile(draft: int) -> None:
    happen(SPLIT)
    for _again in range(2):
        with pytest.raises(Refused, match=r"Còn \d+ đề xuất"):
            enforce(draft)
    waiting = [each for each in drafts.questions(draft) if each.decision == "open"]
    assert {(each.reason, "Phòng Tài chính, Phòng Kế hoạch" in each.proposed) for each in waiting} == {("unit", True)}
    assert len({(each.task_id, each.field) for each in waiting}) == len(waiting), "asked once"
    assert owners(draft) == {}
    assert answer(draft, "accepted") == 0
    enforce(draft)
    assert {"phong-tc", "phong-kh"} < set(owners(draft))
    assert "phong-tckh" not in owners(draft)


def test_a_unit_without_an_heir_is_asked_about_and_a_person_names_another(draft: int) -> None:
    happen(DISSOLVE)
    with pytest.raises(Refused, match=r"Còn \d+ đề xuất"):
        enforce(draft)
    assert {each.reason for each in drafts.questions(draft) if each.decision == "open"} == {"no-heir"}
    with pytest.raises(Refused, match="không có đơn vị kế thừa"):
        answer(draft, "accepted")
    assert answer(draft, "edited", "Công an quận") == 0
    enforce(draft)
    assert "phong-tckh" not in owners(draft)


@pytest.mark.long
def test_a_person_may_keep_a_unit_that_has_ended(draft: int) -> None:
    happen(DISSOLVE)
    assert answer(draft, "refused") > 0, "deciding finds out what is to be asked"
    assert answer(draft, "refused") == 0
    enforce(draft)
    assert "phong-tckh" in owners(draft)


@pytest.mark.long
def test_what_ends_before_the_year_begins_does_not_get_its_work(draft: int) -> None:
    later = Change(EventKind.MERGE, MERGE.on.replace(2025, 3, 1), "NQ 1", MERGE.units, MERGE.heirs, MERGE.founded)
    happen(later)
    enforce(draft)
    assert {"phong-gddt", "phong-tckh"}.isdisjoint(owners(draft))


@pytest.mark.long
def test_an_heir_that_has_ended_since_is_followed_too(draft: int) -> None:
    happen(MERGE)
    answer(draft, "accepted")
    happen(Change(EventKind.DISSOLVE, NOW.date(), "QĐ 10", ("phong-vhxh",)))
    with pytest.raises(Refused, match=r"Còn \d+ đề xuất"):
        enforce(draft)
