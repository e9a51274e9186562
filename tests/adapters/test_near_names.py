"""Near matches: what a misspelt name may mean, with a score, for a person to decide."""

import pytest

from tracker.adapters.near_names import suggest
from tracker.adapters.seeds import load_directory
from tracker.domain.units import Directory, Unit

DIRECTORY = load_directory()


@pytest.mark.parametrize(
    ("text", "code", "least"),
    [
        ("Phòng GD-ĐT quan", "phong-gddt", 97),
        ("Phòng Giao dục Đào tao", "phong-gddt", 97),
        ("Phòng Tài chính Kế hoạc", "phong-tckh", 95),
        ("Phòng Kế hoạch - Tài chính", "phong-tckh", 90),
        ("Trường MN Cat Bì", "truong-mn-cat-bi", 97),
        ("UBND phường Tràng Cac", "ubnd-phuong-trang-cat", 90),
        ("các trường ngoài công lập trên địa bàn", "cac-co-so-ngoai-cong-lap", 70),
    ],
)
def test_the_unit_meant_comes_first(text, code, least):
    first = suggest(text, DIRECTORY)[0]
    assert first.code == code
    assert least <= first.score <= 99


def test_the_nearest_come_first_and_no_more_than_asked_for():
    found = suggest("Phòng Quản lý đô", DIRECTORY, most=2)
    assert found[0].name == "Phòng Quản lý đô thị"
    assert len(found) == 2
    assert found[0].score >= found[1].score


@pytest.mark.parametrize("text", ["", "  ;", "Ngân hàng Chính sách xã hội", "xyz"])
def test_what_is_like_nothing_gets_no_suggestion(text):
    assert suggest(text, DIRECTORY) == ()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Phòng hạ tầng", "ubnd-phuong-trang-cat"),
        ("Trạm Y tế", "phong-y-te"),
        ("Trường Chính trị", "ubnd-phuong-trang-cat"),
    ],
)
def test_another_kind_of_unit_is_not_meant_however_alike_its_letters(text, code):
    assert code not in [each.code for each in suggest(text, DIRECTORY)[:1]]


def test_names_that_differ_in_marks_alone_are_all_offered_and_none_is_quite_the_same():
    communes = Directory(
        [Unit("a", "UBND xã Tân Thành"), Unit("b", "UBND xã Tân Thạnh"), Unit("c", "UBND xã Tân Thanh")]
    )
    found = suggest("UBND xã Tân Thánh", communes)
    assert sorted(each.code for each in found) == ["a", "b", "c"]
    assert all(90 < each.score < 100 for each in found)
    assert suggest("UBND xã Tân Thanh", communes)[0].code == "c"


def test_a_unit_is_suggested_once_whatever_the_number_of_its_spellings():
    unit = Unit("a", "Phòng Văn hóa", aliases=("Phòng Văn hoá quận", "Phòng Văn hóa xã"))
    assert [each.code for each in suggest("Phòng Văn hóa huyện", Directory([unit]))] == ["a"]


def test_a_suggestion_tells_units_groups_and_open_phrases_apart():
    kinds = {suggest(text, DIRECTORY)[0].kind for text in ("Phòng Nội vu", "các trường học.", "các ngành liên quann")}
    assert kinds == {"unit", "group", "open"}
