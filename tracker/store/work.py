"""Shares and their logs: what one use case loads, and the rows it adds."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from tracker.domain.access import NOT_SEEN
from tracker.domain.errors import NotFound, Overtaken
from tracker.domain.people import Person
from tracker.domain.views import MilestoneLine, PlanHead
from tracker.domain.words import N_
from tracker.domain.work import CORRECTABLE, TEXTS, WORKING, Action, Entry, Standing, State, Written
from tracker.store import plans
from tracker.store.database import session
from tracker.store.given import PLAN_ID, TASK_ID, UNIT_ID, UNTIL
from tracker.store.looks import wake_logs
from tracker.store.tables import EvidenceRow, MilestoneRow, ProgressEntry, ShareRow, TaskRow, UnitRow
from tracker.store.unit_settings import HAS_HEAD
from tracker.store.within_unit import WITHIN_UNIT

OVERTAKEN = N_("Trong lúc bạn soạn, người khác vừa ghi vào phần việc này. Hãy xem mục mới nhất rồi gửi lại.")


@dataclass(frozen=True, slots=True)
class ShareNow:
    """A share as it stands now, with what the rules ask about it; `version` counts the entries of its log `log_id`.

    It is its unit's from `from_on` until the day before `until_on`, each empty where there is no such day. `due` is
    what the plan has; `head_approves` tells that the head of its unit, which `has_head`, reads a report first.
    """

    id: int
    log_id: int
    from_on: date | None
    until_on: date | None
    unit_id: int
    part: str
    milestone_id: int
    task_id: int
    task_unit_ids: frozenset[int]
    plan: PlanHead
    due: date | None
    has_head: bool
    head_approves: bool
    standing: Standing
    version: int


def share_now(share_id: int) -> ShareNow:
    """Load one share for a decision; NotFound where there is none or its task was dropped."""
    found = session().execute(_share(), {"share_id": share_id}).first()
    plan = plans.head(found.plan_id) if found else None
    if found is None or plan is None:
        raise NotFound(NOT_SEEN)
    share = found[0]
    log_id = share.log_id or share.id
    last, working = _entry(log_id, _LAST), _entry(log_id, _LAST_WORKING)
    return ShareNow(
        id=share.id,
        log_id=log_id,
        from_on=share.from_on,
        until_on=share.until_on,
        unit_id=share.unit_id,
        part=share.part,
        milestone_id=share.milestone_id,
        task_id=found.task_id,
        task_unit_ids=unit_ids_of_task(found.task_id),
        plan=plan,
        due=found.due,
        has_head=found.has_head,
        # A setting, and idle while the unit has no head.
        head_approves=found.head_approves and found.has_head,
        standing=Standing(*_stands(last), *_stands(working)),
        version=last.version if last else 0,
    )


@cache
def _share() -> sa.Select[Any]:
    return (
        sa.select(ShareRow, MilestoneRow.task_id, MilestoneRow.due, TaskRow.plan_id)
        .add_columns(UnitRow.head_approves, HAS_HEAD.label("has_head"))
        .join(MilestoneRow, MilestoneRow.id == ShareRow.milestone_id)
        .join(TaskRow, TaskRow.id == MilestoneRow.task_id)
        .join(UnitRow, UnitRow.id == ShareRow.unit_id)
        .where(ShareRow.id == sa.bindparam("share_id"))
        .where(TaskRow.dropped_on.is_(None), MilestoneRow.dropped_on.is_(None))
    )


_LAST = (
    sa.select(ProgressEntry)
    .where(ProgressEntry.share_id == sa.bindparam("log_id"))
    .order_by(ProgressEntry.version.desc())
    .limit(1)
)
_LAST_WORKING = _LAST.where(ProgressEntry.state.in_([state.value for state in WORKING]))
_LAST_CORRECTABLE = _LAST.where(ProgressEntry.action.in_([action.value for action in CORRECTABLE]))
_LAST_MOVE = _LAST.where(ProgressEntry.action != Action.CORRECT.value)


def _entry(log_id: int, last: sa.Select[ProgressEntry]) -> ProgressEntry | None:
    """The latest entry of a log, or the latest of a kind."""
    return session().scalars(last, {"log_id": log_id}).first()


def _stands(entry: ProgressEntry | None) -> tuple[State, int]:
    return (State(entry.state), entry.percent) if entry else (State.NOT_STARTED, 0)


def unit_ids_of_task(task_id: int) -> frozenset[int]:
    """The units that have a share in a task."""
    return frozenset(session().scalars(_UNITS_OF_TASK, {"task_id": task_id}))


_UNITS_OF_TASK = (
    sa.select(ShareRow.unit_id)
    .join(MilestoneRow, MilestoneRow.id == ShareRow.milestone_id)
    .where(MilestoneRow.task_id == TASK_ID)
)


def append(
    share: ShareNow,
    entry: Entry,
    then: Standing,
    person: Person,
    now: datetime,
    capacity: str = "",
) -> int:
    """Add the next line to a share's log and return its id; Overtaken where somebody was faster.

    `capacity` is the role of who answered in place of the monitor it goes to; a unit for which they act is kept.
    """
    row = ProgressEntry(
        share_id=share.log_id,
        version=share.version + 1,
        person_id=person.id,
        acted_for_id=person.unit_id if person.acts else None,
        recorded_at=now,
        action=entry.action.value,
        state=then.state.value,
        percent=then.percent,
        result=entry.result.strip(),
        difficulty=entry.difficulty.strip(),
        cause=entry.cause.strip(),
        proposal=entry.proposal.strip(),
        reason=entry.reason.strip(),
        corrects_id=entry.corrects,
        capacity=capacity,
    )
    session().add(row)
    try:
        session().flush()
    except IntegrityError:
        raise Overtaken(OVERTAKEN) from None
    wake_logs([share.log_id])
    return row.id


def written_after(log_id: int, version: int) -> list[Written]:
    """The entries of a log that follow on its first `version` ones, the oldest first. 2 queries."""
    query = sa.select(ProgressEntry).where(ProgressEntry.share_id == log_id, ProgressEntry.version > version)
    rows = session().scalars(query.order_by(ProgressEntry.version)).all()
    files: dict[int, set[str]] = {row.id: set() for row in rows}
    kept = sa.select(EvidenceRow.entry_id, EvidenceRow.sha256).where(EvidenceRow.entry_id.in_(files))
    for entry_id, sha256 in session().execute(kept):
        files[entry_id].add(sha256)
    return [
        Written(
            row.person_id,
            Entry(
                Action(row.action),
                row.percent,
                **{name: getattr(row, name) for name in TEXTS},
                corrects=row.corrects_id,
            ),
            frozenset(files[row.id]),
        )
        for row in rows
    ]


def line_of_log(share: ShareNow, entry_id: int) -> tuple[Action, bool] | None:
    """What an entry of the share's log did, and whether none after it could be corrected in its place.

    None where the log has no such entry.
    """
    row = session().get(ProgressEntry, entry_id)
    if row is None or row.share_id != share.log_id:
        return None
    latest = _entry(share.log_id, _LAST_CORRECTABLE)
    return Action(row.action), latest is row


def reported_by(share: ShareNow) -> int | None:
    """Who wrote the latest entry of the share's log that moved it: while it waits, who reported or asked."""
    found = _entry(share.log_id, _LAST_MOVE)
    return found.person_id if found else None


def attach(entry_id: int, name: str, media_type: str, size: int, sha256: str) -> None:
    """Keep a file with an entry."""
    session().add(EvidenceRow(entry_id=entry_id, name=name, media_type=media_type, size=size, sha256=sha256))


@dataclass(frozen=True, slots=True)
class LatestNote:
    """What holds a milestone up: the latest difficulty of who still owes it, or why it was sent back (`reason`)."""

    told_at: datetime
    difficulty: str
    cause: str
    reason: str


def latest_notes(lines: Sequence[MilestoneLine], until: datetime) -> dict[int, LatestNote]:
    """By milestone id, the latest difficulty or return before `until` among the lead shares still owed. 1 query."""
    return notes_of(session().execute(NOTES, {"owed": still_owed(lines), "until": until}))


def still_owed(lines: Sequence[MilestoneLine]) -> list[int]:
    """The lead shares of these milestones that are neither reported nor settled: `owed` of NOTES."""
    done = (State.SUBMITTED, State.ACCEPTED, State.NOT_APPLICABLE)
    return [share.id for line in lines for share in line.leads if share.facts.state not in done]


NOTES = (
    sa.select(
        ShareRow.milestone_id,
        ProgressEntry.recorded_at,
        ProgressEntry.id,
        ProgressEntry.difficulty,
        ProgressEntry.cause,
        ProgressEntry.reason,
    )
    .join(ShareRow, ShareRow.id == ProgressEntry.share_id)
    .where(ShareRow.id.in_(sa.bindparam("owed", expanding=True)), ProgressEntry.recorded_at < UNTIL)
    .where(sa.or_(ProgressEntry.difficulty != "", ProgressEntry.action == Action.RETURN.value), sa.not_(WITHIN_UNIT))
)
"""The query of `latest_notes`, for others to join: its columns are those that `notes_of` reads."""


def notes_of(rows: Iterable[Any]) -> dict[int, LatestNote]:
    """The latest note of each milestone in rows of NOTES."""
    in_order = sorted(rows, key=lambda row: (row[1], row[2]))
    return {row[0]: LatestNote(row[1], *row[3:]) for row in in_order}


def task_ids_of_unit(plan_id: int, unit_id: int) -> frozenset[int]:
    """The tasks of a plan in which a unit has a share."""
    return frozenset(session().scalars(_TASKS_OF_UNIT, {"plan_id": plan_id, "unit_id": unit_id}))


_TASKS_OF_UNIT = (
    sa.select(MilestoneRow.task_id)
    .join(ShareRow, ShareRow.milestone_id == MilestoneRow.id)
    .join(TaskRow, TaskRow.id == MilestoneRow.task_id)
    .where(TaskRow.plan_id == PLAN_ID, ShareRow.unit_id == UNIT_ID)
)
