"""Who is owed which reminder at a moment, worked out the plain way from the rules' words.

Nothing of the program decides here: the tables are read as facts, and every rule is said once more in simple steps, for
each share and each person, whatever it costs.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from tests.support.reminder_facts import DAY, ZONE, Facts, Human, Work, local

LADDER = ("doers", "partners", "heads", "monitors", "leaders")
PLANNED = ("due", "start", "checkpoint")
SETTLED = ("accepted", "not_applicable")
SILENT = ("submitted", "accepted", "asked_away", "not_applicable")
TWO_WEEKS = timedelta(days=14)
OVER_IN_TWO_WEEKS = ("start", "checkpoint", "returned", "extension", "assigned")
GROUPS = {
    "due": "soon",
    "start": "starting",
    "checkpoint": "soon",
    "returned": "returned",
    "extension": "answered",
    "assigned": "new",
    "submitted": "waiting",
    "approving": "waiting",
    "quiet": "quiet",
}


@dataclass(frozen=True)
class Line:
    """That somebody is told of a matter of a share, under a rule, over a channel, on a step of the ladder."""

    share: int
    subject: str
    day: date
    rule: str
    person: int
    channel: str
    repeat_on: date
    audience: str = field(compare=False)


@dataclass(frozen=True)
class Matter:
    """Something of a share that rules speak of; days after count from `since`, days before speak until `closes`."""

    event: str
    subject: str
    day: date
    since: date
    closes: date


# What each reader is told over each channel; True is of what cannot wait for their digest.
Mails = dict[tuple[int, str, bool], set[Line]]
# A rule that speaks today on a step of the ladder, with the day it fell on for people with these weekdays.
Step = tuple[Matter, str, Any, dict[frozenset[int], date]]


class Oracle:
    """Knows what people were told, and says what they are owed."""

    def __init__(self) -> None:
        self.told: dict[tuple[int, str, date], dict[Line, date]] = {}
        self.had: set[tuple[int, str]] = set()
        self.facts: Facts
        self.today: date
        self.open: dict[int, Work] = {}
        self.candidates: list[tuple[Line, int, Any]] = []
        self._steps: dict[int, tuple[Any, list[Step]]] = {}
        self._leads: set[int] = set()
        self._owed_leads: set[int] = set()

    def know(self, facts: Facts, today: date) -> None:
        """Take what is so on a day: anew after each change, and on each new day."""
        if getattr(self, "today", None) != today:
            self.had.clear()
        self.facts, self.today = facts, today
        self.rules = {rule.code: rule for rule in facts.rules}
        current = [work for work in facts.works if self._is_current(work)]
        self._leads = {each.row.milestone_id for each in facts.works if each.row.part == "lead"}
        owed = [each for each in current if state(each) not in SETTLED]
        self._owed_leads = {each.row.milestone_id for each in owed if each.row.part == "lead"}
        self.open = {each.row.id: each for each in owed if each.row.part in ("lead", "partner")}
        self.candidates = [each for work in self.open.values() for each in self._candidates(work)]

    def tell(self, line: Line) -> None:
        """Write down that a line is on its way."""
        lines = self.told.setdefault((line.share, line.subject, line.day), {})
        assert line not in lines, f"told twice: {line}"
        lines[line] = self.today

    def forget(self, line: Line) -> None:
        """A line never went, or was struck out."""
        del self.told[line.share, line.subject, line.day][line]

    def working(self, now: datetime) -> bool:
        """Whether reminders may go out: on working days from seven."""
        here = now.astimezone(ZONE)
        return here.hour >= 7 and not self.facts.is_off(here.date())

    def owed(self, now: datetime) -> Mails:
        """The messages that are owed at a moment."""
        found: Mails = {}
        if not self.working(now):
            return found
        hour = now.astimezone(ZONE).hour
        for line, reader, rule in self.candidates:
            human = self._human(reader)
            waits = hour < human.hour or (reader, line.channel) in self.had or not self._sends(human, self.today)
            if not self.knows(line) and (rule.urgent or not waits):
                found.setdefault((reader, line.channel, rule.urgent), set()).add(line)
        for reader, channel, urgent in list(found):
            if urgent and (reader, channel, False) in found:
                found[reader, channel, False] |= found.pop((reader, channel, True))
        return found

    def _candidates(self, work: Work) -> Iterator[tuple[Line, int, Any]]:
        """Every line that may be told of a share today, to whom, under which rule; known or not."""
        by_matter: dict[Matter, list[Step]] = {}
        for step in self._live(work):
            by_matter.setdefault(step[0], []).append(step)
        for steps in by_matter.values():
            below: set[int] = set()
            for audience in LADDER:
                reached: set[int] = set()
                for matter, _, rule, fell_on in (each for each in steps if each[1] == audience):
                    for owner, reader, channel in self._addressed(work, matter, audience, rule):
                        day = fell_on.get(frozenset(self._human(reader).weekdays))
                        if owner not in below and day:
                            reached.add(owner)
                            args = (work.row.id, matter.subject, matter.day, rule.code, owner, channel, day, audience)
                            yield Line(*args), reader, rule
                below |= reached

    def _live(self, work: Work) -> list[Step]:
        """The rules that speak of a share today; kept while nothing of it changes."""
        week = frozenset(frozenset(each.weekdays) for each in self.facts.people.values())
        done = work.row.milestone_id in self._leads - self._owed_leads
        key = (self.today, week, done, repr(work), self.facts.rules, self.facts.off)
        known = self._steps.get(work.row.id)
        if known is None or known[0] != key:
            found = [step for matter in self.matters(work) for step in self._steps_of(work, matter, week)]
            self._steps[work.row.id] = known = (key, found)
        return known[1]

    def _is_current(self, work: Work) -> bool:
        row, dropped = work.row, work.task.dropped_on or work.milestone.dropped_on
        begun = row.from_on is None or row.from_on <= self.today
        over = row.until_on is not None and row.until_on <= self.today
        return work.plan.state == "in_force" and dropped is None and begun and not over

    def _steps_of(self, work: Work, matter: Matter, week: frozenset[frozenset[int]]) -> Iterator[Step]:
        of_event = [rule for rule in self.facts.rules if rule.active and rule.event == matter.event]
        for audience in LADDER if of_event and not self.rests(work, matter) else ():
            rules = [rule for rule in of_event if self._speaks(rule, work, matter, audience)]
            by_code: dict[str, dict[frozenset[int], date]] = {}
            for weekdays in week if rules else ():
                tightest = self._tightest(rules, work, matter, weekdays)
                if tightest:
                    by_code.setdefault(tightest[0].code, {})[weekdays] = tightest[1]
            for code, fell_on in by_code.items():
                yield matter, audience, self.rules[code], fell_on

    def matters(self, work: Work) -> Iterator[Matter]:
        """All that may be told of a share, as it stands."""
        lead, row, log = work.row.part == "lead", work.milestone, work.log
        due = due_of(work)
        if due:
            last = due
            while work.plan.late_after_working_day and self.facts.is_off(last):
                last += DAY
            yield Matter("due", "due", due, last, last if lead else due)
        if row.start and state(work) == "not_started":
            yield Matter("start", "start", row.start, row.start, row.start + TWO_WEEKS)
        for own in work.own_days:
            if own.done_at is None:
                yield Matter("checkpoint", f"checkpoint:{own.id}", own.day, own.day, own.day + TWO_WEEKS)
        happened = []
        if log and log[-1][1] in ("return", "send_back", "decline"):
            happened.append(("returned", f"return:{log[-1][0]}", log[-1][3]))
        moved = [entry for entry in log if entry[1] != "correct"]
        if moved and state(work) in ("submitted", "asked_away", "approving"):
            event = "approving" if state(work) == "approving" else "submitted"
            happened.append((event, f"{event}:{moved[-1][0]}", moved[-1][3]))
        answered = [each for each in work.requests if each.outcome not in (None, "withdrawn")]
        if answered:
            latest = max(answered, key=lambda each: (local(each.decided_at), each.id))
            happened.append(("extension", f"extension:{latest.id}", local(latest.decided_at)))
        happened += [("submitted", f"asked:{e.id}", local(e.asked_at)) for e in work.requests if e.outcome is None][:1]
        given = [day for day in (work.row.from_on, work.row.assigned_at and local(work.row.assigned_at)) if day]
        if given:
            happened.append(("assigned", "assigned", max(given)))
        since = [day for day in (log[-1][3] if log else None, row.start) if day]
        if lead and since and state(work) not in SILENT:
            happened.append(("quiet", "quiet", max(since) + timedelta(days=work.plan.quiet_days)))
        for event, subject, day in happened:
            yield Matter(event, subject, day, day, day)

    def rests(self, work: Work, matter: Matter) -> bool:
        """Whether nobody is told: the unit has ended or has answered, or a partner's leads are done."""
        if work.unit.ends_on is not None and work.unit.ends_on < self.today:
            return True
        if matter.event in ("submitted", "approving"):
            return False
        milestone = work.row.milestone_id
        done = work.row.part == "partner" and milestone in self._leads - self._owed_leads
        return state(work) in SILENT or done

    def _speaks(self, rule: Any, work: Work, matter: Matter, audience: str) -> bool:
        if (
            not rule.active
            or rule.event != matter.event
            or audience not in rule.audiences
            or work.unit.kind in rule.except_kinds
        ):
            return False
        if audience == ("partners" if work.row.part == "lead" else "doers"):
            return False
        return not (work.row.part == "partner" and matter.event == "due" and rule.days < 0)

    def _tightest(
        self, rules: list[Any], work: Work, matter: Matter, weekdays: frozenset[int]
    ) -> tuple[Any, date] | None:
        """The one rule that speaks today to somebody with these days, and the day on which it fell."""
        after = [(rule, begins(rule, work, matter)) for rule in rules if looks_back(rule)]
        begun = [(rule, day) for rule, day in after if day <= self.today]
        if matter.event in OVER_IN_TWO_WEEKS:
            begun = [(rule, day) for rule, day in begun if self.today - day <= TWO_WEEKS]
        if begun:
            rule, day = min(begun, key=lambda each: each[0].days)
            times = 0
            while rule.every and day + timedelta(days=rule.every) <= self.today and rule.times != times + 1:
                day, times = day + timedelta(days=rule.every), times + 1
            return rule, day
        if self.today > matter.closes:
            return None
        # What falls before their next digest is told today: of a day off on the working day before it.
        until = self.today
        while not self._works_on(weekdays, until + DAY) and until - self.today < timedelta(days=58):
            until += DAY
        left = max((matter.day - until).days, 0)
        entered = [rule for rule in rules if not looks_back(rule) and rule.days >= left]
        return (min(entered, key=lambda rule: rule.days), matter.day) if entered else None

    def _sends(self, human: Human, day: date) -> bool:
        """Whether somebody is sent digests on a day."""
        return self._works_on(frozenset(human.weekdays), day)

    def _works_on(self, weekdays: frozenset[int], day: date) -> bool:
        """Whether a day is a working day that somebody chose; who chose none of the week chose all."""
        chosen = weekdays if weekdays & {1, 2, 3, 4, 5} else frozenset(range(1, 8))
        return day.isoweekday() in chosen and not self.facts.is_off(day)

    def _addressed(self, work: Work, matter: Matter, audience: str, rule: Any) -> list[tuple[int, int, str]]:
        """Whom a step tells: (owner, reader, channel). That a unit is late goes by mail where none of them chose it."""
        group = self.group(matter, audience, rule)
        pairs = self.reached(work, audience, group)
        mailed = group != "overdue" or any("mail" in self._human(reader).channels for _, reader in pairs)
        return [
            (owner, reader, channel)
            for owner, reader in pairs
            for channel in self._human(reader).channels & {"mail", "bell"} | (set() if mailed else {"mail"})
        ]

    def group(self, matter: Matter, audience: str, rule: Any) -> str:
        """What a line is about, as a person may switch it off."""
        if matter.event == "due" and rule.days < 0:
            return "overdue" if audience in ("doers", "partners") else "escalated"
        return GROUPS[matter.event]

    def reached(self, work: Work, audience: str, group: str) -> list[tuple[int, int]]:
        """(owner, reader) of a step, less who is away with nobody in their place or does not want it."""
        if audience in ("doers", "partners"):
            unit = [each for each in self._active() if work.row.unit_id in each.places and may_do(each)]
            here = [each for each in unit if self.stand_in(each)]
            if group == "overdue":
                found = self._doing(work, self._wanting(here, group)) or self._doing(work, unit)
            else:
                found = self._wanting(self._doing(work, here), group)
        else:
            found = self._wanting([each for each in self._above(work, audience, group) if self.stand_in(each)], group)
        return [(each.row.id, (self.stand_in(each) or each).row.id) for each in found]

    def _above(self, work: Work, audience: str, group: str) -> list[Human]:
        people = list(self._active())
        if audience == "leaders":
            return [each for each in people if each.row.role == "leader"]
        unit = work.row.unit_id
        if audience == "heads":
            heads = [each for each in people if each.row.role == "head" and unit in each.places]
            doers = [each for each in people if unit in each.places and may_do(each)]
            return heads or (doers if group == "waiting" else [])
        wrote = {entry[4] for entry in work.log if entry[1] not in ("accept", "return", "consent", "decline")}
        wrote |= {each.asked_by for each in work.requests}
        free = [each for each in people if unit not in each.places and each.row.id not in wrote]
        for monitor in work.monitors:
            able = [each for each in free if each.row.role == "monitor" and monitor in each.places]
            if able:
                return able
        leaders = [each for each in free if each.row.role == "leader"]
        return leaders or [each for each in free if each.row.role == "administrator"]

    def _doing(self, work: Work, people: list[Human]) -> list[Human]:
        """Who does a share, else who stands in for them there, else everybody."""
        doing = [each for each in people if each.row.id in work.doers]
        return doing or [each for each in people if each.row.id in work.stand_ins] or people

    def _wanting(self, people: list[Human], group: str) -> list[Human]:
        return [each for each in people if group not in each.muted]

    def stand_in(self, human: Human) -> Human | None:
        """Who gets somebody's messages today: they themselves, or who stands in, and for those in turn."""
        seen = []
        while human.pause and human.pause[0] <= self.today <= human.pause[1]:
            seen.append(human.row.id)
            if human.pause[2] is None or human.pause[2] in seen or not self._human(human.pause[2]).row.active:
                return None
            human = self._human(human.pause[2])
        return human

    def holds(self, line: Line, reader: int) -> bool:
        """Whether a line that was planned still has to be told when its message goes."""
        work, rule = self.open.get(line.share), self.rules.get(line.rule)
        if work is None or rule is None:
            return False
        same = [each for each in self.matters(work) if (each.subject, each.day) == (line.subject, line.day)]
        if not same or self.rests(work, same[0]):
            return False
        return (line.person, reader) in self.reached(work, line.audience, self.group(same[0], line.audience, rule))

    def knows(self, line: Line) -> bool:
        """Whether they were told before: under this rule or a tighter one, or of a repeat just before."""
        rule = self.rules[line.rule]
        known = [
            (self.rules[other.rule], other, on)
            for other, on in self.told.get((line.share, line.subject, line.day), {}).items()
            if (other.person, other.channel) == (line.person, line.channel) and self.rules[other.rule].active
        ]
        if not looks_back(rule):
            return any(each.days <= rule.days for each, _, _ in known)
        after = [each for each in known if looks_back(each[0])]
        if not rule.every:
            return any(each.days <= rule.days for each, _, _ in after)
        return any(
            other.repeat_on >= line.repeat_on or 2 * (line.repeat_on - on).days < rule.every for _, other, on in after
        )

    def _active(self) -> Iterator[Human]:
        yield from (each for each in self.facts.people.values() if each.row.active)

    def _human(self, person_id: int) -> Human:
        return self.facts.people[person_id]


def may_do(human: Human) -> bool:
    """Whether somebody does the work of a unit."""
    return human.row.role in ("monitor", "head", "member")


def state(work: Work) -> str:
    """Where a share stands."""
    return work.log[-1][2] if work.log else "not_started"


def due_of(work: Work) -> date | None:
    """The due date with the latest day granted."""
    due = work.milestone.due
    return max([due, *(each.granted_due for each in work.requests if each.granted_due)]) if due else None


def looks_back(rule: Any) -> bool:
    """Whether a rule speaks of days after."""
    return rule.days < 0 or rule.event not in PLANNED


def begins(rule: Any, work: Work, matter: Matter) -> date:
    """The day on which a rule of days after begins to speak."""
    day = matter.since - timedelta(days=rule.days)
    if rule.urged and len(work.urged) >= rule.urged:
        day = min(day, work.urged[rule.urged - 1])
    while rule.weekday and day.isoweekday() != rule.weekday:
        day += DAY
    return day
