"""What hangs on the shares of a task beside their logs: extensions, a unit's checkpoints, a person's own draft."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from tracker.domain.checkpoints import Checkpoint
from tracker.domain.extensions import Extension, Outcome
from tracker.store.database import UtcDateTime, session
from tracker.store.log_drafts import FIELDS, SavedDraft
from tracker.store.tables import CheckpointRow, ExtensionRow, LogDraft, PersonRow

_ASKER, _DECIDER = aliased(PersonRow), aliased(PersonRow)


@dataclass(frozen=True, slots=True)
class ShareExtras:
    """By the share's log: its extensions, the oldest first, and its checkpoints by day; by share: the asker's draft."""

    extensions: dict[int, list[Extension]] = field(default_factory=dict)
    checkpoints: dict[int, list[Checkpoint]] = field(default_factory=dict)
    drafts: dict[int, SavedDraft] = field(default_factory=dict)


def of_shares(log_ids: Collection[int], share_ids: Collection[int], person_id: int, until: datetime) -> ShareExtras:
    """What hangs on the logs `log_ids`, and what a person has typed for the shares `share_ids`, before `until` (UTC).

    1 query.
    """
    found = ShareExtras()
    parts = (_extensions(log_ids, until), _checkpoints(log_ids, until), _drafts(share_ids, person_id))
    for row in sorted(session().execute(sa.union_all(*parts)), key=lambda row: (row.made_at, row.id)):
        if row.kind == "extension":
            found.extensions.setdefault(row.share_id, []).append(_extension(row, until))
        elif row.kind == "checkpoint":
            done_at = row.settled_at if row.settled_at and row.settled_at < until else None
            point = Checkpoint(row.id, row.share_id, row.day, row.text_1, row.text_5, done_at)
            found.checkpoints.setdefault(row.share_id, []).append(point)
        else:
            texts = (row.text_1, row.text_2, row.text_3, row.text_4, row.text_5)
            found.drafts[row.share_id] = SavedDraft(row.share_id, dict(zip(FIELDS, texts, strict=True)), row.made_at)
    for points in found.checkpoints.values():
        points.sort(key=lambda point: (point.day, point.id))
    return found


def _columns(kind: str, row: Any, made_at: Any, day: Any, texts: tuple[Any, ...], **more: Any) -> sa.Select[Any]:
    none_then, none_day = sa.cast(sa.null(), sa.DateTime), sa.cast(sa.null(), sa.Date)
    return sa.select(
        sa.literal(kind).label("kind"),
        row.id.label("id"),
        row.share_id.label("share_id"),
        sa.type_coerce(made_at, UtcDateTime).label("made_at"),
        sa.type_coerce(more.get("settled_at", none_then), UtcDateTime).label("settled_at"),
        sa.type_coerce(day, sa.Date).label("day"),
        sa.type_coerce(more.get("due_then", none_day), sa.Date).label("due_then"),
        sa.type_coerce(more.get("granted_due", none_day), sa.Date).label("granted_due"),
        *(text.label(f"text_{at}") for at, text in enumerate(texts, start=1)),
    )


def _nothing() -> Any:
    return sa.literal("", sa.Text)


def _extensions(log_ids: Collection[int], until: datetime) -> sa.Select[Any]:
    row = ExtensionRow
    texts = (
        row.reason,
        sa.func.coalesce(row.outcome, ""),
        row.document,
        row.note,
        _ASKER.name,
        sa.func.coalesce(_DECIDER.name, ""),
    )
    settled = {"settled_at": row.decided_at, "due_then": row.due_then, "granted_due": row.granted_due}
    return (
        _columns("extension", row, row.asked_at, row.wanted_due, texts, **settled)
        .join(_ASKER, _ASKER.id == row.asked_by)
        .outerjoin(_DECIDER, _DECIDER.id == row.decided_by)
        .where(row.share_id.in_(log_ids), row.asked_at < until)
    )


def _checkpoints(log_ids: Collection[int], until: datetime) -> sa.Select[Any]:
    row = CheckpointRow
    texts = (row.title, *(_nothing() for _ in range(3)), _ASKER.name, _nothing())
    return (
        _columns("checkpoint", row, row.added_at, row.day, texts, settled_at=row.done_at)
        .join(_ASKER, _ASKER.id == row.added_by)
        .where(row.share_id.in_(log_ids), row.added_at < until)
    )


def _drafts(share_ids: Collection[int], person_id: int) -> sa.Select[Any]:
    row = LogDraft
    texts = (*(getattr(row, name) for name in FIELDS), _nothing())
    mine = (row.share_id.in_(share_ids), row.person_id == person_id)
    return _columns("draft", row, row.saved_at, sa.cast(sa.null(), sa.Date), texts).where(*mine)


def _extension(row: Any, until: datetime) -> Extension:
    """The request as it stood: what was decided later does not show."""
    asked = Extension(row.id, row.share_id, row.text_5, row.made_at, row.due_then, row.day, row.text_1)
    if not row.settled_at or row.settled_at >= until:
        return asked
    return replace(
        asked,
        outcome=Outcome(row.text_2),
        document=row.text_3,
        note=row.text_4,
        decided_by=row.text_6,
        decided_at=row.settled_at,
        granted_due=row.granted_due,
    )
