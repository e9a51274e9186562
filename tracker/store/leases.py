"""Leases: who may act alone, and when it last did. The row's key makes the database the judge between processes."""

from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa

from tracker.store.database import session
from tracker.store.inserts import insert_if_new
from tracker.store.tables import Lease

SCHEDULER = "scheduler"
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """The state of a lease; times in UTC, `error` what stopped its last piece of work."""

    holder: str
    until: datetime
    last_tick_at: datetime | None
    error: str


def heartbeat(name: str = SCHEDULER) -> Heartbeat | None:
    """The lease as it stands, None where nobody ever held it."""
    query = sa.select(Lease.holder, Lease.until, Lease.last_tick_at, Lease.last_error).where(Lease.name == name)
    row = session().execute(query).first()
    return Heartbeat(*row) if row else None


def take(holder: str, now: datetime, until: datetime, name: str = SCHEDULER) -> bool:
    """Take or keep the lease until `until` and say whether it is ours; an expired one is anybody's."""
    insert_if_new(Lease, name=name, holder="", until=NEVER, last_error="")
    free = sa.or_(Lease.holder == holder, Lease.until < now)
    change = sa.update(Lease).where(Lease.name == name, free).values(holder=holder, until=until)
    return _changed_one(change)


def give_up(holder: str, now: datetime, name: str = SCHEDULER) -> None:
    """Let the next process have it at once."""
    mine = (Lease.name == name, Lease.holder == holder)
    session().execute(sa.update(Lease).where(*mine).values(holder="", until=now))


def note_work(holder: str, now: datetime, error: str = "", name: str = SCHEDULER) -> None:
    """Write down that the holder worked at `now`, or with `error` that it could not."""
    change = {"last_error": error} if error else {"last_error": "", "last_tick_at": now}
    session().execute(sa.update(Lease).where(Lease.name == name, Lease.holder == holder).values(change))


def _changed_one(statement: sa.Update) -> bool:
    result = session().execute(statement)
    assert isinstance(result, sa.CursorResult)
    return result.rowcount == 1
