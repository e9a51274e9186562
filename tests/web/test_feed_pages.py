"""The page where people make, renew and end their calendars, and the one that shows an address once."""

import re
from datetime import date
from urllib.parse import urlsplit

import icalendar
import pytest

from tests.support.feeds import SCHOOL, at_address, store_small_plan
from tests.support.queries import count_queries
from tests.support.worlds import Clients, Worlds
from tracker.domain.days_off import ListedDay
from tracker.domain.feeds import MOST_SUBSCRIPTIONS, FeedOptions, Span
from tracker.store import subscriptions
from tracker.store.database import db
from tracker.usecases.days_off import set_day


@pytest.fixture(scope="module")
def worlds(tmp_path_factory, once):
    """SQLite alone: what is the database's part is tried on both in tests/store and tests/usecases."""
    return Worlds("sqlite", tmp_path_factory.mktemp("feed_pages"), once, lambda: None)


@pytest.fixture
def people(app):
    """The small plan's people, signed in; `people.visitor` is not."""
    with app.app_context():
        store_small_plan()
    return Clients(app)


def address(answer):
    """The path of the feed whose address a page shows."""
    assert answer.status_code == 200, answer.text
    return urlsplit(re.search(r'value="(https?://[^"]+\.ics)"', answer.text)[1]).path


def made(client, scope="plan:1", **fields):
    """Makes a subscription by the form and returns the path of its feed."""
    return address(client.submit("/feeds", scope=scope, locale="vi", **fields))


def events(answer):
    assert answer.status_code == 200
    return {str(each["uid"]).partition("@")[0]: each for each in icalendar.Calendar.from_ical(answer.data).events}


def test_a_form_without_a_choice_makes_the_plainest_calendar_and_every_choice_is_kept(people, app):
    made(people.lead)
    made(people.lead, span="period", done="hide", alarms="1")
    with app.app_context():
        found = [each.options for each in subscriptions.of_person(1)]
    assert found == [FeedOptions(), FeedOptions(alarms=True, span=Span.PERIOD, hide_done=True)]
    page = people.lead.get("/feeds").text
    assert "bỏ việc đã xong · có báo trước" in page
    assert people.lead.submit("/feeds", scope="plan:1", locale="vi", span="tuần").status_code == 422


def test_finished_work_is_left_out_where_that_was_chosen(people):
    whole = events(people.visitor.get(made(people.leader)))
    assert [uid for uid, each in whole.items() if str(each["summary"]).startswith("[XONG]")] == ["milestone-2"]
    assert set(events(people.visitor.get(made(people.leader, done="hide")))) == set(whole) - {"milestone-2"}


def test_a_level_shows_the_work_of_its_schools_and_states_of_others_to_nobody(people, app):
    with app.app_context(), db.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE unit SET level = 'primary-lower-secondary' WHERE id = {SCHOOL}")
    for scope, wanted in (("level:1", 0), ("level:2", 3), ("level:3", 3), ("level:4", 0)):
        assert len(events(people.visitor.get(made(people.member, scope)))) == wanted, scope
    told = people.visitor.get(made(people.member, "level:2")).text
    assert "X-WR-CALNAME:Việc của cấp tiểu học" in told
    assert "Trạng thái" not in told
    assert "Trạng thái" in people.visitor.get(made(people.partner, "level:2")).text


def test_days_off_have_a_calendar_of_their_own_that_moves_with_them(people, app, clock):
    path = made(people.member, "holidays:1")
    first = people.visitor.get(path)
    assert "X-WR-CALNAME:Ngày nghỉ và các mốc của năm học" in first.text
    assert {uid for uid in events(first) if uid.startswith("school-year")} == {
        f"school-year-2024-2025-{what}" for what in ("opens", "semester-1-ends", "ends")
    }
    with app.app_context():
        set_day(None, ListedDay(date(2025, 1, 1), True, "Tết Dương lịch", "QĐ 5"), now=clock.now())
    second = people.visitor.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert set(events(second)) == {*events(first), "day-off-20250101"}
    assert people.visitor.get(path, headers={"If-None-Match": second.headers["ETag"]}).status_code == 304


def test_an_address_is_renewed_and_the_old_one_is_dead_at_once(people):
    old = made(people.lead, name="Máy ở phòng họp")
    assert people.visitor.get(old).status_code == 200
    answer = people.lead.submit("/feeds/1/renew", page="/feeds")
    assert "Địa chỉ cũ đã hết hiệu lực" in answer.text
    assert people.visitor.get(old).status_code == 404
    assert "chưa dùng" in people.lead.get("/feeds").text
    assert events(people.visitor.get(address(answer)))
    assert "chưa dùng" not in people.lead.get("/feeds").text
    assert people.partner.submit("/feeds/1/renew", page="/feeds").status_code == 404


def test_an_address_comes_with_a_picture_for_the_phone_and_a_button_to_copy_it(people):
    answer = people.lead.submit("/feeds", scope="person:1", locale="vi")
    assert "<svg" in answer.text.partition("quét bằng điện thoại")[2].partition("</p>")[0]
    assert answer.text.count('data-copy="Sao chép"') == 2
    assert '<meta name="referrer" content="no-referrer">' in answer.text


def test_services_on_the_net_are_offered_where_they_can_read_the_address_and_else_told_once_why_not(people, app):
    def shown(base_url):
        at_address(app, base_url)
        answer = people.lead.submit("/feeds", scope="plan:1", locale="vi")
        buttons = re.findall(r"<(a|button) [^>]*?>Thêm vào (?:Google Lịch|Outlook)</", answer.text)
        return buttons, re.findall(r'id="no-https">([^<]*)', answer.text)

    assert shown("https://theo-doi.example.vn") == (["a", "a"], [])
    for base_url, reason in (
        ("http://127.0.0.1:8000", "chỉ mở được trên chính máy này"),
        ("http://xa", "trong cùng mạng"),
    ):
        buttons, reasons = shown(base_url)
        assert buttons == ["button", "button"]
        assert [reason in each for each in reasons] == [True]


def test_the_address_stands_before_the_picture_and_the_picture_before_the_steps(people):
    text = people.lead.submit("/feeds", scope="plan:1", locale="vi").text
    places = [
        text.index(each) for each in ('id="https-address"', 'class="phone-code"', "Quét hình", "Google Lịch</dt>")
    ]
    assert places == sorted(places)


def test_people_list_end_and_replace_their_own_subscriptions(people):
    first = made(people.lead, name="Máy ở phòng họp")
    page = people.lead.get("/feeds").text
    assert "Máy ở phòng họp" in page
    assert "chưa dùng" in page
    assert "Máy ở phòng họp" not in people.partner.get("/feeds").text
    assert people.partner.submit("/feeds/1/revoke", page="/feeds").status_code == 404
    assert people.visitor.get(first).status_code == 200
    for _ in range(2):
        assert people.lead.submit("/feeds/1/revoke", page="/feeds").status_code == 303
    assert people.visitor.get(first).status_code == 404
    assert "Máy ở phòng họp" not in people.lead.get("/feeds").text
    assert people.visitor.get(made(people.lead)).status_code == 200


@pytest.mark.parametrize(
    ("who", "scope", "status", "word"),
    [
        ("lead", f"unit:{SCHOOL}", 403, "chỉ đăng ký được lịch"),
        ("lead", "person:2", 403, "chỉ đăng ký được lịch"),
        ("member", "person:5", 422, "chưa thuộc đơn vị nào"),
        ("monitor", "unit:99", 404, "Không tìm thấy kế hoạch hay đơn vị"),
        ("lead", "plan:2", 404, "Không tìm thấy kế hoạch hay đơn vị"),
        ("lead", "gì đó", 422, "Hãy chọn lịch"),
    ],
)
def test_what_a_person_may_not_have_is_refused_in_words(people, who, scope, status, word):
    answer = getattr(people, who).submit("/feeds", scope=scope, locale="vi")
    assert answer.status_code == status
    assert word in answer.text


def test_a_form_filled_in_wrongly_comes_back_with_what_was_typed(people):
    answer = people.lead.submit("/feeds", scope="plan:1", locale="fr", name="Tên tôi đặt")
    assert answer.status_code == 422
    assert "Hãy chọn ngôn ngữ" in answer.text
    assert "Tên tôi đặt" in answer.text
    assert people.lead.submit("/feeds", scope="plan:1", locale="vi", name="x" * 121).status_code == 422


def test_overseers_choose_among_all_units_and_others_see_their_own(people):
    def offered(client):
        return set(re.findall(r'<option value="([^"]+:\d+)"', client.get("/feeds").text))

    levels = {"holidays:1"} | {f"level:{place}" for place in range(1, 5)}
    assert offered(people.lead) == levels | {"person:1", "unit:1", "unit-lead:1", "plan:1"}
    assert offered(people.member) == levels | {"plan:1"}
    assert offered(people.leader) == levels | {"plan:1"} | {
        f"{kind}:{n}" for kind in ("unit", "unit-lead") for n in (1, 2, 3)
    }


def test_who_has_as_many_as_may_be_is_shown_no_form(people):
    for _ in range(MOST_SUBSCRIPTIONS):
        made(people.lead)
    page = people.lead.get("/feeds").text
    assert "(20/20)" in page
    assert 'name="scope"' not in page
    answer = people.lead.submit("/feeds", scope="plan:1", locale="vi")
    assert answer.status_code == 422
    assert "số tối đa" in answer.text
    people.lead.submit("/feeds/1/revoke", page="/feeds")
    assert made(people.lead)


def test_the_page_takes_at_most_ten_queries(people, app):
    made(people.lead)
    with app.app_context(), count_queries(db.engine) as statements:
        assert people.lead.get("/feeds").status_code == 200
    assert len([text for text in statements if not text.startswith(("BEGIN", "PRAGMA"))]) <= 10
