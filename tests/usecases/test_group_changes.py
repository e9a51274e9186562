"""Joining and leaving a group after a plan took effect: pending until confirmed, and the past unchanged."""

from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.support.samples import read
from tests.support.unit_changes import ZONE, cast, happen, plan, told
from tests.support.worlds import ANNEX, NOW
from tracker.domain.amendments import AmendmentHead
from tracker.domain.errors import Forbidden, Refused, StaleState
from tracker.domain.group_changes import Why
from tracker.domain.unit_events import Change, EventKind
from tracker.domain.units import Unit
from tracker.store import group_changes as store
from tracker.store.database import db
from tracker.store.tables import ChangeEntry, ShareRow
from tracker.store.units import ids_by_code
from tracker.usecases.group_changes import confirm, pending
from tracker.usecases.imports import import_plan
from tracker.usecases.units import create_unit, set_group

BEFORE, TODAY = date(2024, 12, 15), date(2024, 12, 16)
NEW = Unit("truong-th-moi", "Trường Tiểu học Mới", kind="school", level="primary", starts_on=date(2024, 12, 1))


@pytest.fixture(autouse=True)
def _context(world: Flask) -> object:
    with world.app_context():
        yield


def waiting():
    return pending(plan(), NOW, ZONE)


def confirmed(keys, reason="QĐ 12/QĐ-UBND", by="monitor"):
    return confirm(cast(by), plan().id, keys, reason, now=NOW, zone=ZONE)


def test_nothing_waits_right_after_a_plan_took_effect():
    assert waiting() == []


def test_a_founded_school_gets_its_shares_when_they_are_confirmed_and_the_days_before_stay():
    past = told(BEFORE)
    create_unit(NEW, now=NOW)
    found = waiting()
    assert {each.why for each in found} == {Why.FOUNDED}
    assert {each.unit.code for each in found} == {NEW.code}
    assert {each.advised for each in found} == {True, False}
    assert told(BEFORE) == past
    meant = [each for each in found if each.advised]
    assert len(confirmed([each.key for each in meant])) == len(meant)
    assert told(BEFORE) == past
    assert [each.advised for each in waiting()] == [False] * (len(found) - len(meant))
    rows = db.session.scalars(sa.select(ShareRow).where(ShareRow.unit_id == ids_by_code()[NEW.code])).all()
    assert {(row.from_on, row.from_reason, row.until_on) for row in rows} == {(TODAY, "QĐ 12/QĐ-UBND", None)}
    lines = db.session.scalars(sa.select(ChangeEntry).where(ChangeEntry.what == "plan.group_followed")).all()
    assert {(each.new, each.reason) for each in lines} == {('"Trường Tiểu học Mới"', "QĐ 12/QĐ-UBND")}
    assert len(lines) == len(meant)
    assert {each.on for each in store.confirmed(plan(), TODAY)} == {TODAY}


def test_a_school_taken_out_of_a_group_keeps_what_it_did_and_ends_when_that_is_confirmed():
    past = told(BEFORE)
    everybody = [code for code in ids_by_code() if code.startswith("truong-") and code != "truong-th-thanh-to"]
    set_group("cac-truong-hoc", "list", members=everybody, now=NOW)
    found = [each for each in waiting() if each.unit.code == "truong-th-thanh-to"]
    assert found
    assert {(each.why, each.share_id is not None) for each in found} == {(Why.LEFT, True)}
    one, *others = found
    confirmed([one.key], "Công văn 5")
    assert told(BEFORE) == past
    row = db.session.get_one(ShareRow, one.share_id)
    assert (row.until_on, row.ending, row.end_reason) == (TODAY, "closed", "Công văn 5")
    assert {each.key for each in waiting() if each.unit.code == "truong-th-thanh-to"} == {each.key for each in others}


def test_who_may_confirm_and_what_is_refused():
    create_unit(NEW, now=NOW)
    key = waiting()[0].key
    for who in ("lead", "leader", "partner"):
        with pytest.raises(Forbidden):
            confirmed([key], by=who)
    for keys, reason in (([], "QĐ"), ([key], " "), ([key], "x" * 501)):
        with pytest.raises(Refused):
            confirmed(keys, reason)
    with pytest.raises(StaleState):
        confirmed([key, "add-1-nobody"])
    confirmed([key])
    with pytest.raises(StaleState, match="không còn chờ"):
        confirmed([key])


def test_who_joined_later_stays_when_an_amendment_touches_the_task():
    create_unit(NEW, now=NOW)
    found = next(each for each in waiting() if each.advised)
    confirmed([found.key])
    document = read(ANNEX.name)
    tasks = [
        replace(task, partners_as_written=f"{task.partners_as_written}; Phòng Nội vụ", partners=(*task.partners, inner))
        if task.number == found.work.number and (inner := document.tasks[6].leads[0])
        else task
        for task in document.tasks
    ]
    head = AmendmentHead("9/QĐ", date(2024, 12, 16))
    import_plan(replace(document, tasks=tuple(tasks)), now=NOW, plan_id=1, accept_defaults=True, amendment=head)
    row = db.session.scalars(sa.select(ShareRow).where(ShareRow.from_reason != "")).one()
    assert (row.part, row.until_on) == (found.part, None)


def test_who_joins_with_an_end_recorded_for_a_coming_day_hands_on_to_the_heir_on_that_day():
    create_unit(NEW, now=NOW)
    day = date(2025, 1, 10)
    happen(Change(EventKind.MERGE, day, "QĐ 7", (NEW.code,), ("truong-th-thanh-to",)))
    found = next(each for each in waiting() if each.unit.code == NEW.code and each.advised)
    confirmed([found.key])
    joined = db.session.scalars(sa.select(ShareRow).where(ShareRow.from_reason != "")).one()
    assert (joined.from_on, joined.until_on, joined.ending) == (TODAY, day, "handed")
    heir = db.session.get_one(ShareRow, joined.heir_id)
    assert (heir.unit_id, heir.until_on) == (ids_by_code()["truong-th-thanh-to"], None)
    assert found.key not in {each.key for each in waiting()}
