"""Forms are kept when their preview is asked for: what was typed is never lost, and the preview has an address."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from tracker.domain.people import Person
from tracker.store import typed_forms
from tracker.store.database import transaction

KEPT_FOR = timedelta(days=30)


def keep(person: Person, place: str, fields: Iterable[tuple[str, str]], now: datetime) -> int:
    """Keep a form that a person sent from the address `place`, and forget old ones; returns its id."""
    with transaction():
        typed_forms.sweep(now - KEPT_FOR)
        return typed_forms.keep(person.id, place, fields, now)


def mark_recorded(person: Person, place: str, form_id: int) -> None:
    """Note that what a kept form asked for has been done; nothing where the person has no such form."""
    with transaction():
        typed_forms.mark_recorded(person.id, place, form_id)
