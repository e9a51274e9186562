"""Which reminders are live on a day, and for whom: rules as data, decided by window and never by the exact day.

A rule is live from the day its window is entered ("seven days or less"), so that a day without electricity loses
nothing; of all windows entered only the tightest counts, so that catching up is one line and not a flood. Once a person
has been told of a due date under a rule, neither that rule nor a wider one tells it again; a moved due date is a new
matter. Reminders go out on working days: what falls on a day off goes out on the working day before it, what repeats
while overdue on the working day after.

Who is told, and of what:
- Those of a lead unit to whom its head gave the share, or who stands in for them; where nobody is named, all the people
  who do its work (head, member, and a monitor for the work of the monitor's own unit). They are told while the share is
  neither submitted nor accepted nor asked away: what is submitted or asked waits for the monitor, not for the unit.
- Partner units are asked to cooperate. They are reminded until the due date and never told that they are overdue.
- Kinds of unit that a rule leaves out (fronts and mass organisations, which are not assigned work) hear nothing of it.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo
from enum import IntEnum, StrEnum

from tracker.domain.access import DOERS
from tracker.domain.calendar_days import ONE_DAY, DaysOff
from tracker.domain.people import Person
from tracker.domain.share_people import NOBODY, Named, reached
from tracker.domain.status import Calendar
from tracker.domain.work import REPORTED, SETTLED, WAITING, State

LEAD, PARTNER = "lead", "partner"
EARLIEST_HOUR = time(7, 0)


class Reason(StrEnum):
    """Why a reminder was not sent, as the ledger and `remind --json` name it."""

    DAY_OFF = "day-off"
    TOO_EARLY = "before-hour"
    NO_RULES = "no-rules"
    TOLD = "told-already"
    WAITING = "waits-for-acceptance"
    UNIT_ENDED = "unit-has-ended"
    NOBODY = "unit-has-nobody"
    LEFT_OUT = "kind-of-unit-left-out"
    MILESTONE_DONE = "milestone-done"
    ONE_A_DAY = "digest-of-today-exists"
    SETTLED = "settled-meanwhile"
    ACCOUNT_CLOSED = "account-closed"
    LINK_OVER = "link-over"
    NEXT_DIGEST = "told-by-a-later-digest"


class Group(IntEnum):
    """The parts of a digest, the most pressing first."""

    OVERDUE = 1
    RETURNED = 2
    SOON = 3


@dataclass(frozen=True, slots=True)
class Rule:
    """`days` before (positive) or on (0) the due date, or after the last day in time (negative).

    `every` repeats a rule of overdue work after so many days. `parts` are the parts of a share it speaks to,
    `except_kinds` kinds of unit it leaves out.
    """

    code: str
    days: int
    every: int | None = None
    parts: frozenset[str] = frozenset({LEAD})
    except_kinds: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class OwedShare:
    """A share that has not been accepted, with a due date, of a plan in force: what rules and mails know of it.

    `leads_done` tells that every lead share of its milestone has been accepted. `position` is the task's in its plan.
    `named` are the people of the unit who do it.
    """

    id: int
    milestone_id: int
    task_id: int
    position: int
    number: str
    title: str
    ordinal: int
    several: bool
    part: str
    state: State
    due: date
    due_as_written: str
    leads_as_written: str
    partners_as_written: str
    unit_id: int
    unit_name: str
    unit_kind: str
    unit_ends_on: date | None
    leads_done: bool
    calendar: Calendar
    named: Named = NOBODY

    @property
    def last_day(self) -> date:
        """The last day that still counts as in time."""
        return self.calendar.last_day(self.due)


@dataclass(frozen=True, slots=True)
class Telling:
    """One line of the ledger: a person is told of a share's due date under a rule; `repeat_on` tells repeats apart.

    `told_on` is the day of the message, and no part of the line's identity.
    """

    share_id: int
    rule_code: str
    due: date
    person_id: int
    repeat_on: date
    told_on: date = field(compare=False)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A rule that is live for a share, with the day it fell on: the due date itself unless the rule repeats."""

    rule: Rule
    repeat_on: date


@dataclass(frozen=True, slots=True)
class Item:
    """A line of a digest. `days_left` counts to the due date, below 0 after it; `days_late` is 0 while in time."""

    share: OwedShare
    rule_code: str
    repeat_on: date
    group: Group
    days_left: int
    days_late: int


@dataclass(frozen=True, slots=True)
class Digest:
    """All that one person is told on one day; `items` are never empty and the most pressing come first."""

    person: Person
    day: date
    items: tuple[Item, ...]

    def tellings(self) -> list[Telling]:
        """The ledger's lines of this digest."""
        return [
            Telling(item.share.id, item.rule_code, item.share.due, self.person.id, item.repeat_on, self.day)
            for item in self.items
        ]


@dataclass(frozen=True, slots=True)
class Skip:
    """Something that was not sent, and why; without a share it speaks of the whole tick or of a message to `to`."""

    reason: Reason
    share: OwedShare | None = None
    to: str | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What a day asks for: at most one digest per person, and what was left out."""

    digests: tuple[Digest, ...] = ()
    skipped: tuple[Skip, ...] = ()


@dataclass(frozen=True, slots=True)
class Ledger:
    """What people have been told before, and who has had the digest of the day."""

    told: Collection[Telling] = ()
    had_digest: frozenset[int] = frozenset()
    _by_key: dict[tuple[int, int, date], list[Telling]] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        for line in self.told:
            self._by_key.setdefault((line.share_id, line.person_id, line.due), []).append(line)

    def knows(self, share: OwedShare, person_id: int, live: Occurrence, rules: Mapping[str, Rule]) -> bool:
        """Whether the person was told of this due date under the live rule, for this repeat, or under a tighter one.

        A repeat that falls less than half its interval after a late telling of the one before is covered by that.
        """
        lines = [line for line in self._by_key.get((share.id, person_id, share.due), []) if line.rule_code in rules]
        if live.rule.days >= 0:
            return any(rules[line.rule_code].days <= live.rule.days for line in lines)
        late = [line for line in lines if rules[line.rule_code].days < 0]
        fell_on, every = live.repeat_on, live.rule.every or 0
        return any(line.repeat_on >= fell_on or 2 * (fell_on - line.told_on).days < every for line in late)


def may_go(now: datetime, zone: tzinfo, days_off: DaysOff) -> Reason | None:
    """None while reminders may go out: on working days from seven in the morning, local time; else why not."""
    local = now.astimezone(zone)
    if days_off.is_off(local.date()):
        return Reason.DAY_OFF
    return Reason.TOO_EARLY if local.time() < EARLIEST_HOUR else None


def reach(today: date, days_off: DaysOff) -> date:
    """The last day that a reminder of `today` has to speak for: the end of the days off that follow it."""
    return days_off.working_day_on_or_after(today + ONE_DAY) - ONE_DAY


def horizon(rules: Iterable[Rule], today: date, days_off: DaysOff) -> date:
    """The latest due date that any rule can reach on `today`."""
    return reach(today, days_off) + timedelta(days=max((rule.days for rule in rules), default=0))


def live_rule(rules: Iterable[Rule], share: OwedShare, today: date) -> Occurrence | None:
    """The one rule that is live for a share's due date on the working day `today`: the tightest window entered."""
    mine = [rule for rule in rules if share.part in rule.parts]
    if today > share.last_day:
        return _overdue_rule(mine, share.last_day, today)
    if share.part == PARTNER and today > share.due:
        return None
    left = (share.due - reach(today, share.calendar.days_off)).days
    entered = [rule for rule in mine if rule.days >= max(left, 0)]
    return Occurrence(min(entered, key=lambda rule: rule.days), share.due) if entered else None


def _overdue_rule(rules: Iterable[Rule], last_day: date, today: date) -> Occurrence | None:
    """The latest step of lateness reached, and the latest of its repeats, counted from the last day in time."""
    late = (today - last_day).days
    reached = [rule for rule in rules if rule.days < 0 and late >= -rule.days]
    if not reached:
        return None
    rule = min(reached, key=lambda rule: rule.days)
    since = late + rule.days
    return Occurrence(rule, today - timedelta(days=since % rule.every if rule.every else since))


def recipients(people: Iterable[Person]) -> dict[int, list[Person]]:
    """The people who do the work of each unit, by unit id: open accounts alone, in the order given."""
    found: dict[int, list[Person]] = {}
    for person in people:
        if person.active and person.unit_id is not None and person.role in DOERS:
            found.setdefault(person.unit_id, []).append(person)
    return found


def decide(
    rules: Sequence[Rule], shares: Iterable[OwedShare], people: Iterable[Person], ledger: Ledger, today: date
) -> Decision:
    """The digests of the working day `today`, by person id, and the shares with a live rule that nobody is told of."""
    by_code = {rule.code: rule for rule in rules}
    doers = recipients(people)
    items: dict[int, list[Item]] = {}
    who: dict[int, Person] = {}
    skipped: list[Skip] = []
    for share in shares:
        live = live_rule(rules, share, today)
        if live is None:
            continue
        people_of_unit = reached(share.named, doers.get(share.unit_id, []))
        reason = _obstacle(share, live.rule, today) or (None if people_of_unit else Reason.NOBODY)
        if reason is None:
            told = [person for person in people_of_unit if not ledger.knows(share, person.id, live, by_code)]
            for person in told:
                who[person.id] = person
                items.setdefault(person.id, []).append(item_of(share, live.rule.code, live.repeat_on, today))
            reason = None if told else Reason.TOLD
        if reason:
            skipped.append(Skip(reason, share))
    skipped += [Skip(Reason.ONE_A_DAY, to=who[each].email) for each in sorted(items) if each in ledger.had_digest]
    digests = [digest(who[each], today, items[each]) for each in sorted(items) if each not in ledger.had_digest]
    return Decision(tuple(digests), tuple(skipped))


def _obstacle(share: OwedShare, rule: Rule, today: date) -> Reason | None:
    """Why nobody of the unit is told, whatever the ledger says."""
    if share.unit_kind in rule.except_kinds:
        return Reason.LEFT_OUT
    if share.unit_ends_on is not None and share.unit_ends_on < today:
        return Reason.UNIT_ENDED
    return settled(share)


def settled(share: OwedShare) -> Reason | None:
    """Why the share asks nothing of its unit any more; None while it does."""
    if share.state in REPORTED or share.state in WAITING or share.state in SETTLED:
        return Reason.WAITING
    return Reason.MILESTONE_DONE if share.part == PARTNER and share.leads_done else None


def item_of(share: OwedShare, rule_code: str, repeat_on: date, today: date) -> Item:
    """The line of a digest of the day `today` about a share under a rule."""
    late = max((today - share.last_day).days, 0)
    if late and share.part == LEAD:
        group = Group.OVERDUE
    else:
        group = Group.RETURNED if share.state is State.RETURNED else Group.SOON
    return Item(share, rule_code, repeat_on, group, (share.due - today).days, late)


def digest(person: Person, day: date, items: Iterable[Item]) -> Digest:
    """The items put in order: by group, then by the last day in time, then as the plan has them."""

    def place(item: Item) -> tuple[int, date, int, int, int]:
        share = item.share
        return item.group, share.last_day, share.position, share.ordinal, share.id

    return Digest(person, day, tuple(sorted(items, key=place)))
