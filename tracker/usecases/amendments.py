"""Single edits of a plan under a decision: a cell of a task, a task that goes, a task that comes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, tzinfo
from typing import Literal

from tracker.domain.access import ask_to_amend
from tracker.domain.amendments import Amendment, AmendmentHead, rebuilt
from tracker.domain.calendar_days import local_day
from tracker.domain.differences import StoredTask
from tracker.domain.errors import Refused, StaleState
from tracker.domain.names import squeeze
from tracker.domain.people import Person
from tracker.domain.plan_document import Finding, Place, PlanDocument, ReadMilestone, ReadTask
from tracker.domain.reading.checks import check
from tracker.domain.reading.headings import ColumnKind
from tracker.domain.reading.parties import PartyReader
from tracker.domain.reading.periods import plan_year
from tracker.domain.reading.phrases import TimeContext
from tracker.domain.reading.plan import read_again
from tracker.domain.units import Directory
from tracker.domain.views import PlanHead
from tracker.domain.words import N_
from tracker.store import amendments, units
from tracker.store.holidays import office_days
from tracker.usecases.import_questions import refuse_errors
from tracker.usecases.import_results import ImportResult
from tracker.usecases.imports import Job, carry_out, open_amendment, record

CELLS: tuple[ColumnKind, ...] = ("number", "title", "product", "leads", "partners", "start", "due")
TIMES = ("start", "due")
_DUE_REMOVED = N_(
    "Sửa đổi này bỏ hạn của nhiệm vụ (đang ghi “%(text)s”, ghi lại là “%(new)s”). Hãy xem có đúng ý không."
)
_START_REMOVED = N_(
    "Sửa đổi này bỏ ngày bắt đầu của nhiệm vụ (đang ghi “%(text)s”, ghi lại là “%(new)s”). Hãy xem có đúng ý không."
)
_WRONG_CELLS = N_("Chưa ghi được vì nội dung vừa điền có lỗi; chưa ghi gì. Hãy sửa:\n%(list)s")
MOST_CHARACTERS = 4_000


@dataclass(frozen=True, slots=True)
class TaskEdit:
    """One edit: `task_id` None is a new task, put after the task `after` or at the end.

    `cells` maps a column (CELLS) to its text as a plan would have it; a column not given stays. `drop` is the reason
    for which the task goes. `seen` is how many changes of the task the person knew of, None where that is not asked.
    """

    task_id: int | None
    cells: Mapping[ColumnKind, str] = field(default_factory=dict)
    drop: str | None = None
    after: int | None = None
    seen: int | None = None


def amend(
    person: Person,
    plan_id: int,
    head: AmendmentHead,
    edits: Sequence[TaskEdit],
    *,
    now: datetime,
    zone: tzinfo = UTC,
    dry_run: bool = False,
    accept_defaults: bool = False,
) -> ImportResult:
    """Change tasks of a plan under a decision, in one transaction; units and dates are read as in a document.

    Several edits may be recorded one after the other under the same decision while it is the latest. Forbidden for
    others than the plan's monitors and administrators; Refused for what `import_plan` refuses, for a task the plan
    does not have and for an edit that says nothing; StaleState where somebody has changed the task meanwhile.
    """
    asked = PlanDocument("", None, ())
    job = Job(asked, now, local_day(now, zone), plan_id, dry_run=dry_run, amendment=head, person=person)
    return carry_out(lambda: _step(person, job, edits), dry_run, accept_defaults)


def _step(person: Person, job: Job, edits: Sequence[TaskEdit]) -> ImportResult:
    plan, head, known = open_amendment(job)
    ask_to_amend(person, plan.monitor_unit_ids)
    _refuse_unless_latest(plan, known)
    directory = units.directory()
    bench = _Bench(plan, directory, [each for each in rebuilt(amendments.look(plan.id)) if each.dropped_on is None])
    for edit in edits:
        bench.apply(edit)
    document = PlanDocument(plan.title, plan.school_year, tuple(bench.tasks), tuple(bench.all_findings()))
    refuse_errors(document, _WRONG_CELLS)
    same = dict(enumerate(bench.ids))
    ready = replace(job, document=document, amendment=head, same=same, reasons=bench.reasons)
    return record(ready, plan, bench.tasks, directory, known)


def _refuse_unless_latest(plan: PlanHead, known: Amendment | None) -> None:
    recorded = amendments.of_plan(plan.id)
    if known and recorded and recorded[-1].id != known.id:
        raise Refused(
            N_("Sau điều chỉnh số %(number)s đã có điều chỉnh số %(later)s; không ghi thêm vào điều chỉnh trước được."),
            number=known.head.number,
            later=recorded[-1].head.number,
        )


class _Bench:
    """The rows of a plan while edits are made; `ids` tells for each row its task, None for a new one."""

    def __init__(self, plan: PlanHead, directory: Directory, stored: Sequence[StoredTask]) -> None:
        self.plan_id, self.directory = plan.id, directory
        self.year = plan_year(plan.school_year) if plan.school_year else None
        office = office_days()
        self.context = TimeContext(office.of_year(self.year), plan.issued_on, days_off=office.off)
        self.reader = PartyReader(directory)
        self.ids: list[int | None] = [each.id for each in stored]
        self.tasks = [each.content for each in stored]
        self.before = tuple(self.tasks)
        self.findings: list[Finding] = []
        self.reasons: dict[int, str] = {}

    def apply(self, edit: TaskEdit) -> None:
        """Make one edit."""
        texts = {name: edit.cells[name].replace("\r\n", "\n").strip() for name in CELLS if name in edit.cells}
        if any(len(text) > MOST_CHARACTERS for text in (*texts.values(), edit.drop or "")):
            raise Refused(N_("Mỗi ô chỉ chứa tối đa %(most)s ký tự; hãy rút gọn."), most=str(MOST_CHARACTERS))
        if "title" in texts and not texts["title"]:
            raise Refused(N_("Hãy ghi nội dung nhiệm vụ."))
        if edit.task_id is None:
            self._add(edit, texts)
            return
        at = self._place(edit.task_id)
        self._refuse_if_stale(edit)
        if edit.drop is None:
            self.tasks[at] = self._read(self.tasks[at], texts)
        elif not edit.drop.strip():
            raise Refused(N_("Hãy ghi lý do đưa nhiệm vụ ra khỏi kế hoạch."))
        else:
            self.reasons[edit.task_id] = squeeze(edit.drop)
            del self.tasks[at], self.ids[at]

    def all_findings(self) -> Iterator[Finding]:
        """What is odd about the edited cells, and about the plan where it was not odd before; gaps are meant."""
        yield from self.findings
        known = {_told(each) for each in check(self.before, self.directory, self.year)}
        for each in check(self.tasks, self.directory, self.year):
            if each.code != "number-gap" and _told(each) not in known:
                yield each

    def _add(self, edit: TaskEdit, texts: Mapping[ColumnKind, str]) -> None:
        if not texts.get("title"):
            raise Refused(N_("Hãy ghi nội dung nhiệm vụ."))
        at = self._place(edit.after) + 1 if edit.after is not None else len(self.tasks)
        before = self.tasks[at - 1] if at else None
        group = before.group if before else None
        empty = ReadTask("", group, "", None, "", "", (), (), (ReadMilestone("none", None, None),), Place())
        cells: dict[ColumnKind, str] = {name: texts.get(name, "") for name in CELLS}
        cells["number"] = cells["number"] or self._next_number()
        self.tasks.insert(at, self._read(empty, cells))
        self.ids.insert(at, None)

    def _next_number(self) -> str:
        return str(max((int(each.number) for each in self.tasks if each.number.isdigit()), default=0) + 1)

    def _read(self, task: ReadTask, cells: Mapping[ColumnKind, str]) -> ReadTask:
        """The task with other words in the cells given; what is not given stays as it is, extended dates too."""
        read, findings = read_again(task, cells, self.reader, self.context)
        changed: dict[str, object] = {
            name: getattr(read, name) for name in ("number", "title", "product") if name in cells
        }
        for name in ("leads", "partners"):
            if name in cells:
                changed |= {name: getattr(read, name), f"{name}_as_written": getattr(read, f"{name}_as_written")}
        if any(name in cells for name in TIMES):
            changed["milestones"] = read.milestones
        self.findings += (each for each in findings if each.column in cells)
        self.findings += _removed(task, read, cells)
        return replace(task, **changed)  # type: ignore[arg-type]

    def _place(self, task_id: int) -> int:
        if task_id not in self.ids:
            raise Refused(N_("Nhiệm vụ này không có trong kế hoạch, hoặc đã được đưa ra. Hãy chọn lại."))
        return self.ids.index(task_id)

    def _refuse_if_stale(self, edit: TaskEdit) -> None:
        if edit.seen is not None and edit.task_id is not None:
            known = sum(map(len, amendments.by_amendment(self.plan_id, edit.task_id).values()))
            if known != edit.seen:
                raise StaleState(N_("Trong lúc bạn soạn, nhiệm vụ này vừa được điều chỉnh. Hãy mở lại rồi sửa tiếp."))


def _removed(before: ReadTask, after: ReadTask, cells: Mapping[ColumnKind, str]) -> Iterator[Finding]:
    """Whether an edit of the cells of time takes away a due date the task has, or of the start its start."""
    if "due" in cells or "start" in cells:
        dues, left = ([each.due for each in task.milestones if each.due] for task in (before, after))
        if len(left) < len(dues):
            params = {"text": _written(before, "due"), "new": _written(after, "due")}
            yield Finding("question", after.number, "due", "due-removed", _DUE_REMOVED, params, before.place)
    begun, begins = (any(each.start for each in task.milestones) for task in (before, after))
    if "start" in cells and begun and not begins:
        params = {"text": _written(before, "start"), "new": _written(after, "start")}
        yield Finding("question", after.number, "start", "start-removed", _START_REMOVED, params, before.place)


def _written(task: ReadTask, column: Literal["start", "due"]) -> str:
    first = task.milestones[0]
    return squeeze(first.due_as_written if column == "due" else first.start_as_written)


def _told(finding: Finding) -> tuple[str, str | None, str | None, str]:
    return finding.code, finding.task, finding.column, finding.text()
