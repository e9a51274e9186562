"""The logs of a task as they are read: lines, evidence, and whose time each was written in."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date, tzinfo

import sqlalchemy as sa

from tracker.domain.calendar_days import day_start
from tracker.domain.errors import NotFound
from tracker.domain.words import N_
from tracker.domain.work import Action, Evidence, LoggedEntry, State, Tenure, last_tenure, writer
from tracker.store.database import session
from tracker.store.facts import CutOff
from tracker.store.tables import (
    EvidenceRow,
    MilestoneRow,
    PersonRow,
    ProgressEntry,
    ShareRow,
    UnitEventRow,
    UnitRow,
)
from tracker.store.tenure import HANDED, LOG_ID, name_on


def log_of_task(
    task_id: int, cut_off: CutOff, unit_ids: Collection[int] | None, most: int
) -> dict[int, list[LoggedEntry]]:
    """The latest `most` log lines of a task at a cut-off, newest first, by share id; only of `unit_ids` if given.

    A share shows the log it goes on with and, beside it, those of the shares that were joined to it. 3 queries.
    """
    of_task = sa.select(MilestoneRow.id).where(MilestoneRow.task_id == task_id)
    tenures = _tenures(ShareRow.milestone_id.in_(of_task), cut_off.as_of, cut_off.zone)
    holder = {each.log_id: last_tenure(tenures, each.share_id) for each in tenures.values()}
    readable = [log_id for log_id, held in holder.items() if unit_ids is None or held.unit_id in unit_ids]
    query = (
        sa.select(ProgressEntry, PersonRow.name)
        .join(PersonRow, PersonRow.id == ProgressEntry.person_id)
        .where(ProgressEntry.share_id.in_(readable), ProgressEntry.recorded_at < cut_off.until)
        .order_by(ProgressEntry.recorded_at.desc(), ProgressEntry.id.desc())
        .limit(most)
    )
    rows = list(session().execute(query))
    evidence = _evidence([row[0].id for row in rows])
    found: dict[int, list[LoggedEntry]] = {}
    for row, name in rows:
        line = _logged(row, name, tuple(evidence.get(row.id, ())))
        held, wrote = holder[row.share_id], writer(tenures.values(), row.share_id, row.recorded_at)
        former = wrote.unit_name if wrote.unit_id != held.unit_id else ""
        found.setdefault(held.share_id, []).append(replace(line, former_unit=former))
    return found


def _tenures(condition: sa.ColumnElement[bool], day: date, zone: tzinfo) -> dict[int, Tenure]:
    """The shares that `condition` chooses, by id, as they had been handed on by `day`, each after those before it."""
    query = (
        sa.select(
            ShareRow.id,
            LOG_ID.label("log_id"),
            ShareRow.unit_id,
            name_on(day).label("unit_name"),
            ShareRow.until_on,
            ShareRow.heir_id,
            UnitEventRow.recorded_at,
        )
        .join(UnitRow, UnitRow.id == ShareRow.unit_id)
        .outerjoin(UnitEventRow, sa.and_(UnitEventRow.id == ShareRow.ended_by, ShareRow.ending == HANDED))
        .where(condition, sa.or_(ShareRow.from_on.is_(None), ShareRow.from_on <= day))
        .order_by(ShareRow.id)
    )
    found = {}
    for row in session().execute(query):
        tenure = Tenure(row.id, row.log_id, row.unit_id, row.unit_name)
        if row.recorded_at is not None and row.until_on <= day:
            # What a unit wrote between the day of an event and the day on which that was recorded, it wrote as itself.
            ended_at = max(day_start(row.until_on, zone), row.recorded_at)
            tenure = replace(tenure, ended_at=ended_at, heir_id=row.heir_id)
        found[row.id] = tenure
    return found


def _logged(row: ProgressEntry, person_name: str, evidence: tuple[Evidence, ...]) -> LoggedEntry:
    return LoggedEntry(
        id=row.id,
        share_id=row.share_id,
        action=Action(row.action),
        state=State(row.state),
        percent=row.percent,
        result=row.result,
        difficulty=row.difficulty,
        cause=row.cause,
        proposal=row.proposal,
        reason=row.reason,
        recorded_at=row.recorded_at,
        person_name=person_name,
        evidence=evidence,
    )


def _evidence(entry_ids: list[int]) -> dict[int, list[Evidence]]:
    found: dict[int, list[Evidence]] = {}
    for row in session().scalars(
        sa.select(EvidenceRow).where(EvidenceRow.entry_id.in_(entry_ids)).order_by(EvidenceRow.id)
    ):
        kept = Evidence(row.id, row.name, row.media_type, row.size, row.sha256)
        found.setdefault(row.entry_id, []).append(kept)
    return found


def evidence_with_owners(evidence_id: int, on: date, zone: tzinfo) -> tuple[Evidence, frozenset[int]]:
    """A kept file and the units whose it is: the one that sent it, and the one that has the share on the day `on`.

    NotFound where there is none.
    """
    query = (
        sa.select(EvidenceRow, ProgressEntry.share_id, ProgressEntry.recorded_at, ShareRow.milestone_id)
        .join(ProgressEntry, ProgressEntry.id == EvidenceRow.entry_id)
        .join(ShareRow, ShareRow.id == ProgressEntry.share_id)
        .where(EvidenceRow.id == evidence_id)
    )
    found = session().execute(query).first()
    if found is None:
        raise NotFound(N_("Không tìm thấy tệp minh chứng này."))
    row, log_id, recorded_at, milestone_id = found
    tenures = _tenures(ShareRow.milestone_id == milestone_id, on, zone)
    wrote = writer(tenures.values(), log_id, recorded_at)
    owners = frozenset({wrote.unit_id, last_tenure(tenures, wrote.share_id).unit_id})
    return Evidence(row.id, row.name, row.media_type, row.size, row.sha256), owners
