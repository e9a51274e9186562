"""Who of the unit does a share: the forms that say so, for one share on its task's page, for many on my unit's."""

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from tracker.domain.errors import Refused, StaleState
from tracker.domain.words import N_
from tracker.store import share_people, work
from tracker.usecases.share_people import give
from tracker.web.forms import to_share
from tracker.web.giving import FIELDS
from tracker.web.runtime import gettext, now, person, runtime, today
from tracker.web.task_page import not_kept

pages = Blueprint("share_people", __name__)

GIVEN = N_("Đã giao %(count)s phần việc cho %(names)s.")
FREE = N_("%(count)s phần việc nay là việc chung của đơn vị: cả đơn vị được nhắc.")
KEEP = "keep"
"""As `stand_in`: who stands in for each share goes on doing so."""


@pages.post("/shares/<int:share_id>/people")
def one(share_id: int) -> Response | tuple[str, int]:
    """Say who does one share; where that is refused, its form says why, with what was chosen."""
    task_id = work.share_now(share_id).task_id
    try:
        return to_share(_give([share_id]), share_id)
    except (Refused, StaleState) as problem:
        return not_kept(task_id, share_id, {}, problem, "people")


@pages.post("/my/people")
def many() -> Response:
    """Say who does the chosen shares of the unit; where that is refused, the list says why, with what was chosen."""
    asked: dict[str, Any] = {name: request.form.get(name) or None for name in ("as_of", "plan", "part", "who", "page")}
    try:
        _give(_ids("share"))
    except (Refused, StaleState) as problem:
        flash(problem.text(gettext), "error")
        asked |= {name: request.form.getlist(name) for name in FIELDS}
    return redirect(url_for("work.mine", **asked), code=303)


@pages.get("/my/people")
def back_to_list() -> Response:
    """The form's own address, opened again, leads to the list."""
    return redirect(url_for("work.mine"))


def _give(share_ids: list[int]) -> int:
    """Gives the shares to the people of the form; returns the id of the first one's task."""
    doers = _ids("doer")
    stand_ins = None if request.form.get("stand_in") == KEEP else _ids("stand_in")
    found = give(person(), share_ids, doers, stand_ins, now(), runtime().zone)
    names = {each.id: each.name for each in share_people.colleagues(found[0].unit_id, today())}
    said = GIVEN if doers else FREE
    flash(gettext(said, count=str(len(found)), names=", ".join(names[each] for each in doers)), "success")
    return found[0].task_id


def _ids(name: str) -> list[int]:
    """The ids of a form's field, empty ones left out; Refused for what is no id."""
    texts = [text for text in request.form.getlist(name) if text]
    if not all(text.isascii() and text.isdigit() and len(text) < 10 for text in texts):
        raise Refused(N_("Biểu mẫu có ô không hợp lệ. Hãy tải lại trang rồi chọn lại."))
    return list(dict.fromkeys(map(int, texts)))
