"""When reminders look at each share again: a tick reads only those whose time has come.

Whatever changes what reminders know of a share wakes it, in the transaction of the change: it is looked at with the
next tick, which then notes when something of it may speak next. Waking too much costs a look, too little a reminder.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

from tracker.domain.people import Role
from tracker.store.database import UtcDateTime, session
from tracker.store.given import IDS, NOW, PLAN_ID, TODAY
from tracker.store.inserts import chunks
from tracker.store.tables import ActingRow, MilestoneRow, PersonRow, PreferenceRow, ShareRow, TaskRow
from tracker.store.tables.work import AT_ONCE

_LOCK_NOT_AVAILABLE = "55P03"
# They may be told of the work of every unit.
_ABOVE = (Role.MONITOR.value, Role.LEADER.value, Role.ADMINISTRATOR.value)

# Statements are made once: almost every change wakes something, and making them takes longer than asking. They wake
# also what is awake: a tick that holds it just now is waited for, and does not send it to sleep.
_WAKE = sa.update(ShareRow).values(look_at=AT_ONCE).execution_options(synchronize_session=False)
_WAKE_SHARES = _WAKE.where(ShareRow.id.in_(IDS))
_WAKE_LOGS = _WAKE.where(sa.or_(ShareRow.id.in_(IDS), ShareRow.log_id.in_(IDS)))
_WAKE_MILESTONES = _WAKE.where(ShareRow.milestone_id.in_(IDS))
_WAKE_UNITS = _WAKE.where(ShareRow.unit_id.in_(IDS))
_OF_PLAN = (
    sa.select(MilestoneRow.id).join(TaskRow, TaskRow.id == MilestoneRow.task_id).where(TaskRow.plan_id == PLAN_ID)
)
_WAKE_PLAN = _WAKE.where(ShareRow.milestone_id.in_(_OF_PLAN))
_OWN = sa.select(PersonRow.unit_id).where(PersonRow.id.in_(IDS), PersonRow.unit_id.is_not(None))
_ACTED_FOR = sa.select(ActingRow.unit_id).where(ActingRow.person_id.in_(IDS))
_WAKE_PEOPLE = _WAKE.where(sa.or_(ShareRow.unit_id.in_(_OWN), ShareRow.unit_id.in_(_ACTED_FOR)))
_ANY_ABOVE = sa.select(sa.exists().where(PersonRow.id.in_(IDS), PersonRow.role.in_(_ABOVE)))
_AWAY = sa.select(PreferenceRow.person_id).where(PreferenceRow.stand_in_id.in_(IDS))
_PUT = (
    sa.update(ShareRow)
    .where(ShareRow.id.in_(IDS))
    .values(look_at=sa.bindparam("moment", type_=UtcDateTime))
    .execution_options(synchronize_session=False)
)
_NOT_BEGUN = sa.select(ShareRow.id, ShareRow.from_on).where(ShareRow.id.in_(IDS), ShareRow.from_on > TODAY)


class Held(Exception):
    """Somebody writes a share that is to be looked at."""


def wake(share_ids: Collection[int]) -> None:
    """Look at these shares with the next tick."""
    _wake(_WAKE_SHARES, share_ids)


def wake_logs(log_ids: Collection[int]) -> None:
    """Look at every share that goes on with one of these logs."""
    _wake(_WAKE_LOGS, log_ids)


def wake_milestones(milestone_ids: Collection[int]) -> None:
    """Look at every share of these milestones."""
    _wake(_WAKE_MILESTONES, milestone_ids)


def wake_units(unit_ids: Collection[int]) -> None:
    """Look at every share of these units."""
    _wake(_WAKE_UNITS, unit_ids)


def wake_plan(plan_id: int) -> None:
    """Look at every share of a plan."""
    session().execute(_WAKE_PLAN, {"plan_id": plan_id})


def wake_people(person_ids: Collection[int]) -> None:
    """Look at all of which these people may be told: the work of the units for which they may ask, or of every unit.

    Whoever is told in somebody's place may be told of all that is told to them.
    """
    ids = _with_those_away(person_ids)
    if ids and session().scalar(_ANY_ABOVE, {"ids": ids}):
        wake_all()
    else:
        _wake(_WAKE_PEOPLE, ids)


def _with_those_away(person_ids: Collection[int]) -> list[int]:
    """These people, everybody in whose place one of them is told, and so on."""
    found, new = set(person_ids), set(person_ids)
    while new:
        new = set(session().scalars(_AWAY, {"ids": list(new)})) - found
        found |= new
    return sorted(found)


def wake_all() -> None:
    """Look at everything: the rules or the days off are others now."""
    session().execute(_WAKE)


def _wake(waking: sa.Update, ids: Collection[int]) -> None:
    if ids:
        session().execute(waking, {"ids": list(ids)})


def any_due(now: datetime) -> bool:
    """Whether there is a share to be looked at by `now` (UTC). One step into an index."""
    return session().scalar(_first_due(), {"now": now}) is not None


@cache
def _first_due() -> sa.Select[int]:
    # In the order of the index: without one the database may read the table, hoping to find a share soon.
    return due_query(NOW).order_by(ShareRow.look_at).limit(1)


def take(now: datetime, most: int | None = None) -> list[int]:
    """The shares to be looked at by `now` (UTC), held until the transaction ends.

    With `most` at most so many, of those that were due before `now`: what is put to `now` itself is left for the rest.
    Held where another process has one of them in its hands at this moment: the next tick looks again.
    """
    query = due_query(now).order_by(ShareRow.id)
    if most is not None:
        query = query.where(ShareRow.look_at < now).limit(most)
    try:
        return list(session().scalars(query.with_for_update(nowait=True)))
    except sa.exc.OperationalError as error:
        if getattr(error.orig, "sqlstate", "") != _LOCK_NOT_AVAILABLE:
            raise
        raise Held from error


def more_due(now: datetime, than: int) -> bool:
    """Whether more than so many shares were to be looked at before `now` (UTC)."""
    query = sa.select(ShareRow.id).where(ShareRow.look_at < now).order_by(ShareRow.look_at)
    return session().scalar(query.offset(than).limit(1)) is not None


def due_query(now: datetime | sa.BindParameter[Any]) -> sa.Select[int]:
    """The ids of the shares to be looked at by `now` (UTC)."""
    return sa.select(ShareRow.id).where(ShareRow.look_at <= now)


def put(looks: Mapping[int, datetime | None]) -> None:
    """Note when to look at shares again; None is not before something wakes them."""
    by_moment: dict[datetime | None, list[int]] = {}
    for share_id, moment in looks.items():
        by_moment.setdefault(moment, []).append(share_id)
    for moment, share_ids in by_moment.items():
        for some in chunks(share_ids):
            session().execute(_PUT, {"ids": list(some), "moment": moment})


def not_begun(share_ids: Iterable[int], today: date) -> dict[int, date]:
    """The day on which each of these shares begins to be its unit's, of those that have not by `today`."""
    found: dict[int, date] = {}
    for some in chunks(list(share_ids)):
        rows = session().execute(_NOT_BEGUN, {"ids": list(some), "today": today})
        found |= {row.id: row.from_on for row in rows}
    return found
