"""One milestone put into one's own calendar: the event of the feeds, for those alone who may open its task."""

import re
from datetime import date

import pytest
import sqlalchemy as sa
from icalendar import Calendar

from tests.support.queries import count_queries
from tracker.adapters.calendars import render
from tracker.domain.feeds import FeedOptions, Scope, ScopeKind
from tracker.store import feeds, units
from tracker.store.database import db, transaction
from tracker.store.tables import MilestoneRow, PlanRow, TaskRow
from tracker.web.runtime import runtime

pytestmark = pytest.mark.one_database


def milestone(world, number: str, ordinal: int = 1) -> int:
    with world.app_context():
        query = sa.select(MilestoneRow.id).join(TaskRow, TaskRow.id == MilestoneRow.task_id)
        found = db.session.scalar(query.where(TaskRow.number == number, MilestoneRow.position == ordinal))
        db.session.remove()
    return found


def event(text: bytes):
    calendar = Calendar.from_ical(text)
    assert calendar.errors == []
    (found,) = calendar.walk("VEVENT")
    assert found.errors == []
    return found


def in_feed(world, scope: Scope, milestone_id: int, locale: str = "vi"):
    """The event of the milestone as a feed of that scope has it."""
    with world.app_context():
        bytes_ = render(feeds.feed(scope, runtime().zone), locale, runtime().base_url, FeedOptions())
        db.session.remove()
    every = Calendar.from_ical(bytes_).walk("VEVENT")
    return next(each for each in every if each["UID"].startswith(f"milestone-{milestone_id}@"))


def test_the_file_holds_the_event_of_the_feed_and_nothing_that_asks_for_an_answer(clients, world):
    found = milestone(world, "7")
    answer = clients.monitor.get(f"/milestones/{found}.ics")
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Content-Disposition"] == "attachment; filename=nhiem-vu-7.ics"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert event(answer.data).to_ical() == in_feed(world, Scope(ScopeKind.PLAN, 1), found).to_ical()
    lines = answer.data.split(b"\r\n")
    assert lines[-1] == b""
    assert max(map(len, lines)) <= 75
    assert not re.search(rb"^(METHOD|ORGANIZER|ATTENDEE|X-WR-CALNAME)", answer.data, re.MULTILINE)


def test_ones_unit_gets_its_own_granted_day_and_the_next_sequence(clients, world):
    found = milestone(world, "7")
    before = event(clients.lead.get(f"/milestones/{found}.ics").data)
    share = re.search(r'action="/shares/(\d+)/extension', clients.lead.get("/tasks/7").text)[1]
    clients.lead.submit(f"/shares/{share}/extension", "/tasks/7", wanted="2025-03-03", reason="Chờ dự toán")
    clients.monitor.submit("/extensions/1/decide", "/tasks/7", outcome="granted", document="12/QĐ")
    after = event(clients.lead.get(f"/milestones/{found}.ics").data)
    assert (after["UID"], after["DTSTART"].dt) == (before["UID"], date(2025, 3, 3))
    assert after["SEQUENCE"] > before["SEQUENCE"]
    with world.app_context():
        own = Scope(ScopeKind.UNIT, units.ids_by_code()["phong-tckh"])
        db.session.remove()
    assert after.to_ical() == in_feed(world, own, found).to_ical()


def test_each_milestone_of_a_task_is_a_file_of_its_own_linked_on_its_page(clients, world):
    ids = [milestone(world, "25", ordinal) for ordinal in (1, 2)]
    page = clients.monitor.get("/tasks/25").text
    assert [f'href="/milestones/{each}.ics"' in page for each in ids] == [True, True]
    files = [clients.monitor.get(f"/milestones/{each}.ics") for each in ids]
    assert [each.headers["Content-Disposition"].partition("=")[2] for each in files] == [
        "nhiem-vu-25-moc-1.ics",
        "nhiem-vu-25-moc-2.ics",
    ]
    assert len({event(each.data)["UID"] for each in files}) == 2


@pytest.mark.parametrize("number", ['7; filename="x.exe"', "13a/Đ\r\nX: y", "Nhiệm vụ", "../../7", "…"])
def test_whatever_a_task_is_numbered_the_name_of_its_file_is_plain(clients, world, number):
    found = milestone(world, "7")
    with world.app_context(), transaction() as session:
        session.execute(sa.update(TaskRow).where(TaskRow.number == "7").values(number=number))
    name = clients.monitor.get(f"/milestones/{found}.ics").headers["Content-Disposition"]
    assert re.fullmatch(r"attachment; filename=nhiem-vu-[A-Za-z0-9][A-Za-z0-9.-]*\.ics", name)


def test_who_may_not_open_the_task_gets_the_answer_of_what_is_not_there(clients, world):
    foreign, missing = (clients.partner.get(f"/milestones/{each}.ics") for each in (milestone(world, "7"), 999_999))
    assert (foreign.status_code, missing.status_code) == (404, 404)
    words = [re.search(r'<p class="lead-line">(.*?)</p>', each.text)[1] for each in (foreign, missing)]
    assert words[0] == words[1]
    assert clients.visitor.get(f"/milestones/{milestone(world, '7')}.ics").status_code == 302


def test_without_a_date_or_in_a_draft_there_is_no_file_and_no_link(clients, world):
    undated, dated = milestone(world, "7"), milestone(world, "13")
    with world.app_context(), transaction() as session:
        session.execute(sa.update(MilestoneRow).where(MilestoneRow.id == undated).values(due=None, original_due=None))
    assert clients.monitor.get(f"/milestones/{undated}.ics").status_code == 404
    assert "chưa có ngày hạn" in clients.monitor.get(f"/milestones/{undated}.ics").text
    assert ".ics" not in clients.monitor.get("/tasks/7").text
    with world.app_context(), transaction() as session:
        session.execute(sa.update(PlanRow).values(state="draft"))
    assert clients.monitor.get(f"/milestones/{dated}.ics").status_code == 404
    assert clients.partner.get(f"/milestones/{dated}.ics").status_code == 404


def test_the_words_are_in_the_language_of_the_person_and_the_uid_is_not(clients, world):
    found = milestone(world, "13")
    vietnamese = event(clients.leader.get(f"/milestones/{found}.ics").data)
    clients.leader.submit("/language", "/calendar", locale="en")
    english = event(clients.leader.get(f"/milestones/{found}.ics").data)
    assert english["UID"] == vietnamese["UID"]
    assert "Hạn:" in vietnamese["DESCRIPTION"]
    assert "Hạn:" not in english["DESCRIPTION"]


def test_a_file_costs_ten_questions_at_most_for_everybody(clients, world):
    found = milestone(world, "25")
    for who in ("monitor", "lead", "leader", "admin", "partner"):
        with world.app_context():
            engine = db.engine
        with count_queries(engine) as asked:
            getattr(clients, who).get(f"/milestones/{found}.ics")
        assert len(asked) <= 10, who
