"""Filters kept under a name: offered above their lists, and all of them on a page."""

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker.domain.errors import Refused
from tracker.domain.saved_views import PLAN, WORK, ask_to_see, asked_of, in_calendar, may_remove
from tracker.domain.words import N_
from tracker.store import saved_views as stored
from tracker.usecases import saved_views
from tracker.web.cutoffs import plan_of_page
from tracker.web.paths import local_path
from tracker.web.runtime import gettext, now, person

pages = Blueprint("saved_views", __name__)


@pages.get("/views")
def index() -> str:
    """My filters, and those that others share."""
    return _page()


def _page(error: str = "", typed: dict[str, Any] | None = None) -> str:
    who = person()
    found = stored.offered(who.id)
    return render_template(
        "pages/saved_views.html",
        own=[view for view in found if view.owner_id == who.id],
        others=[view for view in found if view.owner_id != who.id],
        may_remove=lambda view: may_remove(who, view),
        in_calendar=in_calendar,
        error=error,
        typed=typed or {},
    )


@pages.get("/views/<int:view_id>")
def show(view_id: int) -> Response:
    """The list with that filter: of one's own unit's work, or of the plan that runs today."""
    view = ask_to_see(person(), stored.one(view_id))
    plan = plan_of_page() if view.page == PLAN else None
    endpoint = "work.mine" if view.page == WORK else "plans.index"
    path = url_for("plans.show", plan_id=plan.id) if plan else url_for(endpoint)
    return redirect(f"{path}?{urlencode(view.filters)}")


@pages.post("/views")
def save() -> tuple[str, int] | Response:
    """Keep the filter of a list under a name."""
    form = request.form
    try:
        saved_views.save(person(), form.get("list", ""), form, form.get("name", ""), shared="shared" in form, now=now())
    except Refused as problem:
        typed = {"filters": asked_of(form["list"], form)} if form.get("list") in (PLAN, WORK) else {}
        return _page(problem.text(gettext), form.to_dict() | typed), 422
    flash(gettext(N_("Đã lưu bộ lọc.")))
    return redirect(local_path(form.get("back", "")), 303)


@pages.post("/views/<int:view_id>")
def change(view_id: int) -> tuple[str, int] | Response:
    """Name a filter otherwise, share it or no more."""
    name, shared = request.form.get("name", ""), "shared" in request.form
    try:
        withdrawn = saved_views.change(person(), view_id, name, shared=shared, now=now())
    except Refused as problem:
        typed = {"id": str(view_id), "name": name, "shared": shared}
        return _page(problem.text(gettext), typed), 422
    others = N_("Đã đổi bộ lọc; lịch của người khác theo bộ lọc này, nếu có, đã ngừng.")
    flash(gettext(others if withdrawn else N_("Đã đổi bộ lọc.")))
    return redirect(url_for("saved_views.index"), 303)


@pages.post("/views/<int:view_id>/remove")
def remove(view_id: int) -> Response:
    """Forget a filter."""
    saved_views.remove(person(), view_id, now())
    flash(gettext(N_("Đã xóa bộ lọc; lịch đăng ký theo bộ lọc này, nếu có, cũng ngừng.")))
    return redirect(url_for("saved_views.index"), 303)
