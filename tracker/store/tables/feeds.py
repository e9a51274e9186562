"""Calendar subscriptions, and when each scope last changed."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from tracker.store.database import Base


class SubscriptionRow(Base):
    """One secret address of one person. Only the token's SHA-256 is kept."""

    __tablename__ = "subscription"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    token_sha256: Mapped[str] = mapped_column(sa.String(64), unique=True)
    scope: Mapped[str] = mapped_column(sa.ForeignKey("feed_scope.scope"))
    locale: Mapped[str] = mapped_column(sa.String(5), default="vi")
    options: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    last_client: Mapped[str] = mapped_column(sa.String(200), default="")


class FeedScope(Base):
    """When what a scope shows last changed; only ever moves forward, also on removals and renames.

    `scope` is a kind and an id, such as plan:1 or unit-lead:12.
    """

    __tablename__ = "feed_scope"

    scope: Mapped[str] = mapped_column(sa.String(60), primary_key=True)
    changed_at: Mapped[datetime]
