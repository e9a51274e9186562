"""Single-use links: kept under a hash, used by one conditional update."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from tracker.domain.account_links import LIFE, LinkKind
from tracker.store.database import session
from tracker.store.tables import AccountLink, PersonRow


@dataclass(frozen=True, slots=True)
class OpenLink:
    """A link that can still be used."""

    id: int
    person_id: int
    kind: LinkKind


def add(person_id: int, kind: LinkKind, secret_sha256: str, now: datetime) -> None:
    """Keep a link made at `now`; it ends the person's older ones of its kind."""
    older = (AccountLink.person_id == person_id, AccountLink.kind == kind.value, AccountLink.expires_at > now)
    session().execute(sa.update(AccountLink).where(*older).values(expires_at=now))
    made = {"created_at": now, "expires_at": now + LIFE[kind]}
    row = {"person_id": person_id, "kind": kind.value, "secret_sha256": secret_sha256, **made}
    session().execute(sa.insert(AccountLink).values(row))


def usable(secret_sha256: str, now: datetime) -> OpenLink | None:
    """The link with that hash where it may still be used, of a person whose account is open. 1 query."""
    query = (
        sa.select(AccountLink.id, AccountLink.person_id, AccountLink.kind)
        .join(PersonRow, PersonRow.id == AccountLink.person_id)
        .where(AccountLink.secret_sha256 == secret_sha256, PersonRow.active, *_good(now))
    )
    row = session().execute(query).first()
    return OpenLink(row.id, row.person_id, LinkKind(row.kind)) if row else None


def use(link_id: int, now: datetime) -> bool:
    """Use a link up; False where somebody was faster or its time is over."""
    changed = sa.update(AccountLink).where(AccountLink.id == link_id, *_good(now)).values(used_at=now)
    return session().scalar(changed.returning(AccountLink.id)) is not None


def end_all(person_id: int, now: datetime) -> None:
    """Let no link of the person open anything any more."""
    still = sa.update(AccountLink).where(AccountLink.person_id == person_id, AccountLink.expires_at > now)
    session().execute(still.values(expires_at=now))


def forget(before: datetime) -> None:
    """Drop the links that ended before then."""
    session().execute(sa.delete(AccountLink).where(AccountLink.expires_at < before))


def _good(now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return AccountLink.used_at.is_(None), AccountLink.expires_at > now
