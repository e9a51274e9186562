"""What people type finds what is written, however either is spelled."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.samples import by_hand
from tracker.domain.names import bare, nfc
from tracker.domain.searching import best_excerpt, excerpt, marked, number_text, read_search, search_text, unit_text

TITLES = [row["title"] for row in by_hand("hai-an-2024-2025.tasks.json")]
SPELLINGS = {
    "as written": lambda text: text,
    "without marks": bare,
    "in capitals": str.upper,
    "decomposed": lambda text: unicodedata.normalize("NFD", text),
    "older tone": lambda text: text.replace("Ủy", "Uỷ").replace("ủy", "uỷ").replace("hóa", "hoá"),
    "capitals without marks": lambda text: bare(text).upper(),
    "other dashes and spaces": lambda text: text.replace("-", "–").replace(" ", "  "),
}


@given(st.sampled_from(TITLES), st.sampled_from(sorted(SPELLINGS)), st.randoms())
def test_every_title_is_found_by_any_of_its_spellings_in_any_order(title, how, chance):
    words = re.sub('["“”]', " ", SPELLINGS[how](title)).split()
    chance.shuffle(words)
    assert read_search(" ".join(words[:8])).finds(title), (title, words)


@pytest.mark.parametrize("how", sorted(SPELLINGS))
def test_every_title_is_found_by_itself_its_quotes_and_all(how):
    assert [title for title in TITLES if not read_search(SPELLINGS[how](title)).finds(title)] == []


@given(st.text(alphabet="aăâbcdđeêghikoôơưyýủỦỷđĐ0123456789/-&., \u0309\u0301", max_size=60))
def test_any_text_is_found_by_itself_and_marked_without_loss(text):
    search = read_search(text)
    assert search.finds(text) or len(search.words) == 12 or not search
    assert "".join(piece for piece, _ in marked(text, search)) == nfc(text)


@pytest.mark.parametrize(
    ("typed", "written", "found"),
    [
        ("dong hai", "Trường THCS Đông Hải", True),
        ("ĐÔNG HẢI", "đông hải 2", True),
        ("hải đông", "Đông Hải", True),
        ('"hai dong"', "Đông Hải", False),
        ('"dong hai"', "Trường Đông Hải 2", True),
        ("“đông hải” 2", "Trường Đông Hải 2", True),
        ('"dong ha"', "Đông Hải", False),
        ("Uỷ ban", "Ủy ban nhân dân", True),
        ("truong kinh", "Trường Đông Hải", False),
        ("ông", "Đông Hải", False),
        ("tieu ho", "Tiểu học", True),
        ("20/11", "Kỷ niệm ngày 20/11", True),
        ("thcs2", "THCS 2", True),
    ],
)
def test_all_words_are_beginnings_of_words_and_quotes_are_a_phrase(typed, written, found):
    assert read_search(typed).finds(written) is found


@pytest.mark.parametrize("typed", ["456/QĐ-UBND", "456 / QĐ - UBND", "456qd-ubnd", "456/qdubnd", "456", "QĐUBND"])
def test_a_document_number_is_found_with_and_without_what_parts_it(typed):
    assert read_search(typed).finds(number_text("456/QĐ-UBND"))
    assert not read_search(typed + "9").finds(number_text("456/QĐ-UBND"))


def test_a_unit_is_found_by_its_abbreviation_and_in_full():
    text = unit_text("UBND phường Cát Bi")
    assert read_search("ủy ban nhân dân cát bi").finds(text)
    assert read_search("ubnd cat bi").finds(text)


def test_nothing_is_looked_for_where_nothing_can_be_found():
    assert not read_search(" !? “” ")
    assert search_text("–") == ""
    assert len(read_search("a b c d e f g h i j k l m n o p").words) == 12


def test_the_words_found_are_marked_as_they_are_written():
    pieces = marked("Trường Tiểu học Đông Hải, quận Hải An", read_search("hai dong"))
    assert [text for text, found in pieces if found] == ["Đông", "Hải", "Hải"]
    pieces = marked("Hải An, Đông Hải", read_search('"đông hải"'))
    assert [text for text, found in pieces if found] == ["Đông", "Hải"]


def test_an_excerpt_shows_what_was_found():
    text = "mở đầu " * 60 + "thiếu kinh phí " + "phần cuối " * 60
    shown = excerpt(text, read_search("kinh phi"))
    assert "kinh phí" in shown
    assert len(shown) < 180
    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert best_excerpt(["Đã xong", "Vướng kinh phí"], read_search("kinh phi")) == "Vướng kinh phí"
