"""What people do to their calendar subscriptions: make, renew and end them; and noting that one is used."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from tracker.domain.errors import NotFound, Refused
from tracker.domain.feeds import (
    MAX_NAME,
    MOST_SUBSCRIPTIONS,
    OF_UNITS,
    FeedOptions,
    Scope,
    ScopeKind,
    Use,
    ask_to_subscribe,
    may_subscribe,
    token_sha256,
)
from tracker.domain.people import Person
from tracker.domain.saved_views import SavedView, ask_to_see, in_calendar
from tracker.domain.texts import one_line, shorten
from tracker.domain.words import N_
from tracker.store import acting, feeds, saved_views, subscriptions
from tracker.store.database import transaction
from tracker.store.history import record_change

TOKEN_OCTETS = 32
MOST_OF_CLIENT = 200
NONE_OF_THEIRS = N_("Không tìm thấy lịch đăng ký này trong danh sách của bạn. Hãy tải lại trang Đăng ký lịch.")

NO_CALENDAR = N_(
    "Bộ lọc này không làm được lịch: lịch lấy theo đơn vị, cấp, tháng hoặc từ khóa của danh sách kế hoạch, không theo "
    "tình trạng. Hãy chọn lịch khác."
)


@dataclass(frozen=True, slots=True)
class Secret:
    """A new subscription with its token, which is told this once and kept nowhere."""

    subscription_id: int
    token: str


def subscribe(person: Person, scope: Scope, name: str, locale: str, options: FeedOptions, now: datetime) -> Secret:
    """Make a subscription of `person` to `scope`, called `name`, in the language `locale`.

    Raises Forbidden where the scope is not the person's to have, NotFound where there is none or the filter is somebody
    else's alone, Refused where it could show nothing, the name is too long, or the person has as many as are allowed.
    """
    ask_to_subscribe(person, scope)
    if scope.kind is ScopeKind.VIEW and in_calendar(ask_to_see(person, saved_views.one(scope.id))) is None:
        raise Refused(NO_CALENDAR)
    if feeds.name_of(scope) is None:
        raise NotFound(N_("Không tìm thấy kế hoạch hay đơn vị để làm lịch. Hãy tải lại trang Đăng ký lịch."))
    name = one_line(name)
    if len(name) > MAX_NAME:
        raise Refused(N_("Tên lịch dài quá %(most)s ký tự; hãy rút gọn."), most=MAX_NAME)
    token, digest = _new_token()
    with transaction():
        subscriptions.lock_owner(person.id)
        if len(subscriptions.of_person(person.id)) >= MOST_SUBSCRIPTIONS:
            raise Refused(
                N_("Bạn đã có %(most)s lịch đăng ký, là số tối đa. Hãy ngừng một lịch không dùng nữa rồi tạo lại."),
                most=MOST_SUBSCRIPTIONS,
            )
        subscription_id = subscriptions.add(person.id, scope, name, digest, locale, options, now)
        record_change(
            "subscription.made",
            "subscription",
            subscription_id,
            now=now,
            person=person,
            label="" if scope.kind is ScopeKind.PERSON else name,
            fields={"scope": (None, scope.key)},
        )
    return Secret(subscription_id, token)


def _new_token() -> tuple[str, str]:
    """A token, and the SHA-256 by which it is kept."""
    token = secrets.token_urlsafe(TOKEN_OCTETS)
    digest = token_sha256(token)
    assert digest is not None
    return token, digest


def renew(person: Person, subscription_id: int, now: datetime) -> Secret:
    """Give one of the person's own subscriptions a new token; the old one opens nothing from then on.

    Raises NotFound where it is none of theirs or was ended.
    """
    token, digest = _new_token()
    with transaction():
        if not subscriptions.renew(subscription_id, person.id, digest):
            raise NotFound(NONE_OF_THEIRS)
        record_change("subscription.renewed", "subscription", subscription_id, now=now, person=person)
    return Secret(subscription_id, token)


def end_lost(person: Person, now: datetime, by: Person | None) -> None:
    """End what the person may not have any more: everything where the account is closed, calendars of a unit they left.

    A unit for which they act stays open to them while they do. Belongs into the transaction of the change.
    """
    acted = {each.place.unit_id for each in acting.of_person(person.id)} if person.active else set()
    for each in subscriptions.of_person(person.id):
        kept = may_subscribe(person, each.scope) or (each.scope.kind in OF_UNITS and each.scope.id in acted)
        if not kept and subscriptions.revoke(each.id, person.id, now):
            record_change("subscription.revoked", "subscription", each.id, now=now, person=by)


def follow_view(view: SavedView, now: datetime, by: Person, *, gone: bool = False) -> None:
    """Tell the calendars of a saved filter that it is as `view` from now on, and end those that may not be any more.

    That is everybody's where it is gone, and everybody's but its owner's where it is not shared. Belongs into the
    transaction of the change.
    """
    scope = Scope(ScopeKind.VIEW, view.id)
    for each in subscriptions.of_scope(scope):
        kept = not gone and (view.shared or each.person_id == view.owner_id)
        if not kept and subscriptions.revoke(each.id, each.person_id, now):
            record_change("subscription.revoked", "subscription", each.id, now=now, person=by)
    feeds.touch_scopes({scope.key}, now)


def revoke(person: Person, subscription_id: int, now: datetime) -> None:
    """End one of the person's own subscriptions for good; NotFound where it is none of theirs."""
    with transaction():
        if not subscriptions.revoke(subscription_id, person.id, now):
            raise NotFound(NONE_OF_THEIRS)
        record_change("subscription.revoked", "subscription", subscription_id, now=now, person=person)


def note_uses(uses: Mapping[int, Use]) -> None:
    """Remember, by the id of the subscription, when and by what feeds were fetched."""
    told = {number: Use(shorten(one_line(use.client), MOST_OF_CLIENT), use.at) for number, use in uses.items()}
    with transaction():
        subscriptions.note_uses(told)
