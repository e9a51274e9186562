"""The rules of reminders on their page: who reads and keeps them, what each would send, two editors at once."""

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import sqlalchemy as sa

from tests.support.office import tick_at
from tracker.domain.changes import in_words
from tracker.store import reminder_rules
from tracker.store.database import db
from tracker.store.tables import ChangeEntry

PAGE = "/settings/reminders"
# Seven days before the due date, to those who do it: the form as the page has it.
WEEK = {"event": "due", "days": "7", "side": "before", "to": ["doers", "partners"], "active": "1"}
NEW = WEEK | {"days": "5"}


@pytest.fixture(autouse=True)
def short_rehearsal(monkeypatch):
    """Ten days before today and as many from today on are rehearsed, as more would be."""
    monkeypatch.setattr("tracker.usecases.reminder_rules.SPAN", timedelta(days=10))


def rule(world, code: str):
    with world.app_context():
        found = reminder_rules.by_code().get(code)
        db.session.remove()
    return found


def seen(client, code: str) -> str:
    """What the form of a rule says of the rule on which it was opened."""
    found = re.search(r'name="seen" value="(\w+)"', client.get(f"{PAGE}/{code}").text)
    assert found
    return found[1]


def token_on(client, page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(page).text)
    assert found
    return found[1]


def send(client, code: str = "", **fields):
    """Sends the form of a rule, or of a new one; the field `seen` is that of the rule as it is now."""
    page = f"{PAGE}/{code}" if code else f"{PAGE}/new"
    known = {"seen": seen(client, code)} if code else {}
    return client.submit(page, page, **known | fields)


def history(world) -> list[tuple[str, str, str, str, str]]:
    with world.app_context():
        query = sa.select(ChangeEntry).where(ChangeEntry.object_kind == "reminder_rule").order_by(ChangeEntry.id)
        found = [
            (each.what, each.label, each.field, in_words(each.old), in_words(each.new))
            for each in db.session.scalars(query)
        ]
        db.session.remove()
    return found


def test_who_follows_the_work_reads_the_rules_in_words_and_monitors_and_administrators_change_them(clients):
    for reader in (clients.monitor, clients.admin, clients.leader):
        page = reader.get(PAGE).text
        assert "Quá hạn từ 1 ngày, nhắc lại mỗi 7 ngày" in page
        assert "người thực hiện của đơn vị chủ trì" in page
        assert "mặt trận" in page
    assert "Thêm quy tắc" not in clients.leader.get(PAGE).text
    assert "Lưu" not in clients.leader.get(f"{PAGE}/overdue").text
    assert clients.lead.get(PAGE).status_code == 403
    assert clients.leader.submit(f"{PAGE}/new", "/plans/1", **NEW).status_code == 403
    assert send(clients.admin, **NEW).status_code == 303


def test_each_rule_tells_how_often_it_would_have_spoken_and_will(clients, monkeypatch):
    monkeypatch.setattr("tracker.usecases.reminder_rules.SPAN", timedelta(days=30))
    page = clients.monitor.get(PAGE).text
    row = re.search(r'/settings/reminders/before-7".*?</tr>', page, re.S)
    assert row
    past, coming = re.findall(r'<td data-label="30[^>]*>(\d+)</td>', row[0])
    shown = clients.monitor.get(f"{PAGE}/before-7").text
    assert f"lẽ ra đã nhắc {past} lần" in shown
    assert f"sẽ nhắc {coming} lần" in shown
    assert int(past) > 0


def test_the_weekly_page_is_rehearsed_by_its_weeks_as_it_goes(world, clients):
    def counted() -> list[str]:
        row = re.search(r'/settings/reminders/weekly".*?</tr>', clients.monitor.get(PAGE).text, re.S)
        assert row
        return re.findall(r'<td data-label="30[^>]*>(\d+)</td>', row[0])

    assert counted() == ["1", "2"]  # the ninth; the sixteenth and the twenty-third
    shown = clients.monitor.get(f"{PAGE}/weekly").text
    assert "lẽ ra đã nhắc 1 lần" in shown
    assert "09/12/2024" in shown
    assert "Trang tình hình các kế hoạch" in shown
    with world.app_context():
        tick_at(world, "2024-12-16T08:00")
        db.session.remove()
    assert counted() == ["1", "1"]


def test_of_very_many_shares_the_newest_are_rehearsed_and_both_pages_say_so(clients, monkeypatch):
    whole = clients.monitor.get(f"{PAGE}/overdue").text
    assert "phần việc mới nhất" not in whole
    monkeypatch.setattr("tracker.usecases.reminder_rules.MOST_SHARES", 40)
    for page in (PAGE, f"{PAGE}/overdue"):
        assert "chỉ tính 40 phần việc mới nhất" in clients.monitor.get(page).text


def test_what_was_told_already_is_not_told_again_in_the_days_to_come(world, clients):
    count = re.compile(r"sẽ nhắc (\d+) lần")
    before = count.search(clients.monitor.get(f"{PAGE}/overdue").text)
    with world.app_context():
        assert tick_at(world, "2024-12-16T08:00").planned
        db.session.remove()
    after = count.search(clients.monitor.get(f"{PAGE}/overdue").text)
    assert before
    assert after
    assert int(after[1]) < int(before[1])


def test_a_change_is_shown_by_day_recipient_and_task_before_it_is_saved(world, clients):
    sent = send(clients.monitor, "before-7", do="preview", **WEEK | {"days": "10"})
    assert sent.status_code == 303
    assert "csrf_token" not in parse_qs(urlsplit(sent.location).query)
    shown = clients.monitor.get(sent.location)
    assert "Chưa lưu" in shown.text
    assert "Còn 10 ngày đến hạn" in shown.text
    assert re.search(r'\d\d/\d\d/\d{4}</td>\s*<th scope="row">\w.+?</th>.+?href="/tasks/\d+"', shown.text, re.S)
    assert rule(world, "before-7").days == 7
    kept = clients.monitor.submit(
        f"{PAGE}/before-7", sent.location, **WEEK | {"days": "10", "seen": seen(clients.monitor, "before-7")}
    )
    assert kept.status_code == 303
    assert rule(world, "before-7").days == 10
    assert "Đã lưu quy tắc “Còn 10 ngày đến hạn”" in clients.monitor.get(PAGE).text


@pytest.mark.long
def test_a_new_rule_speaks_with_the_next_tick_and_goes_again_only_before_it_spoke(world, clients):
    assert send(clients.monitor, **NEW).status_code == 303
    own = next(code for code in codes(world) if code.startswith("own-"))
    assert "Còn 5 ngày đến hạn" in clients.monitor.get(PAGE).text
    known = seen(clients.monitor, own)
    gone = clients.monitor.submit(f"{PAGE}/{own}/remove", f"{PAGE}/{own}", seen=known)
    assert gone.status_code == 303
    assert own not in codes(world)
    assert send(clients.monitor, **NEW | {"days": "20", "name": "Hai mươi ngày"}).status_code == 303
    own = next(code for code in codes(world) if code.startswith("own-"))
    with world.app_context():
        told = {item["rule"] for each in tick_at(world, "2024-12-16T08:00").messages for item in each["items"]}
        db.session.remove()
    assert own in told
    refused = clients.monitor.submit(f"{PAGE}/{own}/remove", f"{PAGE}/{own}", seen=seen(clients.monitor, own))
    assert refused.status_code == 422
    assert "không xóa được; hãy tắt quy tắc" in refused.text
    assert own in codes(world)


def codes(world) -> list[str]:
    with world.app_context():
        found = list(reminder_rules.by_code())
        db.session.remove()
    return found


def test_a_rule_of_the_program_is_switched_off_and_on_and_never_removed(world, clients):
    known = seen(clients.monitor, "overdue")
    refused = clients.monitor.submit(f"{PAGE}/overdue/remove", f"{PAGE}/overdue", seen=known)
    assert refused.status_code == 422
    assert "Quy tắc có sẵn" in refused.text
    off = clients.monitor.submit(f"{PAGE}/overdue/switch", PAGE, active="0")
    assert off.status_code == 303
    assert "Đã tắt quy tắc" in clients.monitor.get(PAGE).text
    with world.app_context():
        told = {item["rule"] for each in tick_at(world, "2024-12-16T08:00").messages for item in each["items"]}
        db.session.remove()
    assert "overdue" not in told
    clients.monitor.submit(f"{PAGE}/overdue/switch", PAGE, active="1")
    with world.app_context():
        told = {item["rule"] for each in tick_at(world, "2024-12-17T08:00").messages for item in each["items"]}
        db.session.remove()
    assert "overdue" in told


def test_the_history_tells_from_what_to_what_in_words(world, clients):
    send(clients.monitor, "overdue", **WEEK | {"days": "2", "side": "after", "every": "5", "to": ["doers"]})
    clients.monitor.submit(f"{PAGE}/overdue/switch", PAGE, active="0")
    assert history(world) == [
        (
            "rule.changed",
            "Quá hạn từ 2 ngày",
            "speaks",
            "Quá hạn từ 1 ngày, nhắc lại mỗi 7 ngày",
            "Quá hạn từ 2 ngày, nhắc lại mỗi 5 ngày",
        ),
        ("rule.changed", "Quá hạn từ 2 ngày", "except_kinds", "front, mass-organisation", ""),
        ("rule.changed", "Quá hạn từ 2 ngày", "in_use", "✓", "✗"),
    ]
    shown = clients.monitor.get("/history?kind=reminder_rule").text
    assert "Sửa quy tắc nhắc việc" in shown
    assert "nhắc lại mỗi 5 ngày" in shown


@pytest.mark.long
def test_of_two_who_edit_at_once_the_second_is_told_and_keeps_what_was_typed(world, clients):
    opened = seen(clients.admin, "before-7")
    assert send(clients.monitor, "before-7", **WEEK | {"days": "8"}).status_code == 303
    second = clients.admin.submit(f"{PAGE}/before-7", f"{PAGE}/before-7", **WEEK | {"days": "9", "seen": opened})
    assert second.status_code == 409
    assert "Người khác vừa sửa quy tắc này" in second.text
    assert "Còn 8 ngày đến hạn" in second.text
    assert 'name="days" value="9"' in second.text
    assert rule(world, "before-7").days == 8
    anew = re.search(r'name="seen" value="(\w+)"', second.text)
    assert anew
    again = clients.admin.submit(f"{PAGE}/before-7", f"{PAGE}/before-7", **WEEK | {"days": "9", "seen": anew[1]})
    assert again.status_code == 303
    assert rule(world, "before-7").days == 9


@pytest.mark.long
def test_the_same_form_sent_twice_changes_nothing_the_second_time(world, clients):
    opened = seen(clients.monitor, "before-7")
    fields = WEEK | {"days": "8", "seen": opened}
    for _ in range(2):
        assert clients.monitor.submit(f"{PAGE}/before-7", f"{PAGE}/before-7", **fields).status_code == 303
    assert len([line for line in history(world) if line[2] == "speaks"]) == 1


REFUSED = (
    ({"days": "366"}, "Số ngày phải từ 0 đến 365"),
    ({"days": "bảy"}, "Ô “Số ngày”: “bảy” không phải số nguyên"),
    ({"days": ""}, "Ô “Số ngày” còn trống"),
    ({"to": []}, "ít nhất một nơi nhận"),
    ({"to": ["everybody"]}, "trong danh sách"),
    ({"event": "birthday"}, "trong danh sách"),
    ({"except_kind": ["x"]}, "loại đơn vị trong danh sách"),
    ({"every": "7"}, "Chỉ nhắc lặp lại được sau ngày đó"),
    ({"side": "after", "to": ["partners"]}, "không bị nhắc quá hạn"),
    ({"name": "x" * 201}, "Tên quy tắc dài quá"),
)


def test_what_is_refused_stays_in_the_form(world, clients):
    page = f"{PAGE}/before-7"
    known = {"seen": seen(clients.monitor, "before-7"), "csrf_token": token_on(clients.monitor, page)}
    for number, (changed, says) in enumerate(REFUSED):
        fields = WEEK | {"name": "Tuần cuối"} | changed
        for do in ("save", "preview") if number == 0 else ("save",):
            answer = clients.monitor.post(page, data=known | fields | {"do": do})
            assert answer.status_code == 422
            assert says in answer.text
            assert fields["name"] in answer.text
    assert rule(world, "before-7").days == 7


def test_a_rule_that_is_none_and_an_address_that_asks_for_nonsense_are_told_in_words(clients):
    assert clients.monitor.get(f"{PAGE}/khong-co").status_code == 404
    assert clients.monitor.get(f"{PAGE}/overdue?event=x").status_code == 422
    assert clients.monitor.get(f"{PAGE}/overdue/switch").status_code == 302
    assert clients.leader.get(f"{PAGE}/new").status_code == 403


def test_in_english_the_rules_speak_english(clients):
    clients.monitor.submit("/language", PAGE, locale="en", next=PAGE)
    page = clients.monitor.get(PAGE).text
    assert "Overdue" in page
    assert "Quá hạn từ" not in page
