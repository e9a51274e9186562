"""The words, dates and addresses that every template shares."""

import gzip
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest
from flask import Flask, get_template_attribute

from tests.support.history import History
from tests.support.worlds import NOW, closing, make_app
from tracker.clock import FrozenClock
from tracker.domain.calendar_days import DaysOff
from tracker.domain.standing import Standing
from tracker.domain.status import Calendar, Deadline, ShareFacts, status
from tracker.domain.work import Action, State
from tracker.web import templating
from tracker.web.paging import paged

TODAY = date(2024, 12, 16)
CALENDAR = Calendar(DaysOff())
RUNNING = ShareFacts(State.IN_PROGRESS, 40, last_entry_on=TODAY - timedelta(days=3))


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory):
    """An application whose pages are asked for words alone, without a database."""
    folder = tmp_path_factory.mktemp("bare")
    with closing(make_app(f"sqlite:///{folder / 'none.sqlite3'}", folder, FrozenClock(NOW))) as app:
        yield app


def words(markup: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", markup)).strip()


def standing(due: date | None, facts: ShareFacts = RUNNING, start: date = date(2024, 12, 1)):
    return status(facts, Deadline(start, due, due), CALENDAR, TODAY)


SUBMITTED = replace(RUNNING, state=State.SUBMITTED, submitted_on=TODAY)
ACCEPTED = replace(RUNNING, state=State.ACCEPTED, submitted_on=TODAY)
BADGES = [
    (standing(date(2025, 5, 30)), "Đang trong hạn", ["in_time"]),
    (standing(date(2024, 12, 20)), "Sắp đến hạn", ["soon"]),
    (standing(date(2024, 12, 11)), "Quá hạn 5 ngày", ["overdue"]),
    (standing(None), "Chưa có hạn", ["no_date"]),
    (standing(date(2024, 12, 20), ACCEPTED), "Xong đúng hạn", ["done_on_time"]),
    (standing(date(2024, 12, 13), ACCEPTED), "Xong trễ hạn 3 ngày", ["done_late"]),
    (standing(date(2025, 5, 30), SUBMITTED), "Đang trong hạn Chờ xác nhận", ["in_time", "submitted"]),
    (
        standing(date(2024, 12, 11), replace(RUNNING, state=State.RETURNED)),
        "Quá hạn 5 ngày Bị trả lại",
        ["overdue", "returned"],
    ),
    (
        standing(date(2025, 5, 30), ShareFacts(), date(2024, 10, 1)),
        "Đang trong hạn Chưa cập nhật",
        ["in_time", "quiet"],
    ),
]


@pytest.mark.parametrize(("stands", "said", "shapes"), BADGES, ids=[each[1] for each in BADGES])
def test_every_state_has_a_word_and_a_shape_of_its_own(bare: Flask, stands, said, shapes):
    with bare.test_request_context("/"):
        badge = str(get_template_attribute("partials/status.html", "status_badge")(stands))
    assert words(badge) == said
    assert re.findall(r'href="#shape-(\w+)"', badge) == shapes


def test_every_shape_that_is_used_is_drawn_and_no_two_are_alike(bare: Flask):
    drawn = dict(
        re.findall(
            r'id="shape-(\w+)"[^>]*>(.*?)</symbol>', bare.jinja_env.get_template("partials/shapes.html").render()
        )
    )
    assert {shape for _, _, shapes in BADGES for shape in shapes} <= set(drawn)
    assert len(set(drawn.values())) == len(drawn)


@pytest.mark.parametrize(
    ("due", "left"),
    [
        (date(2024, 12, 16), "hôm nay"),
        (date(2024, 12, 20), "còn 4 ngày"),
        (date(2024, 12, 15), "còn đến hết 16/12/2024"),  # a Sunday
    ],
)
def test_what_is_due_soon_says_how_long_is_left(bare: Flask, due, left):
    with bare.test_request_context("/"):
        assert str(get_template_attribute("partials/status.html", "time_left")(standing(due))) == left


def test_dates_are_written_as_each_language_writes_them(bare: Flask):
    morning = datetime(2024, 12, 15, 18, 5, tzinfo=UTC)
    for locale, day, moment, month in (
        ("vi", "05/09/2024", "16/12/2024 01:05", "T12"),
        ("en", "5\u00a0Sep\u00a02024", "16\u00a0Dec\u00a02024 01:05", "Dec"),
    ):
        with bare.test_request_context("/", headers={"Cookie": f"locale={locale}"}):
            assert templating.day(date(2024, 9, 5)) == day
            assert templating.moment(morning) == moment
            assert templating.month(date(2024, 12, 1)) == month
            assert templating.day(None) == templating.moment(None) == ""


def test_links_keep_the_cut_off_and_the_plan_and_drop_what_is_none(bare: Flask):
    with bare.test_request_context("/?as_of=2024-09-01&plan=2&q=x"):
        assert templating.at("/overdue", unit="a b", status=None) == "/overdue?as_of=2024-09-01&plan=2&unit=a+b"
    with bare.test_request_context("/"):
        assert templating.at("/overdue") == "/overdue"


def test_a_long_list_is_turned_page_by_page_and_keeps_its_filters(bare: Flask):
    pager = "partials/shell.html", "pager"
    with bare.test_request_context("/plans/1?q=b&page=2"):
        page = paged(range(120))
        assert (page.first, page.last, page.pages) == (51, 100, 3)
        assert words(get_template_attribute(*pager)(page)) == "Trang trước 51–100 trong 120 Trang sau"
        assert templating.page_address(3) == "/plans/1?q=b&page=3"
    for asked, number in (("0", 1), ("99", 3), ("x", 1), ("²", 1), ("9" * 40, 1)):
        with bare.test_request_context("/", query_string={"page": asked}):
            assert paged(range(120)).number == number
    with bare.test_request_context("/"):
        assert words(get_template_attribute(*pager)(paged(range(50)))) == ""


def test_a_style_sheet_has_its_content_in_its_address(bare: Flask):
    with bare.test_request_context("/"):
        address = templating.asset("app.css")
    assert re.fullmatch(r"/static/app\.css\?v=[0-9a-f]{12}", address)
    answer = bare.test_client().get(address)
    assert answer.status_code == 200
    assert "max-age=31536000" in answer.headers["Cache-Control"]
    answer.close()


def test_a_page_that_no_link_of_the_navigation_leads_to_belongs_to_one_that_it_does(clients):
    for path, whole in (("/views", "/plans"), ("/urgings", "/overdue"), ("/groups", "/units"), ("/burn-up", "/")):
        assert f'<a href="{whole}" aria-current="page">' in clients.monitor.get(path).text, path


def test_a_plan_without_any_milestone_is_told_in_words_and_not_as_nothing_of_nothing(app):
    bare = Standing(())
    with app.test_request_context("/"):
        progress = get_template_attribute("partials/figures.html", "progress")(bare.cells, bare.counts, "/plans/1")
        figure = get_template_attribute("partials/figures.html", "head_figure")(0, 0, "/", "mốc đã xong")
        cells = get_template_attribute("partials/status.html", "cells_bar")(bare.cells)
    assert "Kế hoạch chưa có mốc nào." in progress
    assert "/0" not in progress + figure + cells


def test_static_files_go_out_compressed_where_that_is_asked_for(app):
    visitor, asks = partial(app.test_client().get, buffered=True), {"Accept-Encoding": "gzip, br"}
    for name in ("/static/app.css", "/bootstrap/static/css/bootstrap.min.css", "/static/live.js"):
        plain, packed = visitor(name), visitor(name, headers=asks)
        assert "Content-Encoding" not in plain.headers
        assert packed.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(packed.data) == plain.data == gzip.decompress(visitor(name, headers=asks).data)
        assert len(packed.data) == int(packed.headers["Content-Length"]) < len(plain.data) * 0.6
        assert "Accept-Encoding" in packed.headers["Vary"]
        again = visitor(name, headers={**asks, "If-None-Match": packed.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")


def test_pages_go_out_compressed_where_that_is_asked_for_each_of_another_length(world, clients):
    History(world).record("lead", "7", Action.PROGRESS, date(2024, 8, 6), percent=60, result="Đã hướng dẫn")
    asks = {"Accept-Encoding": "gzip, br"}
    for path in ("/overdue", "/account"):
        plain, packed = clients.lead.get(path), clients.lead.get(path, headers=asks)
        assert "Content-Encoding" not in plain.headers
        assert packed.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(packed.data).decode().count("\n") == plain.text.count("\n")
        assert "Accept-Encoding" in packed.headers["Vary"]
    kept = [clients.lead.get("/overdue", headers=asks).data for _ in range(2)]
    assert kept[0] == kept[1]
    lengths = {len(clients.lead.get(f"/overdue?x={number:02}", headers=asks).data) for number in range(20)}
    assert len(lengths) > 5
