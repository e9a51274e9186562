"""From a first good proof to a session: the code of the phone where it is wanted, the notice where it was not read."""

from datetime import datetime, timedelta
from urllib.parse import urlencode

from flask import redirect, session, url_for
from werkzeug.wrappers import Response

from tracker.domain.people import Person
from tracker.domain.privacy import NOTICE_VERSION
from tracker.store import people, privacy
from tracker.usecases import second_factors
from tracker.web import known_devices
from tracker.web.runtime import now, runtime
from tracker.web.sessions import NOTICE_UNREAD, begin_session

HALF_IN = "half_in"
TIME_FOR_CODE = timedelta(minutes=5)


def enter(who: Person, wanted: str) -> Response:
    """Lead on somebody who gave a password or used a link: to `wanted`, or first to the page that asks for a code."""
    if not second_factors.is_on(who):
        return let_in(who, wanted)
    session.clear()
    session[HALF_IN] = {"person": who.id, "at": now().isoformat(), "wanted": wanted}
    return redirect(url_for("sign_in.code"), code=303)


def half_in() -> tuple[Person, str] | None:
    """Who gave the first proof in this browser lately, and where they wanted to go."""
    waiting = session.get(HALF_IN)
    if not waiting or now() - datetime.fromisoformat(waiting["at"]) > TIME_FOR_CODE:
        return None
    found = people.by_id(waiting["person"])
    return (found.person, waiting["wanted"]) if found and found.person.active else None


def let_in(who: Person, wanted: str) -> Response:
    """Begin the session; whoever has not read the notice on personal data sees it first.

    The people of the demonstration are nobody's: they have no notice to read.
    """
    begin_session(who)
    known_devices.remember(who.email)
    if runtime().demo or privacy.accepted_at(who.id, NOTICE_VERSION):
        return redirect(wanted, code=303)
    session[NOTICE_UNREAD] = True
    return redirect(f"{url_for('privacy.show')}?{urlencode({'next': wanted})}", code=303)
