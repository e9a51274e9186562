"""The office's table of days off, line by line."""

from datetime import date, datetime

import sqlalchemy as sa

from tracker.domain.days_off import ListedDay
from tracker.store.database import session
from tracker.store.looks import wake_all
from tracker.store.tables import DayOff


def listed() -> list[ListedDay]:
    """Every line of the table, by day. 1 query."""
    return [_listed(row) for row in session().scalars(sa.select(DayOff).order_by(DayOff.day))]


def on(day: date) -> ListedDay | None:
    """What the table says of a day; None where it follows its weekday."""
    row = session().get(DayOff, day)
    return _listed(row) if row else None


def put(new: ListedDay, now: datetime) -> None:
    """Write a line, in the place of what stood there of that day."""
    row = session().get(DayOff, new.day) or DayOff(day=new.day)
    row.is_off, row.name, row.document, row.changed_at = new.is_off, new.name, new.document, now
    session().add(row)
    session().flush()
    wake_all()


def remove(day: date) -> None:
    """Let a day follow its weekday again."""
    session().execute(sa.delete(DayOff).where(DayOff.day == day))
    wake_all()


def _listed(row: DayOff) -> ListedDay:
    return ListedDay(row.day, row.is_off, row.name, row.document, row.changed_at)
