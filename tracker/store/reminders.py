"""The ledger of reminders: who was told what, with which message, and what a message that never went leaves untold."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, tzinfo
from functools import cache
from typing import Any

import sqlalchemy as sa

from tracker.domain.calendar_days import local_day
from tracker.domain.reminder_rules import Audience
from tracker.domain.reminders import Telling
from tracker.store.database import UtcDateTime, session
from tracker.store.given import IDS
from tracker.store.inserts import chunks, insert_new
from tracker.store.looks import wake
from tracker.store.tables import OutboxMessage, ReminderRecord
from tracker.store.tenure import Moment


def told(share_ids: Sequence[int], zone: tzinfo, unsent_before: datetime | None = None) -> list[Telling]:
    """The ledger's lines about these shares; days are those of `zone`.

    With `unsent_before` (UTC), lines are left out whose message was made before it and can no longer go: `free` forgets
    the same ones.
    """
    found: list[Telling] = []
    given = {"before": unsent_before} if unsent_before else {}
    for some in chunks(share_ids):
        rows = session().execute(_told(unsent_before is not None), {"ids": some, **given})
        found += [_telling(row, local_day(made_at, zone)) for row, made_at in rows]
    return found


@cache
def _told(but_missed: bool) -> sa.Select[*tuple[Any, ...]]:
    query = (
        sa.select(ReminderRecord, OutboxMessage.created_at)
        .join(OutboxMessage, OutboxMessage.id == ReminderRecord.message_id)
        .where(ReminderRecord.share_id.in_(IDS))
        .order_by(ReminderRecord.id)
    )
    return query.where(sa.not_(_missed(sa.bindparam("before", type_=UtcDateTime)))) if but_missed else query


def _telling(row: ReminderRecord, told_on: date) -> Telling:
    return Telling(
        share_id=row.share_id,
        subject=row.subject,
        rule_code=row.rule_code,
        day=row.day,
        person_id=row.person_id,
        channel=row.channel,
        repeat_on=row.repeat_on,
        told_on=told_on,
        audience=Audience(row.audience),
    )


def _missed(before: Moment) -> sa.ColumnElement[bool]:
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


def free(message_id: int, lines: Collection[Telling] | None = None) -> None:
    """Take back from the ledger what a message was to tell (these lines, else all): it may be told anew."""
    of_message = sa.select(ReminderRecord).where(ReminderRecord.message_id == message_id)
    wanted = None if lines is None else set(lines)
    for row in session().scalars(of_message).all():
        if wanted is None or _telling(row, row.day) in wanted:
            session().delete(row)
            wake([row.share_id])
    session().flush()


def write_down(tellings: Iterable[tuple[Telling, int]]) -> None:
    """Add lines to the ledger, each with the id of the message that tells it."""
    rows = [
        {
            "share_id": each.share_id,
            "subject": each.subject,
            "rule_code": each.rule_code,
            "day": each.day,
            "person_id": each.person_id,
            "channel": each.channel,
            "repeat_on": each.repeat_on,
            "audience": each.audience.value,
            "message_id": message_id,
        }
        for each, message_id in tellings
    ]
    if rows:
        insert_new(ReminderRecord, rows)


def had_digest(person_id: int, since: datetime) -> bool:
    """Whether a digest was made for a person at `since` (UTC) or later."""
    mine = (OutboxMessage.person_id == person_id, OutboxMessage.kind == "digest", OutboxMessage.created_at >= since)
    return bool(session().scalar(sa.select(sa.exists().where(*mine))))


def told_by(message_id: int, made_on: date) -> list[Telling]:
    """What a message that was made on that day is to tell."""
    query = sa.select(ReminderRecord).where(ReminderRecord.message_id == message_id).order_by(ReminderRecord.id)
    return [_telling(row, made_on) for row in session().scalars(query)]
