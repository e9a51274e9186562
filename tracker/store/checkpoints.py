"""Checkpoints of units, as they are written."""

from datetime import date, datetime

import sqlalchemy as sa

from tracker.domain.access import NOT_SEEN
from tracker.domain.errors import NotFound
from tracker.store.database import session
from tracker.store.looks import wake_logs
from tracker.store.tables import CheckpointRow


def known(log_id: int) -> list[tuple[date, str]]:
    """Day and title of each checkpoint of a share."""
    query = sa.select(CheckpointRow.day, CheckpointRow.title).where(CheckpointRow.share_id == log_id)
    return [(row.day, row.title) for row in session().execute(query)]


def add(log_id: int, day: date, title: str, person_id: int, now: datetime) -> None:
    """Add a checkpoint to the share whose log it is."""
    session().add(CheckpointRow(share_id=log_id, day=day, title=title, added_by=person_id, added_at=now))
    wake_logs([log_id])


def by_id(checkpoint_id: int) -> tuple[int, date, str]:
    """The share whose log a checkpoint belongs to, its day and its title; NotFound where there is none."""
    columns = (CheckpointRow.share_id, CheckpointRow.day, CheckpointRow.title)
    found = session().execute(sa.select(*columns).where(CheckpointRow.id == checkpoint_id)).first()
    if found is None:
        raise NotFound(NOT_SEEN)
    return found.share_id, found.day, found.title


def set_done(checkpoint_id: int, done_at: datetime | None) -> None:
    """Mark a checkpoint as done at `done_at` (UTC), or as open again."""
    session().execute(sa.update(CheckpointRow).where(CheckpointRow.id == checkpoint_id).values(done_at=done_at))
    wake_logs([by_id(checkpoint_id)[0]])


def remove(checkpoint_id: int) -> None:
    """Remove a checkpoint: it was the unit's own, and nobody was told of it."""
    wake_logs([by_id(checkpoint_id)[0]])
    session().execute(sa.delete(CheckpointRow).where(CheckpointRow.id == checkpoint_id))
