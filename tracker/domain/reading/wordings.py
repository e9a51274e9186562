"""The words of a time without what tells nothing about its days: hours, weekdays, labels, verbs, odd spellings."""

import re

from tracker.domain.names import bare, nfc, squeeze

_CLOCK = r"(?:\d{1,2} ?(?:h|gio|g)(?: ?\d{1,2})?(?: ?(?:phut|p|'))?|\d{1,2}:\d\d(?::\d\d)?)(?: (?:sang|chieu|toi))?"
_HOUR = rf"(?:(?:vao )?(?:luc|hoi) )?{_CLOCK}"
_WEEKDAY = r"(?:thu (?:hai|ba|tu|nam|sau|bay|[2-7])|chu nhat)"
_A_DAY = r"(?:ngay (?:mung |mong )?\d|\d{1,2} ?[/.\-] ?\d|\d{1,2} thang)"
_BEFORE_HOUR = re.compile(rf"\btruoc {_HOUR},? ?(?=\(?{_WEEKDAY}|{_A_DAY})")
_OF_THE_DAY = re.compile(
    rf"\b(?:(?:{_HOUR}|(?:buoi )?(?:sang|trua|chieu|toi)|(?:ngay )?\(?{_WEEKDAY}\)?)[ ,]*)+(?={_A_DAY})"
)
_HOUR_AFTER = re.compile(rf"(?<=\d)(?:,? {_HOUR}|t\d\d:\d\d(?::\d\d)?)$")
_MONTH = re.compile(r"\bthg?\b\.? ?(?=\d)|\bthg?(?=\d)")
_QUARTER = re.compile(r"\bqu[iy]\b\.? ?(?=(?:[ivx]+|\d+)\b)|\bq(?:\b\.? ?)?(?=(?:i{1,3}|iv|[1-4])\b)")
_ASIDE = re.compile(r" ?\((?P<words>[^()]*[^\d()][^()]*)\)$")
_BULLET = re.compile(r"^(?:[-+•*] ?|[a-e]\) ?)(?=\S)")
_COUNTED = r"(?:dot|lan|vong|buoc|ky|giai doan|noi dung|hoc ky|hk) ?(?:thu )?(?:[ivx]+|\d{1,2}|nhat|mot|hai|ba|tu)"
_LABEL = re.compile(
    rf"(?P<words>[^\d:]*|{_COUNTED}\b[^\d:]*) ?: ?(?=\S)|(?:dot|lan|vong) (?:[ivx]+|\d{{1,2}})\b[ ,\-]*(?=\S)"
)
# A label that says how the time behind it is meant, and so is none.
_MEANT = re.compile(
    r"(?:truoc|sau|tu|den|het|cham|muon|tre|khong|bat dau|ket thuc|han|thuong|hang|dinh|xong|hoan thanh)\b"
)
_VERB = r"(?:du kien|can|phai|xong|hoan thanh|hoan tat|thuc hien|trien khai|to chuc|bao cao|nop|gui|trinh|ban hanh)"
_TIME = (
    r"(?:trong|vao|khoang|truoc|sau|tu|ke|den|het|cham|muon|tre|khong|toi da|dau|giua|cuoi|thang|quy|ngay|nam|tuan|"
    r"t\.?\d|hoc ky|hk|hang|moi|dinh ky|thuong xuyen|\d)"
)
_LEAD = re.compile(rf"(?:{_VERB}[ ,:]+|(?:nhan )?dip (?=ngay|\d)|nhan (?=ngay))+(?={_TIME})")
_MUNG = re.compile(r"\b(?:mung|mong) (?=\d)")
_A_DATE = re.compile(
    r"\b\d{1,2} ?[/.\-] ?(?:\d{1,2} ?[/.\-] ?)?\d{2,4}\b|\b(?:ngay|thang) \d|\bt\.?\d{1,2}/|\bquy (?:i|[1-4]\b)|"
    r"\b(?:truoc|cham nhat|den|het|xong|vao|han)(?: ngay)? \d"
)
_DOCUMENT = re.compile(
    r"\d+/\d{4}/[\w\-]+|(?:so )?:?\d+/[a-z][\w\-/&]*(?: cua [^,;]*?)?(?:,? ngay \d[\d/.\-]*(?: thang \d+ nam \d+)?)?"
)


def tidy(text: str) -> str:
    """A time cell's text with digits and year ranges that a narrow column had cut joined again."""
    text = re.sub(r"[ \t]+", " ", nfc(text)).strip()
    text = re.sub(r"(?<=\d)\s*-\s+(?=20\d\d\b)", "-", text)
    text = re.sub(r"([/.\-])\s+(?=\d)", r"\1", text)
    return re.sub(r"(?<=[/.\-])(\d{1,3})\s+(\d{1,3})(?!\d|\s*[/.\-])", _join_year, text)


def _join_year(found: re.Match[str]) -> str:
    joined = found[1] + found[2]
    return joined if len(joined) == 4 and joined.startswith("20") else found[0]


def holds_date(text: str) -> bool:
    """Whether words also name a day, a month or a quarter, a document's own number apart."""
    return bool(_A_DATE.search(_DOCUMENT.sub(" ", bare(squeeze(text)))))


def core(text: str) -> str:
    """What a phrase says of time, in small letters without marks: 'Đợt 1: sáng thứ Năm, ngày 05/9' -> 'ngay 05/9'.

    'Trước 17 giờ ngày 20/12' becomes 'cham nhat ngay 20/12': the day itself still counts. Words in brackets at the end
    go, unless they name a day. What is no time comes back much as it was.
    """
    words = _BULLET.sub("", bare(squeeze(text)).strip(" .,;:"), count=1)
    words = _BEFORE_HOUR.sub("cham nhat ", _HOUR_AFTER.sub("", _MUNG.sub("", words)))
    words = _OF_THE_DAY.sub("", words)
    words = _without_label(_MONTH.sub("thang ", words))
    words = _QUARTER.sub("quy ", _without_aside(words))
    return _LEAD.sub("", words, count=1).strip(" .,;:") if _LEAD.match(words) else words


def _without_label(words: str) -> str:
    found = _LABEL.match(words)
    if not found:
        return words
    if found["words"] and _MEANT.match(found["words"]):
        return f"{found['words'].strip()} {words[found.end() :]}"
    rest = words[found.end() :]
    return rest.strip("( )") if rest.startswith("(") and rest.endswith(")") else rest


def _without_aside(words: str) -> str:
    found = _ASIDE.search(words)
    while found and found.start() and not holds_date(found["words"]):
        words = words[: found.start()].strip(" .,;:")
        found = _ASIDE.search(words)
    return words
