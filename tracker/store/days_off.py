"""The office's table of days off, line by line."""

from datetime import date, datetime, timedelta

import sqlalchemy as sa

from tracker.domain.days_off import ListedDay
from tracker.store.database import session
from tracker.store.looks import wake_all
from tracker.store.tables import DayOff

ONE_SECOND = timedelta(seconds=1)


def listed() -> list[ListedDay]:
    """Every line of the table, by day. 1 query."""
    query = sa.select(DayOff).where(DayOff.removed_at.is_(None)).order_by(DayOff.day)
    return [_listed(row) for row in session().scalars(query)]


def on(day: date) -> ListedDay | None:
    """What the table says of a day; None where it follows its weekday."""
    row = session().get(DayOff, day)
    return _listed(row) if row and row.removed_at is None else None


def put(new: ListedDay, now: datetime) -> None:
    """Write a line, in the place of what stood there of that day; its time only ever moves forward."""
    row = session().get(DayOff, new.day) or DayOff(day=new.day)
    moved = row.removed_at or row.changed_at
    row.is_off, row.name, row.document = new.is_off, new.name, new.document
    row.changed_at, row.removed_at = max(now, moved + ONE_SECOND) if moved else now, None
    session().add(row)
    session().flush()
    wake_all()


def remove(day: date, now: datetime) -> None:
    """Let a day follow its weekday again; the row stays, so that what came with the program does not come back."""
    row = session().get_one(DayOff, day)
    row.removed_at = max(now, row.changed_at + ONE_SECOND) if row.changed_at else now
    session().flush()
    wake_all()


def _listed(row: DayOff) -> ListedDay:
    return ListedDay(row.day, row.is_off, row.name, row.document, row.changed_at)
