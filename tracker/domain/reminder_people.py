"""Who is told of a share: each audience of the ladder, less those who are away or do not want it, and who stands in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, tzinfo

from tracker.domain.access import DOERS
from tracker.domain.calendar_days import ONE_DAY, DaysOff
from tracker.domain.confirming import Answerers, Watcher, answerers
from tracker.domain.people import Person, Role
from tracker.domain.preferences import DEFAULT, MAIL, Preference
from tracker.domain.reminder_facts import OwedShare
from tracker.domain.reminder_rules import Audience, Group
from tracker.domain.share_people import NOBODY, Named, reached

_SEES_ALL = (Role.MONITOR, Role.LEADER, Role.ADMINISTRATOR)


@dataclass(frozen=True, slots=True)
class Turn:
    """A day on which somebody begins or ends to act for a unit."""

    person_id: int
    unit_id: int
    day: date


@dataclass(frozen=True, slots=True)
class Office:
    """The people as reminders know them: each once, and once more for every further unit for which they act.

    `preferences` by the person's id; who chose nothing is left out. `turns` are the days on which acting begins or
    ends.
    """

    people: Sequence[Person]
    days_off: DaysOff
    zone: tzinfo
    preferences: Mapping[int, Preference] = field(default_factory=dict)
    turns: Sequence[Turn] = ()


class Cast:
    """The people of a day, found by what they are to a share."""

    def __init__(self, office: Office, today: date) -> None:
        self._preferences, self._today = office.preferences, today
        self._doers: dict[int, list[Person]] = {}
        self._with_role: dict[tuple[int | None, Role], list[Person]] = {}
        self.by_id: dict[int, Person] = {}
        for person in office.people:
            self.by_id.setdefault(person.id, person)
            if person.active:
                self._with_role.setdefault((person.unit_id, person.role), []).append(person)
                if person.unit_id is not None and person.role in DOERS:
                    self._doers.setdefault(person.unit_id, []).append(person)
        self._asks_for = self._places(office.people)
        self.leaders, self.administrators = self._of_role(Role.LEADER), self._of_role(Role.ADMINISTRATOR)
        self._watchers = [Watcher(each.id, self._asks_for[each.id]) for each in self._of_role(Role.MONITOR)]

    def _of_role(self, role: Role) -> list[Person]:
        return [each for each in self.by_id.values() if each.active and each.role is role]

    @staticmethod
    def _places(people: Sequence[Person]) -> dict[int, frozenset[int]]:
        """The units for which each person may ask, by the person's id."""
        found: dict[int, set[int]] = {}
        for each in people:
            found.setdefault(each.id, set()).update(() if each.unit_id is None else (each.unit_id,))
        return {person_id: frozenset(units) for person_id, units in found.items()}

    def preference(self, person_id: int) -> Preference:
        """What a person chose, or the default."""
        return self._preferences.get(person_id, DEFAULT)

    def recipient(self, person: Person) -> Person:
        """Who gets the messages of a person: during a pause who stands in for them, else they themselves."""
        return self.present(person) or person

    def channels(self, reader: Person, readers: Sequence[Person], group: Group) -> frozenset[str]:
        """Over which channels one of those who are told of a share is told.

        That a unit is late goes by mail to those who are told of it where none of them chose mail.
        """
        chosen = self.preference(reader.id).channels
        kept = group is Group.OVERDUE and not any(MAIL in self.preference(each.id).channels for each in readers)
        return chosen | {MAIL} if kept else chosen

    def told(self, share: OwedShare, audience: Audience, group: Group) -> list[Person]:
        """Who is told of a share, less those who are away without anybody in their place or do not want this group.

        That a unit is late cannot be kept from it: where nobody else would hear, those whose work it is are told.
        """
        if audience in (Audience.DOERS, Audience.PARTNERS):
            everyone = self._doers.get(share.unit_id, [])
            here = [person for person in everyone if self.present(person)]
            if group is Group.OVERDUE:
                return reached(share.named, self._wanting(here, group)) or reached(share.named, everyone)
            return self._wanting(reached(share.named, here), group)
        above = [person for person in self._above(share, audience, group) if self.present(person)]
        return self._wanting(above, group)

    def urged(self, unit_id: int, named: Named, sender_id: int | None) -> list[Person]:
        """Who is told when somebody urges a share: who does it, and the heads, whatever they switched off.

        Never `sender_id`, who urges. Who is away with nobody in their place is told where nobody else would hear.
        """
        everyone = [person for person in self._doers.get(unit_id, []) if person.id != sender_id]
        here = [person for person in everyone if self.present(person)]
        heads = [person for person in here if person.role is Role.HEAD]
        doing = reached(named, here) or reached(named, everyone)
        return list({person.id: person for person in (*doing, *heads)}.values())

    def anybody(self, share: OwedShare, audience: Audience, group: Group) -> bool:
        """Whether there is anybody of that audience at all."""
        if audience in (Audience.DOERS, Audience.PARTNERS):
            return bool(self._doers.get(share.unit_id))
        return bool(self._above(share, audience, group))

    def _above(self, share: OwedShare, audience: Audience, group: Group) -> list[Person]:
        if audience is Audience.HEADS:
            heads = self._with_role.get((share.unit_id, Role.HEAD), [])
            # What waits for a head who has gone is sent on, or back, by the unit's people.
            return heads or (self._doers.get(share.unit_id, []) if group is Group.WAITING else [])
        return self._answering(share) if audience is Audience.MONITORS else self.leaders

    def _answering(self, share: OwedShare) -> list[Person]:
        """Who answers a share: of the first monitor that can, where none can a leader, else an administrator."""
        who = answerers(share.monitor_unit_ids, self._watchers, share.unit_id, share.writers)
        if who.goes_to:
            return [each for each in self._with_role[who.goes_to[0], Role.MONITOR] if self._may_answer(each, who)]
        above = (self.leaders, self.administrators)
        return next((able for people in above if (able := [p for p in people if self._may_answer(p, who)])), [])

    def _may_answer(self, person: Person, who: Answerers) -> bool:
        return person.id not in who.writers and who.unit_id not in self._asks_for[person.id]

    def _wanting(self, people: Sequence[Person], group: Group) -> list[Person]:
        return [person for person in people if group not in self.preference(person.id).muted]

    def present(self, person: Person) -> Person | None:
        """The person, or who stands in for them today, and for those in turn; None where nobody does."""
        seen: set[int] = set()
        found: Person | None = person
        while found and self.preference(found.id).paused_on(self._today):
            seen.add(found.id)
            pause = self.preference(found.id).pause
            found = self.by_id.get(pause.stand_in) if pause and pause.stand_in else None
            if found and (found.id in seen or not found.active):
                return None
        return found


def is_plainly(person: Person, share: OwedShare, audience: Audience) -> bool:
    """Whether the person is of that audience by role and unit alone, so that nobody else need be asked about."""
    if audience in (Audience.DOERS, Audience.PARTNERS):
        return person.role in DOERS and share.unit_id == person.unit_id and share.named == NOBODY
    if audience is Audience.HEADS:
        return person.role is Role.HEAD and share.unit_id == person.unit_id
    return audience is Audience.LEADERS and person.role is Role.LEADER


class Turns:
    """The next day on which other people may be reached, for the shares of a unit or for all."""

    def __init__(self, office: Office, today: date) -> None:
        self._of_unit: dict[int | None, date] = {}
        roles = {person.id: person.role for person in office.people}
        for turn in office.turns:
            self._note(None if roles.get(turn.person_id) in _SEES_ALL else turn.unit_id, turn.day, today)
        pauses = {person_id: each.pause for person_id, each in office.preferences.items() if each.pause}
        # Who stands in for somebody may read of any unit's work.
        stand_ins = {each.stand_in for each in pauses.values()}
        for person in office.people:
            reads_of_all = person.role in _SEES_ALL or person.id in stand_ins
            pause = pauses.get(person.id)
            for day in (pause.from_on, pause.until_on + ONE_DAY) if pause else ():
                self._note(None if reads_of_all else person.unit_id, day, today)

    def after(self, share: OwedShare) -> date | None:
        """The first such day for a share; None where none is known."""
        days = [self._of_unit[unit_id] for unit_id in (share.unit_id, None) if unit_id in self._of_unit]
        return min(days, default=None)

    def _note(self, unit_id: int | None, day: date, today: date) -> None:
        if day > today:
            self._of_unit[unit_id] = min(day, self._of_unit.get(unit_id, day))
