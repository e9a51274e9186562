"""Who subscribes to which feed. Tokens are known here by their SHA-256 alone."""

from datetime import datetime

import sqlalchemy as sa

from tracker.domain.feeds import FeedOptions, Scope, Subscription
from tracker.domain.people import Person
from tracker.store import feeds
from tracker.store.database import session
from tracker.store.people import PEOPLE, person_of
from tracker.store.tables import FeedScope, MilestoneRow, PersonRow, ShareRow, SubscriptionRow

_LIVE = (
    sa.select(SubscriptionRow, FeedScope.changed_at)
    .join(FeedScope, FeedScope.scope == SubscriptionRow.scope)
    .where(SubscriptionRow.revoked_at.is_(None))
)


def _subscription(row: sa.Row[SubscriptionRow, datetime]) -> Subscription:
    found, scope_changed_at = row
    return Subscription(
        id=found.id,
        person_id=found.person_id,
        name=found.name,
        scope=Scope.from_key(found.scope),
        locale=found.locale,
        options=FeedOptions(alarms=bool(found.options.get("alarms"))),
        created_at=found.created_at,
        last_used_at=found.last_used_at,
        last_client=found.last_client,
        scope_changed_at=scope_changed_at,
    )


def by_token(token_sha256: str) -> Subscription | None:
    """The live subscription of an open account behind a token. 1 query, by a unique index."""
    owned = _LIVE.join(PersonRow, PersonRow.id == SubscriptionRow.person_id)
    query = owned.where(SubscriptionRow.token_sha256 == token_sha256, PersonRow.active)
    row = session().execute(query).first()
    return _subscription(row) if row else None


def owner_and_tasks(person_id: int) -> tuple[Person, frozenset[int]]:
    """Whose a subscription is, and the tasks in which their unit takes part. 1 query."""
    part = sa.select(ShareRow.unit_id, MilestoneRow.task_id).join(
        MilestoneRow, MilestoneRow.id == ShareRow.milestone_id
    )
    theirs = part.subquery()
    query = PEOPLE.add_columns(theirs.c.task_id).outerjoin(theirs, theirs.c.unit_id == PersonRow.unit_id)
    rows = session().execute(query.where(PersonRow.id == person_id)).all()
    return person_of(rows[0]), frozenset(row[-1] for row in rows if row[-1] is not None)


def of_person(person_id: int) -> list[Subscription]:
    """A person's live subscriptions, the oldest first. 1 query."""
    query = _LIVE.where(SubscriptionRow.person_id == person_id).order_by(SubscriptionRow.id)
    return [_subscription(row) for row in session().execute(query)]


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
        options={"alarms": options.alarms},
        created_at=now,
    )
    session().add(row)
    session().flush()
    return row.id


def lock_owner(person_id: int) -> None:
    """Let no other transaction of this person count subscriptions until this one ends."""
    session().execute(sa.select(PersonRow.id).where(PersonRow.id == person_id).with_for_update())


def revoke(subscription_id: int, person_id: int, now: datetime) -> bool:
    """End a subscription of that person; False where there is none. Ending it twice keeps the first time."""
    own = sa.and_(SubscriptionRow.id == subscription_id, SubscriptionRow.person_id == person_id)
    ended_at = sa.func.coalesce(SubscriptionRow.revoked_at, sa.bindparam("now", now, SubscriptionRow.revoked_at.type))
    ended = sa.update(SubscriptionRow).where(own).values(revoked_at=ended_at).returning(SubscriptionRow.id)
    return session().scalar(ended) is not None


def note_use(subscription_id: int, client: str, now: datetime) -> None:
    """Remember when and by what a feed was fetched."""
    used = {"last_used_at": now, "last_client": client}
    session().execute(sa.update(SubscriptionRow).where(SubscriptionRow.id == subscription_id).values(used))
