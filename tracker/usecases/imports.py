"""Importing a plan: the difference between a document and what is stored, then all of it or nothing."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from functools import cache
from typing import Any

from tracker.domain.assignments import PlannedShare, only_known, planned_shares
from tracker.domain.calendar_days import local_day
from tracker.domain.differences import FieldChange, RowDifference, compare
from tracker.domain.errors import NotFound, Refused
from tracker.domain.plan_document import Finding, PlanDocument, ReadTask
from tracker.domain.units import Directory
from tracker.domain.words import N_
from tracker.store import imports as store
from tracker.store import units
from tracker.store.database import transaction
from tracker.store.feeds import touch_milestones

DROPPED = "không còn trong văn bản nhập ngày {day}"
COLUMNS = {
    "number": N_("số thứ tự"),
    "group": N_("nhóm"),
    "title": N_("nội dung"),
    "product": N_("sản phẩm"),
    "leads": N_("đơn vị chủ trì"),
    "partners": N_("đơn vị phối hợp"),
    "start": N_("bắt đầu"),
    "due": N_("hoàn thành"),
}


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import did, or in a dry run would do. `questions` are those that took their shown default."""

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

    @property
    def counts(self) -> dict[str, int]:
        """Rows added, changed, dropped and unchanged."""
        counted = Counter(row.kind for row in self.rows)
        return {kind: counted[kind] for kind in ("added", "changed", "dropped", "unchanged")}

    @property
    def changes_nothing(self) -> bool:
        """Whether the document says what is stored already."""
        return not self.is_new and not self.plan_changes and self.counts["unchanged"] == len(self.rows)

    def as_json(self) -> dict[str, Any]:
        """The result as plain lists, texts and numbers."""
        return {
            "plan": {"id": self.plan_id, "title": self.title, "school_year": self.school_year, "new": self.is_new},
            "dry_run": self.dry_run,
            "counts": self.counts,
            "milestones": self.milestones,
            "shares_added": self.shares,
            "plan_changes": [_change_json(change) for change in self.plan_changes],
            "rows": [_row_json(row) for row in self.rows if row.kind != "unchanged"],
            "findings": [_finding_json(each) for each in (*self.questions, *self.notes)],
        }


def import_plan(
    document: PlanDocument,
    *,
    now: datetime,
    plan_id: int | None = None,
    monitors: Sequence[str] | None = None,
    dry_run: bool = False,
    accept_defaults: bool = False,
    zone: tzinfo = UTC,
) -> ImportResult:
    """Bring the stored plan to what `document` says, in one transaction; `now` is aware, `zone` gives its day.

    The plan is `plan_id`, else the one of the same school year and title, else a new one watched by `monitors` (unit
    codes; by default the units of the people who are monitors). Refused, with nothing written, where the document has
    errors, or questions about rows that would change and not `accept_defaults`; NotFound for an unknown `plan_id`.
    A dry run refuses errors alone and undoes everything at the end.
    """
    _refuse(document.errors, N_("Chưa nhập được vì văn bản có lỗi; chưa ghi gì. Hãy sửa rồi nhập lại:\n%(list)s"))
    try:
        with transaction():
            result = _import(document, now, local_day(now, zone), plan_id, monitors, dry_run)
            if dry_run:
                raise _Undo(result)
            _refuse(() if accept_defaults else result.questions, UNANSWERED)
            return result
    except _Undo as undo:
        return undo.result


UNANSWERED = N_(
    "Chưa nhập vì còn điểm cần người quyết định; chưa ghi gì. Hãy sửa văn bản, hoặc nhập lại với --accept-defaults để "
    "theo cách hiểu đã nêu:\n%(list)s"
)


class _Undo(Exception):
    """Ends the transaction of a dry run without writing."""

    def __init__(self, result: ImportResult) -> None:
        super().__init__()
        self.result = result


def _import(
    document: PlanDocument,
    now: datetime,
    today: date,
    plan_id: int | None,
    monitors: Sequence[str] | None,
    dry_run: bool,
) -> ImportResult:
    directory = units.directory()
    tasks = [only_known(task, lambda code: directory.get(code) is not None) for task in document.tasks]
    found = store.find_plan(document.title, document.school_year) if plan_id is None else plan_id
    plan_changes = _plan_changes(found, document) if found else ()
    rows = compare(store.stored_tasks(found) if found else (), tasks)
    target = found or store.add_plan(document, now)
    _watch(target, monitors, is_new=found is None)
    if plan_changes:
        store.change_plan(target, {change.field: getattr(document, change.field) for change in plan_changes})
    writer = store.PlanWriter(target, now, today, _sharing(directory, _effective_on(document, today)))
    _write(writer, rows, DROPPED.format(day=f"{today:%d/%m/%Y}"))
    written = writer.written
    result = ImportResult(
        plan_id=None if dry_run and found is None else target,
        title=document.title,
        school_year=document.school_year,
        is_new=found is None,
        dry_run=dry_run,
        rows=rows,
        plan_changes=plan_changes,
        milestones=sum(len(task.milestones) for task in tasks),
        shares=written.shares,
        questions=_open_questions(document, rows),
        notes=tuple(each for each in document.findings if each.severity == "note"),
    )
    if not result.changes_nothing:
        touch_milestones(written.changed_milestones, now, left_units=written.unit_ids, plan_ids=[target])
    return result


def _write(writer: store.PlanWriter, rows: Sequence[RowDifference], reason: str) -> None:
    writer.add([row for row in rows if row.kind == "added"])
    for row in rows:
        if row.kind == "changed":
            writer.drop_milestones(row, reason)
            writer.change(row)
        elif row.kind == "dropped":
            writer.drop(row, reason)
        elif row.kind == "unchanged":
            writer.move(row)


def _plan_changes(plan_id: int, document: PlanDocument) -> tuple[FieldChange, ...]:
    """What the document says otherwise of the plan itself; what it does not say stays."""
    stored = store.plan_fields(plan_id)
    if stored is None:
        raise NotFound(N_("Không có kế hoạch số %(id)s. Xem các kế hoạch bằng: tracker plan status."), id=str(plan_id))
    said = {name: getattr(document, name) for name in store.HEAD_FIELDS}
    return tuple(
        FieldChange(name, str(stored[name] or ""), str(new))
        for name, new in said.items()
        if new and new != stored[name]
    )


def _watch(plan_id: int, codes: Sequence[str] | None, *, is_new: bool) -> None:
    if codes is None:
        if is_new:
            store.set_monitors(plan_id, store.units_of_monitors())
        return
    known = units.ids_by_code()
    unknown = [code for code in codes if code not in known]
    if unknown:
        raise Refused(N_("Không có đơn vị theo dõi với mã: %(codes)s."), codes=", ".join(unknown))
    wanted = [known[code] for code in codes]
    if wanted != store.monitor_ids(plan_id):
        store.set_monitors(plan_id, wanted)


def _effective_on(document: PlanDocument, today: date) -> date:
    """The day on which groups are resolved: that of issue, else the plan's first date, else today."""
    days = [day for task in document.tasks for each in task.milestones if (day := each.start or each.due)]
    return document.issued_on or min(days, default=today)


def _sharing(directory: Directory, on: date) -> Callable[[ReadTask], tuple[PlannedShare, ...]]:
    @cache
    def expand(code: str) -> tuple[str, ...]:
        return directory.expand(code, on=on)

    return lambda task: planned_shares(task.leads, task.partners, expand)


def _open_questions(document: PlanDocument, rows: Sequence[RowDifference]) -> tuple[Finding, ...]:
    """Questions about rows that change: one about a row stored as it is was answered when it was stored."""
    touched = {row.shown.number for row in rows if row.kind in ("added", "changed")}
    asked = (each for each in document.findings if each.severity == "question")
    return tuple(each for each in asked if touched and (each.task is None or each.task in touched))


def _refuse(findings: Sequence[Finding], message: str) -> None:
    if findings:
        raise Refused(message, list="\n".join(f"- {described(each)}" for each in findings))


def described(finding: Finding) -> str:
    """A finding with its place, for a list: 'nhiệm vụ 7, cột hoàn thành, dòng 212: …'."""
    place = finding.place
    parts = [
        f"nhiệm vụ {finding.task}" if finding.task else "",
        f"cột {COLUMNS.get(finding.column, finding.column)}" if finding.column else "",
        f"trang {place.page}" if place and place.page else "",
        f"dòng {place.row}" if place and place.row else "",
    ]
    where = ", ".join(part for part in parts if part)
    return f"{where}: {finding.text()}" if where else finding.text()


def _change_json(change: FieldChange) -> dict[str, Any]:
    said: dict[str, Any] = {"field": change.field, "old": change.old, "new": change.new}
    return said if change.milestone is None else said | {"milestone": change.milestone}


def _row_json(row: RowDifference) -> dict[str, Any]:
    changes = [_change_json(change) for change in row.changes]
    return {"kind": row.kind, "number": row.shown.number, "title": row.shown.title, "changes": changes}


def _finding_json(finding: Finding) -> dict[str, Any]:
    names = ("severity", "task", "column", "code")
    return {name: getattr(finding, name) for name in names} | {"message": finding.text()}
