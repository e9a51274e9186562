"""The proof that units were urged: every message about their work, by hand and automatic, to whom, and its outcome."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from tracker.domain.outbox import MailState
from tracker.store.database import UtcDateTime, session
from tracker.store.inserts import chunks
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
)
from tracker.store.urgings import OF_THE_UNIT


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which messages: about a plan's work, of one unit or of all, made from `since` on and before `until` (UTC).

    `by_hand` is True for urgings, False for automatic reminders, None for both.
    """

    plan_id: int
    since: datetime
    until: datetime
    unit_id: int | None = None
    by_hand: bool | None = None


@dataclass(frozen=True, slots=True)
class UrgingLine:
    """A message about a unit's work; times in UTC. `by` is who urged, empty for an automatic one.

    `state` is as of the moment asked for: what was settled later still waits. `tasks` are the numbers of the tasks it
    tells of, `struck` those that were done before it went.
    """

    unit_id: int
    unit_code: str
    unit_name: str
    message_id: int
    at: datetime
    by: str
    text: str
    to_name: str
    channel: str
    state: MailState
    error: str
    settled_at: datetime | None
    read_at: datetime | None
    tasks: tuple[str, ...] = ()
    struck: tuple[str, ...] = ()


def count(wanted: Wanted) -> int:
    """How many lines there are. 1 query."""
    return session().scalar(sa.select(sa.func.count()).select_from(_places(wanted))) or 0


def listed(wanted: Wanted, offset: int, limit: int) -> list[UrgingLine]:
    """Some lines, units by name, then the oldest first. 2 queries for 5,000 lines."""
    place, sender = _places(wanted), aliased(PersonRow)
    query = (
        sa.select(place, OutboxMessage, UnitRow.code, UnitRow.name, PersonRow.name, UrgingRow.text, sender.name)
        .join(OutboxMessage, OutboxMessage.id == place.c.message_id)
        .join(PersonRow, PersonRow.id == OutboxMessage.person_id)
        .join(UnitRow, UnitRow.id == place.c.unit_id)
        .outerjoin(UrgingRow, UrgingRow.id == place.c.urging_id)
        .outerjoin(sender, sender.id == UrgingRow.person_id)
        .order_by(UnitRow.sort_key, UnitRow.id, OutboxMessage.created_at, OutboxMessage.id)
    )
    rows = session().execute(query.offset(offset).limit(limit)).all()
    tasks = _tasks(wanted, [row.message_id for row in rows])
    return [_line(row, tasks.get((row.unit_id, row.message_id), ([], [])), wanted.until) for row in rows]


def _lines(wanted: Wanted) -> sa.Subquery:
    """Every (message, share, urging or none, when it was struck out or not) of the kind wanted."""
    nothing = (
        sa.cast(sa.null(), sa.Integer).label("urging_id"),
        sa.type_coerce(sa.cast(sa.null(), sa.DateTime), UtcDateTime).label("struck_at"),
    )
    told = sa.select(ReminderRecord.message_id, ReminderRecord.share_id, *nothing)
    told = told.where(ReminderRecord.audience.in_(OF_THE_UNIT))
    urged = sa.select(
        UrgingMessage.message_id,
        UrgingMessage.share_id,
        UrgingMessage.urging_id,
        UrgingMessage.struck_at,
    )
    if wanted.by_hand is None:
        return sa.union_all(told, urged).subquery()
    return (urged if wanted.by_hand else told).subquery()


def _of_plan(query: Any, line: sa.Subquery, wanted: Wanted) -> Any:
    """`query` over the lines, joined to their shares and tasks, of the plan and unit wanted."""
    found = (
        query.join(ShareRow, ShareRow.id == line.c.share_id)
        .join(MilestoneRow, MilestoneRow.id == ShareRow.milestone_id)
        .join(TaskRow, TaskRow.id == MilestoneRow.task_id)
        .where(TaskRow.plan_id == wanted.plan_id)
    )
    return found if wanted.unit_id is None else found.where(ShareRow.unit_id == wanted.unit_id)


def _places(wanted: Wanted) -> sa.Subquery:
    """Each unit with each message about its work, once."""
    line = _lines(wanted)
    made = OutboxMessage.created_at
    urging = sa.func.max(line.c.urging_id).label("urging_id")
    query = sa.select(ShareRow.unit_id, line.c.message_id, urging).select_from(line)
    query = query.join(OutboxMessage, OutboxMessage.id == line.c.message_id)
    found: sa.Subquery = (
        _of_plan(query, line, wanted)
        .where(made >= wanted.since, made < wanted.until)
        .group_by(ShareRow.unit_id, line.c.message_id)
        .subquery()
    )
    return found


def _tasks(wanted: Wanted, message_ids: Sequence[int]) -> dict[tuple[int, int], tuple[list[str], list[str]]]:
    """By unit and message, the numbers of the tasks told of and of those struck out, in the plan's order."""
    line = _lines(wanted)
    columns = (ShareRow.unit_id, line.c.message_id, TaskRow.number, line.c.struck_at)
    query = _of_plan(sa.select(*columns).select_from(line), line, wanted).order_by(TaskRow.position, MilestoneRow.id)
    found: dict[tuple[int, int], tuple[list[str], list[str]]] = {}
    for some in chunks(list(message_ids)):
        for unit_id, message_id, number, struck_at in session().execute(query.where(line.c.message_id.in_(some))):
            struck = struck_at is not None and struck_at < wanted.until
            numbers = found.setdefault((unit_id, message_id), ([], []))[struck]
            if number not in numbers:
                numbers.append(number)
    return found


def _line(row: Any, numbers: tuple[list[str], list[str]], until: datetime) -> UrgingLine:
    place_unit, _message_id, _urging_id, message, code, unit_name, to_name, text, by = row
    settled = message.settled_at is not None and message.settled_at < until
    return UrgingLine(
        unit_id=place_unit,
        unit_code=code,
        unit_name=unit_name,
        message_id=message.id,
        at=message.created_at,
        by=by or "",
        text=text or "",
        to_name=to_name,
        channel=message.channel,
        state=MailState(message.state) if settled else MailState.PENDING,
        error=message.error if settled or message.settled_at is None else "",
        settled_at=message.settled_at if settled else None,
        read_at=message.read_at if message.read_at and message.read_at < until else None,
        tasks=tuple(numbers[0]),
        struck=tuple(numbers[1]),
    )
