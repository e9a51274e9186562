"""Who and what follows a unit to its heirs on the day of an event: people, watching a plan, addresses of calendars."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from tracker.domain.feeds import OF_UNITS, Scope
from tracker.store import feeds, share_people
from tracker.store.database import session
from tracker.store.given import TODAY
from tracker.store.looks import wake_plan
from tracker.store.tables import (
    PersonMove,
    PersonRow,
    PlanMonitor,
    PlanRow,
    SubscriptionRow,
    UnitEventRow,
    UnitEventUnit,
)
from tracker.store.unit_events import HEIR, SUBJECT, rejoin

_UNSETTLED = (
    sa.select(UnitEventRow.id, UnitEventRow.on_day, UnitEventRow.ends)
    .where(sa.not_(UnitEventRow.settled), UnitEventRow.on_day <= TODAY)
    .order_by(UnitEventRow.on_day, UnitEventRow.id)
)


@dataclass(frozen=True, slots=True)
class Due:
    """An event whose day has come while its followers still stand where they were; ids of units."""

    id: int
    on: date
    ends: bool
    subjects: tuple[int, ...]
    heirs: tuple[int, ...]


def due(today: date) -> list[Due]:
    """The events of `today` or before that are not settled, in the order of their days. 1 query, 2 where there are."""
    rows = session().execute(_UNSETTLED, {"today": today}).all()
    if not rows:
        return []
    parts: dict[tuple[int, str], list[int]] = {}
    units = sa.select(UnitEventUnit).where(UnitEventUnit.event_id.in_([row.id for row in rows]))
    for unit in session().scalars(units.order_by(UnitEventUnit.unit_id)):
        parts.setdefault((unit.event_id, unit.part), []).append(unit.unit_id)
    return [
        Due(row.id, row.on_day, row.ends, tuple(parts.get((row.id, SUBJECT), ())), tuple(parts.get((row.id, HEIR), ())))
        for row in rows
    ]


def add_moves(event_id: int, moves: Mapping[int, int]) -> None:
    """Write down which people (by id) go to which unit with an event."""
    for person_id, unit_id in moves.items():
        session().add(PersonMove(event_id=event_id, person_id=person_id, unit_id=unit_id))
    session().flush()


def settle(event: Due, now: datetime) -> None:
    """Let the joined logs be looked at again, people, monitors and subscriptions follow, and the calendars know."""
    rejoin(event.id, event.on)
    moves = {
        move.person_id: move.unit_id
        for move in session().scalars(sa.select(PersonMove).where(PersonMove.event_id == event.id))
    }
    share_people.follow_event(event.id, moves, now)
    for person_id, unit_id in moves.items():
        session().execute(sa.update(PersonRow).where(PersonRow.id == person_id).values(unit_id=unit_id))
    feeds.touch_people(moves, now)
    feeds.touch_milestones((), now, left_units=(*event.subjects, *event.heirs))
    if event.ends:
        for unit_id in event.subjects:
            _watch_instead(unit_id, event.heirs)
            if len(event.heirs) == 1:
                _subscribe_instead(unit_id, event.heirs[0], now)
            else:
                for person_id, new_id in moves.items():
                    _subscribe_instead(unit_id, new_id, now, person_id)
    session().execute(sa.update(UnitEventRow).where(UnitEventRow.id == event.id).values(settled=True))


def watched_by(unit_ids: Sequence[int]) -> list[str]:
    """Titles of the plans not closed that one of the units watches. 1 query."""
    query = (
        sa.select(PlanRow.title)
        .join(PlanMonitor, PlanMonitor.plan_id == PlanRow.id)
        .where(PlanMonitor.unit_id.in_(unit_ids), PlanRow.state != "closed")
        .distinct()
    )
    return sorted(session().scalars(query))


def _watch_instead(unit_id: int, heirs: Iterable[int]) -> None:
    """Put the heirs in the unit's place among the monitors of every plan that is not closed."""
    watched = sa.select(PlanMonitor.plan_id).join(PlanRow, PlanRow.id == PlanMonitor.plan_id)
    for plan_id in session().scalars(watched.where(PlanMonitor.unit_id == unit_id, PlanRow.state != "closed")).all():
        of_plan = PlanMonitor.plan_id == plan_id
        before = session().scalars(sa.select(PlanMonitor.unit_id).where(of_plan).order_by(PlanMonitor.rank)).all()
        after = [each for old in before for each in (heirs if old == unit_id else (old,))]
        session().execute(sa.delete(PlanMonitor).where(of_plan))
        for rank, each in enumerate(dict.fromkeys(after), start=1):
            session().add(PlanMonitor(plan_id=plan_id, unit_id=each, rank=rank))
        session().flush()
        wake_plan(plan_id)


def _subscribe_instead(unit_id: int, heir_id: int, now: datetime, person_id: int | None = None) -> None:
    """Let the addresses of a unit's calendar, or that person's alone, show its heir's from now on."""
    for kind in OF_UNITS:
        old, new = Scope(kind, unit_id).key, Scope(kind, heir_id).key
        feeds.open_scopes([new], now)
        following = sa.update(SubscriptionRow).where(SubscriptionRow.scope == old).values(scope=new)
        if person_id is not None:
            following = following.where(SubscriptionRow.person_id == person_id)
        session().execute(following)
