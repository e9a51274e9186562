"""Which rule is live for what, on a day: by window, never by the exact day; and when the next window opens.

A rule of days before is live from the day its window is entered ("seven days or less") until the day itself, a rule of
days after from its step on. Of all windows entered only the tightest counts, so that catching up is one line and not a
flood. What falls on a day off is live on the sending day before it, what speaks of days after on the one after.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tracker.domain.preferences import SendingDays
from tracker.domain.reminder_facts import LEAD, PARTNER, Happening, OwedShare
from tracker.domain.reminder_rules import Audience, Event, Rule
from tracker.domain.work import State

# What happened, and a start or a checkpoint that went by, is told for two weeks at most after a rule began to speak.
STALE = timedelta(days=14)
_GOES_STALE = (Event.START, Event.CHECKPOINT, Event.RETURNED, Event.EXTENSION, Event.ASSIGNED)


@dataclass(frozen=True, slots=True)
class Matter:
    """Something about a share that rules may speak of: `subject` and `day` tell it apart for ever in the ledger.

    Rules of days before count to `day` and speak until `closes`, those of days after count from `counts_from`.
    """

    event: Event
    subject: str
    day: date
    counts_from: date
    closes: date
    title: str = ""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A rule that is live, with the day it fell on: the matter's own day unless the rule speaks of days after."""

    rule: Rule
    repeat_on: date


def matters(share: OwedShare) -> list[Matter]:
    """All that may be told of a share, now or on a later day, as its facts stand."""
    if share.part not in (LEAD, PARTNER):
        return []
    found = [*_planned(share)]
    found += (_happened(Event.RETURNED, "return", each) for each in (share.returned,) if each)
    found += (_happened(Event.EXTENSION, "extension", each) for each in (share.answered,) if each)
    answers = Event.APPROVING if share.state is State.APPROVING else Event.SUBMITTED
    found += (_happened(answers, answers.value, each) for each in (share.waiting,) if each)
    found += (_happened(Event.SUBMITTED, "asked", each) for each in (share.asked,) if each)
    # Of partners nobody expects entries.
    quiet_on = share.quiet_on if share.part == LEAD else None
    for event, day in ((Event.ASSIGNED, share.assigned_on), (Event.QUIET, quiet_on)):
        if day:
            found.append(Matter(event, event.value, day, day, day))
    return found


def _planned(share: OwedShare) -> Iterator[Matter]:
    last_day = share.last_day
    if share.due and last_day:
        # A partner is only asked to cooperate: nothing is told after the due date itself.
        yield Matter(Event.DUE, "due", share.due, last_day, last_day if share.part == LEAD else share.due)
    if share.start and share.state is State.NOT_STARTED:
        yield Matter(Event.START, "start", share.start, share.start, share.start + STALE)
    for each in share.checkpoints:
        yield Matter(Event.CHECKPOINT, f"checkpoint:{each.id}", each.day, each.day, each.day + STALE, each.title)


def _happened(event: Event, name: str, what: Happening) -> Matter:
    return Matter(event, f"{name}:{what.number}", what.day, what.day, what.day)


def rests(share: OwedShare, matter: Matter) -> bool:
    """Whether the matter asks nothing now: the unit has reported, or a partner's leads are done."""
    if matter.event in (Event.SUBMITTED, Event.APPROVING):
        return False
    return share.rests or (share.part == PARTNER and share.leads_done)


def addressed(rules: Iterable[Rule], matter: Matter, audience: Audience, share: OwedShare) -> list[Rule]:
    """The rules that speak of this matter to this audience at all."""
    if audience is (Audience.PARTNERS if share.part == LEAD else Audience.DOERS):
        return []
    never_late = share.part == PARTNER and matter.event is Event.DUE
    return [
        rule
        for rule in rules
        if rule.event is matter.event and audience in rule.to and not (never_late and rule.looks_back)
    ]


def live(
    rules: Sequence[Rule], matter: Matter, share: OwedShare, today: date, days: SendingDays, reach: date | None = None
) -> Occurrence | None:
    """The one of the rules that is live for a matter on `today`, for somebody with these sending days.

    `reach` is the last day that today's digest has to speak for, where it is known already.
    """
    back = _looking_back(rules, matter, share, today)
    if back or today > matter.closes:
        return back
    left = max((matter.day - (reach or days.reach(today))).days, 0)
    entered = [rule for rule in rules if not rule.looks_back and rule.days >= left]
    return Occurrence(min(entered, key=lambda rule: rule.days), matter.day) if entered else None


def _looking_back(rules: Iterable[Rule], matter: Matter, share: OwedShare, today: date) -> Occurrence | None:
    """The latest step reached, and the latest of its repeats."""
    begun = [
        (rule, day)
        for rule in rules
        if rule.looks_back
        and (day := _begins(rule, matter, share)) <= today
        and not (matter.event in _GOES_STALE and today - day > STALE)
    ]
    if not begun:
        return None
    rule, day = min(begun, key=lambda each: each[0].days)
    if not rule.every:
        return Occurrence(rule, day)
    repeats = (today - day).days // rule.every
    last = repeats if rule.times is None else min(repeats, rule.times - 1)
    return Occurrence(rule, day + timedelta(days=last * rule.every))


def _begins(rule: Rule, matter: Matter, share: OwedShare) -> date:
    """The day on which a rule of days after begins to speak: its step, or the urging that was one too many.

    A rule with a weekday waits for the first one from then on.
    """
    begins = matter.counts_from - timedelta(days=rule.days)
    if rule.urged is not None and len(share.urged) >= rule.urged:
        begins = min(begins, sorted(each.day for each in share.urged)[rule.urged - 1])
    return begins + timedelta(days=(rule.weekday - begins.isoweekday()) % 7) if rule.weekday else begins


def openings(
    rules: Sequence[Rule], matter: Matter, share: OwedShare, today: date, calendars: Collection[SendingDays]
) -> Iterator[date]:
    """Days after `today` on which a window opens, for somebody with any of these sending days; the first of each rule.

    `rules` are those that may speak of the matter to anybody.
    """
    for rule in rules:
        if rule.looks_back:
            first = _next_step(rule, _begins(rule, matter, share), today)
            if first:
                yield first
        else:
            opens = matter.day - timedelta(days=rule.days)
            yield from (day for days in calendars if (day := days.on_or_before(opens)) > today)


def _next_step(rule: Rule, begins: date, today: date) -> date | None:
    """The first day after `today` on which the rule speaks anew; None where it will not."""
    if begins > today or not rule.every:
        return begins if begins > today else None
    repeats = (today - begins).days // rule.every + 1
    return begins + timedelta(days=repeats * rule.every) if rule.times is None or repeats < rule.times else None
