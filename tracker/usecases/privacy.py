"""The notice on personal data, read once per version."""

from datetime import datetime

from tracker.domain.people import Person
from tracker.domain.privacy import NOTICE_VERSION
from tracker.store import privacy
from tracker.store.database import transaction


def accept_notice(person: Person, now: datetime) -> None:
    """Remember that the person read the notice as it stands."""
    with transaction():
        privacy.accept(person.id, NOTICE_VERSION, now)
