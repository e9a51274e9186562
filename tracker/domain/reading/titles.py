"""Which of the lines above a table are the plan's name: only lines that look like one, else none."""

import re
from collections.abc import Iterator, Sequence

from tracker.domain.names import plain
from tracker.domain.reading import lexicon
from tracker.domain.reading.headings import classify

_KINDS = ("KẾ HOẠCH", "CHƯƠNG TRÌNH", "QUYẾT ĐỊNH", "NGHỊ QUYẾT")
_SUBJECT_ENDS = re.compile(
    r"(?:thực hiện .*(?:\bsố\b|\bngày\b)|căn cứ|kính gửi|theo|xét|[ivx]+[.\- ]|_|-)", re.IGNORECASE
)
# Written as `plain` gives them. In small letters a title begins with one of these, in capitals with any of both.
_NAMES = re.compile(
    r"(?:dự thảo |\(dự thảo\) )?(?:kế hoạch|phụ lục|phụ biểu|phân công|bảng|danh mục|biểu|chương trình|lịch|tiến độ|"
    r"đề án|phương án|nhiệm vụ (?:năm|trọng tâm|tháng|quý|giải pháp)|công tác (?:năm|trọng tâm|tháng|quý))\b(?! này\b)"
)
_IN_CAPITALS = re.compile(
    r"(?:các |những |nội dung |một số )?(?:nhiệm vụ|giải pháp|công tác|công việc|hoạt động|nội dung|tổng hợp|"
    r"giao|lộ trình|thông báo|chỉ tiêu|hướng dẫn|dự thảo)\b"
)
_ONLY_COUNTED = re.compile(r"(?:phụ lục|phụ biểu|biểu|bảng|mẫu)(?: số)?(?: [ivx\d.]+)?\W*", re.IGNORECASE)
_ABOUT = re.compile(r"(?:^|.*\s)v/v\s*:?\s*(?P<what>\S.*)", re.IGNORECASE)
_NO_TITLE = re.compile(
    r"\(.*\)|\W*|[\d\W]+|số ?:.*|.*@.*|.*\d(?:[ .\-]?\d){8,}.*|"
    r".*\b(?:điện thoại|đt|sđt|đtdđ|di động|tel|fax|e-?mail|hotline)\b.*|"
    r"[^\d]{2,40}, ngày[\d .…]*tháng[\d .…]*năm[\d .…]*|ngày[\d .…]+tháng[\d .…]+năm[\d .…]*|"
    r"cộng hòa xã hội.*|độc lập ?[-–].*|đảng cộng sản.*|(?:tm|kt|tl|tuq|q)\..*|nơi nhận.*|kính gửi.*|căn cứ.*|"
    r"(?:phó )?(?:chủ tịch|hiệu trưởng|giám đốc|trưởng phòng|trưởng ban|bí thư|chánh văn phòng|người lập)\b.*|"
    r"(?:họ|họ và|họ,) tên\b.*|danh sách\b(?!.*(?:nhiệm vụ|công việc)).*|"
    r"chức (?:vụ|danh)\b.*|địa chỉ\b.*|người liên hệ.*|đã ký|ký tên.*|ghi chú\b.*"
)
_PERSON = re.compile(
    r"(?:(?:ông|bà|đ/c|đồng chí)[ :]+)?(?:nguyễn|trần|lê|phạm|hoàng|huỳnh|phan|vũ|võ|đặng|bùi|đỗ|hồ|ngô|dương|lý|đinh|"
    r"trịnh|mai|lưu|cao|tô|đào|đoàn|hà|lương|tạ|chu|trương)(?: [^\W\d]+){1,4}"
)
_TIER = re.compile(rf"(?:{'|'.join(lexicon.TIERS)})(?: [^\W\d]+| \d+){{1,4}}")
_ATTACHED = re.compile(r"\s*\((?:ban hành )?kèm theo[^)]*\)\W*$", re.IGNORECASE)
_MOST_WORDS = 60
_FEWEST_WORDS = 3  # of a line in capitals that says by no word what it is
_LONGEST_SUBJECT = 4  # lines


def title_of(lines: Sequence[str]) -> str:
    """The plan's name told by `lines`, the document's from its beginning to the table, or ''.

    In this order: a kind of document and its subject below it, lines in capitals or a line that begins as titles do,
    what stands behind 'V/v', other lines in capitals; of equals those nearest to the table. Never a line with a
    telephone number, an address, the letterhead's day, a signature, or a heading of some table.
    """
    lines = [_ATTACHED.sub("", line) or line for line in lines]
    return _own_title(lines) or _named(lines) or _about(lines) or _in_capitals(lines)


def _own_title(lines: Sequence[str]) -> str:
    """'KẾ HOẠCH' and the subject under it, as one sentence."""
    for at, line in enumerate(lines[:30]):
        if line in _KINDS:
            subject: list[str] = []
            for following in lines[at + 1 : at + 1 + _LONGEST_SUBJECT]:
                ends = _SUBJECT_ENDS.match(following) and (subject or not following.isupper())
                if ends or not _may_be_title(following):
                    break
                subject.append(following)
            words = " ".join(subject)
            if words:
                return f"{line.capitalize()} {words[:1].lower()}{words[1:]}"
    return ""


def _named(lines: Sequence[str]) -> str:
    """The title nearest to the table that a word such as 'Kế hoạch' begins, with the lines that go on with it."""
    counted = ""
    for begin, end in reversed(list(_blocks(lines))):
        for at in range(begin, end):
            words = plain(lines[at])
            if not (_NAMES.match(words) or (lines[at].isupper() and _IN_CAPITALS.match(words))):
                continue
            if _ONLY_COUNTED.fullmatch(words):
                counted = counted or lines[at]
            else:
                return " ".join([lines[at], *_going_on(lines[at + 1 : end], lines[at].isupper())])
    return counted


def _going_on(lines: Sequence[str], in_capitals: bool) -> Iterator[str]:
    for line in lines:
        if not (line.isupper() if in_capitals else line[:1].islower()):
            return
        yield line


def _about(lines: Sequence[str]) -> str:
    for at, line in enumerate(lines):
        if found := _ABOUT.fullmatch(line):
            words = " ".join([found["what"], *_going_on(lines[at + 1 : at + 3], in_capitals=False)])
            return words[:1].upper() + words[1:] if _may_be_title(words) else ""
    return ""


def _in_capitals(lines: Sequence[str]) -> str:
    for begin, end in reversed(list(_blocks(lines))):
        said = [line for line in lines[begin:end] if line.isupper() and not _is_body(line)]
        if said and len(" ".join(said).split()) >= _FEWEST_WORDS:
            return " ".join(said)
    return ""


def _is_body(line: str) -> bool:
    """Whether a line in capitals is an office's or a person's name: 'ỦY BAN NHÂN DÂN QUẬN HẢI AN'."""
    words = plain(line)
    if _PERSON.fullmatch(words) or _TIER.fullmatch(words):
        return True
    return lexicon.begins_party(words) and not re.search(r"\b20\d\d\b", words)


def _blocks(lines: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The stretches of lines that may be one title: lines in capitals, or a line and what goes on in small letters."""
    begin = 0
    for at in range(len(lines) + 1):
        ended = at == len(lines) or not _may_be_title(lines[at])
        if ended or (at > begin and not _belongs(lines[at], lines[at - 1])):
            if begin < at:
                yield begin, at
            begin = at + 1 if ended else at


def _belongs(line: str, above: str) -> bool:
    return line[:1].islower() or (line.isupper() and above.isupper())


def _may_be_title(line: str) -> bool:
    words = plain(line)
    if _NO_TITLE.fullmatch(words) or _PERSON.fullmatch(words) or len(words.split()) > _MOST_WORDS:
        return False
    prose = line[-1:] in ":;" or (line[-1:] in ",." and not line.isupper())
    return not prose and classify(line)[1] < 2
