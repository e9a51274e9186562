"""Everything kept about a person: told in full, and taken away but for what the office must keep."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from tracker.domain.outbox import MailState
from tracker.domain.people import Person
from tracker.store.database import Base, session
from tracker.store.tables import (
    AccountLink,
    ChangeEntry,
    EvidenceRow,
    LogDraft,
    NoticeAcceptance,
    OutboxMessage,
    PersonRow,
    ProgressEntry,
    RecoveryCode,
    SavedViewRow,
    SecondFactor,
    SignInSession,
    SubscriptionRow,
    TypedForm,
)

# What opens something, and what says the same a second time.
_SECRET_ENDINGS = ("_hash", "secret", "token_sha256", "code_sha256", "secret_sha256")
_LEFT_OUT = {"sign_in_session.id", "outbox.body_html"}


def kept_about(person_id: int) -> dict[str, list[dict[str, Any]]]:
    """Every row that names the person, by table, as plain values; without what opens the account."""
    found = {table.name: _rows(table, mine) for table, mine in _tables_naming(person_id)}
    own = sa.select(ProgressEntry.id).where(ProgressEntry.person_id == person_id)
    evidence = EvidenceRow.__table__
    assert isinstance(evidence, sa.Table)
    found[evidence.name] = _rows(evidence, EvidenceRow.entry_id.in_(own))
    history = ChangeEntry.__table__
    assert isinstance(history, sa.Table)
    about = sa.and_(ChangeEntry.object_kind == "person", ChangeEntry.object_id == person_id)
    found["change_entry_about"] = _rows(history, about)
    return {name: rows for name, rows in found.items() if rows}


def _tables_naming(person_id: int) -> Iterator[tuple[sa.Table, sa.ColumnElement[bool]]]:
    person = PersonRow.__table__
    for table in Base.metadata.sorted_tables:
        naming = [column for column in table.c if any(key.column.table is person for key in column.foreign_keys)]
        if table is person:
            naming = [table.c.id]
        if naming:
            yield table, sa.or_(*(column == person_id for column in naming))


def _rows(table: sa.Table, condition: sa.ColumnElement[bool]) -> list[dict[str, Any]]:
    told = [
        column
        for column in table.c
        if not column.name.endswith(_SECRET_ENDINGS) and f"{table.name}.{column.name}" not in _LEFT_OUT
    ]
    query = sa.select(*told).where(condition).order_by(*table.primary_key.columns)
    return [dict(row._mapping) for row in session().execute(query)]


def is_erased(person_id: int) -> bool:
    """Whether that person was erased before."""
    return session().scalar(sa.select(PersonRow.email).where(PersonRow.id == person_id)) == _address(person_id)


def shows_erased(person: Person) -> bool:
    """Whether a person, as they were read, was erased before. No query."""
    return person.email == _address(person.id)


def erase(person_id: int, now: datetime) -> None:
    """Take name, address and telephone of a closed account away, and all but log, history and what was sent when.

    Lines of the log show the new name from then on, for they name a person by id.
    """
    for table in (SignInSession, AccountLink, NoticeAcceptance, RecoveryCode, SecondFactor, LogDraft, TypedForm):
        session().execute(sa.delete(table).where(table.person_id == person_id))
    # What is shared stays for those who use it.
    session().execute(sa.delete(SavedViewRow).where(SavedViewRow.person_id == person_id, ~SavedViewRow.shared))
    subscriptions = sa.update(SubscriptionRow).where(SubscriptionRow.person_id == person_id)
    revoked_at = sa.func.coalesce(SubscriptionRow.revoked_at, sa.bindparam("now", now, SubscriptionRow.revoked_at.type))
    session().execute(subscriptions.values(revoked_at=revoked_at, last_client="", name=""))
    mails = sa.update(OutboxMessage).where(OutboxMessage.person_id == person_id)
    waiting = OutboxMessage.state.in_((MailState.PENDING.value, MailState.DEAD.value))
    skipped = {"state": MailState.SKIPPED.value, "settled_at": now, "next_attempt_at": None}
    session().execute(mails.where(waiting).values(skipped))
    session().execute(mails.values(to_address=_address(person_id), body_text="", body_html=""))
    gone = {"name": f"Người dùng đã xóa ({person_id})", "email": _address(person_id), "password_hash": "", "phone": ""}
    unflagged = {"mail_refused_at": None, "mail_refused": ""}
    change = sa.update(PersonRow).where(PersonRow.id == person_id).values(last_seen_at=None, **gone, **unflagged)
    session().execute(change)


def _address(person_id: int) -> str:
    # RFC 2606, section 2: a name that no mail server will ever have.
    return f"deleted-{person_id}@deleted.invalid"
