"""The filters that people keep under a name."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from tracker.domain.saved_views import SavedView
from tracker.store.database import session
from tracker.store.tables import PersonRow, SavedViewRow


def offered(person_id: int, page: str | None = None) -> list[SavedView]:
    """A person's own and what others share, their own first, by name; of one list where `page` is given. 1 query."""
    own = SavedViewRow.person_id == person_id
    query = _query().where(sa.or_(own, SavedViewRow.shared)).order_by(own.desc(), SavedViewRow.name, SavedViewRow.id)
    if page is not None:
        query = query.where(SavedViewRow.page == page)
    return [SavedView(*row) for row in session().execute(query)]


def one(view_id: int) -> SavedView | None:
    """The filter with that id. 1 query."""
    row = session().execute(_query().where(SavedViewRow.id == view_id)).first()
    return SavedView(*row) if row else None


def _query() -> sa.Select[Any]:
    row = SavedViewRow
    columns = (row.id, row.page, row.name, row.filters, row.shared, row.person_id)
    return sa.select(*columns, PersonRow.name, PersonRow.active).join(PersonRow, PersonRow.id == row.person_id)


def count(person_id: int) -> int:
    """How many a person keeps."""
    query = sa.select(sa.func.count()).where(SavedViewRow.person_id == person_id)
    return session().scalar(query) or 0


def is_taken(person_id: int, page: str, name: str, but: int | None = None) -> bool:
    """Whether the person has another filter of that name for that list."""
    same = (SavedViewRow.person_id == person_id, SavedViewRow.page == page, SavedViewRow.name == name)
    query = sa.select(SavedViewRow.id).where(*same, SavedViewRow.id != (but or 0))
    return session().scalar(query) is not None


def add(person_id: int, page: str, name: str, filters: Mapping[str, str], shared: bool, now: datetime) -> None:
    """Keep a filter."""
    row = SavedViewRow(person_id=person_id, page=page, name=name, filters=dict(filters), shared=shared, saved_at=now)
    session().add(row)
    session().flush()


def change(view_id: int, name: str, shared: bool) -> None:
    """Name a filter otherwise, share it or share it no more."""
    values = {"name": name, "shared": shared}
    session().execute(sa.update(SavedViewRow).where(SavedViewRow.id == view_id).values(values))


def remove(view_id: int) -> None:
    """Forget a filter."""
    session().execute(sa.delete(SavedViewRow).where(SavedViewRow.id == view_id))
