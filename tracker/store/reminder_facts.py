"""The shares that reminders may speak of, with what happened to them."""

from collections.abc import Sequence
from datetime import date, datetime, tzinfo
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from tracker.domain.calendar_days import local_day
from tracker.domain.reminder_facts import LEAD, PARTNER, History, LogLine, OwedShare
from tracker.domain.share_people import NOBODY
from tracker.domain.status import Calendar
from tracker.domain.work import SETTLED, Action, State
from tracker.store.database import session
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
    which = [sa.true()] if share_ids is None else [ShareRow.id.in_(some) for some in chunks(share_ids)]
    found: list[OwedShare] = []
    for condition in which:
        still_open = sa.func.coalesce(_state(ShareRow, now), State.NOT_STARTED.value).not_in(_SETTLED)
        found += [each.now() for each in histories(now, zone, sa.and_(condition, still_open), latest=True)]
    return found


def histories(
    now: datetime,
    zone: tzinfo,
    condition: sa.ColumnElement[bool] | None = None,
    *,
    latest: bool = False,
    most: int | None = None,
) -> list[History]:
    """The shares of plans in force that are their units' on the day of `now` (UTC), with all that happened until then.

    `condition` is one on ShareRow, TaskRow or PlanRow; of the log only the latest entries with `latest`, which tell how
    the share stands now; `most` shares at most. 4 queries.
    """
    today = local_day(now, zone)
    rows = session().execute(_base(now, today, sa.true() if condition is None else condition).limit(most)).all()
    if not rows:
        return []
    ids, logs = [row.ShareRow.id for row in rows], [row.ShareRow.log_id or row.ShareRow.id for row in rows]
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
            urged=tuple(beside.urged.get(row.ShareRow.id, ())),
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
            _monitors().label("monitors"),
            all_days_off().label("days_off"),
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


def _monitors() -> sa.ScalarSelect[Any]:
    """The monitors of PlanRow as one value, for `_monitors_from`."""
    ranked = sa.cast(PlanMonitor.rank, sa.String) + ":" + sa.cast(PlanMonitor.unit_id, sa.String)
    query = sa.select(sa.func.aggregate_strings(ranked, " ")).where(PlanMonitor.plan_id == PlanRow.id)
    return query.correlate(PlanRow).scalar_subquery()


def _monitors_from(text: str | None) -> tuple[int, ...]:
    """The units in a value of `_monitors`, in their order."""
    pairs = (each.split(":") for each in (text or "").split())
    return tuple(unit_id for _, unit_id in sorted((int(rank), int(unit_id)) for rank, unit_id in pairs))


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


def _share(row: Any, calendar: Calendar, zone: tzinfo, beside: Marks) -> OwedShare:
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
        named=beside.named.get(share.id, NOBODY),
        writers=beside.writers.get(share.id, frozenset()),
        start=milestone.start,
        assigned_on=max(given, default=None),
        monitor_unit_ids=_monitors_from(row.monitors),
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
