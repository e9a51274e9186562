"""When reminders look at each share again: a tick reads only those whose time has come.

Whatever changes what reminders know of a share wakes it, in the transaction of the change: it is looked at with the
next tick, which then notes when something of it may speak next. Waking too much costs a look, too little a reminder.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime

import sqlalchemy as sa

from tracker.domain.people import Role
from tracker.store.database import session
from tracker.store.inserts import chunks
from tracker.store.tables import ActingRow, MilestoneRow, PersonRow, PreferenceRow, ShareRow, TaskRow
from tracker.store.tables.work import AT_ONCE

_LOCK_NOT_AVAILABLE = "55P03"
# They may be told of the work of every unit.
_ABOVE = (Role.MONITOR.value, Role.LEADER.value, Role.ADMINISTRATOR.value)


class Held(Exception):
    """Somebody writes a share that is to be looked at."""


def wake(share_ids: Collection[int]) -> None:
    """Look at these shares with the next tick."""
    _wake(ShareRow.id.in_(list(share_ids)))


def wake_logs(log_ids: Collection[int]) -> None:
    """Look at every share that goes on with one of these logs."""
    _wake(sa.or_(ShareRow.id.in_(list(log_ids)), ShareRow.log_id.in_(list(log_ids))))


def wake_milestones(milestone_ids: Collection[int]) -> None:
    """Look at every share of these milestones."""
    _wake(ShareRow.milestone_id.in_(list(milestone_ids)))


def wake_units(unit_ids: Collection[int]) -> None:
    """Look at every share of these units."""
    _wake(ShareRow.unit_id.in_(list(unit_ids)))


def wake_plan(plan_id: int) -> None:
    """Look at every share of a plan."""
    of_plan = sa.select(MilestoneRow.id).join(TaskRow, TaskRow.id == MilestoneRow.task_id)
    _wake(ShareRow.milestone_id.in_(of_plan.where(TaskRow.plan_id == plan_id)))


def wake_people(person_ids: Collection[int]) -> None:
    """Look at all of which these people may be told: the work of the units for which they may ask, or of every unit.

    Whoever is told in somebody's place may be told of all that is told to them.
    """
    ids = _with_those_away(person_ids)
    if session().scalar(sa.select(sa.exists().where(PersonRow.id.in_(ids), PersonRow.role.in_(_ABOVE)))):
        wake_all()
    acting = sa.select(ActingRow.unit_id).where(ActingRow.person_id.in_(ids))
    own = sa.select(PersonRow.unit_id).where(PersonRow.id.in_(ids), PersonRow.unit_id.is_not(None))
    _wake(sa.or_(ShareRow.unit_id.in_(own), ShareRow.unit_id.in_(acting)))


def _with_those_away(person_ids: Collection[int]) -> list[int]:
    """These people, everybody in whose place one of them is told, and so on."""
    found, new = set(person_ids), set(person_ids)
    while new:
        away = sa.select(PreferenceRow.person_id).where(PreferenceRow.stand_in_id.in_(new))
        new = set(session().scalars(away)) - found
        found |= new
    return sorted(found)


def wake_all() -> None:
    """Look at everything: the rules or the days off are others now."""
    _wake(sa.true())


def _wake(condition: sa.ColumnElement[bool]) -> None:
    # Also those that are awake: a tick that holds them just now is waited for, and does not send them to sleep.
    change = sa.update(ShareRow).where(condition).values(look_at=AT_ONCE)
    session().execute(change, execution_options={"synchronize_session": False})


def any_due(now: datetime) -> bool:
    """Whether there is a share to be looked at by `now` (UTC). One step into an index."""
    # In the order of the index: without one the database may read the table, hoping to find a share soon.
    return session().scalar(due_query(now).order_by(ShareRow.look_at).limit(1)) is not None


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


def due_query(now: datetime) -> sa.Select[int]:
    """The ids of the shares to be looked at by `now` (UTC)."""
    return sa.select(ShareRow.id).where(ShareRow.look_at <= now)


def put(looks: Mapping[int, datetime | None]) -> None:
    """Note when to look at shares again; None is not before something wakes them."""
    by_moment: dict[datetime | None, list[int]] = {}
    for share_id, moment in looks.items():
        by_moment.setdefault(moment, []).append(share_id)
    for moment, share_ids in by_moment.items():
        for some in chunks(share_ids):
            change = sa.update(ShareRow).where(ShareRow.id.in_(some)).values(look_at=moment)
            session().execute(change, execution_options={"synchronize_session": False})


def not_begun(share_ids: Iterable[int], today: date) -> dict[int, date]:
    """The day on which each of these shares begins to be its unit's, of those that have not by `today`."""
    found: dict[int, date] = {}
    for some in chunks(list(share_ids)):
        query = sa.select(ShareRow.id, ShareRow.from_on).where(ShareRow.id.in_(some), ShareRow.from_on > today)
        found |= {row.id: row.from_on for row in session().execute(query)}
    return found
