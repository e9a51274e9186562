"""A saved filter as a calendar: what of it is shown, to whom, until when, and when it is sent again."""

import re
from datetime import date

import pytest

from tests.support.feeds import store_small_plan
from tests.support.queries import driver_statements
from tests.support.worlds import NOW, Clients
from tests.web.test_feed_pages import address, events, made
from tracker.store import feeds
from tracker.store.database import db, transaction
from tracker.web.feed_copies import FeedCopies
from tracker.web.feed_door import COPIES


@pytest.fixture
def people(app):
    """The small plan's people, signed in; `people.visitor` is not."""
    with app.app_context():
        store_small_plan()
    return Clients(app)


def kept(client, name: str = "Lọc", **asked: str) -> None:
    """Saves a filter of the plan's list; the first one of a world has the number 1."""
    assert client.submit("/views", "/plans/1?unit=tram-y-te", list="plan", name=name, **asked).status_code == 303


def touch(app, *milestones: int) -> None:
    with app.app_context():
        with transaction():
            feeds.touch_milestones(milestones, NOW)
        db.session.remove()


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"unit": "phong-tckh"}, {1}),
        ({"unit": "truong-th-thanh-to"}, {2, 3}),
        ({"unit": "truong-th-thanh-to", "part": "partner"}, {1}),
        ({"unit": "truong-th-thanh-to", "part": "any", "status": "overdue", "sort": "late"}, {1, 2, 3}),
        ({"month": "2024-12"}, {1}),
        ({"q": "khai giang"}, {2, 3}),
        ({"q": "khai giang", "month": "2025-05"}, {3}),
    ],
)
def test_it_shows_what_the_filter_leaves_whatever_its_state(people, asked, found):
    kept(people.monitor, **asked)
    answer = people.visitor.get(made(people.monitor, "view:1"))
    assert set(events(answer)) == {f"milestone-{number}" for number in found}
    assert "X-WR-CALNAME:Bộ lọc: Lọc" in answer.text


@pytest.mark.both_databases
def test_by_month_it_takes_the_day_that_was_granted_and_is_sent_anew(clients):
    """Task 7 is planned for August 2024."""

    def days_of_seventh(answer) -> list[date]:
        found = events(answer).values()
        return [each["dtstart"].dt for each in found if str(each["url"]).endswith("/tasks/7")]

    months = ("2024-08", "2025-06")
    for month in months:
        asked = {"list": "plan", "name": month, "month": month}
        assert clients.monitor.submit("/views", "/plans/1", **asked).status_code == 303
    paths = [made(clients.monitor, f"view:{number}") for number in (1, 2)]
    before = [clients.visitor.get(path) for path in paths]
    assert [bool(days_of_seventh(answer)) for answer in before] == [True, False]
    share = re.search(r'action="/shares/(\d+)/extension', clients.lead.get("/tasks/7").text)[1]
    wanted = {"wanted": "2025-06-25", "reason": "Chờ dự toán"}
    assert clients.lead.submit(f"/shares/{share}/extension", "/tasks/7", **wanted).status_code == 303
    granted = {"outcome": "granted", "document": "12/QĐ"}
    assert clients.monitor.submit("/extensions/1/decide", "/tasks/7", **granted).status_code == 303
    after = [
        clients.visitor.get(path, headers={"If-None-Match": answer.headers["ETag"]})
        for path, answer in zip(paths, before, strict=True)
    ]
    assert [days_of_seventh(answer) for answer in after] == [[], [date(2025, 6, 25)]]


@pytest.mark.one_database
def test_an_unchanged_one_is_one_read_and_a_change_elsewhere_sends_nothing_either(people, app):
    kept(people.monitor, unit="phong-tckh")
    path = made(people.monitor, "view:1")
    first = people.visitor.get(path)
    with app.app_context(), driver_statements(db.engine) as statements:
        assert people.visitor.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    assert (statements.count("SELECT"), statements.count("UPDATE")) == (1, 0)
    touch(app, 3)
    assert people.visitor.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    touch(app, 1)
    second = people.visitor.get(path, headers={"If-Modified-Since": first.headers["Last-Modified"]})
    assert second.headers["ETag"] != first.headers["ETag"]
    app.extensions[COPIES] = FeedCopies("http://127.0.0.1:8000", app.extensions["tracker"].zone)  # as after a restart
    assert people.visitor.get(path).data == second.data


def test_states_of_others_are_told_to_those_alone_who_follow_all(people):
    kept(people.monitor, q="khai", shared="1")
    for who, told in ((people.monitor, True), (people.member, False)):
        found = events(people.visitor.get(made(who, "view:1"))).values()
        assert {"Trạng thái" in str(each["description"]) for each in found} == {told}


def test_it_ends_with_the_filter_and_for_others_when_it_is_shared_no_more(people):
    kept(people.monitor, q="khai", shared="1")
    own, others = made(people.monitor, "view:1"), made(people.lead, "view:1")
    assert people.monitor.submit("/views/1", "/views", name="Khai giảng", shared="1").status_code == 303
    assert "Bộ lọc: Khai giảng" in people.visitor.get(others).text
    assert people.monitor.submit("/views/1", "/views", name="Khai giảng").status_code == 303
    assert people.visitor.get(others).status_code == 404
    assert "Bộ lọc" not in people.lead.get("/feeds").text
    assert people.visitor.get(own).status_code == 200
    assert people.lead.submit("/feeds", scope="view:1", locale="vi").status_code == 404
    assert people.monitor.submit("/views/1/remove", "/views").status_code == 303
    assert people.visitor.get(own).status_code == 404


def test_what_cannot_be_a_calendar_is_not_offered_and_refused_in_words(people):
    kept(people.monitor, status="overdue", sort="late")
    people.monitor.submit("/views", "/my", list="work", name="Của tôi", month="2024-12")
    page = people.monitor.get("/feeds").text
    assert "không thành lịch" in page
    assert 'value="view:' not in page
    for number in (1, 2):
        answer = people.monitor.submit("/feeds", scope=f"view:{number}", locale="vi")
        assert answer.status_code == 422
        assert "không làm được lịch" in answer.text


def test_the_page_of_filters_leads_to_the_form_with_its_choice(people):
    kept(people.monitor, q="khai", shared="1")
    for client in (people.monitor, people.lead):
        assert 'href="/feeds?scope=view:1#new-feed"' in client.get("/views").text
        assert '<option value="view:1" selected>' in client.get("/feeds?scope=view:1").text
    assert address(people.lead.submit("/feeds", scope="view:1", locale="vi"))
