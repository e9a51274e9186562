"""Whether people want deadlines as files with their mails."""

import sqlalchemy as sa

from tracker.store.database import session
from tracker.store.tables import PersonRow


def wants_calendar(person_id: int) -> bool:
    """Whether that person chose it."""
    return bool(session().scalar(sa.select(PersonRow.wants_calendar).where(PersonRow.id == person_id)))


def put(person_id: int, wanted: bool) -> None:
    """Keep what a person chose."""
    session().execute(sa.update(PersonRow).where(PersonRow.id == person_id).values(wants_calendar=wanted))
