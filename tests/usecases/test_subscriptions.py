"""Making, ending and using subscriptions, on both databases."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.support.feeds import FINANCE, store_small_plan
from tracker.domain.errors import Forbidden, NotFound, Refused
from tracker.domain.feeds import MOST_SUBSCRIPTIONS, FeedOptions, Scope, ScopeKind, token_sha256
from tracker.store import feed_tokens, people
from tracker.store import subscriptions as stored
from tracker.usecases import subscriptions

NOW = datetime(2024, 12, 16, 1, 0, tzinfo=UTC)
PLAN = Scope(ScopeKind.PLAN, 1)


@pytest.fixture
def lead(app):
    """The head of the finance division, inside an application context."""
    with app.app_context():
        store_small_plan()
        yield people.by_email("lead@example.org").person


def subscribe(person, scope=PLAN, name="Tên"):
    return subscriptions.subscribe(person, scope, name, "vi", FeedOptions(), NOW)


def behind(secret):
    found = feed_tokens.admitted(token_sha256(secret.token), NOW.date())
    return found.subscription if found else None


def test_a_subscription_is_found_by_its_token_until_it_is_ended(lead):
    first, second = subscribe(lead, name=" Điện \n thoại\x00 "), subscribe(lead)
    assert first.token != second.token
    assert (behind(first).name, behind(first).scope, behind(first).scope_changed_at) == ("Điện thoại", PLAN, NOW)
    subscriptions.revoke(lead, first.subscription_id, NOW)
    assert behind(first) is None
    assert behind(second).id == second.subscription_id
    assert [each.id for each in stored.of_person(lead.id)] == [second.subscription_id]


def test_nobody_ends_what_is_not_theirs(lead):
    secret, partner = subscribe(lead), people.by_email("partner@example.org").person
    for person, number in ((partner, secret.subscription_id), (lead, 99)):
        with pytest.raises(NotFound):
            subscriptions.revoke(person, number, NOW)
    assert behind(secret)


def test_what_may_not_be_had_is_refused_and_nothing_is_written(lead):
    for scope, name, error in (
        (Scope(ScopeKind.UNIT, FINANCE + 1), "", Forbidden),
        (Scope(ScopeKind.PLAN, 99), "", NotFound),
        (PLAN, "x" * 121, Refused),
    ):
        with pytest.raises(error):
            subscribe(lead, scope, name)
    assert stored.of_person(lead.id) == []


def test_a_person_has_at_most_twenty(lead):
    made = [subscribe(lead) for _ in range(MOST_SUBSCRIPTIONS)]
    with pytest.raises(Refused, match="số tối đa"):
        subscribe(lead)
    subscriptions.revoke(lead, made[0].subscription_id, NOW)
    assert behind(subscribe(lead))


def test_a_use_is_noted_once_an_hour_with_the_name_of_the_client(lead):
    secret = subscribe(lead)
    for client, after, wanted in (
        ("Thunderbird\r\n/1", 0, ("Thunderbird /1", 0)),
        ("iOS", 59, ("Thunderbird /1", 0)),
        ("iOS " + "x" * 300, 60, ("iOS " + "x" * 195 + "…", 60)),
    ):
        subscriptions.note_use(behind(secret), client, NOW + timedelta(minutes=after))
        found = behind(secret)
        assert (found.last_client, found.last_used_at) == (wanted[0], NOW + timedelta(minutes=wanted[1]))
