"""Scopes, who may have them, and the secret's shape."""

from datetime import UTC, datetime, timedelta

import pytest

from tracker.domain.errors import Forbidden, Refused
from tracker.domain.feeds import (
    FeedOptions,
    Scope,
    ScopeKind,
    Subscription,
    ask_to_subscribe,
    feed_addresses,
    may_subscribe,
    token_sha256,
)
from tracker.domain.people import Person, Role

NOW = datetime(2024, 12, 16, 1, tzinfo=UTC)


def someone(role=Role.MEMBER, unit_id=7, active=True):
    return Person(1, "a@example.org", "A", role, unit_id, None, None, "vi", active)


@pytest.mark.parametrize("kind", list(ScopeKind))
def test_a_scope_and_its_key_tell_the_same(kind):
    assert Scope.from_key(Scope(kind, 1).key) == Scope(kind, 1)
    assert Scope.from_key("unit:12") == Scope(ScopeKind.UNIT, 12)


@pytest.mark.parametrize(
    "key",
    [
        "",
        "plan",
        "plan:",
        "plan:0",
        "plan:x",
        "plan:-1",
        "plan:١",
        "plan:1 ",
        "level:5",
        "holidays:2",
        "tier:1",
        "plan:" + "9" * 30,
    ],
)
def test_what_is_no_scope_is_told(key):
    with pytest.raises(ValueError, match=r"scope|ScopeKind"):
        Scope.from_key(key)


@pytest.mark.parametrize(
    ("person", "kind", "number", "allowed"),
    [
        (someone(), ScopeKind.PLAN, 3, True),
        (someone(), ScopeKind.UNIT, 7, True),
        (someone(), ScopeKind.UNIT_LEAD, 7, True),
        (someone(), ScopeKind.UNIT, 8, False),
        (someone(), ScopeKind.UNIT_LEAD, 8, False),
        (someone(Role.HEAD), ScopeKind.UNIT, 8, False),
        (someone(unit_id=None), ScopeKind.UNIT, 8, False),
        *((someone(role), ScopeKind.UNIT, 8, True) for role in (Role.MONITOR, Role.LEADER, Role.ADMINISTRATOR)),
        (someone(), ScopeKind.PERSON, 1, True),
        *((someone(role), ScopeKind.PERSON, 2, False) for role in Role),
        *((someone(active=False), kind, 1, False) for kind in ScopeKind),
    ],
)
def test_who_may_have_which_feed(person, kind, number, allowed):
    assert may_subscribe(person, Scope(kind, number)) is allowed
    if not allowed:
        with pytest.raises(Forbidden):
            ask_to_subscribe(person, Scope(kind, number))


def test_own_work_needs_a_unit():
    with pytest.raises(Refused, match="chưa thuộc đơn vị nào"):
        ask_to_subscribe(someone(unit_id=None), Scope(ScopeKind.PERSON, 1))


@pytest.mark.parametrize("token", ["", "a" * 42, "a" * 44, "a" * 42 + "=", "a" * 42 + "\n", "ă" * 43])
def test_r26_only_what_looks_like_a_token_is_hashed(token):
    assert token_sha256(token) is None


def test_r26_a_token_is_kept_as_its_sha256():
    assert token_sha256("a" * 43) == "66d34fba71f8f450f7e45598853e53bfc23bbd129027cbb131a2f4ffd7878cd0"


def test_a_use_is_noted_once_an_hour():
    used = [None, NOW - timedelta(minutes=59), NOW - timedelta(hours=1)]
    made = [Subscription(1, 1, "", Scope(ScopeKind.PLAN, 1), "vi", FeedOptions(), NOW, at, "", NOW) for at in used]
    assert [each.use_is_news(NOW) for each in made] == [True, False, True]


def test_r30_an_address_is_offered_in_the_forms_that_calendars_take():
    found = feed_addresses("https://example.vn/x", "T_-1")
    assert found.https == "https://example.vn/x/feeds/T_-1.ics"
    assert found.webcal == "webcal://example.vn/x/feeds/T_-1.ics"
    assert found.google == (
        "https://calendar.google.com/calendar/render?cid=webcal%3A%2F%2Fexample.vn%2Fx%2Ffeeds%2FT_-1.ics"
    )
    assert found.outlook.endswith("/addfromweb?url=https%3A%2F%2Fexample.vn%2Fx%2Ffeeds%2FT_-1.ics")


@pytest.mark.parametrize(
    ("base", "encrypted", "here_only"),
    [
        ("https://theo-doi.example.vn", True, False),
        ("http://may-chu:8000", False, False),
        ("http://127.0.0.1:8000", False, True),
        ("http://[::1]:8000", False, True),
    ],
)
def test_an_address_tells_who_could_read_it(base, encrypted, here_only):
    found = feed_addresses(base, "T_-1")
    assert (found.encrypted, found.here_only) == (encrypted, here_only)
