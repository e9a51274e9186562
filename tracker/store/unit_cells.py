"""The official cells of every unit at a cut-off, as lead and as partner, in one grouped query."""

from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa

from tracker.domain.amendments import Held
from tracker.domain.assignments import LEAD, PARTNER
from tracker.domain.calendar_days import day_start, local_day
from tracker.domain.names import search_key
from tracker.domain.status import Deadline, ShareFacts, status
from tracker.domain.summaries import Tally, tally
from tracker.domain.views import PlanHead, UnitRef
from tracker.domain.work import State
from tracker.store.amendments import held
from tracker.store.database import UtcDateTime, session
from tracker.store.extended import granted_by
from tracker.store.fact_queries import with_facts
from tracker.store.facts import CutOff, was_there
from tracker.store.forms import Form
from tracker.store.given import AS_OF, IDS, PLAN_ID, UNTIL
from tracker.store.tables import MilestoneRow, ShareRow, TaskRow, UnitRow
from tracker.store.tenure import ending, ending_on, owned_on, unit_on


@dataclass(frozen=True, slots=True)
class UnitCells:
    """One unit's shares in a plan, counted into cells by the part it has in them."""

    unit: UnitRef
    lead: Tally
    partner: Tally


_DATES = (MilestoneRow.start, MilestoneRow.original_due, MilestoneRow.due)
_WHOSE: dict[bool, tuple[sa.Label[Any] | Any, ...]] = {
    False: (),
    True: (
        MilestoneRow.id.label("id"),
        MilestoneRow.task_id.label("task_id"),
        MilestoneRow.dropped_on.label("dropped_on"),
        TaskRow.dropped_on.label("task_dropped_on"),
    ),
}


def unit_cells(plan: PlanHead, cut_off: CutOff) -> list[UnitCells]:
    """Every unit with a share in the plan, by name. 2 queries, 3 where something changed since.

    The database counts shares that are alike in all that status asks for; the pure rule then judges each kind once.
    """
    tallies: dict[tuple[int, str], Tally] = {}
    then = held(plan, cut_off.held_on)
    quiet_from = day_start(cut_off.as_of - timedelta(days=plan.calendar.quiet_days - 1), cut_off.zone)
    given = {**cut_off.given, "plan_id": plan.id, "quiet_from": quiet_from}
    for row in session().execute(_alike(cut_off.form(plan), bool(then)), given):
        if then and not was_there(row, then):
            continue
        key = (row.unit_id, row.part)
        tallies[key] = tallies.get(key, Tally()) + _judged(row, plan, cut_off, then)
    found = {unit_id for unit_id, _ in tallies}
    units = [UnitRef(*row) for row in session().execute(_units(), {"as_of": cut_off.as_of, "ids": list(found)})]
    units.sort(key=lambda unit: (search_key(unit.name), unit.id))
    nothing = Tally()
    return [
        UnitCells(unit, tallies.get((unit.id, LEAD), nothing), tallies.get((unit.id, PARTNER), nothing))
        for unit in units
    ]


@cache
def _units() -> sa.Select[Any]:
    return sa.select(*unit_on(AS_OF)).where(UnitRow.id.in_(IDS))


@cache
def _alike(form: Form, changed: bool) -> sa.Select[Any]:
    """Counts of shares by unit, part, dates, state, done moment and whether the log was silent for the quiet days.

    Where something `changed` since, also by milestone, dropped ones too: what held is then looked up for each.
    """
    shares = (
        sa.select(ShareRow.unit_id, form.part.label("part"), *_DATES, *_WHOSE[changed])
        .add_columns(ending_on(form.held_on).label("ended"), granted_by(form.granted_until).label("granted"))
        .join(UnitRow, UnitRow.id == ShareRow.unit_id)
        .join(MilestoneRow, MilestoneRow.id == ShareRow.milestone_id)
        .join(TaskRow, TaskRow.id == MilestoneRow.task_id)
        .where(TaskRow.plan_id == PLAN_ID, form.part.in_((LEAD, PARTNER)), owned_on(form.held_on))
    )
    if not changed:
        shares = shares.where(TaskRow.dropped_on.is_(None), MilestoneRow.dropped_on.is_(None))
    inner = with_facts(shares, UNTIL).subquery()
    state, _percent, last_at, submitted_at, _version = list(inner.c)[-5:]
    silent_since = sa.bindparam("quiet_from", type_=UtcDateTime)
    kinds = (
        *(inner.c[column.name] for column in _WHOSE[changed]),
        inner.c.unit_id,
        inner.c.part,
        inner.c.start,
        inner.c.original_due,
        inner.c.due,
        inner.c.granted,
        inner.c.ended,
        state.label("state"),
        sa.case((last_at < silent_since, 1), else_=0).label("silent"),
        sa.case((state == State.ACCEPTED.value, submitted_at)).label("done_at"),
    )
    return sa.select(*kinds, sa.func.count().label("count")).group_by(*kinds)


def _judged(row: Any, plan: PlanHead, cut_off: CutOff, then: Held) -> Tally:
    facts = ShareFacts(ended=ending(row.ended, State(row.state or State.NOT_STARTED)))
    if row.state is not None:
        last_entry_on = cut_off.as_of - timedelta(days=plan.calendar.quiet_days if row.silent else 0)
        done_on = local_day(row.done_at, cut_off.zone) if row.done_at else None
        facts = replace(facts, state=State(row.state), last_entry_on=last_entry_on, submitted_on=done_on)
    start, due = row.start, row.due
    if then:
        start, due = (then.day("milestone", row.id, name, getattr(row, name)) for name in ("start", "due"))
    deadline = Deadline(start, row.original_due, due).extended(row.granted)
    return tally([status(facts, deadline, plan.calendar, cut_off.as_of)], weight=row.count)
