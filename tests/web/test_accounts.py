"""Signing in and out, the language, one's own password, and the administrator's pages."""

import re
from dataclasses import replace

import pytest
from flask import Flask

from tests.support.newcomer import EMAIL, SECRET
from tracker.store import people as stored
from tracker.web.paths import local_path

# Pages whose questions to the database are asked on both kinds elsewhere.
pytestmark = [pytest.mark.one_database, pytest.mark.usefixtures("cheap_hashes")]

OTHER = "một câu khác còn dài hơn"
WRONG = "Thư điện tử hoặc mật khẩu không đúng."


def test_a_person_signs_in_goes_where_they_were_led_from_and_signs_out(clients, can_bo):
    visitor = clients.visitor
    led = visitor.get("/plans/1?q=điện")
    assert led.status_code == 302
    form = visitor.get(led.location)
    wanted = re.findall(r'name="next" value="([^"]+)"', form.text)[-1]
    answer = visitor.submit("/sign-in", email=f"  {EMAIL.upper()} ", password=SECRET, next=wanted)
    assert answer.status_code == 303
    assert visitor.get(answer.location).status_code == 200
    assert "Ngô Cán Bộ" in visitor.get("/account").text
    assert visitor.get("/sign-in").status_code == 302
    assert visitor.submit("/sign-out", page="/account").status_code == 303
    assert "Đã đăng xuất." in visitor.get("/sign-in").text
    assert visitor.get("/account").status_code == 302


WRONG_PAIRS = (
    (EMAIL, "một câu dài dễ quên"),
    ("khong.ai@example.org", SECRET),
    (EMAIL, ""),
    ("", ""),
    ("x\0y@example.org", SECRET),
    ("a" * 4000 + "@example.org", SECRET),
    ("monitor@example.org", "tracker-demo"),  # the demonstration's public password opens nothing elsewhere
)


def test_a_wrong_pair_gets_the_same_words_whoever_it_was_and_keeps_the_address(clients, can_bo):
    for email, password in WRONG_PAIRS:
        answer = clients.visitor.submit("/sign-in", email=email, password=password)
        assert answer.status_code == 422, email
        assert WRONG in answer.text
        kept = email.replace("\0", "")
        assert f'value="{kept}"' in answer.text
        assert password == "" or password not in answer.text
        assert clients.visitor.get("/account").status_code == 302


def test_a_closed_account_opens_no_more_and_its_sessions_end(world, clients, can_bo):
    visitor = clients.visitor
    visitor.submit("/sign-in", email=EMAIL, password=SECRET)
    admin = clients.admin
    answer = admin.submit(f"/admin/people/{can_bo.id}/close", page=f"/admin/people/{can_bo.id}/close")
    assert "Đã đóng tài khoản can.bo@example.org" in admin.get(answer.location).text
    assert visitor.get("/account").status_code == 302
    assert WRONG in visitor.submit("/sign-in", email=EMAIL, password=SECRET).text
    admin.submit(f"/admin/people/{can_bo.id}/open", page=f"/admin/people/{can_bo.id}")
    assert visitor.submit("/sign-in", email=EMAIL, password=SECRET).status_code == 303


def test_after_ten_failures_an_account_rests_and_the_page_says_so(clients, can_bo):
    for _ in range(10):
        assert clients.visitor.submit("/sign-in", email=EMAIL, password="sai").status_code == 422
    answer = clients.visitor.submit("/sign-in", email=EMAIL, password=SECRET)
    assert answer.status_code == 429
    assert "Quá nhiều lần thử" in answer.text
    assert "Hãy chờ mười phút rồi thử lại." in answer.text
    assert clients.visitor.submit("/sign-in", email="ai.khac@example.org", password="sai").status_code == 422


LED_TO = (
    ("/plans/1?q=b", "/plans/1?q=b"),
    ("/tasks/3", "/tasks/3"),
    ("", "/"),
    ("plans", "/"),
    ("//elsewhere.test/", "/"),
    ("https://elsewhere.test/", "/"),
    ("/\\elsewhere.test", "/"),
    ("/\t/elsewhere.test", "/"),
    ("javascript:alert(1)", "/"),
)


def test_nobody_is_led_to_another_host():
    with Flask("a_door").test_request_context("/sign-in"):
        for wanted, leads_to in LED_TO:
            assert local_path(wanted) == leads_to


def test_the_language_is_kept_for_the_visitor_and_for_the_person(world, clients, can_bo):
    visitor = clients.visitor
    assert '<html lang="vi">' in visitor.get("/sign-in").text
    assert visitor.submit("/language", page="/sign-in", locale="en", next="/sign-in").location == "/sign-in"
    assert '<html lang="en">' in visitor.get("/sign-in").text
    visitor.submit("/sign-in", email=EMAIL, password=SECRET)
    assert '<html lang="vi">' in visitor.get("/account").text
    visitor.submit("/language", page="/account", locale="en", next="/account")
    assert '<html lang="en">' in visitor.get("/account").text
    with world.app_context():
        assert stored.by_email(EMAIL).person.locale == "en"
    refused = visitor.submit("/language", page="/account", locale="fr")
    assert refused.status_code == 400
    assert '<html lang="en">' in visitor.get("/account").text


def test_the_language_button_on_an_error_page_leads_back_to_a_page(clients):
    refused = clients.monitor.submit("/account/password", page="/account", old_password="a", new_password="b")
    assert refused.status_code == 422
    assert re.search(r'name="next" value="/"', refused.text)


REFUSED_PASSWORDS = (
    ("sai rồi nhé", OTHER, OTHER, "Mật khẩu hiện tại không đúng."),
    (SECRET, "ngắn", "ngắn", "Mật khẩu phải có ít nhất 10 ký tự."),
    (SECRET, OTHER, OTHER + "!", "Hai lần nhập mật khẩu mới không giống nhau"),
)


def test_a_password_is_not_changed_without_a_reason_being_told(clients, can_bo):
    visitor = clients.visitor
    visitor.submit("/sign-in", email=EMAIL, password=SECRET)
    for old, new, again, sentence in REFUSED_PASSWORDS:
        fields = {"old_password": old, "new_password": new, "new_password_again": again}
        answer = visitor.submit("/account/password", page="/account", **fields)
        assert answer.status_code == 422, sentence
        assert sentence in answer.text
        assert OTHER not in answer.text
    visitor.submit("/sign-out", page="/account")
    assert visitor.submit("/sign-in", email=EMAIL, password=SECRET).status_code == 303


def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(world, clients, can_bo):
    here, elsewhere = clients.visitor, world.test_client()
    for client in (here, elsewhere):
        client.submit("/sign-in", email=EMAIL, password=SECRET)
    fields = {"old_password": SECRET, "new_password": OTHER, "new_password_again": OTHER}
    answer = here.submit("/account/password", page="/account", **fields)
    assert "Đã đổi mật khẩu." in here.get(answer.location).text
    assert elsewhere.get("/account").status_code == 302
    assert WRONG in elsewhere.submit("/sign-in", email=EMAIL, password=SECRET).text
    assert elsewhere.submit("/sign-in", email=EMAIL, password=OTHER).status_code == 303


def test_the_administrator_adds_a_person_and_sets_the_password_later(world, clients):
    admin, fields = clients.admin, {"email": EMAIL, "name": "Ngô Cán Bộ", "role": "member", "unit": "phong-tckh"}
    answer = admin.submit("/admin/people", page="/admin/", **fields)
    assert "Đã thêm tài khoản can.bo@example.org." in answer.text
    assert "Đường dẫn chỉ hiện một lần." in answer.text
    page = admin.get("/admin/").text
    assert "7/7 tài khoản đang mở." in page
    assert WRONG in clients.visitor.submit("/sign-in", email=EMAIL, password="").text
    with world.app_context():
        person_id = stored.by_email(EMAIL).person.id
    admin.submit(f"/admin/people/{person_id}/password", page=f"/admin/people/{person_id}", password=SECRET)
    assert clients.visitor.submit("/sign-in", email=EMAIL, password=SECRET).status_code == 303


REFUSED_PEOPLE = (
    ({"email": "không phải thư"}, "“không phải thư” không phải địa chỉ thư điện tử."),
    ({"email": "monitor@example.org"}, "Địa chỉ monitor@example.org đã có tài khoản."),
    ({"name": "  "}, "Hãy ghi họ tên của người dùng."),
    ({"role": "vua"}, "Hãy chọn một vai trò trong danh sách."),
    ({"unit": ""}, "cần một đơn vị"),
    ({"password": "ngắn"}, "Mật khẩu phải có ít nhất 10 ký tự."),
)


def test_a_person_who_cannot_be_added_stays_in_the_form_with_the_reason(clients):
    for change, sentence in REFUSED_PEOPLE:
        fields = {"email": EMAIL, "name": "Ngô Cán Bộ", "role": "member", "unit": "phong-tckh", **change}
        answer = clients.admin.submit("/admin/people", page="/admin/", **fields)
        assert answer.status_code == 422, sentence
        assert sentence in answer.text
        assert f'value="{fields["email"]}"' in answer.text
        assert "6/6 tài khoản đang mở." in answer.text


def test_an_administrator_neither_closes_their_own_account_nor_finds_one_that_is_not(world, clients):
    admin = clients.admin
    with world.app_context():
        own = stored.by_email("admin@example.org").person.id
    answer = admin.submit(f"/admin/people/{own}/close", page="/admin/")
    assert answer.status_code == 422
    assert "Bạn không tự đóng tài khoản của mình được" in answer.text
    assert admin.get("/admin/people/999").status_code == 404


def test_the_demonstration_shows_its_accounts_and_the_real_thing_does_not(clients, world):
    assert "tracker-demo" not in clients.visitor.get("/sign-in").text
    world.extensions["tracker"] = replace(world.extensions["tracker"], demo=True)
    page = clients.visitor.get("/sign-in").text
    assert "Bản minh họa" in page
    assert "tracker-demo" in page
    answer = clients.visitor.submit("/sign-in", email="leader@example.org", password="tracker-demo")
    assert answer.status_code == 303
