"""One task: its milestones, shares and log, and what a person may do there."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from tracker.adapters.files import MAX_FILE_OCTETS, Upload
from tracker.domain import access
from tracker.domain.amendment_lines import TaskChange, task_changes
from tracker.domain.amendments import Amendment
from tracker.domain.errors import NotFound, Refused, StaleState, TrackerError
from tracker.domain.people import Person
from tracker.domain.status import Ending
from tracker.domain.texts import paragraphs
from tracker.domain.views import PlanHead, ShareLine, UnitRef
from tracker.domain.words import N_
from tracker.domain.work import Action, Entry, State
from tracker.store import amendments, tasks, work
from tracker.store import logs as log_store
from tracker.store.amendments import TaskHistory
from tracker.store.facts import TaskLines, task_lines
from tracker.store.tasks import AssignedParty, TaskHead
from tracker.store.unit_history import Standing, standing
from tracker.usecases import progress
from tracker.web import share_people
from tracker.web.cutoffs import cut_off, plan_or_404
from tracker.web.runtime import gettext, now, person, runtime, today

pages = Blueprint("tasks", __name__)

MOST_LOG_LINES = 200
TEXTS = ("result", "difficulty", "cause", "proposal", "reason")
SAID = {
    Action.PROGRESS: N_("Đã ghi tiến độ."),
    Action.SUBMIT: N_("Đã báo hoàn thành; đơn vị theo dõi sẽ xác nhận."),
    Action.ACCEPT: N_("Đã xác nhận hoàn thành."),
    Action.RETURN: N_("Đã trả lại kèm lý do."),
}


@dataclass(frozen=True, slots=True)
class Draft:
    """What a person sent and we could not keep: shown again in the form, so that nothing typed is lost."""

    share_id: int
    texts: dict[str, str]
    problem: str
    had_files: bool


@dataclass(frozen=True, slots=True)
class Doings:
    """What the person asking may do with a share now."""

    log: bool
    accept: bool
    send_back: bool


@pages.get("/tasks/<int:task_id>")
def show(task_id: int) -> str:
    """A task as the person asking may see it."""
    return _page(task_id)


@pages.post("/shares/<int:share_id>/log")
def log(share_id: int) -> Response | tuple[str, int]:
    """Log progress, or with the second button report done."""
    action = Action.SUBMIT if request.form.get("action") == Action.SUBMIT.value else Action.PROGRESS
    return _record(share_id, action)


@pages.post("/shares/<int:share_id>/accept")
def accept(share_id: int) -> Response | tuple[str, int]:
    """Accept what the unit reported."""
    return _record(share_id, Action.ACCEPT)


@pages.post("/shares/<int:share_id>/return")
def send_back(share_id: int) -> Response | tuple[str, int]:
    """Return a report with a reason."""
    return _record(share_id, Action.RETURN)


@pages.get("/shares/<int:share_id>/log")
@pages.get("/shares/<int:share_id>/accept")
@pages.get("/shares/<int:share_id>/return")
def back_to_task(share_id: int) -> Response:
    """Where a form that could not be kept was answered: opened again by its address, it leads to the task."""
    task_id = work.share_now(share_id).task_id
    return redirect(url_for("tasks.show", task_id=task_id, as_of=request.args.get("as_of")))


@pages.get("/evidence/<int:evidence_id>")
def evidence(evidence_id: int) -> Response:
    """A kept file, always as a download: nothing a unit sent is ever shown as a page of ours."""
    kept, unit_ids = log_store.evidence_with_owners(evidence_id, today(), runtime().zone)
    if not any(access.may_see_log(person(), unit_id) for unit_id in unit_ids):
        raise NotFound(N_("Không tìm thấy tệp minh chứng này."))
    path = runtime().files.path(kept.sha256)
    answer = send_file(path, mimetype=kept.media_type, as_attachment=True, download_name=kept.name, max_age=0)
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


def _record(share_id: int, action: Action) -> Response | tuple[str, int]:
    texts = {name: paragraphs(request.form.get(name, "")) for name in TEXTS}
    uploads = _uploads()
    share = work.share_now(share_id)
    try:
        entry = Entry(action=action, percent=_percent(request.form.get("percent", "")), **texts)
        seen = _whole_number(request.form.get("seen_version", ""))
        done = progress.record(
            person(),
            share_id,
            entry,
            now(),
            files=runtime().files,
            uploads=uploads,
            seen_version=seen,
            zone=runtime().zone,
        )
    except (Refused, StaleState) as problem:
        texts["percent"] = request.form.get("percent", "")
        draft = Draft(share_id, texts, problem.text(gettext), bool(uploads))
        return _page(share.task_id, draft), _code(problem)
    flash(gettext(SAID[done.action]), "success")
    return redirect(url_for("tasks.show", task_id=done.task_id, _anchor=f"share-{share_id}"), code=303)


def _uploads() -> list[Upload]:
    """The files sent with the form, each read no further than it takes to see that it is too large."""
    found = []
    for each in request.files.getlist("evidence"):
        with each.stream:
            data = each.stream.read(MAX_FILE_OCTETS + 1)
        if each.filename or data:
            found.append(Upload(each.filename or "", data))
    return found


def _code(problem: TrackerError) -> int:
    return 409 if isinstance(problem, StaleState) else 422


def _percent(text: str) -> int | None:
    text = text.strip().removesuffix("%").strip()
    if not text:
        return None
    number = _whole_number(text.removeprefix("-"))
    if number is None:
        raise Refused(N_("Tỷ lệ hoàn thành phải là số nguyên từ 0 đến 100; bạn đã nhập “%(text)s”."), text=text[:20])
    return -number if text.startswith("-") else number


def _whole_number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else None


def _page(task_id: int, draft: Draft | None = None) -> str:
    who, cut = person(), cut_off()
    task, shares = tasks.head(task_id), log_store.shares_of_task(task_id, cut)
    access.ask_to_see_task(who, shares.unit_ids)
    plan = plan_or_404(task.plan_id)
    history = amendments.of_task(plan, task_id, cut.held_on)
    task = tasks.as_held(task, history.then)
    found = task_lines(plan, [task_id], cut, history.then)
    readable = None if access.oversees(who) else frozenset(filter(None, (who.unit_id,)))
    stands = standing(cut.as_of)
    return render_template(
        "pages/task.html",
        task=task,
        plan=plan,
        lines=found.lines,
        partners=found.partners,
        logs=log_store.log_of_task(shares, cut, readable, MOST_LOG_LINES),
        draft=draft,
        may_amend=plan.state == "in_force" and access.may_amend(who, plan.monitor_unit_ids),
        amended=_amended(history, found),
        now_called=_now_called(task, stands),
        doings=_doings(who, plan, present=cut.until > now()),
        confirming=lambda unit_id: stands.refs.get(access.confirming_unit(plan.monitor_unit_ids, unit_id) or 0),
        may_read=lambda unit_id: access.may_see_log(who, unit_id),
        own_unit_id=who.unit_id,
        giving=share_people.of_task(who, plan, task_id, cut),
    )


def _amended(history: TaskHistory, found: TaskLines) -> list[tuple[Amendment, TaskChange]]:
    """The decisions that changed a task, with what each replaced."""
    told = ((each, task_changes(changes, found.places)) for each, changes in history.decisions)
    return [(each, changes[0]) for each, changes in told if changes]


def _now_called(task: TaskHead, stands: Standing) -> list[tuple[AssignedParty, tuple[UnitRef, ...]]]:
    """The units of a task that are called otherwise on the day shown, or have heirs, with who stands for them then."""
    named = [(party, stands.now_called(party.unit_id)) for party in task.parties if party.unit_id]
    return [(party, units) for party, units in named if [unit.name for unit in units] != [party.name]]


def _doings(who: Person, plan: PlanHead, present: bool) -> Callable[[ShareLine], Doings]:
    """What may be done with a share: nothing in a closed plan, nor on a page that shows the past."""
    open_now = present and plan.state == "in_force"

    def doings(share: ShareLine) -> Doings:
        state, ended = share.facts.state, share.status.ended
        confirm = (
            open_now
            and ended in (None, Ending.ORPHANED)
            and access.may_confirm(who, plan.monitor_unit_ids, share.unit.id)
        )
        return Doings(
            log=open_now
            and ended is None
            and access.may_log(who, share.unit.id)
            and state not in (State.SUBMITTED, State.ACCEPTED),
            accept=confirm and state is State.SUBMITTED,
            send_back=confirm and state in (State.SUBMITTED, State.ACCEPTED),
        )

    return doings
