"""What an import did or would do, and how its findings are told."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from tracker.domain.amendments import AmendmentHead
from tracker.domain.differences import FIELD_NAMES, TOLD_KINDS, Doubt, FieldChange, RowDifference
from tracker.domain.plan_document import Finding, PlanDocument
from tracker.domain.units import Directory
from tracker.domain.words import N_, identity

MOST_NAMED = 20  # tasks in one line
COLUMNS = {
    name: FIELD_NAMES[name] for name in ("number", "group", "title", "product", "leads", "partners", "start", "due")
}


@dataclass(frozen=True, slots=True)
class GroupSize:
    """A group that a document names, and how many units it stands for today."""

    name: str
    units: int


@dataclass(frozen=True, slots=True)
class AlikePlan:
    """A stored plan of the same school year, `found` of whose `of` living tasks are in the document too."""

    id: int
    title: str
    found: int
    of: int


@dataclass(frozen=True, slots=True)
class EarlierVersion:
    """Which version of its plan a document is: as first issued (`number` None), or after the decision `number`.

    The plan as it holds now differs from it in `differs` tasks.
    """

    plan_id: int
    number: str | None
    differs: int


@dataclass(frozen=True, slots=True)
class SkippedRow:
    """A row of the document that a person left out, and why."""

    number: str
    title: str
    reason: str


@dataclass(frozen=True, slots=True)
class CorrectedRow:
    """A cell that a person corrected: the row it stands in, the words printed, and those taken in their place."""

    number: str
    title: str
    column: str
    written: str
    value: str


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import did, or in a dry run would do. `questions` are those that took their shown default.

    `doubts` are pairs of rows that a person may join (`same` of `import_plan`); they are among the questions too.
    `replaced` counts the values that an amendment replaced; `groups` are those that the document names. `watched` says
    whether any unit watches the plan, `earlier` that the document is a version the plan has had before.
    """

    plan_id: int | None
    title: str
    school_year: str | None
    is_new: bool
    dry_run: bool
    rows: tuple[RowDifference, ...]
    plan_changes: tuple[FieldChange, ...]
    milestones: int
    shares: int
    questions: tuple[Finding, ...] = ()
    notes: tuple[Finding, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    amendment: AmendmentHead | None = None
    replaced: int = 0
    groups: tuple[GroupSize, ...] = ()
    only_listed: bool = False
    skipped: tuple[SkippedRow, ...] = ()
    corrected: tuple[CorrectedRow, ...] = ()
    alike: AlikePlan | None = None
    earlier: EarlierVersion | None = None
    watched: bool = True

    @property
    def counts(self) -> dict[str, int]:
        """Rows added, changed, dropped and unchanged; also those restored and those renumbered, where there are any."""
        counted = Counter(row.told for row in self.rows)
        always = {kind: counted[kind] for kind in ("added", "changed", "dropped", "unchanged")}
        return always | {kind: counted[kind] for kind in ("restored", "renumbered") if counted[kind]}

    @property
    def told_rows(self) -> list[RowDifference]:
        """The rows that something becomes of: the dropped ones first, those with a new number alone last."""
        rows = (row for row in self.rows if row.kind != "unchanged")
        return sorted(rows, key=lambda row: TOLD_KINDS.index(row.told))

    @property
    def changes_nothing(self) -> bool:
        """Whether the document says what is stored already."""
        alike = not self.is_new and not self.plan_changes and self.counts["unchanged"] == len(self.rows)
        return alike and not self.replaced

    def as_json(self) -> dict[str, Any]:
        """The result as plain lists, texts and numbers."""
        return {
            "plan": {"id": self.plan_id, "title": self.title, "school_year": self.school_year, "new": self.is_new},
            "dry_run": self.dry_run,
            "counts": self.counts,
            "milestones": self.milestones,
            "shares_added": self.shares,
            "plan_changes": [_change_json(change) for change in self.plan_changes],
            "amendment": _head_json(self.amendment) if self.amendment else None,
            "only_listed": self.only_listed,
            "watched": self.watched,
            "alike": asdict(self.alike) if self.alike else None,
            "earlier": asdict(self.earlier) if self.earlier else None,
            "skipped": [asdict(each) for each in self.skipped],
            "corrected": [asdict(each) for each in self.corrected],
            "rows": [_row_json(row) for row in self.told_rows],
            "findings": [_finding_json(each) for each in (*self.questions, *self.notes)],
        }


def group_sizes(document: PlanDocument, directory: Directory) -> tuple[GroupSize, ...]:
    """The groups of a document, in its order, with their sizes, so that a gap in the directory is seen."""
    named = {p.code: p.name for task in document.tasks for p in (*task.leads, *task.partners) if p.kind == "group"}
    return tuple(GroupSize(name, len(directory.expand(code))) for code, name in named.items() if code)


def open_points(document: PlanDocument) -> dict[str, int]:
    """How many errors and questions a document has, for the list of begun imports."""
    counted = Counter(each.severity for each in document.findings)
    return {severity: counted[severity] for severity in ("error", "question")}


@dataclass(frozen=True, slots=True)
class Told:
    """A finding as it is told: once, with every task of which the same is said, and its place where it has one only.

    `each` are the findings that say it, one for every row.
    """

    finding: Finding
    tasks: tuple[str, ...]
    each: tuple[Finding, ...] = ()

    def text(self, translate: Callable[[str], str] = identity) -> str:
        """The finding with its place, for a list: 'nhiệm vụ 7, cột hoàn thành, dòng 212: …'."""
        said = self.finding.text(translate)
        where = ", ".join(_where(self, translate))
        return f"{where}: {said}" if where else said


def told_once(findings: Iterable[Finding]) -> tuple[Told, ...]:
    """Findings in their order; notes that say the same of several tasks are one line, where the first stands."""
    alike: dict[Any, list[Finding]] = {}
    for at, each in enumerate(findings):
        said = (each.code, each.column, each.message, tuple(sorted(each.params.items())))
        alike.setdefault(said if each.severity == "note" and each.task else at, []).append(each)
    return tuple(_told(same) for same in alike.values())


def _told(same: Sequence[Finding]) -> Told:
    first = same[0] if len(same) == 1 else replace(same[0], place=None)
    return Told(first, tuple(dict.fromkeys(each.task for each in same if each.task)), tuple(same))


@dataclass(frozen=True, slots=True)
class FindingList:
    """Findings as the list in a refusal, a line each."""

    findings: Sequence[Finding]

    def text(self, translate: Callable[[str], str] = identity) -> str:
        """The lines, in the language of the refusal."""
        return "\n".join(f"- {each.text(translate)}" for each in told_once(self.findings))


def _where(told: Told, translate: Callable[[str], str]) -> Iterator[str]:
    column, place = told.finding.column, told.finding.place
    if len(told.tasks) == 1:
        yield translate(N_("nhiệm vụ %(number)s")) % {"number": told.tasks[0]}
    elif told.tasks:
        numbers = ", ".join(told.tasks[:MOST_NAMED]) + (", …" if len(told.tasks) > MOST_NAMED else "")
        yield translate(N_("các nhiệm vụ %(numbers)s")) % {"numbers": numbers}
    if column:
        yield translate(N_("cột %(name)s")) % {"name": translate(COLUMNS.get(column, column))}
    if place and place.sheet:
        yield translate(N_("trang tính %(name)s")) % {"name": place.sheet}
    if place and place.page:
        yield translate(N_("trang %(n)s")) % {"n": place.page}
    if place and place.row:
        yield translate(N_("dòng %(n)s")) % {"n": place.row}


def _change_json(change: FieldChange) -> dict[str, Any]:
    said: dict[str, Any] = {"field": change.field, "old": change.old, "new": change.new}
    return said if change.milestone is None else said | {"milestone": change.milestone}


def _row_json(row: RowDifference) -> dict[str, Any]:
    changes = [_change_json(change) for change in row.changes]
    said = {"kind": row.told, "number": row.shown.number, "title": row.shown.title, "changes": changes}
    return said | ({"milestones": len(row.milestones)} if changes else {})


def _finding_json(finding: Finding) -> dict[str, Any]:
    names = ("severity", "task", "column", "code")
    return {name: getattr(finding, name) for name in names} | {"message": finding.text()}


def _head_json(head: AmendmentHead) -> dict[str, Any]:
    return {"number": head.number, "issued_on": head.issued_on.isoformat(), "issuer": head.issuer, "note": head.note}
