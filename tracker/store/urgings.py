"""Reminders sent by hand: which shares were urged, when and by whom, who was told, and the counts."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from functools import cache
from typing import Any

import sqlalchemy as sa

from tracker.domain.calendar_days import local_day
from tracker.domain.outbox import MailState
from tracker.domain.reminder_rules import Audience
from tracker.domain.urging import NEVER, Counted
from tracker.domain.views import MilestoneLine
from tracker.store.database import UtcDateTime, session
from tracker.store.given import IDS, PLAN_ID, UNIT_ID, UNTIL
from tracker.store.inserts import chunks, insert_returning
from tracker.store.looks import wake
from tracker.store.tables import (
    MilestoneRow,
    OutboxMessage,
    PersonRow,
    ReminderRecord,
    ShareRow,
    TaskRow,
    UnitRow,
    UrgingMessage,
    UrgingRow,
    UrgingShare,
)
from tracker.store.tenure import Moment
from tracker.store.work import NOTES, LatestNote, notes_of, still_owed

# Whom a reminder tells of their own unit's work; what goes to those above tells on the unit.
OF_THE_UNIT = tuple(each.value for each in (Audience.DOERS, Audience.PARTNERS, Audience.HEADS))
_GONE = (MailState.SKIPPED.value, MailState.DEAD.value)


@dataclass(frozen=True, slots=True)
class Sender:
    """Who urged: the person and the unit for which they did, in whose words."""

    person_id: int
    name: str
    unit_name: str
    text: str


def add(
    person_id: int, share_ids: Collection[int], text: str, now: datetime, *, key: str, unit_id: int | None = None
) -> int | None:
    """Write down that the person urged these shares at `now`, and return the urging's id; the ladder counts it.

    None where an urging with that key is there already, by whichever process.
    """
    row = {"key": key, "person_id": person_id, "unit_id": unit_id, "at": now, "text": text}
    added = insert_returning(UrgingRow, [row], UrgingRow.id)
    if not added:
        return None
    urging_id: int = added[0].id
    values = [{"urging_id": urging_id, "share_id": each} for each in sorted(set(share_ids))]
    session().execute(sa.insert(UrgingShare), values)
    wake(share_ids)
    return urging_id


def is_there(key: str) -> bool:
    """Whether an urging with that key was sent."""
    return session().scalar(sa.select(UrgingRow.id).where(UrgingRow.key == key)) is not None


def write_down(urging_id: int, told: Mapping[int, Iterable[int]]) -> None:
    """Note which message (its id) tells of which shares."""
    rows = [
        {"message_id": message_id, "share_id": share_id, "urging_id": urging_id, "struck_at": None}
        for message_id, share_ids in told.items()
        for share_id in share_ids
    ]
    session().execute(sa.insert(UrgingMessage), rows)


def told_by(message_id: int) -> tuple[Sender, list[int]]:
    """Who urges with a message, and the ids of the shares of which it is still to tell."""
    query = (
        sa.select(UrgingMessage.share_id, PersonRow.id, PersonRow.name, UnitRow.name, UrgingRow.text)
        .join(UrgingRow, UrgingRow.id == UrgingMessage.urging_id)
        .join(PersonRow, PersonRow.id == UrgingRow.person_id)
        .outerjoin(UnitRow, UnitRow.id == UrgingRow.unit_id)
        .where(UrgingMessage.message_id == message_id, UrgingMessage.struck_at.is_(None))
        .order_by(UrgingMessage.share_id)
    )
    rows = session().execute(query).all()
    sender = Sender(rows[0][1], rows[0][2], rows[0][3] or "", rows[0][4]) if rows else Sender(0, "", "", "")
    return sender, [row[0] for row in rows]


def strike(message_id: int, share_ids: Collection[int], now: datetime) -> None:
    """Note that a message does not tell of these shares any more."""
    lines = (UrgingMessage.message_id == message_id, UrgingMessage.share_id.in_(list(share_ids)))
    session().execute(sa.update(UrgingMessage).where(*lines).values(struck_at=now))


def counts(share_ids: Collection[int], until: datetime, zone: tzinfo) -> dict[int, Counted]:
    """How often each share was urged and reminded of before `until` (UTC); what never was is left out.

    1 query for 5,000 shares.
    """
    found: dict[int, Counted] = {}
    for some in chunks(list(share_ids)):
        found |= counted(_all(_of_shares(), ids=some, until=until), zone)
    return found


def with_notes(
    lines: Sequence[MilestoneLine], until: datetime, zone: tzinfo
) -> tuple[dict[int, LatestNote], dict[int, Counted]]:
    """What `work.latest_notes` tells of milestones, and how often each was urged, several of its shares at once once.

    By the milestone's id; 1 query for both.
    """
    rows = _all(_with_notes(), ids=[line.id for line in lines], owed=still_owed(lines), until=until)
    return notes_of(row[1:] for row in rows if not row[0]), counted((row[1:4] for row in rows if row[0]), zone)


def counts_of_unit(plan_id: int, unit_id: int, until: datetime, zone: tzinfo) -> tuple[Counted, dict[int, Counted]]:
    """The same of all shares of a unit in a plan together, each urging once, and of each share. 1 query."""
    rows = _all(_of_unit(), plan_id=plan_id, unit_id=unit_id, until=until)
    together = counted([(unit_id, at, urging_id) for _share_id, at, urging_id in rows], zone)
    return together.get(unit_id, NEVER), counted(rows, zone)


def per_unit(plan_id: int, since: datetime, until: datetime, zone: tzinfo) -> dict[int, Counted]:
    """The same of a plan's shares from `since` (UTC) on, by the unit's id. 1 query."""
    return counted(_all(_per_unit(), plan_id=plan_id, since=since, until=until), zone)


def _all(query: Any, **given: Any) -> list[Any]:
    return [tuple(row) for row in session().execute(query, given)]


@cache
def _of_shares() -> Any:
    return tellings(ShareRow.id, ShareRow.id.in_(IDS), UNTIL)


@cache
def _with_notes() -> Any:
    told = tellings(ShareRow.milestone_id, ShareRow.milestone_id.in_(IDS), UNTIL).subquery().c
    nothing = [sa.literal("", sa.Text)] * 3
    return sa.union_all(
        sa.select(sa.literal(1), told[0], told.at, told.urging_id, *nothing),
        sa.select(sa.literal(0), *NOTES.subquery().c),
    )


@cache
def _of_unit() -> Any:
    of_unit = sa.and_(TaskRow.plan_id == PLAN_ID, ShareRow.unit_id == UNIT_ID)
    return tellings(ShareRow.id, of_unit, UNTIL)


@cache
def _per_unit() -> Any:
    return tellings(ShareRow.unit_id, TaskRow.plan_id == PLAN_ID, UNTIL, sa.bindparam("since", type_=UtcDateTime))


def tellings(of: Any, which: sa.ColumnElement[bool], until: Moment, since: Moment | None = None) -> Any:
    """A query for (id of what is counted, moment, urging's id or None), of every urging and automatic reminder.

    `of` is the column that is counted, `which` a condition on ShareRow or TaskRow. A reminder that was not needed or
    never went is none, nor is what went to those above the unit.
    """
    urged = (
        sa.select(of, UrgingRow.at.label("at"), UrgingRow.id.label("urging_id"))
        .join(UrgingShare, UrgingShare.share_id == ShareRow.id)
        .join(UrgingRow, UrgingRow.id == UrgingShare.urging_id)
    )
    reminded = (
        sa.select(of, OutboxMessage.created_at.label("at"), sa.cast(sa.null(), sa.Integer).label("urging_id"))
        .join(ReminderRecord, ReminderRecord.share_id == ShareRow.id)
        .join(OutboxMessage, OutboxMessage.id == ReminderRecord.message_id)
        .where(ReminderRecord.audience.in_(OF_THE_UNIT), OutboxMessage.state.not_in(_GONE))
    )
    parts = []
    for query, at in ((urged, UrgingRow.at), (reminded, OutboxMessage.created_at)):
        told = (
            query.join(MilestoneRow, MilestoneRow.id == ShareRow.milestone_id)
            .join(TaskRow, TaskRow.id == MilestoneRow.task_id)
            .where(which, at < until)
            .distinct()
        )
        parts.append(told if since is None else told.where(at >= since))
    return sa.union_all(*parts)


def counted(rows: Iterable[Any], zone: tzinfo) -> dict[int, Counted]:
    """The rows of `tellings` counted by the id that they begin with; days are those of `zone`."""
    urged: dict[int, dict[int, date]] = {}
    days: dict[int, set[date]] = {}
    for found, at, urging_id in rows:
        if urging_id is None:
            days.setdefault(found, set()).add(local_day(at, zone))
        else:
            urged.setdefault(found, {})[urging_id] = local_day(at, zone)
    return {
        each: Counted(
            urged=len(urged.get(each, ())),
            urged_on=max(urged.get(each, {}).values(), default=None),
            reminded=len(days.get(each, ())),
            reminded_on=max(days.get(each, ()), default=None),
        )
        for each in urged.keys() | days.keys()
    }
