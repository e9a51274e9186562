"""Decisions that changed a plan: one of them field by field, and the form that records one task after the other."""

from dataclasses import dataclass, field, replace

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from tracker.domain import access
from tracker.domain.amendment_lines import milestone_places, row_lines, task_changes
from tracker.domain.amendments import Amendment, AmendmentHead, rebuilt
from tracker.domain.differences import StoredTask
from tracker.domain.errors import NotFound, Refused, StaleState
from tracker.domain.import_corrections import cells_of
from tracker.domain.views import PlanHead
from tracker.domain.words import N_
from tracker.store import amendments as stored
from tracker.store.typed_forms import Typed
from tracker.usecases.amendments import CELLS, TaskEdit, amend
from tracker.usecases.import_results import ImportResult
from tracker.usecases.withdrawals import hindrance, withdraw
from tracker.web.cutoffs import plan_or_404
from tracker.web.forms import code_of, required_day
from tracker.web.paging import of_kind, paged
from tracker.web.runtime import gettext, now, person, runtime
from tracker.web.typed import fields_of, mark_recorded, shown_by_address, typed_form

pages = Blueprint("amendments", __name__)

HEAD = ("decision", "issued_on", "issuer", "note")
WAYS = ("change", "drop", "add")
NUMERIC = 9  # digits of an id


@dataclass(frozen=True, slots=True)
class Form:
    """What the form shows: the decision, which task and what of it, and what a preview or a refusal said."""

    way: str
    task: StoredTask | None
    texts: dict[str, str] = field(default_factory=dict)
    seen: int = 0
    problem: str = ""
    preview: ImportResult | None = None


@pages.get("/amendments/<int:amendment_id>")
def show(amendment_id: int) -> str:
    """What one decision replaced."""
    found = stored.one(amendment_id)
    if found is None:
        raise NotFound(N_("Không tìm thấy điều chỉnh này. Hãy mở lại từ trang của kế hoạch."))
    return _shown(found)


def _shown(found: Amendment, problem: str = "") -> str:
    plan = plan_or_404(found.plan_id)
    replaced, after = stored.replaced_by(found)
    changes = task_changes(replaced, milestone_places(after))
    counts, chosen, shown = of_kind(changes, lambda each: each.kind)
    may_amend = found.withdrawn is None and access.may_amend(person(), plan.monitor_unit_ids)
    hindered = hindrance(plan, found) if may_amend else None
    return render_template(
        "pages/amendment.html",
        plan=plan,
        amendment=found,
        page=paged(shown),
        tasks={each.id: each for each in rebuilt(after)},
        counts=counts,
        chosen=chosen,
        may_withdraw=may_amend and hindered is None,
        hindered=hindered.text(gettext) if hindered else "",
        problem=problem,
    )


@pages.post("/amendments/<int:amendment_id>/withdraw")
def take_back(amendment_id: int) -> Response | tuple[str, int]:
    """Take a decision back that was recorded by mistake; where that cannot be, its page says why."""
    reason = request.form.get("reason", "").replace("\0", "")
    try:
        withdraw(person(), amendment_id, reason, now())
    except (Refused, StaleState) as problem:
        found = stored.one(amendment_id)
        assert found is not None
        return _shown(found, problem.text(gettext)), code_of(problem)
    flash(gettext(N_("Đã rút lại điều chỉnh; kế hoạch trở lại như trước khi ghi.")), "success")
    return redirect(url_for("amendments.show", amendment_id=amendment_id), code=303)


@pages.get("/plans/<int:plan_id>/amend")
def form(plan_id: int) -> Response | str | tuple[str, int]:
    """The form: first which task, then its cells; or one that was sent, with what it would change."""
    plan = _plan(plan_id)
    if typed := typed_form(url_for("amendments.form", plan_id=plan_id)):
        return _sent(plan, typed)
    way, tasks = request.args.get("way", ""), _living(plan)
    return _form(plan, tasks, Form(way if way in WAYS else "", _chosen(tasks, request.args.get("task", ""))))


@pages.post("/plans/<int:plan_id>/amend")
def send(plan_id: int) -> Response:
    """Lead to what an edit would change, or record it; what is refused is told where the edit is shown."""
    plan, place = _plan(plan_id), url_for("amendments.form", plan_id=plan_id)
    if request.form.get("way", "") not in WAYS:
        raise NotFound(N_("Hãy chọn cách điều chỉnh trong danh sách."))
    if request.form.get("do") != "record":
        return shown_by_address(place)
    shown = _read(request.form, _living(plan))
    try:
        _amend(plan, shown, request.form, record=True)
    except (Refused, StaleState):
        return shown_by_address(place)
    mark_recorded(place)
    flash(gettext(N_("Đã ghi điều chỉnh số %(number)s."), number=shown.texts["decision"]), "success")
    return redirect(place, code=303)


def _sent(plan: PlanHead, typed: Typed) -> Response | str | tuple[str, int]:
    """What an edit that was sent would change, with why it was refused if it was."""
    if typed.recorded:
        flash(gettext(N_("Điều chỉnh này đã được ghi rồi.")), "info")
        return redirect(url_for("amendments.form", plan_id=plan.id))
    fields, tasks = fields_of(typed), _living(plan)
    shown = _read(fields, tasks)
    try:
        result = _amend(plan, shown, fields, record=False)
    except (Refused, StaleState) as problem:
        return _form(plan, tasks, replace(shown, problem=problem.text(gettext))), code_of(problem)
    unanswered = fields.get("do") == "record" and result.questions and not _accepts(fields)
    if not unanswered:
        return _form(plan, tasks, replace(shown, preview=result))
    said = gettext(N_("Chưa ghi: còn điểm cần quyết định. Hãy xem bên dưới rồi đánh dấu hoặc sửa."))
    return _form(plan, tasks, replace(shown, preview=result, problem=said)), 422


def _read(fields: MultiDict[str, str], tasks: list[StoredTask]) -> Form:
    texts = {name: fields.get(name, "").replace("\0", "") for name in (*HEAD, *CELLS, "reason", "after")}
    task = _chosen(tasks, fields.get("task", ""))
    return Form(fields.get("way", ""), task, texts, _whole(fields.get("seen", "")) or 0)


def _accepts(fields: MultiDict[str, str]) -> bool:
    return fields.get("accept_defaults") == "1"


def _amend(plan: PlanHead, shown: Form, fields: MultiDict[str, str], *, record: bool) -> ImportResult:
    texts = shown.texts
    issued_on = required_day(texts["issued_on"], N_("Ngày ban hành"))
    head = AmendmentHead(texts["decision"], issued_on, texts["issuer"], texts["note"])
    return amend(
        person(),
        plan.id,
        head,
        [_edit(shown)],
        now=now(),
        zone=runtime().zone,
        dry_run=not record,
        accept_defaults=_accepts(fields),
    )


def _edit(shown: Form) -> TaskEdit:
    texts = shown.texts
    if shown.way == "add":
        return TaskEdit(None, {name: texts[name] for name in CELLS}, after=_whole(texts["after"]))
    if shown.task is None:
        raise Refused(N_("Hãy chọn một nhiệm vụ."))
    if shown.way == "drop":
        return TaskEdit(shown.task.id, drop=texts["reason"], seen=shown.seen)
    before = cells_of(shown.task.content)
    changed = {name: texts[name] for name in CELLS if " ".join(texts[name].split()) != " ".join(before[name].split())}
    return TaskEdit(shown.task.id, changed, seen=shown.seen)


def _form(plan: PlanHead, tasks: list[StoredTask], shown: Form) -> str:
    recorded = stored.of_plan(plan.id)
    if not shown.texts:
        task = shown.task
        seen = sum(map(len, stored.by_amendment(plan.id, task.id).values())) if task else 0
        texts = {**_latest(recorded), **(cells_of(task.content) if task and shown.way == "change" else {})}
        shown = replace(shown, texts=texts, seen=seen)
    return render_template(
        "pages/amend.html",
        plan=plan,
        form=shown,
        cells=CELLS,
        recorded=recorded,
        withdrawn=stored.of_plan(plan.id, withdrawn=True),
        tasks=tasks,
        row_lines=row_lines,
    )


def _latest(recorded: list[Amendment]) -> dict[str, str]:
    """The head of the decision recorded last: the next edit is often of the same one."""
    if not recorded:
        return {}
    head = recorded[-1].head
    return {
        "decision": head.number,
        "issued_on": head.issued_on.isoformat(),
        "issuer": head.issuer or "",
        "note": head.note,
    }


def _plan(plan_id: int) -> PlanHead:
    plan = plan_or_404(plan_id)
    access.ask_to_amend(person(), plan.monitor_unit_ids)
    return plan


def _living(plan: PlanHead) -> list[StoredTask]:
    return [each for each in rebuilt(stored.look(plan.id, shares=False)) if each.dropped_on is None]


def _chosen(tasks: list[StoredTask], text: str) -> StoredTask | None:
    wanted = _whole(text)
    return next((each for each in tasks if each.id == wanted), None) if wanted else None


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= NUMERIC else None
