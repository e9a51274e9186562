"""What the reader knows about the words of Vietnamese administration. All words are written as `plain` gives them."""

import re
from functools import lru_cache

from tracker.domain.units import TIERS as TIERS

# A unit's name begins with one of these. Longer ones first, so that 'văn phòng' is not taken for 'văn'.
HEADS = (
    "văn phòng đăng ký",
    "văn phòng",
    "vp",
    "phòng",
    "ủy ban mặt trận tổ quốc",
    "ủy ban nhân dân",
    "ủy ban",
    "ubnd",
    "ubmttq",
    "hội đồng",
    "hđnd",
    "thường trực",
    "ban chỉ đạo",
    "bcđ",
    "ban quản lý",
    "bql",
    "ban chỉ huy",
    "bộ chỉ huy",
    "ban",
    "sở",
    "bộ",
    "bảo hiểm xã hội",
    "bhxh",
    "công an",
    "quân đội",
    "trung tâm",
    "trường",
    "nhà trường",
    "cơ sở",
    "chi cục",
    "tổng cục",
    "cục",
    "vụ",
    "viện kiểm sát",
    "viện",
    "thanh tra",
    "kho bạc",
    "tòa án",
    "hội",
    "liên đoàn",
    "liên hiệp",
    "liên minh",
    "đoàn thanh niên",
    "đoàn tncs",
    "đoàn",
    "mặt trận tổ quốc",
    "mttq",
    "đảng ủy",
    "quận ủy",
    "huyện ủy",
    "thành ủy",
    "tỉnh ủy",
    "ban chấp hành",
    "đội",
    "tổ công tác",
    "tổ thường trực",
    "khối thi đua",
    "khối",
    "tổ",
    "công đoàn",
    "chi bộ",
    "chi đoàn",
    "liên đội",
    "đồn",
    "bệnh viện",
    "trạm y tế",
    "trạm",
    "ngân hàng",
    "công ty",
    "tập đoàn",
    "chính phủ",
    "thủ tướng chính phủ",
    "thủ tướng",
    "đài",
    "báo",
    "cơ quan",
    "đơn vị",
    "doanh nghiệp",
    "địa phương",
    "tổ chức",
    "ngành",
    "thôn",
    "các",
    "những",
    "một số",
    "toàn bộ",
)

# Persons and standing bodies named before a unit: kept as the role, the unit follows.
ROLES = (
    "thủ trưởng",
    "hiệu trưởng",
    "trưởng ban",
    "trưởng",
    "phó trưởng",
    "phó chủ tịch",
    "chủ tịch",
    "giám đốc",
    "phó giám đốc",
    "lãnh đạo",
    "thường trực",
    "đại diện",
    "cán bộ",
    "bộ phận",
)

# What a unit is to do in this row, written after its name: kept as the role.
DUTIES = (
    "chủ trì",
    "phối hợp",
    "cùng phối hợp",
    "cùng thực hiện",
    "chịu trách nhiệm",
    "là đơn vị",
    "là cơ quan",
    "là đầu mối",
    "làm đầu mối",
    "tổ chức thực hiện",
    "tổ chức triển khai",
    "tổng hợp",
    "tổng kết",
    "đôn đốc",
    "hướng dẫn",
    "tham mưu",
    "rà soát",
    "đề xuất",
    "báo cáo",
    "trình",
    "thực hiện",
    "đối với",
    "theo chức năng",
    "theo lĩnh vực",
    "trong lĩnh vực",
    "theo phân công",
)

# The words of open phrases: 'các phòng, ban, đơn vị có liên quan'.
GENERIC = frozenset(
    re.findall(
        r"\w+|-",
        "các những một số mọi toàn bộ phòng ban ngành đơn vị cơ quan tổ chức sở bộ địa phương đoàn thể cá nhân "
        "viện trường doanh nghiệp hội hiệp xã phường thị trấn và có liên quan khác thuộc trực trên địa bàn "
        "chuyên môn chính trị - trung ương ở cấp tỉnh thành phố quận huyện của",
    )
)
_OPEN_NOUN = re.compile(
    r"^(?:(?:các|những|một số|mọi|toàn bộ) )?(?:phòng|ban|ngành|đơn vị|cơ quan|tổ chức|sở|bộ|địa phương|đoàn thể|"
    r"cá nhân|viện|trường|doanh nghiệp|hội)\b"
)
PLURALS = ("các", "những", "một số", "mọi", "toàn bộ")

# A unit in capitals after one of these belongs to what goes before.
LINKS = frozenset(re.findall(r"\w+", "của và với cho tại do từ các hoặc về qua là theo trong ở thuộc để bởi gửi"))

# Commas inside one name.
FIXED = (
    "kinh tế, hạ tầng và đô thị",
    "văn hóa, thể thao và du lịch",
    "văn hóa, thể thao",
    "văn hóa, khoa học và thông tin",
    "văn hóa, thông tin",
    "lao động, thương binh và xã hội",
    "nông nghiệp, môi trường",
    "thi đua, khen thưởng",
    "khám bệnh, chữa bệnh",
    "phòng, chống",
    "dân số, gia đình và trẻ em",
    "khoa học, công nghệ",
    "giáo dục, đào tạo",
)

_HEAD = re.compile(r"(?:" + "|".join(sorted(map(re.escape, HEADS), key=len, reverse=True)) + r")(?!\w)")
_ROLE = re.compile(r"(?:" + "|".join(sorted(map(re.escape, ROLES), key=len, reverse=True)) + r")(?!\w)")
# Heads that are written short; those of schools alone may be a level: 'các trường MN, TH'.
_SHORT_HEAD = re.compile(r"(?:tt|ttyt|ttvh|ttgdtx|gdnn|p|cty|bv|vks|vksnd|tand|pgd|sgd|lđlđ|hlhpn|hccb)(?!\w)")
_SCHOOL_LEVELS = re.compile(
    r"(?:(?:(?:trường )?(?:mầm non|mẫu giáo|mn|mg|tiểu học|th|trung học cơ sở|thcs|trung học phổ thông|thpt))"
    r"(?: và |\s*[&,-]\s*|$))+"
)
_NUMBER_WORDS = ("một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười")
_COUNTED = re.compile(
    r"(?P<head>(?:(?:chủ tịch )?(?:ubnd|ủy ban nhân dân)|hđnd|hội đồng nhân dân|công an|trạm y tế"
    r"|(?:ban chỉ đạo|bcđ)[^\d,;]*?) )?"
    r"(?:(?P<all>tất cả|toàn bộ|toàn thể|100\s?%(?: số)?)|(?:cả )?(?P<n>\d{1,4})(?:/\d{1,4}|(?P<part>\s?%))?"
    rf"|(?P<word>{'|'.join(_NUMBER_WORDS[1:])}))"
    r" (?P<noun>(?:các )?(?:trường|nhà trường|cơ sở|phường|xã|thị trấn|quận|huyện|phòng|sở|ban|ngành|đơn vị|trạm"
    r"|trung tâm|cụm|khối|tổ|thôn|hội|đoàn|liên đội|câu lạc bộ|doanh nghiệp|công ty|ubnd|bcđ)(?!\w).*)"
)
_AND_SO_ON = re.compile(r"(?:v\.?\s?v\.?|vân vân|…|\.{2,})")
# People, who are no office: 'các trường và phụ huynh'.
_PEOPLE = re.compile(
    r"(?:nhân dân|người dân|phụ huynh|cha mẹ|gia đình|học sinh|sinh viên|giáo viên|cán bộ|hộ|cá nhân|toàn thể)(?!\w)"
)
_DUTY = re.compile(r"\s(?:" + "|".join(map(re.escape, DUTIES)) + r"|(?<!công )(?<!thành )(?<!độc )lập)(?!\w)")
# Words that look like the head of a unit and begin something else.
_NO_HEAD = re.compile(
    r"(?:tổ chức (?!chính trị|xã hội|khác|có|liên|đoàn)|hội (?:nghị|thi|thảo)|bộ (?:tiêu|công cụ|chỉ)|ban hành|báo cáo)"
)


@lru_cache(maxsize=8192)
def head(plain_text: str) -> str | None:
    """The unit word that `plain_text` begins with ('phòng', 'ủy ban nhân dân', 'các'), or None."""
    found = None if _NO_HEAD.match(plain_text) else _HEAD.match(plain_text)
    return found.group() if found else None


@lru_cache(maxsize=8192)
def role(plain_text: str) -> str | None:
    """The role word that `plain_text` begins with, or None."""
    found = _ROLE.match(plain_text)
    return found.group() if found else None


@lru_cache(maxsize=8192)
def duty_at(plain_text: str) -> int | None:
    """Where, after a unit's name, the words about its duty begin, or None."""
    found = _DUTY.search(plain_text)
    return found.start() if found else None


def duties_at(plain_text: str) -> list[int]:
    """Every place where words about a duty may begin."""
    return [found.start() for found in _DUTY.finditer(plain_text)]


def is_duty(plain_text: str) -> bool:
    """Whether the text begins with words about a duty, so that it names nobody itself: 'phối hợp với phụ huynh'."""
    return duty_at(f" {plain_text}") == 0


def begins_party(plain_text: str) -> bool:
    """Whether a unit's name, or a role before one, stands at the beginning."""
    return head(plain_text) is not None or role(plain_text) is not None


@lru_cache(maxsize=8192)
def is_open(plain_text: str) -> bool:
    """Whether the phrase names nobody in particular: only general nouns, or 'liên quan' after them.

    Roles before it change nothing: 'giám đốc, thủ trưởng các sở'.
    """
    while leading := role(plain_text):
        plain_text = plain_text[len(leading) :].lstrip(" ,")
    words = re.findall(r"[\w-]+", plain_text)
    if not words or not _OPEN_NOUN.match(plain_text):
        return False
    return all(word in GENERIC for word in words) or bool(re.search(r"\bliên quan\b", plain_text))


def is_tier(plain_text: str) -> bool:
    """Whether the text is nothing but a tier: 'phường', 'các xã'."""
    return re.sub(r"^(?:các|những) ", "", plain_text) in TIERS


def begins_unit(plain_text: str) -> bool:
    """Whether a unit's name stands at the beginning, its head written out or short ('TT Y tế')."""
    return begins_party(plain_text) or _SHORT_HEAD.match(plain_text) is not None


def has_short_head(plain_text: str) -> bool:
    """Whether the text begins with a unit word that is written short: 'tt', 'p'."""
    return _SHORT_HEAD.match(plain_text) is not None


def names_somebody(text: str) -> bool:
    """Whether words of cooperating are followed by a name: a unit's head, a count of units, or a capital letter."""
    said = text.lower()
    return text[:1].isupper() or begins_unit(said) or counted(said) is not None


@lru_cache(maxsize=8192)
def counted(plain_text: str) -> tuple[str, int | None] | None:
    """A count of units: the words without the number, and the number: None for all, -1 for a part ('50% các trường').

    None where nothing is counted.
    """
    found = _COUNTED.fullmatch(plain_text)
    if found is None:
        return None
    words = (found["head"] or "") + found["noun"]
    if found["all"]:
        return words, None
    if found["part"]:
        return words, -1
    return words, int(found["n"]) if found["n"] else _NUMBER_WORDS.index(found["word"]) + 1


def is_school_levels(plain_text: str) -> bool:
    """Whether the text is nothing but levels of schools: 'tiểu học', 'th & thcs'."""
    return _SCHOOL_LEVELS.fullmatch(plain_text) is not None


def is_and_so_on(plain_text: str) -> bool:
    """Whether the text only says that others are meant too: 'v.v.'."""
    return _AND_SO_ON.fullmatch(plain_text) is not None


def is_people(plain_text: str) -> bool:
    """Whether the text begins with people, who are no office."""
    return _PEOPLE.match(plain_text) is not None
