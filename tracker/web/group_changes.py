"""Units that joined or left a group after a plan took effect: the list of what waits for a person's confirmation."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker.domain.access import ask_to_set_plan
from tracker.domain.errors import Refused, StaleState
from tracker.domain.words import N_
from tracker.store import group_changes as stored
from tracker.usecases import group_changes
from tracker.web.cutoffs import plan_or_404
from tracker.web.forms import code_of
from tracker.web.runtime import gettext, now, person, runtime, today

pages = Blueprint("group_changes", __name__, url_prefix="/plans/<int:plan_id>/group-changes")

MOST_SHOWN = 1_000


@pages.get("")
def show(plan_id: int) -> str:
    """What is pending, and what was confirmed before."""
    return _page(plan_id)


@pages.post("")
def confirm(plan_id: int) -> Response | tuple[str, int]:
    """Confirm the differences that were marked, or with `all` every one that is advised."""
    reason = request.form.get("reason", "").replace("\0", "")
    keys = request.form.getlist("change")
    try:
        if request.form.get("all") == "1":
            keys = request.form.getlist("advised")
        done = group_changes.confirm(person(), plan_id, keys, reason, now=now(), zone=runtime().zone)
    except (Refused, StaleState) as problem:
        return _page(plan_id, problem.text(gettext), reason, frozenset(keys)), code_of(problem)
    flash(gettext(N_("Đã xác nhận %(count)s thay đổi, có hiệu lực từ hôm nay."), count=str(len(done))), "success")
    return redirect(url_for("group_changes.show", plan_id=plan_id), code=303)


def _page(plan_id: int, problem: str = "", reason: str = "", marked: frozenset[str] | None = None) -> str:
    plan = plan_or_404(plan_id)
    ask_to_set_plan(person(), plan.monitor_unit_ids)
    found = group_changes.pending(plan, now(), runtime().zone)
    return render_template(
        "pages/group_changes.html",
        plan=plan,
        pending=found[:MOST_SHOWN],
        total=len(found),
        confirmed=stored.confirmed(plan, today())[:MOST_SHOWN],
        problem=problem,
        reason=reason,
        marked={each.key for each in found if each.advised} if marked is None else marked,
    )
