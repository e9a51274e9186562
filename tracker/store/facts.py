"""How the work stands at a cut-off: every figure and list of the pages is read here, in a fixed number of queries."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from tracker.domain.assignments import FORMER, LEAD, PARTNER
from tracker.domain.calendar_days import local_day
from tracker.domain.status import Calendar, Deadline, ShareFacts, Status, milestone_facts, status
from tracker.domain.views import MilestoneLine, PlanHead, ShareLine, UnitRef, WorkLine
from tracker.domain.work import Action, State
from tracker.store.database import session
from tracker.store.tables import MilestoneRow, ProgressEntry, ShareRow, TaskRow, UnitRow


@dataclass(frozen=True, slots=True)
class CutOff:
    """The day a view speaks for: `until` (UTC) is the first moment after `as_of` in `zone`."""

    as_of: date
    until: datetime
    zone: tzinfo


def _latest(until: datetime, *conditions: sa.ColumnElement[bool]) -> sa.Subquery:
    """Per share, the versions of its last entry and of its last submission before `until`."""
    submitted = sa.case((ProgressEntry.action == Action.SUBMIT.value, ProgressEntry.version))
    return (
        sa.select(
            ProgressEntry.share_id,
            sa.func.max(ProgressEntry.version).label("last"),
            sa.func.max(submitted).label("submitted"),
        )
        .where(ProgressEntry.recorded_at < until, *conditions)
        .group_by(ProgressEntry.share_id)
        .subquery()
    )


def with_facts(query: Any, until: datetime, *conditions: sa.ColumnElement[bool]) -> Any:
    """`query` over ShareRow with the columns that ShareFacts are made of, last."""
    latest = _latest(until, *conditions)
    last, submission = aliased(ProgressEntry), aliased(ProgressEntry)
    return (
        query.add_columns(last.state, last.percent, last.recorded_at, submission.recorded_at, last.version)
        .outerjoin(latest, latest.c.share_id == ShareRow.id)
        .outerjoin(last, sa.and_(last.share_id == ShareRow.id, last.version == latest.c.last))
        .outerjoin(submission, sa.and_(submission.share_id == ShareRow.id, submission.version == latest.c.submitted))
    )


def _facts(columns: Iterable[Any], zone: tzinfo) -> ShareFacts:
    state, percent, recorded_at, submitted_at, version = columns
    if state is None:
        return ShareFacts()
    return ShareFacts(
        state=State(state),
        percent=percent,
        last_entry_on=local_day(recorded_at, zone),
        submitted_on=local_day(submitted_at, zone) if submitted_at else None,
        entries=version,
    )


def _shares(
    condition: sa.ColumnElement[bool], deadlines: dict[int, Deadline], calendar: Calendar, cut_off: CutOff
) -> dict[int, list[ShareLine]]:
    """Shares with their units and facts by milestone id, units in the order of the cell they stand in."""
    query = sa.select(
        ShareRow.id, ShareRow.milestone_id, ShareRow.part, UnitRow.id, UnitRow.code, UnitRow.name, UnitRow.short_name
    ).join(UnitRow, UnitRow.id == ShareRow.unit_id)
    by_milestone: dict[int, list[ShareLine]] = {}
    for row in session().execute(with_facts(query, cut_off.until).where(condition).order_by(ShareRow.id)):
        share_id, milestone_id, part, *unit = row[:7]
        facts = _facts(row[7:], cut_off.zone)
        if milestone_id not in deadlines:
            continue
        line = ShareLine(
            id=share_id,
            milestone_id=milestone_id,
            unit=UnitRef(*unit),
            part=part,
            facts=facts,
            status=status(facts, deadlines[milestone_id], calendar, cut_off.as_of),
        )
        by_milestone.setdefault(milestone_id, []).append(line)
    return by_milestone


def _milestone_rows(condition: sa.ColumnElement[bool]) -> list[Any]:
    query = (
        sa.select(
            MilestoneRow.id,
            MilestoneRow.task_id,
            MilestoneRow.position,
            MilestoneRow.kind,
            MilestoneRow.start,
            MilestoneRow.original_due,
            MilestoneRow.due,
            MilestoneRow.start_as_written,
            MilestoneRow.due_as_written,
            TaskRow.position.label("task_position"),
            TaskRow.number,
            TaskRow.title,
            TaskRow.heading,
            TaskRow.leads_as_written,
        )
        .join(TaskRow, TaskRow.id == MilestoneRow.task_id)
        .where(condition)
        .order_by(TaskRow.position, MilestoneRow.position, MilestoneRow.id)
    )
    return list(session().execute(query))


def _partner_counts(condition: sa.ColumnElement[bool], until: datetime) -> dict[int, tuple[int, int]]:
    """Partner shares by milestone id: how many, and how many of them have been reported done."""
    latest = _latest(until)
    last = aliased(ProgressEntry)
    reported = sa.case((last.state.in_((State.SUBMITTED.value, State.ACCEPTED.value)), 1), else_=0)
    query = (
        sa.select(ShareRow.milestone_id, sa.func.count(), sa.func.sum(reported))
        .join(MilestoneRow, MilestoneRow.id == ShareRow.milestone_id)
        .join(TaskRow, TaskRow.id == MilestoneRow.task_id)
        .outerjoin(latest, latest.c.share_id == ShareRow.id)
        .outerjoin(last, sa.and_(last.share_id == ShareRow.id, last.version == latest.c.last))
        .where(ShareRow.part == PARTNER, condition)
        .group_by(ShareRow.milestone_id)
    )
    return {row[0]: (row[1], int(row[2] or 0)) for row in session().execute(query)}


def milestone_lines(plan: PlanHead, cut_off: CutOff, task_id: int | None = None) -> list[MilestoneLine]:
    """All milestones of a plan (or of one of its tasks) in the plan's order; dropped tasks are left out. 3 queries."""
    of_plan = sa.and_(TaskRow.plan_id == plan.id, TaskRow.dropped_on.is_(None))
    condition = of_plan if task_id is None else sa.and_(of_plan, TaskRow.id == task_id)
    rows = _milestone_rows(condition)
    deadlines = {row.id: Deadline(row.start, row.original_due, row.due) for row in rows}
    lead_condition = sa.and_(
        ShareRow.part == LEAD,
        ShareRow.milestone_id.in_(
            sa.select(MilestoneRow.id).join(TaskRow, TaskRow.id == MilestoneRow.task_id).where(condition)
        ),
    )
    leads = _shares(lead_condition, deadlines, plan.calendar, cut_off)
    partners = _partner_counts(condition, cut_off.until)
    several = _counted(row.task_id for row in rows)
    return [
        _milestone_line(
            row,
            deadlines[row.id],
            tuple(leads.get(row.id, ())),
            partners.get(row.id, (0, 0)),
            several[row.task_id] > 1,
            status(
                milestone_facts([share.facts for share in leads.get(row.id, ())]),
                deadlines[row.id],
                plan.calendar,
                cut_off.as_of,
            ),
        )
        for row in rows
    ]


def _milestone_line(
    row: Any, deadline: Deadline, leads: tuple[ShareLine, ...], partners: tuple[int, int], several: bool, found: Status
) -> MilestoneLine:
    return MilestoneLine(
        id=row.id,
        task_id=row.task_id,
        position=row.task_position,
        number=row.number,
        title=row.title,
        heading=row.heading,
        ordinal=row.position,
        several=several,
        kind=row.kind,
        start_as_written=row.start_as_written,
        due_as_written=row.due_as_written,
        deadline=deadline,
        leads=leads,
        leads_as_written=row.leads_as_written,
        partners=partners[0],
        partners_reported=partners[1],
        status=found,
    )


def partner_shares(plan: PlanHead, lines: list[MilestoneLine], cut_off: CutOff) -> dict[int, list[ShareLine]]:
    """The partner shares of those milestones, by milestone id. 1 query."""
    deadlines = {line.id: line.deadline for line in lines}
    condition = sa.and_(ShareRow.part == PARTNER, ShareRow.milestone_id.in_(list(deadlines)))
    return _shares(condition, deadlines, plan.calendar, cut_off)


def submitted_shares(plan: PlanHead, lines: list[MilestoneLine], cut_off: CutOff) -> list[ShareLine]:
    """The shares of those milestones, leads and partners, that wait for confirmation, the longest first. 1 query."""
    deadlines = {line.id: line.deadline for line in lines}
    latest = _latest(cut_off.until)
    waiting = sa.select(latest.c.share_id).where(latest.c.last == latest.c.submitted)
    asked = sa.and_(ShareRow.part != FORMER, ShareRow.id.in_(waiting))
    by_milestone = _shares(asked, deadlines, plan.calendar, cut_off)
    found = [share for shares in by_milestone.values() for share in shares]
    return sorted(found, key=lambda share: (share.facts.submitted_on or cut_off.as_of, share.id))


def unit_lines(plan: PlanHead, unit_id: int, cut_off: CutOff) -> list[WorkLine]:
    """Every share of one unit in a plan, by due date, undated last. 1 query."""
    query = (
        sa.select(ShareRow, MilestoneRow, TaskRow.number, TaskRow.title, UnitRow)
        .join(MilestoneRow, MilestoneRow.id == ShareRow.milestone_id)
        .join(TaskRow, TaskRow.id == MilestoneRow.task_id)
        .join(UnitRow, UnitRow.id == ShareRow.unit_id)
        .where(ShareRow.unit_id == unit_id, TaskRow.plan_id == plan.id, TaskRow.dropped_on.is_(None))
        .where(ShareRow.part != FORMER)
        .order_by(MilestoneRow.due.is_(None), MilestoneRow.due, TaskRow.position, MilestoneRow.position)
    )
    rows = list(session().execute(with_facts(query, cut_off.until)))
    several = _counted(row[1].task_id for row in rows)
    return [_work_line(row, plan, cut_off, several[row[1].task_id] > 1) for row in rows]


def _work_line(row: Any, plan: PlanHead, cut_off: CutOff, several: bool) -> WorkLine:
    share, milestone, number, title, unit = row[:5]
    deadline = Deadline(milestone.start, milestone.original_due, milestone.due)
    facts = _facts(row[5:], cut_off.zone)
    line = ShareLine(
        id=share.id,
        milestone_id=milestone.id,
        unit=UnitRef(unit.id, unit.code, unit.name, unit.short_name),
        part=share.part,
        facts=facts,
        status=status(facts, deadline, plan.calendar, cut_off.as_of),
    )
    return WorkLine(
        share=line,
        milestone_id=milestone.id,
        task_id=milestone.task_id,
        number=number,
        title=title,
        ordinal=milestone.position,
        several=several,
        kind=milestone.kind,
        start_as_written=milestone.start_as_written,
        due_as_written=milestone.due_as_written,
        deadline=deadline,
        plan_id=plan.id,
    )


def _counted(values: Iterable[int]) -> dict[int, int]:
    counts: dict[int, int] = {}
    for value in values:
        counts[value] = counts.get(value, 0) + 1
    return counts
