"""What a person is typing is kept for them while they type, and goes when it is sent, dropped or old."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from tracker.domain import access
from tracker.domain.errors import Refused
from tracker.domain.people import Person
from tracker.domain.words import N_
from tracker.domain.work import MAX_TEXT
from tracker.store import log_drafts, work
from tracker.store.database import transaction

KEPT_FOR = timedelta(days=30)
MAX_PERCENT = 10


def save(person: Person, share_id: int, texts: Mapping[str, str], now: datetime) -> None:
    """Keep what a person has typed for a share of their unit; where nothing is left, forget it."""
    if any(len(texts.get(name, "")) > (MAX_PERCENT if name == "percent" else MAX_TEXT) for name in log_drafts.FIELDS):
        raise Refused(N_("Mỗi ô chỉ chứa tối đa %(most)s ký tự; hãy rút gọn."), most=str(MAX_TEXT))
    with transaction():
        share = work.share_now(share_id)
        access.ask_to_see_task(person, share.task_unit_ids)
        access.ask_to_log(person, share.unit_id)
        if any(texts.get(name, "").strip() for name in log_drafts.FIELDS if name != "percent"):
            log_drafts.save(person.id, share_id, dict(texts), now)
        else:
            log_drafts.forget(person.id, share_id)


def discard(person: Person, share_id: int) -> int:
    """Forget a person's draft for a share; returns the id of its task."""
    with transaction():
        share = work.share_now(share_id)
        access.ask_to_see_task(person, share.task_unit_ids)
        log_drafts.forget(person.id, share_id)
    return share.task_id


def sweep(now: datetime) -> int:
    """Remove what nobody has touched for thirty days; returns how many drafts."""
    with transaction():
        return log_drafts.sweep(now - KEPT_FOR)
