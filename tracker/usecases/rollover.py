"""Next year's plan: a draft from this year's, what a person decides about its guesses, and the step into force."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, tzinfo
from typing import Any

from tracker.adapters.files import FileStore
from tracker.domain.access import ask_to_amend
from tracker.domain.calendar_days import local_day
from tracker.domain.differences import StoredTask, compare
from tracker.domain.errors import NotFound, Refused, StaleState
from tracker.domain.names import squeeze
from tracker.domain.people import Person
from tracker.domain.plan_document import PlanDocument, ReadTask
from tracker.domain.reading.parties import PartyReader
from tracker.domain.reading.periods import plan_year
from tracker.domain.reading.phrases import TimeContext
from tracker.domain.reading.plan import read_again
from tracker.domain.rollover import PLAN_TITLE, TIMES, Proposal, roll_over, successions, takes_effect, target_year
from tracker.domain.units import Directory
from tracker.domain.views import PlanHead
from tracker.domain.words import N_
from tracker.store import documents, drafts, import_drafts, plans, units
from tracker.store import imports as store
from tracker.store.database import transaction
from tracker.store.drafts import DraftContents, DraftQuestion
from tracker.store.feeds import touch_milestones
from tracker.store.history import record_change
from tracker.store.holidays import office_days
from tracker.usecases.imports import sharing, write

GONE = N_("Không tìm thấy dự thảo này: có thể đã có người bỏ. Hãy mở lại từ trang Kế hoạch.")
ACCEPT, EDIT, REFUSE = "accepted", "edited", "refused"
LONGEST = 4_000


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft that was made, or in a dry run would be: `plan_id` None then."""

    plan_id: int | None
    source: PlanHead
    title: str
    school_year: str
    tasks: tuple[ReadTask, ...]
    proposals: tuple[Proposal, ...]

    def as_json(self) -> dict[str, Any]:
        """The draft as plain lists and texts."""
        numbers = {at: task.number for at, task in enumerate(self.tasks)}
        return {
            "plan": {"id": self.plan_id, "title": self.title, "school_year": self.school_year, "state": "draft"},
            "from": {"id": self.source.id, "title": self.source.title, "school_year": self.source.school_year},
            "tasks": len(self.tasks),
            "milestones": sum(len(task.milestones) for task in self.tasks),
            "proposals": [
                {
                    "task": None if each.at is None else numbers[each.at],
                    "field": each.field,
                    "old": each.old,
                    "new": each.new,
                    "reason": each.reason,
                    "to_confirm": not each.certain,
                }
                for each in self.proposals
            ],
        }


def roll_plan_over(
    to: str,
    *,
    now: datetime,
    zone: tzinfo = UTC,
    plan_id: int | None = None,
    person: Person | None = None,
    dry_run: bool = False,
) -> Draft:
    """Make the draft of the school year `to` ('2025-2026') from a plan as it holds now, by default the running one.

    A draft is nobody's work: no shares, no reminders, not on calendars. `person` None is the command line. Refused for
    a year that does not follow, for a draft as source, and where that year has a draft already; NotFound without a
    plan; Forbidden for others than the plan's monitors and administrators.
    """
    with transaction():
        today = local_day(now, zone)
        source = plans.running(today) if plan_id is None else plans.head(plan_id)
        if source is None:
            raise NotFound(N_("Không có kế hoạch nào để chuyển sang năm sau."))
        if person:
            ask_to_amend(person, source.monitor_unit_ids)
        if source.state == "draft":
            raise Refused(N_("Kế hoạch này còn là dự thảo; hãy chọn kế hoạch đã ban hành."))
        before, after = target_year(source.school_year, to)
        year = f"{after.first}-{after.last}"
        if existing := drafts.of_year(year):
            raise Refused(N_("Năm học %(year)s đã có dự thảo: kế hoạch số %(id)s."), year=year, id=str(existing))
        living = [each.content for each in store.stored_tasks(source.id) if each.dropped_on is None]
        found = roll_over(source.title, living, before, after, units.directory(), today)
        draft = Draft(None, source, found.title, found.school_year, found.tasks, found.proposals)
        if dry_run:
            return draft
        draft = replace(draft, plan_id=_store(draft, now))
        fields = {"school_year": (source.school_year, year)}
        record_change(
            "plan.rolled_over", "plan", draft.plan_id, now=now, person=person, label=draft.title, fields=fields
        )
        return draft


def _store(draft: Draft, now: datetime) -> int:
    document = PlanDocument(draft.title, draft.school_year, draft.tasks, issuer=draft.source.issuer)
    plan_id = store.add_plan(document, now, state="draft")
    store.set_monitors(plan_id, draft.source.monitor_unit_ids)
    write(_writer(plan_id, now, now.date(), units.directory()), compare((), draft.tasks).rows, "")
    ids = [each.id for each in store.stored_tasks(plan_id)]
    drafts.add_questions(
        plan_id,
        [
            {
                "task_id": None if each.at is None else ids[each.at],
                "field": each.field,
                "old": each.old,
                "proposed": each.new,
                "reason": each.reason,
                "decision": ACCEPT if each.certain else "open",
            }
            for each in draft.proposals
        ],
    )
    return plan_id


def _writer(plan_id: int, now: datetime, today: date, directory: Directory) -> store.PlanWriter:
    plan = plans.head(plan_id)
    return store.PlanWriter(plan_id, now, today, sharing(directory, today, plan))


def decide(
    person: Person,
    plan_id: int,
    decisions: Mapping[int, tuple[str, str]],
    *,
    now: datetime,
    zone: tzinfo = UTC,
    made: str = "",
) -> int:
    """Take decisions on guesses: by id, accepted, refused, or edited with a text; returns how many are still open.

    A refused wording or unit is what it was last year; a refused time leaves the task without that time. Texts are
    read as in a document. Refused for an unknown guess or a text that cannot be read; StaleState once in force, and
    where the draft shown (`made`, its moment as ISO text) was discarded and another one made.
    """
    with transaction():
        plan, today = _draft(person, plan_id, made), local_day(now, zone)
        _follow_units(plan, now, today)
        known = {each.id: each for each in drafts.questions(plan_id)}
        bench = _Bench(plan, units.directory())
        for question_id, (decision, text) in decisions.items():
            question = known.get(question_id)
            if question is None or decision not in (ACCEPT, EDIT, REFUSE):
                raise Refused(N_("Không có đề xuất này. Hãy mở lại trang dự thảo."))
            value = _decided(question, decision, text)
            bench.put(question, value)
            drafts.decide(question_id, decision, value)
        bench.save(now, today)
        fields = {"decisions": (None, len(decisions) or None)}
        record_change("plan.draft_decided", "plan", plan_id, now=now, person=person, label=bench.title, fields=fields)
        return sum(each.decision == "open" for each in drafts.questions(plan_id))


def _decided(question: DraftQuestion, decision: str, text: str) -> str:
    if decision == ACCEPT:
        if not question.proposed and question.reason == "no-heir":
            raise Refused(
                N_("Nhiệm vụ %(number)s: đơn vị cũ không có đơn vị kế thừa. Hãy ghi đơn vị khác hoặc giữ tên cũ."),
                number=question.number,
            )
        return question.proposed
    if decision == REFUSE:
        return "" if question.field in TIMES else question.old
    value = text.replace("\r\n", "\n").strip()
    if len(value) > LONGEST or (not value and question.field in ("title", PLAN_TITLE)):
        raise Refused(N_("Nhiệm vụ %(number)s: hãy ghi nội dung, tối đa 4000 ký tự."), number=question.number or "–")
    return value


class _Bench:
    """The rows of a draft while decisions are made."""

    def __init__(self, plan: PlanHead, directory: Directory, issued_on: date | None = None) -> None:
        self.plan, self.directory, self.title = plan, directory, plan.title
        self.reader = PartyReader(directory)
        office = office_days()
        year = office.of_year(plan_year(plan.school_year or ""))
        self.context = TimeContext(year, issued_on or plan.issued_on, days_off=office.off)
        self.stored: Sequence[StoredTask] = [each for each in store.stored_tasks(plan.id) if each.dropped_on is None]
        self.tasks = {each.id: each.content for each in self.stored}

    def put(self, question: DraftQuestion, value: str) -> None:
        """Put a decided value in its place."""
        if question.task_id is None:
            self.title = squeeze(value)
            return
        self.read(question.task_id, question.field, value)

    def read(self, task_id: int, name: str, value: str) -> None:
        """Read one cell of a task anew; Refused where it cannot be understood at all."""
        task, findings = read_again(self.tasks[task_id], {name: value}, self.reader, self.context)  # type: ignore[dict-item]
        wrong = [each for each in findings if each.severity == "error" and each.column == name]
        if wrong:
            raise Refused(N_("Nhiệm vụ %(number)s: %(what)s"), number=task.number, what=wrong[0])
        self.tasks[task_id] = task

    def save(self, now: datetime, today: date) -> list[StoredTask]:
        """Store what differs; returns the draft's tasks as they are then."""
        if self.title != self.plan.title:
            store.change_plan(self.plan.id, {"title": self.title})
        tasks = [self.tasks[each.id] for each in self.stored]
        rows = compare(self.stored, tasks, {at: each.id for at, each in enumerate(self.stored)}).rows
        write(_writer(self.plan.id, now, today, self.directory), rows, "")
        return store.stored_tasks(self.plan.id)


def _draft(person: Person | None, plan_id: int, made: str = "") -> PlanHead:
    state = drafts.lock(plan_id)
    plan = plans.head(plan_id)
    if plan is None:
        raise NotFound(GONE)
    if person:
        ask_to_amend(person, plan.monitor_unit_ids)
    if state != "draft":
        raise StaleState(N_("Kế hoạch này không còn là dự thảo."))
    if made and drafts.contents(plan_id).made_at.isoformat() != made:
        raise StaleState(N_("Dự thảo bạn đang xem đã bị bỏ và lập lại. Hãy mở lại trang dự thảo."))
    return plan


def _follow_units(plan: PlanHead, now: datetime, today: date) -> None:
    """Let the only heirs of units that have ended take their places in a draft, and ask about the others.

    Nobody is asked again about a unit that a person has kept, or is being asked about.
    """
    bench, rows = _Bench(plan, units.directory()), []
    asked = [each for each in drafts.questions(plan.id) if each.decision != ACCEPT]
    told = {(each.task_id, each.field, each.old, each.proposed) for each in asked}
    for task_id, task in list(bench.tasks.items()):
        for each in successions(task, bench.directory, takes_effect(plan.school_year, today)):
            if (task_id, each.field, each.old, each.new) in told:
                continue
            values = {"field": each.field, "old": each.old, "proposed": each.new, "reason": each.reason}
            rows.append({"task_id": task_id, "decision": ACCEPT if each.clear else "open"} | values)
            if each.clear:
                bench.read(task_id, each.field, each.new)
    drafts.add_questions(plan.id, rows)
    if rows:
        bench.save(now, today)


def put_in_force(
    person: Person,
    plan_id: int,
    *,
    number: str,
    issued_on: date,
    issuer: str = "",
    now: datetime,
    zone: tzinfo = UTC,
    made: str = "",
) -> int:
    """Put a draft in force under its number and day; groups are expanded as they are that day. Returns the shares made.

    The units are those of the day by which it takes effect: where one has ended since the draft was made, its only heir
    takes its place; without one, or with several, a person is asked. Refused while guesses are open, without a number,
    or with a day after today. Times counted from the day of issue are counted now. `made` is as in `decide`.
    """
    today = local_day(now, zone)
    with transaction():  # of its own: what it asks is there to be answered, also where the next one is refused
        _follow_units(_draft(person, plan_id, made), now, today)
    with transaction():
        plan = _draft(person, plan_id, made)
        _ask_ready(plan_id, number, issued_on, today)
        directory = units.directory()
        bench = _Bench(plan, directory, issued_on)
        for task_id, task in list(bench.tasks.items()):
            if any(each.kind == "offset" for each in task.milestones):
                bench.read(task_id, "due", task.milestones[0].due_as_written)
        tasks = bench.save(now, today)
        head = {"state": "in_force", "number": squeeze(number), "issued_on": issued_on}
        store.change_plan(plan_id, head | ({"issuer": squeeze(issuer)} if squeeze(issuer) else {}))
        fields = {name: (getattr(plan, name), value) for name, value in head.items()}
        record_change("plan.put_in_force", "plan", plan_id, now=now, person=person, label=plan.title, fields=fields)
        drafts.settle_dates(plan_id)
        writer = store.PlanWriter(plan_id, now, today, sharing(directory, takes_effect(plan.school_year, today)))
        writer.share_out(tasks)
        milestones = [each.id for task in tasks for each in task.milestones]
        touch_milestones(milestones, now, left_units=writer.written.unit_ids, plan_ids=[plan_id])
        return writer.written.shares


def _ask_ready(plan_id: int, number: str, issued_on: date, today: date) -> None:
    waiting = sum(each.decision == "open" for each in drafts.questions(plan_id))
    if waiting:
        raise Refused(N_("Còn %(n)s đề xuất chưa quyết định, nên chưa đưa vào thực hiện được."), n=str(waiting))
    if not squeeze(number) or len(number) > 80:
        raise Refused(N_("Hãy ghi số của kế hoạch, tối đa 80 ký tự."))
    if issued_on > today:
        raise Refused(N_("Ngày ban hành %(day)s ở sau hôm nay. Hãy sửa ngày."), day=issued_on)


def discard_draft(
    plan_id: int,
    *,
    files: FileStore,
    now: datetime,
    person: Person | None = None,
    seen: str | None = None,
    dry_run: bool = False,
) -> DraftContents:
    """Throw a draft away: its tasks, proposals and decisions, and the documents imported into it; returns what it held.

    The plan it came from stays as it is; an import begun for the draft goes on without it. `person` None is the
    command line; `seen` is the stamp of what the person was shown. StaleState for a plan that is no draft any more and
    where somebody has changed the draft since; NotFound where it is gone; Forbidden as for making one.
    """
    with transaction():
        plan = _draft(person, plan_id)
        held = drafts.contents(plan_id)
        if seen is not None and seen != held.stamp:
            raise StaleState(N_("Từ khi bạn xem, có người đã thay đổi dự thảo này. Chưa bỏ gì; hãy xem lại rồi bỏ."))
        if not dry_run:
            import_drafts.leave_plan(plan_id)
            orphans = [documents.forget(each) for each in documents.leave_plan(plan_id)]
            drafts.remove(plan_id)
            record_change("plan.draft_discarded", "plan", plan_id, now=now, person=person, label=plan.title)
            for sha256 in filter(None, orphans):
                files.remove(sha256)
        return held
