"""Splitting a cell into units, with the directory and without."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.samples import directory
from tracker.domain.plan_document import Party
from tracker.domain.reading.parties import PartyReader
from tracker.domain.units import Directory

KNOWING = PartyReader(directory())
KNOWING_NOBODY = PartyReader(Directory())


def codes(text: str) -> list[str | None]:
    return [party.code for party in KNOWING.read(text).parties]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("Phòng Giáo dục và Đào tạo, Nội vụ;", ["phong-gddt", "phong-noi-vu"]),
        ("Phòng Nội vụ, Giáo dục và Đào tạo, các trường học", ["phong-noi-vu", "phong-gddt", "cac-truong-hoc"]),
        ("Các phòng: Tài chính - Kế hoạch, Quản lý đô thị", ["phong-tckh", "phong-qldt"]),
        ("Các phòng: TC-KH, QLĐT, Văn phòng HĐND-UBND", ["phong-tckh", "phong-qldt", "van-phong-hdnd-ubnd"]),
        ("Các trường Tiểu học, Trung học cơ sở", ["cac-truong-tieu-hoc", "cac-truong-thcs"]),
        ("Các trường MN, TH, THCS", ["cac-truong-mam-non", "cac-truong-tieu-hoc", "cac-truong-thcs"]),
        ("BCĐ phổ cập giáo dục quận, phường", ["bcd-pho-cap-quan", "bcd-pho-cap-cac-phuong"]),
        ("Ban Chỉ đạo phổ cập quận và các phường", ["bcd-pho-cap-quan", "bcd-pho-cap-cac-phuong"]),
        ("trường MN Thành Tô, TH Thành Tô", ["truong-mn-thanh-to", "truong-th-thanh-to"]),
        ("Trường TH&THCS Đông Hải 2", ["truong-th-thcs-dong-hai-2"]),
        ("Văn phòng Hội đồng nhân dân và Ủy ban nhân dân", ["van-phong-hdnd-ubnd"]),
        ("các phòng, ban có liên quan, UBND các phường", ["cac-phong-ban-lien-quan", "ubnd-cac-phuong"]),
        ("Công an, phòng Y tế và phòng Kinh tế", ["cong-an-quan", "phong-y-te", "phong-kinh-te"]),
        ("Phòng Y tế\nPhòng Kinh tế", ["phong-y-te", "phong-kinh-te"]),
        ("- Phòng Y tế\n- Phòng Kinh tế", ["phong-y-te", "phong-kinh-te"]),
        ("(1) Phòng Y tế (2) Phòng Kinh tế", ["phong-y-te", "phong-kinh-te"]),
        ("UBND phường Cát Bi / UBND phường Nam Hải", ["ubnd-phuong-cat-bi", "ubnd-phuong-nam-hai"]),
        ("Phòng Y tế, Phòng Y tế", ["phong-y-te"]),
        ("", []),
    ],
)
def test_known_units_are_told_apart(cell, expected):
    assert codes(cell) == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("Bộ Văn hóa, Thể thao và Du lịch, Bộ Y tế", ["Bộ Văn hóa, Thể thao và Du lịch", "Bộ Y tế"]),
        ("Sở Tài chính; các sở, ngành liên quan", ["Sở Tài chính", "các sở, ngành liên quan"]),
        ("Sở Nội vụ, Tài chính", ["Sở Nội vụ", "Sở Tài chính"]),
        ("Các cơ quan, tổ chức, đơn vị có liên quan.", ["Các cơ quan, tổ chức, đơn vị có liên quan"]),
        ("Các Sở, ban, ngành và UBND các xã, phường", ["Các Sở, ban, ngành", "UBND các xã, phường"]),
        ("Cơ sở khám bệnh, chữa bệnh, cơ quan liên quan", ["Cơ sở khám bệnh, chữa bệnh", "cơ quan liên quan"]),
        (
            "Giám đốc, Thủ trưởng các Sở, ban, ngành; Chủ tịch UBND xã, phường",
            ["Giám đốc, Thủ trưởng các Sở, ban, ngành", "Chủ tịch UBND xã, phường"],
        ),
        ("Sở Y tế (bao gồm Trung tâm A, Trung tâm B)", ["Sở Y tế (bao gồm Trung tâm A, Trung tâm B)"]),
    ],
)
def test_unknown_units_are_split_by_their_words(cell, expected):
    assert [party.name for party in KNOWING_NOBODY.read(cell).parties] == expected


def test_words_about_the_duty_are_kept_with_the_unit():
    (party,) = KNOWING.read("Phòng Nội vụ chủ trì tổng hợp, báo cáo").parties

    assert (party.code, party.role) == ("phong-noi-vu", "chủ trì tổng hợp, báo cáo")
    assert party.text == "Phòng Nội vụ chủ trì tổng hợp, báo cáo"


def test_a_standing_body_is_the_role_of_its_council():
    assert KNOWING.read("Thường trực Hội đồng Thi đua - Khen thưởng quận;").parties == (
        Party(
            "Thường trực Hội đồng Thi đua - Khen thưởng quận",
            "Hội đồng Thi đua - Khen thưởng quận",
            "unit",
            "hd-tdkt-quan",
            "Thường trực",
        ),
    )


@pytest.mark.parametrize(
    ("cell", "kind", "slip"),
    [
        ("Phòng Văn hóa", "unit", "unknown-unit"),
        ("Các câu lạc bộ", "group", "unknown-group"),
        ("các cơ quan, đơn vị liên quan", "open", None),
        ("Văn phòng Hội đồng nhân và Ủy ban nhân dân", "unit", "missing-word"),
    ],
)
def test_what_the_directory_does_not_know_is_said(cell, kind, slip):
    reading = KNOWING.read(cell)

    assert [party.kind for party in reading.parties] == [kind]
    assert [each.code for each in reading.slips] == ([slip] if slip else [])


def test_a_missing_word_never_turns_one_ward_into_another():
    assert codes("UBND phường Đông Hải") == [None]


UNITS = st.lists(st.sampled_from(directory().units), min_size=1, max_size=6, unique=True)


@given(UNITS, st.sampled_from([", ", "; ", " và ", "\n"]))
def test_any_list_of_full_names_is_split_into_its_units(units, separator):
    assert codes(separator.join(unit.name for unit in units)) == [unit.code for unit in units]


@given(st.text("Pphòng Ban,;.()và123/-\n Các trường", max_size=60))
def test_reading_units_never_fails_and_never_loses_a_cell(text):
    says_something = any(each.isalpha() for each in text.casefold().replace("và", ""))
    assert bool(KNOWING.read(text).parties) or not says_something
