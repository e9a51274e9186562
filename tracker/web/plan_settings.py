"""By which rules a plan is watched, and who confirms in which order: the page of its monitors and administrators."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker.domain.access import ask_to_set_plan
from tracker.domain.errors import Refused, StaleState
from tracker.domain.plan_settings import moved
from tracker.domain.words import N_
from tracker.store import units
from tracker.store.confirming import unmanned
from tracker.usecases import plan_settings
from tracker.web.cutoffs import plan_or_404
from tracker.web.forms import code_of
from tracker.web.runtime import gettext, now, person, today

pages = Blueprint("plan_settings", __name__, url_prefix="/plans/<int:plan_id>/settings")

STEPS = {"up": -1, "down": 1}
SAVED = N_("Đã lưu thiết đặt của kế hoạch.")


@pages.get("")
def show(plan_id: int) -> str:
    """The settings as they are."""
    return _page(plan_id)


@pages.post("")
def rules(plan_id: int) -> Response | tuple[str, int]:
    """Set by which rules late and quiet are told."""
    days = request.form.get("quiet_days", "").strip()
    try:
        plan_settings.set_rules(
            person(),
            plan_id,
            late_after_working_day=request.form.get("late_after_working_day") == "1",
            quiet_days=_number(days),
            now=now(),
        )
    except Refused as problem:
        return _page(plan_id, problem.text(gettext), days), 422
    return _saved(plan_id)


@pages.post("/monitors")
def monitors(plan_id: int) -> Response | tuple[str, int]:
    """Move, remove or add one monitor: `do` is up, down or remove and a unit's id, or add with the unit in `unit`."""
    seen = tuple(filter(None, map(_number, request.form.getlist("seen"))))
    step, _, which = request.form.get("do", "").partition("-")
    unit_id = _number(request.form.get("unit", "") if step == "add" else which)
    try:
        if unit_id is None or step not in (*STEPS, "remove", "add"):
            raise Refused(N_("Hãy chọn một đơn vị trong danh sách."))
        plan_settings.set_monitors(
            person(),
            plan_id,
            _wanted(seen, step, unit_id),
            seen=seen,
            none_is_meant=request.form.get("none_is_meant") == "1",
            today=today(),
            now=now(),
        )
    except (Refused, StaleState) as problem:
        return _page(plan_id, problem.text(gettext)), code_of(problem)
    return _saved(plan_id)


@pages.get("/monitors")
def back(plan_id: int) -> Response:
    """The form's own address, opened again, leads to the settings."""
    return redirect(url_for("plan_settings.show", plan_id=plan_id))


def _wanted(seen: tuple[int, ...], step: str, unit_id: int) -> tuple[int, ...]:
    if step == "add":
        return (*seen, unit_id)
    if step == "remove":
        return tuple(each for each in seen if each != unit_id)
    return moved(seen, unit_id, STEPS[step])


def _saved(plan_id: int) -> Response:
    flash(gettext(SAVED), "success")
    return redirect(url_for("plan_settings.show", plan_id=plan_id), code=303)


def _page(plan_id: int, problem: str = "", quiet_days: str | None = None) -> str:
    plan = plan_or_404(plan_id)
    ask_to_set_plan(person(), plan.monitor_unit_ids)
    return render_template(
        "pages/plan_settings.html",
        plan=plan,
        problem=problem,
        quiet_days=str(plan.calendar.quiet_days) if quiet_days is None else quiet_days,
        unmanned=unmanned(plan, today()),
        others=[each for each in units.refs(living_on=today()) if each.id not in plan.monitor_unit_ids],
    )


def _number(text: str) -> int | None:
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
