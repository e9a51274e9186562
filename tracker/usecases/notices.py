"""A person marks what they have read in the bell."""

from datetime import datetime

from tracker.domain.errors import NotFound
from tracker.domain.people import Person
from tracker.domain.words import N_
from tracker.store import notices
from tracker.store.database import transaction


def mark_read(person: Person, notice_id: int, now: datetime) -> None:
    """Mark one message as read, or leave it so; NotFound where it is not in the person's bell."""
    with transaction():
        if not notices.is_there(person.id, notice_id):
            raise NotFound(N_("Không có thông báo này. Hãy mở lại từ trang Thông báo."))
        notices.mark_read(person.id, now, now, notice_id)


def mark_all_read(person: Person, up_to: datetime, now: datetime) -> None:
    """Mark everything as read that came at `up_to` (aware) or before: later ones stay unread."""
    with transaction():
        notices.mark_read(person.id, up_to, now)
