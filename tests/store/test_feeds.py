"""What feeds are made of, and when they are said to have changed, on both databases."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from tests.support.feeds import CLINIC, EVENTS, FINANCE, MADE, SCHOOL, store_small_plan
from tests.support.queries import count_queries
from tracker.domain.feeds import FeedOptions, Scope, ScopeKind
from tracker.store import acting, feed_tokens, feeds, subscriptions
from tracker.store.database import db, transaction
from tracker.store.tables import ActingRow, FeedScope, MilestoneRow, PlanRow, ShareRow, TaskRow

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
LATER = datetime(2024, 12, 16, 1, 0, tzinfo=UTC)
PLAN = Scope(ScopeKind.PLAN, 1)


@pytest.fixture(autouse=True)
def small_plan(app):
    """The small plan, inside an application context."""
    with app.app_context():
        store_small_plan()
        yield


def shown(kind, number):
    return [event.milestone_id for event in feeds.feed(Scope(kind, number), HANOI).events]


def milestones():
    return {row.id: (row.ical_sequence, row.changed_at) for row in db.session.scalars(sa.select(MilestoneRow))}


def moved(before=None):
    """The scopes whose time is not that in `before`."""
    db.session.rollback()
    now = {row.scope: row.changed_at for row in db.session.scalars(sa.select(FeedScope))}
    return now if before is None else {scope for scope, at in now.items() if before.get(scope) != at}


def test_the_records_of_a_feed_are_the_same_on_every_database():
    feed = feeds.feed(PLAN, HANOI)
    assert feed.events == EVENTS
    assert feed.name == "2024-2025"


def test_a_feed_takes_seven_queries():
    with count_queries(db.engine) as statements:
        feeds.feed(PLAN, HANOI)
    assert len([text for text in statements if text.startswith("SELECT")]) == 7


def test_each_scope_shows_its_own_milestones_once_and_in_the_order_of_their_ids():
    for kind, number, wanted in (
        (ScopeKind.PLAN, 1, [1, 2, 3]),
        (ScopeKind.PLAN, 2, []),
        (ScopeKind.UNIT, FINANCE, [1]),
        (ScopeKind.UNIT, SCHOOL, [1, 2, 3]),
        (ScopeKind.UNIT_LEAD, SCHOOL, [2, 3]),
        (ScopeKind.UNIT_LEAD, CLINIC, []),
        (ScopeKind.UNIT, 99, []),
        (ScopeKind.PERSON, 1, [1]),
        (ScopeKind.PERSON, 2, [1, 2, 3]),
        (ScopeKind.PERSON, 5, []),
        (ScopeKind.PERSON, 99, []),
    ):
        assert shown(kind, number) == wanted, (kind, number)


def test_a_person_sees_of_a_unit_for_which_they_act_what_falls_due_in_that_time_and_hears_of_it():
    first, last = date(2024, 9, 5), date(2025, 5, 30)
    for wanted, days in (([1, 2], (first, last)), ([1, 2, 3], (first, None)), ([1], (first + timedelta(1), last))):
        with transaction() as session:
            session.execute(sa.delete(ActingRow))
            acting.add(1, SCHOOL, *days, "QĐ 5")
        assert shown(ScopeKind.PERSON, 1) == wanted, days
    with transaction():
        feeds.touch_milestones([3], LATER)
    assert "person:1" in moved()


def test_r03_a_milestone_is_the_same_record_in_every_scope():
    everywhere = {event.milestone_id: event for event in feeds.feed(PLAN, HANOI).events}
    for scope in (Scope(ScopeKind.UNIT, SCHOOL), Scope(ScopeKind.UNIT_LEAD, SCHOOL), Scope(ScopeKind.PERSON, 2)):
        for event in feeds.feed(scope, HANOI).events:
            assert event == everywhere[event.milestone_id]


def test_r04_a_touched_milestone_gets_the_next_sequence_and_a_later_time_and_no_other_does():
    with transaction():
        feeds.touch_milestones([1, 3], LATER)
    found = milestones()
    assert found[1] == found[3] == (1, LATER)
    assert found[2] == found[4] == (0, MADE)


def test_r04_sequence_and_time_never_fall_whatever_the_clock_says():
    sequence, at = 0, MADE
    for now in (LATER, LATER, LATER - timedelta(days=400), LATER + timedelta(milliseconds=300)):
        with transaction():
            feeds.touch_milestones([1], now)
        found = milestones()[1]
        assert found[0] == sequence + 1
        assert found[1] >= at + timedelta(seconds=1)
        sequence, at = found


def test_r04_renaming_a_unit_that_leads_raises_the_milestones_that_name_it_and_moves_its_own_scopes():
    with transaction():
        feeds.touch_milestones([1, 2, 3, 4], MADE)
    before, scopes = milestones(), moved()
    with transaction():
        feeds.touch_scopes_of_units([FINANCE], LATER)
    after = milestones()
    assert {each for each in after if after[each] != before[each]} == {1, 4}
    assert moved(scopes) >= {"plan:1", f"unit:{FINANCE}", f"unit-lead:{FINANCE}", f"unit:{SCHOOL}", "person:1"}
    with transaction():
        feeds.touch_scopes_of_units([CLINIC], LATER + timedelta(days=1))
    assert milestones() == after
    assert moved(scopes) >= {f"unit:{CLINIC}", f"unit-lead:{CLINIC}", "person:3"}


def test_r06_a_dropped_task_stays_in_the_feed_with_its_day_and_reason():
    with transaction() as session:
        session.execute(sa.update(TaskRow).where(TaskRow.id == 1).values(dropped_on=MADE.date(), dropped_reason="Gộp"))
    assert feeds.feed(PLAN, HANOI).events[0] == replace(EVENTS[0], dropped_on=MADE.date(), dropped_reason="Gộp")


def test_r15_the_whole_year_is_in_the_feed_and_a_draft_is_in_none():
    assert [event.due for event in feeds.feed(PLAN, HANOI).events][1] == date(2024, 9, 5)
    for state, wanted in (("closed", [1, 2, 3]), ("draft", [])):
        with transaction() as session:
            session.execute(sa.update(PlanRow).values(state=state))
        assert shown(ScopeKind.PLAN, 1) == shown(ScopeKind.UNIT, SCHOOL) == wanted


def test_r23_every_scope_that_shows_a_milestone_moves_with_it():
    with transaction():
        feeds.touch_milestones([1, 2, 3, 4], LATER)
    for milestone, wanted in (
        (1, {"plan:1", "unit:1", "unit-lead:1", "unit:2", "unit:3", "person:1", "person:2", "person:3"}),
        (3, {"plan:1", "unit:2", "unit-lead:2", "person:2"}),
    ):
        before = moved()
        with transaction():
            feeds.touch_milestones([milestone], LATER)
        assert moved(before) == wanted
        assert {moved()[scope] for scope in wanted} == {max(before.values()) + timedelta(seconds=1)}


def test_r23_a_scope_moves_when_a_milestone_leaves_it_or_its_plan_gets_another_title():
    with transaction() as session:
        feeds.touch_milestones([1], MADE)
        session.execute(sa.delete(ShareRow).where(ShareRow.milestone_id == 1, ShareRow.unit_id == CLINIC))
    before = moved()
    with transaction():
        feeds.touch_milestones([], LATER, left_units=[CLINIC], plan_ids=[1])
    assert moved(before) == {"plan:1", "holidays:1", "unit:3", "unit-lead:3", "person:3"}


def test_touching_takes_few_statements_whatever_the_number_of_milestones():
    def statements(ids):
        with count_queries(db.engine) as found, transaction():
            feeds.touch_milestones(ids, LATER)
        return len(found)

    assert statements([1, 2, 3, 4]) == statements([1]) <= 13


def test_what_was_touched_and_undone_never_happened():
    def touch_and_fail():
        with transaction():
            feeds.touch_milestones([1], LATER)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        touch_and_fail()
    assert milestones()[1] == (0, MADE)
    assert moved() == {}


def test_a_subscription_is_found_by_the_hash_of_its_token_in_one_query_until_it_ends_or_its_owner_does():
    def found(digest="a" * 64):
        return feed_tokens.admitted(digest, LATER.date())

    with transaction() as session:
        number = subscriptions.add(1, PLAN, "Điện thoại", "a" * 64, "en", FeedOptions(alarms=True), LATER)
    with count_queries(db.engine) as statements:
        first = found()
    assert len([text for text in statements if text.startswith("SELECT")]) == 1
    wanted = first.subscription
    assert (wanted.id, wanted.scope, wanted.locale, wanted.options) == (number, PLAN, "en", FeedOptions(alarms=True))
    assert (first.unit_id, first.sees_all, first.changed_at) == (FINANCE, False, LATER)
    assert first.version == (LATER, None, None)
    assert found("b" * 64) is None
    for active, wanted in ((False, None), (True, first)):
        with transaction() as session:
            session.execute(sa.text("UPDATE person SET active = :active WHERE id = 1"), {"active": active})
        assert found() == wanted
    with transaction():
        assert not subscriptions.revoke(number, 2, LATER)
        assert subscriptions.revoke(number, 1, LATER)
        assert subscriptions.revoke(number, 1, LATER + timedelta(days=1))
    assert found() is None
    assert subscriptions.of_person(1) == []


def test_the_query_of_a_token_goes_by_indexes_alone():
    with db.engine.connect() as connection:
        how = "EXPLAIN QUERY PLAN"
        if connection.dialect.name == "postgresql":
            how = "EXPLAIN"
            connection.exec_driver_sql("SET enable_seqscan = off")  # a table of ten rows is read through otherwise
        asked, _places = feed_tokens._for_driver(connection.dialect)
        for place in ("?", "?", "%(token)s", "%(today)s"):
            asked = asked.replace(place, "'2024-12-16'")
        steps = [row[-1] for row in connection.exec_driver_sql(f"{how} {asked}")]
    assert steps
    # Plans are few, and are gone through for calendars of filters alone.
    assert [step for step in steps if re.search(r"^SCAN(?! plan )|Seq Scan", step)] == []


def test_the_feed_of_a_unit_opens_for_its_people_and_for_who_acts_for_it():
    scope, today = Scope(ScopeKind.UNIT, SCHOOL), LATER.date()
    with transaction():
        subscriptions.add(1, scope, "", "a" * 64, "vi", FeedOptions(), LATER)
        subscriptions.add(2, scope, "", "b" * 64, "vi", FeedOptions(), LATER)
    assert feed_tokens.admitted("a" * 64, today) is None
    assert feed_tokens.admitted("b" * 64, today)
    with transaction() as session:
        session.execute(sa.text("UPDATE person SET unit_id = 1 WHERE id = 2"))
        acting.add(1, SCHOOL, today - timedelta(days=9), today, "QĐ 5")
    assert feed_tokens.admitted("b" * 64, today) is None
    assert feed_tokens.admitted("a" * 64, today)
    assert feed_tokens.admitted("a" * 64, today + timedelta(days=1)) is None
