"""What was decided when a document, or rows of the same words, came in before: taken over, for a person to change.

Names need no taking over, for the directory has learnt them; nor does which stored task a row is, for the task has the
row's words since.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from tracker.domain.import_corrections import CorrectedCell, corrected_cells
from tracker.domain.import_decisions import Decisions
from tracker.domain.import_preview import unchecked, understood, words_of
from tracker.domain.plan_document import PlanDocument, ReadTask
from tracker.store import documents, units
from tracker.store import imports as store
from tracker.store.holidays import office_days

HOW_TO_READ = ("table", "mapping", "school_year")


@dataclass(frozen=True, slots=True)
class Taken:
    """What an earlier import decided: how to read the document, and what was corrected, of the document `name`."""

    name: str
    kept_at: datetime
    how: dict[str, Any]
    decisions: Decisions

    @property
    def rows(self) -> int:
        """How many rows are corrected or left out by it."""
        return len({*self.decisions.cells, *self.decisions.skipped})

    def told(self) -> dict[str, Any]:
        """What a page says of it; empty where nothing was taken over."""
        columns = bool(self.how.get("mapping"))
        if not (self.rows or columns or self.decisions.particulars):
            return {}
        return {"name": self.name, "kept_at": self.kept_at.isoformat(), "rows": self.rows, "columns": columns}


@dataclass(frozen=True, slots=True)
class Applied:
    """A document under what was taken over, with the cells that differ from print, the rows left out and the scope."""

    document: PlanDocument
    corrected: tuple[CorrectedCell, ...] = ()
    skipped: dict[int, str] = field(default_factory=dict)
    only_listed: bool | None = None
    taken: Taken | None = None
    decided: dict[str, Any] | None = None


def decided_about(tasks: Sequence[ReadTask], decisions: Decisions, how: dict[str, Any]) -> dict[str, Any]:
    """What is to be kept of an import's decisions, as plain data; `tasks` are the rows as they were read."""
    kept = replace(decisions, names={}, same={}, monitors=(), as_new=False, unfit=())
    loose = kept.loosened([words_of(task) for task in tasks])
    return {"how": {name: how.get(name) for name in HOW_TO_READ}, "decisions": loose.as_json()}


def of_document(sha256: str, plan_id: int | None) -> Taken | None:
    """What was decided about the document of that checksum in the plan, in any one where `plan_id` is None."""
    return next((_taken(each) for each in documents.decided_before(plan_id, sha256)), None)


def how_to_read(taken: Taken) -> dict[str, Any]:
    """The options by which a document was read, as `read_plan` takes them."""
    columns = {int(at): kind for at, kind in (taken.how.get("mapping") or {}).items()}
    return {**taken.how, **({"mapping": columns} if columns else {})}


def onto_rows(document: PlanDocument, taken: Taken | None, plan_id: int | None) -> Taken | None:
    """What holds for the rows of `document`, as it was read.

    Of the document itself where it came before (`taken`), else of rows of the same words in the plan's other documents.
    """
    words = [words_of(task) for task in document.tasks]
    if taken is not None:
        return replace(taken, decisions=replace(taken.decisions.fitted(words), unfit=()))
    plan_id = plan_id or store.find_plan(document.title, document.school_year)
    earlier = documents.decided_before(plan_id) if plan_id else []
    for each in map(_taken, earlier):
        loose = Decisions(unfit=each.decisions.unfit).fitted(words)
        if loose.cells or loose.skipped:
            return replace(each, how={}, decisions=replace(loose, unfit=()))
    return None


def applied(document: PlanDocument, taken: Taken | None) -> Applied:
    """`document`, as it was read by the directory, under what was taken over for its rows."""
    directory = units.directory()
    read = unchecked(document, directory)
    if taken is None:
        return Applied(understood(read, directory, Decisions(), office=office_days()))
    decisions = taken.decisions
    return Applied(
        understood(read, directory, decisions, office=office_days()),
        corrected_cells(document.tasks, decisions),
        dict(decisions.skipped),
        decisions.only_listed,
        taken,
        decided_about(document.tasks, decisions, taken.how),
    )


def _taken(kept: documents.Decided) -> Taken:
    how = {name: value for name, value in kept.decided["how"].items() if value is not None}
    return Taken(kept.name, kept.kept_at, how, Decisions.from_json(kept.decided["decisions"]))
