"""Sessions listed and ended by their owner; guessing locks strangers out and not the owner."""

import re
import statistics
import time
from datetime import timedelta

import pytest
from argon2 import PasswordHasher

from tests.support.newcomer import EMAIL, SECRET
from tests.support.queries import count_queries
from tests.support.worlds import NOW
from tracker.adapters import passwords
from tracker.domain.people import Role
from tracker.store import people as stored
from tracker.store.database import db
from tracker.usecases import people
from tracker.web.limits import limiter

pytestmark = [pytest.mark.one_database, pytest.mark.usefixtures("cheap_hashes")]

WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36"
PHONE = "Mozilla/5.0 (Linux; Android 14; SM-A546E) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36"


def timed(work) -> float:
    """Milliseconds of work of this process, all its threads together: what else the machine does is left out."""
    start = time.process_time()
    work()
    return (time.process_time() - start) * 1000


def enter(client, agent: str = WINDOWS, address: str = "203.0.113.77"):
    client.environ_base.update(HTTP_USER_AGENT=agent, REMOTE_ADDR=address)
    assert client.submit("/sign-in", email=EMAIL, password=SECRET).status_code == 303
    return client


def test_sessions_are_listed_with_device_and_network_and_ended_one_by_one(world, clients, can_bo, clock):
    desk, phone = enter(clients.visitor), enter(world.test_client(), PHONE, "2001:db8:1:2:3::4")
    page = desk.get("/account").text
    assert "Chrome, Windows" in page
    assert "Chrome, Android" in page
    assert "203.0.113.0/24" in page
    assert "2001:db8:1::/48" in page
    assert "203.0.113.77" not in page
    others = re.findall(r'name="session" value="([^"]+)"', page)
    assert len(others) == 1, "a session cannot be ended from itself by this list"
    answer = desk.submit("/account/sessions/end", page="/account", session=others[0])
    assert "Phiên đăng nhập đó đã kết thúc." in desk.get(answer.location).text
    assert phone.get("/account").status_code == 302
    enter(phone, PHONE)
    desk.submit("/account/sessions/end-others", page="/account")
    assert phone.get("/account").status_code == 302
    assert desk.get("/account").status_code == 200
    told = clients.admin.get(f"/history?person={can_bo.id}").text
    assert told.count("Kết thúc một phiên đăng nhập") == 1
    assert told.count("Kết thúc mọi phiên đăng nhập khác") == 1


def test_nobody_ends_the_session_of_another(world, clients, can_bo):
    theirs = enter(world.test_client())
    clients.lead.submit("/account/sessions/end", page="/account", session="of-monitor")
    assert clients.monitor.get("/account").status_code == 200
    own = clients.lead.submit("/account/sessions/end", page="/account", session="of-lead")
    assert own.status_code == 422
    assert "Đây là phiên bạn đang dùng" in own.text
    assert theirs.get("/account").status_code == 200


def test_a_cookie_from_before_signing_out_opens_nothing(world, clients, can_bo):
    client = enter(clients.visitor)
    kept = client.get_cookie("session").value
    client.submit("/sign-out", page="/account")
    client.set_cookie("session", kept)
    assert client.get("/account").status_code == 302


def test_the_use_of_a_session_is_written_down_once_an_hour_at_most(world, clients, can_bo, clock):
    client = enter(clients.visitor)
    with world.app_context():
        engine = db.engine

    def written() -> int:
        with count_queries(engine) as statements:
            assert client.get("/account").status_code == 200
        return sum(statement.startswith("UPDATE") for statement in statements)

    assert written() == 0
    clock.move(clock.now() + timedelta(minutes=61))
    assert [written(), written()] == [2, 0]


@pytest.mark.parametrize("guesses", [60, pytest.param(1000, marks=pytest.mark.long)])
def test_a_thousand_guesses_lock_strangers_out_and_not_the_owner(world, clients, can_bo, guesses):
    owner = enter(world.test_client())
    owner.submit("/sign-out", page="/account")
    page = clients.visitor.get("/sign-in").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
    codes = []
    for n in range(guesses):
        form = {"csrf_token": token, "email": EMAIL, "password": f"sai {n}"}
        place = {"REMOTE_ADDR": f"198.51.{n % 250}.{n // 250}"}  # a stranger with many addresses
        codes.append(clients.visitor.post("/sign-in", data=form, environ_base=place).status_code)
    assert codes == [422] * 10 + [429] * (guesses - 10)
    right = {"csrf_token": token, "email": EMAIL, "password": SECRET}
    assert clients.visitor.post("/sign-in", data=right).status_code == 429
    assert owner.submit("/sign-in", email=EMAIL, password=SECRET).status_code == 303


def test_a_known_device_has_ten_tries_of_its_own_and_for_its_own_account_alone(world, clients, can_bo):
    owner = enter(world.test_client())
    owner.submit("/sign-out", page="/account")
    for _ in range(10):
        assert owner.submit("/sign-in", email=EMAIL, password="sai").status_code == 422
    assert owner.submit("/sign-in", email=EMAIL, password=SECRET).status_code == 429
    assert clients.visitor.submit("/sign-in", email=EMAIL, password=SECRET).status_code == 303
    forged = world.test_client()
    forged.set_cookie("device", owner.get_cookie("device").value[:-4] + "AAAA")
    for _ in range(10):
        assert forged.submit("/sign-in", email="lead@example.org", password="sai").status_code == 422
    assert owner.submit("/sign-in", email="lead@example.org", password="sai").status_code == 429


def test_the_device_cookie_is_kept_from_scripts_and_names_nobody(clients, can_bo):
    answer = clients.visitor.submit("/sign-in", email=EMAIL, password=SECRET)
    cookie = next(each for each in answer.headers.getlist("Set-Cookie") if each.startswith("device="))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "can.bo" not in cookie


def test_an_unknown_address_costs_the_same_argon2_work(world, can_bo, monkeypatch):
    verified = []
    real = passwords._hasher

    class Counting:
        hash = real.hash
        check_needs_rehash = real.check_needs_rehash

        def verify(self, password_hash, password):
            verified.append(password_hash.split("$")[1:4])
            return real.verify(password_hash, password)

    monkeypatch.setattr(passwords, "_hasher", Counting())
    passwords._nobodys_hash.cache_clear()
    with world.app_context():
        assert people.sign_in(EMAIL, "sai") is None
        assert people.sign_in("khong.ai@example.org", "sai") is None
        stored.by_email(EMAIL)
    passwords._nobodys_hash.cache_clear()
    assert len(verified) == 2
    assert verified[0] == verified[1]


def test_known_and_unknown_addresses_get_the_same_words(clients, can_bo):
    answers = [clients.visitor.submit("/sign-in", email=each, password="sai rồi nhé") for each in (EMAIL, "bo@can.vn")]
    assert {answer.status_code for answer in answers} == {422}
    assert len({re.sub(r'value="[^"]*"', "", answer.text) for answer in answers}) == 1


@pytest.mark.long
def test_known_and_unknown_addresses_get_the_same_words_in_the_same_time(world, clients, monkeypatch):
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher())  # the real work
    passwords._nobodys_hash.cache_clear()
    with world.app_context():
        people.add_person(EMAIL, "Ngô Cán Bộ", Role.MEMBER, "phong-tckh", now=NOW, password=SECRET)
    monkeypatch.setattr(limiter, "enabled", False)
    times, words = {"known": [], "unknown": []}, set()
    token = re.search(r'name="csrf_token" value="([^"]+)"', clients.visitor.get("/sign-in").text)[1]
    addresses = {"known": EMAIL, "unknown": "bo.can@example.org"}

    def guess(email: str) -> None:
        form = {"csrf_token": token, "email": email, "password": "sai rồi nhé"}
        answer = clients.visitor.post("/sign-in", data=form)
        words.add(re.sub(r'value="[^"]*"', "", answer.text))
        assert answer.status_code == 422

    for number in range(61):
        for kind, email in addresses.items():
            taken = timed(lambda email=email: guess(email))
            times[kind] += [taken] if number else []  # the first makes nobody's hash
    passwords._nobodys_hash.cache_clear()
    assert len(words) == 1
    known, unknown = (statistics.median(each) for each in times.values())
    noise = max(statistics.stdev(each) for each in times.values())
    assert abs(known - unknown) < max(noise, known / 10), (known, unknown, noise)
