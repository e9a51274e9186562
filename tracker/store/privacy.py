"""Who read which version of the notice on personal data, and when."""

from datetime import datetime

import sqlalchemy as sa

from tracker.store.database import session
from tracker.store.inserts import insert_if_new
from tracker.store.tables import NoticeAcceptance


def accepted_at(person_id: int, version: int) -> datetime | None:
    """When the person read that version, None where they did not. 1 query."""
    mine = (NoticeAcceptance.person_id == person_id, NoticeAcceptance.version == version)
    return session().scalar(sa.select(NoticeAcceptance.accepted_at).where(*mine))


def accept(person_id: int, version: int, now: datetime) -> None:
    """Remember that the person read it; the first time stays."""
    insert_if_new(NoticeAcceptance, person_id=person_id, version=version, accepted_at=now)
