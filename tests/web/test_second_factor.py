"""The second factor and the notice on personal data, as people meet them when they sign in."""

import base64
import re
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests.support.newcomer import EMAIL, SECRET
from tracker.adapters.sealing import Seal
from tracker.domain.privacy import NOTICE_VERSION
from tracker.domain.second_factor import code_of, step_of
from tracker.store.database import db
from tracker.store.tables import NoticeAcceptance, SecondFactor
from tracker.usecases import second_factors
from tracker.web.runtime import runtime

pytestmark = pytest.mark.usefixtures("cheap_hashes")

PAGE = "/account/second-factor"


def enter(client, password: str = SECRET):
    return client.submit("/sign-in", email=EMAIL, password=password)


def phone_of(world, clock):
    """The code that the phone shows now."""
    with world.app_context():
        kept = db.session.scalars(sa.select(SecondFactor)).one()
        secret = second_factors._opened(kept.person_id, kept.secret, runtime().seal)
    return code_of(base64.b32decode(secret), step_of(clock.now()))


def switch_on(world, client, clock) -> list[str]:
    refused = client.submit(f"{PAGE}/begin", page=PAGE, password="không phải")
    assert (refused.status_code, "<svg width=" in refused.text) == (422, False)
    shown = client.submit(f"{PAGE}/begin", page=PAGE, password=SECRET).text
    assert '<svg width="' in shown
    assert client.get(PAGE).text.count("<svg width=") == 1, "loading the page again shows the same picture"
    wrong = client.submit(f"{PAGE}/confirm", page=PAGE, code="000000")
    assert (wrong.status_code, "Mã không đúng" in wrong.text) == (422, True)
    done = client.submit(f"{PAGE}/confirm", page=PAGE, code=phone_of(world, clock))
    codes = re.findall(r"<li><code>([A-Z2-7-]{19})</code>", done.text)
    assert len(set(codes)) == 10
    assert "còn 10 mã" in client.get(PAGE).text
    assert codes[0] not in client.get(PAGE).text
    return codes


def test_with_the_second_factor_a_password_alone_opens_nothing(world, clients, can_bo, clock):
    visitor = clients.visitor
    enter(visitor)
    codes = switch_on(world, visitor, clock)
    visitor.submit("/sign-out", page="/account")
    half = enter(visitor)
    assert half.location == "/sign-in/code"
    assert visitor.get("/account").status_code == 302
    used = visitor.submit("/sign-in/code", code=phone_of(world, clock))
    assert (used.status_code, "Mã không đúng hoặc đã dùng." in used.text) == (422, True)
    clock.move(clock.now() + timedelta(seconds=30))
    assert visitor.submit("/sign-in/code", code=phone_of(world, clock)).status_code == 303
    assert visitor.get("/account").status_code == 200
    for code, status in ((codes[0].lower(), 303), (codes[0], 422), (codes[1], 303)):
        visitor.submit("/sign-out", page="/account") if visitor.get("/account").status_code == 200 else None
        enter(visitor)
        assert visitor.submit("/sign-in/code", code=code).status_code == status


def test_the_code_is_awaited_five_minutes_and_ten_times(world, clients, can_bo, clock):
    visitor = clients.visitor
    enter(visitor)
    switch_on(world, visitor, clock)
    visitor.submit("/sign-out", page="/account")
    enter(visitor)
    for _ in range(10):
        assert visitor.submit("/sign-in/code", code="123 456").status_code == 422
    assert visitor.submit("/sign-in/code", code="123456").status_code == 429
    enter(visitor)
    clock.move(clock.now() + timedelta(minutes=6))
    assert visitor.get("/sign-in/code").location == "/sign-in"


def test_it_is_switched_off_by_its_owner_with_a_code_or_by_the_administrator(world, clients, can_bo, clock):
    visitor = clients.visitor
    enter(visitor)
    codes = switch_on(world, visitor, clock)
    assert visitor.submit(f"{PAGE}/off", page=PAGE, code="000000").status_code == 422
    renewed = re.findall(
        r"<code>([A-Z2-7-]{19})</code>", visitor.submit(f"{PAGE}/codes", page=PAGE, code=codes[0]).text
    )
    assert set(renewed).isdisjoint(codes)
    assert visitor.submit(f"{PAGE}/off", page=PAGE, code=codes[1]).status_code == 422
    assert visitor.submit(f"{PAGE}/off", page=PAGE, code=renewed[0]).status_code == 303
    switch_on(world, visitor, clock)
    where = f"/admin/people/{can_bo.id}"
    answer = clients.admin.submit(f"{where}/second-factor-off", page=where)
    assert "Đã tắt xác thực hai bước" in clients.admin.get(answer.location).text
    visitor.submit("/sign-out", page="/account")
    assert enter(visitor).location != "/sign-in/code"


def kept_secret(world) -> str:
    with world.app_context():
        return db.session.scalars(sa.select(SecondFactor.secret)).one()


def test_a_secret_lies_sealed_and_one_from_before_counts_and_is_sealed_at_the_start(world, clients, can_bo, clock):
    visitor = clients.visitor
    enter(visitor)
    switch_on(world, visitor, clock)
    sealed = kept_secret(world)
    with world.app_context():
        seal = runtime().seal
        open_secret = second_factors._opened(can_bo.id, sealed, seal)
        assert open_secret not in sealed
        assert base64.b32decode(open_secret) not in base64.urlsafe_b64decode(sealed)
        assert second_factors._opened(can_bo.id + 1, sealed, seal) is None, "a secret counts for its owner alone"
        db.session.execute(sa.update(SecondFactor).values(secret=open_secret))
        db.session.commit()
    visitor.submit("/sign-out", page="/account")
    enter(visitor)
    clock.move(clock.now() + timedelta(seconds=30))
    with world.app_context():
        code = code_of(base64.b32decode(open_secret), step_of(clock.now()))
    assert visitor.submit("/sign-in/code", code=code).status_code == 303
    with world.app_context():
        assert (second_factors.seal_old(runtime().seal), second_factors.seal_old(runtime().seal)) == (1, 0)
    assert kept_secret(world) not in (open_secret, sealed)
    assert phone_of(world, clock) == code


def test_after_another_secret_key_a_recovery_code_opens_and_leads_to_a_new_phone(world, clients, can_bo, clock):
    visitor = clients.visitor
    enter(visitor)
    codes = switch_on(world, visitor, clock)
    code = phone_of(world, clock)
    visitor.submit("/sign-out", page="/account")
    world.extensions["tracker"] = replace(world.extensions["tracker"], seal=Seal("0" * 64))
    enter(visitor)
    refused = visitor.submit("/sign-in/code", code=code)
    assert (refused.status_code, "Khóa bí mật của máy chủ đã thay đổi" in refused.text) == (422, True)
    assert visitor.submit("/sign-in/code", code=codes[0]).status_code == 303
    assert "Hãy nhập một mã dự phòng, rồi tắt và bật lại" in visitor.get(PAGE).text
    assert visitor.submit(f"{PAGE}/off", page=PAGE, code=codes[1]).status_code == 303
    switch_on(world, visitor, clock)


def test_the_notice_comes_with_the_first_sign_in_and_no_more_once_it_was_read(world, clients, newcomer, clock):
    visitor = clients.visitor
    assert "Luật Bảo vệ dữ liệu cá nhân" in visitor.get("/privacy").text
    assert "Tôi đã đọc" not in visitor.get("/privacy").text
    led = visitor.submit("/sign-in", email=EMAIL, password=SECRET, next="/plans?q=a")
    assert led.location == "/privacy?next=%2Fplans%3Fq%3Da"
    page = visitor.get(led.location)
    assert "Tôi đã đọc" in page.text
    for path in ("/", "/my", "/account"):
        assert visitor.get(path).location.startswith("/privacy"), "nothing is opened before"
    read = visitor.submit("/privacy", page=led.location, next="/plans?q=a")
    assert read.location == "/plans?q=a"
    assert "đã đọc lúc 16/12/2024 08:00" in visitor.get("/account").text
    visitor.submit("/sign-out", page="/account")
    assert enter(visitor).location == "/"
    with world.app_context():
        kept = db.session.scalars(sa.select(NoticeAcceptance)).all()
        assert [(row.person_id, row.version, row.accepted_at) for row in kept] == [
            (newcomer.id, NOTICE_VERSION, clock.now())
        ]
