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

# Longest first where one holds another; each is written in its folded form.
_ABBREVIATIONS = {
    "ubnd": "uy ban nhan dan",
    "hdnd": "hoi dong nhan dan",
    "gddt": "giao duc dao tao",
    "gd dt": "giao duc dao tao",
    "tckh": "tai chinh ke hoach",
    "tc kh": "tai chinh ke hoach",
    "ldtbxh": "lao dong thuong binh xa hoi",
    "ldtb xh": "lao dong thuong binh xa hoi",
    "ld tbxh": "lao dong thuong binh xa hoi",
    "ld tb xh": "lao dong thuong binh xa hoi",
    "qldt": "quan ly do thi",
    "tnmt": "tai nguyen moi truong",
    "tn mt": "tai nguyen moi truong",
    "vhxh": "van hoa xa hoi",
    "vh xh": "van hoa xa hoi",
    "vh tt": "van hoa thong tin",
    "bcd": "ban chi dao",
    "ban qlda": "ban quan ly du an",
    "bql": "ban quan ly",
    "khcn": "khoa hoc cong nghe",
    "kh cn": "khoa hoc cong nghe",
    "bhxh": "bao hiem xa hoi",
    "mttq": "mat tran to quoc",
    "thcs": "trung hoc co so",
    "thpt": "trung hoc pho thong",
    "mn": "mam non",
    "th": "tieu hoc",
    "vp": "van phong",
    "tt": "trung tam",
    "cty": "cong ty",
}
_ABBREVIATION = re.compile(r"\b(" + "|".join(sorted(_ABBREVIATIONS, key=len, reverse=True)) + r")\b")
_JOINERS = re.compile(r"\b(?:va|cua)\b")


def nfc(text: str) -> str:
    """`text` composed, with every dash as '-' and no-break and zero-width spaces as plain ones or gone."""
    return unicodedata.normalize("NFC", text).translate(_TYPED)


def squeeze(text: str) -> str:
    """`text` composed, trimmed, with every run of white space as one space."""
    return _SPACES.sub(" ", nfc(text)).strip()


@lru_cache(maxsize=16384)
def plain(text: str) -> str:
    """`text` squeezed, in small letters, marks kept and the tone put where the newer spelling has it (uỷ -> ủy)."""
    return _OLD_TONE.sub(lambda found: _NEW_TONE[found.group()], squeeze(text).casefold())


def bare(text: str) -> str:
    """`text` in small letters without marks: 'Điện Biên' -> 'dien bien'; punctuation and spaces stay."""
    return unicodedata.normalize("NFD", text.casefold()).translate(_BARE)


def fold(text: str) -> str:
    """The key of a name: small letters without marks, any punctuation and white space as one space.

    'Ủy ban  nhân dân' and 'UỶ BAN NHÂN DÂN' fold alike, composed or decomposed. fold(fold(x)) == fold(x).
    """
    return _NOT_WORD.sub(" ", bare(unicodedata.normalize("NFKC", text))).strip()


def search_key(text: str) -> str:
    """The text for a search without accents: as `fold`, but punctuation stays ('20/11')."""
    return _SPACES.sub(" ", bare(unicodedata.normalize("NFKC", text))).strip()


def expand_abbreviations(folded: str) -> str:
    """A folded name with the field's abbreviations written out: 'phong gd dt' -> 'phong giao duc dao tao'."""
    return _ABBREVIATION.sub(lambda found: _ABBREVIATIONS[found.group()], folded)


@lru_cache(maxsize=16384)
def unit_key(text: str) -> str:
    """The key by which two spellings of one unit's name agree.

    Folded, abbreviations written out, 'và' and 'của' dropped (GD&ĐT, Giáo dục và Đào tạo, Giáo dục - Đào tạo).
    """
    return _drop_joiners(expand_abbreviations(_drop_joiners(fold(text))))


def _drop_joiners(folded: str) -> str:
    return " ".join(_JOINERS.sub(" ", folded).split())
