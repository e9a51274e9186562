"""What a unit settles for itself: whether its head reads a report before it leaves the unit."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker.domain import access
from tracker.domain.errors import NotFound, Refused
from tracker.domain.words import N_
from tracker.store import unit_settings as stored
from tracker.store.unit_settings import UnitSettings
from tracker.usecases import unit_settings
from tracker.web.runtime import gettext, now, person

pages = Blueprint("unit_settings", __name__)


@pages.get("/units/<code>/settings")
def show(code: str) -> str:
    """The settings of one unit, for its head and for administrators."""
    return _page(code)


@pages.post("/units/<code>/settings")
def change(code: str) -> Response | tuple[str, int]:
    """Keep the settings."""
    try:
        unit_settings.set_approval(person(), code, wanted=request.form.get("head_approves") == "1", now=now())
    except Refused as problem:
        return _page(code, problem.text(gettext)), 422
    flash(gettext(N_("Đã lưu thiết lập của đơn vị.")), "success")
    return redirect(url_for("unit_settings.show", code=code), code=303)


def _page(code: str, problem: str = "") -> str:
    found = _settings(code)
    access.ask_to_set_approval(person(), found.unit_id)
    return render_template("pages/unit_settings.html", code=code, settings=found, problem=problem)


def _settings(code: str) -> UnitSettings:
    found = stored.of_unit(code)
    if found is None:
        raise NotFound(N_("Không có đơn vị này. Hãy mở lại từ trang Đơn vị."))
    return found
