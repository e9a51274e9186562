"""Whatever people change leaves a line in the history: who, what, from what to what, under which document."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa

from tests.support.samples import read
from tests.support.unit_changes import MERGE, ON, happen
from tests.support.worlds import ANNEX, NOW
from tracker.domain.amendments import AmendmentHead
from tracker.domain.changes import in_words
from tracker.domain.feeds import FeedOptions, Scope, ScopeKind
from tracker.domain.people import Person
from tracker.domain.unit_events import Change, EventKind
from tracker.domain.units import Group, Unit
from tracker.store import people
from tracker.store.database import db
from tracker.store.tables import ChangeEntry
from tracker.usecases import rollover, subscriptions, units
from tracker.usecases.amendments import TaskEdit, amend
from tracker.usecases.imports import import_plan
from tracker.web.runtime import runtime


def who(name: str = "monitor") -> Person:
    found = people.by_email(f"{name}@example.org")
    assert found
    return found.person


@pytest.fixture
def told(world) -> Callable[[], list[tuple]]:
    """The lines since the world was made: who, what, field, old, new."""

    def lines() -> list[tuple]:
        names = {each.id: each.name for each in people.everyone()}
        query = sa.select(ChangeEntry).where(ChangeEntry.id > before).order_by(ChangeEntry.id)
        return [
            (names.get(row.person_id), row.what, row.field, in_words(row.old), in_words(row.new))
            for row in db.session.scalars(query)
        ]

    with world.app_context():
        before = db.session.scalar(sa.select(sa.func.max(ChangeEntry.id))) or 0
        yield lines
        db.session.remove()


MONITOR = "Nguyễn Theo Dõi"


def test_units_and_groups(told):
    units.create_unit(Unit("truong-moi", "Trường Mới", kind="school"), now=NOW, person=who())
    units.create_group(Group("nhom-moi", "nhóm mới", "list"), now=NOW, person=who())
    units.set_group("nhom-moi", "list", members=("truong-moi",), now=NOW, person=who())
    units.edit_unit("truong-moi", short_name="TM", aliases=("Trường M",), now=NOW, person=who())
    units.decide_name("các trường mới", "nhom-moi", person=None, now=NOW)
    assert told() == [
        (MONITOR, "unit.created", "name", "", "Trường Mới"),
        (MONITOR, "unit.created", "kind", "", "school"),
        (MONITOR, "group.created", "name", "", "nhóm mới"),
        (MONITOR, "group.created", "kind", "", "list"),
        (MONITOR, "group.changed", "members", "", "Trường Mới"),
        (MONITOR, "unit.changed", "short_name", "", "TM"),
        (MONITOR, "unit.changed", "aliases", "", "Trường M"),
        (None, "group.named", "aliases", "", "các trường mới"),
    ]


def test_what_becomes_of_units(told):
    happen(Change(EventKind.RENAME, ON, "QĐ 1", ("truong-th-thanh-to",), name="Trường Tiểu học Số Một"))
    happen(MERGE)
    lines = told()
    assert (None, "unit.rename", "name", "Trường Tiểu học Thành Tô", "Trường Tiểu học Số Một") in lines
    assert {what for _, what, *_ in lines} >= {"unit.rename", "unit.merge", "person.moved"}


def test_plans(told):
    document = read(ANNEX.name)
    import_plan(replace(document, issuer="Ủy ban"), now=NOW, person=who("admin"), accept_defaults=True)
    amend(who(), 1, AmendmentHead("1/QĐ", date(2024, 11, 5)), [TaskEdit(1, {"title": "Khác"})], now=NOW)
    draft = rollover.roll_plan_over("2025-2026", now=NOW, person=who()).plan_id
    assert draft is not None
    rollover.discard_draft(draft, files=runtime().files, now=NOW, person=who())
    assert told() == [
        ("Trần Quản Trị", "plan.imported", "issuer", "", "Ủy ban"),
        (MONITOR, "plan.amended", "tasks", "", "đổi: 1"),
        (MONITOR, "plan.rolled_over", "school_year", "2024-2025", "2025-2026"),
        (MONITOR, "plan.draft_discarded", "", "", ""),
    ]


def test_a_dry_run_and_an_import_that_changes_nothing_leave_no_line(told):
    document = read(ANNEX.name)
    import_plan(document, now=NOW, accept_defaults=True)
    import_plan(replace(document, issuer="Ủy ban"), now=NOW, dry_run=True)
    assert told() == []


def test_calendar_subscriptions_without_their_secret(told):
    made = subscriptions.subscribe(who("lead"), Scope(ScopeKind.PLAN, 1), "Lịch", "vi", FeedOptions(), NOW)
    subscriptions.revoke(who("lead"), made.subscription_id, NOW)
    assert [what for _, what, *_ in told()] == ["subscription.made", "subscription.revoked"]
    assert made.token not in str(told())
