"""Closed periods: the figures as the pages count them, kept beside their checksum."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from tracker.domain.periods import Figures, Period, digest_of, name_key
from tracker.domain.summaries import tally
from tracker.domain.views import MilestoneLine, PlanHead
from tracker.store import holidays
from tracker.store.database import session
from tracker.store.facts import CutOff, milestone_lines
from tracker.store.tables import PeriodRow, PersonRow
from tracker.store.unit_cells import unit_cells


def figures(plan: PlanHead, cut_off: CutOff) -> dict[str, Any]:
    """What the pages show at a cut-off, as plain data: cells of the plan and of its units, each milestone. 7 queries.

    Built of texts and whole numbers alone, so that its canonical JSON is the same on every machine.
    """
    lines = milestone_lines(plan, cut_off)
    total = tally(line.status for line in lines)
    return {
        "as_of": cut_off.as_of.isoformat(),
        "cells": total.cells(),
        "quiet": total.quiet,
        "units": [
            {
                "code": each.unit.code,
                "name": each.unit.name,
                "lead": each.lead.cells(),
                "partner": each.partner.cells(),
            }
            for each in unit_cells(plan, cut_off)
        ],
        "milestones": [_milestone(line) for line in lines],
    }


def _milestone(line: MilestoneLine) -> dict[str, Any]:
    status = line.status
    return {
        "id": line.id,
        "task_id": line.task_id,
        "number": line.number,
        "ordinal": line.ordinal if line.several else None,
        "title": line.title,
        "due": _iso(line.deadline.due),
        "cell": status.cell.value,
        "done_on": _iso(status.done_on),
        "days_late": status.days_late,
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def add(
    plan_id: int,
    name: str,
    from_on: date | None,
    to_on: date,
    found: Figures,
    *,
    now: datetime,
    person_id: int | None,
    note: str,
    version: int = 1,
    reason: str = "",
) -> int:
    """Keep the figures of a period; returns its id."""
    row = PeriodRow(
        plan_id=plan_id,
        name=name,
        name_key=name_key(name),
        version=version,
        from_on=from_on,
        to_on=to_on,
        closed_at=now,
        closed_by=person_id,
        figures=dict(found),
        digest=digest_of(found),
        note=note,
        reason=reason,
    )
    session().add(row)
    session().flush()
    holidays.touch(now)
    return row.id


def of_plan(plan_id: int) -> list[Period]:
    """The closed periods of a plan, the latest day first, of each the last version first. 1 query."""
    order = (PeriodRow.to_on.desc(), PeriodRow.name_key, PeriodRow.version.desc())
    return [_period(row) for row in session().execute(_query().where(PeriodRow.plan_id == plan_id).order_by(*order))]


def one(period_id: int) -> Period | None:
    """A closed period, in one of its versions."""
    row = session().execute(_query().where(PeriodRow.id == period_id)).first()
    return _period(row) if row else None


def closed_on(plan_id: int, day: date) -> list[Period]:
    """The periods of a plan whose last day is `day`, each in its last version. 1 query."""
    found = _query().where(PeriodRow.plan_id == plan_id, PeriodRow.to_on == day).order_by(PeriodRow.version)
    last = {row[0].name_key: _period(row) for row in session().execute(found)}
    return list(last.values())


def _query() -> sa.Select[*tuple[Any, ...]]:
    return sa.select(PeriodRow, PersonRow.name).outerjoin(PersonRow, PersonRow.id == PeriodRow.closed_by)


def _period(found: Any) -> Period:
    row, closed_by = found
    return Period(
        id=row.id,
        plan_id=row.plan_id,
        name=row.name,
        version=row.version,
        from_on=row.from_on,
        to_on=row.to_on,
        closed_at=row.closed_at,
        closed_by=closed_by or "",
        figures=row.figures,
        digest=row.digest,
        note=row.note,
        reason=row.reason,
    )
