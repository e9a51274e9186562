"""What units and monitors did before a test looks: entries recorded by the real use case, at moments of the past."""

from datetime import UTC, date, datetime
from typing import Any

from flask import Flask

from tracker.domain.work import Action, Entry
from tracker.store import people, plans, units
from tracker.store.database import db
from tracker.store.facts import CutOff, unit_lines
from tracker.usecases import progress
from tracker.web.runtime import runtime


class History:
    """Writes into the logs of the plan in force, task by task."""

    def __init__(self, world: Flask) -> None:
        self._world = world

    def record(self, who: str, number: str, action: Action, on: date, unit: str | None = None, **said: Any) -> None:
        """`who` of the cast acts on the share of `unit` (else their own) in task `number`, at 8:00 UTC of that day."""
        moment = datetime(on.year, on.month, on.day, 8, tzinfo=UTC)
        with self._world.app_context():
            found = people.by_email(f"{who}@example.org")
            plan = plans.running(on)
            assert found
            assert plan
            cut_off = CutOff(on, moment, runtime().zone)
            unit_id = units.ids_by_code()[unit] if unit else found.person.unit_id
            assert unit_id is not None
            line = next(each for each in unit_lines(plan, unit_id, cut_off) if each.number == number)
            progress.record(found.person, line.share.id, Entry(action, **said), moment, files=runtime().files)
            db.session.remove()

    def done(self, who: str, number: str, on: date, confirmed_by: str, unit: str) -> None:
        """A unit reports a task done on a day, and a monitor of another unit accepts it the same day."""
        self.record(who, number, Action.SUBMIT, on, result="Đã hoàn thành")
        self.record(confirmed_by, number, Action.ACCEPT, on, unit=unit)
