"""The outbox: what was or would be sent, to whom, and why something did not go."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker.domain.errors import NotFound
from tracker.domain.outbox import MailState, in_words
from tracker.domain.people import Role
from tracker.domain.words import N_
from tracker.store import outbox, reminders
from tracker.usecases import outbox as sending
from tracker.usecases.history import note_contacts_seen
from tracker.web.paging import Page, paged
from tracker.web.runtime import gettext, now, person, runtime

pages = Blueprint("outbox", __name__)

STATES = {
    MailState.PENDING: N_("Chờ gửi"),
    MailState.CLAIMED: N_("Đang gửi"),
    MailState.SENT: N_("Đã gửi"),
    MailState.SKIPPED: N_("Không cần gửi"),
    MailState.DEAD: N_("Không gửi được"),
}
KEPT_HERE = N_("Chưa gửi: chưa đặt máy chủ thư")


def state_words(state: MailState) -> str:
    """What a state is called; without a mail server nothing waits to be sent."""
    return gettext(KEPT_HERE if state is MailState.PENDING and not runtime().mail_is_sent else STATES[state])


def problem(error: str) -> str:
    """Why a message did not go, with the server's own words."""
    sentence, detail = in_words(error)
    told = gettext(sentence) if sentence else error
    return f"{told} ({detail})" if sentence and detail else told


@pages.get("/outbox")
def index() -> str:
    """Messages, the newest first, of one state where `?state=` names one."""
    counts = outbox.counts()
    asked = request.args.get("state", "")
    state = MailState(asked) if asked in set(MailState) else None
    place = paged(range(counts.get(state, 0) if state else sum(counts.values())))
    note_contacts_seen(person(), now(), runtime().zone)
    mails = outbox.listed(state, max(place.first - 1, 0), place.size)
    return render_template(
        "pages/outbox.html",
        page=Page(mails, place.number, place.size, place.total),
        counts=counts,
        chosen=state,
        states=list(MailState),
        state_words=state_words,
        problem=problem,
    )


@pages.get("/outbox/<int:message_id>")
def show(message_id: int) -> str:
    """One message as its plain text, with what it told and why."""
    found = outbox.by_ids([message_id])
    if not found:
        raise NotFound(N_("Không tìm thấy thư này. Hãy mở lại từ trang Thư nhắc."))
    return render_template(
        "pages/outbox_message.html",
        mail=found[0],
        rule_names=reminders.rule_names(),
        state_words=state_words,
        problem=problem,
        may_retry=found[0].state is MailState.DEAD and person().role in (Role.ADMINISTRATOR, Role.MONITOR),
    )


@pages.post("/outbox/<int:message_id>/retry")
def retry(message_id: int) -> Response:
    """Let a dead message be tried afresh."""
    sending.retry(message_id, person(), now())
    flash(gettext(N_("Thư sẽ được gửi lại ở lượt tới, trong giờ nhắc việc của ngày làm việc.")), "done")
    return redirect(url_for("outbox.show", message_id=message_id), 303)
