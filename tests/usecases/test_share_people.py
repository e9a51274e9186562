"""Shares given to people of the unit: by whom, to whom, what mail and calendars make of it, who stays named."""

from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.support.office import at, tick_at
from tests.support.unit_changes import MERGE, ZONE, cast, cut, happen, plan
from tests.support.worlds import NOW
from tracker.domain.errors import Forbidden, NotFound, Refused, StaleState
from tracker.domain.feeds import Scope, ScopeKind
from tracker.domain.people import Role
from tracker.domain.share_people import Named
from tracker.domain.work import Action, Entry
from tracker.store import feeds, people, share_people, units
from tracker.store.database import db, transaction
from tracker.store.facts import unit_lines
from tracker.store.tables import ChangeEntry, PlanMonitor, PlanRow, ProgressEntry, SharePerson
from tracker.usecases import progress
from tracker.usecases.people import set_active
from tracker.usecases.share_people import give
from tracker.web.runtime import runtime

TODAY = date(2024, 12, 16)


@pytest.fixture(autouse=True)
def _context(world: Flask) -> object:
    with world.app_context():
        with transaction():
            unit = units.ids_by_code()["phong-tckh"]
            for name in ("clerk", "deputy"):
                people.add(f"{name}@example.org", f"Người {name}", Role.MEMBER, unit, "", "vi", NOW)
        yield


def shares_of(code: str = "phong-tckh") -> list[int]:
    """The ids of the lead shares of a unit, by due date."""
    lines = unit_lines(plan(), units.ids_by_code()[code], cut(TODAY))
    return [line.share.id for line in lines if line.share.part == "lead"]


def given(share_ids, doers=(), stand_ins=(), by="lead", now=NOW):
    """Gives shares to people by their names in the cast."""
    ids = [[cast(name).id for name in names] for names in (doers, stand_ins)]
    return give(cast(by), share_ids, *ids, now, ZONE)


def named(share_id: int) -> Named:
    return share_people.named([share_id]).get(share_id, Named())


def test_the_head_gives_a_share_and_its_people_stay_until_others_are_named():
    share, *_ = shares_of()
    given([share], ["clerk"], ["deputy"])
    assert named(share) == Named(frozenset({cast("clerk").id}), frozenset({cast("deputy").id}))
    later = at("2024-12-17T09:00")
    given([share], ["deputy"], now=later)
    assert named(share) == Named(frozenset({cast("deputy").id}))
    shown = share_people.of_unit(plan().id, cast("lead").unit_id, at("2024-12-18T09:00"), TODAY)
    assert [each.name for each in shown.now(share)] == ["Người deputy"]
    assert [each.name for each in shown.formerly(share)] == ["Người clerk"]
    then = share_people.of_unit(plan().id, cast("lead").unit_id, at("2024-12-16T23:00"), TODAY)
    assert [(each.name, each.stand_in) for each in then.now(share)] == [("Người clerk", False), ("Người deputy", True)]


def test_many_shares_at_once_are_all_given_or_none_and_the_history_tells_each():
    mine, foreign = shares_of(), shares_of("phong-gddt")[0]
    with pytest.raises((NotFound, Forbidden)):
        given([*mine, foreign], ["clerk"])
    assert not share_people.named(mine)
    given(mine, ["clerk"])
    assert set(share_people.named(mine)) == set(mine)
    told = db.session.scalars(sa.select(ChangeEntry).where(ChangeEntry.what == "share.given")).all()
    assert {each.object_id for each in told} == set(mine)
    assert {(each.field, each.old, each.new) for each in told} == {("doers", "[]", f"[{cast('clerk').id}]")}


@pytest.mark.parametrize(
    ("by", "doers", "error"),
    [("clerk", ["clerk"], Forbidden), ("monitor", ["monitor"], Forbidden), ("lead", ["partner"], Refused)],
)
def test_only_the_head_and_only_to_people_of_the_unit(by, doers, error):
    share, *_ = shares_of()
    with pytest.raises(error):
        given([share], doers, by=by)
    assert named(share) == Named()


def test_what_is_not_there_or_not_seen_answers_alike_and_nothing_is_asked_for_in_words():
    for ids, error in (([], Refused), ([99_999], NotFound), (list(range(1, 600)), Refused)):
        with pytest.raises(error):
            given(ids, ["clerk"])
    with pytest.raises(NotFound):
        give(cast("partner"), shares_of(), [cast("partner").id], [], NOW, ZONE)


def test_a_closed_plan_is_not_given_out():
    share, *_ = shares_of()
    with transaction() as session:
        session.execute(sa.update(PlanRow).values(state="closed"))
    with pytest.raises(StaleState, match="không còn là việc"):
        given([share], ["clerk"])


def told(app: Flask, when: str) -> set[str]:
    """Who of the finance office a tick of that moment tells something, beside what goes up the ladder to its head."""
    told = [each for each in tick_at(app, when).messages if not each["rule"].startswith("late-")]
    return {each["to"].partition("@")[0] for each in told} & {"lead", "clerk", "deputy"}


def test_those_named_are_reminded_and_the_whole_unit_where_nobody_is(world):
    assert told(world, "2024-12-16T08:00") == {"lead", "clerk", "deputy"}


def test_the_clerk_alone_is_reminded_of_what_the_clerk_was_given(world):
    given(shares_of(), ["clerk"], ["deputy"])
    assert told(world, "2024-12-16T08:00") == {"clerk"}


def test_who_stands_in_is_reminded_when_the_account_of_the_other_is_closed(world):
    given(shares_of(), ["clerk"], ["deputy"])
    set_active("clerk@example.org", False, now=NOW)
    assert told(world, "2024-12-16T08:00") == {"deputy"}
    set_active("deputy@example.org", False, now=NOW)
    assert not db.session.scalars(sa.select(SharePerson).where(SharePerson.until_at.is_(None))).all()


def test_a_digest_made_before_the_share_was_given_away_no_longer_goes_to_others(world, smtp_server):
    before = tick_at(world, "2024-12-16T08:00")
    assert before.planned
    given(shares_of(), ["clerk"])
    after = tick_at(world, "2024-12-16T09:00", smtp_server.url)
    assert {each.recipients[0] for each in smtp_server.messages} & {"lead@example.org", "deputy@example.org"} == set()
    assert after.sent


def test_a_calendar_of_ones_own_work_follows_who_is_named():
    def shown(name: str) -> set[int]:
        return {event.milestone_id for event in feeds.feed(Scope(ScopeKind.PERSON, cast(name).id), ZONE).events}

    everything = shown("clerk")
    assert everything == shown("lead")
    mine = [share for share in share_people.shares(shares_of()) if share.milestone_id in everything]
    given([share.id for share in mine], ["clerk"], ["deputy"])
    assert shown("clerk") == shown("deputy") == everything
    assert shown("lead") == everything - {share.milestone_id for share in mine}


def test_people_who_go_with_their_unit_stay_named_and_others_do_not():
    share, *_ = shares_of()
    given([share], ["clerk"], ["deputy"])
    happen(MERGE)
    heir = units.ids_by_code()["phong-vhxh"]
    assert cast("clerk").unit_id == heir
    now_theirs = [each for each in shares_of("phong-vhxh") if named(each) != Named()]
    assert [named(each) for each in now_theirs] == [
        Named(frozenset({cast("clerk").id}), frozenset({cast("deputy").id}))
    ]
    assert named(share) == Named()
    lines = db.session.scalars(sa.select(ChangeEntry).where(ChangeEntry.reason == MERGE.document)).all()
    told = {(each.field, each.old, each.new) for each in lines if each.what == "share.given"}
    clerk = f"[{cast('clerk').id}]"
    assert {("doers", clerk, "[]"), ("doers", "[]", clerk)} <= told, "of the old unit's share, and of the heir's"


def test_an_acceptance_without_another_monitor_tells_in_which_capacity_it_was_given():
    with transaction() as session:
        office = units.ids_by_code()["van-phong-hdnd-ubnd"]
        session.execute(sa.delete(PlanMonitor).where(PlanMonitor.unit_id == office))
    share = shares_of("phong-gddt")[0]
    files = runtime().files
    progress.record(cast("monitor"), share, Entry(Action.SUBMIT, result="Xong"), NOW, files=files, zone=ZONE)
    with pytest.raises(Forbidden):
        progress.record(cast("office"), share, Entry(Action.ACCEPT), NOW, files=files, zone=ZONE)
    progress.record(cast("leader"), share, Entry(Action.ACCEPT), NOW, files=files, zone=ZONE)
    lines = db.session.scalars(sa.select(ProgressEntry).order_by(ProgressEntry.id.desc()).limit(2)).all()
    assert [(each.action, each.capacity) for each in lines] == [("accept", "leader"), ("submit", "")]
