"""Feeds over HTTP, requirement by requirement, and the page where people make and end them."""

import logging
import re
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from urllib.parse import parse_qs, urlsplit

import icalendar
import pytest
import sqlalchemy as sa

from tests.support.feeds import FINANCE, SCHOOL, at_address, store_small_plan
from tests.support.queries import driver_statements
from tests.support.unit_changes import HEIR, ON, ZONE, happen
from tests.support.worlds import Clients, Worlds
from tracker.domain.people import Role
from tracker.domain.unit_events import Change, EventKind
from tracker.store import feed_tokens, feeds, subscriptions
from tracker.store import people as accounts
from tracker.store.database import db, transaction
from tracker.store.tables import PersonRow, SubscriptionRow, UnitRow
from tracker.usecases.people import Correction, correct_person
from tracker.usecases.unit_changes import apply_due
from tracker.web.feed_privacy import HideFeedTokens

CHANGED = datetime(2024, 12, 16, 1, 0, tzinfo=UTC)
OWN_SESSION = {"Cookie": "session=x; remember_token=y"}


@pytest.fixture(scope="module")
def worlds(tmp_path_factory, once):
    """SQLite alone: what is the database's part is tried on both in tests/store and tests/usecases."""
    return Worlds("sqlite", tmp_path_factory.mktemp("feeds"), once, lambda: None)


@pytest.fixture(autouse=True)
def small_plan(app):
    """The small plan and its people in `app`."""
    with app.app_context():
        store_small_plan()


@pytest.fixture
def people(app):
    """`people.lead`, `.partner`, `.monitor`, `.leader`, `.member`, signed in; `.visitor` is not."""
    return Clients(app)


@pytest.fixture
def visitor(people):
    return people.visitor


def made(client, scope="plan:1", **fields):
    """Makes a subscription by the form and returns the path of its feed."""
    answer = client.submit("/feeds", scope=scope, locale="vi", **fields)
    assert answer.status_code == 200, answer.text
    return urlsplit(re.search(r'value="(https?://[^"]+\.ics)"', answer.text)[1]).path


@pytest.fixture
def path(people):
    """The path of a feed of the whole plan."""
    return made(people.lead)


def change(app, statement):
    with app.app_context(), transaction() as session:
        session.execute(statement)


def touch(app, ids, now, **more):
    with app.app_context(), transaction():
        feeds.touch_milestones(ids, now, **more)


def subjects(answer):
    assert answer.status_code == 200
    return [str(event["summary"]) for event in icalendar.Calendar.from_ical(answer.data).events]


def leads(answer):
    """Of each event by UID: its SEQUENCE, and the line that names its leads."""
    events = icalendar.Calendar.from_ical(answer.data).events
    told = {str(each["uid"]): str(each["description"]).split("\n") for each in events}
    sequence = {str(each["uid"]): each["sequence"] for each in events}
    return {uid: (sequence[uid], next(line for line in told[uid] if line.startswith("Chủ trì"))) for uid in told}


def headers_of(answer):
    return {name: value for name, value in answer.headers if name != "Date"}


def test_r20_a_feed_is_answered_at_once_as_a_calendar_in_utf8(visitor, path):
    answer = visitor.get(path)
    assert answer.status == "200 OK"
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert len(subjects(answer)) == 3
    assert int(answer.headers["Content-Length"]) == len(answer.data)


def test_r13_a_scope_without_milestones_is_answered_too(people, app):
    change(app, sa.insert(UnitRow).values(id=9, code="moi", name="Trường mới", sort_key="", short_name="", kind=""))
    answer = people.visitor.get(made(people.monitor, "unit:9"))
    assert subjects(answer) == []
    assert b"BEGIN:VTIMEZONE" in answer.data


def test_r21_the_etag_is_strong_and_follows_the_bytes(visitor, path, app):
    first = visitor.get(path)
    assert re.fullmatch(r'"[0-9a-f]{64}"', first.headers["ETag"])
    assert visitor.get(path).headers["ETag"] == first.headers["ETag"]
    assert "Content-Encoding" not in visitor.get(path, headers={"Accept-Encoding": "gzip, br"}).headers
    with app.app_context():
        happen(Change(EventKind.RENAME, ON, "QĐ 1", ("phong-tckh",), name="Phòng Tài chính"))
    assert visitor.get(path).headers["ETag"] != first.headers["ETag"]


def test_after_a_rename_and_a_merger_events_name_who_answers_today(visitor, path, app, clock):
    """The version moves of those alone that named the unit; what waits for its day changes nothing before."""
    rename = Change(EventKind.RENAME, ON, "QĐ 1", ("phong-tckh",), name="Phòng Tài chính")
    merger = Change(EventKind.MERGE, date(2025, 1, 6), "NQ 2", ("phong-tckh",), ("phong-vhxh",), (HEIR,))
    answers = [visitor.get(path)]
    with app.app_context():
        happen(rename)
    answers.append(visitor.get(path))
    with app.app_context():
        happen(merger)
    waiting = leads(visitor.get(path))
    with app.app_context():
        clock.move(datetime(2025, 1, 6, 1, tzinfo=UTC))
        assert apply_due(clock.now(), ZONE) == 1
    answers.append(visitor.get(path))
    first, renamed, merged = map(leads, answers)
    assert list(first) == list(renamed) == list(merged), "UIDs stay"
    uid, *others = first
    assert first[uid][1] == "Chủ trì: Phòng Tài chính - Kế hoạch"
    assert renamed[uid][1] == "Chủ trì: Phòng Tài chính (trước là Phòng Tài chính - Kế hoạch)"
    assert waiting[uid][1] == renamed[uid][1], "not before its day"
    assert merged[uid][1] == "Chủ trì: Phòng Văn hóa - Xã hội (trước là Phòng Tài chính - Kế hoạch)"
    assert first[uid][0] < renamed[uid][0] < merged[uid][0]
    assert [first[each] for each in others] == [renamed[each] for each in others] == [merged[each] for each in others]
    assert len({answer.headers["ETag"] for answer in answers}) == 3
    times = [parsedate_to_datetime(answer.headers["Last-Modified"]) for answer in answers]
    assert times == sorted(set(times))


def test_r22_an_unchanged_feed_is_not_sent_again(visitor, path):
    first = visitor.get(path)
    etag, modified = first.headers["ETag"], first.headers["Last-Modified"]
    later = format_datetime(parsedate_to_datetime(modified) + timedelta(days=1), usegmt=True)
    earlier = format_datetime(parsedate_to_datetime(modified) - timedelta(seconds=1), usegmt=True)
    for headers, status in (
        ({"If-None-Match": etag}, 304),
        ({"If-None-Match": f"W/{etag}"}, 304),
        ({"If-None-Match": f'"other", {etag}'}, 304),
        ({"If-None-Match": "*"}, 304),
        ({"If-None-Match": '"other"'}, 200),
        ({"If-None-Match": '"other"', "If-Modified-Since": later}, 200),
        ({"If-None-Match": etag, "If-Modified-Since": earlier}, 304),
        ({"If-Modified-Since": modified}, 304),
        ({"If-Modified-Since": later}, 304),
        ({"If-Modified-Since": earlier}, 200),
        ({"If-Modified-Since": "hôm qua"}, 200),
    ):
        for method in ("GET", "HEAD"):
            answer = visitor.open(path, method=method, headers=headers)
            assert answer.status_code == status, headers
            assert answer.headers["ETag"] == etag
            assert bool(answer.data) is (status == 200 and method == "GET")


def test_r23_last_modified_is_that_of_the_scope_and_moves_with_every_touch(visitor, path, app, people):
    school = made(people.partner, f"unit-lead:{SCHOOL}")

    def modified(where):
        return parsedate_to_datetime(visitor.get(where).headers["Last-Modified"])

    before, at_school = modified(path), modified(school)
    touch(app, [1], CHANGED)
    assert modified(path) > before
    assert modified(school) == at_school
    before = modified(path)
    touch(app, [], CHANGED, left_units=[SCHOOL])
    assert modified(school) > at_school
    assert modified(path) == before


def test_r23_last_modified_moves_when_the_owner_may_see_more_or_less(people, app, visitor):
    path = made(people.member)
    first = visitor.get(path)
    assert "Trạng thái" not in first.text
    with app.app_context():
        owner = accounts.by_email("member@example.org").person
        correct_person(owner, Correction(owner.email, owner.name, Role.LEADER, None), now=CHANGED + timedelta(hours=1))
    for asked in ({"If-None-Match": first.headers["ETag"]}, {"If-Modified-Since": first.headers["Last-Modified"]}):
        assert "Trạng thái" in visitor.get(path, headers=asked).text


def test_r23_a_role_changed_in_the_second_of_another_change_moves_last_modified_as_well(people, app, visitor):
    path = made(people.member)
    touch(app, [1], CHANGED)
    before = visitor.get(path)
    with app.app_context():
        owner = accounts.by_email("member@example.org").person
        correct_person(owner, Correction(owner.email, owner.name, Role.LEADER, None), now=CHANGED)
    after = visitor.get(path, headers={"If-Modified-Since": before.headers["Last-Modified"]})
    assert "Trạng thái" in after.text
    touch(app, [1], CHANGED)
    assert visitor.get(path, headers={"If-Modified-Since": after.headers["Last-Modified"]}).status_code == 200


def test_r24_head_is_get_without_its_body(visitor, path):
    got, head = visitor.get(path), visitor.head(path)
    assert head.data == b""
    assert head.status_code == 200
    assert headers_of(head) == headers_of(got)


def test_r25_headers_keep_the_feed_private_and_no_session_is_touched(visitor, people, path):
    for client in (visitor, people.lead):
        with client.session_transaction() as session:
            session.permanent = True
        headers = client.get(path).headers
        assert headers["Cache-Control"] == "private, max-age=900"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["X-Robots-Tag"] == "noindex"
        assert "Set-Cookie" not in headers
        assert "Vary" not in headers


def test_r26_a_token_is_random_kept_as_its_hash_alone_and_carries_its_scope(people, app, path):
    token = path.removeprefix("/feeds/").removesuffix(".ics")
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", token)
    assert made(people.lead) != path
    with app.app_context():
        stored = [str(row) for row in db.session.execute(sa.select(SubscriptionRow.__table__))]
    assert stored
    assert token not in "".join(stored)
    mine = made(people.lead, f"unit:{FINANCE}")
    assert len(subjects(people.visitor.get(mine))) == 1
    for wider in (f"{mine}?scope=plan:1", f"{mine}?unit={SCHOOL}"):
        assert len(subjects(people.visitor.get(wider))) == 1


def test_r27_whatever_is_no_feed_gets_the_same_404(people, app, visitor):
    unknown = visitor.get(f"/feeds/{'a' * 43}.ics")
    assert unknown.status_code == 404
    assert unknown.headers["Content-Type"] == "text/plain; charset=utf-8"
    revoked, disabled = made(people.lead), made(people.partner)
    people.lead.submit("/feeds/1/revoke", page="/feeds")
    change(app, sa.update(PersonRow).where(PersonRow.email == "partner@example.org").values(active=False))
    paths = [revoked, disabled, "/feeds/x.ics", "/feeds/.ics", f"/feeds/{'a' * 4000}.ics", "/feeds/a/b.ics"]
    paths += ["/feeds//x.ics", "/feeds/%00.ics", "/feeds/ế.ics", "/feeds/..%2F..%2Fadmin.ics", f"{revoked}?as_of=x"]
    for path in paths:
        for headers in (
            {},
            {"If-None-Match": "*"},
            {"If-Modified-Since": "Mon, 16 Dec 2030 00:00:00 GMT"},
            OWN_SESSION,
        ):
            for client in (visitor, people.monitor):
                answer = client.get(path, headers=headers)
                assert answer.data == unknown.data, path
                assert headers_of(answer) == headers_of(unknown), path
                assert answer.status_code == 404
        head = visitor.head(path)
        assert (head.status_code, head.data, headers_of(head)) == (404, b"", headers_of(unknown))


def test_r28_the_token_is_nowhere_but_in_the_one_page_that_shows_it(people, path, app, caplog, monkeypatch):
    token = path.removeprefix("/feeds/").removesuffix(".ics")
    answer = people.visitor.get(path)
    assert token not in answer.text + str(answer.headers)
    assert token not in people.lead.get("/feeds").text
    monkeypatch.setattr(feed_tokens, "state", lambda *_: 1 / 0)
    broken = people.visitor.get(path)
    assert broken.status_code == 503
    assert token not in broken.text + str(broken.headers)
    assert "ZeroDivisionError" in caplog.text
    for method in ("POST", "PROPFIND"):
        refused = people.visitor.open(path, method=method)
        assert token not in refused.text + str(refused.headers)
    assert token not in caplog.text


def test_r28_server_logs_hide_the_token(app, path, caplog):
    for name, words, args in (
        ("werkzeug", '127.0.0.1 - - "GET %s HTTP/1.1" 200 -', (path,)),
        ("waitress", "Exception while serving %s", (f"https://example.vn{path}?x=1",)),
        ("gunicorn.access", '%(h)s "%(r)s" %(s)s', ({"h": "::1", "r": f"GET {path} HTTP/1.1", "s": 200},)),
        ("gunicorn.error", f"Error handling request {path}", ()),
        (app.logger.name, "Exception on %s [%s]", (path, "GET")),
    ):
        with caplog.at_level(logging.INFO, logger=name):
            logging.getLogger(name).info(words, *args)
    assert caplog.text.count("/feeds/***") == 5
    assert path not in caplog.text
    record = logging.LogRecord("werkzeug", logging.INFO, "", 0, "POST %s", ("/feeds/12/revoke",), None)
    assert HideFeedTokens().filter(record)
    assert record.getMessage() == "POST /feeds/12/revoke"


def test_r29_robots_are_told_nothing_that_forbids_the_path(visitor):
    assert visitor.get("/robots.txt").status_code == 404


def test_r30_nothing_depends_on_who_asks_and_other_methods_are_refused(visitor, path):
    plain = visitor.get(path)
    for headers in (
        {"User-Agent": "Google-Calendar-Importer"},
        {"Accept": "text/html"},
        {"User-Agent": ""},
        OWN_SESSION,
    ):
        answer = visitor.get(path, headers=headers)
        assert (answer.data, headers_of(answer)) == (plain.data, headers_of(plain))
    for method in ("POST", "PUT", "DELETE", "PATCH", "PROPFIND", "REPORT"):
        answer = visitor.open(path, method=method, data={"x": "y"})
        assert answer.status_code == 405
        assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"
        assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
        assert "Set-Cookie" not in answer.headers
    assert visitor.options(path).status_code == 200


def test_r30_the_address_is_offered_for_every_calendar_with_the_word_on_lateness(people, app):
    at_address(app)
    answer = people.lead.submit("/feeds", scope="person:1", locale="vi", name="Điện thoại")
    https = re.search(r'value="(https://[^"]+\.ics)"', answer.text)[1]
    assert f'value="webcal{https.removeprefix("https")}"' in answer.text
    google, outlook = (
        urlsplit(re.search(rf'href="(https://{host}[^"]+)"', answer.text)[1])
        for host in ("calendar.google.com", "outlook.office.com")
    )
    assert parse_qs(google.query) == {"cid": [f"webcal{https.removeprefix('https')}"]}
    assert parse_qs(outlook.query) == {"url": [https]}
    assert "Google có khi cả ngày" in answer.text
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert https.rpartition("/")[2] not in re.search(r"<title>.*?</title>", answer.text, re.DOTALL)[0]


def test_an_unchanged_feed_costs_one_read_and_its_use_is_noted_once_an_hour(visitor, path, app, clock):
    def asked(**headers):
        with app.app_context(), driver_statements(db.engine) as statements:
            etags.append(visitor.get(path, headers={"User-Agent": "iOS/18 dataaccessd/1.0", **headers}).headers["ETag"])
        return statements.count("SELECT"), statements.count("UPDATE")

    etags = []
    assert asked()[1] == 1
    assert asked() == asked(**{"If-None-Match": etags[0]}) == (1, 0)
    clock.move(clock.now() + timedelta(minutes=61))
    assert asked()[1] == 1
    assert asked() == (1, 0)
    assert len(set(etags)) == 1
    with app.app_context():
        [found] = subscriptions.of_person(1)
    assert (found.last_used_at, found.last_client) == (clock.now(), "iOS/18 dataaccessd/1.0")
