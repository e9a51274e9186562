"""Shares and their logs: what one use case loads, and the rows it adds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from tracker.domain.errors import NotFound, StaleState
from tracker.domain.views import MilestoneLine, PlanHead
from tracker.domain.words import N_
from tracker.domain.work import Action, Entry, State
from tracker.store import plans
from tracker.store.database import session
from tracker.store.tables import EvidenceRow, MilestoneRow, ProgressEntry, ShareRow, TaskRow


@dataclass(frozen=True, slots=True)
class ShareNow:
    """A share as it stands now, with what the rules ask about it; `version` counts the entries of its log `log_id`.

    `percent_before_submission` is what stood before the unit's latest submission, 0 without one. It is its unit's from
    `from_on` until the day before `until_on`, each empty where there is no such day.
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
    state: State
    percent: int
    percent_before_submission: int
    version: int


def share_now(share_id: int) -> ShareNow:
    """Load one share for a decision; NotFound where there is none or its task was dropped."""
    query = (
        sa.select(ShareRow, MilestoneRow.task_id, TaskRow.plan_id)
        .join(MilestoneRow, MilestoneRow.id == ShareRow.milestone_id)
        .join(TaskRow, TaskRow.id == MilestoneRow.task_id)
        .where(ShareRow.id == share_id, TaskRow.dropped_on.is_(None), MilestoneRow.dropped_on.is_(None))
    )
    found = session().execute(query).first()
    plan = plans.head(found.plan_id) if found else None
    if found is None or plan is None:
        raise NotFound(N_("Không tìm thấy phần việc này. Hãy mở lại từ trang Kế hoạch."))
    share = found[0]
    log_id = share.log_id or share.id
    last = (
        session()
        .scalars(
            sa.select(ProgressEntry)
            .where(ProgressEntry.share_id == log_id)
            .order_by(ProgressEntry.version.desc())
            .limit(1)
        )
        .first()
    )
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
        state=State(last.state) if last else State.NOT_STARTED,
        percent=last.percent if last else 0,
        percent_before_submission=_percent_before_submission(log_id),
        version=last.version if last else 0,
    )


def _percent_before_submission(log_id: int) -> int:
    of_share = ProgressEntry.share_id == log_id
    submitted = sa.select(sa.func.max(ProgressEntry.version)).where(
        of_share, ProgressEntry.action == Action.SUBMIT.value
    )
    query = sa.select(ProgressEntry.percent).where(of_share, ProgressEntry.version == submitted.scalar_subquery() - 1)
    return session().scalar(query) or 0


def unit_ids_of_task(task_id: int) -> frozenset[int]:
    """The units that have a share in a task."""
    query = sa.select(ShareRow.unit_id).join(MilestoneRow, MilestoneRow.id == ShareRow.milestone_id)
    return frozenset(session().scalars(query.where(MilestoneRow.task_id == task_id)))


def append(share: ShareNow, entry: Entry, state: State, percent: int, person_id: int, now: datetime) -> int:
    """Add the next line to a share's log and return its id; StaleState where somebody was faster."""
    row = ProgressEntry(
        share_id=share.log_id,
        version=share.version + 1,
        person_id=person_id,
        recorded_at=now,
        action=entry.action.value,
        state=state.value,
        percent=percent,
        result=entry.result.strip(),
        difficulty=entry.difficulty.strip(),
        cause=entry.cause.strip(),
        proposal=entry.proposal.strip(),
        reason=entry.reason.strip(),
    )
    session().add(row)
    try:
        session().flush()
    except IntegrityError:
        raise StaleState(
            N_("Trong lúc bạn soạn, người khác vừa ghi vào phần việc này. Hãy tải lại trang, xem rồi gửi lại.")
        ) from None
    return row.id


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
    done = (State.SUBMITTED, State.ACCEPTED)
    owed = [share.id for line in lines for share in line.leads if share.facts.state not in done]
    said = sa.or_(ProgressEntry.difficulty != "", ProgressEntry.action == Action.RETURN.value)
    query = (
        sa.select(
            ShareRow.milestone_id,
            ProgressEntry.recorded_at,
            ProgressEntry.difficulty,
            ProgressEntry.cause,
            ProgressEntry.reason,
        )
        .join(ShareRow, ShareRow.id == ProgressEntry.share_id)
        .where(ShareRow.id.in_(owed), ProgressEntry.recorded_at < until, said)
        .order_by(ProgressEntry.recorded_at, ProgressEntry.id)
    )
    return {row[0]: LatestNote(*row[1:]) for row in session().execute(query)}


def task_ids_of_unit(plan_id: int, unit_id: int) -> frozenset[int]:
    """The tasks of a plan in which a unit has a share."""
    query = (
        sa.select(MilestoneRow.task_id)
        .join(ShareRow, ShareRow.milestone_id == MilestoneRow.id)
        .join(TaskRow, TaskRow.id == MilestoneRow.task_id)
        .where(TaskRow.plan_id == plan_id, ShareRow.unit_id == unit_id)
    )
    return frozenset(session().scalars(query))
