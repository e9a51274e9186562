"""Which reminders are live: by window, on working days, once, to those who owe."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.reminding import MONDAY, OFF, RULES, ZONE, day, person, share, told_on
from tracker.domain.people import Person, Role
from tracker.domain.preferences import SendingDays
from tracker.domain.reminder_facts import LEAD, PARTNER, OwedShare
from tracker.domain.reminder_rules import Audience, Event, Group
from tracker.domain.reminder_windows import Occurrence, addressed, live, matters
from tracker.domain.reminders import Decision, Digest, Ledger, Reason, Telling, may_go
from tracker.domain.status import Calendar
from tracker.domain.work import State

DAYS = SendingDays(OFF)


def live_rule(owed: OwedShare, today: date) -> Occurrence | None:
    """The rule of the due date that is live for those who do the share."""
    matter = next(each for each in matters(owed) if each.event is Event.DUE)
    audience = Audience.DOERS if owed.part == LEAD else Audience.PARTNERS
    return live(addressed(RULES, matter, audience, owed), matter, owed, today, DAYS)


def live_on(today: date, owed: OwedShare) -> str | None:
    found = live_rule(owed, today)
    return found.rule.code if found else None


@pytest.mark.parametrize(
    ("today", "due", "expected"),
    [
        ("2/12/2024", "31/12/2024", None),  # 29 days ahead
        ("16/12/2024", "31/12/2024", None),  # 15 days
        ("17/12/2024", "31/12/2024", "before-14"),
        ("18/12/2024", "31/12/2024", "before-14"),  # nobody was at work on the 17th: still the window of 14
        ("23/12/2024", "31/12/2024", "before-14"),  # 8 days
        ("24/12/2024", "31/12/2024", "before-7"),
        ("27/12/2024", "31/12/2024", "before-3"),  # a Friday: Saturday the 28th is 3 days before
        ("30/12/2024", "31/12/2024", "before-1"),
        ("31/12/2024", "31/12/2024", "due-day"),  # the 1st is off: the day before the day off
        ("2/1/2025", "31/12/2024", "overdue"),
        ("13/12/2024", "30/12/2024", None),  # a Friday: Sunday is still 15 days before
        ("13/12/2024", "29/12/2024", "before-14"),  # Sunday is 14 days before
        ("6/12/2024", "9/12/2024", "before-1"),  # a Friday; Monday's eve is a Sunday
        ("29/11/2024", "30/11/2024", "due-day"),  # due on a Saturday: told on Friday
        ("2/12/2024", "30/11/2024", "due-day"),  # still in time until the end of Monday
        ("3/12/2024", "30/11/2024", "overdue"),
        ("24/1/2025", "31/1/2025", "due-day"),  # due in the Tết days off: told before them
        ("3/2/2025", "31/1/2025", "due-day"),
        ("4/2/2025", "31/1/2025", "overdue"),
    ],
)
def test_the_tightest_window_entered_is_live(today: str, due: str, expected: str | None) -> None:
    assert live_on(day(today), share(day(due))) == expected


@pytest.mark.parametrize(
    ("today", "fell_on"),
    [
        ("3/12/2024", "3/12/2024"),  # the first day late: the last day in time was Monday the 2nd
        ("9/12/2024", "3/12/2024"),
        ("10/12/2024", "10/12/2024"),
        ("31/12/2024", "31/12/2024"),
        ("8/1/2025", "7/1/2025"),
        ("3/2/2025", "28/1/2025"),  # fell in the Tết days off, so the working day after them
    ],
)
def test_overdue_work_is_told_weekly_from_its_last_day_in_time(today: str, fell_on: str) -> None:
    found = live_rule(share(day("30/11/2024")), day(today))
    assert found is not None
    assert (found.rule.code, found.repeat_on) == ("overdue", day(fell_on))


def test_a_plan_may_count_as_late_from_the_day_after_a_due_day_off() -> None:
    owed = share(day("30/11/2024"), calendar=Calendar(OFF, late_after_working_day=False))
    assert live_on(day("2/12/2024"), owed) == "overdue"


@pytest.mark.parametrize(
    ("today", "expected"),
    [("24/12/2024", "before-7"), ("31/12/2024", "before-1"), ("2/1/2025", None), ("20/1/2025", None)],
)
def test_partners_are_reminded_until_the_due_date_and_never_told_that_they_are_overdue(
    today: str, expected: str | None
) -> None:
    assert live_on(day(today), share(day("31/12/2024"), part=PARTNER)) == expected


def test_partners_hear_nothing_between_a_due_day_off_and_the_last_day_in_time() -> None:
    assert live_on(day("2/12/2024"), share(day("30/11/2024"), part=PARTNER)) is None


OBSTACLES = {
    "a submitted share waits for the monitor": ({"state": State.SUBMITTED}, Reason.WAITING),
    "a unit that has ended": ({"unit_ends_on": day("15/12/2024")}, Reason.UNIT_ENDED),
    "a mass organisation, even as lead": ({"unit_kind": "mass-organisation"}, Reason.LEFT_OUT),
    "a front": ({"unit_kind": "front"}, Reason.LEFT_OUT),
    "a unit without people": ({"unit_id": 2}, Reason.NOBODY),
}


@pytest.mark.parametrize(("changes", "reason"), OBSTACLES.values(), ids=OBSTACLES)
def test_nobody_is_told(changes: dict[str, object], reason: Reason) -> None:
    for due in (MONDAY, MONDAY - timedelta(days=10)):
        decision = told_on([share(due, **changes)], [person()], Ledger(), MONDAY)
        assert decision.digests == ()
        assert [skip.reason for skip in decision.skipped] == [reason]


def test_a_partner_is_left_alone_once_the_leads_are_done() -> None:
    owed = share(MONDAY + timedelta(days=3), part=PARTNER, leads_done=True)
    assert [skip.reason for skip in told_on([owed], [person()], Ledger(), MONDAY).skipped] == [Reason.MILESTONE_DONE]


def test_a_unit_is_told_on_its_last_day() -> None:
    assert told_on([share(MONDAY, unit_ends_on=MONDAY)], [person()], Ledger(), MONDAY).digests


def test_the_people_who_do_the_work_are_told() -> None:
    cast = [
        person(1, Role.HEAD),
        person(2, Role.MEMBER),
        person(3, Role.MONITOR),
        person(4, Role.LEADER),
        person(5, Role.ADMINISTRATOR),
        person(6, Role.MONITOR, unit_id=9),
        person(7, Role.HEAD, active=False),
        person(8, Role.HEAD, unit_id=None),
    ]
    assert [found.person.id for found in told_on([share(MONDAY)], cast, Ledger(), MONDAY).digests] == [1, 2, 3]


def told(*lines: tuple[str, date, date], on: date | None = None) -> Ledger:
    return Ledger(
        [Telling(1, "due", code, due, 1, "mail", repeat_on, on or repeat_on) for code, due, repeat_on in lines]
    )


def first_reason(owed: OwedShare, ledger: Ledger, today: date = MONDAY) -> Reason | None:
    return next((skip.reason for skip in told_on([owed], [person()], ledger, today).skipped), None)


def test_what_was_told_is_not_told_again_by_the_same_or_a_wider_rule() -> None:
    due = MONDAY + timedelta(days=3)
    assert first_reason(share(due), told(("before-3", due, due))) is Reason.TOLD
    assert first_reason(share(due), told(("before-1", due, due))) is Reason.TOLD
    assert first_reason(share(due), told(("before-7", due, due))) is None


def test_a_moved_due_date_is_told_again_and_a_date_moved_back_is_not() -> None:
    due, later = MONDAY + timedelta(days=3), MONDAY + timedelta(days=10)
    assert first_reason(share(later), told(("before-3", due, due))) is None
    assert first_reason(share(due), told(("before-3", due, due), ("before-14", later, later))) is Reason.TOLD


def test_being_reminded_before_does_not_silence_the_overdue_rule() -> None:
    due = MONDAY - timedelta(days=3)
    assert first_reason(share(due), told(("due-day", due, due)), MONDAY + timedelta(days=1)) is None


def test_an_overdue_week_is_told_once() -> None:
    due, tuesday = day("30/11/2024"), day("10/12/2024")
    assert first_reason(share(due), told(("overdue", due, tuesday)), day("13/12/2024")) is Reason.TOLD
    assert first_reason(share(due), told(("overdue", due, tuesday)), day("17/12/2024")) is None


def test_a_late_telling_covers_the_repeat_that_follows_close_behind() -> None:
    due, tuesday = day("30/11/2024"), day("10/12/2024")
    late = told(("overdue", due, tuesday), on=day("16/12/2024"))  # after six days without electricity
    for today in ("17/12/2024", "19/12/2024", "23/12/2024"):
        assert first_reason(share(due), late, day(today)) is Reason.TOLD
    assert first_reason(share(due), late, day("24/12/2024")) is None
    assert first_reason(share(due), told(("overdue", due, tuesday), on=day("13/12/2024")), day("17/12/2024")) is None


def test_lines_of_a_rule_that_is_gone_silence_nothing() -> None:
    assert first_reason(share(MONDAY), told(("old-rule", MONDAY, MONDAY))) is None


def test_one_digest_holds_everything_the_most_pressing_first() -> None:
    owed = [
        share(MONDAY + timedelta(days=1), id=1, position=4),
        share(MONDAY + timedelta(days=2), id=2, position=3, state=State.RETURNED),
        share(day("30/11/2024"), id=3, position=2, state=State.RETURNED),
        share(day("31/10/2024"), id=4, position=9),
        share(MONDAY + timedelta(days=1), id=5, position=1),
    ]
    (found,) = told_on(owed, [person()], Ledger(), MONDAY).digests
    assert [(item.share.id, item.group) for item in found.items] == [
        (4, Group.OVERDUE),
        (3, Group.OVERDUE),
        (2, Group.RETURNED),
        (5, Group.SOON),
        (1, Group.SOON),
    ]
    assert [item.days_late for item in found.items] == [46, 14, 0, 0, 0]
    assert [item.days_left for item in found.items] == [-46, -16, 2, 1, 1]


def test_who_has_had_todays_digest_waits_for_tomorrow() -> None:
    decision = told_on([share(MONDAY)], [person()], Ledger(had_digest=frozenset({(1, "mail")})), MONDAY)
    assert decision.digests == ()
    assert [(skip.reason, skip.to) for skip in decision.skipped] == [(Reason.ONE_A_DAY, "p1@example.org")]


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2024-12-16T06:59+07:00", Reason.TOO_EARLY),
        ("2024-12-16T07:00+07:00", None),
        ("2024-12-16T23:59+07:00", None),
        ("2024-12-15T23:00+00:00", Reason.TOO_EARLY),  # six in the morning of Monday
        ("2024-12-14T09:00+07:00", Reason.DAY_OFF),
        ("2025-01-01T09:00+07:00", Reason.DAY_OFF),
    ],
)
def test_reminders_go_out_on_working_days_from_seven(moment: str, expected: Reason | None) -> None:
    assert may_go(datetime.fromisoformat(moment), ZONE, OFF) is expected


def test_a_digest_speaks_for_the_days_off_that_follow_it() -> None:
    assert DAYS.reach(day("24/1/2025")) == day("2/2/2025")
    assert SendingDays(OFF, frozenset({1})).reach(MONDAY) == MONDAY + timedelta(days=6)


# --- a simulated year


def year(
    owed: list[OwedShare], people: list[Person], days: Iterable[date]
) -> Iterator[tuple[Decision, list[Digest], date]]:
    """Runs the rules on each of the days as a tick would, keeping the ledger."""
    lines: list[Telling] = []
    for today in days:
        if OFF.is_off(today):
            continue
        decision = told_on(owed, people, Ledger(list(lines)), today)
        for found in decision.digests:
            lines += found.tellings()
        yield decision, list(decision.digests), today


FIRST = date(2024, 9, 2)
SHARES = st.lists(
    st.builds(
        lambda offset, part, unit: share(FIRST + timedelta(days=offset), part=part, unit_id=unit),
        st.integers(0, 200),
        st.sampled_from([LEAD, PARTNER]),
        st.integers(1, 3),
    ),
    min_size=1,
    max_size=8,
).map(lambda made: [replace(each, id=number) for number, each in enumerate(made, 1)])
CAST = [person(1), person(2, Role.MEMBER), person(3, unit_id=2), person(4, unit_id=3)]
OUTAGES = st.lists(st.tuples(st.integers(0, 200), st.sampled_from([1, 2, 14])), max_size=3)


@given(SHARES, OUTAGES)
def test_over_a_year_each_is_told_once_on_working_days_at_most_one_mail_a_day(
    owed: list[OwedShare], outages: list[tuple[int, int]]
) -> None:
    down = {FIRST + timedelta(days=begin + n) for begin, length in outages for n in range(length)}
    days = [each for n in range(260) if (each := FIRST + timedelta(days=n)) not in down]
    lines: list[Telling] = []
    for _decision, digests, today in year(owed, CAST, days):
        assert not OFF.is_off(today)
        assert len({found.person.id for found in digests}) == len(digests)
        for found in digests:
            assert found.items
            assert all(item.share.unit_id == found.person.unit_id for item in found.items)
            assert not any(item.days_late for item in found.items if item.share.part == PARTNER)
            lines += found.tellings()
    assert len(set(lines)) == len(lines)


@given(st.integers(14, 200), st.integers(0, 200), st.sampled_from([1, 14]))
def test_after_an_outage_one_line_says_what_still_matters(offset: int, begin: int, length: int) -> None:
    owed = share(FIRST + timedelta(days=offset))
    down = {FIRST + timedelta(days=begin + n) for n in range(length)}
    days = [FIRST + timedelta(days=n) for n in range(260)]
    calm = [item.rule_code for _, digests, _ in year([owed], [person()], days) for d in digests for item in d.items]
    kept = [each for each in days if each not in down]
    rough = [item.rule_code for _, digests, _ in year([owed], [person()], kept) for d in digests for item in d.items]
    assert len(rough) <= len(calm)
    # Nothing that is still relevant is lost: whatever window is open on the last day has been told.
    assert rough[-1] == calm[-1] == "overdue"


def test_a_day_without_electricity_shifts_a_reminder_and_loses_none() -> None:
    owed, due = share(day("31/12/2024")), day("31/12/2024")
    days = [due - timedelta(days=n) for n in range(20, -1, -1)]
    expected = ["before-14", "before-7", "before-3", "before-1", "due-day"]
    for missing in range(20):
        kept = [each for n, each in enumerate(days) if n != missing]
        codes = [i.rule_code for _, digests, _ in year([owed], [person()], kept) for d in digests for i in d.items]
        assert [code for code in expected if code not in codes] in ([], ["before-1"], ["before-3"])
