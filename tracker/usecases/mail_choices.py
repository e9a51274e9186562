"""Ending a kind of mail from the mail itself (RFC 8058): the signed address, and what using it does."""

from datetime import datetime

from tracker.adapters.signing import Signer
from tracker.domain.errors import NotFound
from tracker.domain.mail_choices import NAMES, ended
from tracker.domain.people import Person
from tracker.domain.words import N_
from tracker.store import people, preferences
from tracker.store.database import transaction
from tracker.store.history import record_change

PATH = "/unsubscribe/"


def address(signer: Signer, person_id: int, kind: str, base_url: str) -> str:
    """The address that ends mails of that kind to that person; empty where the kind is no choice."""
    if kind not in NAMES:
        return ""
    return f"{base_url}{PATH}{person_id}/{kind}/{signer.sign(_signed(person_id, kind))}"


def whose(signer: Signer, person_id: int, kind: str, signature: str) -> Person:
    """The person whose mails an address ends; NotFound where it is not one of ours."""
    found = people.by_id(person_id) if signer.is_true(_signed(person_id, kind), signature) else None
    if found is None or kind not in NAMES:
        raise NotFound(N_("Đường dẫn này không đúng hoặc bị cắt mất một phần. Hãy chép lại cả đường dẫn từ thư."))
    return found.person


def end(person: Person, kind: str, now: datetime) -> None:
    """Send that person no mail of that kind any more; what was ended before stays as it is."""
    with transaction():
        chosen = preferences.of_person(person.id)
        wanted = ended(chosen, kind)
        if wanted != chosen:
            preferences.put(person.id, wanted)
            record_change("person.mail_ended", "person", person.id, now=now, person=person)


def _signed(person_id: int, kind: str) -> str:
    return f"unsubscribe:{person_id}:{kind}"
