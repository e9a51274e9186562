"""Passwords."""

import pytest

from tracker.adapters import passwords


def test_a_password_fits_its_own_hash_alone() -> None:
    kept = passwords.hash_password("mật khẩu rất dài")
    assert kept.startswith("$argon2id$")
    assert passwords.verify(kept, "mật khẩu rất dài") == (True, False)
    assert passwords.verify(kept, "mật khẩu rất dàI") == (False, False)
    assert passwords.verify("not a hash", "mật khẩu rất dài") == (False, False)


def test_an_unknown_person_costs_a_whole_verification(monkeypatch: pytest.MonkeyPatch) -> None:
    nobody, asked = passwords._nobodys_hash(), []

    class Agreeable:
        def verify(self, kept: str, _password: str) -> bool:
            asked.append(kept)
            return True

    monkeypatch.setattr(passwords, "_hasher", Agreeable())
    assert passwords.verify("", "nobody has this password") == (False, False)
    assert asked == [nobody]
