"""Who may enter which routes: declared where a blueprint is registered, proved complete by a test."""

from collections.abc import Callable

from flask import Blueprint, Flask, redirect, request, session, url_for
from flask_login import current_user
from werkzeug.exceptions import Forbidden
from werkzeug.wrappers import Response

from tracker.domain.access import Doing, roles_that
from tracker.domain.words import N_
from tracker.web.runtime import gettext, person
from tracker.web.sessions import NOTICE_UNREAD

Rule = Callable[[], Response | None]


def public() -> Response | None:
    """Anybody: sign-in, health, and what carries its own secret in its address."""
    return None


def by_signed_address() -> Response | None:
    """Anybody who was sent the address, signed by us: mail programs post there by themselves, without a session.

    Such forms are taken without the token that others need, for no cookie decides who is meant.
    """
    return None


def signed_in() -> Response | None:
    """Any person with an account who read the notice on personal data; others are led there, or to sign in."""
    wanted = request.full_path.rstrip("?") if request.method == "GET" else None
    if current_user.is_authenticated:
        unread = session.get(NOTICE_UNREAD) and request.blueprint != "privacy"
        return redirect(url_for("privacy.show", next=wanted)) if unread else None
    return redirect(url_for("sign_in.page", next=wanted if wanted != "/" else None))


def only(doing: Doing) -> Rule:
    """People in one of the roles that may do that at all; the object is asked about in the view."""
    roles = roles_that(doing)

    def rule() -> Response | None:
        answer = signed_in()
        if answer is None and person().role not in roles:
            raise Forbidden(
                gettext(N_("Trang này dành cho vai trò khác. Nếu bạn cần dùng, hãy liên hệ quản trị viên."))
            )
        return answer

    rule.__name__ = f"only_{doing}"
    return rule


def register(app: Flask, blueprint: Blueprint, rule: Rule) -> None:
    """Register `blueprint` so that every one of its routes asks `rule` first."""
    app.register_blueprint(blueprint)
    # On the application, not on the blueprint, which is one for all applications of this process.
    app.before_request_funcs.setdefault(blueprint.name, []).append(rule)
    app.extensions.setdefault("tracker_access", {})[blueprint.name] = rule
