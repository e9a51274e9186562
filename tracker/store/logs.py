"""The logs of a task as they are read: lines, evidence, and whose time each was written in."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, tzinfo
from functools import cache, lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from tracker.domain.calendar_days import day_start
from tracker.domain.errors import NotFound
from tracker.domain.words import N_
from tracker.domain.work import Action, Evidence, LoggedEntry, Origin, State, Tenure, last_tenure, writer
from tracker.store.database import session
from tracker.store.facts import CutOff
from tracker.store.given import LOG_IDS, TASK_ID, UNTIL
from tracker.store.tables import (
    EvidenceRow,
    MilestoneRow,
    PersonRow,
    ProgressEntry,
    ShareRow,
    UnitEventRow,
    UnitRow,
)
from tracker.store.tenure import CACHED_DAYS, HANDED, LOG_ID, name_on
from tracker.store.within_unit import WITHIN_UNIT


@dataclass(frozen=True, slots=True)
class TaskShares:
    """Whose the shares of a task are: every unit that has or had one, or will, and the tenures on the day shown.

    `origins` tell, by share id, how a share came to its unit after the plan was first shared out, the oldest first.
    """

    unit_ids: frozenset[int]
    tenures: dict[int, Tenure]
    origins: dict[int, list[Origin]]


def shares_of_task(task_id: int, cut_off: CutOff) -> TaskShares:
    """The units with a share in a task, and how its shares had been handed on at a cut-off. 1 query."""
    rows = session().execute(_shares(_OF_TASK, cut_off.as_of), {"task_id": task_id}).all()
    tenures = _tenures(rows, cut_off.as_of, cut_off.zone)
    return TaskShares(frozenset(row.unit_id for row in rows), tenures, _origins(rows, cut_off.as_of))


def log_of_task(
    shares: TaskShares, cut_off: CutOff, unit_ids: Collection[int] | None, most: int, reader_unit_id: int | None = None
) -> dict[int, list[LoggedEntry]]:
    """The latest `most` log lines of a task at a cut-off, newest first, by share id; only of `unit_ids` if given.

    Lines that have not left their unit are there for a reader of that unit alone. A share shows the log it goes on with
    and, beside it, those of the shares that were joined to it. 1 query.
    """
    tenures = shares.tenures
    holder = {each.log_id: last_tenure(tenures, each.share_id) for each in tenures.values()}
    readable = [log_id for log_id, held in holder.items() if unit_ids is None or held.unit_id in unit_ids]
    own = [log_id for log_id, held in holder.items() if held.unit_id == reader_unit_id]
    given = {"log_ids": readable, "own_ids": own, "until": cut_off.until, "most": most}
    names, evidence = _by_entry(session().execute(_lines(), given))
    found: dict[int, list[LoggedEntry]] = {}
    for row, (name, acted_for) in names.items():
        line = _logged(row, name, tuple(evidence[row.id]))
        held, wrote = holder[row.share_id], writer(tenures.values(), row.share_id, row.recorded_at)
        former = wrote.unit_name if wrote.unit_id != held.unit_id else ""
        found.setdefault(held.share_id, []).append(replace(line, former_unit=former, acted_for=acted_for))
    return found


_OWN_LOGS: sa.BindParameter[Any] = sa.bindparam("own_ids", expanding=True)
_SEEN = (
    ProgressEntry.share_id.in_(LOG_IDS),
    ProgressEntry.recorded_at < UNTIL,
    sa.or_(ProgressEntry.share_id.in_(_OWN_LOGS), sa.not_(WITHIN_UNIT)),
)


@cache
def _lines() -> sa.Select[*tuple[Any, ...]]:
    newest = (ProgressEntry.recorded_at.desc(), ProgressEntry.id.desc())
    latest = sa.select(ProgressEntry.id).where(*_SEEN).order_by(*newest).limit(sa.bindparam("most")).subquery()
    acted = aliased(UnitRow)
    return (
        sa.select(ProgressEntry, PersonRow.name, acted.name, EvidenceRow)
        .join(latest, latest.c.id == ProgressEntry.id)
        .join(PersonRow, PersonRow.id == ProgressEntry.person_id)
        .outerjoin(acted, acted.id == ProgressEntry.acted_for_id)
        .outerjoin(EvidenceRow, EvidenceRow.entry_id == ProgressEntry.id)
        .order_by(*newest, EvidenceRow.id)
    )


def _by_entry(rows: Iterable[Any]) -> tuple[dict[ProgressEntry, tuple[str, str]], dict[int, list[Evidence]]]:
    """Who wrote each entry and for whom they acted, in the order of the rows, and its files by its id."""
    names: dict[ProgressEntry, tuple[str, str]] = {}
    evidence: dict[int, list[Evidence]] = {}
    for row, name, acted_for, file in rows:
        names[row] = name, acted_for or ""
        evidence.setdefault(row.id, []).extend([_kept(file)] if file else [])
    return names, evidence


@dataclass(frozen=True, slots=True)
class Reported:
    """What a unit reported done: its result and the files that came with it."""

    result: str
    evidence: tuple[Evidence, ...] = ()


def reports(share_ids: Collection[int], until: datetime) -> dict[int, Reported]:
    """By share id, the latest report before `until` (UTC) of each of these shares that was reported. 1 query."""
    report = ProgressEntry.action.in_([Action.SUBMIT.value, Action.PROPOSE.value])
    query = (
        sa.select(ShareRow.id, ProgressEntry.id, ProgressEntry.result, EvidenceRow)
        .join(ProgressEntry, ProgressEntry.share_id == LOG_ID)
        .outerjoin(EvidenceRow, EvidenceRow.entry_id == ProgressEntry.id)
        .where(ShareRow.id.in_(share_ids), report, ProgressEntry.recorded_at < until)
        .order_by(ProgressEntry.version, EvidenceRow.id)
    )
    latest: dict[int, tuple[int, Reported]] = {}
    for share_id, entry_id, result, file in session().execute(query):
        before_id, before = latest.get(share_id, (0, Reported("")))
        files = before.evidence if before_id == entry_id else ()
        latest[share_id] = entry_id, Reported(result, (*files, *([_kept(file)] if file else ())))
    return {share_id: found for share_id, (_, found) in latest.items()}


def evidence_of_task(
    shares: TaskShares, cut_off: CutOff, reader_unit_id: int | None
) -> list[tuple[int, str, Evidence]]:
    """Every file of a task at a cut-off, the oldest first, with id and name of the unit that has its log. 1 query.

    What has not left its unit is there for a reader of that unit alone.
    """
    tenures = shares.tenures
    holder = {each.log_id: last_tenure(tenures, each.share_id) for each in tenures.values()}
    own = [log_id for log_id, held in holder.items() if held.unit_id == reader_unit_id]
    found = session().execute(_EVIDENCE, {"log_ids": list(holder), "own_ids": own, "until": cut_off.until})
    return [(holder[log_id].unit_id, holder[log_id].unit_name, _kept(row)) for row, log_id in found]


_EVIDENCE = (
    sa.select(EvidenceRow, ProgressEntry.share_id)
    .join(ProgressEntry, ProgressEntry.id == EvidenceRow.entry_id)
    .where(*_SEEN)
    .order_by(ProgressEntry.recorded_at, EvidenceRow.id)
)
_OF_MILESTONE = ShareRow.milestone_id == sa.bindparam("milestone_id")
_OF_TASK = ShareRow.milestone_id.in_(sa.select(MilestoneRow.id).where(MilestoneRow.task_id == TASK_ID))


@lru_cache(CACHED_DAYS)
def _shares(which: sa.ColumnElement[bool], day: date) -> sa.Select[Any]:
    """The shares that the condition `which` chooses, of all times, with their units' names on `day`."""
    return (
        sa.select(
            ShareRow.id,
            LOG_ID.label("log_id"),
            ShareRow.unit_id,
            name_on(day).label("unit_name"),
            ShareRow.from_on,
            ShareRow.until_on,
            ShareRow.heir_id,
            ShareRow.from_reason,
            UnitEventRow.recorded_at,
            UnitEventRow.kind,
            UnitEventRow.document,
        )
        .join(UnitRow, UnitRow.id == ShareRow.unit_id)
        .outerjoin(UnitEventRow, sa.and_(UnitEventRow.id == ShareRow.ended_by, ShareRow.ending == HANDED))
        .where(which)
        .order_by(ShareRow.id)
    )


def _tenures(rows: Iterable[Any], day: date, zone: tzinfo) -> dict[int, Tenure]:
    """The shares by id, as they had been handed on by `day`, each after those before it."""
    found = {}
    for row in rows:
        if row.from_on is not None and row.from_on > day:
            continue
        tenure = Tenure(row.id, row.log_id, row.unit_id, row.unit_name)
        if row.recorded_at is not None and row.until_on <= day:
            # What a unit wrote between the day of an event and the day on which that was recorded, it wrote as itself.
            ended_at = max(day_start(row.until_on, zone), row.recorded_at)
            tenure = replace(tenure, ended_at=ended_at, heir_id=row.heir_id)
        found[row.id] = tenure
    return found


def _origins(rows: Sequence[Any], day: date) -> dict[int, list[Origin]]:
    """How shares came to their units by `day`, by share id, the oldest first."""
    found = {
        row.id: [Origin(row.from_on, "", row.from_reason)] for row in rows if row.from_reason and row.from_on <= day
    }
    owners = {row.id: row.unit_id for row in rows}
    handed: dict[tuple[int, date, str, str], list[str]] = {}
    for row in rows:
        # Where the heir had a share of its own, that one goes on in the other: it came from nobody else.
        if row.kind and row.until_on <= day and owners[row.heir_id] != row.unit_id:
            handed.setdefault((row.heir_id, row.until_on, row.kind, row.document), []).append(row.unit_name)
    for (share_id, on, kind, document), names in sorted(handed.items()):
        found.setdefault(share_id, []).append(Origin(on, kind, document, tuple(names)))
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
        person_id=row.person_id,
        person_name=person_name,
        evidence=evidence,
        capacity=row.capacity,
        corrects=row.corrects_id,
    )


def _kept(row: EvidenceRow) -> Evidence:
    return Evidence(row.id, row.name, row.media_type, row.size, row.sha256)


@dataclass(frozen=True, slots=True)
class OwnedEvidence:
    """A kept file and the units whose it is: the one that sent it, and the one that has the share now.

    `within` tells that its entry has not left the unit.
    """

    file: Evidence
    unit_ids: frozenset[int]
    within: bool


def owned_evidence(evidence_id: int, on: date, zone: tzinfo) -> OwnedEvidence:
    """A kept file with whose it is on the day `on`; NotFound where there is none."""
    query = (
        sa.select(EvidenceRow, ProgressEntry.share_id, ProgressEntry.recorded_at, ShareRow.milestone_id, WITHIN_UNIT)
        .join(ProgressEntry, ProgressEntry.id == EvidenceRow.entry_id)
        .join(ShareRow, ShareRow.id == ProgressEntry.share_id)
        .where(EvidenceRow.id == evidence_id)
    )
    found = session().execute(query).first()
    if found is None:
        raise NotFound(N_("Không tìm thấy tệp minh chứng này."))
    row, log_id, recorded_at, milestone_id, within = found
    rows = session().execute(_shares(_OF_MILESTONE, on), {"milestone_id": milestone_id})
    tenures = _tenures(rows, on, zone)
    wrote = writer(tenures.values(), log_id, recorded_at)
    owners = frozenset({wrote.unit_id, last_tenure(tenures, wrote.share_id).unit_id})
    return OwnedEvidence(_kept(row), owners, bool(within))
