"""Keeping a list's filter under a name, naming it otherwise, sharing it, taking it away."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from tracker.domain.errors import Refused
from tracker.domain.people import Person
from tracker.domain.saved_views import MOST_VIEWS, ask_to_change, asked_of, checked_name
from tracker.domain.words import N_
from tracker.store import saved_views, units
from tracker.store.database import transaction
from tracker.usecases.subscriptions import follow_view


def save(person: Person, page: str, texts: Mapping[str, str], name: str, *, shared: bool, now: datetime) -> None:
    """Keep what `texts` ask of a list under a name, without units and levels that there are none of.

    Refused where they ask nothing, where the person has that name already for the list, and beyond fifty.
    """
    filters, name = _of_units(asked_of(page, texts), now), checked_name(name)
    if not filters:
        raise Refused(N_("Chưa chọn gì để lưu. Hãy lọc hoặc sắp xếp danh sách trước, rồi lưu."))
    with transaction():
        if saved_views.count(person.id) >= MOST_VIEWS:
            raise Refused(N_("Bạn đã lưu %(most)s bộ lọc, là số tối đa; hãy xóa bớt."), most=str(MOST_VIEWS))
        _ask_for_free_name(person, page, name)
        saved_views.add(person.id, page, name, filters, shared, now)


def change(person: Person, view_id: int, name: str, *, shared: bool, now: datetime) -> bool:
    """Name one's own filter otherwise, and say whether everybody is offered it: where not, others' calendars end.

    Returns whether it was shared and is no more.
    """
    with transaction():
        view = ask_to_change(person, saved_views.one(view_id))
        name = checked_name(name)
        _ask_for_free_name(person, view.page, name, view.id)
        saved_views.change(view.id, name, shared)
        follow_view(replace(view, name=name, shared=shared), now, person)
    return view.shared and not shared


def remove(person: Person, view_id: int, now: datetime) -> None:
    """Forget one's own filter, and end its calendars; an administrator a shared one whose owner has gone."""
    with transaction():
        view = ask_to_change(person, saved_views.one(view_id), remove=True)
        saved_views.remove(view.id)
        follow_view(view, now, person, gone=True)


def _of_units(filters: dict[str, str], now: datetime) -> dict[str, str]:
    """The filters as a list takes them: those by a unit or level that there is none of fall away."""
    if not filters.keys() & {"unit", "level"}:
        return filters
    everyone = units.named(now.date())  # on any day: names change, codes and levels do not
    there = {"unit": {each.code for each in everyone}, "level": {each.level for each in everyone}}
    return {name: text for name, text in filters.items() if name not in there or text in there[name]}


def _ask_for_free_name(person: Person, page: str, name: str, but: int | None = None) -> None:
    if saved_views.is_taken(person.id, page, name, but):
        raise Refused(N_("Bạn đã có bộ lọc tên “%(name)s” cho danh sách này; hãy đặt tên khác."), name=name)
