"""The administrator lets a person act for a further unit, and ends it."""

from flask import Blueprint, flash, request
from werkzeug.wrappers import Response

from tracker.domain.errors import Refused
from tracker.domain.words import N_
from tracker.usecases import acting
from tracker.web.admin_people import back_to, person_page, someone
from tracker.web.forms import typed_day
from tracker.web.runtime import gettext, now, person, today

pages = Blueprint("admin_acting", __name__, url_prefix="/admin/people")

FIELDS = ("unit", "from_on", "until_on", "document")


@pages.post("/<int:person_id>/acting")
def let_act(person_id: int) -> Response | tuple[str, int]:
    """Let the person act for a further unit from a day to a day."""
    found = someone(person_id)
    typed = {name: request.form.get(name, "").replace("\0", "").strip() for name in FIELDS}
    try:
        from_on = typed_day(typed["from_on"], N_("Từ ngày")) or today()
        until_on = typed_day(typed["until_on"], N_("Đến hết ngày"))
        acting.let_act(found, typed["unit"], from_on, until_on, typed["document"], by=person(), now=now())
    except Refused as problem:
        return person_page(found, acting_problem=problem.text(gettext), typed=typed), 422
    flash(gettext(N_("Đã ghi việc làm thay.")), "success")
    return back_to(person_id)


@pages.post("/<int:person_id>/acting/<int:acting_id>/end")
def end(person_id: int, acting_id: int) -> Response:
    """Let the person act for that unit no more, from this moment on."""
    acting.end(someone(person_id), acting_id, by=person(), now=now(), today=today())
    flash(gettext(N_("Đã kết thúc việc làm thay.")), "success")
    return back_to(person_id)
