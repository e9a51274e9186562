"""Who subscribes to which feed. Tokens are known here by their SHA-256 alone."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from tracker.domain.feeds import FeedOptions, Scope, Subscription, Use, options_of
from tracker.store import feeds
from tracker.store.database import session
from tracker.store.tables import FeedScope, MilestoneRow, PersonRow, ShareRow, SubscriptionRow

COLUMNS = (
    SubscriptionRow.id,
    SubscriptionRow.person_id,
    SubscriptionRow.name,
    SubscriptionRow.scope,
    SubscriptionRow.locale,
    SubscriptionRow.options,
    SubscriptionRow.created_at,
    SubscriptionRow.last_used_at,
    SubscriptionRow.last_client,
    FeedScope.changed_at,
)
LIVE = (
    sa.select(*COLUMNS)
    .join(FeedScope, FeedScope.scope == SubscriptionRow.scope)
    .where(SubscriptionRow.revoked_at.is_(None))
)


def subscription_of(row: Any) -> Subscription:
    """The subscription of a row of LIVE."""
    return Subscription(
        id=row.id,
        person_id=row.person_id,
        name=row.name,
        scope=Scope.from_key(row.scope),
        locale=row.locale,
        options=options_of(row.options),
        created_at=row.created_at,
        last_used_at=row.last_used_at,
        last_client=row.last_client,
        scope_changed_at=row.changed_at,
    )


def tasks_of_unit(unit_id: int | None) -> frozenset[int]:
    """The tasks in which a unit takes part, or once did. 1 query."""
    query = sa.select(MilestoneRow.task_id).join(ShareRow, ShareRow.milestone_id == MilestoneRow.id)
    return frozenset(session().scalars(query.where(ShareRow.unit_id == unit_id).distinct()))


def of_person(person_id: int) -> list[Subscription]:
    """A person's live subscriptions, the oldest first. 1 query."""
    query = LIVE.where(SubscriptionRow.person_id == person_id).order_by(SubscriptionRow.id)
    return [subscription_of(row) for row in session().execute(query)]


def of_scope(scope: Scope) -> list[Subscription]:
    """Everybody's live subscriptions to that scope. 1 query."""
    query = LIVE.where(SubscriptionRow.scope == scope.key).order_by(SubscriptionRow.id)
    return [subscription_of(row) for row in session().execute(query)]


def add(
    person_id: int, scope: Scope, name: str, token_sha256: str, locale: str, options: FeedOptions, now: datetime
) -> int:
    """Add a subscription and return its id."""
    feeds.open_scopes([scope.key], now)
    row = SubscriptionRow(
        person_id=person_id,
        scope=scope.key,
        name=name,
        token_sha256=token_sha256,
        locale=locale,
        options=asdict(options),
        created_at=now,
    )
    session().add(row)
    session().flush()
    return row.id


def lock_owner(person_id: int) -> None:
    """Let no other transaction of this person count subscriptions until this one ends."""
    session().execute(sa.select(PersonRow.id).where(PersonRow.id == person_id).with_for_update())


def renew(subscription_id: int, person_id: int, token_sha256: str) -> Subscription | None:
    """Give a live subscription of that person another token, and return it; None where there is none."""
    own = sa.and_(SubscriptionRow.id == subscription_id, SubscriptionRow.person_id == person_id)
    unused = {"token_sha256": token_sha256, "last_used_at": None, "last_client": ""}
    session().execute(sa.update(SubscriptionRow).where(own, SubscriptionRow.revoked_at.is_(None)).values(unused))
    row = session().execute(LIVE.where(own)).first()
    return subscription_of(row) if row else None


def revoke(subscription_id: int, person_id: int, now: datetime) -> bool:
    """End a subscription of that person; False where there is none. Ending it twice keeps the first time."""
    own = sa.and_(SubscriptionRow.id == subscription_id, SubscriptionRow.person_id == person_id)
    ended_at = sa.func.coalesce(SubscriptionRow.revoked_at, sa.bindparam("now", now, SubscriptionRow.revoked_at.type))
    ended = sa.update(SubscriptionRow).where(own).values(revoked_at=ended_at).returning(SubscriptionRow.id)
    return session().scalar(ended) is not None


def note_uses(uses: Mapping[int, Use]) -> None:
    """Remember when and by what feeds were fetched, by the id of the subscription. 1 statement."""
    rows = [{"id": number, "last_used_at": use.at, "last_client": use.client} for number, use in sorted(uses.items())]
    session().execute(sa.update(SubscriptionRow), rows)
