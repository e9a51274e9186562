"""The signed-in person as flask-login wants to see one."""

from flask_login import UserMixin

from tracker.domain.people import Person
from tracker.store import people


class Account(UserMixin):
    """A person's session; its id holds the session epoch, so that a new password ends the old sessions."""

    def __init__(self, person: Person, epoch: int) -> None:
        self.person = person
        self.epoch = epoch

    def get_id(self) -> str:
        return f"{self.person.id}.{self.epoch}"


def load_account(session_id: str) -> Account | None:
    """The account of a session, or None where it was ended, closed or never was."""
    id_text, _, epoch_text = session_id.partition(".")
    if not (id_text.isdigit() and epoch_text.isdigit()):
        return None
    found = people.by_id(int(id_text))
    if found is None or not found.person.active or found.epoch != int(epoch_text):
        return None
    return Account(found.person, found.epoch)
