"""The directory that comes with the program, and how groups are counted."""

from dataclasses import replace
from datetime import date

import pytest

from tests.support.samples import directory
from tracker.domain.units import Directory, Group, GroupRule, Unit

WARDS = ("Cát Bi", "Đằng Hải", "Đằng Lâm", "Đông Hải 1", "Đông Hải 2", "Nam Hải", "Thành Tô", "Tràng Cát")


def members(name: str) -> set[str]:
    group = directory().find(name)
    assert isinstance(group, Group)
    names = {unit.code: unit.name for unit in directory().units}
    return {names[code] for code in directory().expand(group.code)}


def test_the_ward_committees_are_counted_by_rule():
    assert members("UBND các phường") == {f"Ủy ban nhân dân phường {ward}" for ward in WARDS}
    assert members("Ban Chỉ đạo phổ cập các phường") == {
        f"Ban Chỉ đạo phổ cập giáo dục phường {ward}" for ward in WARDS
    }


def test_a_school_of_two_levels_belongs_to_both():
    both = "Trường Tiểu học và Trung học cơ sở Đông Hải 2"
    assert members("các trường Tiểu học") == {"Trường Tiểu học Thành Tô", both}
    assert members("các trường THCS") == {"Trường Trung học cơ sở Nam Hải", both}
    assert both not in members("Các trường mầm non")
    assert members("các nhà trường") == members("các cơ sở giáo dục") >= members("các trường Mầm non") | {both}


@pytest.mark.parametrize(
    "name", ["các phòng, ban có liên quan", "các ngành có liên quan", "các cơ sở ngoài công lập", "?"]
)
def test_open_unknown_and_empty_groups_have_no_members(name):
    found = directory().find(name)
    assert directory().expand(found.code if found else name) == ()


def test_every_parent_exists_and_no_spelling_names_two():
    codes = {unit.code for unit in directory().units}
    assert all(unit.parent is None or unit.parent in codes for unit in directory().units)
    assert len(codes) == len(directory().units)
    for each in (*directory().units, *directory().groups):
        assert all(directory().find(spelling) == each for spelling in (each.name, *each.aliases)), each.name


def test_a_unit_that_has_ended_is_no_member_any_more():
    school = Unit("a", "Trường A", kind="school", ends_on=date(2025, 6, 30))
    schools = Group("all", "các trường", "rule", GroupRule(("school",)))
    listed = Group("list", "danh sách", "list", members=("b",))
    known = Directory([school, replace(school, code="b", name="Trường B", ends_on=None)], [schools, listed])

    assert known.expand("all") == known.expand("all", on=date(2025, 6, 30)) == ("a", "b")
    assert known.expand("all", on=date(2025, 7, 1)) == ("b",) == known.expand("list")
