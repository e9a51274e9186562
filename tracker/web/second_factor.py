"""One's own second factor: switched on with a phone, recovery codes shown once, switched off."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker.domain.errors import Refused
from tracker.domain.second_factor import address_for_phone
from tracker.domain.words import N_
from tracker.store import second_factors as stored
from tracker.usecases import people, second_factors
from tracker.web.limits import limiter
from tracker.web.qr import square_code
from tracker.web.runtime import gettext, now, person, runtime
from tracker.web.sign_in import FAILED, failed

pages = Blueprint("second_factor", __name__, url_prefix="/account/second-factor")

ISSUER = "tracker"


def _mine() -> str:
    return f"code:{person().id}"


@pages.get("")
def show() -> str:
    """Whether it is on, and how to switch it on or off."""
    return _page()


@pages.post("/begin")
@limiter.limit("10 per 10 minutes", key_func=_mine, deduct_when=failed)
def begin() -> str | tuple[str, int]:
    """The square code for the phone, and the field for its first code, once the password was given again."""
    try:
        if people.has_password(person()):
            people.ask_password(person(), request.form.get("password", ""))
        second_factors.begin(person(), runtime().seal)
    except Refused as problem:
        return _page(problem.text(gettext)), FAILED
    return _page()


@pages.post("/confirm")
@limiter.limit("10 per 10 minutes", key_func=_mine, deduct_when=failed)
def confirm() -> str | tuple[str, int]:
    """Switch it on with the phone's first code; the answer alone holds the recovery codes."""
    try:
        codes = second_factors.confirm(person(), _code(), now(), runtime().seal)
    except Refused as problem:
        return _page(problem.text(gettext)), FAILED
    return render_template("pages/recovery_codes.html", codes=codes)


@pages.post("/codes")
@limiter.limit("10 per 10 minutes", key_func=_mine, deduct_when=failed)
def renew() -> str | tuple[str, int]:
    """Other recovery codes in place of the old ones."""
    try:
        codes = second_factors.renew_codes(person(), _code(), now(), runtime().seal)
    except Refused as problem:
        return _page(problem.text(gettext)), FAILED
    return render_template("pages/recovery_codes.html", codes=codes)


@pages.post("/off")
@limiter.limit("10 per 10 minutes", key_func=_mine, deduct_when=failed)
def off() -> Response | tuple[str, int]:
    """Switch it off."""
    try:
        second_factors.switch_off(person(), _code(), now(), runtime().seal)
    except Refused as problem:
        return _page(problem.text(gettext)), FAILED
    flash(gettext(N_("Đã tắt xác thực hai bước.")), "success")
    return redirect(url_for("accounts.show"), code=303)


def _code() -> str:
    return request.form.get("code", "")[:40]


def _page(problem: str = "") -> str:
    seal = runtime().seal
    secret = second_factors.secret_for_phone(person(), seal)
    lost = second_factors.is_lost(person(), seal)
    return render_template(
        "pages/second_factor.html",
        factor=stored.of_person(person().id),
        problem=problem or (gettext(second_factors.LOST) if lost else ""),
        picture=square_code(address_for_phone(secret, person().email, ISSUER)) if secret else None,
        secret=" ".join(secret[at : at + 4] for at in range(0, len(secret), 4)) if secret else "",
        asks_password=people.has_password(person()),
        demo=runtime().demo,
        codes_left=stored.codes_left(person().id),
    )
