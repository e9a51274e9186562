"""The shares that reminders may speak of, with what happened to them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, tzinfo
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from tracker.domain.calendar_days import local_day
from tracker.domain.extensions import Outcome
from tracker.domain.reminder_facts import LEAD, PARTNER, History, LogLine, OwedShare, OwnDay, Request
from tracker.domain.share_people import NOBODY, Named
from tracker.domain.status import Calendar
from tracker.domain.work import SETTLED, Action, State
from tracker.store import confirming, share_people, urgings
from tracker.store.database import session
from tracker.store.inserts import chunks
from tracker.store.tables import (
    CheckpointRow,
    ExtensionRow,
    MilestoneRow,
    PlanMonitor,
    PlanRow,
    ProgressEntry,
    ShareRow,
    TaskRow,
    UnitRow,
)
from tracker.store.tenure import name_on, owed_on
from tracker.store.units import days_off

_SETTLED = [each.value for each in SETTLED]


def owed(now: datetime, zone: tzinfo, share_ids: Sequence[int] | None = None) -> list[OwedShare]:
    """Every share of plans in force that is not settled at `now` (UTC), or those of `share_ids` that are not.

    They are their units' on the day that `now` has in `zone`. At most 9 queries for 5,000 shares.
    """
    which = [sa.true()] if share_ids is None else [ShareRow.id.in_(some) for some in chunks(share_ids)]
    found: list[OwedShare] = []
    for condition in which:
        still_open = sa.func.coalesce(_state(ShareRow, now), State.NOT_STARTED.value).not_in(_SETTLED)
        found += [each.now() for each in histories(now, zone, sa.and_(condition, still_open), latest=True)]
    return found


def histories(
    now: datetime, zone: tzinfo, condition: sa.ColumnElement[bool] | None = None, *, latest: bool = False
) -> list[History]:
    """The shares of plans in force that are their units' on the day of `now` (UTC), with all that happened until then.

    `condition` is one on ShareRow, TaskRow or PlanRow; of the log only the latest entries with `latest`, which tell how
    the share stands now. 9 queries.
    """
    today = local_day(now, zone)
    rows = session().execute(_base(now, today, sa.true() if condition is None else condition)).all()
    logs = [row.ShareRow.log_id or row.ShareRow.id for row in rows]
    off = days_off() if rows else None
    entries, requests = _entries(logs, now, zone, latest=latest), _requests(logs, now, zone)
    own_days = _own_days(logs, zone)
    ids = [row.ShareRow.id for row in rows]
    urged = urgings.of_shares(ids, now, zone)
    who: dict[int, Named] = {}
    wrote: dict[int, frozenset[int]] = {}
    for some in chunks(ids):
        who |= share_people.named(some)
        wrote |= confirming.writers(some)
    monitors = _monitors({row.plan_id for row in rows})
    found = []
    for row, log_id in zip(rows, logs, strict=True):
        assert off
        share = _share(row, Calendar(off, row.late_after_working_day, row.quiet_days), zone, who, monitors)
        history = History(
            replace(share, writers=wrote.get(share.id, frozenset())),
            log=tuple(entries.get(log_id, ())),
            requests=tuple(requests.get(log_id, ())),
            checkpoints=tuple(own_days.get(log_id, ())),
            urged=urged.get(share.id, ()),
        )
        found.append(history)
    return found


def _base(now: datetime, today: date, condition: sa.ColumnElement[bool]) -> sa.Select[Any]:
    dropped = sa.func.coalesce(TaskRow.dropped_on, MilestoneRow.dropped_on)
    sibling = aliased(MilestoneRow)
    siblings = sa.exists().where(
        sibling.task_id == TaskRow.id, sibling.id != MilestoneRow.id, sibling.dropped_on.is_(None)
    )
    return (
        sa.select(
            ShareRow,
            MilestoneRow,
            TaskRow,
            UnitRow,
            PlanRow.late_after_working_day,
            PlanRow.quiet_days,
            name_on(today).label("unit_name"),
            PlanRow.id.label("plan_id"),
            siblings.label("several"),
            sa.case((ShareRow.part == LEAD, sa.false()), else_=_led(now, today)).label("leads_done"),
        )
        .join(MilestoneRow, MilestoneRow.id == ShareRow.milestone_id)
        .join(TaskRow, TaskRow.id == MilestoneRow.task_id)
        .join(PlanRow, PlanRow.id == TaskRow.plan_id)
        .join(UnitRow, UnitRow.id == ShareRow.unit_id)
        .where(ShareRow.part.in_((LEAD, PARTNER)), dropped.is_(None), PlanRow.state == "in_force")
        .where(owed_on(today), condition)
        .order_by(ShareRow.id)
    )


def _monitors(plan_ids: Collection[int]) -> dict[int, list[int]]:
    """The monitors of each of these plans, in their order."""
    query = sa.select(PlanMonitor.plan_id, PlanMonitor.unit_id).where(PlanMonitor.plan_id.in_(plan_ids))
    found: dict[int, list[int]] = {}
    for plan_id, unit_id in session().execute(query.order_by(PlanMonitor.rank)):
        found.setdefault(plan_id, []).append(unit_id)
    return found


def _led(now: datetime, today: date) -> sa.ColumnElement[bool]:
    """Whether the milestone of ShareRow has leads, and nobody owes one any more."""
    lead = aliased(ShareRow)
    there = sa.exists().where(lead.milestone_id == ShareRow.milestone_id, lead.part == LEAD)
    begun = sa.or_(lead.from_on.is_(None), lead.from_on <= today)
    still = sa.and_(begun, sa.or_(lead.until_on.is_(None), lead.until_on > today))
    undone = sa.func.coalesce(_state(lead, now), State.NOT_STARTED.value).not_in(_SETTLED)
    return sa.and_(there, sa.not_(there.where(still, undone)))


def _state(share: Any, now: datetime) -> sa.ScalarSelect[Any]:
    """The state of a share after its last entry up to `now`; one step into the index of its log."""
    return (
        sa.select(ProgressEntry.state)
        .where(ProgressEntry.share_id == sa.func.coalesce(share.log_id, share.id), ProgressEntry.recorded_at <= now)
        .order_by(ProgressEntry.version.desc())
        .limit(1)
        .scalar_subquery()
    )


def _share(
    row: Any, calendar: Calendar, zone: tzinfo, who: Mapping[int, Named], monitors: Mapping[int, Sequence[int]]
) -> OwedShare:
    share, milestone, task, unit = row[:4]
    # An event may be recorded before its day, or long after it.
    given = [day for day in (share.from_on, share.assigned_at and local_day(share.assigned_at, zone)) if day]
    return OwedShare(
        id=share.id,
        milestone_id=milestone.id,
        task_id=task.id,
        position=task.position,
        number=task.number,
        title=task.title,
        ordinal=milestone.position,
        several=row.several,
        part=share.part,
        state=State.NOT_STARTED,
        due=milestone.due,
        due_as_written=milestone.due_as_written,
        leads_as_written=task.leads_as_written,
        partners_as_written=task.partners_as_written,
        unit_id=unit.id,
        unit_name=row.unit_name,
        unit_kind=unit.kind,
        unit_ends_on=unit.ends_on,
        leads_done=bool(row.leads_done),
        calendar=calendar,
        named=who.get(share.id, NOBODY),
        start=milestone.start,
        assigned_on=max(given, default=None),
        monitor_unit_ids=tuple(monitors.get(row.plan_id, ())),
    )


def _entries(log_ids: Sequence[int], now: datetime, zone: tzinfo, *, latest: bool) -> dict[int, list[LogLine]]:
    """The log, or with `latest` its end from the entry on that last moved the share: a correction moves nothing."""
    columns = (ProgressEntry.share_id, ProgressEntry.version, ProgressEntry.action, ProgressEntry.state)
    found: dict[int, list[LogLine]] = {}
    for some in chunks(log_ids):
        query = sa.select(*columns, ProgressEntry.recorded_at).where(
            ProgressEntry.share_id.in_(some), ProgressEntry.recorded_at <= now
        )
        if latest:
            later = aliased(ProgressEntry)
            moved = sa.exists().where(
                later.share_id == ProgressEntry.share_id,
                later.version > ProgressEntry.version,
                later.recorded_at <= now,
                later.action != Action.CORRECT.value,
            )
            query = query.where(sa.not_(moved))
        for log_id, version, action, state, at in session().execute(
            query.order_by(ProgressEntry.share_id, ProgressEntry.version)
        ):
            found.setdefault(log_id, []).append(LogLine(version, Action(action), State(state), local_day(at, zone)))
    return found


def _requests(log_ids: Sequence[int], now: datetime, zone: tzinfo) -> dict[int, list[Request]]:
    rows = _of_logs(ExtensionRow, log_ids, ExtensionRow.asked_at <= now)
    found: dict[int, list[Request]] = {}
    for row in rows:
        decided = row.decided_at if row.decided_at and row.decided_at <= now else None
        request = Request(
            row.id,
            local_day(row.asked_at, zone),
            local_day(decided, zone) if decided else None,
            row.granted_due if decided else None,
            row.outcome != Outcome.WITHDRAWN.value,
        )
        found.setdefault(row.share_id, []).append(request)
    return found


def _own_days(log_ids: Sequence[int], zone: tzinfo) -> dict[int, list[OwnDay]]:
    found: dict[int, list[OwnDay]] = {}
    for row in _of_logs(CheckpointRow, log_ids, sa.true()):
        done = local_day(row.done_at, zone) if row.done_at else None
        own = OwnDay(row.id, row.day, row.title, local_day(row.added_at, zone), done)
        found.setdefault(row.share_id, []).append(own)
    return found


def _of_logs(table: Any, log_ids: Sequence[int], condition: sa.ColumnElement[bool]) -> Iterable[Any]:
    """The rows of a table that belong to these logs, in the order in which they were added."""
    for some in chunks(log_ids):
        yield from session().scalars(sa.select(table).where(table.share_id.in_(some), condition).order_by(table.id))
