"""Links that open an account once: asked for, sent, handed over, used.

A mail with a link lies in the outbox without it. The link is made when the mail leaves, so that its secret stands in
the mail alone and its time runs from there; each further try of sending has a new one.
"""

import secrets
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from tracker.adapters import passwords
from tracker.adapters.mail_templates import Texts, render
from tracker.domain.account_links import LIFE, SECRET_OCTETS, LinkKind, hashed
from tracker.domain.errors import NotFound
from tracker.domain.people import Person
from tracker.domain.reminders import Reason
from tracker.domain.words import N_
from tracker.store import account_links as links
from tracker.store import outbox, people, sessions
from tracker.store.database import transaction
from tracker.store.history import record_change

PATH = "/sign-in/link/"
HIDDEN = "***"
CHANNEL = "mail"
KINDS = {f"account-{kind.value.replace('_', '-')}": kind for kind in LinkKind}
_KIND_OF_MAIL = {kind: name for name, kind in KINDS.items()}
# Used and ended links tell for a while that they were, then they go.
KEPT_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class OpenedLink:
    """A link that can still be used, with the person whose account it opens."""

    id: int
    kind: LinkKind
    person: Person


def make(person: Person, kind: LinkKind, now: datetime) -> str:
    """Make a link for the person and return its secret, which is kept nowhere; older ones of its kind end."""
    secret = secrets.token_urlsafe(SECRET_OCTETS)
    with transaction():
        links.forget(now - KEPT_FOR)
        links.add(person.id, kind, hashed(secret), now)
    return secret


def make_for_hand(person: Person, now: datetime, base_url: str, by: Person | None) -> str:
    """The address of a link to hand over to the person: an invitation, or a new password for who has one."""
    found = people.by_id(person.id)
    kind = LinkKind.RESET if found and found.password_hash else LinkKind.INVITE
    with transaction():
        record_change("person.link_made", "person", person.id, now=now, person=by)
        return address(make(person, kind, now), base_url)


def address(secret: str, base_url: str) -> str:
    """Where a link leads."""
    return f"{base_url}{PATH}{secret}"


def ask_by_mail(email: str, kind: LinkKind, now: datetime, base_url: str) -> int | None:
    """Put the mail with a link into the outbox and return its id there; None, and nothing, for an unknown address.

    Takes longer for a known address: never let the asker wait for it.
    """
    found = people.by_email(email)
    return put_out(found.person, kind, now, base_url) if found and found.person.active else None


def put_out(person: Person, kind: LinkKind, now: datetime, base_url: str, *, by: Person | None = None) -> int | None:
    """Put a mail with a link to the person into the outbox, where the link is hidden; returns its id there.

    An invitation is told in the history as the doing of `by` (None: the command line).
    """
    key = f"{_KIND_OF_MAIL[kind]}:{secrets.token_hex(16)}"
    host = base_url.partition("://")[2].partition("/")[0].partition(":")[0] or "localhost"
    draft = outbox.Draft(
        key=key,
        person_id=person.id,
        kind=_KIND_OF_MAIL[kind],
        channel=CHANNEL,
        to_address=person.email,
        locale=person.locale,
        message_id=f"<acc-{key.rpartition(':')[2]}@{host}>",
        items=[],
        **asdict(_words(person, kind, HIDDEN)),
    )
    with transaction():
        if kind is LinkKind.INVITE or by:
            record_change("person.invited", "person", person.id, now=now, person=by)
        return outbox.add(draft, now)


def last_look(claimed: outbox.Claimed, now: datetime, base_url: str) -> outbox.Claimed | Reason:
    """The mail with a link made now, or why it should not go; belongs into the claiming transaction.

    A further try is a message of its own: the one before may have arrived, and its link is over.
    """
    kind = KINDS[claimed.kind]
    found = people.by_id(claimed.person_id)
    if found is None or not found.person.active:
        return Reason.ACCOUNT_CLOSED
    if now - claimed.created_at > LIFE[kind] or (kind is LinkKind.INVITE and found.password_hash):
        return Reason.LINK_OVER
    texts = _words(found.person, kind, address(make(found.person, kind, now), base_url))
    message_id = claimed.message_id.replace("@", f".{claimed.attempts}@", 1)
    return replace(claimed, to_address=found.person.email, message_id=message_id, **asdict(texts))


def open_link(secret: str, now: datetime) -> OpenedLink:
    """The link with that secret, not used up by looking; NotFound for one that is wrong, used or over."""
    found = links.usable(hashed(secret), now)
    owner = people.by_id(found.person_id) if found else None
    if found is None or owner is None:
        raise NotFound(N_("Đường dẫn này không dùng được nữa."))
    return OpenedLink(found.id, found.kind, owner.person)


def use(secret: str, now: datetime, *, password: str = "", demo: bool = False) -> Person:
    """Use a link up and return whose account it opens; all but a sign-in link also set the password.

    Setting it ends every session and every other link. NotFound where the link is over, Refused, with the link still
    good, for a password that `passwords.check_new` refuses.
    """
    opened = open_link(secret, now)
    person, sets_password = opened.person, opened.kind is not LinkKind.SIGN_IN
    password_hash = ""
    if sets_password:
        passwords.check_new(password, demo=demo)
        password_hash = passwords.hash_password(password)
    with transaction():
        if not links.use(opened.id, now):
            raise NotFound(N_("Đường dẫn này không dùng được nữa."))
        if sets_password:
            people.set_password(person.id, password_hash)
            sessions.end_all(person.id, now)
            links.end_all(person.id, now)
            record_change("person.password_changed", "person", person.id, now=now, person=person)
    return person


def _words(person: Person, kind: LinkKind, link: str) -> Texts:
    life = LIFE[kind]
    left = {"days": life.days, "hours": life.seconds // 3600, "minutes": life.seconds // 60 % 60}
    return render("account", person.locale, person=person, purpose=kind.value, link=link, left=left)
