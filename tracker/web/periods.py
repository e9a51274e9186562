"""Closed periods of a plan: closing one, the figures that were kept, and what they would be if computed now."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker.domain import access
from tracker.domain.errors import Refused, StaleState
from tracker.domain.periods import Period
from tracker.domain.summaries import Tally
from tracker.domain.views import PlanHead
from tracker.domain.words import N_
from tracker.store import periods
from tracker.usecases import periods as usecases
from tracker.web.cutoffs import plan_or_404
from tracker.web.forms import required_day, typed_day
from tracker.web.paging import paged
from tracker.web.runtime import as_of, gettext, now, person, runtime, today

pages = Blueprint("periods", __name__)

FIELDS = ("name", "from_on", "to_on", "note")


@pages.get("/plans/<int:plan_id>/periods")
def index(plan_id: int) -> str:
    """The closed periods of a plan, and for those who may the form that closes one."""
    return _index(plan_or_404(plan_id), {})


@pages.post("/plans/<int:plan_id>/periods")
def close(plan_id: int) -> Response | tuple[str, int]:
    """Close a period."""
    plan = plan_or_404(plan_id)
    typed = {name: request.form.get(name, "").replace("\0", "").strip() for name in FIELDS}
    try:
        period_id = usecases.close(
            person(),
            plan.id,
            typed["name"],
            required_day(typed["to_on"], N_("Ngày cuối kỳ")),
            from_on=typed_day(typed["from_on"], N_("Ngày đầu kỳ")),
            note=typed["note"],
            now=now(),
            zone=runtime().zone,
        )
    except Refused as problem:
        return _index(plan, typed, problem.text(gettext)), 422
    flash(gettext(N_("Đã chốt kỳ; số liệu được giữ nguyên từ nay.")), "success")
    return redirect(url_for("periods.show", period_id=period_id), code=303)


@pages.get("/periods/<int:period_id>")
def show(period_id: int) -> str:
    """The figures that were kept; with `?check=1` beside what they would be now."""
    return _show(usecases.known(period_id))


@pages.post("/periods/<int:period_id>/reopen")
def reopen(period_id: int) -> Response | tuple[str, int]:
    """Close a period anew, beside what was kept."""
    found = usecases.known(period_id)
    plan_or_404(found.plan_id)
    reason = request.form.get("reason", "").replace("\0", "")
    try:
        new_id = usecases.close_anew(person(), period_id, reason, now=now(), zone=runtime().zone)
    except Refused as problem:
        return _show(found, problem.text(gettext), reason), 422
    except StaleState as problem:
        return _show(found, problem.text(gettext), reason), 409
    flash(gettext(N_("Đã chốt lại kỳ; bản trước vẫn được giữ bên cạnh.")), "success")
    return redirect(url_for("periods.show", period_id=new_id), code=303)


@pages.get("/periods/<int:period_id>/reopen")
def back(period_id: int) -> Response:
    """Where a refused form was answered: opened again by its address, it leads to the period."""
    return redirect(url_for("periods.show", period_id=period_id))


def closed_periods(plan: PlanHead) -> list[Period]:
    """The closed periods that end on the day shown; none is asked for where that day is not over."""
    return periods.closed_on(plan.id, as_of()) if as_of() < today() else []


def _index(plan: PlanHead, typed: dict[str, str], problem: str = "") -> str:
    return render_template(
        "pages/periods.html",
        plan=plan,
        periods=periods.of_plan(plan.id),
        may_close=plan.state != "draft" and access.may_close_period(person(), plan.monitor_unit_ids),
        typed=typed,
        problem=problem,
    )


def _show(found: Period, problem: str = "", reason: str = "") -> str:
    plan = plan_or_404(found.plan_id)
    sees_all = access.oversees(person())
    checked = sees_all and request.args.get("check") == "1"
    return render_template(
        "pages/period.html",
        plan=plan,
        period=found,
        tally=Tally(**found.figures["cells"], quiet=found.figures["quiet"]),
        page=paged(found.figures["milestones"]),
        versions=[each for each in periods.of_plan(plan.id) if each.name == found.name and each.id != found.id],
        checked=checked,
        sees_all=sees_all,
        differences=usecases.check(found, plan, runtime().zone) if checked else [],
        may_reopen=access.may_reopen_period(person()),
        problem=problem,
        reason=reason,
    )
