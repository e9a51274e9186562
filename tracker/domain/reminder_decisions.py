"""Reminders, decided: rules as data, facts and the ledger in, who is told of what out, and when to look again.

Whoever has been told of a matter under a rule is told of it neither by that rule again nor by a wider one; a moved date
is a new matter. Whom a lower step of the ladder reaches is not told the same from a higher one. Lines wait for the
person's own hour and day and make one digest; urgent ones go at once. Nothing goes out on a day off or before seven.

A unit hears nothing of what it has reported or asked to be answered. Partner units are asked to cooperate: they are
reminded until the due date and never told that they are overdue. Kinds of unit that a rule leaves out (fronts and mass
organisations, which are not assigned work) hear nothing of it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime

from tracker.domain.people import Person
from tracker.domain.preferences import EVERY_DAY, SendingDays
from tracker.domain.reminder_facts import OwedShare
from tracker.domain.reminder_people import Cast, Office, Turns
from tracker.domain.reminder_rules import LADDER, Audience, Event, Group, Rule
from tracker.domain.reminder_windows import Matter, Occurrence, addressed, live, matters, openings, rests
from tracker.domain.reminders import (
    EARLIEST_HOUR,
    Decision,
    Item,
    Ledger,
    Reason,
    Skip,
    Telling,
    digest,
    item_of,
    told_below,
    topic,
)


def decide(
    rules: Sequence[Rule], shares: Iterable[OwedShare], office: Office, ledger: Ledger, now: datetime
) -> Decision:
    """What is to be sent at `now` (aware), a moment at which reminders may go out, about these shares.

    One digest for each person and channel whose hour has come and who has had none today, with the urgent lines in it;
    where none goes, the urgent lines alone. By person id and channel.
    """
    table = _Table(rules, office, ledger, now)
    for share in shares:
        table.lay(share)
    return table.decision()


class _Table:
    """Where the lines of a moment come together."""

    def __init__(self, rules: Sequence[Rule], office: Office, ledger: Ledger, now: datetime) -> None:
        self.office, self.ledger = office, ledger
        self.by_code = {rule.code: rule for rule in rules}
        self.of_event = {event: [rule for rule in rules if rule.event is event] for event in Event}
        self.local = now.astimezone(office.zone)
        self.today = self.local.date()
        self.cast, self.turns = Cast(office, self.today), Turns(office, self.today)
        chosen = {EVERY_DAY, *(each.weekdays for each in office.preferences.values())}
        self.calendars = {weekdays: SendingDays(office.days_off, weekdays) for weekdays in chosen}
        self.reaches = {weekdays: days.reach(self.today) for weekdays, days in self.calendars.items()}
        self.names = {each.id: each.name for each in self.cast.by_id.values()}
        self.lines: dict[tuple[int, str, bool], list[Item]] = {}
        self.skipped: dict[Skip, None] = {}
        self.looks: dict[int, datetime | None] = {}

    def lay(self, share: OwedShare) -> None:
        """Take everything that is to be told of a share, and note when to look at it again."""
        looks: list[datetime] = []
        for matter in matters(share):
            looks += self._matter(share, matter)
        self.looks[share.id] = min(looks, default=None)

    def decision(self) -> Decision:
        """The lines as messages: urgent ones go along with a digest where one goes."""
        for person_id, channel, urgent in list(self.lines):
            if urgent and (person_id, channel, False) in self.lines:
                self.lines[person_id, channel, False] += self.lines.pop((person_id, channel, True))
        digests = tuple(
            digest(self.cast.by_id[person_id], self.today, items, channel, urgent=urgent)
            for (person_id, channel, urgent), items in sorted(self.lines.items(), key=lambda each: each[0])
        )
        return Decision(digests, tuple(self.skipped), self.looks)

    def _matter(self, share: OwedShare, matter: Matter) -> list[datetime]:
        """Lay the lines of one matter; returns when something of it may speak next."""
        rules = self.of_event[matter.event]
        asked = [(each, some) for each in LADDER if (some := addressed(rules, matter, each, share))]
        ladder = [(each, [rule for rule in rules if share.unit_kind not in rule.except_kinds]) for each, rules in asked]
        speaking = {rule.code: rule for _, rules in ladder for rule in rules}
        why = obstacle(share, matter, self.today) or (None if speaking else Reason.LEFT_OUT)
        if why:
            if any(self._live(rules, matter, share) for _, rules in asked):
                self._skip(why, share, matter)
            return []
        looks = list(openings(list(speaking.values()), matter, share, self.today, self.calendars.values()))
        steps = [(each, found) for each, rules in ladder if (found := self._live(rules, matter, share))]
        if steps and (turn := self.turns.after(share)):
            looks.append(turn)
        return [datetime.combine(day, EARLIEST_HOUR, self.office.zone) for day in looks] + self._climb(
            share, matter, steps
        )

    def _live(self, rules: Sequence[Rule], matter: Matter, share: OwedShare) -> dict[frozenset[int], Occurrence]:
        """The live rule for people with these weekdays; those for whom none is live are left out."""
        found = {
            weekdays: live(rules, matter, share, self.today, days, self.reaches[weekdays])
            for weekdays, days in self.calendars.items()
        }
        return {weekdays: each for weekdays, each in found.items() if each}

    def _climb(
        self, share: OwedShare, matter: Matter, steps: Iterable[tuple[Audience, dict[frozenset[int], Occurrence]]]
    ) -> list[datetime]:
        """Tell a matter up the ladder, nobody twice; returns the moments of those whose hour has not come."""
        below: set[int] = set()
        waits: list[datetime] = []
        laid: list[Telling] = []
        told, somebody, any_step = False, False, False
        for audience, found in steps:
            late = any(each.rule.looks_back for each in found.values())
            group = topic(matter.event, audience, late=late)
            any_step, somebody = True, somebody or self.cast.anybody(share, audience, group)
            owners = self.cast.told(share, audience, group)
            readers = [self.cast.recipient(owner) for owner in owners]
            for owner, reader in zip(owners, readers, strict=True):
                occurrence = found.get(self.cast.preference(reader.id).weekdays)
                if owner.id not in below and occurrence:
                    below.add(owner.id)
                    for channel in sorted(self.cast.channels(reader, readers, group)):
                        moment = self._line(share, matter, audience, occurrence, owner, reader, channel, laid)
                        told = told or moment is not None
                        waits += [moment] if moment and moment > self.local else []
        if any_step and not told:
            self._skip(Reason.TOLD if below else Reason.UNWANTED if somebody else Reason.NOBODY, share, matter)
        return waits

    def _line(
        self,
        share: OwedShare,
        matter: Matter,
        audience: Audience,
        found: Occurrence,
        owner: Person,
        reader: Person,
        channel: str,
        laid: list[Telling],
    ) -> datetime | None:
        """Lay one line before its reader, or say when they may have it; None where the owner was told before.

        `laid` are the lines of the matter that go out now, to which it is added.
        """
        lines = self.ledger.lines(share, matter)
        own = [line for line in lines if line.person_id == owner.id and line.channel == channel]
        if self.ledger.knows(own, found, self.by_code):
            return None
        later = None if found.rule.urgent else self._later(reader, channel)
        if later is not None:
            return later
        telling = Telling(
            share.id,
            matter.subject,
            found.rule.code,
            matter.day,
            owner.id,
            channel,
            found.repeat_on,
            self.today,
            audience,
        )
        item = item_of(share, matter, telling, self.today, late=found.rule.looks_back)
        if item.group is Group.ESCALATED:
            item = replace(item, below=told_below([*lines, *laid], item, self.names))
        laid.append(telling)
        self.lines.setdefault((reader.id, channel, found.rule.urgent), []).append(item)
        return self.local

    def _later(self, reader: Person, channel: str) -> datetime | None:
        """When the reader's next digest goes, where that is not now."""
        had = (reader.id, channel) in self.ledger.had_digest
        moment = self.cast.preference(reader.id).next_moment(
            self.local, self.office.zone, self.office.days_off, had_today=had
        )
        if moment <= self.local:
            return None
        self.skipped.setdefault(Skip(Reason.ONE_A_DAY if had else Reason.OWN_HOUR, to=reader.email))
        return moment

    def _skip(self, reason: Reason, share: OwedShare, matter: Matter) -> None:
        self.skipped.setdefault(Skip(reason, share, event=matter.event))


def obstacle(share: OwedShare, matter: Matter, today: date) -> Reason | None:
    """Why nobody is told of a matter, whatever the ledger says."""
    if share.unit_ends_on is not None and share.unit_ends_on < today:
        return Reason.UNIT_ENDED
    if rests(share, matter):
        return Reason.WAITING if share.rests else Reason.MILESTONE_DONE
    return None
