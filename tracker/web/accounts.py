"""A person's own account: who I am here, my password, and where I am signed in."""

import json

from flask import Blueprint, current_app, flash, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from tracker.domain.errors import Refused
from tracker.domain.people import Person
from tracker.domain.privacy import NOTICE_VERSION
from tracker.domain.words import N_
from tracker.store import calendar_choices, privacy
from tracker.store import sessions as stored
from tracker.usecases import deadline_files, people, person_data, second_factors, sessions
from tracker.web.limits import limiter
from tracker.web.runtime import gettext, now, person, runtime
from tracker.web.sessions import ACTS_FOR, begin_session, own_session
from tracker.web.sign_in import FAILED, failed

pages = Blueprint("accounts", __name__)


@pages.get("/account")
def show() -> str:
    """Who I am here, the form for a new password, and my sessions."""
    return _account()


@pages.post("/account/password")
@limiter.limit("10 per 10 minutes", key_func=lambda: f"password:{person().id}", deduct_when=failed)
def change_password() -> Response | tuple[str, int]:
    """Change one's own password; every other session of the person ends."""
    old, new, again = (request.form.get(name, "") for name in ("old_password", "new_password", "new_password_again"))
    try:
        if new != again:
            raise Refused(N_("Hai lần nhập mật khẩu mới không giống nhau; mật khẩu chưa được đổi."))
        people.change_own_password(person(), old, new, now=now(), demo=runtime().demo)
    except Refused as problem:
        return _account(problem.text(gettext)), FAILED
    begin_session(person())
    flash(gettext(N_("Đã đổi mật khẩu. Các phiên đăng nhập khác của bạn đã kết thúc.")), "success")
    return redirect(url_for("accounts.show"), code=303)


@pages.post("/account/sessions/end")
def end_session() -> Response:
    """End one other session of mine."""
    session_id = request.form.get("session", "")
    if session_id == own_session():
        raise Refused(N_("Đây là phiên bạn đang dùng; hãy bấm Đăng xuất để kết thúc."))
    if sessions.end(person(), session_id, now()):
        flash(gettext(N_("Phiên đăng nhập đó đã kết thúc.")), "success")
    else:
        flash(gettext(N_("Bạn không có phiên đăng nhập nào như vậy đang mở; chưa có gì thay đổi.")), "error")
    return redirect(url_for("accounts.show"), code=303)


@pages.post("/account/sessions/end-others")
def end_other_sessions() -> Response:
    """End every session of mine but this one."""
    sessions.end_others(person(), own_session(), now())
    flash(gettext(N_("Mọi phiên đăng nhập khác của bạn đã kết thúc.")), "success")
    return redirect(url_for("accounts.show"), code=303)


@pages.post("/account/acting")
def act() -> Response:
    """Ask for another of my units from now on, in this session alone."""
    chosen = request.form.get("unit", "")
    place = next((each for each in person().places if each.code == chosen), None)
    if place is None:
        raise Refused(N_("Hôm nay bạn không làm thay đơn vị này; hãy tải lại trang rồi chọn trong danh sách."))
    session[ACTS_FOR] = place.unit_id
    flash(gettext(N_("Từ bây giờ bạn làm việc cho: %(unit)s."), unit=place.name), "success")
    return redirect(url_for("work.mine"), code=303)


@pages.post("/account/phone")
def choose_phone() -> Response | tuple[str, int]:
    """Keep my telephone number, or none."""
    typed = request.form.get("phone", "").replace("\0", "")
    try:
        people.choose_phone(person(), typed, now=now())
    except Refused as problem:
        return _account(phone_problem=problem.text(gettext), phone=typed), FAILED
    flash(gettext(N_("Đã lưu số điện thoại.")), "success")
    return redirect(url_for("accounts.show"), code=303)


@pages.post("/account/deadlines")
def choose_deadlines() -> Response:
    """Keep whether I want the deadline as a file with a mail about one task."""
    wanted = request.form.get("wanted") == "1"
    deadline_files.choose(person(), wanted)
    said = N_("Thư về một việc sẽ kèm tệp lịch.") if wanted else N_("Thư sẽ không kèm tệp lịch.")
    flash(gettext(said), "success")
    return redirect(url_for("accounts.show"), code=303)


@pages.post("/account/data")
@limiter.limit("10 per hour", key_func=lambda: f"data:{person().id}")
def data() -> Response:
    """Everything kept about me, as one JSON file."""
    return data_file(person())


def data_file(about: Person) -> Response:
    """Everything kept about somebody, as a file to keep."""
    kept = person_data.export(about, by=person(), now=now())
    answer = Response(json.dumps(kept, ensure_ascii=False, indent=2) + "\n", content_type="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="tracker-{about.id}.json"'
    return answer


def _account(problem: str = "", *, phone_problem: str = "", phone: str | None = None) -> str:
    still_good = now() - current_app.config["PERMANENT_SESSION_LIFETIME"]
    return render_template(
        "pages/account.html",
        problem=problem,
        phone_problem=phone_problem,
        phone=person().phone if phone is None else phone,
        sessions=stored.open_of(person().id, still_good),
        here=own_session(),
        has_factor=second_factors.is_on(person()),
        wants_calendar=calendar_choices.wants_calendar(person().id),
        notice_read_at=privacy.accepted_at(person().id, NOTICE_VERSION),
    )
