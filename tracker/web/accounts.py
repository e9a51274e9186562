"""Signing in and out, the language, and a person's own account."""

from flask import Blueprint, current_app, flash, redirect, render_template, request, session, url_for
from flask_login import current_user, login_user, logout_user
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from tracker.adapters.passwords import DEMO_PASSWORD
from tracker.domain.errors import Refused
from tracker.domain.words import N_
from tracker.store.people import Credentials
from tracker.usecases import people
from tracker.web.limits import limiter
from tracker.web.runtime import LOCALES, gettext, person, runtime
from tracker.web.sessions import Account

sign_in_pages = Blueprint("sign_in", __name__)
pages = Blueprint("accounts", __name__)

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


def _failed(response: Response) -> bool:
    return response.status_code == FAILED


def _account_asked_for() -> str:
    return "account:" + request.form.get("email", "").strip().lower()[:254]


@sign_in_pages.get("/sign-in")
def page() -> str | Response:
    """The sign-in form; people already signed in go on."""
    if current_user.is_authenticated:
        return redirect(local_path(request.args.get("next", "")))
    return _form()


@sign_in_pages.post("/sign-in")
@limiter.limit("30 per minute; 200 per hour", deduct_when=_failed)
@limiter.limit("10 per 10 minutes", key_func=_account_asked_for, deduct_when=_failed)
def sign_in() -> Response | tuple[str, int]:
    """Check address and password; only failures count towards the limits."""
    email = request.form.get("email", "").replace("\0", "").strip()
    found = people.sign_in(email, request.form.get("password", ""), demo=runtime().demo)
    if found is None:
        return _form(email, gettext(N_("Thư điện tử hoặc mật khẩu không đúng. Hãy kiểm tra rồi nhập lại."))), FAILED
    _begin_session(found)
    return redirect(local_path(request.values.get("next", "")), code=303)


@sign_in_pages.post("/sign-out")
def sign_out() -> Response:
    """End this session."""
    logout_user()
    session.clear()
    flash(gettext(N_("Đã đăng xuất.")), "success")
    return redirect(url_for("sign_in.page"), code=303)


@sign_in_pages.post("/language")
def language() -> Response:
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


@pages.get("/account")
def show() -> str:
    """Who I am here, and the form for a new password."""
    return render_template("pages/account.html", problem="")


@pages.post("/account/password")
@limiter.limit("10 per 10 minutes", key_func=lambda: f"password:{person().id}", deduct_when=_failed)
def change_password() -> Response | tuple[str, int]:
    """Change one's own password; every other session of the person ends."""
    old, new, again = (request.form.get(name, "") for name in ("old_password", "new_password", "new_password_again"))
    try:
        if new != again:
            raise Refused(N_("Hai lần nhập mật khẩu mới không giống nhau; mật khẩu chưa được đổi."))
        changed = people.change_own_password(person(), old, new, demo=runtime().demo)
    except Refused as problem:
        return render_template("pages/account.html", problem=problem.text(gettext)), FAILED
    _begin_session(changed)
    flash(gettext(N_("Đã đổi mật khẩu. Các phiên đăng nhập khác của bạn đã kết thúc.")), "success")
    return redirect(url_for("accounts.show"), code=303)


def _begin_session(found: Credentials) -> None:
    """A session of its own, with nothing in it from before."""
    session.clear()
    login_user(Account(found.person, found.epoch))
    session.permanent = True


def _form(email: str = "", problem: str = "") -> str:
    return render_template(
        "pages/sign_in.html",
        email=email,
        problem=problem,
        next=request.values.get("next", ""),
        demo_accounts=DEMO_ACCOUNTS,
        demo_password=DEMO_PASSWORD,
    )


def local_path(wanted: str) -> str:
    """`wanted` where it is a path of ours, else the overview: nobody is led to another host."""
    local = wanted.startswith("/") and not wanted.startswith("//") and "\\" not in wanted and wanted.isprintable()
    return wanted if local else request.script_root + "/"
