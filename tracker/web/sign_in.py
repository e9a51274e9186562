"""Signing in and out, and the language."""

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, session, url_for
from flask_login import current_user, logout_user
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response as Answer

from tracker.adapters.passwords import DEMO_PASSWORD
from tracker.domain.errors import Refused
from tracker.domain.words import N_
from tracker.usecases import people, second_factors, sessions
from tracker.web import known_devices
from tracker.web.entering import enter, half_in, let_in
from tracker.web.limits import limiter
from tracker.web.paths import local_path
from tracker.web.runtime import LOCALES, gettext, now, person, runtime
from tracker.web.sessions import own_session

pages = Blueprint("sign_in", __name__)
pages.after_request(known_devices.set_cookie)

ONE_YEAR = 365 * 24 * 3600
FAILED = 422
DEMO_ACCOUNTS = (
    ("monitor@example.org", N_("Phòng Giáo dục và Đào tạo: theo dõi kế hoạch")),
    ("office@example.org", N_("Văn phòng HĐND và UBND: theo dõi, xác nhận")),
    ("lead@example.org", N_("Phòng Tài chính - Kế hoạch: đơn vị chủ trì")),
    ("partner@example.org", N_("Trường Tiểu học Thành Tô: đơn vị phối hợp")),
    ("leader@example.org", N_("Lãnh đạo: xem toàn bộ")),
    ("admin@example.org", N_("Quản trị viên")),
)


def failed(response: Response) -> bool:
    """Whether an answer counts as a failed try."""
    return response.status_code == FAILED


@pages.get("/sign-in")
def page() -> str | Answer:
    """The sign-in form; people already signed in go on."""
    if current_user.is_authenticated:
        return redirect(local_path(request.args.get("next", "")))
    return _form()


@pages.post("/sign-in")
@limiter.limit("30 per minute; 200 per hour", key_func=known_devices.place_key, deduct_when=failed)
@limiter.limit("10 per 10 minutes; 100 per day", key_func=known_devices.account_key, deduct_when=failed)
def sign_in() -> Answer | tuple[str, int]:
    """Check address and password; only failures count towards the limits."""
    email = request.form.get("email", "").replace("\0", "").strip()
    found = people.sign_in(email, request.form.get("password", ""), demo=runtime().demo)
    if found is None:
        return _form(email, gettext(N_("Thư điện tử hoặc mật khẩu không đúng. Hãy kiểm tra rồi nhập lại."))), FAILED
    return enter(found.person, local_path(request.values.get("next", "")))


def _account_of_code() -> str:
    waiting = half_in()
    return f"code:{waiting[0].id}" if waiting else "code:nobody"


@pages.get("/sign-in/code")
def code() -> str | Answer:
    """The form for the phone's code, after a good password or link."""
    return render_template("pages/sign_in_code.html", problem="") if half_in() else redirect(url_for("sign_in.page"))


@pages.post("/sign-in/code")
@limiter.limit("10 per 10 minutes", key_func=_account_of_code, deduct_when=failed)
def check_code() -> Answer | tuple[str, int]:
    """Let in who gives a good code within five minutes of the first proof."""
    waiting = half_in()
    if waiting is None:
        flash(gettext(N_("Đã quá 5 phút; hãy đăng nhập lại từ đầu.")), "error")
        return redirect(url_for("sign_in.page"), code=303)
    who, wanted = waiting
    try:
        second_factors.check(who, request.form.get("code", "")[:40], now(), runtime().seal)
    except Refused as problem:
        return render_template("pages/sign_in_code.html", problem=problem.text(gettext)), FAILED
    return let_in(who, wanted)


@pages.post("/sign-out")
def sign_out() -> Answer:
    """End this session."""
    if current_user.is_authenticated:
        sessions.sign_out(person(), own_session(), now())
    logout_user()
    session.clear()
    flash(gettext(N_("Đã đăng xuất.")), "success")
    return redirect(url_for("sign_in.page"), code=303)


@pages.post("/language")
def language() -> Answer:
    """Choose a language: kept with the account, and on this machine for the sign-in page."""
    locale = request.form.get("locale", "")
    if locale not in LOCALES:
        raise BadRequest(gettext(N_("Chưa có ngôn ngữ này; hãy chọn Tiếng Việt hoặc English.")))
    if current_user.is_authenticated:
        people.choose_locale(person(), locale)
    answer = redirect(local_path(request.form.get("next", "")), code=303)
    secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
    answer.set_cookie("locale", locale, max_age=ONE_YEAR, httponly=True, samesite="Lax", secure=secure)
    return answer


def _form(email: str = "", problem: str = "") -> str:
    return render_template(
        "pages/sign_in.html",
        email=email,
        problem=problem,
        next=request.values.get("next", ""),
        demo_accounts=DEMO_ACCOUNTS,
        demo_password=DEMO_PASSWORD,
        mail_is_sent=runtime().mail_is_sent,
    )
