"""Reading the document of a begun import: apart from the request that asked for it, because it may take its time."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from tracker.adapters.documents.safely import Progress, find_tables, read_plan
from tracker.adapters.files import FileStore
from tracker.domain.errors import TrackerError, UnreadableDocument
from tracker.domain.import_decisions import Decisions
from tracker.domain.import_preview import unchecked, words_of
from tracker.domain.plan_document import PlanDocument, to_json
from tracker.domain.reading.plan import NO_TABLE
from tracker.domain.reading.tables import FoundTable
from tracker.domain.units import Directory
from tracker.domain.words import N_
from tracker.store import import_drafts as drafts
from tracker.store import plans, units
from tracker.store.database import transaction
from tracker.usecases import import_taken
from tracker.usecases.first_directory import proposed_names
from tracker.usecases.import_results import open_points
from tracker.usecases.import_wizard import preview

BROKEN = N_("Chương trình gặp lỗi khi đọc văn bản này; lỗi đã được ghi lại cho quản trị viên. Hãy thử đọc lại.")
_SEVERAL_TABLES = "several-tables"
LEADS = "leads"


def read(draft_id: int, attempt: int, *, files: FileStore, progress: Progress | None = None) -> None:
    """Read the document of a draft and settle the draft: ready, choosing among tables, or failed with a sentence.

    Nothing happens where `attempt` is no longer the one that counts. `progress` hears how many rows are read of how
    many. No transaction is open while the document is read.
    """
    with transaction():
        draft, directory = drafts.one(draft_id), units.directory()
        is_first = all(each.state == "draft" for each in plans.heads())
    if (draft.state, draft.attempt) != ("reading", attempt):
        return
    try:
        found = _read(draft, directory, files.path(draft.sha256).read_bytes(), progress)
        settled = _ready(draft, found, directory, is_first) if isinstance(found, PlanDocument) else _choosing(found)
    except TrackerError as problem:
        params = {name: str(value) for name, value in problem.params.items()}
        settled = {"state": "failed", "problem": {"message": problem.message, "params": params}}
    except Exception:
        _settle(draft, {"state": "failed", "problem": {"message": BROKEN, "params": {}}})
        raise
    _settle(draft, settled)


def _settle(draft: drafts.Draft, values: dict[str, Any]) -> None:
    with transaction():
        drafts.change_reading(draft.id, draft.attempt, **values)


def report(draft_id: int, attempt: int, rows: int) -> None:
    """Note how many rows a running attempt has read."""
    with transaction():
        drafts.change_reading(draft_id, attempt, progress=rows)


def _read(
    draft: drafts.Draft, directory: Directory, data: bytes, progress: Progress | None
) -> PlanDocument | Sequence[FoundTable]:
    """The plan, where there is one table of tasks; else the tables, for the person to choose among and to map.

    So too where no heading tells of who leads, but a column seems to.
    """
    options, name = draft.options, draft.document_name
    mapping = {int(column): kind for column, kind in (options.get("mapping") or {}).items()}
    table, year = options.get("table"), options.get("school_year")
    try:
        found = read_plan(
            data, name, directory, school_year=year, table=table, mapping=mapping or None, progress=progress
        )
    except UnreadableDocument as problem:
        tables = find_tables(data, name, directory) if problem.message == NO_TABLE and table is None else ()
        if not tables:
            raise
        return tables
    if table is not None:
        return found
    if any(each.code == _SEVERAL_TABLES for each in found.findings):
        return find_tables(data, name, directory)
    if any(task.leads_as_written or task.leads for task in found.tasks):
        return found
    tables = find_tables(data, name, directory)
    return tables if any(LEADS in each.mapping.values() for each in tables if each.score) else found


def _choosing(tables: Sequence[FoundTable]) -> dict[str, Any]:
    return {"state": "choosing", "problem": {}, "tables": [_table_json(each) for each in tables]}


def _ready(draft: drafts.Draft, found: PlanDocument, directory: Directory, is_first: bool) -> dict[str, Any]:
    """The first plan brings its directory along: who is not known yet is proposed."""
    document = unchecked(found, directory)
    decisions = Decisions.from_json(draft.decisions).fitted([words_of(task) for task in document.tasks])
    options = dict(draft.options)
    if not draft.decisions and (taken := _taken(draft, document)):
        decisions, options["taken"] = taken.decisions, taken.told()
    if is_first:
        decisions = decisions.beside(proposed_names(document, directory))
    content, decided = to_json(document), decisions.as_json()
    with transaction():
        shown = preview(replace(draft, state="ready", content=content, decisions=decided))
    options["open"] = open_points(shown.document)
    settled = {"state": "ready", "problem": {}, "content": content, "decisions": decided}
    return {**settled, "progress": len(document.tasks), "options": options}


def _taken(draft: drafts.Draft, document: PlanDocument) -> import_taken.Taken | None:
    """What was decided when this document, or rows of the same words, came into the plan before."""
    with transaction():
        before = import_taken.of_document(draft.sha256, draft.plan_id)
        return import_taken.onto_rows(document, before, draft.plan_id)


def tables_of(draft: drafts.Draft, *, files: FileStore) -> list[dict[str, Any]]:
    """The tables of a draft's document as a person chooses among them; raises what reading it raises.

    They are kept with the draft, of which nothing else changes.
    """
    if draft.tables:
        return draft.tables
    with transaction():
        directory = units.directory()
    found = find_tables(files.path(draft.sha256).read_bytes(), draft.document_name, directory)
    tables = [_table_json(each) for each in found]
    with transaction():
        drafts.change(draft.id, draft.changed_at, tables=tables)
    return tables


def _table_json(table: FoundTable) -> dict[str, Any]:
    return {**asdict(table), "mapping": {str(column): kind for column, kind in table.mapping.items()}}
