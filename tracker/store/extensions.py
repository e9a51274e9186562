"""Requests for later due dates: what a decision loads, the rows it adds, and what waits for one."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased

from tracker.domain.access import NOT_SEEN
from tracker.domain.errors import NotFound, StaleState
from tracker.domain.extensions import Decision, Extension, Outcome
from tracker.domain.status import Deadline
from tracker.domain.words import N_
from tracker.store.database import session
from tracker.store.extended import EVER, granted_by
from tracker.store.looks import wake_logs
from tracker.store.tables import ExtensionRow, MilestoneRow, PersonRow, ShareRow, TaskRow, UnitRow
from tracker.store.tenure import LOG_ID, owed_on
from tracker.store.work import ShareNow

_ASKER, _DECIDER = aliased(PersonRow), aliased(PersonRow)


def deadline_now(share: ShareNow) -> Deadline:
    """The dates of a share with everything granted so far. 1 query."""
    query = (
        sa.select(MilestoneRow.start, MilestoneRow.original_due, MilestoneRow.due, granted_by(EVER))
        .join(ShareRow, ShareRow.milestone_id == MilestoneRow.id)
        .where(ShareRow.id == share.id)
    )
    start, original_due, due, granted = session().execute(query).one()
    return Deadline(start, original_due, due).extended(granted)


def ask(extension: Extension, person_id: int) -> int:
    """Store a request and return its id; StaleState where the share has an undecided one."""
    row = ExtensionRow(
        share_id=extension.share_id,
        asked_by=person_id,
        asked_at=extension.asked_at,
        due_then=extension.due_then,
        wanted_due=extension.wanted_due,
        reason=extension.reason,
    )
    session().add(row)
    try:
        session().flush()
    except IntegrityError:
        raise StaleState(
            N_("Phần việc này đang có một đề nghị gia hạn chờ giải quyết. Hãy đợi kết quả, hoặc rút lại trước.")
        ) from None
    wake_logs([extension.share_id])
    return row.id


def one(extension_id: int) -> Extension:
    """A request by id; NotFound where there is none. 1 query."""
    found = session().execute(_rows().where(ExtensionRow.id == extension_id)).first()
    if found is None:
        raise NotFound(NOT_SEEN)
    return extension_of(*found)


def current_share(log_id: int, today: date) -> int:
    """The share that goes on with a log on the day `today`; the one it began with where none does."""
    query = sa.select(ShareRow.id).where(LOG_ID.in_([log_id]), owed_on(today))
    return session().scalars(query.order_by(ShareRow.id.desc())).first() or log_id


def decide(extension_id: int, decision: Decision, granted: date | None, person_id: int, now: datetime) -> None:
    """Write the decision on an undecided request; StaleState where somebody was faster."""
    undecided = (ExtensionRow.id == extension_id, ExtensionRow.outcome.is_(None))
    change = sa.update(ExtensionRow).where(*undecided)
    done = session().execute(
        change.values(
            decided_by=person_id,
            decided_at=now,
            outcome=decision.outcome.value,
            granted_due=granted,
            document=decision.document.strip(),
            note=decision.note.strip(),
        )
    )
    if done.rowcount != 1:  # type: ignore[attr-defined]
        raise StaleState(N_("Đề nghị gia hạn này đã được giải quyết trước đó. Hãy xem kết quả trong phần việc."))
    wake_logs(session().scalars(sa.select(ExtensionRow.share_id).where(ExtensionRow.id == extension_id)).all())


@dataclass(frozen=True, slots=True)
class OpenRequest:
    """An undecided request with the share of today that it is about."""

    extension: Extension
    share_id: int
    milestone_id: int
    unit_id: int
    unit_name: str


def undecided(plan_id: int, today: date) -> list[OpenRequest]:
    """The undecided requests about shares of a plan that are somebody's work, the oldest first. 1 query."""
    from_share = _rows().add_columns(ShareRow.id, ShareRow.milestone_id, UnitRow.id, UnitRow.name)
    query = (
        from_share.join(ShareRow, ExtensionRow.share_id == LOG_ID)
        .join(UnitRow, UnitRow.id == ShareRow.unit_id)
        .join(MilestoneRow, MilestoneRow.id == ShareRow.milestone_id)
        .join(TaskRow, TaskRow.id == MilestoneRow.task_id)
        .where(ExtensionRow.outcome.is_(None), TaskRow.plan_id == plan_id, owed_on(today))
        .order_by(ExtensionRow.asked_at, ExtensionRow.id)
    )
    return [OpenRequest(extension_of(*row[:3]), *row[3:]) for row in session().execute(query)]


def _rows() -> Any:
    return (
        sa.select(ExtensionRow, _ASKER.name, _DECIDER.name)
        .join(_ASKER, _ASKER.id == ExtensionRow.asked_by)
        .outerjoin(_DECIDER, _DECIDER.id == ExtensionRow.decided_by)
    )


def extension_of(row: ExtensionRow, asker: str, decider: str | None) -> Extension:
    """The record of a row with the names of who asked and who decided."""
    return Extension(
        id=row.id,
        share_id=row.share_id,
        asked_by=asker,
        asked_at=row.asked_at,
        due_then=row.due_then,
        wanted_due=row.wanted_due,
        reason=row.reason,
        outcome=Outcome(row.outcome) if row.outcome else None,
        decided_by=decider or "",
        decided_at=row.decided_at,
        granted_due=row.granted_due,
        document=row.document,
        note=row.note,
    )
