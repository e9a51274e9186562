"""What a unit was called over time, what became of it, and which units have ended."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from tracker.domain.assignments import LEAD, PARTNER
from tracker.domain.calendar_days import ONE_DAY
from tracker.domain.names import search_key
from tracker.domain.unit_events import EventKind, heirs_on
from tracker.domain.views import PlanHead, UnitRef
from tracker.domain.work import SETTLED
from tracker.store.database import session
from tracker.store.fact_queries import with_facts
from tracker.store.facts import CutOff
from tracker.store.tables import (
    MilestoneRow,
    PersonRow,
    ShareRow,
    TaskRow,
    UnitEventRow,
    UnitEventUnit,
    UnitPast,
    UnitRow,
)
from tracker.store.tenure import CACHED_DAYS, owned_on, unit_on
from tracker.store.unit_events import HEIR, SUBJECT
from tracker.store.units import succession_query, successions_of


@dataclass(frozen=True, slots=True)
class DatedName:
    """What a unit was called and whom it belonged to; both days are included, None is unbounded."""

    starts_on: date | None
    ends_on: date | None
    name: str
    short_name: str
    parent: UnitRef | None


@dataclass(frozen=True, slots=True)
class UnitEvent:
    """Something that became of units; `person_name` is None for the command line."""

    id: int
    kind: EventKind
    on: date
    document: str
    document_date: date | None
    person_name: str | None
    ends: bool
    subjects: tuple[UnitRef, ...]
    heirs: tuple[UnitRef, ...]


@dataclass(frozen=True, slots=True)
class History:
    """A unit's life: `names` from the first to the newest, `events` likewise, its life's bounds (days included)."""

    code: str
    starts_on: date | None
    ends_on: date | None
    names: tuple[DatedName, ...]
    events: tuple[UnitEvent, ...]

    def by(self, day: date) -> "History":
        """The life as it was known on a day of the past: without what began or happened later."""
        names = tuple(
            replace(each, ends_on=None) if each.ends_on and each.ends_on > day else each
            for each in self.names
            if each.starts_on is None or each.starts_on <= day
        )
        return replace(self, names=names, events=tuple(each for each in self.events if each.on <= day))


@dataclass(frozen=True, slots=True)
class EndedUnit:
    """A unit that is gone on a day, its heirs then, and how many of its shares of a plan wait for an heir."""

    unit: UnitRef
    ends_on: date
    heirs: tuple[UnitRef, ...]
    waiting: int


def of_unit(unit_id: int) -> History:
    """The life of one unit. 3 queries."""
    query = sa.select(UnitRow, UnitPast).outerjoin(UnitPast, UnitPast.unit_id == UnitRow.id)
    rows = session().execute(query.where(UnitRow.id == unit_id).order_by(UnitPast.until_on)).all()
    row, past = rows[0][0], [each for _unit, each in rows if each is not None]
    events = _events(unit_id)
    parent_ids = {row.parent_id, *(each.parent_id for each in past)} - {None}
    found = session().execute(sa.select(*unit_on(None)).where(UnitRow.id.in_(parent_ids)))
    parents = {each.id: UnitRef(*each) for each in found}
    starts = row.starts_on
    names = []
    for each in past:
        names.append(
            DatedName(starts, each.until_on - ONE_DAY, each.name, each.short_name, parents.get(each.parent_id or 0))
        )
        starts = each.until_on
    names.append(DatedName(starts, row.ends_on, row.name, row.short_name, parents.get(row.parent_id or 0)))
    return History(row.code, row.starts_on, row.ends_on, tuple(names), events)


def _events(unit_id: int) -> tuple[UnitEvent, ...]:
    mine = sa.select(UnitEventUnit.event_id).where(UnitEventUnit.unit_id == unit_id)
    query = (
        sa.select(UnitEventRow, PersonRow.name, UnitEventUnit.part, *unit_on(None))
        .join(UnitEventUnit, UnitEventUnit.event_id == UnitEventRow.id)
        .join(UnitRow, UnitRow.id == UnitEventUnit.unit_id)
        .outerjoin(PersonRow, PersonRow.id == UnitEventRow.person_id)
        .where(UnitEventRow.id.in_(mine))
        .order_by(UnitEventRow.on_day, UnitEventRow.id, UnitRow.id)
    )
    rows: dict[int, tuple[UnitEventRow, str | None]] = {}
    units: dict[tuple[int, str], list[UnitRef]] = {}
    for event, person_name, part, *unit in session().execute(query):
        rows[event.id] = (event, person_name)
        units.setdefault((event.id, part), []).append(UnitRef(*unit))
    return tuple(
        UnitEvent(
            id=row.id,
            kind=EventKind(row.kind),
            on=row.on_day,
            document=row.document,
            document_date=row.document_date,
            person_name=person_name,
            ends=row.ends,
            subjects=tuple(units.get((row.id, SUBJECT), ())),
            heirs=tuple(units.get((row.id, HEIR), ())),
        )
        for row, person_name in rows.values()
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """All units by id as they are called on the day `on`, and the ends of units (see `heirs_on`)."""

    on: date
    refs: dict[int, UnitRef]
    ends: tuple[tuple[date, int, tuple[int, ...]], ...]

    def heirs(self, unit_id: int) -> tuple[UnitRef, ...]:
        """The heirs of a unit that has ended by the day; () where it stands itself or has none."""
        return tuple(self.refs[each] for each in heirs_on(self.ends, unit_id, self.on))

    def now_called(self, unit_id: int) -> tuple[UnitRef, ...]:
        """Who stands in the place of a unit: itself under its name of the day, or its heirs."""
        return self.heirs(unit_id) or (self.refs[unit_id],)


def standing(on: date) -> Standing:
    """How all units stand on a day. 1 query."""
    refs: dict[int, UnitRef] = {}
    rows = []
    for row in session().execute(_standing(on)):
        refs[row[0]] = UnitRef(*row[:4])
        rows.extend([row[4:]] if row.on_day else [])
    return Standing(on, refs, tuple(successions_of(rows)))


@lru_cache(CACHED_DAYS)
def _standing(on: date) -> sa.Select[Any]:
    ended = succession_query().subquery()
    query = sa.select(*unit_on(on), *ended.c).outerjoin(ended, ended.c.unit_id == UnitRow.id)
    return query.order_by(ended.c.on_day, ended.c.event_id, ended.c.heir_id)


def ended_units(plan: PlanHead | None, cut_off: CutOff) -> list[EndedUnit]:
    """The units that are gone at a cut-off, by name, with what waits in `plan`. 1 query, 3 where there are any."""
    rows = session().execute(sa.select(UnitRow.id, UnitRow.ends_on).where(UnitRow.ends_on < cut_off.as_of))
    gone = [(row[0], row[1]) for row in rows if row[1]]
    if not gone:
        return []
    stands = standing(cut_off.as_of)
    waiting = _waiting(plan, [unit_id for unit_id, _ in gone], cut_off) if plan else {}
    found = [
        EndedUnit(stands.refs[unit_id], ends_on, stands.heirs(unit_id), waiting.get(unit_id, 0))
        for unit_id, ends_on in gone
    ]
    return sorted(found, key=lambda each: search_key(each.unit.name))


def _waiting(plan: PlanHead, unit_ids: Collection[int], cut_off: CutOff) -> dict[int, int]:
    """How many shares of a plan that are nobody's work any more each of the units has left. 1 query."""
    query = (
        sa.select(ShareRow.unit_id)
        .join(MilestoneRow, MilestoneRow.id == ShareRow.milestone_id)
        .join(TaskRow, TaskRow.id == MilestoneRow.task_id)
        .where(TaskRow.plan_id == plan.id, TaskRow.dropped_on.is_(None), MilestoneRow.dropped_on.is_(None))
        .where(ShareRow.unit_id.in_(unit_ids), ShareRow.part.in_((LEAD, PARTNER)), ShareRow.until_on.is_(None))
        .where(owned_on(cut_off.as_of))
    )
    found: dict[int, int] = {}
    for unit_id, state, *_rest in session().execute(with_facts(query, cut_off.until)):
        if state not in SETTLED:
            found[unit_id] = found.get(unit_id, 0) + 1
    return found
