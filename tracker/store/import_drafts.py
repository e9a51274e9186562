"""Imports that were begun: listed, opened by the person who began them, changed step by step, thrown away."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from tracker.domain.errors import NotFound
from tracker.domain.words import N_
from tracker.store.database import session
from tracker.store.tables import DocumentRow, ImportDraftRow

MISSING = N_("Không tìm thấy lần nhập này: có thể đã bỏ, hoặc do người khác bắt đầu. Hãy mở lại trang Nhập kế hoạch.")
_HEAVY = (ImportDraftRow.content, ImportDraftRow.difference)
_LIGHT = (
    *("id", "person_id", "document_id", "plan_id", "state", "attempt", "progress", "problem", "options"),
    *("tables", "decisions", "created_at", "changed_at"),
)


@dataclass(frozen=True, slots=True)
class Draft:
    """An import that a person began; `content` and `difference` are empty unless they were asked for.

    `problem` is a sentence's template and its values, `options` say how to read the document.
    """

    id: int
    person_id: int
    document_id: int
    document_name: str
    sha256: str
    plan_id: int | None
    state: str
    attempt: int
    progress: int
    problem: dict[str, Any]
    options: dict[str, Any]
    tables: list[Any]
    decisions: dict[str, Any]
    content: dict[str, Any] | None
    difference: dict[str, Any] | None
    created_at: datetime
    changed_at: datetime


def add(person_id: int, document_id: int, plan_id: int | None, options: dict[str, Any], now: datetime) -> int:
    """Begin an import; its document is about to be read."""
    values = {"state": "reading", "problem": {}, "tables": [], "decisions": {}, "created_at": now, "changed_at": now}
    row = ImportDraftRow(person_id=person_id, document_id=document_id, plan_id=plan_id, options=options, **values)
    session().add(row)
    session().flush()
    return row.id


def of_person(person_id: int, most: int = 50) -> list[Draft]:
    """The imports a person began, without their contents, the latest first."""
    query = _query(heavy=False).where(ImportDraftRow.person_id == person_id)
    order = (ImportDraftRow.changed_at.desc(), ImportDraftRow.id.desc())
    return [_draft(row, heavy=False) for row in session().execute(query.order_by(*order).limit(most))]


def one(draft_id: int, person_id: int | None = None, *, lock: bool = False) -> Draft:
    """One import with its contents; NotFound where there is none, or another person than `person_id` began it.

    With `lock`, inside a transaction, nobody else changes it until the transaction ends.
    """
    query = _query(heavy=True).where(ImportDraftRow.id == draft_id)
    row = session().execute(query.with_for_update(of=ImportDraftRow) if lock else query).first()
    if row is None or person_id not in (None, row[0].person_id):
        raise NotFound(MISSING)
    return _draft(row, heavy=True)


def _query(*, heavy: bool) -> sa.Select[ImportDraftRow, str, str]:
    loaded = [sa.orm.undefer(column) if heavy else sa.orm.defer(column) for column in _HEAVY]
    query = sa.select(ImportDraftRow, DocumentRow.name, DocumentRow.sha256).options(*loaded)
    return query.join(DocumentRow, DocumentRow.id == ImportDraftRow.document_id)


def _draft(found: sa.Row[ImportDraftRow, str, str], *, heavy: bool) -> Draft:
    row, document_name, sha256 = found
    return Draft(
        document_name=document_name,
        sha256=sha256,
        content=row.content if heavy else None,
        difference=row.difference if heavy else None,
        **{name: getattr(row, name) for name in _LIGHT},
    )


def change(draft_id: int, now: datetime, **values: Any) -> None:
    """Set what is named in `values`."""
    update = sa.update(ImportDraftRow).where(ImportDraftRow.id == draft_id)
    session().execute(update.values(changed_at=now, **values))


def change_reading(draft_id: int, attempt: int, **values: Any) -> bool:
    """Set `values` while that attempt at reading is still the one that counts, and say whether it is."""
    current = (ImportDraftRow.id == draft_id, ImportDraftRow.attempt == attempt, ImportDraftRow.state == "reading")
    update = sa.update(ImportDraftRow).where(*current).values(**values).returning(ImportDraftRow.id)
    return session().scalar(update) is not None


def remove(draft_id: int) -> None:
    """Forget an import; what it wrote stays."""
    session().execute(sa.delete(ImportDraftRow).where(ImportDraftRow.id == draft_id))


def leave_plan(plan_id: int) -> None:
    """Part imports from a plan that goes: those written into it are forgotten, those begun go on without it."""
    of_plan = ImportDraftRow.plan_id == plan_id
    session().execute(sa.delete(ImportDraftRow).where(of_plan, ImportDraftRow.state == "done"))
    for row in session().scalars(sa.select(ImportDraftRow).where(of_plan)):
        row.plan_id, row.difference, row.decisions = None, None, {**row.decisions, "same": {}}
    session().flush()
