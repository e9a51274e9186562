"""A unit asks for a later due date, another body decides, and cells, mail and calendars follow from that moment on."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from tests.support.shares import FINANCE, Office, at
from tests.support.worlds import NOW
from tracker.domain.errors import Forbidden, NotFound, Refused, StaleState
from tracker.domain.extensions import Decision, Outcome, Request
from tracker.domain.feeds import Scope, ScopeKind
from tracker.domain.status import Cell
from tracker.domain.work import Action
from tracker.store import feeds, plans, reminder_facts, units
from tracker.store.database import db
from tracker.store.facts import CutOff, milestone_lines
from tracker.store.tables import ExtensionRow
from tracker.store.unit_cells import unit_cells
from tracker.usecases import extensions
from tracker.web.runtime import runtime

WANTED = date(2025, 1, 31)
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def office(world):
    with world.app_context():
        yield Office(world)


def ask(office, number="1", wanted=WANTED, who="lead", now=NOW):
    share = office.line(number).share.id
    extensions.ask(office.person(who), share, Request(wanted, "Chờ dự toán"), now, runtime().zone)
    return db.session.scalar(sa.select(sa.func.max(ExtensionRow.id)))


def decide(office, extension_id, outcome=Outcome.GRANTED, who="monitor", now=NOW, **said):
    return extensions.decide(office.person(who), extension_id, Decision(outcome, **said), now, runtime().zone)


def feed_due(scope, milestone_id):
    found = feeds.feed(scope, runtime().zone)
    event = next(each for each in found.events if each.milestone_id == milestone_id)
    return event.due, event.sequence


def test_granted_the_share_is_in_time_and_the_original_due_stays(office):
    assert office.line("1").share.status.cell is Cell.OVERDUE
    decide(office, ask(office), document="215/UBND")
    line = office.line("1", on=LATER)
    assert (line.share.status.cell, line.share.status.due) == (Cell.IN_TIME, WANTED)
    assert line.share.deadline.original_due < WANTED
    assert line.share.status.late_to_original
    cut = CutOff(LATER.astimezone(runtime().zone).date(), LATER, runtime().zone)
    whole = next(each for each in milestone_lines(plans.head(1), cut) if each.number == "1")
    assert whole.status.cell is Cell.IN_TIME
    cells = next(each for each in unit_cells(plans.head(1), cut) if each.unit.code == FINANCE)
    assert cells.lead.late_to_original >= 1


def test_an_earlier_day_stays_as_it_was(office):
    day = date(2024, 12, 1)
    before = [each.status for each in milestone_lines(plans.head(1), CutOff(day, at(day, 17), runtime().zone))]
    decide(office, ask(office))
    office.record("lead", office.line("1").share.id, Action.PROGRESS, percent=50)
    db.session.remove()
    after = [each.status for each in milestone_lines(plans.head(1), CutOff(day, at(day, 17), runtime().zone))]
    issued = milestone_lines(plans.head(1), CutOff(LATER.date(), LATER, runtime().zone, issued=True))
    assert after == before
    assert all(each.deadline.due == each.deadline.original_due for each in issued)


def test_reminders_and_calendars_follow_the_new_date(office):
    line = office.line("1")
    unit = Scope(ScopeKind.UNIT, units.ids_by_code()[FINANCE])
    due, sequence = feed_due(unit, line.milestone_id)
    assert due == line.deadline.due
    decide(office, ask(office))
    db.session.remove()
    for scope in (unit, Scope(ScopeKind.PLAN, 1)):
        moved, later = feed_due(scope, line.milestone_id)
        assert (moved, later) == (WANTED, sequence + 1)
    owed = {each.id: each.due for each in reminder_facts.owed(LATER, runtime().zone)}
    assert owed[line.share.id] == WANTED


def test_several_in_a_row_and_another_date_than_asked(office):
    decide(office, ask(office), Outcome.OTHER, other_due=date(2024, 12, 31))
    assert office.line("1", on=LATER).share.status.due == date(2024, 12, 31)
    with pytest.raises(Refused, match="phải sau hạn hiện tại"):
        ask(office, wanted=date(2024, 12, 30), now=LATER)
    decide(office, ask(office, wanted=date(2025, 2, 28), now=LATER), now=LATER)
    found = office.line("1", on=LATER + timedelta(hours=1)).share
    assert (found.status.due, found.deadline.original_due) == (date(2025, 2, 28), date(2024, 8, 31))


def test_one_open_request_at_a_time_until_it_is_taken_back(office):
    first = ask(office)
    with pytest.raises(StaleState, match="đang có một đề nghị"):
        ask(office)
    db.session.rollback()
    extensions.withdraw(office.person("lead"), first, NOW, runtime().zone)
    with pytest.raises(StaleState, match="đã được giải quyết"):
        decide(office, first)
    assert ask(office) > first


def test_refused_with_a_reason_nothing_moves(office):
    asked = ask(office)
    with pytest.raises(Refused, match="lý do không gia hạn"):
        decide(office, asked, Outcome.REFUSED)
    decide(office, asked, Outcome.REFUSED, note="Đã gia hạn hai lần")
    assert office.line("1", on=LATER).share.status.cell is Cell.OVERDUE
    with pytest.raises(StaleState, match="đã được giải quyết"):
        decide(office, asked)


@pytest.mark.parametrize("who", ["lead", "leader", "admin"])
def test_who_may_not_confirm_the_share_does_not_decide(office, who):
    asked = ask(office)
    with pytest.raises(Forbidden):
        decide(office, asked, who=who)


def test_only_the_units_people_ask_and_take_back_and_a_foreign_one_finds_nothing(office):
    with pytest.raises(Forbidden):
        ask(office, who="monitor")
    with pytest.raises(NotFound):
        ask(office, who="partner")
    asked = ask(office)
    with pytest.raises(Forbidden):
        extensions.withdraw(office.person("monitor"), asked, NOW, runtime().zone)
    with pytest.raises(NotFound):
        extensions.withdraw(office.person("partner"), asked, NOW, runtime().zone)
    with pytest.raises(NotFound, match="không tham gia"):
        decide(office, 999_999)


def test_a_done_share_is_not_extended_and_one_accepted_meanwhile_is_not_granted(office):
    asked = ask(office)
    share = office.line("1").share.id
    office.record("lead", share, Action.SUBMIT, result="Xong")
    office.record("monitor", share, Action.ACCEPT)
    with pytest.raises(StaleState, match="đã xong"):
        decide(office, asked)
    with pytest.raises(StaleState, match="đã xong"):
        ask(office)
