"""What is written of shares beside their log: requests for later dates, own days, urgings; who does them, who wrote."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from functools import cache
from typing import Any

import sqlalchemy as sa

from tracker.domain.calendar_days import local_day
from tracker.domain.extensions import Outcome
from tracker.domain.reminder_facts import OwnDay, Request, Urged
from tracker.domain.share_people import Named
from tracker.store import confirming, share_people
from tracker.store.database import UtcDateTime, session
from tracker.store.given import LOG_IDS, NOW, SHARE_IDS
from tracker.store.inserts import chunks
from tracker.store.tables import CheckpointRow, ExtensionRow, PersonRow, UrgingRow, UrgingShare


@dataclass(frozen=True, slots=True)
class Marks:
    """Requests and own days by the id of the log, urgings, the people named and who wrote by that of the share."""

    requests: dict[int, list[Request]] = field(default_factory=dict)
    own_days: dict[int, list[OwnDay]] = field(default_factory=dict)
    urged: dict[int, list[Urged]] = field(default_factory=dict)
    named: dict[int, Named] = field(default_factory=dict)
    writers: dict[int, frozenset[int]] = field(default_factory=dict)


def marks(share_ids: Sequence[int], log_ids: Sequence[int], now: datetime, zone: tzinfo) -> Marks:
    """All of it up to `now` (UTC), the oldest first; days are those of `zone`. 2 queries for 5,000 shares.

    `log_ids` are the shares' own or those of the logs with which they go on, in the same order.
    """
    found = Marks()
    for shares, logs in zip(chunks(share_ids), chunks(log_ids), strict=True):
        for row in session().execute(_dated(), {"share_ids": shares, "log_ids": logs, "now": now}):
            _READ[row.what](found, row, now, zone)
        _people(found, session().execute(_named_and_writing(), {"share_ids": shares}))
    return found


# Each query is made once: the last look before every mail asks it, and making it takes longer than asking.
@cache
def _named_and_writing() -> sa.CompoundSelect[Any]:
    return sa.union(*confirming.writing(SHARE_IDS), *share_people.naming(SHARE_IDS))


@cache
def _dated() -> sa.Select[Any]:
    """What has a day, of three tables in one question: as (`what`, of which, id, since, until, a day, a text)."""
    asked = sa.select(
        sa.literal("request").label("what"),
        ExtensionRow.share_id.label("of"),
        ExtensionRow.id.label("number"),
        ExtensionRow.asked_at.label("at"),
        ExtensionRow.decided_at.label("until"),
        ExtensionRow.granted_due.label("day"),
        ExtensionRow.outcome.label("text"),
    ).where(ExtensionRow.share_id.in_(LOG_IDS), ExtensionRow.asked_at <= NOW)
    own = sa.select(
        sa.literal("own_day"),
        CheckpointRow.share_id,
        CheckpointRow.id,
        CheckpointRow.added_at,
        CheckpointRow.done_at,
        CheckpointRow.day,
        CheckpointRow.title,
    ).where(CheckpointRow.share_id.in_(LOG_IDS))
    urged = (
        sa.select(
            sa.literal("urging"),
            UrgingShare.share_id,
            UrgingRow.id,
            UrgingRow.at,
            sa.cast(sa.null(), UtcDateTime),
            sa.cast(sa.null(), sa.Date),
            PersonRow.name,
        )
        .join(UrgingRow, UrgingRow.id == UrgingShare.urging_id)
        .join(PersonRow, PersonRow.id == UrgingRow.person_id)
        .where(UrgingShare.share_id.in_(SHARE_IDS), UrgingRow.at <= NOW)
    )
    everything = sa.union_all(asked, own, urged).subquery()
    return sa.select(everything).order_by(everything.c.at, everything.c.number)


def _request(found: Marks, row: Any, now: datetime, zone: tzinfo) -> None:
    decided = row.until if row.until and row.until <= now else None
    request = Request(
        row.number,
        local_day(row.at, zone),
        local_day(decided, zone) if decided else None,
        row.day if decided else None,
        row.text != Outcome.WITHDRAWN.value,
    )
    found.requests.setdefault(row.of, []).append(request)


def _own_day(found: Marks, row: Any, _now: datetime, zone: tzinfo) -> None:
    done: date | None = local_day(row.until, zone) if row.until else None
    own = OwnDay(row.number, row.day, row.text, local_day(row.at, zone), done)
    found.own_days.setdefault(row.of, []).append(own)


def _urging(found: Marks, row: Any, _now: datetime, zone: tzinfo) -> None:
    found.urged.setdefault(row.of, []).append(Urged(local_day(row.at, zone), row.text))


_READ = {"request": _request, "own_day": _own_day, "urging": _urging}


def _people(found: Marks, rows: Iterable[Any]) -> None:
    people: dict[str, dict[int, set[int]]] = {}
    for what, share_id, person_id in rows:
        people.setdefault(what, {}).setdefault(share_id, set()).add(person_id)
    doers, stand_ins = people.get("does", {}), people.get("stands_in", {})
    for share_id in {*doers, *stand_ins}:
        named = Named(frozenset(doers.get(share_id, ())), frozenset(stand_ins.get(share_id, ())))
        found.named[share_id] = named
    found.writers.update((share_id, frozenset(wrote)) for share_id, wrote in people.get("wrote", {}).items())
