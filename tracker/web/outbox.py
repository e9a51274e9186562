"""The outbox: what was or would be sent, to whom, and why something did not go."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker.domain.access import Doing, may
from tracker.domain.errors import NotFound
from tracker.domain.outbox import BELL, MAIL, WEBHOOK, MailState, in_words
from tracker.domain.reminder_rules import headline
from tracker.domain.words import N_, filled
from tracker.store import addresses, outbox, reminder_rules
from tracker.usecases import outbox as sending
from tracker.usecases.history import note_contacts_seen
from tracker.usecases.urging_messages import KIND as URGING
from tracker.web.paging import Page, paged
from tracker.web.runtime import gettext, ngettext, now, person, runtime

pages = Blueprint("outbox", __name__)

STATES = {
    MailState.PENDING: N_("Chờ gửi"),
    MailState.CLAIMED: N_("Đang gửi"),
    MailState.SENT: N_("Đã gửi"),
    MailState.SKIPPED: N_("Không cần gửi"),
    MailState.DEAD: N_("Không gửi được"),
}
KEPT_HERE = N_("Chưa gửi: chưa đặt máy chủ thư")
CHANNEL_NAMES = {MAIL: N_("Thư điện tử"), BELL: N_("Thông báo trong trang"), WEBHOOK: N_("Webhook")}


def state_words(state: MailState, channel: str = MAIL) -> str:
    """What a state is called; without a mail server no mail waits to be sent."""
    kept = state is MailState.PENDING and channel == MAIL and not runtime().mail_is_sent
    return gettext(KEPT_HERE if kept else STATES[state])


def channel_name(channel: str) -> str:
    """By what a message goes."""
    return gettext(CHANNEL_NAMES[channel])


def problem(error: str) -> str:
    """Why a message did not go, with the server's own words."""
    sentence, detail = in_words(error)
    told = gettext(sentence) if sentence else error
    return f"{told} ({detail})" if sentence and detail else told


@pages.get("/outbox")
def index() -> str:
    """Messages, the newest first, of one state where `?state=` names one; those in the bell with `?channel=bell`."""
    in_bell = request.args.get("channel") == BELL
    counts = outbox.counts(bell=in_bell)
    asked = request.args.get("state", "")
    state = MailState(asked) if asked in set(MailState) else None
    place = paged(range(counts.get(state, 0) if state else sum(counts.values())))
    note_contacts_seen(person(), now(), runtime().zone)
    mails = outbox.listed(state, max(place.first - 1, 0), place.size, bell=in_bell)
    return render_template(
        "pages/outbox.html",
        page=Page(mails, place.number, place.size, place.total),
        counts=counts,
        chosen=state,
        in_bell=in_bell,
        states=list(MailState),
        state_words=state_words,
        channel_name=channel_name,
        problem=problem,
        refused=addresses.refused([mail.person_id for mail in mails]),
        may_retry=may(person(), Doing.RETRY_MAIL),
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
        refused=addresses.refused([found[0].person_id]),
        rule_names={
            URGING: gettext(N_("Đôn đốc")),
            **{code: filled(*headline(rule), gettext) for code, rule in reminder_rules.by_code().items()},
        },
        state_words=state_words,
        channel_name=channel_name,
        problem=problem,
        may_retry=found[0].state is MailState.DEAD and may(person(), Doing.RETRY_MAIL),
    )


@pages.post("/outbox/<int:message_id>/retry")
def retry(message_id: int) -> Response:
    """Let a dead message be tried afresh."""
    sending.retry(message_id, person(), now())
    flash(gettext(N_("Thư sẽ được gửi lại ở lượt tới, trong giờ nhắc việc của ngày làm việc.")), "done")
    return redirect(url_for("outbox.show", message_id=message_id), 303)


@pages.post("/outbox/retry")
def retry_all() -> Response:
    """Let every dead message be tried afresh."""
    again = sending.retry_all(person(), now())
    words = ngettext(
        "%(n)s tin sẽ được gửi lại ở lượt tới, trong giờ nhắc việc của ngày làm việc.",
        "%(n)s tin sẽ được gửi lại ở lượt tới, trong giờ nhắc việc của ngày làm việc.",
        again,
    )
    flash(words % {"n": again}, "done")
    return redirect(url_for("outbox.index"), 303)
