"""Importing a plan: the difference between a document and what is stored, then all of it or nothing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, tzinfo
from functools import cache

from tracker.domain.amendments import Amendment, AmendmentHead, Look, changes_between, check_head, check_order, rebuilt
from tracker.domain.assignments import PlannedShare, only_known, planned_shares
from tracker.domain.calendar_days import local_day
from tracker.domain.differences import Difference, FieldChange, RowDifference, StoredTask, compare
from tracker.domain.errors import PLANS, NotFound, Refused
from tracker.domain.import_corrections import CorrectedCell
from tracker.domain.import_listed import compare_listed, lacks_most, speaks_of_some
from tracker.domain.people import Person
from tracker.domain.plan_document import PlanDocument, ReadTask
from tracker.domain.units import Directory
from tracker.domain.views import PlanHead
from tracker.domain.words import N_
from tracker.store import amendments, plans, units
from tracker.store import imports as store
from tracker.store.database import transaction
from tracker.store.feeds import touch_milestones
from tracker.store.history import record_change
from tracker.usecases import import_corrections as corrections
from tracker.usecases.import_heads import plan_changes_of, watch
from tracker.usecases.import_questions import (
    alike_plan,
    questions,
    refuse,
    refuse_errors,
    without_findings,
)
from tracker.usecases.import_results import AlikePlan, EarlierVersion, ImportResult, SkippedRow

DROPPED = "không còn trong văn bản nhập ngày {day}"
DROPPED_BY = "theo điều chỉnh số {number} ngày {day}"
UNANSWERED = N_(
    "Chưa nhập vì còn điểm cần người quyết định; chưa ghi gì. Hãy sửa văn bản, hoặc nhập lại với --accept-defaults để "
    "theo cách hiểu đã nêu:\n%(list)s"
)


def import_plan(
    document: PlanDocument,
    *,
    now: datetime,
    plan_id: int | None = None,
    monitors: Sequence[str] | None = None,
    dry_run: bool = False,
    accept_defaults: bool = False,
    zone: tzinfo = UTC,
    amendment: AmendmentHead | None = None,
    same: Mapping[int, int | None] | None = None,
    meant: "Meant | None" = None,
    person: Person | None = None,
) -> ImportResult:
    """Bring the stored plan to what `document` says, in one transaction; `now` is aware, `zone` gives its day.

    The plan is `plan_id`, else the one of the same school year and title, else a new one watched by `monitors` (unit
    codes; by default the units of the people who are monitors). With `amendment` the document is a revised plan: all
    it replaces is kept under that decision and holds from its day; the plan's own title and number stay. The same
    amendment a second time changes nothing. `same` tells, for a row of the document (from 0), which stored task it is
    (its id), or that it is new (None); `meant` what else a person said of the document.

    Refused, with nothing written, where the document has errors, or questions about rows that would change and not
    `accept_defaults`, where an amended plan would change without an amendment, and where an amendment changes nothing
    or contradicts what is recorded; NotFound for an unknown `plan_id`.
    A dry run refuses errors and amendments that cannot be, and undoes everything at the end.
    """
    meant = meant or Meant()
    document = without_findings(document, meant.skipped)
    refuse_errors(document)
    today = local_day(now, zone)
    job = Job(document, now, today, plan_id, monitors, dry_run, amendment, same or {}, person=person, meant=meant)
    return carry_out(lambda: _amend(job) if amendment else _import(job), dry_run, accept_defaults)


def carry_out(step: Callable[[], ImportResult], dry_run: bool, accept_defaults: bool) -> ImportResult:
    """Do one import in one transaction; a dry run undoes it at the end, open questions refuse it."""
    try:
        with transaction():
            result = step()
            if dry_run:
                raise _Undo(result)
            refuse(() if accept_defaults else result.questions, UNANSWERED)
            return result
    except _Undo as undo:
        return undo.result


class _Undo(Exception):
    """Ends the transaction of a dry run without writing."""

    def __init__(self, result: ImportResult) -> None:
        super().__init__()
        self.result = result


@dataclass(frozen=True, slots=True)
class Meant:
    """What a person said of a document beside its rows.

    `skipped` are rows that are left out (from 0), with the reason. `only_listed` says that the document names the
    changed tasks alone, False that it is the whole plan; None takes it by its own title (`titled`, where it goes under
    the plan's) and, for an amendment, by how many tasks it names, and asks. `as_new` says that a plan much like a
    stored one is another one all the same. `corrected` are the cells that differ from the document, which is kept as
    `document_id`.
    """

    skipped: Mapping[int, str] = field(default_factory=dict)
    only_listed: bool | None = None
    as_new: bool = False
    titled: str = ""
    corrected: Sequence[CorrectedCell] = ()
    document_id: int | None = None


WHOLE = Meant(only_listed=False)


@dataclass(frozen=True, slots=True)
class Job:
    """What one import was asked to do."""

    document: PlanDocument
    now: datetime
    today: date
    plan_id: int | None = None
    monitors: Sequence[str] | None = None
    dry_run: bool = False
    amendment: AmendmentHead | None = None
    same: Mapping[int, int | None] = field(default_factory=dict)
    reasons: Mapping[int, str] = field(default_factory=dict)  # why a task is dropped, by its id
    person: Person | None = None  # None for the command line
    meant: Meant = WHOLE


def _import(job: Job) -> ImportResult:
    document, directory = job.document, units.directory()
    found = store.find_plan(document.title, document.school_year) if job.plan_id is None else job.plan_id
    plan = _plan(found) if found else None
    tasks = _known_tasks(document, directory)
    if plan and plan.changed_on and (recorded := amendments.of_plan(plan.id)):
        return _unchanged_or_refused(job, plan, tasks, recorded)
    difference = _compared(job, store.stored_tasks(plan.id) if plan else (), tasks, job.same)
    plan_changes = plan_changes_of(plan.id, document) if plan and not difference.only_listed else ()
    alike = None if plan or job.meant.as_new else alike_plan(tasks, document.school_year)
    target = plan.id if plan else store.add_plan(document, job.now)
    watched = watch(target, job.monitors, is_new=plan is None)
    if plan_changes:
        store.change_plan(target, {change.field: getattr(document, change.field) for change in plan_changes})
    owed_by = sharing(directory, _effective_on(document, job.today), plan)
    writer = store.PlanWriter(target, job.now, job.today, owed_by)
    write(writer, difference.rows, DROPPED.format(day=f"{job.today:%d/%m/%Y}"), job.reasons)
    written = writer.written
    _keep_corrections(job, target, tasks)
    result = _result(job, target, difference, plan, plan_changes=plan_changes, shares=written.shares, alike=alike)
    _write_down(job, result, target, {change.field: (change.old, change.new) for change in plan_changes} | watched)
    if not result.changes_nothing:
        touch_milestones(written.changed_milestones, job.now, left_units=written.unit_ids, plan_ids=[target])
    return result


def _amend(job: Job) -> ImportResult:
    """Import a revised document, or refuse what cannot be recorded."""
    plan, head, known = open_amendment(job)
    directory = units.directory()
    tasks = _known_tasks(job.document, directory)
    if known:
        stored = rebuilt(amendments.look_after(known))
        difference = _compared(job, stored, tasks, _still(job.same, stored))
        if not _alike(difference):
            raise Refused(
                N_(
                    "Điều chỉnh số %(number)s ngày %(day)s đã được ghi với nội dung khác; chưa ghi gì. Nếu là quyết "
                    "định khác, hãy kiểm tra số và ngày; nếu cần sửa, hãy ghi một điều chỉnh mới."
                ),
                **_named(head),
            )
        return _result(job, plan.id, difference, plan)
    return record(replace(job, amendment=head), plan, tasks, directory)


def open_amendment(job: Job) -> tuple[PlanHead, AmendmentHead, Amendment | None]:
    """The plan to amend, the tidy head, and the decision already recorded under that number, if any."""
    assert job.amendment is not None
    plan_id = job.plan_id or store.find_plan(job.document.title, job.document.school_year)
    if plan_id is None:
        raise Refused(N_("Hãy chọn kế hoạch được điều chỉnh (--plan ID)."))
    plan = _plan(plan_id)
    if plan.state != "in_force":
        raise Refused(N_("Chỉ điều chỉnh được kế hoạch đang có hiệu lực; kế hoạch này là dự thảo hoặc đã khép lại."))
    head = check_head(job.amendment, plan.issued_on, job.today)
    return plan, head, check_order(head, amendments.of_plan(plan.id))


def record(
    job: Job, plan: PlanHead, tasks: Sequence[ReadTask], directory: Directory, known: Amendment | None = None
) -> ImportResult:
    """Bring the plan to `tasks` and keep all that this replaces under the amendment; Refused where it is nothing.

    `known` is the decision where it is recorded already and gets more changes.
    """
    head = job.amendment
    assert head is not None
    before = amendments.look(plan.id)
    difference = _compared(job, rebuilt(before), tasks, job.same)
    writer = store.PlanWriter(plan.id, job.now, head.issued_on, sharing(directory, head.issued_on, plan))
    write(writer, difference.rows, DROPPED_BY.format(**_named(head)), job.reasons)
    _keep_corrections(job, plan.id, tasks)
    changes = changes_between(before, amendments.look(plan.id))
    if not changes:
        raise Refused(
            N_("Điều chỉnh số %(number)s ngày %(day)s không đổi gì so với kế hoạch đang có hiệu lực; chưa ghi gì."),
            **_named(head),
        )
    amendment_id = known.id if known else amendments.add(plan.id, head, job.now)
    amendments.add_changes(plan.id, changes, head.issued_on, amendment_id)
    written = writer.written
    touch_milestones(written.changed_milestones, job.now, left_units=written.unit_ids)
    result = _result(job, plan.id, difference, plan, shares=written.shares, replaced=len(changes))
    _write_down(job, result, plan.id, {})
    return result


def _keep_corrections(job: Job, plan_id: int, tasks: Sequence[ReadTask]) -> None:
    cells, document_id = job.meant.corrected, job.meant.document_id
    corrections.keep(plan_id, tasks, cells, job.same, document_id=document_id, person=job.person, now=job.now)


def _write_down(job: Job, result: ImportResult, plan_id: int, fields: Mapping[str, tuple[object, object]]) -> None:
    """Put into the history how many tasks came, changed and went, and what else differs; nothing where nothing did."""
    counts = {kind: n for kind, n in result.counts.items() if n and kind != "unchanged"}
    if result.skipped:
        fields = {**fields, "skipped": (None, [f"{each.number}: {each.reason}" for each in result.skipped])}
    if result.corrected:
        fields = {**fields, "corrected": (None, corrections.in_history(result.corrected))}
    head = job.amendment
    record_change(
        "plan.amended" if head else "plan.imported",
        "plan",
        plan_id,
        now=job.now,
        person=job.person,
        label=result.title,
        fields={"tasks": (None, counts or None), **fields},
        reason="{number}, {day}".format(**_named(head)) if head else "",
    )


def _unchanged_or_refused(
    job: Job, plan: PlanHead, tasks: Sequence[ReadTask], recorded: Sequence[Amendment]
) -> ImportResult:
    """An amended plan: a document it has been changes nothing, any other needs the number of its decision."""
    now = rebuilt(amendments.look(plan.id))
    looks: list[tuple[str | None, Look]] = [(None, amendments.look_on(plan.id, None))]
    looks += [(each.head.number, amendments.look_after(each)) for each in recorded[:-1]]
    if _alike(difference := _compared(job, now, tasks, _still(job.same, now))):
        return _result(job, plan.id, difference, plan)
    differs = sum(row.kind != "unchanged" for row in difference.rows)
    for number, look in looks:
        stored = rebuilt(look)
        if _alike(before := _compared(job, stored, tasks, _still(job.same, stored))):
            return _result(job, plan.id, before, plan, earlier=EarlierVersion(plan.id, number, differs))
    raise Refused(
        N_(
            "Kế hoạch này đã có điều chỉnh số %(number)s ngày %(day)s, nên chỉ đổi được dưới một quyết định khác; chưa "
            "ghi gì. Hãy nhập văn bản kèm số và ngày của quyết định (--amendment, --issued)."
        ),
        **_named(recorded[-1].head),
    )


def _alike(difference: Difference) -> bool:
    return all(row.kind == "unchanged" for row in difference.rows)


def _still(same: Mapping[int, int | None], stored: Sequence[StoredTask]) -> dict[int, int | None]:
    """What a person decided about rows, as far as an earlier plan has those tasks."""
    living = {task.id for task in stored if task.dropped_on is None}
    return {at: task_id for at, task_id in same.items() if task_id is None or task_id in living}


def _named(head: AmendmentHead) -> dict[str, str]:
    return {"number": head.number, "day": f"{head.issued_on:%d/%m/%Y}"}


def _plan(plan_id: int) -> PlanHead:
    found = plans.head(plan_id)
    if found is None:
        raise NotFound(N_("Không có kế hoạch số %(id)s. Hãy chọn lại kế hoạch."), id=str(plan_id)).see(PLANS)
    return found


def _known_tasks(document: PlanDocument, directory: Directory) -> list[ReadTask]:
    return [only_known(task, lambda code: directory.get(code) is not None) for task in document.tasks]


def _compared(
    job: Job, stored: Sequence[StoredTask], tasks: Sequence[ReadTask], same: Mapping[int, int | None]
) -> Difference:
    """The difference, of the whole plan or of what the document lists alone, as was decided or as it seems to be."""
    living = {task.id for task in stored if task.dropped_on is None}
    chosen = [task_id for task_id in same.values() if task_id is not None]
    wrong = [task_id for task_id in chosen if task_id not in living]
    if wrong or len(set(chosen)) < len(chosen) or not all(0 <= at < len(tasks) for at in (*same, *job.meant.skipped)):
        raise Refused(N_("Nhiệm vụ được chọn không còn trong kế hoạch, hoặc được chọn hai lần. Hãy chọn lại."))
    whole = compare(stored, tasks, same, job.meant.skipped)
    listed = job.meant.only_listed
    if listed is None:
        listed = bool(living) and (
            speaks_of_some(job.meant.titled or job.document.title) or (job.amendment is not None and lacks_most(whole))
        )
    return compare_listed(stored, tasks, same, job.meant.skipped) if listed else whole


def _result(
    job: Job,
    plan_id: int,
    difference: Difference,
    plan: PlanHead | None,
    *,
    plan_changes: tuple[FieldChange, ...] = (),
    shares: int = 0,
    replaced: int = 0,
    alike: AlikePlan | None = None,
    earlier: EarlierVersion | None = None,
) -> ImportResult:
    document = job.document
    left_out = [(document.tasks[at], reason) for at, reason in sorted(job.meant.skipped.items())]
    return ImportResult(
        plan_id=None if job.dry_run and plan is None else plan_id,
        title=document.title,
        school_year=document.school_year,
        is_new=plan is None,
        dry_run=job.dry_run,
        rows=difference.rows,
        plan_changes=plan_changes,
        milestones=sum(len(task.milestones) for at, task in enumerate(document.tasks) if at not in job.meant.skipped),
        shares=shares,
        questions=questions(document, difference, alike, job.reasons, scope_decided=job.meant.only_listed is not None),
        notes=tuple(each for each in document.findings if each.severity == "note"),
        doubts=difference.doubts,
        amendment=job.amendment,
        replaced=replaced,
        only_listed=difference.only_listed,
        skipped=tuple(SkippedRow(task.number, task.title, reason) for task, reason in left_out),
        corrected=corrections.told(document.tasks, job.meant.corrected),
        alike=alike,
        earlier=earlier,
        watched=bool(store.monitor_ids(plan_id)),
    )


def write(
    writer: store.PlanWriter, rows: Sequence[RowDifference], reason: str, reasons: Mapping[int, str] | None = None
) -> None:
    """Write rows; a task that is gone is dropped with its own reason (by its id), else with `reason`."""
    writer.add([row for row in rows if row.kind == "added"])
    for row in rows:
        if row.kind == "changed":
            writer.drop_milestones(row, reason)
            writer.change(row)
        elif row.kind == "dropped" and row.stored:
            own = (reasons or {}).get(row.stored.id)
            writer.drop(row, f"{own} ({reason})" if own else reason)
        elif row.kind == "unchanged":
            writer.move(row)


def _effective_on(document: PlanDocument, today: date) -> date:
    """The day on which groups are resolved: that of issue, else the plan's first date, else today."""
    days = [day for task in document.tasks for each in task.milestones if (day := each.start or each.due)]
    return document.issued_on or min(days, default=today)


def sharing(
    directory: Directory, on: date, plan: PlanHead | None = None
) -> Callable[[ReadTask], tuple[PlannedShare, ...]]:
    """Whose work a task is on that day; nobody's while the plan is a draft."""
    if plan and plan.state == "draft":
        return lambda _task: ()

    @cache
    def expand(code: str) -> tuple[str, ...]:
        return directory.expand(code, on=on)

    return lambda task: planned_shares(task.leads, task.partners, expand)
