"""The directory that a document proposes to an empty installation."""

import pytest

from tests.support.samples import read
from tests.support.worlds import ANNEX
from tracker.adapters.documents import read_plan
from tracker.domain.names import unit_key
from tracker.domain.proposals import free_code, kind_of_name, level_of_name, propose_directory
from tracker.domain.units import Directory, GroupRule


@pytest.fixture(scope="module")
def proposed() -> Directory:
    return propose_directory(read(ANNEX.name, known=False))


@pytest.mark.parametrize(
    ("name", "kind", "level"),
    [
        ("Ủy ban nhân dân phường Cát Bi", "people-committee", "ward"),
        ("UBND quận", "people-committee", "district"),
        ("Phòng Quản lý đô thị", "department", None),
        ("Phòng Lao động - Thương binh và Xã hội", "department", None),
        ("Sở Nội vụ", "department", "province"),
        ("Bộ Tài chính", "ministry", None),
        ("Trường TH Thành Tô", "school", "primary"),
        ("Trường TH&THCS Đông Hải 2", "school", "primary-lower-secondary"),
        ("Trường Mầm non Nam Hải", "school", "preschool"),
        ("Hội Khuyến học quận", "mass-organisation", None),
        ("Hội đồng Thi đua - Khen thưởng quận", "council", "district"),
        ("Ủy ban Mặt trận Tổ quốc quận", "front", "district"),
        ("Tiểu học", "", None),
    ],
)
def test_a_name_tells_the_kind_and_level_of_its_unit(name, kind, level):
    assert (kind_of_name(name), level_of_name(name)) == (kind, level)


def test_every_spelling_of_a_unit_becomes_one_unit(proposed):
    school = proposed.find("Trường Tiểu học Thành Tô")
    assert school is not None
    assert school.aliases == ("Trường TH Thành Tô",)
    keys = [unit_key(unit.name) for unit in (*proposed.units, *proposed.groups)]
    assert len(keys) == len(set(keys))


def test_groups_get_a_rule_where_their_words_tell_one_and_a_list_else(proposed):
    by_name = {group.name: group for group in proposed.groups}
    assert by_name["Ủy ban nhân dân các phường"].rule == GroupRule(("people-committee",), ("ward",))
    assert by_name["Các trường Tiểu học"].rule == GroupRule(("school",), ("primary", "primary-lower-secondary"))
    assert by_name["Các trường học"].rule == GroupRule(("school",))
    by_hand = by_name["Các cơ sở giáo dục ngoài công lập"]
    assert (by_hand.kind, by_hand.rule, by_hand.members) == ("list", None, ())
    assert "uy-ban-nhan-dan-phuong-thanh-to" in proposed.expand("uy-ban-nhan-dan-cac-phuong")


def test_read_again_with_its_own_proposal_a_document_knows_its_units(proposed):
    again = read_plan(ANNEX.read_bytes(), ANNEX.name, proposed)
    unknown = {party.name for task in again.tasks for party in (*task.leads, *task.partners) if party.kind != "open"}
    unknown -= {unit.name for unit in (*proposed.units, *proposed.groups)}
    assert unknown == {
        "Trưởng khối thi đua Mầm non",
        "Tiểu học",
        "Trung học cơ sở",
        "Thường trực Hội đồng Thi đua - Khen thưởng quận",
    }
    assert propose_directory(again).units == ()


def test_codes_are_short_plain_and_never_twice():
    taken: set[str] = set()
    assert free_code("Phòng GD&ĐT", taken) == "phong-gd-dt"
    assert free_code("Phòng GD-ĐT", taken) == "phong-gd-dt-2"
    assert free_code("!!!", taken) == "don-vi"
    assert len(free_code("Trung tâm " * 30, taken)) <= 80
