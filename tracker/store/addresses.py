"""Addresses that a mail server refused for good: flagged until they work again or somebody mends them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from tracker.store.database import session
from tracker.store.tables import PersonRow


@dataclass(frozen=True, slots=True)
class Refusal:
    """Since when (UTC) an address is refused, and why: a code, with the server's own words after a colon."""

    at: datetime
    error: str


def refused(person_ids: Collection[int] | None = None) -> dict[int, Refusal]:
    """The refusals by person id, of these people or of all. 1 query."""
    query = sa.select(PersonRow.id, PersonRow.mail_refused_at, PersonRow.mail_refused)
    query = query.where(PersonRow.mail_refused_at.is_not(None), PersonRow.active).order_by(PersonRow.id)
    if person_ids is not None:
        query = query.where(PersonRow.id.in_(person_ids))
    return {row.id: Refusal(row.mail_refused_at, row.mail_refused) for row in session().execute(query)}


def flag(person_id: int, address: str, error: str, now: datetime) -> None:
    """Remember that the person's address is refused; nothing where `address` is not theirs any more."""
    theirs = (PersonRow.id == person_id, PersonRow.email == address)
    session().execute(sa.update(PersonRow).where(*theirs).values(mail_refused_at=now, mail_refused=error[:300]))


def lift(person_ids: Collection[int]) -> None:
    """Take the flag away from these people."""
    change = {"mail_refused_at": None, "mail_refused": ""}
    session().execute(sa.update(PersonRow).where(PersonRow.id.in_(person_ids)).values(change))
