"""Who is told of what up the ladder, in whose place, at whose hour; and what a rehearsal tells."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest

from tests.support.reminding import MONDAY, OFF, RULES, ZONE, day, office, person, share, told_on
from tracker.domain.errors import Refused
from tracker.domain.people import Role
from tracker.domain.preferences import Pause, Preference, check_preference
from tracker.domain.reminder_facts import PARTNER, Happening, History, LogLine, OwedShare, OwnDay, Request, Urged
from tracker.domain.reminder_previews import by_rule, would_send
from tracker.domain.reminder_rules import Event, Group
from tracker.domain.reminders import Decision, Ledger, Reason, Telling
from tracker.domain.share_people import Named
from tracker.domain.work import Action, State

HEAD, CLERK, MONITOR, LEADER = (
    person(1),
    person(2, Role.MEMBER),
    person(3, Role.MONITOR, 9),
    person(4, Role.LEADER, None),
)
CAST = [HEAD, CLERK, MONITOR, LEADER]
CLERKS = Named(frozenset({2}))
WEEK = timedelta(days=7)


def late(days: int, **changes: object) -> OwedShare:
    """A share of the clerk's that is late by so many days on Monday."""
    return share(MONDAY - timedelta(days=days), named=CLERKS, monitor_unit_ids=(9,), **changes)


def who(decision: Decision, group: Group | None = None) -> list[int]:
    wanted = (each for each in decision.digests if group is None or any(item.group is group for item in each.items))
    return sorted(each.person.id for each in wanted)


@pytest.mark.parametrize(
    ("days", "urged", "reached"),
    [
        (7, 0, [2]),  # the day after the 9th, a Monday
        (10, 0, [1, 2]),
        (17, 0, [1, 2, 3]),
        (24, 0, [1, 2, 3, 4]),
        (7, 2, [1, 2]),
        (7, 3, [1, 2, 3]),
        (-3, 4, [1, 2, 3, 4]),  # urged in vain before it is due
    ],
)
def test_lateness_and_urging_go_up_the_ladder(days: int, urged: int, reached: list[int]) -> None:
    urgings = tuple(Urged(MONDAY - WEEK + timedelta(days=n), "Người 3") for n in range(urged))
    assert who(told_on([late(days, urged=urgings)], CAST)) == reached


def test_whom_a_lower_step_reaches_is_not_told_the_same_from_a_higher_one() -> None:
    everybodys = share(MONDAY - timedelta(days=10), monitor_unit_ids=(9,))
    decision = told_on([everybodys], CAST)
    assert who(decision, Group.OVERDUE) == [1, 2]
    assert who(decision, Group.ESCALATED) == []


def test_each_step_is_told_what_the_one_below_was_told() -> None:
    owed = late(10, urged=(Urged(MONDAY - timedelta(days=1), "Người 3"),))
    days = [MONDAY - timedelta(days=9), MONDAY - timedelta(days=2)]
    lines = [Telling(1, "due", "overdue", owed.due or MONDAY, 2, "mail", each, each) for each in days]
    (found,) = told_on([owed], CAST, Ledger(lines)).digests
    assert found.person == HEAD
    assert [(each.name, each.days) for each in found.items[0].below] == [("Người 2", tuple(days))]
    assert [each.by for each in found.items[0].share.urged] == ["Người 3"]


def test_a_pause_hands_the_lines_to_who_stands_in_and_they_count_as_told() -> None:
    pause = Pause(MONDAY, MONDAY + WEEK, stand_in=1)
    (found,) = told_on([late(3)], CAST, preferences={2: Preference(pause=pause)}).digests
    assert found.person == HEAD
    assert found.items[0].owners == {2}
    after = told_on([late(3)], CAST, Ledger(found.tellings()), MONDAY + timedelta(days=1))
    assert after.digests == ()


def test_without_a_stand_in_the_work_goes_to_colleagues_and_to_the_last_of_a_unit_all_the_same() -> None:
    away = Preference(pause=Pause(MONDAY, MONDAY + WEEK))
    assert who(told_on([late(3)], CAST, preferences={2: away})) == [1]
    assert who(told_on([late(3)], [CLERK], preferences={2: away})) == [2]
    soon = share(MONDAY + timedelta(days=3))
    assert [each.reason for each in told_on([soon], [CLERK], preferences={2: away}).skipped] == [Reason.UNWANTED]


def test_what_is_switched_off_is_not_told_but_lateness_reaches_somebody_of_the_unit() -> None:
    deaf = Preference(muted=frozenset({Group.OVERDUE, Group.SOON}))
    soon = share(MONDAY + timedelta(days=3), named=CLERKS)
    assert who(told_on([soon], CAST, preferences={2: deaf})) == []
    assert who(told_on([late(3)], CAST, preferences={2: deaf})) == [1]
    assert who(told_on([late(3)], CAST, preferences={1: deaf, 2: deaf})) == [2]


def test_a_circle_of_pauses_silences_nobody_for_good() -> None:
    around = {1: Preference(pause=Pause(MONDAY, MONDAY, 2)), 2: Preference(pause=Pause(MONDAY, MONDAY, 1))}
    assert who(told_on([late(3)], [HEAD, CLERK], preferences=around)) == [2]


def test_a_digest_waits_for_the_persons_hour_and_day_and_an_urgent_line_does_not() -> None:
    chosen = {2: Preference(hour=15, weekdays=frozenset({2}))}
    back = late(-3, state=State.RETURNED, returned=Happening(4, MONDAY))
    decision = told_on([back], [CLERK], preferences=chosen)
    (urgent,) = decision.digests
    assert (urgent.urgent, [item.event for item in urgent.items]) == (True, [Event.RETURNED])
    assert [each.reason for each in decision.skipped] == [Reason.OWN_HOUR]
    look = decision.looks[1]
    assert look
    tuesday = MONDAY + timedelta(days=1)
    assert look.date() == tuesday
    assert told_on([back], [CLERK], Ledger(urgent.tellings()), tuesday, preferences=chosen).digests == ()
    later = told_on([back], [CLERK], Ledger(urgent.tellings()), tuesday, preferences=chosen, at=time(15))
    assert [(each.urgent, [item.event for item in each.items]) for each in later.digests] == [(False, [Event.DUE])]


def test_urgent_lines_go_along_with_a_digest_and_a_share_is_one_line() -> None:
    back = share(MONDAY + timedelta(days=3), state=State.RETURNED, returned=Happening(4, MONDAY))
    (found,) = told_on([back], [HEAD]).digests
    assert (found.urgent, [item.group for item in found.items]) == (False, [Group.RETURNED])
    assert {each.subject for each in found.tellings()} == {"due", "return:4"}


EVENTS = {
    "starts in three days": ({"start": day("19/12/2024"), "state": State.NOT_STARTED}, [(Group.STARTING, [1, 2])]),
    "started, and is under way": ({"start": day("16/12/2024")}, []),
    "a checkpoint today": (
        {"checkpoints": (OwnDay(7, MONDAY, "Dự thảo", MONDAY - WEEK),)},
        [(Group.SOON, [1, 2])],
    ),
    "an extension was decided": ({"answered": Happening(3, MONDAY)}, [(Group.ANSWERED, [1, 2])]),
    "newly given": ({"assigned_on": MONDAY}, [(Group.NEW, [1, 2])]),
    "given long ago": ({"assigned_on": MONDAY - 3 * WEEK}, []),
    "waits for a week": (
        {"state": State.SUBMITTED, "waiting": Happening(2, MONDAY - WEEK)},
        [(Group.WAITING, [3])],
    ),
    "waits for a day": ({"state": State.SUBMITTED, "waiting": Happening(2, MONDAY)}, []),
    "waits for its own head": (
        {"state": State.APPROVING, "waiting": Happening(2, MONDAY - WEEK)},
        [(Group.WAITING, [1])],
    ),
    "has asked for a later date": ({"asked": Happening(5, MONDAY - WEEK)}, [(Group.WAITING, [3])]),
    "quiet since Sunday": ({"quiet_on": MONDAY - timedelta(days=1)}, [(Group.QUIET, [3])]),
    "quiet since Tuesday is told on Monday": ({"quiet_on": MONDAY - timedelta(days=6)}, [(Group.QUIET, [3])]),
    "a partner's silence": ({"quiet_on": MONDAY, "part": PARTNER}, []),
}


@pytest.mark.parametrize(("facts", "expected"), EVENTS.values(), ids=EVENTS)
def test_what_happens_is_told_to_whom_it_concerns(facts: dict[str, object], expected: list[object]) -> None:
    decision = told_on([share(None, monitor_unit_ids=(9,), **facts)], CAST)
    told = {group: who(decision, group) for group in Group if who(decision, group)}
    assert list(told.items()) == expected


def test_a_report_goes_to_the_first_monitor_that_can_answer_it_and_to_nobody_who_wrote_it() -> None:
    other, acting = person(5, Role.MONITOR, 8), replace(person(6, Role.MONITOR, 9), unit_id=1)
    waits = share(None, monitor_unit_ids=(9, 8), state=State.SUBMITTED, waiting=Happening(2, MONDAY - WEEK))
    assert who(told_on([waits], [*CAST, other])) == [3]
    assert who(told_on([waits], [*CAST, other, person(6, Role.MONITOR, 9), acting])) == [3]
    assert who(told_on([replace(waits, writers=frozenset({3}))], [*CAST, other])) == [5]
    assert who(told_on([replace(waits, monitor_unit_ids=(1, 8))], [*CAST, other])) == [5]
    assert who(told_on([replace(waits, writers=frozenset({3, 5}))], [*CAST, other])) == [4]
    assert who(told_on([waits], [HEAD, person(7, Role.ADMINISTRATOR, None)])) == [7]


def test_a_report_whose_head_has_gone_is_told_to_the_units_people() -> None:
    waits = share(None, monitor_unit_ids=(9,), state=State.APPROVING, waiting=Happening(2, MONDAY - WEEK))
    assert who(told_on([waits], [CLERK, MONITOR, LEADER])) == [2]


def test_what_goes_out_in_the_same_moment_is_told_to_the_next_step_as_well() -> None:
    decision = told_on([late(10)], CAST)
    (to_head,) = (each for each in decision.digests if each.person == HEAD)
    assert [(each.name, each.days) for each in to_head.items[0].below] == [("Người 2", (MONDAY,))]


def test_a_share_without_a_monitor_waits_for_leaders() -> None:
    waits = share(None, state=State.SUBMITTED, waiting=Happening(2, MONDAY - WEEK))
    assert who(told_on([waits], CAST)) == [4]


def test_a_repeat_comes_to_its_end() -> None:
    weekly = [rule for rule in RULES if rule.code == "overdue"]
    twice = [type(weekly[0])("overdue", -1, every=7, times=2)]
    lines: list[Telling] = []
    owed, days = share(day("30/11/2024")), []
    for n in range(40):
        today = day("2/12/2024") + timedelta(days=n)
        decision = told_on([owed], [HEAD], Ledger(lines), today, rules=twice)
        lines += [telling for each in decision.digests for telling in each.tellings()]
        days += [today for each in decision.digests]
    assert days == [day("3/12/2024"), day("10/12/2024")]


def test_a_rehearsal_tells_what_rules_would_send_and_the_state_of_each_day() -> None:
    first, last = day("2/12/2024"), day("31/12/2024")
    due = share(day("20/12/2024"), monitor_unit_ids=(9,), state=State.NOT_STARTED)
    log = (
        LogLine(1, Action.SUBMIT, State.SUBMITTED, day("16/12/2024")),
        LogLine(2, Action.RETURN, State.RETURNED, day("18/12/2024")),
    )
    granted = (Request(1, day("18/12/2024"), day("19/12/2024"), day("27/12/2024")),)
    found = would_send(RULES, [History(due, log, granted)], office([HEAD]), first, last)
    told = [(digest.day, [item.rule_code for item in digest.items]) for digest in found]
    assert told == [
        (day("6/12/2024"), ["before-14"]),
        (day("13/12/2024"), ["before-7"]),
        (day("19/12/2024"), ["before-1"]),  # sent back on the 18th; nothing while it waited
        (day("20/12/2024"), ["before-7"]),  # granted on the 19th: a new date, due in a week
        (day("24/12/2024"), ["before-3"]),
        (day("26/12/2024"), ["before-1"]),
        (day("27/12/2024"), ["due-day"]),
        (day("30/12/2024"), ["overdue"]),
    ]
    assert {code: len(lines) for code, lines in by_rule(found).items()}["before-1"] == 2


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (Preference(hour=6), "từ 7 đến 20 giờ"),
        (Preference(weekdays=frozenset({6, 7})), "từ thứ Hai đến thứ Sáu"),
        (Preference(channels=frozenset()), "ít nhất một cách nhận"),
        (Preference(pause=Pause(MONDAY, MONDAY - WEEK)), "bằng hoặc sau ngày đầu"),
        (Preference(pause=Pause(MONDAY - WEEK, MONDAY - timedelta(days=1))), "đã qua"),
        (Preference(pause=Pause(MONDAY, MONDAY + timedelta(days=400))), "một năm"),
        (Preference(pause=Pause(MONDAY, MONDAY, 1)), "người khác trong đơn vị"),
        (Preference(pause=Pause(MONDAY, MONDAY, 3)), "người khác trong đơn vị"),
    ],
)
def test_a_choice_that_would_silence_somebody_by_mistake_is_refused(wanted: Preference, words: str) -> None:
    check_preference(Preference(pause=Pause(MONDAY, MONDAY, 2)), 1, {1, 2}, MONDAY)
    with pytest.raises(Refused, match=words):
        check_preference(wanted, 1, {1, 2}, MONDAY)


def test_nobody_is_told_of_a_share_of_the_past() -> None:
    assert told_on([share(date(2024, 12, 16), part="former")], CAST).digests == ()


BELL_ALONE = Preference(channels=frozenset({"bell"}))


@pytest.mark.parametrize(
    ("days", "preferences", "channels"),
    [
        (-3, {}, {(2, "mail")}),
        (-3, {2: BELL_ALONE}, {(2, "bell")}),
        (3, {2: BELL_ALONE}, {(2, "mail"), (2, "bell")}),  # late, and nobody else would get a mail about it
        (3, {2: Preference(channels=frozenset({"mail", "webhook"}))}, {(2, "mail"), (2, "webhook")}),
    ],
)
def test_channels_are_chosen_but_lateness_reaches_somebody_of_the_unit_by_mail(
    days: int, preferences: dict[int, Preference], channels: set[tuple[int, str]]
) -> None:
    found = told_on([late(days)], CAST, preferences=preferences).digests
    assert {(each.person.id, each.channel) for each in found} == channels


def test_one_mail_to_a_unit_that_is_late_is_enough() -> None:
    everybodys = share(MONDAY - timedelta(days=3))
    found = told_on([everybodys], CAST, preferences={1: BELL_ALONE}).digests
    assert {(each.person.id, each.channel) for each in found} == {(1, "bell"), (2, "mail")}


def test_whoever_chose_nothing_is_told_by_mail_and_in_the_bell() -> None:
    assert Preference().channels == {"mail", "bell"}


def test_the_next_digest_waits_for_the_end_of_a_pause() -> None:
    morning = datetime.combine(MONDAY, time(6), ZONE)
    for chosen, had_today, expected in [
        (Preference(), False, "16/12/2024 07"),
        (Preference(), True, "17/12/2024 07"),
        (Preference(hour=9, weekdays=frozenset({3})), False, "18/12/2024 09"),
        (Preference(pause=Pause(MONDAY, day("20/12/2024"))), True, "23/12/2024 07"),
        (Preference(pause=Pause(day("18/12/2024"), day("20/12/2024"))), False, "16/12/2024 07"),
    ]:
        assert f"{chosen.next_digest(morning, ZONE, OFF, had_today=had_today):%d/%m/%Y %H}" == expected
