"""Reminders sent by hand: which shares were urged, when and by whom, and the counts per unit."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, tzinfo

import sqlalchemy as sa

from tracker.domain.calendar_days import local_day
from tracker.domain.reminder_facts import Urged
from tracker.store.database import session
from tracker.store.inserts import chunks
from tracker.store.looks import wake
from tracker.store.tables import MilestoneRow, PersonRow, ShareRow, TaskRow, UrgingRow, UrgingShare


@dataclass(frozen=True, slots=True)
class UnitUrgings:
    """How often a unit was urged by hand: `urgings`, of so many `shares`, the last time at `last_at` (UTC)."""

    unit_id: int
    urgings: int
    shares: int
    last_at: datetime


def add(person_id: int, share_ids: Collection[int], text: str, now: datetime) -> int:
    """Write down that the person urged these shares at `now`, and return the urging's id; the ladder counts it."""
    row = UrgingRow(person_id=person_id, at=now, text=text)
    session().add(row)
    session().flush()
    values = [{"urging_id": row.id, "share_id": each} for each in sorted(set(share_ids))]
    session().execute(sa.insert(UrgingShare), values)
    wake(share_ids)
    return row.id


def of_shares(share_ids: Collection[int], until: datetime, zone: tzinfo) -> dict[int, tuple[Urged, ...]]:
    """The urgings of shares up to `until` (UTC), the oldest first, by share id; days are those of `zone`."""
    found: dict[int, tuple[Urged, ...]] = {}
    for some in chunks(list(share_ids)):
        query = (
            sa.select(UrgingShare.share_id, UrgingRow.at, PersonRow.name)
            .join(UrgingRow, UrgingRow.id == UrgingShare.urging_id)
            .join(PersonRow, PersonRow.id == UrgingRow.person_id)
            .where(UrgingShare.share_id.in_(some), UrgingRow.at <= until)
            .order_by(UrgingRow.at, UrgingRow.id)
        )
        for share_id, at, name in session().execute(query):
            found[share_id] = (*found.get(share_id, ()), Urged(local_day(at, zone), name))
    return found


def per_unit(plan_id: int, since: datetime, until: datetime) -> list[UnitUrgings]:
    """The urgings of a plan's shares from `since` to before `until` (UTC), by the share's unit. 1 query."""
    query = (
        sa.select(
            ShareRow.unit_id,
            sa.func.count(UrgingShare.urging_id.distinct()),
            sa.func.count(UrgingShare.share_id.distinct()),
            sa.func.max(UrgingRow.at),
        )
        .join(UrgingShare, UrgingShare.share_id == ShareRow.id)
        .join(UrgingRow, UrgingRow.id == UrgingShare.urging_id)
        .join(MilestoneRow, MilestoneRow.id == ShareRow.milestone_id)
        .join(TaskRow, TaskRow.id == MilestoneRow.task_id)
        .where(TaskRow.plan_id == plan_id, UrgingRow.at >= since, UrgingRow.at < until)
        .group_by(ShareRow.unit_id)
        .order_by(ShareRow.unit_id)
    )
    return [UnitUrgings(*row) for row in session().execute(query)]
