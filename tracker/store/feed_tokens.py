"""What a secret address opens: asked at every poll of every calendar, so in one query that costs little."""

from datetime import date
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect

from tracker.domain.access import oversees
from tracker.domain.feeds import OF_UNITS, Admitted, ScopeKind, may_subscribe
from tracker.domain.people import Person, Role
from tracker.domain.saved_views import may_see
from tracker.store import feed_views, saved_views
from tracker.store.database import db, session
from tracker.store.feed_events import OF_ALL, key_of
from tracker.store.subscriptions import LIVE, subscription_of
from tracker.store.tables import ActingRow, FeedScope, PersonRow, SubscriptionRow

_UNIT_SCOPE, _PERSON_SCOPE = sa.orm.aliased(FeedScope), sa.orm.aliased(FeedScope)
# Feeds that tell of each work as much as their owner may see.
BY_OWNER = OF_ALL


def _by_token() -> sa.Select[*tuple[Any, ...]]:
    """A live subscription with what is to be known of its owner, and when that one, or their unit, got other work."""
    acting = sa.exists().where(
        ActingRow.person_id == SubscriptionRow.person_id,
        sa.or_(*(SubscriptionRow.scope == key_of(kind, ActingRow.unit_id) for kind in OF_UNITS)),
        sa.or_(ActingRow.until_on.is_(None), ActingRow.until_on >= sa.bindparam("today", type_=sa.Date)),
    )
    of_filter = SubscriptionRow.scope.like(sa.literal_column(f"'{ScopeKind.VIEW}:%'", sa.String))
    return (
        LIVE.add_columns(
            PersonRow.role,
            PersonRow.unit_id,
            acting.label("acts"),
            _UNIT_SCOPE.changed_at.label("unit_changed_at"),
            _PERSON_SCOPE.changed_at.label("person_changed_at"),
            sa.case((of_filter, feed_views.times_of_plans())).label("plans_changed"),
        )
        .join(PersonRow, PersonRow.id == SubscriptionRow.person_id)
        .outerjoin(_UNIT_SCOPE, _UNIT_SCOPE.scope == key_of(ScopeKind.UNIT, PersonRow.unit_id))
        .outerjoin(_PERSON_SCOPE, _PERSON_SCOPE.scope == key_of(ScopeKind.PERSON, PersonRow.id))
        .where(SubscriptionRow.token_sha256 == sa.bindparam("token"), PersonRow.active)
    )


BY_TOKEN = _by_token()
# All that decides on an answer; its values are compared and never read, and so may stay as the driver has them.
_STATE = BY_TOKEN.with_only_columns(
    SubscriptionRow.token_sha256,
    SubscriptionRow.scope,
    FeedScope.changed_at,
    *BY_TOKEN.selected_columns[-6:],
)


@lru_cache(maxsize=4)
def _for_driver(dialect: Dialect) -> tuple[str, tuple[str, ...] | None]:
    compiled = _STATE.compile(dialect=dialect)
    return str(compiled), tuple(compiled.positiontup) if compiled.positiontup else None


def state(token_sha256: str, today: date) -> tuple[Any, ...] | None:
    """What the answer to a token hangs on, as values of the driver: while they are the same, so is what it opens.

    1 query, by unique indexes alone, asked of the driver itself, which takes a sixth of the work. None where the token
    opens nothing.
    """
    text, places = _for_driver(db.engine.dialect)
    given = {"token": token_sha256, "today": today.isoformat()}
    connection = db.engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute(text, tuple(given[place] for place in places) if places else given)
        row = cursor.fetchone()
        cursor.close()
    finally:
        connection.close()
    return tuple(row) if row else None


def admitted(token_sha256: str, today: date) -> Admitted | None:
    """What the token opens: a live subscription of an open account to what its owner may have on `today`.

    1 query, 3 for the calendar of a saved filter.
    """
    row = session().execute(BY_TOKEN, {"token": token_sha256, "today": today}).first()
    if row is None:
        return None
    found = subscription_of(row)
    owner = Person(found.person_id, "", "", Role(row.role), row.unit_id, None, None, found.locale, active=True)
    if not (row.acts and found.scope.kind in OF_UNITS) and not may_subscribe(owner, found.scope):
        return None
    times = [row.changed_at]
    if found.scope.kind is ScopeKind.VIEW:
        view = saved_views.one(found.scope.id)
        if view is None or not may_see(owner, view):
            return None
        times += [each for each in (feed_views.plans_changed_at(),) if each]
    if found.scope.kind in BY_OWNER:
        times += [each for each in (row.unit_changed_at, row.person_changed_at) if each]
    version = (row.changed_at, row.plans_changed, row.unit_changed_at)
    return Admitted(found, row.unit_id, oversees(owner), version, max(times))
