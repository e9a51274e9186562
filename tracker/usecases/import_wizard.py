"""Importing step by step: keep the document, read it, decide what is open, see the difference, write all or nothing."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, tzinfo
from typing import Any

from tracker.adapters.files import FileStore, Upload, document_of
from tracker.domain.access import ask_to_import
from tracker.domain.amendments import AmendmentHead
from tracker.domain.errors import Refused, StaleState
from tracker.domain.import_corrections import CorrectedCell, corrected_cells
from tracker.domain.import_decisions import Decisions, Learnt, learnt
from tracker.domain.import_preview import asked_for_members, unchecked, understood, words_of
from tracker.domain.people import Person
from tracker.domain.plan_document import PlanDocument, from_json
from tracker.domain.reading.periods import plan_year
from tracker.domain.units import Directory
from tracker.domain.words import N_
from tracker.store import documents, plans, units
from tracker.store import import_drafts as drafts
from tracker.store.database import transaction
from tracker.store.holidays import office_days
from tracker.usecases import import_taken
from tracker.usecases.first_directory import along, proposed_names
from tracker.usecases.import_results import ImportResult, group_sizes, open_points
from tracker.usecases.imports import Meant, import_plan
from tracker.usecases.units import record_created, record_spelling

MOVED_ON = N_(
    "Từ khi bạn xem, kế hoạch hoặc danh mục đơn vị đã thay đổi (có người vừa nhập). Chưa ghi gì; hãy xem lại những "
    "thay đổi dưới đây rồi ghi."
)
UNFIT = N_(
    "Còn %(n)s chỗ bạn đã sửa mà lần đọc này không có dòng như vậy. Hãy trở lại cách đọc trước, hoặc xác nhận bỏ các "
    "chỗ sửa ấy."
)
NOT_READY = N_("Văn bản này chưa đọc xong hoặc đã nhập rồi. Hãy mở lại từ trang Nhập kế hoạch.")


@dataclass(frozen=True, slots=True)
class Preview:
    """A document as it is understood now, the directory it is understood by, and what confirming adds to that.

    `titled` is what the document calls itself, `corrected` the cells that differ from what it prints.
    """

    document: PlanDocument
    directory: Directory
    decisions: Decisions
    learnt: Learnt
    titled: str
    corrected: tuple[CorrectedCell, ...]

    @property
    def meant(self) -> Meant:
        """What the person said of the document beside its rows."""
        said = self.decisions
        return Meant(said.skipped, said.only_listed, said.as_new, self.titled, self.corrected)


def begin(
    person: Person,
    upload: Upload,
    *,
    files: FileStore,
    now: datetime,
    plan_id: int | None = None,
    school_year: str = "",
) -> int:
    """Keep a document and begin its import; returns the draft's id, whose document is still to be read.

    `plan_id` is the plan it changes, None for a new one or the one of the same name and year. A document that came
    before is read as it was then, but for a `school_year` that is given. Raises Forbidden, or Refused for an empty or
    too large file and for a school year or a plan that is none.
    """
    ask_to_import(person)
    year = school_year_of(school_year)
    if plan_id is not None:
        _open_plan(plan_id)
    with transaction():
        kept = files.keep_document(upload)
        document_id = documents.keep(kept.name, kept.media_type, kept.size, kept.sha256, person_id=person.id, now=now)
        taken = import_taken.of_document(kept.sha256, plan_id)
        how = {"school_year": None, **(taken.how if taken else {})} | ({"school_year": year} if year else {})
        return drafts.add(person.id, document_id, plan_id, how, now)


def school_year_of(text: str) -> str | None:
    """A school year as a person typed it, None where it was left empty; Refused where it is none."""
    year = text.replace(" ", "").replace("–", "-")
    if year and plan_year(year) is None:
        raise Refused(N_("Năm học “%(text)s” không đúng dạng. Ví dụ: 2024-2025."), text=text[:40])
    return year or None


def _open_plan(plan_id: int) -> None:
    head = plans.head(plan_id)
    if head is None or head.state == "closed":
        raise Refused(N_("Kế hoạch đã chọn không còn, hoặc đã khép lại. Hãy chọn kế hoạch khác."))


def read_anew(person: Person, draft_id: int, now: datetime, options: Mapping[str, Any] | None = None) -> int:
    """Have the document read once more, with other `options`; returns the number of this attempt.

    What was decided stays; what was decided about rows waits for those of the same words (`Decisions.unfit`). Without
    `options` it is read as it was.
    """
    with transaction():
        draft = drafts.one(draft_id, person.id, lock=True)
        _refuse_done(draft)
        kept = Decisions.from_json(draft.decisions)
        if draft.content is not None:
            kept = kept.loosened([words_of(task) for task in from_json(draft.content).tasks])
        values = {"state": "reading", "attempt": draft.attempt + 1, "progress": 0, "difference": None}
        before = {name: draft.options.get(name) for name in import_taken.HOW_TO_READ}
        wanted = {**draft.options, **options, "before": before} if options else draft.options
        drafts.change(draft_id, now, **values, options=wanted, decisions=kept.as_json(), content=None)
        return draft.attempt + 1


def read_as_before(person: Person, draft_id: int, now: datetime) -> int:
    """Have the document read as it was before it was read otherwise; returns the number of this attempt."""
    return read_anew(person, draft_id, now, drafts.one(draft_id, person.id).options.get("before") or {})


def set_target(person: Person, draft_id: int, now: datetime, plan_id: int | None, *, as_new: bool) -> None:
    """Choose the plan that a document goes into: `plan_id`, else the one of its name and year, else a new one.

    `as_new` says that it is another plan than the one much like it. What was decided about which rows are tasks of the
    plan before goes. Refused for a plan that is closed or none.
    """
    if plan_id is not None:
        _open_plan(plan_id)
    with transaction():
        draft = drafts.one(draft_id, person.id, lock=True)
        ask_ready(draft)
        decisions = replace(Decisions.from_json(draft.decisions), as_new=as_new)
        if plan_id != draft.plan_id:
            decisions = replace(decisions, same={})
        drafts.change(draft_id, now, plan_id=plan_id, decisions=decisions.as_json(), difference=None)


def discard(person: Person, draft_id: int, *, files: FileStore) -> None:
    """Throw an import away, with its document unless that became a plan."""
    with transaction():
        draft = drafts.one(draft_id, person.id, lock=True)
        drafts.remove(draft_id)
        orphan = documents.forget(draft.document_id)
        if orphan:
            files.remove(orphan)


def decide(person: Person, draft_id: int, now: datetime, change: Callable[[Decisions], Decisions]) -> None:
    """Replace what was decided by what `change` makes of it; a difference shown before no longer holds."""
    with transaction():
        draft = drafts.one(draft_id, person.id, lock=True)
        ask_ready(draft)
        decisions = change(Decisions.from_json(draft.decisions)).as_json()
        found = preview(replace(draft, decisions=decisions))
        options = {**draft.options, "open": open_points(found.document)}
        drafts.change(draft_id, now, decisions=decisions, options=options, difference=None)


def take_nothing_over(person: Person, draft_id: int, now: datetime) -> None:
    """Let go of what was taken over from an earlier import, so that the document counts as it is printed."""
    decide(person, draft_id, now, lambda said: Decisions(names=said.names, monitors=said.monitors))
    with transaction():
        options = drafts.one(draft_id, person.id).options
        drafts.change(draft_id, now, options={**options, "taken": {}})


def ask_ready(draft: drafts.Draft) -> None:
    """Raise StaleState unless the document was read and not imported yet."""
    if draft.state != "ready" or draft.content is None:
        raise StaleState(NOT_READY)


def _refuse_done(draft: drafts.Draft) -> None:
    if draft.state == "done":
        raise StaleState(NOT_READY)


def preview(draft: drafts.Draft) -> Preview:
    """The draft's document under its decisions and the directory as it is now; StaleState where it is not ready."""
    ask_ready(draft)
    decisions, known = Decisions.from_json(draft.decisions), units.directory()
    source = from_json(draft.content)
    read = _of_plan(source, draft.plan_id)
    added = _added(read, known, decisions)
    directory = added.onto(known)
    document = understood(read, directory, decisions, source, office_days())
    document = asked_for_members(document, directory, decisions.skipped)
    corrected = corrected_cells(source.tasks, decisions)
    return Preview(document, directory, decisions, added, source.title, corrected)


def _added(document: PlanDocument, known: Directory, decisions: Decisions) -> Learnt:
    """What importing adds to the directory: what comes along with a first plan, and what was decided about names."""
    shipped = along(document, known)
    return shipped.beside(learnt(decisions.names.values(), shipped.onto(known)))


def _of_plan(document: PlanDocument, plan_id: int | None) -> PlanDocument:
    """The document under the name of the plan that a person chose for it: an annex is headed otherwise."""
    head = plans.head(plan_id) if plan_id is not None else None
    return replace(document, title=head.title, school_year=head.school_year) if head else document


def compare(person: Person, draft_id: int, *, now: datetime, zone: tzinfo) -> None:
    """Find out what confirming would change, by doing it and undoing it all, and keep the answer with the draft.

    Raises Refused with the list of errors where the document has some.
    """
    difference = _carry_out(person, draft_id, now=now, zone=zone, dry_run=True)
    with transaction():
        drafts.one(draft_id, person.id, lock=True)
        drafts.change(draft_id, now, difference=difference)


def confirm(person: Person, draft_id: int, *, seen: str, accept_defaults: bool, now: datetime, zone: tzinfo) -> int:
    """Write units, spellings and plan in one transaction and return the plan's id.

    `seen` is the fingerprint of the difference that the person was shown: where confirming would now do something
    else, StaleState, and nothing is written. Refused where questions are open and not `accept_defaults`.
    """
    with transaction():
        difference = _carry_out(
            person, draft_id, now=now, zone=zone, dry_run=False, accept_defaults=accept_defaults, seen=seen
        )
        plan_id: int = difference["plan"]["id"]
        draft = drafts.one(draft_id, person.id)
        _keep_decided(draft, documents.became_plan(draft.document_id, plan_id))
        drafts.change(draft_id, now, state="done", plan_id=plan_id, difference=difference, content=None)
        return plan_id


def _keep_decided(draft: drafts.Draft, document_id: int) -> None:
    tasks, decisions = from_json(draft.content).tasks, Decisions.from_json(draft.decisions)
    documents.keep_decided(document_id, import_taken.decided_about(tasks, decisions, draft.options))


def _carry_out(
    person: Person,
    draft_id: int,
    *,
    now: datetime,
    zone: tzinfo,
    dry_run: bool,
    accept_defaults: bool = True,
    seen: str | None = None,
) -> dict[str, Any]:
    """One import, for the page before and for good: the same steps, undone at the end of a dry run."""
    ask_to_import(person)
    with transaction():
        draft = drafts.one(draft_id, person.id, lock=True)
        found = preview(draft)
        if found.decisions.unfit:
            raise Refused(UNFIT, n=str(len(found.decisions.unfit)))
        _learn(found.learnt, person, now)
        result = import_plan(
            found.document,
            now=now,
            zone=zone,
            plan_id=draft.plan_id,
            monitors=found.decisions.monitors or None,
            dry_run=dry_run,
            accept_defaults=True,
            amendment=_amendment(draft, found.decisions),
            same=found.decisions.same,
            meant=replace(found.meant, document_id=draft.document_id),
            person=person,
        )
        difference = _told(result, found)
        if seen is not None and difference["fingerprint"] != seen:
            raise StaleState(MOVED_ON)
        if difference["questions"] and not accept_defaults:
            raise Refused(UNANSWERED, n=str(len(difference["questions"])))
    return difference


UNANSWERED = N_(
    "Còn %(n)s điểm cần người quyết định; chưa ghi gì. Hãy đánh dấu rằng bạn nhận cách hiểu đã nêu, hoặc quay lại sửa."
)


def import_document(
    document: PlanDocument,
    upload: Upload,
    *,
    files: FileStore,
    now: datetime,
    propose_units: bool = False,
    amendment: AmendmentHead | None = None,
    meant: Meant | None = None,
    decided: dict[str, Any] | None = None,
    **options: Any,
) -> ImportResult:
    """`import_plan` with these options, by the command line; `import_with_its_units` for a first plan and where asked.

    `upload`, from which `document` was read, is kept with the plan as one of the wizard is. Nothing is kept of a dry
    run, of what is refused, and of a document that changes nothing. `decided` is what to take over
    when it comes again. Raises what `import_plan` raises.
    """
    with transaction():
        bring_in = import_with_its_units if propose_units or not plans.heads() else import_with_known_units
        kept = document_of(upload)
        document_id = documents.keep(kept.name, kept.media_type, kept.size, kept.sha256, person_id=None, now=now)
        head = replace(amendment, document_id=document_id) if amendment else None
        meant = replace(meant or Meant(), document_id=document_id)
        result = bring_in(document, now=now, amendment=head, meant=meant, **options)
        if result.changes_nothing or result.plan_id is None:
            documents.forget(document_id)
        elif not result.dry_run:
            first = documents.became_plan(document_id, result.plan_id)
            if decided:
                documents.keep_decided(first, decided)
            files.keep_document(upload)
        return result


def import_with_known_units(document: PlanDocument, **options: Any) -> ImportResult:
    """`import_plan` with these options, telling the groups that `document` names."""
    with transaction():
        return replace(import_plan(document, **options), groups=group_sizes(document, units.directory()))


def import_with_its_units(document: PlanDocument, *, now: datetime, **options: Any) -> ImportResult:
    """`import_plan` with these options, and with the units that `document` names and nobody knows, as proposed.

    All of it in one transaction; raises what `import_plan` raises.
    """
    with transaction():
        known = units.directory()
        read = unchecked(document, known)
        decisions = Decisions().beside(proposed_names(read, known))
        added = _added(read, known, decisions)
        _learn(added, None, now)
        directory = added.onto(known)
        document = understood(read, directory, decisions, office=office_days())
        return replace(import_plan(document, now=now, **options), groups=group_sizes(document, directory))


def _amendment(draft: drafts.Draft, decisions: Decisions) -> AmendmentHead | None:
    """The decision that the document comes with, where a person named one."""
    said = decisions.amendment
    if not said:
        return None
    day = date.fromisoformat(said["issued_on"])
    issuer, note = said.get("issuer") or None, said.get("note", "")
    return AmendmentHead(said["number"], day, issuer, note, draft.document_id)


def _learn(found: Learnt, person: Person | None, now: datetime) -> None:
    units.add_directory(Directory(found.units, found.groups))
    for unit in found.units:
        record_created(unit, now=now, person=person)
    for group in found.groups:
        record_created(group, now=now, person=person)
    for code, text in found.spellings:
        if units.add_alias(text, code):
            record_spelling(text, code, person=person, now=now)


def _told(result: ImportResult, found: Preview) -> dict[str, Any]:
    """The result as plain data, with what is learnt and a fingerprint of everything that it changes."""
    told = {**result.as_json(), "learnt": found.learnt.as_json(), "changes_nothing": result.changes_nothing}
    told["groups"] = [asdict(each) for each in group_sizes(found.document, found.directory)]
    what = {**told, "dry_run": None, "plan": {**told["plan"], "id": None}}
    digest = hashlib.sha256(json.dumps(what, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
    names = ("task", "column", "message", "params")
    questions = [{name: getattr(each, name) for name in names} for each in result.questions]
    doubts = [
        {
            "at": each.at,
            "number": each.read.number,
            "title": each.read.title,
            "stored_id": each.stored.id,
            "stored_number": each.stored.content.number,
            "stored_title": each.stored.content.title,
            "score": each.score,
        }
        for each in result.doubts
    ]
    return {**told, "questions": questions, "doubts": doubts, "fingerprint": digest}
