"""Everybody chooses how they are reminded; what is refused keeps what was typed and says how to mend it."""

from datetime import date, timedelta

import pytest

from tests.support.office import tick_at
from tests.support.worlds import NOW
from tracker.adapters.bell import BellChannel
from tracker.domain.people import Role
from tracker.domain.preferences import EVERY_DAY, Pause, Preference
from tracker.domain.reminder_rules import Group
from tracker.store import people, preferences, units
from tracker.store.database import db, transaction

pytestmark = pytest.mark.one_database

PAGE = "/account/reminders"
FORM = {
    "hour": "9",
    "weekday": ["1", "3"],
    "channel": ["bell"],
    "told": [each.value for each in Group if each is not Group.SOON],
    "pause_from": "",
    "pause_until": "",
    "stand_in": "",
}


@pytest.fixture
def colleague(world):
    """The id of a second person of the lead's unit."""
    with world.app_context(), transaction():
        unit_id = units.ids_by_code()["phong-tckh"]
        return people.add("member@example.org", "Bùi Cán Bộ", Role.MEMBER, unit_id, "", "vi", NOW)


def chosen(world, who="lead"):
    with world.app_context():
        found = preferences.of_person(people.by_email(f"{who}@example.org").person.id)
        db.session.remove()
    return found


def test_what_is_chosen_is_kept_once_and_stands_in_the_history(world, clients, colleague):
    assert f'<a href="{PAGE}">' in clients.lead.get("/account").text
    away = {"pause_from": "2024-12-23", "pause_until": "2025-01-03", "stand_in": str(colleague)}
    for _ in range(2):
        assert clients.lead.submit(PAGE, **FORM).status_code == 303
    assert chosen(world) == Preference(9, frozenset({1, 3}), frozenset({"bell"}), frozenset({Group.SOON}))
    clients.lead.submit(PAGE, **{**FORM, **away})
    assert chosen(world).pause == Pause(date(2024, 12, 23), date(2025, 1, 3), colleague)
    page = clients.lead.get(PAGE).text
    assert "Tạm dừng từ 23/12/2024 đến hết 03/01/2025." in page
    assert f'<option value="{colleague}" selected>Bùi Cán Bộ</option>' in page
    assert 'value="soon" aria' not in page
    assert clients.admin.get("/history").text.count("Chọn cách được nhắc việc") == 2


REFUSED = [
    ({"hour": "6"}, "Giờ nhận thư phải từ 7 đến 20 giờ."),
    ({"hour": "x"}, "Giờ nhận thư phải từ 7 đến 20 giờ."),
    ({"weekday": ["6", "7"]}, "Hãy chọn ít nhất một ngày từ thứ Hai đến thứ Sáu."),
    ({"weekday": ["1", "8"]}, "Hãy chọn ít nhất một ngày từ thứ Hai đến thứ Sáu."),
    ({"channel": []}, "Hãy chọn ít nhất một cách nhận"),
    ({"channel": ["webhook"]}, "Hãy chọn ít nhất một cách nhận"),
    ({"channel": ["mail", "webhook"]}, "Hãy chọn ít nhất một cách nhận"),
    ({"pause_from": "2024-12-23"}, "Muốn tạm dừng thì ghi cả ngày đầu và ngày cuối"),
    ({"stand_in": "1"}, "Muốn tạm dừng thì ghi cả ngày đầu và ngày cuối"),
    ({"pause_from": "23/13/2024"}, "Ô “Tạm dừng từ ngày”: “23/13/2024” không phải một ngày."),
    ({"pause_from": "2024-12-23", "pause_until": "2024-12-20"}, "Ngày cuối của thời gian tạm dừng"),
    ({"pause_from": "2024-12-01", "pause_until": "2024-12-02"}, "Thời gian tạm dừng đã qua"),
    ({"pause_from": "2024-12-23", "pause_until": "2026-12-23"}, "Chỉ tạm dừng nhiều nhất một năm."),
    ({"pause_from": "2024-12-23", "pause_until": "2024-12-27", "stand_in": "1"}, "Người nhận thay phải là người khác"),
    ({"pause_from": "2024-12-23", "pause_until": "2024-12-27", "stand_in": "x"}, "Người nhận thay phải là người khác"),
]


@pytest.mark.parametrize(("change", "said"), REFUSED, ids=[str(each[0]) for each in REFUSED])
def test_what_would_silence_somebody_is_refused_and_what_was_typed_stays(world, clients, change, said):
    answer = clients.lead.submit(PAGE, **{**FORM, **change})
    assert answer.status_code == 422
    assert said in answer.text
    assert 'id="told-soon" name="told" value="soon">' in answer.text
    for name in ("pause_from", "pause_until"):
        assert f'value="{change.get(name, "")}"' in answer.text
    assert chosen(world) == Preference()


def test_a_webhook_is_offered_where_the_installation_has_one(world, clients):
    assert "webhook" not in clients.lead.get(PAGE).text
    world.extensions["tracker_channels"] = lambda: {"webhook": BellChannel()}
    assert 'value="webhook"' in clients.lead.get(PAGE).text
    assert clients.lead.submit(PAGE, **{**FORM, "channel": ["mail", "webhook"]}).status_code == 303
    assert chosen(world).channels == {"mail", "webhook"}


def test_the_page_tells_when_the_next_digest_may_come_and_what_cannot_be_switched_off(world, clients, colleague):
    assert "bản nhắc kế tiếp đến ngay trong hôm nay" in clients.lead.get(PAGE).text
    clients.lead.submit(PAGE, **{**FORM, "weekday": ["3"]})
    assert "kế tiếp đến vào Thứ Tư, 18/12/2024 09:00" in clients.lead.get(PAGE).text
    clients.lead.submit(PAGE, **{**FORM, "pause_from": "2024-12-16", "pause_until": "2024-12-25"})
    page = clients.lead.get(PAGE).text
    assert "kế tiếp đến vào Thứ Hai, 30/12/2024 09:00" in page
    assert "việc quá hạn vẫn báo bằng thư" in page
    assert "Hiện đơn vị chỉ có ông/bà nhận nhắc việc." not in page
    assert "Hiện đơn vị chỉ có ông/bà nhận nhắc việc." in clients.partner.get(PAGE).text
    with world.app_context():
        told = {message["to"].partition("@")[0] for message in tick_at(world, "2024-12-16T08:00").messages}
    assert "kế tiếp đến vào Thứ Ba, 17/12/2024 07:00" in getattr(clients, told.pop()).get(PAGE).text


def test_the_weekly_page_is_a_choice_of_leaders_and_stays_what_it_was_for_others(world, clients):
    assert 'value="weekly"' not in clients.lead.get(PAGE).text
    assert 'value="weekly"' in clients.leader.get(PAGE).text
    told = [each for each in FORM["told"] if each != "weekly"]
    clients.leader.submit(PAGE, **{**FORM, "told": told})
    assert chosen(world, "leader").muted == {Group.SOON, Group.WEEKLY}
    clients.lead.submit(PAGE, **{**FORM, "weekday": [str(each) for each in EVERY_DAY], "told": told})
    assert chosen(world).muted == {Group.SOON}


def test_a_pause_hands_the_work_to_a_colleague(world, clients, colleague):
    pause = {"pause_from": "2024-12-16", "pause_until": "2024-12-20", "stand_in": str(colleague)}
    assert clients.lead.submit(PAGE, **{**FORM, **pause}).status_code == 303
    with world.app_context():
        assert preferences.of_person(colleague) == Preference()
        found = [each.id for each in preferences.stand_ins(colleague)]
        assert found == [people.by_email("lead@example.org").person.id]
        assert chosen(world).paused_on(NOW.date() + timedelta(days=1))
