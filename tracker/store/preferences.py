"""How people want to be reminded, and the office as reminders know it."""

from datetime import date, tzinfo

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from tracker.domain.calendar_days import ONE_DAY
from tracker.domain.people import Person, Role
from tracker.domain.preferences import DEFAULT, Pause, Preference, StandIn
from tracker.domain.reminder_people import Office, Turn
from tracker.domain.reminder_rules import Group
from tracker.store import people, units
from tracker.store.database import session
from tracker.store.looks import wake_people
from tracker.store.tables import ActingRow, PersonRow, PreferenceRow


def of_person(person_id: int) -> Preference:
    """What a person chose, or the default. 1 query."""
    row = session().get(PreferenceRow, person_id, populate_existing=True)
    return _preference(row) if row else DEFAULT


def stand_ins(person_id: int) -> list[StandIn]:
    """Who may stand in for a person, by name: others of their unit with an open account; where they have none, of
    their role. 1 query.
    """
    own = aliased(PersonRow)
    without = sa.and_(own.unit_id.is_(None), PersonRow.unit_id.is_(None), PersonRow.role == own.role)
    query = (
        sa.select(PersonRow.id, PersonRow.name, PersonRow.role)
        .join(own, own.id == person_id)
        .where(PersonRow.id != person_id, PersonRow.active, sa.or_(PersonRow.unit_id == own.unit_id, without))
        .order_by(PersonRow.name, PersonRow.id)
    )
    return [StandIn(row.id, row.name, Role(row.role)) for row in session().execute(query)]


def reachable(today: date) -> tuple[list[Person], dict[int, Preference]]:
    """The people whom `people.reachable` gives for a day, and what they chose, by their ids; 2 queries.

    Who chose nothing is left out of the choices.
    """
    mine = PreferenceRow.person_id == PersonRow.id
    rows = session().execute(people.EVERYONE.add_columns(PreferenceRow).outerjoin(PreferenceRow, mine)).all()
    found = people.with_acting([people.person_of(row) for row in rows], today)
    return found, {row[3].person_id: _preference(row[3]) for row in rows if row[3]}


def of_role(role: Role) -> list[tuple[Person, Preference]]:
    """The people of that role with an open account, by id, with what they chose, or the default. 1 query."""
    query = people.PEOPLE.add_columns(PreferenceRow).outerjoin(PreferenceRow, PreferenceRow.person_id == PersonRow.id)
    rows = session().execute(query.where(PersonRow.role == role.value, PersonRow.active).order_by(PersonRow.id))
    return [(people.person_of(row), _preference(row[3]) if row[3] else DEFAULT) for row in rows]


def put(person_id: int, wanted: Preference) -> None:
    """Keep what a person chose; reminders look at all of which they may be told anew."""
    row = session().get(PreferenceRow, person_id) or PreferenceRow(person_id=person_id)
    row.hour = wanted.hour
    row.weekdays = sorted(wanted.weekdays)
    row.channels = sorted(wanted.channels)
    row.muted = sorted(wanted.muted)
    pause = wanted.pause
    row.pause_from, row.pause_until = (pause.from_on, pause.until_on) if pause else (None, None)
    row.stand_in_id = pause.stand_in if pause else None
    session().add(row)
    session().flush()
    wake_people([person_id])


def office(today: date, zone: tzinfo) -> Office:
    """The people of a day with what they chose, and the days on which acting begins or ends. 4 queries."""
    found, chosen = reachable(today)
    return Office(found, units.days_off(), zone, chosen, _turns(today))


def _turns(today: date) -> list[Turn]:
    to_come = sa.or_(ActingRow.from_on > today, ActingRow.until_on >= today)
    rows = session().scalars(sa.select(ActingRow).where(to_come).order_by(ActingRow.id)).all()
    begins = [Turn(row.person_id, row.unit_id, row.from_on) for row in rows if row.from_on > today]
    return begins + [Turn(row.person_id, row.unit_id, row.until_on + ONE_DAY) for row in rows if row.until_on]


def _preference(row: PreferenceRow) -> Preference:
    pause = Pause(row.pause_from, row.pause_until, row.stand_in_id) if row.pause_from and row.pause_until else None
    return Preference(
        row.hour, frozenset(row.weekdays), frozenset(row.channels), frozenset(map(Group, row.muted)), pause
    )
