"""Drafts of a new year's plan: made from a plan, decided guess by guess, put in force or thrown away."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker.domain import access
from tracker.domain.errors import NotFound, Refused, StaleState
from tracker.domain.views import PlanHead
from tracker.domain.words import N_
from tracker.store import drafts, tasks
from tracker.usecases import rollover
from tracker.web.cutoffs import plan_or_404
from tracker.web.forms import required_day
from tracker.web.paging import paged
from tracker.web.runtime import gettext, now, person, runtime

pages = Blueprint("drafts", __name__)

NUMERIC = 9  # digits of an id


@pages.post("/plans/<int:plan_id>/rollover")
def make(plan_id: int) -> Response:
    """Make the draft of the year asked for."""
    plan_or_404(plan_id)
    draft = rollover.roll_plan_over(request.form.get("to", "").strip(), now=now(), plan_id=plan_id, person=person())
    flash(gettext(N_("Đã lập dự thảo kế hoạch năm học %(year)s."), year=draft.school_year), "success")
    return redirect(url_for("drafts.show", plan_id=draft.plan_id), code=303)


@pages.get("/plans/<int:plan_id>/draft")
def show(plan_id: int) -> str:
    """What a person has to confirm in a draft: those who oversee plans read it, its monitors decide."""
    return _page(_draft(plan_id))


@pages.post("/plans/<int:plan_id>/draft")
def decide(plan_id: int) -> Response | tuple[str, int]:
    """Keep the decisions sent; with the second button, accept every guess that is still open."""
    plan = _draft(plan_id)
    try:
        waiting = rollover.decide(
            person(), plan.id, _decisions(plan), now=now(), zone=runtime().zone, made=request.form.get("made", "")
        )
    except Refused as problem:
        return _page(plan, problem.text(gettext)), 422
    flash(gettext(N_("Đã lưu. Còn %(n)s đề xuất chưa quyết định."), n=waiting), "success")
    return redirect(url_for("drafts.show", plan_id=plan.id, all=request.args.get("all") or None), code=303)


@pages.post("/plans/<int:plan_id>/enforce")
def enforce(plan_id: int) -> Response | tuple[str, int]:
    """Put a draft in force."""
    plan = _draft(plan_id)
    texts = {name: request.form.get(name, "").replace("\0", "") for name in ("number", "issued_on", "issuer")}
    try:
        shares = rollover.put_in_force(
            person(),
            plan.id,
            number=texts["number"],
            issued_on=required_day(texts["issued_on"], N_("Ngày ban hành")),
            issuer=texts["issuer"],
            now=now(),
            zone=runtime().zone,
            made=request.form.get("made", ""),
        )
    except Refused as problem:
        return _page(plan, problem.text(gettext), texts), 422
    flash(gettext(N_("Kế hoạch đã có hiệu lực, %(n)s phần việc được giao."), n=shares), "success")
    return redirect(url_for("plans.show", plan_id=plan.id), code=303)


@pages.get("/plans/<int:plan_id>/discard")
def ask_to_discard(plan_id: int) -> str:
    """What discarding a draft would take away, and the button that does."""
    plan = _draft(plan_id)
    access.ask_to_amend(person(), plan.monitor_unit_ids)
    return _discard_page(plan)


@pages.post("/plans/<int:plan_id>/discard")
def discard(plan_id: int) -> Response | tuple[str, int]:
    """Throw a draft away, as it was shown."""
    plan = _draft(plan_id)
    try:
        rollover.discard_draft(
            plan.id, files=runtime().files, now=now(), person=person(), seen=request.form.get("seen", "")
        )
    except StaleState as problem:
        return _discard_page(_draft(plan_id), problem.text(gettext)), 409
    flash(gettext(N_("Đã bỏ dự thảo “%(title)s”."), title=plan.title), "success")
    return redirect(url_for("plans.index"), code=303)


def _discard_page(plan: PlanHead, problem: str = "") -> str:
    return render_template("pages/draft_discard.html", plan=plan, held=drafts.contents(plan.id), problem=problem)


def _page(plan: PlanHead, problem: str = "", texts: dict[str, str] | None = None) -> str:
    found = drafts.questions(plan.id)
    waiting = [each for each in found if each.decision == "open"]
    everything = request.args.get("all") == "1" or not waiting
    return render_template(
        "pages/draft.html",
        plan=plan,
        page=paged(found if everything else waiting),
        waiting=len(waiting),
        total=len(found),
        everything=everything,
        titles=tasks.titles(plan.id),
        may_decide=access.may_amend(person(), plan.monitor_unit_ids),
        made=drafts.contents(plan.id).made_at.isoformat(),
        problem=problem,
        texts=texts or {"issuer": plan.issuer or ""},
    )


def _decisions(plan: PlanHead) -> dict[int, tuple[str, str]]:
    if request.form.get("do") == "accept_all":
        rest = (each for each in drafts.questions(plan.id) if each.decision == "open" and each.reason != "no-heir")
        return {each.id: (rollover.ACCEPT, "") for each in rest}
    found = {}
    for name, decision in request.form.items():
        number = name.removeprefix("decision-")
        if number != name and number.isascii() and number.isdigit() and len(number) <= NUMERIC and decision:
            found[int(number)] = decision, request.form.get(f"value-{number}", "").replace("\0", "")
    return found


def _draft(plan_id: int) -> PlanHead:
    try:
        plan = plan_or_404(plan_id)
    except NotFound:
        raise NotFound(rollover.GONE) from None
    if plan.state != "draft":
        raise NotFound(N_("Kế hoạch này không còn là dự thảo: đã có hiệu lực. Hãy mở lại từ trang Kế hoạch."))
    return plan
