"""Reading the document of a begun import: apart from the request that asked for it, because it may take its time."""

from collections.abc import Callable
from typing import Any

from tracker.adapters.documents import read_plan
from tracker.adapters.files import FileStore
from tracker.domain.errors import TrackerError
from tracker.domain.import_decisions import Decisions, proposed
from tracker.domain.import_preview import pack
from tracker.domain.proposals import propose_directory
from tracker.domain.units import Directory
from tracker.domain.words import N_
from tracker.store import import_drafts as drafts
from tracker.store import units
from tracker.store.database import transaction

Progress = Callable[[int, int], None]
BROKEN = N_("Chương trình gặp lỗi khi đọc văn bản này; lỗi đã được ghi lại cho quản trị viên. Hãy thử đọc lại.")


def read(draft_id: int, attempt: int, *, files: FileStore, progress: Progress | None = None) -> None:
    """Read the document of a draft and settle the draft: ready, choosing among tables, or failed with a sentence.

    Nothing happens where `attempt` is no longer the one that counts. `progress` hears how many rows are read of how
    many. No transaction is open while the document is read.
    """
    with transaction():
        draft, directory = drafts.one(draft_id), units.directory()
    if (draft.state, draft.attempt) != ("reading", attempt):
        return
    try:
        settled = _read(draft, directory, files, progress)
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


def _read(draft: drafts.Draft, directory: Directory, files: FileStore, progress: Progress | None) -> dict[str, Any]:
    data, name, options = files.path(draft.sha256).read_bytes(), draft.document_name, draft.options
    document = read_plan(data, name, directory, school_year=options.get("school_year"))
    decisions = Decisions.from_json(draft.decisions)
    if not directory.units:
        decisions = decisions.beside(proposed(propose_directory(document)))
    content = pack(document, directory)
    return {"state": "ready", "problem": {}, "content": content, "decisions": decisions.as_json()}
