"""Somebody leaves: what they owe is handed over, the account closed, their data handed out or erased."""

from flask import Blueprint, flash, request
from werkzeug.wrappers import Response

from tracker.domain.errors import Refused
from tracker.domain.words import N_
from tracker.usecases import leaving, person_data
from tracker.web.accounts import data_file
from tracker.web.admin_people import back_to, chosen_heir, leaving_page, person_page, someone
from tracker.web.runtime import gettext, now, person, today

pages = Blueprint("admin_leaving", __name__, url_prefix="/admin/people")


@pages.get("/<int:person_id>/close")
def ask(person_id: int) -> str:
    """What the person still owes, and who may take it over."""
    found = someone(person_id)
    return leaving_page(found, leaving.owed(found, today()))


@pages.post("/<int:person_id>/close")
def close(person_id: int) -> Response | tuple[str, int]:
    """End a person's sessions and let them in no more; what they wrote stays under their name."""
    if person_id == person().id:
        raise Refused(N_("Bạn không tự đóng tài khoản của mình được; hãy nhờ một quản trị viên khác."))
    found = someone(person_id)
    try:
        leaving.leave(found, chosen_heir(), by=person(), now=now(), today=today())
    except Refused as problem:
        return leaving_page(found, leaving.owed(found, today()), problem.text(gettext)), 422
    flash(gettext(N_("Đã đóng tài khoản %(email)s; mọi phiên đăng nhập đã kết thúc."), email=found.email), "success")
    return back_to(person_id)


@pages.post("/<int:person_id>/data")
def data(person_id: int) -> Response:
    """Everything kept about the person, as one JSON file."""
    return data_file(someone(person_id))


@pages.post("/<int:person_id>/erase")
def erase(person_id: int) -> Response | tuple[str, int]:
    """Replace name and address of a closed account by a number."""
    found = someone(person_id)
    try:
        person_data.erase(found, request.form.get("address", ""), by=person(), now=now(), today=today())
    except Refused as problem:
        return person_page(found, erase_problem=problem.text(gettext)), 422
    flash(gettext(N_("Đã xóa dữ liệu cá nhân.")), "success")
    return back_to(person_id)
