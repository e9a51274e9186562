"""Reminders: the rules, the shares they may speak of, and the ledger of who was told what."""

from collections.abc import Iterable
from datetime import date, datetime, tzinfo
from typing import Any

import sqlalchemy as sa

from tracker.domain.calendar_days import local_day
from tracker.domain.reminders import LEAD, OwedShare, Rule, Telling
from tracker.domain.share_people import NOBODY, Named
from tracker.domain.status import Calendar
from tracker.domain.work import SETTLED, State
from tracker.store.database import session
from tracker.store.extended import EVER, due_with, granted_by
from tracker.store.inserts import insert_if_new
from tracker.store.share_people import named
from tracker.store.tables import (
    MilestoneRow,
    OutboxMessage,
    PlanRow,
    ProgressEntry,
    ReminderRecord,
    ReminderRule,
    ShareRow,
    TaskRow,
    UnitRow,
)
from tracker.store.tenure import name_on, owed_on
from tracker.store.units import days_off

MAIL = "mail"


def rules() -> list[Rule]:
    """The rules in use, in their own order."""
    query = sa.select(ReminderRule).where(ReminderRule.active).order_by(ReminderRule.position, ReminderRule.code)
    return [
        Rule(row.code, row.days, row.every, frozenset(row.parts), frozenset(row.except_kinds))
        for row in session().scalars(query)
    ]


def rule_names() -> dict[str, str]:
    """What each rule is called, by code."""
    return {row.code: row.name for row in session().execute(sa.select(ReminderRule.code, ReminderRule.name))}


def add_rules(named: Iterable[tuple[Rule, str]]) -> int:
    """Store the (rule, name) pairs whose codes are not there yet; returns how many were added."""
    return sum(
        insert_if_new(
            ReminderRule,
            code=rule.code,
            name=name,
            days=rule.days,
            every=rule.every,
            parts=sorted(rule.parts),
            except_kinds=sorted(rule.except_kinds),
            active=True,
            position=position,
        )
        for position, (rule, name) in enumerate(named, start=1)
    )


def _state(share: Any, now: datetime) -> sa.ScalarSelect[Any]:
    """The state of a share after its last entry up to `now`; one step into the index of its log."""
    return (
        sa.select(ProgressEntry.state)
        .where(ProgressEntry.share_id == sa.func.coalesce(share.log_id, share.id), ProgressEntry.recorded_at <= now)
        .order_by(ProgressEntry.version.desc())
        .limit(1)
        .scalar_subquery()
    )


def _due() -> Any:
    """The due date of ShareRow as it stands, with what was granted to it."""
    return due_with(granted_by(EVER))


def owed(until: date, now: datetime, today: date) -> list[OwedShare]:
    """Every share not accepted at `now` whose due date is `until` or before, of plans in force. At most 5 queries.

    It is its unit's on `today`, the local day of `now`.
    """
    return _owed(_due() <= until, now, today)


def owed_again(share_ids: list[int], now: datetime, today: date) -> list[OwedShare]:
    """Those of the given shares that are still owed. At most 5 queries."""
    milestones = sa.select(ShareRow.milestone_id).where(ShareRow.id.in_(share_ids))
    wanted = set(share_ids)
    return [share for share in _owed(MilestoneRow.id.in_(milestones), now, today) if share.id in wanted]


def _owed(condition: sa.ColumnElement[bool], now: datetime, today: date) -> list[OwedShare]:
    state = _state(ShareRow, now)
    open_share = sa.func.coalesce(state, State.NOT_STARTED.value).not_in([each.value for each in SETTLED])
    dropped = sa.func.coalesce(TaskRow.dropped_on, MilestoneRow.dropped_on)
    living = (MilestoneRow.due.is_not(None), dropped.is_(None), PlanRow.state == "in_force", condition)
    query = (
        sa.select(
            ShareRow,
            MilestoneRow,
            TaskRow,
            PlanRow.late_after_working_day,
            PlanRow.quiet_days,
            UnitRow,
            name_on(today),
            state,
            _due(),
        )
        .join(MilestoneRow, MilestoneRow.id == ShareRow.milestone_id)
        .join(TaskRow, TaskRow.id == MilestoneRow.task_id)
        .join(PlanRow, PlanRow.id == TaskRow.plan_id)
        .join(UnitRow, UnitRow.id == ShareRow.unit_id)
        .where(*living, open_share, owed_on(today))
        .order_by(ShareRow.id)
    )
    rows = session().execute(query).all()
    led = _with_leads([row[0].milestone_id for row in rows if row[0].part != LEAD])
    led -= {row[0].milestone_id for row in rows if row[0].part == LEAD}
    several = _several([row[2].id for row in rows])
    off, who = days_off(), named([row[0].id for row in rows])
    return [
        _owed_share(row, Calendar(off, row[3], row[4]), row[0].milestone_id in led, several, who.get(row[0].id, NOBODY))
        for row in rows
    ]


def _owed_share(row: Any, calendar: Calendar, leads_done: bool, several: set[int], who: Named) -> OwedShare:
    share, milestone, task, _, _, unit, unit_name, state, due = row
    return OwedShare(
        id=share.id,
        milestone_id=milestone.id,
        task_id=task.id,
        position=task.position,
        number=task.number,
        title=task.title,
        ordinal=milestone.position,
        several=task.id in several,
        part=share.part,
        state=State(state or State.NOT_STARTED),
        due=due,
        due_as_written=milestone.due_as_written,
        leads_as_written=task.leads_as_written,
        partners_as_written=task.partners_as_written,
        unit_id=unit.id,
        unit_name=unit_name,
        unit_kind=unit.kind,
        unit_ends_on=unit.ends_on,
        leads_done=leads_done,
        calendar=calendar,
        named=who,
    )


def _with_leads(milestone_ids: list[int]) -> set[int]:
    """Those of the milestones that have a lead share at all."""
    if not milestone_ids:
        return set()
    query = sa.select(ShareRow.milestone_id).where(ShareRow.part == LEAD, ShareRow.milestone_id.in_(set(milestone_ids)))
    return set(session().scalars(query.distinct()))


def _several(task_ids: list[int]) -> set[int]:
    """Those of the tasks that have more than one milestone."""
    if not task_ids:
        return set()
    living = (MilestoneRow.task_id.in_(set(task_ids)), MilestoneRow.dropped_on.is_(None))
    query = sa.select(MilestoneRow.task_id).where(*living)
    return set(session().scalars(query.group_by(MilestoneRow.task_id).having(sa.func.count() > 1)))


def told(until: date, zone: tzinfo, unsent_before: datetime | None) -> list[Telling]:
    """The ledger's lines about due dates that still hold, `until` or before; days are those of `zone`.

    With `unsent_before` (UTC), lines are left out whose message was made before it and can no longer go: `free` forgets
    the same ones.
    """
    query = (
        sa.select(ReminderRecord, OutboxMessage.created_at)
        .join(OutboxMessage, OutboxMessage.id == ReminderRecord.message_id)
        .join(ShareRow, ShareRow.id == ReminderRecord.share_id)
        .join(MilestoneRow, sa.and_(MilestoneRow.id == ShareRow.milestone_id, _due() == ReminderRecord.due))
        .where(_due() <= until)
    )
    if unsent_before:
        query = query.where(sa.not_(_missed(unsent_before)))
    return [_telling(row, local_day(made_at, zone)) for row, made_at in session().execute(query)]


def _telling(row: ReminderRecord, told_on: date) -> Telling:
    return Telling(row.share_id, row.rule_code, row.due, row.person_id, row.repeat_on, told_on)


def _missed(before: datetime) -> sa.ColumnElement[bool]:
    """Messages of an earlier day that never went, and not because the address was refused."""
    waiting = OutboxMessage.state == "pending"
    worn_out = sa.and_(OutboxMessage.state == "dead", sa.not_(OutboxMessage.permanent))
    return sa.and_(OutboxMessage.created_at < before, sa.or_(waiting, worn_out))


def missed(before: datetime) -> list[tuple[int, bool]]:
    """Messages with lines in the ledger that were made before `before` and never went: their ids, whether dead."""
    query = (
        sa.select(OutboxMessage.id, OutboxMessage.state == "dead")
        .where(_missed(before), sa.exists().where(ReminderRecord.message_id == OutboxMessage.id))
        .order_by(OutboxMessage.id)
    )
    return [(row[0], bool(row[1])) for row in session().execute(query)]


def free(message_id: int, share_ids: Iterable[int] | None = None) -> None:
    """Take back from the ledger what a message was to tell (of these shares, else of all): it may be told anew."""
    gone = sa.delete(ReminderRecord).where(ReminderRecord.message_id == message_id)
    if share_ids is not None:
        gone = gone.where(ReminderRecord.share_id.in_(list(share_ids)))
    session().execute(gone)


def write_down(tellings: Iterable[Telling], message_id: int) -> None:
    """Add lines to the ledger, with the message that tells them."""
    for each in tellings:
        insert_if_new(
            ReminderRecord,
            share_id=each.share_id,
            rule_code=each.rule_code,
            due=each.due,
            person_id=each.person_id,
            channel=MAIL,
            repeat_on=each.repeat_on,
            message_id=message_id,
        )


def told_by(message_id: int, made_on: date) -> list[Telling]:
    """What a message that was made on that day is to tell."""
    query = sa.select(ReminderRecord).where(ReminderRecord.message_id == message_id).order_by(ReminderRecord.id)
    return [_telling(row, made_on) for row in session().scalars(query)]
