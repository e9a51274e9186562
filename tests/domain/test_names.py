"""One key for all the ways a name is typed."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.names import bare_key, fold, plain, search_key, squeeze, unit_key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ủy ban nhân dân", "Uỷ ban nhân dân"),
        ("Phòng  Nội vụ", "PHÒNG NỘI VỤ"),
        ("Đông Hải 2", "đông hải 2"),
        ("Tài chính - Kế hoạch", "Tài chính – Kế hoạch"),
        ("Thể dục, thể thao", "Thể dục; thể thao"),
    ],
)
def test_spellings_fold_alike(one, other):
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("Phòng GD&ĐT", "Phòng Giáo dục và Đào tạo"),
        ("Phòng GDĐT", "Phòng Giáo dục - Đào tạo"),
        ("Phòng GD và ĐT", "Phòng Giáo dục và Đào tạo"),
        ("Phòng TC-KH", "Phòng Tài chính - Kế hoạch"),
        ("Phòng LĐ-TB&XH", "Phòng Lao động - Thương binh và Xã hội"),
        ("Phòng QLĐT", "Phòng Quản lý đô thị"),
        ("Phòng TNMT", "Phòng Tài nguyên và Môi trường"),
        ("Phòng VH-XH", "Phòng Văn hóa - Xã hội"),
        ("VP HĐND-UBND", "Văn phòng Hội đồng nhân dân và Ủy ban nhân dân"),
        ("UBND phường Cát Bi", "Uỷ ban nhân dân phường Cát Bi"),
        ("BCĐ phổ cập quận", "Ban Chỉ đạo phổ cập quận"),
        ("trường TH- THCS Đông Hải 2", "Trường Tiểu học và Trung học cơ sở Đông Hải 2"),
        ("TH&THCS Đông Hải 2", "Tiểu học và Trung học cơ sở Đông Hải 2"),
        ("MN Thành Tô", "Mầm non Thành Tô"),
        ("TT Phát triển quỹ đất", "Trung tâm Phát triển quỹ đất"),
        ("P. Nội vụ", "Phòng Nội vụ"),
        ("PGD&ĐT", "Phòng Giáo dục và Đào tạo"),
        ("Phòng LÐ-TB&XH", "Phòng Lao động - Thương binh và Xã hội"),
        ("Phòng LD-TB&XH", "Phòng Lao động - Thương binh và Xã hội"),
        ("UBND P. Cát Bi", "Ủy ban nhân dân phường Cát Bi"),
        ("UBND TT. Núi Đèo", "UBND thị trấn Núi Đèo"),
        ("Công an Q. Hải An", "Công an quận Hải An"),
    ],
)
def test_abbreviations_of_the_field_name_the_same_unit(short, full):
    assert unit_key(short) == unit_key(full)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("UBND xã Tân Thành", "UBND xã Tân Thanh"),
        ("Trường Tiểu học Thành Tô", "Trường Tiểu học Thanh Tố"),
        ("Trường THCS Đông Hải", "Trường THCS Dông Hải"),
        ("Phòng Nội vụ", "Phong Noi vu"),
    ],
)
def test_marks_tell_names_apart(one, other):
    assert unit_key(one) != unit_key(other)
    assert bare_key(one) == bare_key(other)


def test_different_wards_have_different_keys():
    assert unit_key("UBND phường Đông Hải 1") != unit_key("UBND phường Đông Hải 2")


def test_a_search_key_keeps_what_numbers_are_written_with():
    assert search_key("Ngày  20/11") == "ngay 20/11"


def test_plain_keeps_marks_and_moves_the_tone():
    assert plain("Uỷ ban, quý I, khoá") == "ủy ban, quý i, khóa"


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)
    assert squeeze(squeeze(text)) == squeeze(text)


@given(st.text("aăâbcdđeêghiklmnoôơpqrstuưvxyàáảãạằắẳẵặềếểễệộủỹ -&.,", max_size=40))
def test_composed_decomposed_and_capital_letters_fold_alike(text):
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text)) == fold(text.upper())
