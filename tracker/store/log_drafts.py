"""What people are typing and have not sent: one draft per person and share."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from tracker.store.database import session
from tracker.store.inserts import insert_if_new
from tracker.store.tables import LogDraft

FIELDS = ("percent", "result", "difficulty", "cause", "proposal")


@dataclass(frozen=True, slots=True)
class SavedDraft:
    """A kept draft of a log entry; `texts` by field, `saved_at` in UTC."""

    share_id: int
    texts: dict[str, str]
    saved_at: datetime


def save(person_id: int, share_id: int, texts: dict[str, str], now: datetime) -> None:
    """Keep what a person has typed for a share, in place of what was kept before."""
    values = {name: texts.get(name, "") for name in FIELDS} | {"saved_at": now}
    if not insert_if_new(LogDraft, person_id=person_id, share_id=share_id, **values):
        of_person = (LogDraft.person_id == person_id, LogDraft.share_id == share_id)
        session().execute(sa.update(LogDraft).where(*of_person).values(**values))


def forget(person_id: int, share_id: int) -> None:
    """Remove a person's draft for a share, if there is one."""
    session().execute(sa.delete(LogDraft).where(LogDraft.person_id == person_id, LogDraft.share_id == share_id))


def of_person(person_id: int, share_ids: Collection[int]) -> dict[int, SavedDraft]:
    """A person's drafts for some shares, by share id. 1 query, and none without shares."""
    if not share_ids:
        return {}
    query = sa.select(LogDraft).where(LogDraft.person_id == person_id, LogDraft.share_id.in_(share_ids))
    return {
        row.share_id: SavedDraft(row.share_id, {name: getattr(row, name) for name in FIELDS}, row.saved_at)
        for row in session().scalars(query)
    }


def sweep(before: datetime) -> int:
    """Remove the drafts last saved before `before` (UTC); returns how many."""
    found = session().execute(sa.delete(LogDraft).where(LogDraft.saved_at < before))
    return int(found.rowcount)  # type: ignore[attr-defined]
