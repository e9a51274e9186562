"""The notice on personal data: open to everybody, shown after the first sign-in until it was read."""

from flask import Blueprint, redirect, render_template, request, session
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker.domain.privacy import NOTICE_VERSION
from tracker.store import privacy as stored
from tracker.usecases import privacy
from tracker.web.access import signed_in
from tracker.web.paths import local_path
from tracker.web.runtime import now, person
from tracker.web.sessions import NOTICE_UNREAD

pages = Blueprint("privacy", __name__)


@pages.get("/privacy")
def show() -> str:
    """What is kept of people, why, how long, and who sees it; whoever has not yet read it finds the button below."""
    read_at = stored.accepted_at(person().id, NOTICE_VERSION) if current_user.is_authenticated else None
    return render_template("pages/privacy.html", read_at=read_at, next=request.args.get("next", ""))


@pages.post("/privacy")
def accept() -> Response:
    """Remember that the person asking read it, and lead them on."""
    led_away = signed_in()
    if led_away is not None:
        return led_away
    privacy.accept_notice(person(), now())
    session.pop(NOTICE_UNREAD, None)
    return redirect(local_path(request.form.get("next", "")), code=303)
