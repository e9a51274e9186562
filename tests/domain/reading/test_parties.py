"""Splitting a cell into units, with the directory and without."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.samples import directory
from tracker.domain.plan_document import Party
from tracker.domain.reading.parties import PartyReader
from tracker.domain.units import Directory, Unit

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
        ("a) Phòng Y tế b) Phòng Kinh tế; c) Phòng Nội vụ", ["phong-y-te", "phong-kinh-te", "phong-noi-vu"]),
        ("1. Phòng Y tế 2. Phòng Kinh tế", ["phong-y-te", "phong-kinh-te"]),
        ("Phòng Y tế cùng Phòng Kinh tế", ["phong-y-te", "phong-kinh-te"]),
        ("Phòng Y tế cùng với các trường học", ["phong-y-te", "cac-truong-hoc"]),
        ("Phòng Y tế - Phòng Kinh tế", ["phong-y-te", "phong-kinh-te"]),
        ("Phòng Y tế – UBND phường Cát Bi", ["phong-y-te", "ubnd-phuong-cat-bi"]),
        ("Phòng Y tế & Phòng Kinh tế", ["phong-y-te", "phong-kinh-te"]),
        ("P. Y tế; P.Kinh tế, UBND P. Cát Bi", ["phong-y-te", "phong-kinh-te", "ubnd-phuong-cat-bi"]),
        ("Văn phòng HĐND - UBND", ["van-phong-hdnd-ubnd"]),
        ("Văn phòng HĐND và UBND phường, Công an quận", [None, "cong-an-quan"]),
        ("Các phòng Nội vụ, Y tế", ["phong-noi-vu", "phong-y-te"]),
        ("Ban QLDA quận", ["ban-qlda"]),
        (
            "Phòng Giáo dục và Đào tạo, Nội vụ, Y tế và Kinh tế",
            ["phong-gddt", "phong-noi-vu", "phong-y-te", "phong-kinh-te"],
        ),
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
        ("Phòng A - Phòng B", ["Phòng A", "Phòng B"]),
        ("UBND xã Tân Lập, UBND xã Tân Thành", ["UBND xã Tân Lập", "UBND xã Tân Thành"]),
        ("Phòng Tổng hợp chủ trì; Trường THPT Thành Lập", ["Phòng Tổng hợp", "Trường THPT Thành Lập"]),
        ("PHÒNG NỘI VỤ CHỦ TRÌ", ["PHÒNG NỘI VỤ"]),
        ("Phòng Nội vụ: Chủ trì", ["Phòng Nội vụ"]),
        ("VP HĐND-UBND, TT Y tế quận", ["VP HĐND-UBND", "TT Y tế quận"]),
        ("Phòng Văn hóa & Thông tin, TT Văn hóa, Thể thao", ["Phòng Văn hóa & Thông tin", "TT Văn hóa, Thể thao"]),
        ("Văn phòng HĐND và UBND huyện", ["Văn phòng HĐND và UBND huyện"]),
        ("P. Nội vụ; TT Y tế; v.v.", ["Phòng Nội vụ", "TT Y tế", "v.v"]),
        ("Các trường MN, TH và THCS", ["Các trường MN", "các trường TH", "các trường THCS"]),
        ("các trường Tiểu học, Trung học cơ sở", ["các trường Tiểu học", "các trường Trung học cơ sở"]),
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


NOI_VU, Y_TE, GDDT = "phong-noi-vu", "phong-y-te", "phong-gddt"


@pytest.mark.parametrize(
    ("cell", "leads", "partners"),
    [
        ("Phòng GD&ĐT chủ trì, phối hợp với Phòng Nội vụ", [GDDT], [NOI_VU]),
        ("Phòng GD&ĐT chủ trì phối hợp với Phòng Nội vụ, Phòng Y tế", [GDDT], [NOI_VU, Y_TE]),
        ("Phòng GD&ĐT phối hợp Nội vụ và Y tế tổ chức thực hiện", [GDDT], [NOI_VU, Y_TE]),
        ("Phòng GD&ĐT, phối hợp cùng Phòng Nội vụ; Phòng Y tế", [GDDT], [NOI_VU, Y_TE]),
        ("Phòng GD&ĐT (chủ trì), Phòng Nội vụ (phối hợp)", [GDDT], [NOI_VU]),
        ("Phòng GD&ĐT (chủ trì, phối hợp với Phòng Nội vụ)", [GDDT], [NOI_VU]),
        ("Chủ trì: Phòng GD&ĐT; Phối hợp: Phòng Nội vụ, Y tế", [GDDT], [NOI_VU, Y_TE]),
        ("- Đơn vị chủ trì: Phòng GD&ĐT\n- Đơn vị phối hợp: Phòng Nội vụ", [GDDT], [NOI_VU]),
        ("Phòng GD&ĐT chủ trì, phối hợp với Phòng Nội vụ; Phòng Y tế chủ trì nội dung 2", [GDDT, Y_TE], [NOI_VU]),
        ("Phòng Nội vụ phối hợp thực hiện", [NOI_VU], []),
        ("Phòng Nội vụ phối hợp với phụ huynh học sinh", [NOI_VU], []),
        ("phối hợp với Phòng Nội vụ", [], [NOI_VU]),
    ],
)
def test_who_cooperates_by_the_words_of_the_cell_is_a_partner(cell, leads, partners):
    reading = KNOWING.read(cell)

    assert [party.code for party in reading.parties] == leads
    assert [party.code for party in reading.partners] == partners
    assert reading.slips == ()


@pytest.mark.parametrize(
    ("cell", "code", "other"),
    [
        ("Phòng Y tế tham mưu UBND quận ban hành", Y_TE, "Ủy ban nhân dân quận Hải An"),
        ("Phòng Nội vụ (trừ Công an quận)", NOI_VU, "Công an quận"),
        ("Phòng Nội vụ đôn đốc, hướng dẫn các trường học", NOI_VU, "các trường học"),
    ],
)
def test_a_known_unit_inside_words_about_a_duty_is_asked_about(cell, code, other):
    reading = KNOWING.read(cell)

    assert [party.code for party in reading.everyone] == [code]
    assert [(each.code, each.name) for each in reading.slips] == [("unit-in-role", other)]


@pytest.mark.parametrize(
    "name",
    [
        "Phòng Kinh tế và Hạ tầng",
        "Phòng Y tế và Dân số",
        "Phòng Kinh tế, Hạ tầng và Đô thị",
        "Phòng Kinh tế, Môi trường và Xây dựng",
        "Phòng Nội vụ - Lao động",
        "Trường Tiểu học Thành Tô và Nam Hải",
    ],
)
@pytest.mark.parametrize("rest", ["", ", Phòng Quản lý đô thị", "; các trường học", " chủ trì"])
def test_a_longer_name_is_never_cut_to_a_shorter_one_that_is_known(name, rest):
    first = KNOWING.read(name + rest).parties[0]

    assert (first.code, first.name) == (None, name)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("UBND 8 phường", "ubnd-cac-phuong"),
        ("8 phường", "ubnd-cac-phuong"),
        ("cả 8 phường", "ubnd-cac-phuong"),
        ("08/8 phường", "ubnd-cac-phuong"),
        ("tám phường", "ubnd-cac-phuong"),
        ("100% các trường MN", "cac-truong-mam-non"),
        ("tất cả các trường học", "cac-truong-hoc"),
        ("Toàn bộ các trường Tiểu học", "cac-truong-tieu-hoc"),
        ("UBND 5 phường", None),
        ("15 trường Tiểu học", None),
        ("03 trường THCS", None),
        ("hai trường Mầm non", None),
        ("50% các trường học", None),
    ],
)
def test_a_count_of_units_is_a_group_known_where_it_counts_all(cell, code):
    (party,) = KNOWING.read(cell).parties
    (alone,) = KNOWING_NOBODY.read(cell).parties

    assert (party.kind, party.code) == ("group", code)
    assert (alone.kind, alone.code) == ("group", None)


COMMUNES = [Unit("thanh", "UBND xã Tân Thành"), Unit("lap", "UBND xã Tân Lập"), Unit("noi-vu", "Phòng Nội vụ")]
BOTH = PartyReader(Directory([*COMMUNES, Unit("thanh-2", "UBND xã Tân Thanh")]))


@pytest.mark.parametrize(
    ("cell", "code", "slip"),
    [
        ("UBND xã Tân Thành", "thanh", None),
        ("Ủy ban nhân dân xã Tân Thành", "thanh", None),
        ("UBND xã Tân Thanh", None, "other-marks"),
        ("UBND xã Tấn Thành", None, "other-marks"),
        ("UBND xa Tan Thanh", "thanh", "without-marks"),
        ("UY BAN NHAN DAN XA TAN LAP", "lap", "without-marks"),
        ("Phong Noi vu", "noi-vu", "without-marks"),
        ("Phong Nội vụ", None, "other-marks"),
    ],
)
def test_a_name_that_is_known_but_for_its_marks_is_a_question(cell, code, slip):
    reading = PartyReader(Directory(COMMUNES)).read(cell)

    assert [party.code for party in reading.parties] == [code]
    assert [each.code for each in reading.slips] == ([slip] if slip else [])


def test_of_two_names_that_differ_in_marks_alone_each_is_its_own_and_without_marks_nobodys():
    assert [party.code for party in BOTH.read("UBND xã Tân Thành, UBND xã Tân Thanh").parties] == ["thanh", "thanh-2"]
    (slip,) = BOTH.read("UBND xa Tan Thanh").slips
    assert (slip.code, slip.name) == ("other-marks", "UBND xã Tân Thành”, “UBND xã Tân Thanh")


def test_a_missing_word_never_turns_one_ward_into_another():
    assert codes("UBND phường Đông Hải") == [None]


UNITS = st.lists(st.sampled_from(directory().units), min_size=1, max_size=6, unique=True)


@given(UNITS, st.sampled_from([", ", "; ", " và ", "\n"]))
def test_any_list_of_full_names_is_split_into_its_units(units, separator):
    assert codes(separator.join(unit.name for unit in units)) == [unit.code for unit in units]


@given(UNITS, UNITS, st.sampled_from([" chủ trì, phối hợp với ", ", phối hợp cùng ", "; phối hợp: "]))
def test_of_any_leads_and_partners_in_one_cell_each_stays_on_its_side(leads, partners, words):
    reading = KNOWING.read(", ".join(unit.name for unit in leads) + words + ", ".join(unit.name for unit in partners))

    assert [party.code for party in reading.parties] == [unit.code for unit in leads]
    assert [party.code for party in reading.partners] == [unit.code for unit in partners]


@given(st.text("Pphòng Ban,;.()và123/-\n Các trường", max_size=60))
def test_reading_units_never_fails_and_never_loses_a_cell(text):
    says_something = any(each.isalpha() for each in text.casefold().replace("và", ""))
    assert bool(KNOWING.read(text).parties) or not says_something
