"""Shares of the world's plan as tests act on them: by unit and task, in the name of the cast."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from flask import Flask

from tests.support.worlds import NOW
from tracker.domain.people import Person, Role
from tracker.domain.views import WorkLine
from tracker.domain.work import Action, Entry
from tracker.store import people, plans, units
from tracker.store.database import db, transaction
from tracker.store.facts import CutOff, unit_lines
from tracker.usecases import progress
from tracker.usecases.progress import Recorded
from tracker.web.runtime import runtime

FINANCE = "phong-tckh"


@dataclass
class Office:
    """The world's people at one unit's share, inside an application context."""

    world: Flask

    def person(self, who: str) -> Person:
        """One of the cast."""
        found = people.by_email(f"{who}@example.org")
        assert found
        return found.person

    def member(self, unit: str = FINANCE) -> Person:
        """A further person of a unit, who is not its head."""
        with transaction():
            people.add("can.bo@example.org", "Cán Bộ", Role.MEMBER, units.ids_by_code()[unit], "", "vi", NOW)
        found = people.by_email("can.bo@example.org")
        assert found
        return found.person

    def line(self, number: str, unit: str = FINANCE, on: datetime = NOW) -> WorkLine:
        """The unit's share in task `number` as it stands at `on`."""
        db.session.remove()
        plan = plans.head(1)
        assert plan
        zone = runtime().zone
        cut = CutOff(on.astimezone(zone).date(), on, zone)
        return next(each for each in unit_lines(plan, units.ids_by_code()[unit], cut) if each.number == number)

    def record(self, who: Person | str, share_id: int, action: Action, at: datetime = NOW, **said: Any) -> Recorded:
        """`who` writes an entry."""
        seen = said.pop("seen", None)
        person = self.person(who) if isinstance(who, str) else who
        return progress.record(
            person, share_id, Entry(action, **said), at, files=runtime().files, seen_version=seen, zone=runtime().zone
        )


def at(day: date, hour: int = 8) -> datetime:
    """An hour of a day, UTC."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
