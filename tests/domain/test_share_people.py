"""Who of a unit is told about a share, and who may be named for one."""

import pytest

from tracker.domain import access
from tracker.domain.errors import Forbidden, Refused
from tracker.domain.people import Person, Role
from tracker.domain.share_people import MOST_PEOPLE, Colleague, Named, check_named, has_head, reached

UNIT = 7


def person(number: int, role: Role = Role.MEMBER, *, active: bool = True) -> Person:
    return Person(number, f"p{number}@example.org", f"Người {number}", role, UNIT, None, None, "vi", active)


HEAD, MEMBER, OTHER = person(1, Role.HEAD), person(2), person(3)
EVERYONE = [HEAD, MEMBER, OTHER]
COLLEAGUES = [Colleague(each.id, each.name, each.role) for each in EVERYONE] + [Colleague(9, "Người 9", Role.LEADER)]


@pytest.mark.parametrize(
    ("doers", "stand_ins", "reachable", "told"),
    [
        ((), (), EVERYONE, [1, 2, 3]),
        ((2,), (), EVERYONE, [2]),
        ((2, 3), (1,), EVERYONE, [2, 3]),
        ((2,), (3,), [HEAD, OTHER], [3]),
        ((2, 3), (1,), [HEAD, OTHER], [3]),
        ((2,), (), [HEAD, OTHER], [1, 3]),
        ((2,), (3,), [HEAD], [1]),
        ((2,), (3,), [], []),
    ],
)
def test_those_who_do_it_are_told_then_who_stands_in_then_the_unit(doers, stand_ins, reachable, told):
    assert [each.id for each in reached(Named(frozenset(doers), frozenset(stand_ins)), reachable)] == told


@pytest.mark.parametrize(
    ("role", "unit_has_head", "may"),
    [
        (Role.HEAD, True, True),
        (Role.MEMBER, True, False),
        (Role.MONITOR, True, False),
        (Role.MEMBER, False, True),
        (Role.MONITOR, False, True),
        (Role.LEADER, False, False),
        (Role.ADMINISTRATOR, False, False),
    ],
)
def test_the_head_gives_and_where_there_is_none_whoever_may_log(role, unit_has_head, may):
    assert access.may_give(person(1, role), UNIT, unit_has_head) is may
    assert not access.may_give(person(1, role), UNIT + 1, unit_has_head)
    assert not access.may_give(person(1, role, active=False), UNIT, unit_has_head)
    if not may:
        with pytest.raises(Forbidden, match="thủ trưởng"):
            access.ask_to_give(person(1, role), UNIT, unit_has_head)


@pytest.mark.parametrize(
    ("doers", "stand_ins", "says"),
    [
        ((4,), (), "người của đơn vị"),
        ((2,), (4,), "người của đơn vị"),
        ((9,), (), "người của đơn vị"),
        ((2,), (2,), "vừa thực hiện vừa làm thay"),
        ((), (2,), "thực hiện trước"),
    ],
)
def test_whom_a_share_cannot_be_given_to(doers, stand_ins, says):
    with pytest.raises(Refused, match=says):
        check_named(doers, stand_ins, COLLEAGUES)


def test_not_to_a_crowd():
    crowd = [Colleague(n, str(n), Role.MEMBER) for n in range(MOST_PEOPLE + 1)]
    check_named(range(MOST_PEOPLE), (), crowd)
    with pytest.raises(Refused, match="nhiều nhất"):
        check_named(range(MOST_PEOPLE + 1), (), crowd)


def test_a_unit_has_a_head_or_not():
    assert has_head(COLLEAGUES)
    assert not has_head(COLLEAGUES[1:])
