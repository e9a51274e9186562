"""A page is kept for who asked for it, until anything is written that it may show."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask

from tests.support.history import History
from tests.support.office import tick_at
from tests.support.queries import count_queries
from tests.support.worlds import Clients, Visitor
from tracker.clock import FrozenClock
from tracker.domain.work import Action
from tracker.store.database import db

pytestmark = pytest.mark.one_database

PAGES = ("/", "/my", "/plans/1", "/overdue", "/timeline", "/units", "/units/phong-gddt", "/burn-up", "/calendar")


@pytest.fixture
def asks(world: Flask) -> Callable[[Visitor, str], int]:
    """How many questions an opening takes: one where the page was kept."""
    with world.app_context():
        engine = db.engine

    def count(client: Visitor, path: str) -> int:
        with count_queries(engine) as statements:
            assert client.get(path).status_code == 200
        return len(statements)

    return count


@pytest.fixture
def opened(world: Flask, clients: Clients) -> Clients:
    """The cast, of which the lead has opened the overdue list after somebody wrote."""
    History(world).record("lead", "7", Action.PROGRESS, date(2024, 8, 6), percent=60, result="Đã hướng dẫn")
    clients.lead.get("/overdue")
    return clients


@pytest.mark.parametrize("path", PAGES)
def test_the_second_opening_is_the_same_and_asks_for_the_session_alone(world, clients, asks, path):
    History(world).record("lead", "7", Action.PROGRESS, date(2024, 8, 6), percent=60, result="Đã hướng dẫn")
    clients.monitor.get(path)
    first = clients.monitor.get(path)
    assert asks(clients.monitor, path) == 1
    assert clients.monitor.get(path).data == first.data


def reported(world: Flask, clients: Clients, clock: FrozenClock) -> None:
    History(world).record("lead", "7", Action.PROGRESS, date(2024, 12, 15), percent=10, result="Đang làm")


def reminded(world: Flask, clients: Clients, clock: FrozenClock) -> None:
    with world.app_context():
        assert tick_at(world, "2024-12-16T08:00").planned


def spoke_english(world: Flask, clients: Clients, clock: FrozenClock) -> None:
    assert clients.lead.submit("/language", "/account", locale="en", next="/").status_code == 303


def saved_a_filter(world: Flask, clients: Clients, clock: FrozenClock) -> None:
    view = {"list": "plan", "name": "Quá hạn", "status": "overdue", "shared": "1"}
    assert clients.monitor.submit("/views", **view).status_code == 303


def an_hour_later(world: Flask, clients: Clients, clock: FrozenClock) -> None:
    clock.move(clock.now() + timedelta(hours=1))


@pytest.mark.parametrize("happened", [reported, reminded, spoke_english, saved_a_filter, an_hour_later])
def test_whatever_happens_it_is_written_anew(world, opened, asks, clock, happened):
    assert asks(opened.lead, "/overdue") == 1
    happened(world, opened, clock)
    assert asks(opened.lead, "/overdue") > 1


def test_each_person_and_each_address_has_a_page_of_its_own(opened, asks):
    assert asks(opened.office, "/overdue") > 1
    assert asks(opened.lead, "/overdue?sort=unit") > 1
    assert asks(opened.lead, "/overdue?as_of=2024-12-01") > 1
    mine = opened.lead.get("/overdue").text
    assert "Phạm Chủ Trì" in mine
    assert "Lê Văn Phòng" in opened.office.get("/overdue").text
    assert opened.lead.get("/overdue").text == mine


def test_a_poll_of_a_calendar_leaves_pages_as_they_were(opened, asks):
    made = opened.monitor.submit("/feeds", scope="plan:1", locale="vi")
    opened.lead.get("/overdue")
    assert opened.visitor.get(re.search(r'value="https?://[^/]+([^"]+[.]ics)"', made.text)[1]).status_code == 200
    assert asks(opened.lead, "/overdue") == 1


def test_what_is_told_once_is_told_once(opened):
    said = "Đã đổi ngôn ngữ"
    with opened.lead.session_transaction() as session:
        session["_flashes"] = [("success", said)]
    assert said in opened.lead.get("/overdue").text
    assert said not in opened.lead.get("/overdue").text


def test_who_has_signed_out_is_shown_nothing(opened):
    assert opened.lead.submit("/sign-out", "/account").status_code == 303
    assert opened.lead.get("/overdue").status_code == 302
