"""A unit's own days on the card of its share."""

from flask import Blueprint, flash
from werkzeug.wrappers import Response

from tracker.domain.errors import Refused, StaleState
from tracker.domain.words import N_
from tracker.store import work
from tracker.usecases import checkpoints
from tracker.usecases.checkpoints import Doing
from tracker.web.forms import texts_of, to_share, typed_day
from tracker.web.runtime import gettext, now, person, runtime
from tracker.web.task_page import not_kept

pages = Blueprint("checkpoints", __name__)

SAID = {
    Doing.DONE: N_("Đã đánh dấu xong mốc nội bộ."),
    Doing.REOPEN: N_("Đã mở lại mốc nội bộ."),
    Doing.REMOVE: N_("Đã bỏ mốc nội bộ."),
}


@pages.post("/shares/<int:share_id>/checkpoints")
def add(share_id: int) -> Response | tuple[str, int]:
    """Set a day of the unit's own."""
    texts, task_id = texts_of("day", "title"), work.share_now(share_id).task_id
    try:
        day = typed_day(texts["day"], N_("Ngày"))
        checkpoints.add(person(), share_id, day, texts["title"], now(), runtime().zone)
    except (Refused, StaleState) as problem:
        return not_kept(task_id, share_id, texts, problem, "checkpoint")
    flash(gettext(N_("Đã đặt mốc nội bộ.")), "success")
    return to_share(task_id, share_id)


@pages.post("/checkpoints/<int:checkpoint_id>/<any(done, reopen, remove):doing>")
def change(checkpoint_id: int, doing: str) -> Response:
    """Tick a checkpoint off, open it again, or remove it."""
    task_id, share_id = checkpoints.change(person(), checkpoint_id, Doing(doing), now(), runtime().zone)
    flash(gettext(SAID[Doing(doing)]), "success")
    return to_share(task_id, share_id)
