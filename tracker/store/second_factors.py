"""Second factors and recovery codes; using one is a conditional update, so that each counts once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from tracker.store.database import session
from tracker.store.tables import RecoveryCode, SecondFactor


@dataclass(frozen=True, slots=True)
class Factor:
    """A person's second factor; `secret` as it is kept, `confirmed_at` None until its first code was typed."""

    secret: str
    confirmed_at: datetime | None
    last_step: int


def of_person(person_id: int) -> Factor | None:
    """The second factor of a person. 1 query."""
    row = session().get(SecondFactor, person_id, populate_existing=True)
    return Factor(row.secret, row.confirmed_at, row.last_step) if row else None


def secrets() -> dict[int, str]:
    """Every secret as it is kept, by person id. 1 query."""
    return {
        row.person_id: row.secret for row in session().execute(sa.select(SecondFactor.person_id, SecondFactor.secret))
    }


def replace_secret(person_id: int, old: str, new: str) -> None:
    """Keep a secret in another form, unless it has changed meanwhile."""
    same = (SecondFactor.person_id == person_id, SecondFactor.secret == old)
    session().execute(sa.update(SecondFactor).where(*same).values(secret=new))


def codes_left(person_id: int) -> int:
    """How many recovery codes a person has not used. 1 query."""
    unused = (RecoveryCode.person_id == person_id, RecoveryCode.used_at.is_(None))
    return session().scalar(sa.select(sa.func.count(RecoveryCode.id)).where(*unused)) or 0


def begin(person_id: int, secret: str) -> None:
    """Keep a secret whose first code is still to come, in place of any other."""
    remove(person_id)
    row = {"person_id": person_id, "secret": secret, "confirmed_at": None, "last_step": 0}
    session().execute(sa.insert(SecondFactor).values(row))


def confirm(person_id: int, now: datetime) -> None:
    """Ask for it from now on."""
    mine = SecondFactor.person_id == person_id
    session().execute(sa.update(SecondFactor).where(mine).values(confirmed_at=now))


def use_step(person_id: int, step: int) -> bool:
    """Use a time step up, with all before it; False where it is used already."""
    fresh = (SecondFactor.person_id == person_id, SecondFactor.last_step < step)
    changed = sa.update(SecondFactor).where(*fresh).values(last_step=step).returning(SecondFactor.person_id)
    return session().scalar(changed) is not None


def use_code(person_id: int, code_sha256: str, now: datetime) -> bool:
    """Use a recovery code up; False where there is none such left."""
    fresh = (RecoveryCode.person_id == person_id, RecoveryCode.code_sha256 == code_sha256)
    changed = sa.update(RecoveryCode).where(*fresh, RecoveryCode.used_at.is_(None)).values(used_at=now)
    return session().scalar(changed.returning(RecoveryCode.id)) is not None


def replace_codes(person_id: int, hashes: Sequence[str]) -> None:
    """Give a person other recovery codes."""
    session().execute(sa.delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
    if hashes:
        session().execute(sa.insert(RecoveryCode), [{"person_id": person_id, "code_sha256": each} for each in hashes])


def remove(person_id: int) -> bool:
    """Take a person's second factor away, with its recovery codes; False where there was none."""
    replace_codes(person_id, [])
    taken = sa.delete(SecondFactor).where(SecondFactor.person_id == person_id).returning(SecondFactor.person_id)
    return session().scalar(taken) is not None
