"""What an import asks before it writes: tasks that would go, rows that may be old ones, plans that are much alike."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from tracker.domain.differences import Difference, Doubt, StoredTask, compare
from tracker.domain.errors import Refused
from tracker.domain.plan_document import Finding, Place, PlanDocument, ReadTask
from tracker.domain.words import N_
from tracker.store import imports as store
from tracker.store import plans
from tracker.usecases.import_results import AlikePlan, FindingList

MOST_GONE = 200  # numbers in one question
GONE = N_(
    "%(n)s nhiệm vụ đang có trong kế hoạch không còn trong văn bản: số %(numbers)s. Nếu tệp bị thiếu thì đừng nhập; "
    "nếu văn bản chỉ ghi những nhiệm vụ thay đổi thì hãy chọn như thế; nếu đúng là bỏ thì chúng được đưa ra khỏi kế "
    "hoạch, nhật ký vẫn giữ."
)
ABOLISHED = N_("Văn bản bãi bỏ %(n)s nhiệm vụ: số %(numbers)s. Chúng được đưa ra khỏi kế hoạch, nhật ký vẫn giữ.")
UNFOUND = N_("Dòng này ghi bãi bỏ “%(title)s”, nhưng kế hoạch không có nhiệm vụ ấy: không bỏ gì, không ghi gì.")
MAYBE_SAME = N_(
    "Có thể là nhiệm vụ cũ số %(number)s “%(title)s” đã sửa lời (giống %(score)s/100). Chưa đoán: tạm coi là nhiệm vụ "
    "mới, nhiệm vụ cũ đưa ra khỏi kế hoạch."
)
MAYBE_SAME_LISTED = N_(
    "Có thể là nhiệm vụ cũ số %(number)s “%(title)s” đã sửa lời (giống %(score)s/100). Chưa đoán: tạm ghi là nhiệm vụ "
    "mới, nhiệm vụ cũ giữ nguyên."
)
ONLY_LISTED = N_(
    "Văn bản được hiểu là chỉ ghi những nhiệm vụ thay đổi: %(n)s nhiệm vụ khác của kế hoạch giữ nguyên. Nếu đây là "
    "toàn bộ kế hoạch đã sửa thì hãy chọn như thế."
)
ALIKE = N_(
    "Cùng năm học đã có kế hoạch số %(id)s “%(title)s”, giống văn bản này (%(found)s/%(of)s nhiệm vụ). Tạm ghi thành "
    "một kế hoạch mới; nếu văn bản sửa kế hoạch ấy thì hãy chọn nhập vào kế hoạch ấy."
)


def refuse(findings: Sequence[Finding], message: str) -> None:
    """Refused with `message`, whose `list` is the findings, where there are any."""
    if findings:
        raise Refused(message, list=FindingList(findings))


WRONG_DOCUMENT = N_("Chưa nhập được vì văn bản có lỗi; chưa ghi gì. Hãy sửa rồi nhập lại:\n%(list)s")


def refuse_errors(document: PlanDocument, message: str = WRONG_DOCUMENT) -> None:
    """Refused, naming every error of the document, where it has any."""
    refuse(document.errors, message)


def without_findings(document: PlanDocument, skipped: Collection[int]) -> PlanDocument:
    """The document without what was found in rows that are left out."""
    if not skipped:
        return document
    silent = {(task.number, task.place) for at, task in enumerate(document.tasks) if at in skipped}
    return replace(document, findings=tuple(f for f in document.findings if (f.task, f.place) not in silent))


def questions(
    document: PlanDocument,
    difference: Difference,
    alike: AlikePlan | None,
    reasons: Mapping[int, str],
    *,
    scope_decided: bool,
) -> tuple[Finding, ...]:
    """All that an import asks; `reasons` are those of tasks (by id) that a person drops by hand."""
    return (
        *_about_alike(alike),
        *_about_scope(difference, decided=scope_decided),
        *_about_tasks_that_go(difference, reasons),
        *_about_rows(document, difference),
        *_about_doubts(difference),
    )


def _about_tasks_that_go(difference: Difference, reasons: Mapping[int, str]) -> list[Finding]:
    """The question with the numbers of the tasks that would be dropped, those aside that a person dropped by hand."""
    dropped = [row for row in difference.rows if row.kind == "dropped" and row.stored]
    gone = [row.shown.number for row in dropped if row.stored and row.stored.id not in reasons]
    if not gone:
        return []
    shown = ", ".join(gone[:MOST_GONE]) + (", …" if len(gone) > MOST_GONE else "")
    message = ABOLISHED if difference.only_listed else GONE
    return [Finding("question", None, None, "tasks-gone", message, {"n": str(len(gone)), "numbers": shown})]


def _about_scope(difference: Difference, *, decided: bool) -> list[Finding]:
    """Whether the document names the changed tasks alone, where nobody said so; and what it abolishes in vain."""
    found: list[Finding] = []
    if difference.only_listed and not decided and any(row.kind != "unchanged" for row in difference.rows):
        kept = sum(row.kind == "unchanged" for row in difference.rows)
        found.append(Finding("question", None, None, "only-listed", ONLY_LISTED, {"n": str(kept)}))
    for task in difference.unfound:
        said = {"title": task.title or task.number}
        found.append(Finding("question", task.number, "title", "unfound", UNFOUND, said, task.place))
    return found


def _about_doubts(difference: Difference) -> list[Finding]:
    """Rows that may be stored tasks in new words."""
    message = MAYBE_SAME_LISTED if difference.only_listed else MAYBE_SAME
    return [_doubted(each, message) for each in difference.doubts]


def _doubted(doubt: Doubt, message: str) -> Finding:
    old = doubt.stored.content
    params = {"number": old.number, "title": old.title, "score": str(doubt.score)}
    return Finding("question", doubt.read.number, "title", "maybe-same", message, params, doubt.read.place)


def _about_rows(document: PlanDocument, difference: Difference) -> tuple[Finding, ...]:
    """Questions about rows that change: one about a row stored as it is was answered when it was stored.

    Gaps between the numbers of a document that lists some tasks are meant.
    """
    written = [row.shown for row in difference.rows if row.kind in ("added", "changed")]
    touched = {task.number for task in written}
    places = {task.place for task in written} - {Place()}  # the document's own number may be another one
    asked = (each for each in document.findings if each.severity == "question")
    if difference.only_listed:
        asked = (each for each in asked if each.code != "number-gap")
    return tuple(each for each in asked if touched and (each.task in {None, *touched} or each.place in places))


def _about_alike(alike: AlikePlan | None) -> list[Finding]:
    """A plan of the same school year with the same tasks, where the document is to be a new one."""
    if alike is None:
        return []
    params = {"id": str(alike.id), "title": alike.title, "found": str(alike.found), "of": str(alike.of)}
    return [Finding("question", None, None, "alike-plan", ALIKE, params)]


def alike_plan(tasks: Sequence[ReadTask], school_year: str | None) -> AlikePlan | None:
    """The plan of that school year, no draft, of which at least half of the living tasks are found again here."""
    if school_year is None:
        return None
    best: AlikePlan | None = None
    for head in plans.heads():
        if head.school_year != school_year or head.state == "draft":
            continue
        living = [task for task in store.stored_tasks(head.id) if task.dropped_on is None]
        found = _found(living, tasks)
        if living and 2 * found >= len(living) and (best is None or found * best.of > best.found * len(living)):
            best = AlikePlan(head.id, head.title, found, len(living))
    return best


def _found(living: Sequence[StoredTask], tasks: Sequence[ReadTask]) -> int:
    return sum(row.stored is not None and row.read is not None for row in compare(living, tasks).rows)
