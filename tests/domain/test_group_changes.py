"""What joining and leaving groups would change: listed by a pure rule, never more than a person has to decide."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tracker.domain.group_changes import GroupWork, StandingShare, Why, differences
from tracker.domain.plan_document import Party
from tracker.domain.units import Directory, Group, GroupRule, Unit
from tracker.domain.work import State

TODAY = date(2024, 12, 16)
ISSUED = date(2024, 7, 1)
SCHOOLS = Party("các trường", "các trường", "group", "schools")
OFFICE = Party("Phòng", "Phòng", "unit", "office")


def school(code: str, **changes: object) -> Unit:
    return replace(Unit(code, f"Trường {code}", kind="school"), **changes)  # type: ignore[arg-type]


def known(*units: Unit, members: tuple[str, ...] | None = None) -> Directory:
    rule = GroupRule(("school",)) if members is None else None
    group = Group("schools", "các trường", "rule" if rule else "list", rule, members or ())
    return Directory([*units, Unit("office", "Phòng", kind="department")], [group])


def share(number: int, code: str, **changes: object) -> StandingShare:
    return replace(StandingShare(number, code, "lead", "schools", State.NOT_STARTED), **changes)  # type: ignore[arg-type]


def work(*shares: StandingShare, leads: tuple[Party, ...] = (SCHOOLS,), due: date | None = None) -> GroupWork:
    return GroupWork(7, 3, "23", "Việc", 1, due or TODAY + timedelta(30), leads, (), shares)


def told(units: Directory, given: GroupWork) -> list[tuple[str, str, bool]]:
    return [(each.key, each.why.value, each.advised) for each in differences([given], units, ISSUED, TODAY)]


def test_nothing_is_pending_where_shares_and_groups_agree():
    assert told(known(school("a"), school("b")), work(share(1, "a"), share(2, "b"))) == []


@pytest.mark.parametrize(
    ("unit", "why"),
    [
        (school("b"), Why.JOINED),
        (school("b", starts_on=TODAY), Why.FOUNDED),
        (school("b", starts_on=ISSUED), Why.JOINED),
    ],
)
def test_a_unit_that_is_new_in_the_group_would_get_a_share(unit, why):
    assert told(known(school("a"), unit), work(share(1, "a"))) == [("add-7-b", why.value, True)]


def test_a_unit_that_left_or_ended_would_lose_its_own():
    gone = school("b", ends_on=TODAY - timedelta(1))
    assert told(known(school("a"), school("b", kind="centre")), work(share(1, "a"), share(2, "b"))) == [
        ("end-2", "left", True)
    ]
    assert told(known(school("a"), gone), work(share(1, "a"), share(2, "b"))) == [("end-2", "ended", False)]
    assert told(known(school("a"), school("b"), members=("a",)), work(share(1, "a"), share(2, "b"))) == [
        ("end-2", "left", True)
    ]


@pytest.mark.parametrize(
    "standing",
    [
        share(2, "b", state=State.ACCEPTED),
        share(2, "b", by_event=True),
        share(2, "b", group_code=None),
        share(2, "b", ended=True),
    ],
)
def test_what_is_done_decided_or_given_by_name_stays(standing):
    assert told(known(school("a"), school("b", kind="centre")), work(share(1, "a"), standing)) == []


def test_a_unit_relieved_by_an_event_is_not_asked_back_and_one_that_left_a_group_may_return():
    everyone = known(school("a"), school("b"))
    assert told(everyone, work(share(1, "a"), share(2, "b", ended=True, by_event=True))) == []
    assert told(everyone, work(share(1, "a"), share(2, "b", ended=True))) == [("add-7-b", "joined", True)]


def test_a_unit_also_on_the_task_by_name_keeps_its_share():
    leads = (SCHOOLS, Party("B", "B", "unit", "b"))
    assert told(known(school("a"), school("b", kind="centre")), work(share(1, "a"), share(2, "b"), leads=leads)) == []


@pytest.mark.parametrize(
    "given",
    [
        work(share(1, "a"), due=TODAY - timedelta(1)),
        work(share(1, "a", state=State.ACCEPTED)),
    ],
)
def test_what_would_be_late_at_once_or_open_again_is_listed_and_not_meant_by_all(given):
    assert told(known(school("a"), school("b")), given) == [("add-7-b", "joined", False)]
