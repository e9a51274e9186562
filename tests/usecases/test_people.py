"""Accounts: added, signed in, changed, closed."""

import pytest
from flask import Flask

from tests.support.worlds import NOW, PASSWORD
from tracker.adapters import passwords
from tracker.domain.errors import NotFound, Refused
from tracker.domain.people import Role
from tracker.store import people as stored
from tracker.store.database import transaction
from tracker.usecases import people

SECRET = "mật khẩu rất dài"


def test_a_person_is_added_signs_in_and_leaves(world: Flask, cheap_hashes: None) -> None:
    with world.app_context():
        added = people.add_person(
            "Ha.Le@Example.org", "Lê Thị Hà", Role.MEMBER, "phong-noi-vu", now=NOW, password=SECRET
        )
        assert (added.email, added.unit_name, added.locale) == ("ha.le@example.org", "Phòng Nội vụ", "vi")
        found = people.sign_in(" HA.LE@example.org ", SECRET)
        assert found
        assert found.person == added
        assert people.sign_in("ha.le@example.org", SECRET + "x") is None
        people.change_own_password(added, SECRET, "mật khẩu khác hẳn", now=NOW)
        assert people.sign_in("ha.le@example.org", SECRET) is None
        people.choose_locale(added, "en")
        people.set_active("ha.le@example.org", False, now=NOW)
        left = stored.by_email("ha.le@example.org")
        assert left
        assert (left.person.active, left.person.locale) == (False, "en")
        assert people.sign_in("ha.le@example.org", "mật khẩu khác hẳn") is None


BAD = [
    ("không phải", "A", Role.MEMBER, "phong-noi-vu", None, "“không phải” không phải địa chỉ thư điện tử"),
    ("lead@example.org", "A", Role.MEMBER, "phong-noi-vu", None, "lead@example.org đã có tài khoản"),
    ("a@example.org", "  ", Role.MEMBER, "phong-noi-vu", None, "Hãy ghi họ tên"),
    ("a@example.org", "A", Role.HEAD, None, None, "cần một đơn vị"),
    ("a@example.org", "A", Role.HEAD, "phong-la", None, "Không có đơn vị với mã “phong-la”"),
    ("a@example.org", "A", Role.LEADER, None, "ngắn", "ít nhất 10 ký tự"),
    ("a@example.org", "A", Role.LEADER, None, "x" * 201, "dài quá 200 ký tự"),
    ("a@example.org", "A", Role.LEADER, None, PASSWORD, "mật khẩu công khai của bản minh họa"),
]


def test_bad_accounts_are_refused_in_words(world: Flask) -> None:
    with world.app_context():
        before = stored.everyone()
        for email, name, role, unit, password, reason in BAD:
            with pytest.raises(Refused) as refused:
                people.add_person(email, name, role, unit, now=NOW, password=password)
            assert reason in refused.value.text()
        assert stored.everyone() == before


def test_the_public_password_opens_the_demonstration_alone(world: Flask) -> None:
    with world.app_context():
        assert people.sign_in("lead@example.org", PASSWORD, demo=True)
        assert people.sign_in("lead@example.org", PASSWORD) is None


def test_an_account_without_a_password_waits(world: Flask, cheap_hashes: None) -> None:
    with world.app_context():
        people.add_person("a@example.org", "A", Role.LEADER, None, now=NOW)
        assert people.sign_in("a@example.org", "") is None
        people.set_password("a@example.org", SECRET, now=NOW)
        assert people.sign_in("a@example.org", SECRET)
        with pytest.raises(NotFound, match=r"Không có tài khoản với địa chỉ b@example\.org"):
            people.set_password("b@example.org", SECRET, now=NOW)


def test_an_old_hash_is_renewed_when_its_owner_signs_in(world: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with world.app_context():
        lead = stored.by_email("lead@example.org")
        assert lead
        with monkeypatch.context() as weak:
            weak.setattr(passwords, "_hasher", passwords.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
            with transaction():
                stored.set_password(lead.person.id, passwords.hash_password(SECRET))
        assert people.sign_in("lead@example.org", SECRET)
        renewed = stored.by_email("lead@example.org")
        assert renewed
        assert passwords.verify(renewed.password_hash, SECRET) == (True, False)
