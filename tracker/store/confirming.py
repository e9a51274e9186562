"""Who can confirm: the people of monitors, and who wrote on which share."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

import sqlalchemy as sa

from tracker.domain.confirming import Answerers, Watcher, answerers
from tracker.domain.people import Role
from tracker.domain.views import PlanHead, UnitRef
from tracker.domain.work import UNIT_ACTIONS
from tracker.store.acting import on_day
from tracker.store.database import session
from tracker.store.given import IDS, TODAY
from tracker.store.inserts import Ids
from tracker.store.tables import ActingRow, ExtensionRow, PersonRow, ProgressEntry, ShareRow
from tracker.store.tenure import LOG_ID, Day
from tracker.store.work import ShareNow


@dataclass(frozen=True, slots=True)
class Confirming:
    """What decides who answers the shares of a plan; `writers` are the people who wrote for the unit, by share id."""

    monitor_unit_ids: tuple[int, ...]
    watchers: tuple[Watcher, ...] = ()
    writers: dict[int, frozenset[int]] = field(default_factory=dict)

    def of(self, share_id: int, unit_id: int) -> Answerers:
        """Who answers that share of that unit."""
        return answerers(self.monitor_unit_ids, self.watchers, unit_id, self.writers.get(share_id, frozenset()))


def confirming(plan: PlanHead, share_ids: Collection[int], today: date) -> Confirming:
    """Who can answer these shares of the plan on the day `today`. 1 query."""
    return assembled(plan, session().execute(_rows(), {"ids": list(share_ids), "today": today}))


@cache
def _rows() -> sa.CompoundSelect[Any]:
    return rows_of(IDS, TODAY)


def rows_of(share_ids: Ids, today: Day) -> sa.CompoundSelect[Any]:
    """What `assembled` takes: (`place`, a unit, who may ask for it today), (`wrote`, a share, who wrote on it)."""
    return sa.union(*_places(today), *writing(share_ids))


def assembled(plan: PlanHead, rows: Iterable[Any]) -> Confirming:
    """Rows of `rows_of` made into what decides."""
    places: dict[int, set[int]] = {}
    writers: dict[int, set[int]] = {}
    for what, of_what, person_id in rows:
        if what == "place":
            places.setdefault(person_id, set()).add(of_what)
        else:
            writers.setdefault(of_what, set()).add(person_id)
    return Confirming(
        plan.monitor_unit_ids,
        tuple(Watcher(person_id, frozenset(unit_ids)) for person_id, unit_ids in places.items()),
        {share_id: frozenset(people) for share_id, people in writers.items()},
    )


def who_answers(share: ShareNow, today: date) -> Answerers:
    """Who answers one share on the day `today`. 1 query."""
    return confirming(share.plan, (share.id,), today).of(share.id, share.unit_id)


def unmanned(plan: PlanHead, today: date) -> list[UnitRef]:
    """The monitors of a plan in which nobody can answer on the day `today`. 1 query."""
    return [unit for unit, who in _manned(plan, today) if not who]


def manned_alone(plan: PlanHead, today: date, person_id: int) -> list[UnitRef]:
    """The monitors of a plan in which that person alone can answer on the day `today`. 1 query."""
    return [unit for unit, who in _manned(plan, today) if who == {person_id}]


def _manned(plan: PlanHead, today: date) -> list[tuple[UnitRef, set[int]]]:
    """The monitors of a plan with those who can answer there."""
    watchers = confirming(plan, (), today).watchers
    return [(unit, {each.person_id for each in watchers if unit.id in each.unit_ids}) for unit in plan.monitors]


def _places(today: Day) -> tuple[sa.Select[str, int | None, int], sa.Select[str, int, int]]:
    """The units for which people who confirm may ask: their own, and those for which they act today."""
    place = sa.literal("place").label("what")
    may = (PersonRow.active, PersonRow.role == Role.MONITOR.value)
    own = sa.select(place, PersonRow.unit_id.label("of_what"), PersonRow.id.label("person_id")).where(
        *may, PersonRow.unit_id.is_not(None)
    )
    acting = sa.select(place, ActingRow.unit_id, PersonRow.id).join(PersonRow, PersonRow.id == ActingRow.person_id)
    return own, acting.where(*may, on_day(today))


def writing(share_ids: Ids) -> tuple[sa.Select[str, int, int], sa.Select[str, int, int]]:
    """Queries for who wrote on these shares for their units: (`wrote`, a share, a person)."""
    entries = _wrote(ProgressEntry, ProgressEntry.person_id, share_ids).where(
        ProgressEntry.action.in_([action.value for action in UNIT_ACTIONS])
    )
    return entries, _wrote(ExtensionRow, ExtensionRow.asked_by, share_ids)


def _wrote(
    table: type[ProgressEntry] | type[ExtensionRow],
    person_id: sa.orm.InstrumentedAttribute[int],
    share_ids: Ids,
) -> sa.Select[str, int, int]:
    query = sa.select(sa.literal("wrote").label("what"), ShareRow.id, person_id)
    return query.join(table, table.share_id == LOG_ID).where(ShareRow.id.in_(share_ids))
