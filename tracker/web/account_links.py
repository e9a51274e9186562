"""Opening an account by a single-use link: asked for by mail, looked at without being used up, used by a button."""

from flask import Blueprint, Response, flash, render_template, request
from werkzeug.wrappers import Response as Answer

from tracker.domain.account_links import LinkKind
from tracker.domain.errors import NotFound, Refused
from tracker.domain.words import N_
from tracker.usecases import account_links as links
from tracker.web import known_devices
from tracker.web.entering import enter
from tracker.web.errands import run_soon, send_now
from tracker.web.limits import limiter
from tracker.web.runtime import gettext, now, runtime
from tracker.web.sign_in import FAILED

pages = Blueprint("account_links", __name__)
pages.after_request(known_devices.set_cookie)

ASKED_FOR = {"reset": LinkKind.RESET, "sign_in": LinkKind.SIGN_IN}
NOT_USABLE = 404


@pages.after_request
def keep_secret(response: Response) -> Response:
    """No address of these pages goes along as a referrer, not even to our own style sheets, and no cache keeps one."""
    # Not "no-referrer": the check of forms over HTTPS wants the origin.
    response.headers["Referrer-Policy"] = "strict-origin"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@pages.get("/sign-in/by-mail")
def form() -> str:
    """The form that asks for a mail with a link."""
    return render_template("pages/sign_in_by_mail.html", asked=False, mail_is_sent=runtime().mail_is_sent)


@pages.post("/sign-in/by-mail")
@limiter.limit("20 per hour", key_func=known_devices.place_key)
@limiter.limit("3 per 15 minutes; 10 per day", key_func=known_devices.account_key)
def ask() -> str:
    """Answer the same words in the same time for every address: who it belongs to is looked up afterwards."""
    email = request.form.get("email", "").replace("\0", "").strip()[:254]
    kind = ASKED_FOR.get(request.form.get("kind", ""))
    if kind is None or not email:
        raise Refused(N_("Hãy ghi thư điện tử rồi chọn một trong hai nút."))
    moment, base_url = now(), runtime().base_url
    run_soon(lambda: send_now(links.ask_by_mail(email, kind, moment, base_url)))
    return render_template("pages/sign_in_by_mail.html", asked=True, mail_is_sent=runtime().mail_is_sent)


@pages.get(f"{links.PATH}<secret>")
@limiter.limit("60 per minute")
def show(secret: str) -> str | tuple[str, int]:
    """What the link is for, and the button that uses it; looking uses nothing up, for scanners of mail look too."""
    try:
        opened = links.open_link(secret, now())
    except NotFound:
        return _over()
    return render_template("pages/sign_in_link.html", opened=opened, problem="")


@pages.post(f"{links.PATH}<secret>")
@limiter.limit("60 per minute")
def use(secret: str) -> Answer | tuple[str, int]:
    """Use the link up: the account opens, with a new password but for a sign-in link."""
    new, again = request.form.get("new_password", ""), request.form.get("new_password_again", "")
    try:
        opened = links.open_link(secret, now())
        if new != again:
            raise Refused(N_("Hai lần nhập mật khẩu mới không giống nhau; mật khẩu chưa được đổi."))
        person = links.use(secret, now(), password=new, demo=runtime().demo)
    except NotFound:
        return _over()
    except Refused as problem:
        return render_template("pages/sign_in_link.html", opened=opened, problem=problem.text(gettext)), FAILED
    answer = enter(person, "/")
    if opened.kind is not LinkKind.SIGN_IN:
        flash(gettext(N_("Đã đặt mật khẩu.")), "success")
    return answer


def _over() -> tuple[str, int]:
    return render_template("pages/sign_in_link_over.html", mail_is_sent=runtime().mail_is_sent), NOT_USABLE
