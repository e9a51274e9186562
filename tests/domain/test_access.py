import pytest

from tracker.domain import access
from tracker.domain.confirming import Watcher, answerers
from tracker.domain.errors import Forbidden, NotFound
from tracker.domain.people import Person, Role

EDUCATION, OFFICE, FINANCE, SCHOOL, OTHER = 1, 2, 3, 4, 5
MONITORS = (EDUCATION, OFFICE)

WATCHERS = tuple(Watcher(10 + unit, frozenset({unit})) for unit in MONITORS)


def person(role: Role, unit: int | None, active: bool = True) -> Person:
    return Person(1, "a@example.org", "A", role, unit, None, None, "vi", active)


CAST = {
    "monitor": person(Role.MONITOR, EDUCATION),
    "office": person(Role.MONITOR, OFFICE),
    "lead": person(Role.HEAD, FINANCE),
    "partner": person(Role.MEMBER, SCHOOL),
    "leader": person(Role.LEADER, None),
    "admin": person(Role.ADMINISTRATOR, None),
    "gone": person(Role.HEAD, FINANCE, active=False),
}


@pytest.mark.parametrize(
    ("who", "sees_finance_task", "logs_finance", "confirms_finance", "confirms_education"),
    [
        ("monitor", True, False, True, False),
        ("office", True, False, True, True),
        ("lead", True, True, False, False),
        ("partner", False, False, False, False),
        ("leader", True, False, False, False),
        ("admin", True, False, False, False),
        ("gone", False, False, False, False),
    ],
)
def test_the_table_of_person_and_action(who, sees_finance_task, logs_finance, confirms_finance, confirms_education):
    asking = CAST[who]
    assert access.may_see_task(asking, {FINANCE}) is sees_finance_task
    assert access.may_log(asking, FINANCE) is logs_finance
    assert access.may_confirm(asking, answerers(MONITORS, WATCHERS, FINANCE)) is confirms_finance
    assert access.may_confirm(asking, answerers(MONITORS, WATCHERS, EDUCATION)) is confirms_education


def test_a_monitor_does_its_own_units_work_and_never_confirms_it():
    assert access.may_log(CAST["monitor"], EDUCATION)
    with pytest.raises(Forbidden, match="đơn vị theo dõi khác sẽ trả lời"):
        access.ask_to_confirm(CAST["monitor"], answerers(MONITORS, WATCHERS, EDUCATION))
    with pytest.raises(Forbidden, match="lãnh đạo hoặc quản trị viên sẽ trả lời"):
        access.ask_to_confirm(CAST["monitor"], answerers((EDUCATION,), WATCHERS, EDUCATION))


ACTS_FOR_EDUCATION = Watcher(12, frozenset({OFFICE, EDUCATION}))
FIRST, SECOND = WATCHERS


@pytest.mark.parametrize(
    ("watchers", "unit", "writers", "goes_to"),
    [
        (WATCHERS, FINANCE, (), MONITORS),
        (WATCHERS, EDUCATION, (), (OFFICE,)),
        # Nobody there who could.
        ((FIRST,), EDUCATION, (), ()),
        ((SECOND,), FINANCE, (), (OFFICE,)),
        ((), FINANCE, (), ()),
        # Only somebody who asks for the share's unit too, or who wrote on it for the unit.
        ((FIRST, ACTS_FOR_EDUCATION), EDUCATION, (), ()),
        ((FIRST, ACTS_FOR_EDUCATION), FINANCE, (), MONITORS),
        (WATCHERS, EDUCATION, (SECOND.person_id,), ()),
        (WATCHERS, FINANCE, (FIRST.person_id,), (OFFICE,)),
    ],
)
def test_a_share_goes_to_the_first_monitor_with_somebody_who_can_answer(watchers, unit, writers, goes_to):
    assert answerers(MONITORS, watchers, unit, frozenset(writers)).goes_to == goes_to


@pytest.mark.parametrize(("who", "may"), [("leader", True), ("admin", True), ("monitor", False), ("lead", False)])
def test_with_no_other_monitor_the_leader_or_an_administrator_confirms(who, may):
    assert access.may_confirm(CAST[who], answerers((EDUCATION,), WATCHERS, EDUCATION)) is may
    assert access.may_confirm(CAST[who], answerers(MONITORS, (FIRST,), EDUCATION)) is may


@pytest.mark.parametrize("who", CAST)
def test_who_wrote_on_a_share_never_answers_it(who):
    assert not access.may_confirm(CAST[who], answerers(MONITORS, WATCHERS, FINANCE, frozenset({1})))


@pytest.mark.parametrize(
    ("who", "watchers", "capacity"),
    [
        ("leader", (), "leader"),
        ("admin", (), "administrator"),
        ("monitor", WATCHERS, ""),
        ("office", WATCHERS, "monitor"),
        ("office", (SECOND,), ""),
    ],
)
def test_an_answer_in_the_place_of_another_monitor_tells_as_what_it_was_given(who, watchers, capacity):
    assert access.confirms_as(CAST[who], answerers(MONITORS, watchers, FINANCE)) == capacity


def test_what_may_not_be_seen_answers_as_if_it_were_not_there():
    with pytest.raises(NotFound, match="không tham gia"):
        access.ask_to_see_task(CAST["partner"], {FINANCE, OTHER})


def test_an_outsider_who_sees_a_task_may_not_write_in_it():
    with pytest.raises(Forbidden, match="Chỉ người của đơn vị"):
        access.ask_to_log(CAST["leader"], FINANCE)


@pytest.mark.parametrize("doing", access.Doing)
def test_a_closed_account_may_do_nothing(doing):
    assert not any(access.may(person(role, FINANCE, active=False), doing, tie) for role in Role for tie in access.Tie)


def test_every_doing_has_a_row_for_every_role():
    assert set(access.TABLE) == set(access.Doing)
    assert all(set(row) == set(Role) for row in access.TABLE.values())
