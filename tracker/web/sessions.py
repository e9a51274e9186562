"""The signed-in person as flask-login wants to see one."""

from flask import current_app, request, session
from flask_login import UserMixin, current_user, login_user
from sqlalchemy.exc import OperationalError

from tracker.domain.devices import device
from tracker.domain.people import Person
from tracker.store import sessions as stored
from tracker.usecases import sessions
from tracker.web.runtime import now, today

ACTS_FOR = "acts_for"
"""The unit for which this session asks, kept in it and checked with every request."""


NOTICE_UNREAD = "notice_unread"
"""That the person of this session has not read the notice on personal data yet."""


class Account(UserMixin):
    """A person's session; its id is the session's own, so that each can be ended by itself.

    `unread` is how many messages in the person's bell are unread.
    """

    def __init__(self, person: Person, session_id: str, unread: int = 0) -> None:
        self.person = person
        self.session_id = session_id
        self.unread = unread

    def get_id(self) -> str:
        return self.session_id


def load_account(session_id: str) -> Account | None:
    """The account of a session, or None where it was ended, closed or never was."""
    found = stored.load(session_id, today())
    if found is None:
        return None
    try:
        sessions.note_seen(found, now())
    except OperationalError:  # somebody writes for long: the page is for reading all the same
        current_app.logger.warning("a session's use could not be written down")
    return Account(found.person.asking_for(session.get(ACTS_FOR)), session_id, found.unread)


def begin_session(person: Person) -> None:
    """A session of its own, with nothing in it from before."""
    session.clear()
    seen = device(request.user_agent.string, request.remote_addr or "")
    login_user(Account(person, sessions.begin(person, seen, now())))
    session.permanent = True


def own_session() -> str:
    """The id of the session that asks; only for routes that ask for a signed-in person."""
    found: str = current_user.session_id
    return found
