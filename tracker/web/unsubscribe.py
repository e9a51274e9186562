"""Ending a kind of mail from the mail itself: a page that asks, and one click that does it (RFC 8058)."""

from flask import Blueprint, Response, g, render_template

from tracker.domain.mail_choices import EFFECTS, NAMES, is_ended
from tracker.domain.people import Person
from tracker.store import preferences
from tracker.usecases import mail_choices
from tracker.web.limits import limiter
from tracker.web.runtime import now, runtime

pages = Blueprint("unsubscribe", __name__)
ADDRESS = f"{mail_choices.PATH}<int:person_id>/<kind>/<signature>"


@pages.after_request
def keep_secret(response: Response) -> Response:
    """The address is whoever's has the mail: it goes along as no referrer, and no search engine keeps it."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@pages.get(ADDRESS)
@limiter.limit("60 per minute")
def show(person_id: int, kind: str, signature: str) -> str:
    """What would end, and the button that does it, or that it has: looking ends nothing, for scanners look too."""
    person = _whose(person_id, kind, signature)
    return _page(person, kind, done=is_ended(preferences.of_person(person.id), kind))


@pages.post(ADDRESS)
@limiter.limit("60 per minute")
def end(person_id: int, kind: str, signature: str) -> str:
    """End it. A mail program sends this by itself, without session and without following a redirect."""
    person = _whose(person_id, kind, signature)
    mail_choices.end(person, kind, now())
    return _page(person, kind, done=True)


def _whose(person_id: int, kind: str, signature: str) -> Person:
    """Whose mails they are; the page speaks their language."""
    found = mail_choices.whose(runtime().signer, person_id, kind, signature)
    g.locale = found.locale
    return found


def _page(person: Person, kind: str, *, done: bool) -> str:
    what = {"name": NAMES[kind], "effect": EFFECTS[kind]}
    return render_template("pages/unsubscribe.html", to=person, done=done, **what)
