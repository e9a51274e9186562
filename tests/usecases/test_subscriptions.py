"""Making, ending and using subscriptions, on both databases."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.support.feeds import FINANCE, store_small_plan
from tracker.domain.errors import Forbidden, NotFound, Refused
from tracker.domain.feeds import MOST_SUBSCRIPTIONS, FeedOptions, Scope, ScopeKind, Use, token_sha256
from tracker.store import feed_tokens, people
from tracker.store import subscriptions as stored
from tracker.usecases import people as accounts
from tracker.usecases import subscriptions
from tracker.usecases.people import Correction

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


def test_uses_are_noted_with_the_name_of_the_client(lead):
    first, second = subscribe(lead), subscribe(lead)
    later = NOW + timedelta(minutes=60)
    subscriptions.note_uses({first.subscription_id: Use("Thunderbird\r\n/1", NOW)})
    assert (behind(first).last_client, behind(first).last_used_at) == ("Thunderbird /1", NOW)
    subscriptions.note_uses(
        {second.subscription_id: Use("iOS " + "x" * 300, later), first.subscription_id: Use("", later)}
    )
    assert (behind(second).last_client, behind(second).last_used_at) == ("iOS " + "x" * 195 + "…", later)
    assert behind(first).last_used_at == later


def test_a_renewed_one_keeps_its_place_and_its_old_address_is_dead_at_once(lead):
    secret = subscribe(lead)
    subscriptions.note_uses({secret.subscription_id: Use("iOS", NOW)})
    other = subscriptions.renew(lead, secret.subscription_id, NOW)
    assert behind(secret) is None
    assert (behind(other).id, behind(other).name, behind(other).last_used_at) == (secret.subscription_id, "Tên", None)
    subscriptions.revoke(lead, other.subscription_id, NOW)
    for person, number in ((people.by_email("partner@example.org").person, 1), (lead, 1), (lead, 99)):
        with pytest.raises(NotFound):
            subscriptions.renew(person, number, NOW)


def test_all_end_with_the_account_and_do_not_come_back_with_it(lead):
    secret = subscribe(lead)
    accounts.set_active(lead.email, False, now=NOW)
    assert behind(secret) is None
    accounts.set_active(lead.email, True, now=NOW)
    assert behind(secret) is None
    assert stored.of_person(lead.id) == []


def test_who_leaves_a_unit_loses_its_calendars_and_keeps_those_that_are_for_everybody(lead):
    kept, own = subscribe(lead), subscribe(lead, Scope(ScopeKind.PERSON, lead.id))
    lost = [subscribe(lead, Scope(kind, FINANCE)) for kind in (ScopeKind.UNIT, ScopeKind.UNIT_LEAD)]
    moved = Correction(lead.email, lead.name, lead.role, "truong-th-thanh-to")
    accounts.correct_person(lead, moved, now=NOW)
    assert [behind(each) for each in lost] == [None, None]
    assert behind(kept)
    assert behind(own)
    assert [each.id for each in stored.of_person(lead.id)] == [kept.subscription_id, own.subscription_id]
