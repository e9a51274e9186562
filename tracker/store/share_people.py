"""Who of a unit does a share: as pages show it on a day, as the rules ask for it now, and the rows behind both."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from tracker.domain.people import Person, Role
from tracker.domain.share_people import NOBODY, Colleague, Doer, Named, given_fields
from tracker.store.acting import on_day
from tracker.store.database import session
from tracker.store.given import AS_OF, IDS, PLAN_ID, UNIT_ID, UNTIL
from tracker.store.history import record_change
from tracker.store.inserts import Ids
from tracker.store.looks import wake
from tracker.store.tables import (
    ActingRow,
    MilestoneRow,
    PersonRow,
    PlanRow,
    SharePerson,
    ShareRow,
    TaskRow,
    UnitEventRow,
)
from tracker.store.tenure import HANDED, Day, Moment

CURRENT = SharePerson.until_at.is_(None)
UnitId = int | sa.BindParameter[Any] | None


@dataclass(frozen=True, slots=True)
class GivenShare:
    """A share as the one who gives it to people needs to know it."""

    id: int
    unit_id: int
    part: str
    from_on: date | None
    until_on: date | None
    milestone_id: int
    task_id: int
    number: str
    title: str
    plan_id: int
    plan_state: str


@dataclass(frozen=True, slots=True)
class PeopleOfShares:
    """Who does which share (by its id), those of the past too, and the people of the unit that was asked for."""

    doers: Mapping[int, tuple[Doer, ...]]
    colleagues: tuple[Colleague, ...]

    def now(self, share_id: int) -> tuple[Doer, ...]:
        """Who does a share, or stands in, on the day shown."""
        return tuple(each for each in self.doers.get(share_id, ()) if each.until_at is None)

    def formerly(self, share_id: int) -> tuple[Doer, ...]:
        """Who did it before and does not any more."""
        present = {each.person_id for each in self.now(share_id)}
        return tuple(
            each for each in self.doers.get(share_id, ()) if each.until_at is not None and each.person_id not in present
        )


def shares(share_ids: Collection[int]) -> list[GivenShare]:
    """The shares with these ids that are there, of tasks that were not dropped. 1 query."""
    query = (
        sa.select(
            ShareRow.id,
            ShareRow.unit_id,
            ShareRow.part,
            ShareRow.from_on,
            ShareRow.until_on,
            MilestoneRow.id,
            TaskRow.id,
            TaskRow.number,
            TaskRow.title,
            PlanRow.id,
            PlanRow.state,
        )
        .join(MilestoneRow, MilestoneRow.id == ShareRow.milestone_id)
        .join(TaskRow, TaskRow.id == MilestoneRow.task_id)
        .join(PlanRow, PlanRow.id == TaskRow.plan_id)
        .where(ShareRow.id.in_(share_ids), TaskRow.dropped_on.is_(None), MilestoneRow.dropped_on.is_(None))
        .order_by(ShareRow.id)
    )
    return [GivenShare(*row) for row in session().execute(query)]


def of_unit(plan_id: int, unit_id: int, until: datetime, day: date) -> PeopleOfShares:
    """Who did the shares of a unit in a plan before `until`, the end of `day`, and the unit's people then. 1 query."""
    given = {"plan_id": plan_id, "unit_id": unit_id, "until": until, "as_of": day}
    return assembled(session().execute(_of_unit(), given).all(), until)


@cache
def _of_unit() -> Any:
    of_plan = (
        sa.select(ShareRow.id)
        .join(MilestoneRow, MilestoneRow.id == ShareRow.milestone_id)
        .join(TaskRow, TaskRow.id == MilestoneRow.task_id)
        .where(TaskRow.plan_id == PLAN_ID, ShareRow.unit_id == UNIT_ID)
    )
    return rows_of(of_plan, UNTIL, UNIT_ID, AS_OF)


def _belongs(unit_id: UnitId, day: Day) -> sa.ColumnElement[bool]:
    """The condition on PersonRow of working for a unit on a day, which is their own or for which they act."""
    acting = sa.exists().where(ActingRow.person_id == PersonRow.id, ActingRow.unit_id == unit_id, on_day(day))
    return sa.and_(PersonRow.active, sa.or_(PersonRow.unit_id == unit_id, acting))


def rows_of(share_ids: Any, until: Moment, unit_id: UnitId, day: Day) -> Any:
    """Who did some shares before `until`, and a unit's people on `day`: a query for `assembled`, for others to join."""
    given = sa.and_(
        SharePerson.person_id == PersonRow.id, SharePerson.share_id.in_(share_ids), SharePerson.given_at < until
    )
    colleague = _belongs(unit_id, day)
    return (
        sa.select(
            PersonRow.id.label("person_id"),
            PersonRow.name,
            PersonRow.role,
            sa.case((colleague, 1), else_=0).label("is_colleague"),
            SharePerson.id,
            SharePerson.share_id,
            SharePerson.stand_in,
            SharePerson.given_at,
            SharePerson.until_at,
        )
        .outerjoin(SharePerson, given)
        .where(sa.or_(SharePerson.id.is_not(None), colleague))
    )


def assembled(rows: Iterable[Any], until: datetime) -> PeopleOfShares:
    """What the rows of `rows_of` tell, people in the order of their names."""
    doers: dict[int, list[Doer]] = {}
    colleagues: dict[int, Colleague] = {}
    for row in sorted(rows, key=lambda row: (row.name, row.person_id, row.id or 0)):
        if row.is_colleague:
            colleagues[row.person_id] = Colleague(row.person_id, row.name, Role(row.role))
        if row.id is not None:
            ended = row.until_at if row.until_at and row.until_at < until else None
            doer = Doer(row.person_id, row.name, bool(row.stand_in), row.given_at, ended)
            doers.setdefault(row.share_id, []).append(doer)
    in_order = {share_id: tuple(sorted(found, key=lambda each: each.stand_in)) for share_id, found in doers.items()}
    return PeopleOfShares(in_order, tuple(colleagues.values()))


def named(share_ids: Collection[int]) -> dict[int, Named]:
    """Who is named for shares now, by share id; those of whom nobody is named are left out. 1 query."""
    if not share_ids:
        return {}
    parts: dict[int, tuple[set[int], set[int]]] = {}
    for share_id, person_id, stand_in in session().execute(_NAMED, {"ids": list(share_ids)}):
        parts.setdefault(share_id, (set(), set()))[stand_in].add(person_id)
    return {share_id: Named(frozenset(doers), frozenset(others)) for share_id, (doers, others) in parts.items()}


_NAMED = sa.select(SharePerson.share_id, SharePerson.person_id, SharePerson.stand_in).where(
    CURRENT, SharePerson.share_id.in_(IDS)
)


def naming(share_ids: Ids) -> list[sa.Select[str, int, int]]:
    """Queries for who is named for shares now: (`does` or `stands_in`, a share, a person)."""
    return [
        sa.select(sa.literal(what), SharePerson.share_id, SharePerson.person_id).where(
            CURRENT, SharePerson.share_id.in_(share_ids), SharePerson.stand_in.is_(stands_in)
        )
        for what, stands_in in (("does", False), ("stands_in", True))
    ]


def colleagues(unit_id: int, day: date) -> list[Colleague]:
    """The people who work for a unit on a day, with an open account, by name. 1 query."""
    query = sa.select(PersonRow.id, PersonRow.name, PersonRow.role).where(_belongs(unit_id, day))
    rows = session().execute(query.order_by(PersonRow.name, PersonRow.id))
    return [Colleague(person_id, name, Role(role)) for person_id, name, role in rows]


def replace(share_id: int, wanted: Named, by: int | None, now: datetime) -> None:
    """Let these people, and no others, be named for a share from now on; who stays in the same part stays as is."""
    before = named([share_id]).get(share_id, NOBODY)
    gone = (before.doers - wanted.doers) | (before.stand_ins - wanted.stand_ins)
    _end(sa.and_(SharePerson.share_id == share_id, SharePerson.person_id.in_(gone)), now)
    for stand_in, new in ((False, wanted.doers - before.doers), (True, wanted.stand_ins - before.stand_ins)):
        _add(share_id, new, stand_in, by, now)


def tell_given(
    share: GivenShare, before: Named, after: Named, *, now: datetime, by: Person | None = None, reason: str = ""
) -> None:
    """Write into the history who does a share from now on; nothing where they are the same. `by` None: nobody's act."""
    record_change(
        "share.given",
        "share",
        share.id,
        now=now,
        person=by,
        label=f"{share.number}. {share.title}",
        plan_id=share.plan_id,
        unit_id=share.unit_id,
        fields=given_fields(before, after),
        reason=reason,
    )


def end_of_people(person_ids: Iterable[int], now: datetime, *, by: Person | None = None, reason: str = "") -> None:
    """Let people be named for nothing any more, and tell it: their account was closed, or they left their unit."""
    gone = frozenset(person_ids)
    theirs = sa.select(SharePerson.share_id).where(CURRENT, SharePerson.person_id.in_(gone)).distinct()
    before = named(session().scalars(theirs).all())
    _end(SharePerson.person_id.in_(gone), now)
    for share in shares(before):
        was = before[share.id]
        tell_given(share, was, Named(was.doers - gone, was.stand_ins - gone), now=now, by=by, reason=reason)


def units_naming(person_ids: Collection[int]) -> list[int]:
    """The ids of the units whose shares these people are named for now. 1 query."""
    query = sa.select(ShareRow.unit_id).join(SharePerson, SharePerson.share_id == ShareRow.id)
    return list(session().scalars(query.where(CURRENT, SharePerson.person_id.in_(list(person_ids))).distinct()))


def follow_event(event_id: int, moves: Mapping[int, int], now: datetime) -> None:
    """On the day of an event of units: who goes with a share to its new unit (`moves`: person to unit) stays named.

    All others who move are named for nothing of the unit they leave. The history tells both under the event's document.
    """
    document = session().scalar(sa.select(UnitEventRow.document).where(UnitEventRow.id == event_id)) or ""
    heir = aliased(ShareRow)
    query = (
        sa.select(SharePerson.person_id, SharePerson.stand_in, heir.id, heir.unit_id)
        .join(ShareRow, ShareRow.id == SharePerson.share_id)
        .join(heir, heir.id == ShareRow.heir_id)
        .where(CURRENT, ShareRow.ended_by == event_id, ShareRow.ending == HANDED)
        .order_by(SharePerson.id)
    )
    follow = [row[:3] for row in session().execute(query) if moves.get(row.person_id) == row[3]]
    end_of_people(moves, now, reason=document)
    heirs = {heir_id for _person_id, _stand_in, heir_id in follow}
    before = named(heirs)
    for person_id, stand_in, heir_id in follow:
        if person_id not in named([heir_id]).get(heir_id, NOBODY).everyone:
            _add(heir_id, [person_id], stand_in, None, now)
    after = named(heirs)
    for share in shares(heirs):
        tell_given(share, before.get(share.id, NOBODY), after[share.id], now=now, reason=document)


def _add(share_id: int, person_ids: Iterable[int], stand_in: bool, by: int | None, now: datetime) -> None:
    for person_id in sorted(person_ids):
        session().add(SharePerson(share_id=share_id, person_id=person_id, stand_in=stand_in, given_by=by, given_at=now))
    session().flush()
    wake([share_id])


def _end(condition: sa.ColumnElement[bool], now: datetime) -> None:
    wake(session().scalars(sa.select(SharePerson.share_id).where(condition, CURRENT).distinct()).all())
    session().execute(sa.update(SharePerson).where(condition, CURRENT).values(until_at=now))
