"""What hangs on the shares of a task beside their logs: extensions, checkpoints, one's own draft, who does them."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cache
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from tracker.domain.checkpoints import Checkpoint
from tracker.domain.extensions import Extension, Outcome
from tracker.domain.people import Person
from tracker.domain.urging import Counted
from tracker.domain.views import PlanHead
from tracker.store import confirming, urgings
from tracker.store.confirming import Confirming
from tracker.store.database import UtcDateTime, session
from tracker.store.facts import CutOff
from tracker.store.given import AS_OF, LOG_IDS, SHARE_IDS, TODAY, UNIT_ID, UNTIL
from tracker.store.log_drafts import FIELDS, SavedDraft
from tracker.store.share_people import PeopleOfShares, assembled, rows_of
from tracker.store.tables import CheckpointRow, ExtensionRow, LogDraft, PersonRow, ShareRow

_ASKER, _DECIDER = aliased(PersonRow), aliased(PersonRow)


@dataclass(frozen=True, slots=True)
class ShareExtras:
    """By the share's log: its extensions, the oldest first, and its checkpoints by day; by share: the asker's draft,
    and how often it was urged.

    `people` are those who do the shares, and those of the asker's unit; `confirming` decides who answers them.
    """

    people: PeopleOfShares
    confirming: Confirming
    extensions: dict[int, list[Extension]] = field(default_factory=dict)
    checkpoints: dict[int, list[Checkpoint]] = field(default_factory=dict)
    drafts: dict[int, SavedDraft] = field(default_factory=dict)
    urged: dict[int, Counted] = field(default_factory=dict)


def of_shares(
    plan: PlanHead, log_ids: Collection[int], share_ids: Collection[int], asking: Person, cut_off: CutOff, today: date
) -> ShareExtras:
    """What hangs on the logs `log_ids` at a cut-off, and for the shares `share_ids` of the plan who does them.

    What the person asking has typed for those shares is there too, the people of the person's unit, and who answers the
    shares on the day `today`. 1 query for all, so that the page of a task stays within its number.
    """
    until = cut_off.until
    given = {**cut_off.given, "today": today, "log_ids": list(log_ids), "share_ids": list(share_ids)}
    given |= {"person_id": asking.id} | ({} if asking.unit_id is None else {"unit_id": asking.unit_id})
    rows = session().execute(_hanging(asking.unit_id is not None), given).all()
    found = ShareExtras(
        assembled((_person(row) for row in rows if row.kind == "person"), until),
        confirming.assembled(plan, [(row.text_1, row.share_id, row.id) for row in rows if row.kind == "answering"]),
    )
    told = ((row.share_id, row.made_at, row.id) for row in rows if row.kind == "telling")
    found.urged.update(urgings.counted(told, cut_off.zone))
    hanging = [row for row in rows if row.kind not in ("person", "answering", "telling")]
    for row in sorted(hanging, key=lambda row: (row.made_at, row.id)):
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


@cache
def _hanging(of_unit: bool) -> sa.CompoundSelect[Any]:
    """All of it in one question; with the people of the unit that asks, or of those who have none."""
    return sa.union_all(
        _extensions(), _checkpoints(), _drafts(), _people(UNIT_ID if of_unit else None), _answering(), _tellings()
    )


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


def _no_day() -> Any:
    return sa.cast(sa.null(), sa.Date)


def _extensions() -> sa.Select[Any]:
    row = ExtensionRow
    decider = sa.func.coalesce(_DECIDER.name, "")
    texts = (row.reason, sa.func.coalesce(row.outcome, ""), row.document, row.note, _ASKER.name, decider)
    settled = {"settled_at": row.decided_at, "due_then": row.due_then, "granted_due": row.granted_due}
    return (
        _columns("extension", row, row.asked_at, row.wanted_due, texts, **settled)
        .join(_ASKER, _ASKER.id == row.asked_by)
        .outerjoin(_DECIDER, _DECIDER.id == row.decided_by)
        .where(row.share_id.in_(LOG_IDS), row.asked_at < UNTIL)
    )


def _checkpoints() -> sa.Select[Any]:
    row = CheckpointRow
    texts = (row.title, *(_nothing() for _ in range(3)), _ASKER.name, _nothing())
    return (
        _columns("checkpoint", row, row.added_at, row.day, texts, settled_at=row.done_at)
        .join(_ASKER, _ASKER.id == row.added_by)
        .where(row.share_id.in_(LOG_IDS), row.added_at < UNTIL)
    )


def _drafts() -> sa.Select[Any]:
    row = LogDraft
    texts = (*(getattr(row, name) for name in FIELDS), _nothing())
    mine = (row.share_id.in_(SHARE_IDS), row.person_id == sa.bindparam("person_id"))
    return _columns("draft", row, row.saved_at, _no_day(), texts).where(*mine)


def _people(unit_id: sa.BindParameter[Any] | None) -> sa.Select[Any]:
    row = rows_of(SHARE_IDS, UNTIL, unit_id, AS_OF).subquery().c
    # Numbers go as text where the other kinds have texts.
    numbers = (row.person_id, row.is_colleague, sa.case((row.stand_in, 1), else_=0))
    texts = (row.name, row.role, *(sa.cast(number, sa.Text) for number in numbers), _nothing())
    return _columns("person", row, row.given_at, _no_day(), texts, settled_at=row.until_at)


def _answering() -> sa.Select[Any]:
    found = confirming.rows_of(SHARE_IDS, TODAY).subquery().c
    row = SimpleNamespace(id=found.person_id, share_id=found.of_what)
    return _columns("answering", row, sa.cast(sa.null(), sa.DateTime), _no_day(), (found.what, *[_nothing()] * 5))


def _tellings() -> sa.Select[Any]:
    found = urgings.tellings(ShareRow.id, ShareRow.id.in_(SHARE_IDS), UNTIL).subquery().c
    row = SimpleNamespace(id=found.urging_id, share_id=found[0])
    return _columns("telling", row, found.at, _no_day(), tuple(_nothing() for _ in range(6)))


def _person(row: Any) -> SimpleNamespace:
    """The row as `assembled` takes it."""
    return SimpleNamespace(
        person_id=int(row.text_3),
        name=row.text_1,
        role=row.text_2,
        is_colleague=row.text_4 == "1",
        id=row.id,
        share_id=row.share_id,
        stand_in=row.text_5 == "1",
        given_at=row.made_at,
        until_at=row.settled_at,
    )


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
