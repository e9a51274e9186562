"""What people do to a share: log, report, ask, correct, approve, answer; and the draft kept while they type."""

from flask import Blueprint, flash, request
from werkzeug.wrappers import Response

from tracker.domain.errors import Refused, StaleState
from tracker.domain.words import N_
from tracker.domain.work import TEXTS, Action, Entry
from tracker.store import work
from tracker.usecases import log_drafts, progress
from tracker.web.forms import percent_of, texts_of, to_share, uploads_of, whole_number
from tracker.web.runtime import gettext, now, person, runtime
from tracker.web.task_page import back_to_task, not_kept
from tracker.web.templating import moment

pages = Blueprint("share_log", __name__)

Answer = Response | tuple[str, int]
SAID = {
    Action.PROGRESS: N_("Đã ghi tiến độ."),
    Action.PROPOSE: N_("Đã gửi báo cáo cho thủ trưởng đơn vị duyệt; duyệt xong báo cáo mới được gửi đi."),
    Action.APPROVE: N_("Đã duyệt và báo hoàn thành; đơn vị theo dõi sẽ xác nhận."),
    Action.SEND_BACK: N_("Đã trả báo cáo lại trong đơn vị, kèm lý do."),
    Action.SUBMIT: N_("Đã báo hoàn thành; đơn vị theo dõi sẽ xác nhận."),
    Action.ACCEPT: N_("Đã xác nhận hoàn thành."),
    Action.RETURN: N_("Đã trả lại kèm lý do."),
    Action.ASK_AWAY: N_("Đã gửi đề nghị không áp dụng; đơn vị theo dõi sẽ trả lời."),
    Action.CONSENT: N_("Đã đồng ý: phần việc này không áp dụng cho đơn vị."),
    Action.DECLINE: N_("Đã trả lời không đồng ý, kèm lý do."),
    Action.WITHDRAW: N_("Đã rút lại, kèm lý do; phần việc trở về như trước khi gửi."),
    Action.CORRECT: N_("Đã ghi mục sửa; mục cũ vẫn được giữ và được đánh dấu."),
}
AGAIN = N_("Đã ghi rồi: biểu mẫu này được gửi hai lần và chỉ ghi một lần.")


@pages.post("/shares/<int:share_id>/log")
def log(share_id: int) -> Answer:
    """Log progress, or with the second button report done; with `corrects`, correct an earlier entry."""
    if request.form.get("corrects"):
        return _record(share_id, Action.CORRECT)
    return _record(share_id, Action.SUBMIT if request.form.get("action") == Action.SUBMIT.value else Action.PROGRESS)


@pages.post("/shares/<int:share_id>/accept")
def accept(share_id: int) -> Answer:
    """Accept what the unit reported."""
    return _record(share_id, Action.ACCEPT)


@pages.post("/shares/<int:share_id>/return")
def send_back(share_id: int) -> Answer:
    """Return a report, or what was agreed not to apply, with a reason."""
    return _record(share_id, Action.RETURN, "confirm")


@pages.post("/shares/<int:share_id>/approve")
def approve(share_id: int) -> Answer:
    """Let a report leave the unit, or with the second button send it back inside it."""
    back = request.form.get("action") == Action.SEND_BACK.value
    return _record(share_id, Action.SEND_BACK if back else Action.APPROVE, "approve")


@pages.post("/shares/<int:share_id>/away")
def ask_away(share_id: int) -> Answer:
    """Ask the monitor to agree that the share does not apply to the unit."""
    return _record(share_id, Action.ASK_AWAY, "away")


@pages.post("/shares/<int:share_id>/withdraw")
def withdraw(share_id: int) -> Answer:
    """Take back a report, or the request that the share does not apply, before it is answered; with a reason."""
    return _record(share_id, Action.WITHDRAW, "withdraw")


@pages.post("/shares/<int:share_id>/answer")
def answer_away(share_id: int) -> Answer:
    """Agree that the share does not apply, or with the second button decline."""
    declined = request.form.get("action") == Action.DECLINE.value
    return _record(share_id, Action.DECLINE if declined else Action.CONSENT, "confirm")


@pages.post("/shares/<int:share_id>/draft")
def draft(share_id: int) -> Answer:
    """Keep what the person has typed; the answer is when, in words. Sent by the page's script while one types."""
    log_drafts.save(person(), share_id, texts_of("percent", "result", "difficulty", "cause", "proposal"), now())
    return gettext(N_("Đã lưu nháp lúc %(moment)s."), moment=moment(now())), 200


@pages.post("/shares/<int:share_id>/draft/discard")
def discard(share_id: int) -> Answer:
    """Forget the person's draft."""
    task_id = log_drafts.discard(person(), share_id)
    flash(gettext(N_("Đã bỏ bản nháp.")), "success")
    return to_share(task_id, share_id)


@pages.get("/shares/<int:share_id>/log")
@pages.get("/shares/<int:share_id>/accept")
@pages.get("/shares/<int:share_id>/return")
@pages.get("/shares/<int:share_id>/approve")
@pages.get("/shares/<int:share_id>/away")
@pages.get("/shares/<int:share_id>/withdraw")
@pages.get("/shares/<int:share_id>/answer")
@pages.get("/shares/<int:share_id>/draft")
@pages.get("/shares/<int:share_id>/draft/discard")
@pages.get("/shares/<int:share_id>/extension")
@pages.get("/shares/<int:share_id>/checkpoints")
@pages.get("/shares/<int:share_id>/people")
def back(share_id: int) -> Response:
    """Where a form that could not be kept was answered: opened again by its address, it leads to the task."""
    return back_to_task(share_id)


def _record(share_id: int, action: Action, form: str = "") -> Answer:
    texts, uploads = texts_of(*TEXTS), uploads_of("evidence")
    corrects = request.form.get("corrects", "") if action is Action.CORRECT else ""
    share, seen = work.share_now(share_id), whole_number(request.form.get("seen_version", ""))
    try:
        percent = percent_of(request.form.get("percent", ""))
        # A number that is none names no entry, which is told as one that is not there.
        entry = Entry(action, percent, **texts, corrects=whole_number(corrects))
        done = progress.record(
            person(),
            share_id,
            entry,
            now(),
            files=runtime().files,
            uploads=uploads,
            seen_version=progress.UNSEEN if seen is None else seen,
            zone=runtime().zone,
        )
    except (Refused, StaleState) as problem:
        texts |= {"percent": request.form.get("percent", ""), "corrects": corrects}
        return not_kept(share.task_id, share_id, texts, problem, form, had_files=bool(uploads))
    flash(gettext(AGAIN if done.again else SAID[done.action]), "success")
    return to_share(done.task_id, share_id)
