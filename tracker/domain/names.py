"""Comparing Vietnamese names: one key for all the ways a name is typed."""

import re
import unicodedata
from functools import lru_cache

_DASHES: dict[int, str | None] = dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")
_TYPED = _DASHES | {0xA0: " ", 0x202F: " ", 0x200B: None, 0xFEFF: None, 0xAD: None}
_BARE = _DASHES | {ord("đ"): "d"} | dict.fromkeys(range(0x300, 0x370))  # the marks go
_NOT_WORD = re.compile(r"[^0-9a-z]+")
_NEW_TONE = dict(
    re.findall(
        r"(\w+) (\w+)",
        "oà òa, oá óa, oả ỏa, oã õa, oạ ọa, oè òe, oé óe, oẻ ỏe, oẽ õe, oẹ ọe, uỳ ùy, uý úy, uỷ ủy, uỹ ũy, uỵ ụy",
    )
)
_OLD_TONE = re.compile(r"(?<![qQ])(?:" + "|".join(_NEW_TONE) + r")(?!\w)")
_SPACES = re.compile(r"\s+")

# As `plain` writes them; a d may be typed for a đ.
_ABBREVIATIONS = {
    "ubnd": "ủy ban nhân dân",
    "hđnd": "hội đồng nhân dân",
    "gdđt": "giáo dục đào tạo",
    "gd đt": "giáo dục đào tạo",
    "pgdđt": "phòng giáo dục đào tạo",
    "pgd đt": "phòng giáo dục đào tạo",
    "sgdđt": "sở giáo dục đào tạo",
    "sgd đt": "sở giáo dục đào tạo",
    "tckh": "tài chính kế hoạch",
    "tc kh": "tài chính kế hoạch",
    "lđtbxh": "lao động thương binh xã hội",
    "lđtb xh": "lao động thương binh xã hội",
    "lđ tbxh": "lao động thương binh xã hội",
    "lđ tb xh": "lao động thương binh xã hội",
    "qlđt": "quản lý đô thị",
    "tnmt": "tài nguyên môi trường",
    "tn mt": "tài nguyên môi trường",
    "vhxh": "văn hóa xã hội",
    "vh xh": "văn hóa xã hội",
    "vh tt": "văn hóa thông tin",
    "bcđ": "ban chỉ đạo",
    "ban qlda": "ban quản lý dự án",
    "bql": "ban quản lý",
    "khcn": "khoa học công nghệ",
    "kh cn": "khoa học công nghệ",
    "bhxh": "bảo hiểm xã hội",
    "mttq": "mặt trận tổ quốc",
    "thcs": "trung học cơ sở",
    "thpt": "trung học phổ thông",
    "mn": "mầm non",
    "th": "tiểu học",
    "vp": "văn phòng",
    "tt": "trung tâm",
    "tp": "thành phố",
    "tx": "thị xã",
    "cty": "công ty",
}
_WRITTEN_OUT = {short.replace("đ", "d"): full for short, full in _ABBREVIATIONS.items()}
_ABBREVIATION = re.compile(
    r"\b(" + "|".join(sorted(_ABBREVIATIONS, key=len, reverse=True)).replace("đ", "[dđ]") + r")\b"
)
# One letter, or TT, before a place's own name: 'UBND P. Cát Bi', 'Công an Q. Hải An', 'UBND TT Núi Đèo'.
_TIER_LETTERS = {"p": "phường", "x": "xã", "q": "quận", "h": "huyện"}
_TIER_LETTER = re.compile(r"(?<=\w )([pxqh])(?= \w)")
_TOWNSHIP = re.compile(r"(?<=^ủy ban nhân dân )trung tâm\b")
_OFFICE_LETTER = re.compile(r"^p(?= \w)")
_JOINERS = re.compile(r"\b(?:và|của)\b")
_BARE_JOINERS = re.compile(r"\b(?:va|cua)\b")
_WORDS = re.compile(r"[^\W_]+")


def nfc(text: str) -> str:
    """`text` composed, with every dash as '-' and no-break and zero-width spaces as plain ones or gone."""
    return unicodedata.normalize("NFC", text).translate(_TYPED)


@lru_cache(maxsize=16384)
def squeeze(text: str) -> str:
    """`text` composed, trimmed, with every run of white space as one space."""
    return _SPACES.sub(" ", nfc(text)).strip()


@lru_cache(maxsize=16384)
def plain(text: str) -> str:
    """`text` squeezed, in small letters, marks kept and the tone put where the newer spelling has it (uỷ -> ủy)."""
    return _OLD_TONE.sub(lambda found: _NEW_TONE[found.group()], _with_d(squeeze(text).casefold()))


def _with_d(text: str) -> str:
    """`text`, in small letters, with đ for the letters of other alphabets that look like it and are typed for it."""
    return text.replace("ð", "đ").replace("ɖ", "đ")


def bare(text: str) -> str:
    """`text` in small letters without marks: 'Điện Biên' -> 'dien bien'; punctuation and spaces stay."""
    return unicodedata.normalize("NFD", _with_d(text.casefold())).translate(_BARE)


def fold(text: str) -> str:
    """The key of a name: small letters without marks, any punctuation and white space as one space.

    'Ủy ban  nhân dân' and 'UỶ BAN NHÂN DÂN' fold alike, composed or decomposed. fold(fold(x)) == fold(x).
    """
    return _NOT_WORD.sub(" ", bare(unicodedata.normalize("NFKC", text))).strip()


def search_key(text: str) -> str:
    """The text for a search without accents: as `fold`, but punctuation stays ('20/11')."""
    return _SPACES.sub(" ", bare(unicodedata.normalize("NFKC", text))).strip()


def expand_abbreviations(folded: str) -> str:
    """A folded text with the field's abbreviations written out: 'phong gd dt' -> 'phong giao duc dao tao'."""
    return _ABBREVIATION.sub(lambda found: bare(_WRITTEN_OUT[found.group()]), folded)


def has_marks(text: str) -> bool:
    """Whether any letter of `text` carries a mark (đ counts as one): somebody types with marks."""
    return _is_marked(plain(text))


def _is_marked(written: str) -> bool:
    return not written.isascii() and any(each.isalpha() and not each.isascii() for each in written)


@lru_cache(maxsize=16384)
def unit_key(text: str) -> str:
    """The key by which two spellings of one unit's name agree; marks count, for 'Tân Thành' is not 'Tân Thanh'.

    Small letters, the tone where the newer spelling has it, abbreviations written out, punctuation as spaces, 'và' and
    'của' dropped (GD&ĐT, Giáo dục và Đào tạo, Giáo dục - Đào tạo).
    """
    written = plain(unicodedata.normalize("NFKC", text))
    joiners = _JOINERS if _is_marked(written) else _BARE_JOINERS
    key = _without(joiners, " ".join(_WORDS.findall(written)))
    key = _ABBREVIATION.sub(lambda found: _WRITTEN_OUT[found.group().replace("đ", "d")], key)
    key = _TIER_LETTER.sub(lambda found: _TIER_LETTERS[found.group()], _OFFICE_LETTER.sub("phòng", key))
    return _without(joiners, _TOWNSHIP.sub("thị trấn", key))


def bare_key(text: str) -> str:
    """`unit_key` without marks: what two names share that differ in their marks alone."""
    return bare(unit_key(text))


def _without(words: re.Pattern[str], text: str) -> str:
    return " ".join(words.sub(" ", text).split())
