"""A run that looks at each share only when its next look has come sends the same as one that looks at all, always."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.reminding import OFF, RULES, ZONE, person, share
from tracker.domain.people import Role
from tracker.domain.preferences import EVERY_DAY, Pause, Preference
from tracker.domain.reminder_decisions import decide
from tracker.domain.reminder_facts import LEAD, PARTNER, Happening, OwedShare, OwnDay, Urged
from tracker.domain.reminder_people import Office, Turn
from tracker.domain.reminder_rules import Group
from tracker.domain.reminders import Ledger, Telling, may_go
from tracker.domain.share_people import Named
from tracker.domain.work import State

FIRST, DAYS = date(2024, 12, 2), 75
TICKS = (time(7, 5), time(9, 30), time(15, 10))
CAST = [
    person(1),
    person(2, Role.MEMBER),
    person(3, unit_id=2),
    person(4, Role.MEMBER, 2),
    person(5, Role.MONITOR, 9),
    person(6, Role.LEADER, None),
]
ACTING = replace(person(4, Role.MEMBER, 2), unit_id=1)
Change = Callable[[OwedShare, date], OwedShare]
Sent = tuple[datetime, int, str, bool, frozenset[Telling]]


@dataclass
class World:
    """What the two runs see alike: the shares and people, and what becomes of them at which tick."""

    shares: list[OwedShare]
    preferences: dict[int, Preference]
    changes: list[tuple[int, int, Change]]
    choices: list[tuple[int, int, Preference]]
    acting: tuple[int, int] | None
    down: set[int] = field(default_factory=set)


def run(world: World, *, by_looks: bool) -> list[Sent]:
    """Every message of the days, in order; a share is looked at only when it is time where `by_looks`."""
    shares = {each.id: each for each in world.shares}
    preferences = dict(world.preferences)
    looks: dict[int, datetime | None] = dict.fromkeys(shares, datetime.min.replace(tzinfo=ZONE))
    lines: list[Telling] = []
    sent: list[Sent] = []
    for number in range(DAYS * len(TICKS)):
        today = FIRST + timedelta(days=number // len(TICKS))
        now = datetime.combine(today, TICKS[number % len(TICKS)], ZONE)
        for at, share_id, change in world.changes:
            if at == number:
                shares[share_id] = change(shares[share_id], today)
                looks[share_id] = datetime.min.replace(tzinfo=ZONE)
        for at, person_id, chosen in world.choices:
            if at == number:
                preferences[person_id] = chosen
                looks = dict.fromkeys(looks, datetime.min.replace(tzinfo=ZONE))
        if number in world.down or may_go(now, ZONE, OFF):
            continue
        had = frozenset((who, by) for at, who, by, urgent, _ in sent if at.date() == today and not urgent)
        due = [each for each in shares.values() if not by_looks or ((look := looks[each.id]) and look <= now)]
        decision = decide(RULES, due, office(world, preferences, today), Ledger(list(lines), had), now)
        looks |= decision.looks
        for found in decision.digests:
            lines += found.tellings()
            sent.append((now, found.person.id, found.channel, found.urgent, frozenset(found.tellings())))
    return sent


def office(world: World, preferences: dict[int, Preference], today: date) -> Office:
    """The people of a day; one of them may act for the other unit from a day to a day."""
    if world.acting is None:
        return Office(CAST, OFF, ZONE, preferences)
    first, last = (FIRST + timedelta(days=each) for each in world.acting)
    turns = [Turn(4, 1, day) for day in (first, last + timedelta(days=1))]
    acts = [ACTING] if first <= today <= last else []
    return Office([*CAST, *acts], OFF, ZONE, preferences, turns)


def _moved(days: int) -> Change:
    return lambda each, _today: replace(each, due=each.due and each.due + timedelta(days=days))


def _in_state(state: State) -> Change:
    def change(each: OwedShare, today: date) -> OwedShare:
        happened = Happening(today.toordinal(), today)
        return replace(
            each,
            state=state,
            returned=happened if state is State.RETURNED else None,
            waiting=happened if state is State.SUBMITTED else None,
            quiet_on=today + timedelta(days=30) if state in (State.RETURNED, State.IN_PROGRESS) else None,
        )

    return change


def _named(*ids: int) -> Change:
    return lambda each, _today: replace(each, named=Named(frozenset(ids)))


CHANGES: list[Change] = [
    *(_moved(days) for days in (-9, 3, 21)),
    *(_in_state(state) for state in (State.SUBMITTED, State.RETURNED, State.IN_PROGRESS)),
    _named(),
    _named(2),
    _named(1, 2),
    lambda each, today: replace(each, urged=(*each.urged, Urged(today, "Người theo dõi"))),
    lambda each, today: replace(each, answered=Happening(today.toordinal(), today)),
    lambda each, today: replace(each, asked=Happening(today.toordinal(), today)),
    lambda each, today: replace(each, checkpoints=(OwnDay(1, today + timedelta(days=5), "Dự thảo", today),)),
    lambda each, today: replace(each, assigned_on=today),
]
ticks = st.integers(0, DAYS * len(TICKS) - 1)
pauses = st.builds(
    lambda first, length, who: Pause(FIRST + timedelta(days=first), FIRST + timedelta(days=first + length), who),
    st.integers(0, DAYS),
    st.integers(0, 20),
    st.sampled_from([None, 1, 2, 3, 5]),
)
preferences = st.builds(
    Preference,
    hour=st.sampled_from([7, 9, 15, 20]),
    weekdays=st.sampled_from([EVERY_DAY, EVERY_DAY, frozenset({1}), frozenset({2, 5}), frozenset({6})]),
    muted=st.frozensets(st.sampled_from(list(Group)), max_size=2),
    pause=st.none() | pauses,
)
shares = st.lists(
    st.builds(
        lambda due, start, part, unit, state: share(
            None if due is None else FIRST + timedelta(days=due),
            start=None if start is None else FIRST + timedelta(days=start),
            part=part,
            unit_id=unit,
            state=state,
            monitor_unit_ids=(9,),
            quiet_on=FIRST + timedelta(days=40) if state is State.IN_PROGRESS else None,
        ),
        st.none() | st.integers(-40, 90),
        st.none() | st.integers(-40, 60),
        st.sampled_from([LEAD, LEAD, PARTNER]),
        st.integers(1, 2),
        st.sampled_from([State.NOT_STARTED, State.IN_PROGRESS]),
    ),
    min_size=1,
    max_size=5,
).map(lambda made: [replace(each, id=number, milestone_id=number) for number, each in enumerate(made, 1)])


@st.composite
def worlds(draw: st.DrawFn) -> World:
    made = draw(shares)
    ids = st.integers(1, len(made))
    outages = draw(st.lists(st.tuples(ticks, st.sampled_from([1, 3, 42])), max_size=2))
    return World(
        made,
        draw(st.dictionaries(st.integers(1, 6), preferences, max_size=3)),
        draw(st.lists(st.tuples(ticks, ids, st.sampled_from(CHANGES)), max_size=6)),
        draw(st.lists(st.tuples(ticks, st.integers(1, 6), preferences), max_size=2)),
        draw(st.none() | st.tuples(st.integers(0, 40), st.integers(41, DAYS))),
        {at + n for at, length in outages for n in range(length)},
    )


def check(world: World) -> None:
    by_looks, looking_at_all = run(world, by_looks=True), run(world, by_looks=False)
    assert by_looks == looking_at_all
    told = [(telling.channel, telling) for *_, tellings in by_looks for telling in tellings]
    assert len(set(told)) == len(told)
    days = [(at.date(), who) for at, who, by, urgent, _ in by_looks if not urgent and by == "mail"]
    assert len(set(days)) == len(days)


@settings(max_examples=15, deadline=None)
@given(worlds())
def test_looking_when_it_is_time_sends_what_looking_at_all_sends(world: World) -> None:
    check(world)


@pytest.mark.long
@settings(max_examples=4_000, deadline=None)
@given(worlds())
def test_looking_when_it_is_time_sends_what_looking_at_all_sends_in_many_worlds(world: World) -> None:
    check(world)


def test_work_of_any_unit_is_looked_at_when_somebodys_stand_in_comes_back() -> None:
    quiet = share(None, unit_id=2, state=State.IN_PROGRESS, monitor_unit_ids=(9,), quiet_on=date(2025, 1, 11))
    head_away = Preference(pause=Pause(date(2024, 12, 24), date(2025, 1, 13)))
    monitor_away = Preference(pause=Pause(date(2024, 12, 25), date(2025, 1, 14), stand_in=2))
    check(World([replace(quiet, id=1, milestone_id=1)], {2: head_away, 5: monitor_away}, [], [], None, set()))


def test_most_shares_are_not_looked_at_on_most_days() -> None:
    owed = share(date(2024, 12, 27), monitor_unit_ids=(9,))
    looked, look = 0, datetime.min.replace(tzinfo=ZONE)
    lines: list[Telling] = []
    for number in range(25):
        now = datetime.combine(FIRST + timedelta(days=number), TICKS[0], ZONE)
        if look and look <= now and may_go(now, ZONE, OFF) is None:
            looked += 1
            decision = decide(RULES, [owed], Office(CAST, OFF, ZONE), Ledger(lines), now)
            lines += [telling for each in decision.digests for telling in each.tellings()]
            look = decision.looks[1] or datetime.max.replace(tzinfo=ZONE)
    assert looked == 5  # at once, and when the windows of 14, 7, 3 and 1 days open
