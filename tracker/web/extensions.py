"""Later due dates: the forms that ask for one, take it back, and decide on it."""

from flask import Blueprint, flash
from werkzeug.wrappers import Response

from tracker.domain.errors import Refused, StaleState
from tracker.domain.extensions import Decision, Outcome, Request
from tracker.domain.words import N_
from tracker.store import extensions as stored
from tracker.store import work
from tracker.usecases import extensions
from tracker.web.forms import texts_of, to_share, typed_day
from tracker.web.runtime import gettext, now, person, runtime, today
from tracker.web.task_page import back_to_task, not_kept

pages = Blueprint("extensions", __name__)

Answer = Response | tuple[str, int]
SAID = {
    Outcome.GRANTED: N_("Đã gia hạn; lịch và thư nhắc theo hạn mới."),
    Outcome.OTHER: N_("Đã gia hạn đến ngày khác; lịch và thư nhắc theo hạn mới."),
    Outcome.REFUSED: N_("Đã trả lời không gia hạn."),
}


@pages.post("/shares/<int:share_id>/extension")
def ask(share_id: int) -> Answer:
    """Ask for a later due date."""
    texts, task_id = texts_of("wanted", "reason"), work.share_now(share_id).task_id
    try:
        asked = Request(typed_day(texts["wanted"], N_("Xin đến ngày")), texts["reason"])
        extensions.ask(person(), share_id, asked, now(), runtime().zone)
    except (Refused, StaleState) as problem:
        return not_kept(task_id, share_id, texts, problem, "extension")
    flash(gettext(N_("Đã gửi đề nghị gia hạn.")), "success")
    return to_share(task_id, share_id)


@pages.post("/extensions/<int:extension_id>/decide")
def decide(extension_id: int) -> Answer:
    """Grant, grant another day, or refuse."""
    texts = texts_of("outcome", "other", "document", "note")
    try:
        decision = Decision(
            _outcome(texts["outcome"]), typed_day(texts["other"], N_("Ngày khác")), texts["document"], texts["note"]
        )
        task_id, share_id = extensions.decide(person(), extension_id, decision, now(), runtime().zone)
    except (Refused, StaleState) as problem:
        share = work.share_now(stored.current_share(stored.one(extension_id).share_id, today()))
        return not_kept(share.task_id, share.id, texts, problem, "decision")
    flash(gettext(SAID[decision.outcome]), "success")
    return to_share(task_id, share_id)


@pages.post("/extensions/<int:extension_id>/withdraw")
def withdraw(extension_id: int) -> Answer:
    """Take an undecided request back."""
    task_id, share_id = extensions.withdraw(person(), extension_id, now(), runtime().zone)
    flash(gettext(N_("Đã rút đề nghị gia hạn.")), "success")
    return to_share(task_id, share_id)


@pages.get("/extensions/<int:extension_id>/decide")
@pages.get("/extensions/<int:extension_id>/withdraw")
def back(extension_id: int) -> Response:
    """The forms' own addresses, opened again, lead to the task."""
    return back_to_task(stored.current_share(stored.one(extension_id).share_id, today()))


def _outcome(chosen: str) -> Outcome:
    if chosen not in (Outcome.GRANTED, Outcome.OTHER, Outcome.REFUSED):
        raise Refused(N_("Hãy chọn cách giải quyết: gia hạn như đề nghị, đến ngày khác, hoặc không gia hạn."))
    return Outcome(chosen)
