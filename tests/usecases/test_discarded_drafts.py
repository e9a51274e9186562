"""A draft thrown away: all of it goes, nothing else does, and who meets it half-way is told."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.support.importing import SMALL
from tests.support.worlds import NOW
from tests.usecases.test_rollover import FORCE, ZONE, accept_all, made, question, who
from tracker.adapters.files import FileStore, Upload
from tracker.domain.errors import Forbidden, NotFound, StaleState
from tracker.store import documents, drafts, import_drafts, plans
from tracker.store.database import Base, session
from tracker.usecases import import_reading, import_wizard
from tracker.usecases.rollover import decide, discard_draft, put_in_force, roll_plan_over


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table but the history, which only grows, and the names of the states, new with each write."""
    session().rollback()
    tables = [each for each in Base.metadata.sorted_tables if each.name != "change_entry"]
    names = ("revision", "page_state")
    shown = {each.name: [column for column in each.c if column.name not in names] for each in tables}
    return {
        each.name: [tuple(row) for row in session().execute(sa.select(*shown[each.name]).order_by(*each.c[:2]))]
        for each in tables
    }


def begun(plan_id: int, files: FileStore, data: str = SMALL) -> int:
    """An import into a plan that was begun and read."""
    draft_id = import_wizard.begin(who(), Upload("nho.csv", data.encode()), files=files, now=NOW, plan_id=plan_id)
    import_reading.read(draft_id, 1, files=files)
    import_wizard.compare(who(), draft_id, now=NOW, zone=ZONE)
    return draft_id


def confirm(draft_id: int) -> None:
    told = import_drafts.one(draft_id).difference
    assert told
    seen = told["fingerprint"]
    import_wizard.confirm(who(), draft_id, seen=seen, accept_defaults=True, now=NOW, zone=ZONE)


def test_all_of_a_draft_goes_and_everything_else_stays_as_it_was(inside: Flask, files: FileStore) -> None:
    before = everything()
    plan_id = made()
    decide(who(), plan_id, {question(plan_id, "13", "due").id: ("edited", "Ngày 06/9/2025")}, now=NOW)
    asked = sum(each.reason != "month" for each in drafts.questions(plan_id))
    held = discard_draft(plan_id, files=files, now=NOW, person=who("office"))
    assert (held.tasks, held.milestones, held.proposals, held.decided, held.documents) == (41, 42, asked, 1, 0)
    assert everything() == before
    assert roll_plan_over("2025-2026", now=NOW).plan_id, "the year is free for another draft"


def test_a_dry_run_tells_the_same_and_takes_nothing(inside: Flask, files: FileStore) -> None:
    plan_id = made()
    before = everything()
    told = discard_draft(plan_id, files=files, now=NOW, dry_run=True)
    assert everything() == before
    assert discard_draft(plan_id, files=files, now=NOW) == told


def test_documents_imported_into_a_draft_go_and_begun_imports_go_on_without_it(inside: Flask, files: FileStore) -> None:
    plan_id = made()
    confirm(begun(plan_id, files))
    kept = documents.of_plan(plan_id)[0]
    other = begun(plan_id, files, SMALL.replace("31/10/2024", "30/11/2025"))
    assert discard_draft(plan_id, files=files, now=NOW).documents == 1
    with pytest.raises(NotFound):
        documents.one(kept.id)
    assert not (files.folder / kept.sha256[:2] / kept.sha256).exists()
    left = import_drafts.one(other)
    assert [each.id for each in import_drafts.of_person(who().id)] == [other]
    assert (left.plan_id, left.difference, files.path(left.sha256).is_file()) == (None, None, True)
    import_wizard.compare(who(), other, now=NOW, zone=ZONE)
    found = import_drafts.one(other).difference
    assert found
    assert found["plan"]["new"]


def test_bytes_that_another_plan_refers_to_stay(inside: Flask, files: FileStore) -> None:
    plan_id = made()
    data = SMALL.encode()
    kept = files.keep_document(Upload("nho.csv", data))
    document_id = documents.keep("nho.csv", "text/csv", len(data), kept.sha256, person_id=who().id, now=NOW)
    documents.became_plan(document_id, 1)
    session().commit()
    confirm(begun(plan_id, files))
    discard_draft(plan_id, files=files, now=NOW)
    assert files.path(kept.sha256).read_bytes() == data


def test_a_plan_in_force_is_never_thrown_away(inside: Flask, files: FileStore) -> None:
    plan_id = made()
    accept_all(plan_id)
    put_in_force(who(), plan_id, **FORCE)
    before = everything()
    for each in (1, plan_id):
        with pytest.raises(StaleState, match="không còn là dự thảo"):
            discard_draft(each, files=files, now=NOW, person=who())
    assert everything() == before


@pytest.mark.parametrize("by", ["leader", "lead", "partner"])
def test_only_the_plans_monitors_and_administrators_may(inside: Flask, files: FileStore, by: str) -> None:
    plan_id = made()
    with pytest.raises(Forbidden):
        discard_draft(plan_id, files=files, now=NOW, person=who(by))
    assert plans.head(plan_id)
    discard_draft(plan_id, files=files, now=NOW, person=who("admin"))
    assert plans.head(plan_id) is None


def test_a_draft_that_somebody_works_on_is_not_thrown_away_unseen(inside: Flask, files: FileStore) -> None:
    plan_id = made()
    seen = drafts.contents(plan_id).stamp
    decide(who("office"), plan_id, {question(plan_id, "13", "due").id: ("accepted", "")}, now=NOW)
    with pytest.raises(StaleState, match="có người đã thay đổi dự thảo này"):
        discard_draft(plan_id, files=files, now=NOW, person=who(), seen=seen)
    discard_draft(plan_id, files=files, now=NOW, person=who(), seen=drafts.contents(plan_id).stamp)


def test_who_decides_on_a_draft_that_is_gone_is_told(inside: Flask, files: FileStore) -> None:
    plan_id = made()
    shown = drafts.contents(plan_id).made_at.isoformat()
    discard_draft(plan_id, files=files, now=NOW)
    for late in (
        lambda: decide(who(), plan_id, {}, now=NOW, made=shown),
        lambda: put_in_force(who(), plan_id, **FORCE, made=shown),
        lambda: discard_draft(plan_id, files=files, now=NOW, person=who()),
    ):
        with pytest.raises(NotFound, match="có thể đã có người bỏ"):
            late()


def test_who_decides_on_a_draft_that_was_made_anew_is_told(inside: Flask, files: FileStore) -> None:
    plan_id = made()
    shown = drafts.contents(plan_id).made_at.isoformat()
    discard_draft(plan_id, files=files, now=NOW)
    again = roll_plan_over("2025-2026", now=NOW + timedelta(minutes=5)).plan_id
    assert again
    with pytest.raises(StaleState, match="đã bị bỏ và lập lại"):
        decide(who(), again, {}, now=NOW, made=shown)
