"""Kept plan documents: who brought them, which plan they became, and the checksum their bytes lie under."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from tracker.domain.errors import NotFound
from tracker.domain.words import N_
from tracker.store.database import session
from tracker.store.tables import AmendmentRow, DocumentRow, EvidenceRow, ImportCorrection, ImportDraftRow, PersonRow


@dataclass(frozen=True, slots=True)
class KeptDocument:
    """A document as it came in; `plan_id` is None until it was imported, the person None for the command line."""

    id: int
    name: str
    media_type: str
    size: int
    sha256: str
    kept_at: datetime
    person_id: int | None
    person_name: str | None
    plan_id: int | None


def keep(name: str, media_type: str, size: int, sha256: str, *, person_id: int | None, now: datetime) -> int:
    """Enter a document whose bytes are in the file store, or will be by the commit; returns its id."""
    values = {"name": name, "media_type": media_type, "size": size, "sha256": sha256}
    row = DocumentRow(person_id=person_id, kept_at=now, **values)
    session().add(row)
    session().flush()
    return row.id


def one(document_id: int) -> KeptDocument:
    """One kept document; NotFound where there is none."""
    found = _select(DocumentRow.id == document_id)
    if not found:
        raise NotFound(N_("Không tìm thấy văn bản này. Hãy mở lại từ trang Nhập kế hoạch."))
    return found[0]


def of_plan(plan_id: int) -> list[KeptDocument]:
    """The documents that a plan was imported from, the latest first."""
    return _select(DocumentRow.plan_id == plan_id)


def _select(which: sa.ColumnElement[bool]) -> list[KeptDocument]:
    query = sa.select(DocumentRow, PersonRow.name).outerjoin(PersonRow).where(which)
    return [
        KeptDocument(
            id=row.id,
            name=row.name,
            media_type=row.media_type,
            size=row.size,
            sha256=row.sha256,
            kept_at=row.kept_at,
            person_id=row.person_id,
            person_name=person_name,
            plan_id=row.plan_id,
        )
        for row, person_name in session().execute(query.order_by(DocumentRow.kept_at.desc(), DocumentRow.id.desc()))
    ]


def became_plan(document_id: int, plan_id: int) -> int:
    """Enter that a document was imported as that plan; one that the plan has already is kept once, as it was first.

    Returns the id under which it is kept.
    """
    own = sa.select(DocumentRow.sha256).where(DocumentRow.id == document_id).scalar_subquery()
    alike = (DocumentRow.plan_id == plan_id, DocumentRow.sha256 == own, DocumentRow.id != document_id)
    first = session().scalar(sa.select(DocumentRow.id).where(*alike).order_by(DocumentRow.id).limit(1))
    if first is None:
        session().execute(sa.update(DocumentRow).where(DocumentRow.id == document_id).values(plan_id=plan_id))
        return document_id
    for table in (AmendmentRow, ImportCorrection, ImportDraftRow):
        session().execute(sa.update(table).where(table.document_id == document_id).values(document_id=first))
    session().execute(sa.delete(DocumentRow).where(DocumentRow.id == document_id))
    return first


def keep_decided(document_id: int, decided: dict[str, Any]) -> None:
    """Keep what was decided about a document with it, in place of what was decided the last time."""
    session().execute(sa.update(DocumentRow).where(DocumentRow.id == document_id).values(decided=decided))


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided about a document when it was imported into a plan the last time."""

    name: str
    kept_at: datetime
    decided: dict[str, Any]


def decided_before(plan_id: int | None, sha256: str | None = None) -> list[Decided]:
    """What was decided about the documents of a plan (None: of all), the latest first; of that checksum, if given."""
    columns = (DocumentRow.name, DocumentRow.kept_at, DocumentRow.decided)
    query = sa.select(*columns).where(DocumentRow.plan_id.is_not(None), DocumentRow.decided.is_not(None))
    if plan_id is not None:
        query = query.where(DocumentRow.plan_id == plan_id)
    if sha256 is not None:
        query = query.where(DocumentRow.sha256 == sha256)
    latest_first = query.order_by(DocumentRow.kept_at.desc(), DocumentRow.id.desc())
    return [Decided(*row) for row in session().execute(latest_first)]


def leave_plan(plan_id: int) -> list[int]:
    """Part a plan that goes from its documents; returns their ids."""
    update = sa.update(DocumentRow).where(DocumentRow.plan_id == plan_id).values(plan_id=None)
    return list(session().scalars(update.returning(DocumentRow.id)))


def forget(document_id: int) -> str | None:
    """Remove a document that became no plan; the checksum of bytes that nothing else refers to now, or None."""
    parted = sa.update(ImportCorrection).where(ImportCorrection.document_id == document_id).values(document_id=None)
    session().execute(parted)
    sha256 = session().scalar(
        sa.delete(DocumentRow)
        .where(DocumentRow.id == document_id, DocumentRow.plan_id.is_(None))
        .returning(DocumentRow.sha256)
    )
    if sha256 is None:
        return None
    others = (sa.select(table.id).where(table.sha256 == sha256) for table in (DocumentRow, EvidenceRow))
    return None if any(session().scalar(query.limit(1)) for query in others) else sha256
