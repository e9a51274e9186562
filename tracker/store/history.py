"""Who changed what: written inside the transaction of the change itself, and never changed afterwards."""

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa

from tracker.domain.changes import DOINGS, KINDS, lines_of
from tracker.domain.people import Person
from tracker.domain.texts import shorten
from tracker.store.append_only import set_aside
from tracker.store.database import session
from tracker.store.tables import ChangeEntry

MOST_OF_LABEL = 300
_ADD = sa.insert(ChangeEntry)


def record_change(
    what: str,
    object_kind: str,
    object_id: int | None,
    *,
    now: datetime,
    person: Person | None = None,
    capacity: str | None = None,
    label: str = "",
    plan_id: int | None = None,
    unit_id: int | None = None,
    fields: Mapping[str, tuple[object, object]] | None = None,
    reason: str = "",
) -> int:
    """Add to the history, in the caller's transaction, what `person` (None: command line or timer) did at `now`.

    `what` is one of `domain.changes.DOINGS`, `object_kind` one of its KINDS. `fields` (name -> (old, new)) gives one
    line for each that differs; left out, it is one line without a field. `label` names the thing for people where it
    may be gone later, never a person. `plan_id` and `unit_id` tell whose history this is part of, by default a plan's
    or a unit's own; `capacity` for whom the person acted, by default their unit. Returns how many lines were written.
    """
    assert what in DOINGS, what
    assert object_kind in KINDS, object_kind
    common = {
        "at": now,
        "person_id": person.id if person else None,
        "role": person.role.value if person else "",
        "capacity": shorten((capacity or person.unit_name or "") if person else "", MOST_OF_LABEL),
        "object_kind": object_kind,
        "object_id": object_id,
        "label": shorten(label, MOST_OF_LABEL),
        "plan_id": object_id if object_kind == "plan" and plan_id is None else plan_id,
        "unit_id": object_id if object_kind == "unit" and unit_id is None else unit_id,
        "what": what,
        "reason": reason,
    }
    rows = [common | {"field": each.field, "old": each.old, "new": each.new} for each in lines_of(fields)]
    if rows:
        session().execute(_ADD, rows)
    return len(rows)


def sweep(before: datetime) -> int:
    """Set aside, in the caller's transaction, what was recorded before that moment; returns how many lines."""
    if not has_older(before):
        return 0
    with set_aside(session().connection(), ChangeEntry.__tablename__):
        gone = session().execute(sa.delete(ChangeEntry).where(ChangeEntry.at < before).returning(ChangeEntry.id))
        return len(gone.all())


def has_older(before: datetime) -> bool:
    """Whether there is a line from before that moment."""
    return session().scalar(sa.select(sa.exists().where(ChangeEntry.at < before))) or False


def recorded_since(person_id: int, what: str, since: datetime, object_id: int | None = None) -> bool:
    """Whether that person has a line of that doing since a moment, about that object where one is given."""
    found = sa.select(ChangeEntry.id).where(ChangeEntry.person_id == person_id, ChangeEntry.what == what)
    if object_id is not None:
        found = found.where(ChangeEntry.object_id == object_id)
    return session().scalar(sa.select(found.where(ChangeEntry.at >= since).exists())) or False
