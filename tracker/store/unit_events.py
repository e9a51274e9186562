"""What became of units: the events themselves, the names before them, and the shares that changed hands."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from tracker.domain.assignments import LEAD, PARTNER
from tracker.domain.calendar_days import ONE_DAY
from tracker.domain.names import search_key
from tracker.domain.unit_events import Change, Decision, LoggedShare, ended, leading_log
from tracker.domain.work import SETTLED, State
from tracker.store.database import session
from tracker.store.extended import EVER, due_with, granted_by
from tracker.store.given import IDS, TODAY, UNIT_ID
from tracker.store.tables import (
    MilestoneRow,
    PlanRow,
    ProgressEntry,
    ShareRow,
    TaskRow,
    UnitEventRow,
    UnitEventUnit,
    UnitPast,
    UnitRow,
)
from tracker.store.tenure import HANDED, LOG_ID, owed_on
from tracker.store.units import succession_query

SUBJECT, HEIR = "subject", "heir"


@dataclass(frozen=True, slots=True)
class OpenShare:
    """A share that is not accepted, of a unit that something becomes of, with what a person decides by.

    `due` is the date in force, `extended` tells that it was granted later than the plan has it.
    """

    share: LoggedShare
    unit_code: str
    milestone_id: int
    task_id: int
    plan_id: int
    plan_title: str
    number: str
    title: str
    ordinal: int
    due: date | None
    due_as_written: str
    extended: bool = False

    @property
    def id(self) -> int:
        """The id of the share."""
        return self.share.id


def latest_by_unit() -> dict[str, date]:
    """The day of the last event of each unit that had one, by code. 1 query."""
    query = (
        sa.select(UnitRow.code, sa.func.max(UnitEventRow.on_day))
        .join(UnitEventUnit, UnitEventUnit.unit_id == UnitRow.id)
        .join(UnitEventRow, UnitEventRow.id == UnitEventUnit.event_id)
        .group_by(UnitRow.code)
    )
    return {row[0]: row[1] for row in session().execute(query)}


@cache
def _last_entry() -> Any:
    """The latest entry of a share's log, to be joined."""
    newest, last = aliased(ProgressEntry), aliased(ProgressEntry)
    version = sa.select(sa.func.max(newest.version)).where(newest.share_id == LOG_ID).scalar_subquery()
    return last, sa.and_(last.share_id == LOG_ID, last.version == version)


def open_shares(unit_ids: Collection[int], on: date) -> list[OpenShare]:
    """Every share of these units on the day `on` that is not accepted by now, of open plans, by plan and due date.

    The newest plan first. 1 query.
    """
    rows = session().execute(_open_shares(), {"ids": list(unit_ids), "today": on})
    return [
        OpenShare(
            share=_logged(share, state, percent),
            unit_code=code,
            milestone_id=milestone.id,
            task_id=task.id,
            plan_id=task.plan_id,
            plan_title=plan_title,
            number=task.number,
            title=task.title,
            ordinal=milestone.position,
            due=due_now,
            due_as_written=milestone.due_as_written,
            extended=due_now != milestone.due,
        )
        for share, state, percent, code, milestone, task, plan_title, due_now in rows
    ]


@cache
def _open_shares() -> sa.Select[*tuple[Any, ...]]:
    last, is_last = _last_entry()
    due = due_with(granted_by(EVER))
    return (
        sa.select(ShareRow, last.state, last.percent, UnitRow.code, MilestoneRow, TaskRow, PlanRow.title, due)
        .join(UnitRow, UnitRow.id == ShareRow.unit_id)
        .join(MilestoneRow, MilestoneRow.id == ShareRow.milestone_id)
        .join(TaskRow, TaskRow.id == MilestoneRow.task_id)
        .join(PlanRow, PlanRow.id == TaskRow.plan_id)
        .outerjoin(last, is_last)
        .where(ShareRow.unit_id.in_(IDS), ShareRow.part.in_((LEAD, PARTNER)), ShareRow.until_on.is_(None))
        .where(
            owed_on(TODAY), TaskRow.dropped_on.is_(None), MilestoneRow.dropped_on.is_(None), PlanRow.state != "closed"
        )
        .where(sa.func.coalesce(last.state, State.NOT_STARTED.value).not_in([state.value for state in SETTLED]))
        .order_by(PlanRow.school_year.desc(), PlanRow.id.desc(), due.is_(None), due)
        .order_by(TaskRow.position, MilestoneRow.position, ShareRow.id)
    )


def _logged(row: ShareRow, state: str | None, percent: int | None) -> LoggedShare:
    stands = State(state) if state else State.NOT_STARTED
    return LoggedShare(row.id, row.unit_id, row.part, row.group_id, row.log_id or row.id, stands, percent or 0)


def add(change: Change, unit_ids: dict[str, int], person_id: int | None, now: datetime) -> int:
    """Store an event with the units it speaks of; returns its id."""
    row = UnitEventRow(
        kind=change.kind.value,
        on_day=change.on,
        document=change.document.strip(),
        document_date=change.document_date,
        ends=ended(change),
        settled=False,
        person_id=person_id,
        recorded_at=now,
    )
    session().add(row)
    session().flush()
    for part, codes in ((SUBJECT, change.units), (HEIR, change.heirs)):
        for code in codes:
            session().add(UnitEventUnit(event_id=row.id, unit_id=unit_ids[code], part=part))
    session().flush()
    return row.id


def end_units(unit_ids: Collection[int], on: date) -> None:
    """Let the units have their last day the day before `on`; those that ended before keep theirs."""
    living = sa.and_(UnitRow.id.in_(unit_ids), UnitRow.ends_on.is_(None))
    session().execute(sa.update(UnitRow).where(living).values(ends_on=on - ONE_DAY))


def rename(unit_id: int, change: Change, parent_id: int | None, event_id: int) -> None:
    """Give a unit its new names and parent, and keep what held until the day of the event."""
    row = session().get_one(UnitRow, unit_id)
    _keep_past(row, change.on, event_id)
    if change.name is not None:
        row.name, row.sort_key = change.name, search_key(change.name)
    if change.short_name is not None:
        row.short_name = change.short_name
    if change.parent is not None:
        row.parent_id = parent_id
    session().flush()


def _keep_past(row: UnitRow, until_on: date, event_id: int) -> None:
    """Keep what holds of a unit until a day; what began on that very day never held, and is not kept."""
    of_day = sa.select(UnitPast.id).where(UnitPast.unit_id == row.id, UnitPast.until_on == until_on)
    if row.starts_on != until_on and session().scalar(of_day) is None:
        before = {name: getattr(row, name) for name in ("name", "short_name", "parent_id")}
        session().add(UnitPast(unit_id=row.id, until_on=until_on, event_id=event_id, **before))


def adopt(unit_ids: Collection[int], heir_id: int, on: date, event_id: int) -> None:
    """Put the living units below those that end under their heir, from the day of the event."""
    below = sa.select(UnitRow).where(UnitRow.parent_id.in_(unit_ids), UnitRow.ends_on.is_(None), UnitRow.id != heir_id)
    changed_later = sa.exists().where(UnitPast.unit_id == UnitRow.id, UnitPast.until_on > on)
    for row in session().scalars(below.where(UnitRow.id.not_in(unit_ids), sa.not_(changed_later))).all():
        _keep_past(row, on, event_id)
        row.parent_id = heir_id
    session().flush()


def end_share(share_id: int, decision: Decision, ending: str, on: date, event_id: int) -> None:
    """Close or cancel a share from the day `on`; its log stays."""
    values = {"until_on": on, "ending": ending, "end_reason": decision.reason.strip(), "ended_by": event_id}
    session().execute(sa.update(ShareRow).where(ShareRow.id == share_id).values(values))


def hand_over(shares: Iterable[tuple[int, LoggedShare]], heir_id: int, on: date, event_id: int) -> list[int]:
    """Give shares (milestone id, share) to the unit `heir_id` from the day `on`; the ids of the shares it has then.

    It has one share per milestone, which goes on with one log. Where it has a share of the milestone already, or gets
    several, the others' logs stand beside that one.
    """
    milestones: dict[int, list[LoggedShare]] = {}
    for milestone_id, share in shares:
        milestones.setdefault(milestone_id, []).append(share)
    own, targets = _own_shares(heir_id, milestones), []
    for milestone_id, given in milestones.items():
        mine = own.get(milestone_id)
        leading = leading_log([*given, *([mine] if mine else [])])
        gone = given if leading is mine else [*given, *([mine] if mine else [])]
        # Before the new share, for a unit has one share of a milestone at a time.
        handed = {"until_on": on, "ending": HANDED, "ended_by": event_id}
        ids = [share.id for share in gone]
        session().execute(sa.update(ShareRow).where(ShareRow.id.in_(ids)).values(handed))
        target = leading.id if leading is mine else _go_on(leading, milestone_id, heir_id, on, event_id)
        session().execute(sa.update(ShareRow).where(ShareRow.id.in_(ids)).values(heir_id=target))
        targets.append(target)
    session().flush()
    return targets


Passing = tuple[date, int, int]
"""The day from which a unit's work is its only heir's, the heir, and the event."""


def only_heirs() -> dict[int, Passing]:
    """The units that end with one heir, by an event of any day, with that. 1 query."""
    found: dict[int, list[Passing]] = {}
    for on, unit_id, heir_id, event_id in session().execute(_endings()):
        same = [each for each in found.get(unit_id, []) if each[2] == event_id]
        found[unit_id] = [*same, (on, heir_id, event_id)] if heir_id is not None else same
    return {unit_id: heirs[0] for unit_id, heirs in found.items() if len(heirs) == 1}


@cache
def _endings() -> sa.Select[*tuple[Any, ...]]:
    return succession_query().order_by("on_day", "event_id")


def follow_recorded(share_ids: Sequence[int], passings: Mapping[int, Passing]) -> set[int]:
    """Let new shares go to the heirs of their units, as the older ones did; returns the heirs.

    A document may name a unit that an event recorded before it ends: its share is handed on from the day of that event,
    to the last of several heirs that followed one another. Where no single heir is known it stays, flagged.
    """
    reached = set()
    while share_ids:
        handed: dict[Passing, list[tuple[int, LoggedShare]]] = {}
        for row in session().scalars(sa.select(ShareRow).where(ShareRow.id.in_(share_ids)).order_by(ShareRow.id)):
            if row.unit_id in passings:
                given = (row.milestone_id, _logged(row, None, None))
                handed.setdefault(passings[row.unit_id], []).append(given)
        share_ids = []
        for (on, heir_id, event_id), shares in sorted(handed.items()):
            share_ids += hand_over(shares, heir_id, on, event_id)
            reached.add(heir_id)
    return reached


def rejoin(event_id: int, on: date) -> None:
    """Look again, on the day of an event recorded before it, which of the logs that became one should lead.

    Meanwhile units went on writing; what nobody had finished when the event was recorded may be done by now.
    """
    last, is_last = _last_entry()
    states = sa.select(ShareRow, last.state, last.percent).outerjoin(last, is_last)
    joined: dict[int, list[LoggedShare]] = {}
    for row, state, percent in session().execute(
        states.where(ShareRow.ended_by == event_id, ShareRow.ending == HANDED)
    ):
        joined.setdefault(row.heir_id, []).append(_logged(row, state, percent))
    heirs = session().execute(states.where(ShareRow.id.in_(joined))).all()
    for row, state, percent in heirs:
        given = joined[row.id]
        is_own = row.from_on != on or row.log_id is None
        leading = leading_log([*given, _logged(row, state, percent)] if is_own else given)
        if leading.log_id == (row.log_id or row.id):
            continue
        if not is_own:
            row.log_id, row.part, row.group_id = leading.log_id, leading.part, leading.group_id
            continue
        row.until_on, row.ending, row.ended_by = on, HANDED, event_id
        session().flush()
        row.heir_id = _go_on(leading, row.milestone_id, row.unit_id, on, event_id)
        ids = [share.id for share in given]
        session().execute(sa.update(ShareRow).where(ShareRow.id.in_(ids)).values(heir_id=row.heir_id))
    session().flush()


_RECORDED_AT = sa.select(UnitEventRow.recorded_at).where(UnitEventRow.id == sa.bindparam("event_id"))


def _go_on(leading: LoggedShare, milestone_id: int, heir_id: int, on: date, event_id: int) -> int:
    """A new share of the heir that goes on with a log."""
    row = ShareRow(
        milestone_id=milestone_id,
        unit_id=heir_id,
        part=leading.part,
        group_id=leading.group_id,
        from_on=on,
        log_id=leading.log_id,
        assigned_at=session().scalar(_RECORDED_AT, {"event_id": event_id}),
    )
    session().add(row)
    session().flush()
    return row.id


def _own_shares(unit_id: int, milestone_ids: Collection[int]) -> dict[int, LoggedShare]:
    """The share that a unit has of each of the milestones, in any part and state."""
    rows = session().execute(_shares_in(), {"unit_id": unit_id, "milestone_ids": list(milestone_ids)})
    return {row[0].milestone_id: _logged(*row) for row in rows}


@cache
def _shares_in() -> sa.Select[Any]:
    last, is_last = _last_entry()
    in_milestones = ShareRow.milestone_id.in_(sa.bindparam("milestone_ids", expanding=True))
    return (
        sa.select(ShareRow, last.state, last.percent)
        .outerjoin(last, is_last)
        .where(ShareRow.unit_id == UNIT_ID, in_milestones, ShareRow.until_on.is_(None))
    )
