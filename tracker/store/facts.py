"""How the work stands at a cut-off: every figure and list of the pages is read here, in a fixed number of queries."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from types import SimpleNamespace
from typing import Any

from tracker.domain.amendment_lines import MilestonePlace
from tracker.domain.amendments import Held
from tracker.domain.assignments import LEAD, PARTNER
from tracker.domain.calendar_days import local_day
from tracker.domain.status import Deadline, ShareFacts, Status, milestone_deadline, milestone_facts, status
from tracker.domain.views import MilestoneLine, PlanHead, ShareLine, UnitRef, WorkLine
from tracker.domain.work import State
from tracker.store.amendments import changed_since, held
from tracker.store.database import session
from tracker.store.fact_queries import (
    ALL_MILESTONES,
    LIVING_MILESTONES,
    MILESTONES_OF_TASKS,
    Which,
    leads_of_plan,
    of_milestones,
    partners_reported,
    share_rows,
    that_wait,
    work_of_unit,
)
from tracker.store.forms import Form
from tracker.store.tenure import ending


@dataclass(frozen=True, slots=True)
class CutOff:
    """The day a view speaks for: `until` (UTC) is the first moment after `as_of` in `zone`.

    What was decided later does not show: dates, wordings and units are those that held on `as_of`. With `issued` they
    are those of the plan as first issued, whatever was decided since; the log is that of the day in any case.
    """

    as_of: date
    until: datetime
    zone: tzinfo
    issued: bool = False

    @property
    def held_on(self) -> date | None:
        """The day whose plan is shown; None for the plan as first issued."""
        return None if self.issued else self.as_of

    @property
    def granted_until(self) -> datetime | None:
        """The moment before which an extension was granted to count; None for the plan as first issued."""
        return None if self.issued else self.until

    @property
    def given(self) -> dict[str, Any]:
        """The values for the names of `Form`."""
        return {"as_of": self.as_of, "until": self.until}

    def form(self, *plans: PlanHead) -> Form:
        """How a query about these plans is written."""
        return Form(self.issued, changed_since(self.held_on, *plans))


def share_facts(columns: Iterable[Any], zone: tzinfo, ended: str | None) -> ShareFacts:
    """The columns that `with_facts` adds as facts; `ended` is what `ending_on` tells of the share."""
    state, percent, recorded_at, submitted_at, version = columns
    if state is None:
        return ShareFacts(ended=ending(ended, State.NOT_STARTED))
    return ShareFacts(
        state=State(state),
        percent=percent,
        last_entry_on=local_day(recorded_at, zone),
        submitted_on=local_day(submitted_at, zone) if submitted_at else None,
        entries=version,
        ended=ending(ended, State(state)),
    )


class _Judge:
    """Judges what stands alike at one cut-off once, as most of a large plan does, and gives all of it one answer."""

    def __init__(self, plan: PlanHead, cut_off: CutOff) -> None:
        self._calendar, self._as_of = plan.calendar, cut_off.as_of
        self._known: dict[tuple[ShareFacts, Deadline], tuple[ShareFacts, Deadline, Status]] = {}

    def __call__(self, facts: ShareFacts, deadline: Deadline) -> tuple[ShareFacts, Deadline, Status]:
        """The facts and the deadline as they were met first, and the status of what has them."""
        found = self._known.get((facts, deadline))
        if found is None:
            found = facts, deadline, status(facts, deadline, self._calendar, self._as_of)
            self._known[facts, deadline] = found
        return found


def _shares(
    which: Which, deadlines: dict[int, Deadline], plan: PlanHead, cut_off: CutOff, **given: Any
) -> dict[int, list[ShareLine]]:
    """Shares with their units and facts by milestone id, units in the order of the cell they stand in."""
    by_milestone: dict[int, list[ShareLine]] = {}
    judge, units = _Judge(plan, cut_off), dict[int, UnitRef]()
    for row in session().execute(share_rows(which, cut_off.form(plan)), cut_off.given | given):
        share_id, milestone_id, part, ended_on, reason, group_id, ended, granted, *unit = row[:12]
        facts = share_facts(row[12:], cut_off.zone, ended)
        if milestone_id not in deadlines:
            continue
        facts, deadline, stands = judge(facts, deadlines[milestone_id].extended(granted))
        line = ShareLine(
            id=share_id,
            milestone_id=milestone_id,
            unit=units.setdefault(unit[0], UnitRef(*unit)),
            part=part,
            facts=facts,
            deadline=deadline,
            status=stands,
            ended_on=ended_on if facts.ended else None,
            end_reason=reason if facts.ended else "",
            through_group=group_id is not None,
        )
        by_milestone.setdefault(milestone_id, []).append(line)
    return by_milestone


def _rows_then(rows: Sequence[Any], then: Held) -> Sequence[Any]:
    """Those of the milestones that were in the plan, as they were then, in the plan's order then."""
    there = [row for row in rows if was_there(row, then)]
    if not then:
        return there
    return sorted((_as_held(row, then) for row in there), key=lambda row: (row.task_position, row.position, row.id))


def was_there(row: Any, held: Held) -> bool:
    """Whether the milestone of `row` (id, task_id, dropped_on, task_dropped_on) was in the plan then."""
    task = held.there("task", row.task_id, row.task_dropped_on)
    return task and held.there("milestone", row.id, row.dropped_on)


def _as_held(row: Any, held: Held) -> SimpleNamespace:
    """The row with the values that held then."""
    then = SimpleNamespace(**row._mapping)
    for name in ("start", "due"):
        setattr(then, name, held.day("milestone", row.id, name, getattr(row, name)))
    for name in ("kind", "start_as_written", "due_as_written"):
        setattr(then, name, held.text("milestone", row.id, name, getattr(row, name)))
    for name in ("number", "title", "leads_as_written"):
        setattr(then, name, held.text("task", row.task_id, name, getattr(row, name)))
    then.heading = held.text("task", row.task_id, "group", row.heading)
    then.position = int(held.text("milestone", row.id, "position", str(row.position)) or 0)
    then.task_position = int(held.text("task", row.task_id, "position", str(row.task_position)) or 0)
    return then


def partner_counts(plan: PlanHead, milestone_ids: Collection[int], cut_off: CutOff) -> dict[int, tuple[int, int]]:
    """Partner shares of these milestones by their id: how many reported done, how many are owed. 1 query.

    Counted as `reporting` does; milestones without partners are left out.
    """
    rows = session().execute(partners_reported(cut_off.form(plan)), {**cut_off.given, "ids": list(milestone_ids)})
    return {row[0]: (int(row[2]), int(row[1])) for row in rows}


def milestone_lines(plan: PlanHead, cut_off: CutOff, then: Held | None = None) -> list[MilestoneLine]:
    """All milestones of a plan in the plan's order, as they held on the day shown.

    Dropped tasks are left out from the day they were dropped on. 2 queries, and what held `then` where not given.
    """
    then = held(plan, cut_off.held_on) if then is None else then
    found = session().execute(ALL_MILESTONES if then else LIVING_MILESTONES, {"plan_id": plan.id}).all()
    rows = _rows_then(found, then)
    leads = _shares(leads_of_plan, _deadlines(rows), plan, cut_off, plan_id=plan.id)
    return _lines(rows, leads, plan, cut_off)


@dataclass(frozen=True, slots=True)
class TaskLines:
    """Tasks in full: their milestones, the partner shares of each, and the place of each, dropped ones too, by id."""

    lines: list[MilestoneLine]
    partners: dict[int, list[ShareLine]]
    places: dict[int, MilestonePlace]


def task_lines(plan: PlanHead, task_ids: Collection[int], cut_off: CutOff, then: Held) -> TaskLines:
    """Some tasks of a plan with all their shares, as they held on the day shown; `then` was other. 2 queries."""
    known = session().execute(MILESTONES_OF_TASKS, {"plan_id": plan.id, "ids": list(task_ids)}).all()
    several = Counter(row.task_id for row in known)
    places = {
        row.id: MilestonePlace(row.position if several[row.task_id] > 1 else None, row.original_due) for row in known
    }
    rows = _rows_then(known, then)
    shares = _shares(of_milestones, _deadlines(rows), plan, cut_off, ids=[row.id for row in rows])
    leads = {key: [each for each in found if each.part == LEAD] for key, found in shares.items()}
    partners = {key: [each for each in found if each.part == PARTNER] for key, found in shares.items()}
    return TaskLines(_lines(rows, leads, plan, cut_off), partners, places)


def _deadlines(rows: Sequence[Any]) -> dict[int, Deadline]:
    return {row.id: Deadline(row.start, row.original_due, row.due) for row in rows}


def _lines(
    rows: Sequence[Any],
    leads: dict[int, list[ShareLine]],
    plan: PlanHead,
    cut_off: CutOff,
) -> list[MilestoneLine]:
    deadlines = _deadlines(rows)
    several, judge = Counter(row.task_id for row in rows), _Judge(plan, cut_off)
    return [
        _milestone_line(row, deadlines[row.id], tuple(leads.get(row.id, ())), several[row.task_id] > 1, judge)
        for row in rows
    ]


def _milestone_line(
    row: Any,
    planned: Deadline,
    leads: tuple[ShareLine, ...],
    several: bool,
    judge: _Judge,
) -> MilestoneLine:
    _facts, deadline, stands = judge(
        milestone_facts([share.facts for share in leads]),
        milestone_deadline(planned, [(share.facts, share.deadline) for share in leads]),
    )
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
        planned=planned,
        deadline=deadline,
        leads=leads,
        leads_as_written=row.leads_as_written,
        status=stands,
    )


def waiting_shares(plan: PlanHead, lines: Iterable[MilestoneLine], cut_off: CutOff) -> list[ShareLine]:
    """The shares of those milestones, leads and partners, that wait for an answer, the longest first. 1 query.

    They are reported done, or their unit asks that they do not apply to it.
    """
    deadlines = {line.id: line.planned for line in lines}
    by_milestone = _shares(that_wait, deadlines, plan, cut_off)
    found = [share for shares in by_milestone.values() for share in shares]
    return sorted(found, key=lambda share: (_waits_since(share) or cut_off.as_of, share.id))


def _waits_since(share: ShareLine) -> date | None:
    return share.facts.submitted_on if share.facts.state is State.SUBMITTED else share.facts.last_entry_on


def unit_lines(plan: PlanHead, unit_id: int, cut_off: CutOff) -> list[WorkLine]:
    """Every share of one unit in a plan as it held, by due date, undated last. 1 query, 2 where something changed."""
    then = held(plan, cut_off.held_on)
    found = session().execute(
        work_of_unit(cut_off.form(plan)), {**cut_off.given, "plan_id": plan.id, "unit_id": unit_id}
    )
    rows = [row for row in found if was_there(row, then)]
    known = [(_as_held(row, then), share_facts(row[-5:], cut_off.zone, row.ended)) for row in rows]
    several = Counter(row.task_id for row, _ in known)
    lines = [(row, _work_line(row, facts, plan, cut_off, several[row.task_id] > 1)) for row, facts in known]
    lines.sort(key=lambda each: (each[1].deadline.due or date.max, each[0].task_position, each[0].position))
    return [line for _, line in lines]


def _work_line(row: Any, facts: ShareFacts, plan: PlanHead, cut_off: CutOff, several: bool) -> WorkLine:
    planned = Deadline(row.start, row.original_due, row.due)
    deadline = planned.extended(row.granted)
    line = ShareLine(
        id=row.share_id,
        milestone_id=row.id,
        unit=UnitRef(row.unit_id, row.unit_code, row.unit_name, row.short_name),
        part=row.part,
        facts=facts,
        deadline=deadline,
        status=status(facts, deadline, plan.calendar, cut_off.as_of),
    )
    return WorkLine(
        share=line,
        milestone_id=row.id,
        task_id=row.task_id,
        number=row.number,
        title=row.title,
        ordinal=row.position,
        several=several,
        kind=row.kind,
        start_as_written=row.start_as_written,
        due_as_written=row.due_as_written,
        planned=planned,
        deadline=deadline,
        plan_id=plan.id,
    )
