"""The shares that reminders may speak of, with what happened to them."""

from collections.abc import Sequence
from datetime import datetime, tzinfo
from functools import cache, lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from tracker.domain.calendar_days import local_day
from tracker.domain.reminder_facts import LEAD, PARTNER, History, LogLine, OwedShare
from tracker.domain.share_people import NOBODY
from tracker.domain.status import Calendar
from tracker.domain.work import SETTLED, Action, State
from tracker.store.database import session
from tracker.store.given import IDS, NOW, TODAY
from tracker.store.inserts import chunks
from tracker.store.share_marks import Marks, marks
from tracker.store.tables import (
    MilestoneRow,
    PlanMonitor,
    PlanRow,
    ProgressEntry,
    ShareRow,
    TaskRow,
    UnitRow,
)
from tracker.store.tenure import name_on, owed_on
from tracker.store.units import all_days_off, days_off_from

_SETTLED = [each.value for each in SETTLED]


def owed(now: datetime, zone: tzinfo, share_ids: Sequence[int] | None = None) -> list[OwedShare]:
    """Every share of plans in force that is not settled at `now` (UTC), or those of `share_ids` that are not.

    They are their units' on the day that `now` has in `zone`. 4 queries for 5,000 shares.
    """
    if share_ids is None:
        return [each.now() for each in _histories(now, zone, _open(True), latest=True)]
    query = _open(False)
    return [each.now() for ids in chunks(share_ids) for each in _histories(now, zone, query, latest=True, ids=ids)]


def histories(now: datetime, zone: tzinfo, *, most: int | None = None) -> list[History]:
    """The shares of plans in force that are their units' on the day of `now` (UTC), with all that happened until then.

    `most` shares at most, the newest. 4 queries.
    """
    if most is None:
        return _histories(now, zone, _base())
    return _histories(now, zone, _newest(), most=most)[::-1]


def _histories(
    now: datetime, zone: tzinfo, query: sa.Select[*tuple[Any, ...]], *, latest: bool = False, **given: Any
) -> list[History]:
    """What `query` asks for at `now`; of the log only the latest entries with `latest`, which tell how it stands."""
    rows = session().execute(query, {"now": now, "today": local_day(now, zone), **given}).all()
    if not rows:
        return []
    ids, logs = [row.id for row in rows], [row.log_id or row.id for row in rows]
    entries, beside = _entries(logs, now, zone, latest=latest), marks(ids, logs, now, zone)
    off = days_off_from(rows[0].days_off)
    found = []
    for row, log_id in zip(rows, logs, strict=True):
        calendar = Calendar(off, row.late_after_working_day, row.quiet_days)
        history = History(
            _share(row, calendar, zone, beside),
            log=tuple(entries.get(log_id, ())),
            requests=tuple(beside.requests.get(log_id, ())),
            checkpoints=tuple(beside.own_days.get(log_id, ())),
            urged=tuple(beside.urged.get(row.id, ())),
        )
        found.append(history)
    return found


# Queries are made once: the last look before every mail asks them, and making them takes longer than asking.
@cache
def _open(everything: bool) -> sa.Select[*tuple[Any, ...]]:
    """The shares that are not settled: all, or those of the parameter `ids`."""
    still_open = sa.func.coalesce(_state(ShareRow), State.NOT_STARTED.value).not_in(_SETTLED)
    query = _base().where(still_open)
    return query if everything else query.where(ShareRow.id.in_(IDS))


@cache
def _newest() -> sa.Select[*tuple[Any, ...]]:
    return _base().order_by(None).order_by(ShareRow.id.desc()).limit(sa.bindparam("most"))


@cache
def _base() -> sa.Select[*tuple[Any, ...]]:
    dropped = sa.func.coalesce(TaskRow.dropped_on, MilestoneRow.dropped_on)
    sibling = aliased(MilestoneRow)
    siblings = sa.exists().where(
        sibling.task_id == TaskRow.id, sibling.id != MilestoneRow.id, sibling.dropped_on.is_(None)
    )
    return (
        sa.select(
            *(ShareRow.id, ShareRow.log_id, ShareRow.part, ShareRow.from_on, ShareRow.assigned_at),
            *(MilestoneRow.id.label("milestone_id"), MilestoneRow.position.label("ordinal")),
            *(MilestoneRow.start, MilestoneRow.due, MilestoneRow.due_as_written),
            *(TaskRow.id.label("task_id"), TaskRow.position, TaskRow.number, TaskRow.title),
            *(TaskRow.leads_as_written, TaskRow.partners_as_written),
            *(UnitRow.id.label("unit_id"), UnitRow.kind.label("unit_kind"), UnitRow.ends_on.label("unit_ends_on")),
            PlanRow.late_after_working_day,
            PlanRow.quiet_days,
            name_on(TODAY).label("unit_name"),
            _monitors().label("monitors"),
            all_days_off().label("days_off"),
            siblings.label("several"),
            sa.case((ShareRow.part == LEAD, sa.false()), else_=_led()).label("leads_done"),
        )
        .join(MilestoneRow, MilestoneRow.id == ShareRow.milestone_id)
        .join(TaskRow, TaskRow.id == MilestoneRow.task_id)
        .join(PlanRow, PlanRow.id == TaskRow.plan_id)
        .join(UnitRow, UnitRow.id == ShareRow.unit_id)
        .where(ShareRow.part.in_((LEAD, PARTNER)), dropped.is_(None), PlanRow.state == "in_force")
        .where(owed_on(TODAY))
        .order_by(ShareRow.id)
    )


def _monitors() -> sa.ScalarSelect[Any]:
    """The monitors of PlanRow as one value, for `_monitors_from`."""
    ranked = sa.cast(PlanMonitor.rank, sa.String) + ":" + sa.cast(PlanMonitor.unit_id, sa.String)
    query = sa.select(sa.func.aggregate_strings(ranked, " ")).where(PlanMonitor.plan_id == PlanRow.id)
    return query.correlate(PlanRow).scalar_subquery()


@lru_cache
def _monitors_from(text: str | None) -> tuple[int, ...]:
    """The units in a value of `_monitors`, in their order."""
    pairs = (each.split(":") for each in (text or "").split())
    return tuple(unit_id for _, unit_id in sorted((int(rank), int(unit_id)) for rank, unit_id in pairs))


def _led() -> sa.ColumnElement[bool]:
    """Whether the milestone of ShareRow has leads, and nobody owes one any more."""
    lead = aliased(ShareRow)
    there = sa.exists().where(lead.milestone_id == ShareRow.milestone_id, lead.part == LEAD)
    begun = sa.or_(lead.from_on.is_(None), lead.from_on <= TODAY)
    still = sa.and_(begun, sa.or_(lead.until_on.is_(None), lead.until_on > TODAY))
    undone = sa.func.coalesce(_state(lead), State.NOT_STARTED.value).not_in(_SETTLED)
    return sa.and_(there, sa.not_(there.where(still, undone)))


def _state(share: Any) -> sa.ScalarSelect[Any]:
    """The state of a share after its last entry up to now; one step into the index of its log."""
    return (
        sa.select(ProgressEntry.state)
        .where(ProgressEntry.share_id == sa.func.coalesce(share.log_id, share.id), ProgressEntry.recorded_at <= NOW)
        .order_by(ProgressEntry.version.desc())
        .limit(1)
        .scalar_subquery()
    )


def _share(row: Any, calendar: Calendar, zone: tzinfo, beside: Marks) -> OwedShare:
    # An event may be recorded before its day, or long after it.
    given = [day for day in (row.from_on, row.assigned_at and local_day(row.assigned_at, zone)) if day]
    return OwedShare(
        id=row.id,
        milestone_id=row.milestone_id,
        task_id=row.task_id,
        position=row.position,
        number=row.number,
        title=row.title,
        ordinal=row.ordinal,
        several=row.several,
        part=row.part,
        state=State.NOT_STARTED,
        due=row.due,
        due_as_written=row.due_as_written,
        leads_as_written=row.leads_as_written,
        partners_as_written=row.partners_as_written,
        unit_id=row.unit_id,
        unit_name=row.unit_name,
        unit_kind=row.unit_kind,
        unit_ends_on=row.unit_ends_on,
        leads_done=bool(row.leads_done),
        calendar=calendar,
        named=beside.named.get(row.id, NOBODY),
        writers=beside.writers.get(row.id, frozenset()),
        start=row.start,
        assigned_on=max(given, default=None),
        monitor_unit_ids=_monitors_from(row.monitors),
    )


def _entries(log_ids: Sequence[int], now: datetime, zone: tzinfo, *, latest: bool) -> dict[int, list[LogLine]]:
    """The log, or with `latest` its end from the entry on that last moved the share: a correction moves nothing."""
    found: dict[int, list[LogLine]] = {}
    for some in chunks(log_ids):
        rows = session().execute(_log(latest), {"ids": some, "now": now})
        for log_id, version, action, state, at in rows:
            found.setdefault(log_id, []).append(LogLine(version, Action(action), State(state), local_day(at, zone)))
    return found


@cache
def _log(latest: bool) -> sa.Select[int, int, str, str, datetime]:
    columns = (ProgressEntry.share_id, ProgressEntry.version, ProgressEntry.action, ProgressEntry.state)
    wanted = ProgressEntry.share_id.in_(IDS)
    query = sa.select(*columns, ProgressEntry.recorded_at).where(wanted, ProgressEntry.recorded_at <= NOW)
    if latest:
        later = aliased(ProgressEntry)
        moved = sa.exists().where(
            later.share_id == ProgressEntry.share_id,
            later.version > ProgressEntry.version,
            later.recorded_at <= NOW,
            later.action != Action.CORRECT.value,
        )
        query = query.where(sa.not_(moved))
    return query.order_by(ProgressEntry.share_id, ProgressEntry.version)
