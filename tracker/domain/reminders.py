"""Reminders: what is told to whom in which message, what has been told before, and why something is not."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, tzinfo
from enum import StrEnum

from tracker.domain.calendar_days import DaysOff
from tracker.domain.people import Person
from tracker.domain.preferences import FIRST_HOUR
from tracker.domain.reminder_facts import LEAD, OwedShare
from tracker.domain.reminder_rules import ABOVE, LADDER, Audience, Event, Group, Rule
from tracker.domain.reminder_windows import Matter, Occurrence
from tracker.domain.work import State

EARLIEST_HOUR = time(FIRST_HOUR)


class Reason(StrEnum):
    """Why a reminder was not sent, as the ledger and `remind --json` name it."""

    DAY_OFF = "day-off"
    TOO_EARLY = "before-hour"
    NO_RULES = "no-rules"
    BUSY = "somebody-else-plans"
    TOLD = "told-already"
    OWN_HOUR = "waits-for-own-hour"
    UNWANTED = "not-wanted"
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


@dataclass(frozen=True, slots=True)
class Telling:
    """One line of the ledger: a person is told of a matter under a rule, over a channel; `repeat_on` parts repeats.

    `told_on` is the day of the message, `audience` the step of the ladder: neither is part of the line's identity.
    """

    share_id: int
    subject: str
    rule_code: str
    day: date
    person_id: int
    channel: str
    repeat_on: date
    told_on: date = field(compare=False)
    audience: Audience = field(compare=False, default=Audience.DOERS)


@dataclass(frozen=True, slots=True)
class ToldBelow:
    """What somebody further down was told before a matter came up the ladder: by name, on which days."""

    name: str
    days: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """A line of a digest, with the `tellings` that it makes: one, or more where the reader stands in for others.

    `days_left` counts to the due date, below 0 after it; `days_late` is 0 while in time. `below` is who further down
    was told of what came up the ladder, `also` what else is told of the share in the same message.
    """

    share: OwedShare
    event: Event
    rule_code: str
    group: Group
    title: str
    day: date
    days_left: int | None
    days_late: int
    tellings: tuple[Telling, ...]
    below: tuple[ToldBelow, ...] = ()
    also: tuple["Item", ...] = ()

    @property
    def parts(self) -> tuple["Item", ...]:
        """Itself, and what else is told of the share."""
        return (self, *self.also)

    @property
    def asks_extension(self) -> bool:
        """Whether what waits for an answer is a request for a later due date."""
        return self.tellings[0].subject.startswith("asked:")

    @property
    def owners(self) -> frozenset[int]:
        """Whose line it is."""
        return frozenset(each.person_id for each in self.tellings)


@dataclass(frozen=True, slots=True)
class Digest:
    """All that one person is told in one message; `items` are never empty and the most pressing come first."""

    person: Person
    day: date
    items: tuple[Item, ...]
    channel: str = "mail"
    urgent: bool = False

    def tellings(self) -> list[Telling]:
        """The ledger's lines of this digest."""
        return [telling for item in self.items for telling in item.tellings]


@dataclass(frozen=True, slots=True)
class Skip:
    """Something that was not sent, and why; without a share it speaks of the whole tick or of a message to `to`."""

    reason: Reason
    share: OwedShare | None = None
    to: str | None = None
    event: Event | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What a moment asks for, what was left out, and when to look at each share (by id) again; None: not by itself."""

    digests: tuple[Digest, ...] = ()
    skipped: tuple[Skip, ...] = ()
    looks: Mapping[int, datetime | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ledger:
    """What people have been told before, and who (by id, over which channel) has had the digest of the day."""

    told: Collection[Telling] = ()
    had_digest: frozenset[tuple[int, str]] = frozenset()
    _by_key: dict[tuple[int, str, date], list[Telling]] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        for line in self.told:
            self._by_key.setdefault((line.share_id, line.subject, line.day), []).append(line)

    def lines(self, share: OwedShare, matter: Matter) -> list[Telling]:
        """All that was told of a matter."""
        return self._by_key.get((share.id, matter.subject, matter.day), [])

    def knows(self, told: Iterable[Telling], found: Occurrence, rules: Mapping[str, Rule]) -> bool:
        """Whether `told`, one person's lines of a matter, cover the live rule, for this repeat, or a tighter one does.

        A repeat that falls less than half its interval after a late telling of the one before is covered by that.
        """
        rule, fell_on = found.rule, found.repeat_on
        lines = [line for line in told if line.rule_code in rules]
        if not rule.looks_back or not rule.every:
            same = [line for line in lines if rules[line.rule_code].looks_back == rule.looks_back]
            return any(rules[line.rule_code].days <= rule.days for line in (same if rule.looks_back else lines))
        late = [line for line in lines if rules[line.rule_code].looks_back]
        return any(line.repeat_on >= fell_on or 2 * (fell_on - line.told_on).days < rule.every for line in late)


def may_go(now: datetime, zone: tzinfo, days_off: DaysOff) -> Reason | None:
    """None while reminders may go out: on working days from seven in the morning, local time; else why not."""
    local = now.astimezone(zone)
    if days_off.is_off(local.date()):
        return Reason.DAY_OFF
    return Reason.TOO_EARLY if local.time() < EARLIEST_HOUR else None


_TOPICS = {
    Event.DUE: Group.SOON,
    Event.START: Group.STARTING,
    Event.CHECKPOINT: Group.SOON,
    Event.RETURNED: Group.RETURNED,
    Event.EXTENSION: Group.ANSWERED,
    Event.ASSIGNED: Group.NEW,
    Event.SUBMITTED: Group.WAITING,
    Event.APPROVING: Group.WAITING,
    Event.QUIET: Group.QUIET,
}


def topic(event: Event, audience: Audience, *, late: bool) -> Group:
    """What a line is about, as a person may switch it off: `late` is of a due date gone by, or urged too often."""
    if event is Event.DUE and late:
        return Group.ESCALATED if audience in ABOVE else Group.OVERDUE
    return _TOPICS[event]


def item_of(share: OwedShare, matter: Matter, telling: Telling, today: date, *, late: bool) -> Item:
    """The line of a digest of the day `today` about a matter."""
    days_late = max((today - share.last_day).days, 0) if share.last_day else 0
    group = topic(matter.event, telling.audience, late=late or (days_late > 0 and share.part == LEAD))
    if group is Group.SOON and matter.event is Event.DUE and share.state is State.RETURNED:
        group = Group.RETURNED
    return Item(
        share=share,
        event=matter.event,
        rule_code=telling.rule_code,
        group=group,
        title=matter.title,
        day=matter.day,
        days_left=(share.due - today).days if share.due else None,
        days_late=days_late,
        tellings=(telling,),
    )


def told_below(lines: Iterable[Telling], item: Item, names: Mapping[int, str]) -> tuple[ToldBelow, ...]:
    """Who further down the ladder was told of an item's matter, and on which days; `names` by the person's id."""
    own = item.tellings[0]
    days: dict[int, set[date]] = {}
    for line in lines:
        same = (line.share_id, line.subject, line.day) == (own.share_id, own.subject, own.day)
        if same and LADDER.index(line.audience) < LADDER.index(own.audience) and line.person_id in names:
            days.setdefault(line.person_id, set()).add(line.told_on)
    return tuple(ToldBelow(names[each], tuple(sorted(days[each]))) for each in sorted(days, key=names.__getitem__))


def digest(person: Person, day: date, items: Iterable[Item], channel: str = "mail", *, urgent: bool = False) -> Digest:
    """The items put in order: by group, then by the last day in time, then as the plan has them.

    A share is one line, in the most pressing of its groups, whoever's it is and whatever else is told of it; a unit's
    own checkpoints are lines of their own.
    """
    groups = list(Group)

    def place(item: Item) -> tuple[int, date, int, int, int]:
        share = item.share
        return groups.index(item.group), share.last_day or date.max, share.position, share.ordinal, share.id

    merged: dict[tuple[int, str], Item] = {}
    for item in sorted(items, key=place):
        there = merged.get(key := (item.share.id, item.title))
        merged[key] = _with(there, item) if there else item
    return Digest(person, day, tuple(merged.values()), channel, urgent)


def _with(item: Item, other: Item) -> Item:
    """One line for both; what happened beside the first is told with it."""
    known = {(each.event, each.day) for each in item.parts}
    also = item.also if (other.event, other.day) in known else (*item.also, other)
    return replace(item, tellings=item.tellings + other.tellings, also=also)
