"""The language of time in plans: from the words of a cell to milestones.

Each wording has a kind (see `MilestoneKind`); a wording the program does not know is never guessed: it is handed
back with a problem that says so.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import lru_cache
from itertools import takewhile

from tracker.domain.names import bare, squeeze
from tracker.domain.plan_document import Severity
from tracker.domain.reading.offsets import counts_working_days, offset_of, origin
from tracker.domain.reading.periods import NotInCalendar, YearUnknown, begun_by, read_span
from tracker.domain.reading.recurrences import recurrence, yearly
from tracker.domain.reading.stretches import ends_of, listed, range_of
from tracker.domain.reading.times import CellTime, TimeContext, TimePart, TimeProblem
from tracker.domain.reading.wordings import core, tidy
from tracker.domain.words import N_

__all__ = ["CellTime", "TimeContext", "TimePart", "TimeProblem", "read_cell"]

_LONGEST = 400  # characters; nobody writes a time that long
# What waits for somebody is known by its words; "khi" and "chờ" alone tell nothing ("khi nào rảnh").
_HAPPENS = (
    r"(?:co|nhan|nhan duoc|duoc|du|can|ban hanh|huong dan|chi dao|yeu cau|phe duyet|thong qua|phan cong|giao|"
    r"trien khai|thong bao|to chuc|bat dau|hoan thanh|hoan tat|ket thuc|phat sinh|xay ra)"
)
_WAITING = re.compile(
    r"(?:theo|can cu|phu thuoc|phu hop|dong thoi|trong qua trinh|(?:ngay )?sau khi) \S.*|"
    rf"(?:ngay |truoc |cho (?:den )?)?khi (?:.+ )?{_HAPPENS}\b.*|"
    r"tuy (?:theo|thuoc|tinh hinh|dieu kien|thuc te|yeu cau|nhu cau|noi dung|tung)\b.*|"
    rf"cho (?:.+ )?{_HAPPENS}\b.*|cho (?:y kien|van ban|ket qua|quyet dinh|chu truong)\b.*"
)
_DONE = re.compile(r"(?:da|vua) (?:hoan thanh|xong|thuc hien|ban hanh|trien khai)(?: xong)?.*")
_BEFORE = re.compile(r"(?:ngay |xong )?truoc (?:khi |them |luc )?(?P<x>.+)")
_BEFORE_BY = re.compile(
    r"(?:xong )?truoc (?:khi )?(?P<x>.+?),? (?:it nhat |toi thieu )?(?P<n>\d{1,2}) (?P<unit>ngay|tuan)"
)
_NOT_AFTER = re.compile(
    r"(?:xong )?(?:(?:cham|muon|tre) nhat(?: la)?(?: vao| den het| den| het)?|den het|den|het|toi|ket thuc|"
    r"khong (?:qua|muon hon|cham hon|tre hon)(?: het)?|truoc (?:khi |luc )?(?:ket thuc|het)|"
    r"truoc hoac trong|trong hoac truoc|(?:han|thoi han)"
    r"(?: (?:cuoi(?: cung)?|chot|nop|hoan thanh))?(?: la| den)?) (?P<x>.+)"
)
_AFTER = re.compile(r"(?:tu |ngay )?sau (?:khi )?(?:ket thuc |het |ky |dot |dip )*(?P<x>.+?)(?: tro di)?")
_FROM = re.compile(r"(?:bat dau )?(?:(?:ke|tinh) )?tu (?P<x>.+?)(?: tro di| den khi hoan thanh)?|bat dau (?P<y>.+)")
_BEGUN_AND_DONE = re.compile(
    r"(?:bat dau |trien khai |thuc hien )?(?P<a>.+?) ?[,;.]? (?:va )?(?P<b>(?:hoan thanh|xong|ket thuc|cham nhat|"
    r"khong qua)\b.+)"
)
_EVENT = re.compile(r"(?!.*\d{4}).*\b(?:ky hop|hoi nghi|dai hoi|phien hop|khai giang|be giang|ky thi|ky kiem tra)\b.*")
_MAY_BE_WORK = re.compile(r"(?:le |nghi |ky )*(?:khai giang|khai truong|tet)\b.*")  # what a task may be called as well
_ABOUT_EVENT = re.compile(r"(?:ngay |xong )?(?:truoc|sau|den|cham nhat)\b.*")
_BULLET = re.compile(r"^\s*[-+•*]\s*", re.MULTILINE)
_WEEKDAY = re.compile(r"\bthu (hai|ba|tu|nam|sau|bay|[2-7])\b|\b(chu nhat)\b")
_WEEKDAYS = {"hai": 0, "ba": 1, "tu": 2, "nam": 3, "sau": 4, "bay": 5} | {str(n): n - 2 for n in range(2, 8)}

_UNREAD = N_(
    "Không hiểu thời gian “%(text)s”: nếu để vậy thì ghi không có hạn. Hãy ghi như “Tháng 8/2024”, “Ngày 05/9/2024” "
    "hoặc “Thường xuyên”."
)
_MALFORMED = N_(
    "Không đọc được thời gian “%(text)s”: có số nhưng không rõ là ngày, tháng hay quý nào. Nếu để vậy thì giữ nguyên "
    "chữ và ghi không có hạn; nếu có hạn, hãy ghi như “Tháng 8/2024” hoặc “Ngày 05/9/2024”."
)
_NOT_THERE = {
    "day": N_("“%(text)s” không có trong lịch: không có ngày %(part)s. Hãy sửa ô này."),
    "month": N_("“%(text)s” không có trong lịch: không có tháng %(part)s. Hãy sửa ô này."),
    "quarter": N_("“%(text)s” không có trong lịch: không có quý %(part)s. Hãy sửa ô này."),
    "week": N_("“%(text)s” không có trong lịch: năm học không có tuần %(part)s. Hãy sửa ô này."),
    "years": N_("“%(text)s” không có trong lịch: %(part)s kết thúc trước khi bắt đầu. Hãy sửa ô này."),
}
_NO_YEAR = N_(
    "“%(text)s” không ghi năm, kế hoạch cũng không cho biết năm: nếu để vậy thì ghi không có hạn. Hãy ghi đủ năm."
)
_REMAINDER = N_("Phần “%(text)s” trong ô thời gian chưa được hiểu; tạm lấy phần còn lại của ô làm thời hạn.")
_NO_ISSUE_DAY = N_(
    "“%(text)s” tính từ ngày ban hành, mà kế hoạch chưa có ngày ban hành: nếu để vậy thì ghi không có hạn."
)
_OTHER_WEEKDAY = N_("“%(text)s”: ngày ấy không phải thứ được ghi. Tạm lấy ngày; hãy xem ngày hay thứ đúng.")
_WORKING_DAYS = N_(
    "“%(text)s” được đếm theo ngày làm việc: bỏ thứ bảy, chủ nhật và những ngày nghỉ trong bảng ngày nghỉ của cơ quan."
)
_WEEKDAYS_ALONE = N_(
    "“%(text)s” được đếm theo ngày làm việc: mới bỏ thứ bảy và chủ nhật, chưa có bảng ngày nghỉ lễ của cơ quan."
)
_SEMESTER = N_(
    "“%(text)s” được tính theo ngày kết thúc học kỳ I, %(day_on)s, của khung năm học, kế hoạch không ghi ngày. Hãy xem "
    "hạn có đúng không; nếu khác, hãy ghi ngày."
)
_ENDS = N_(
    "“%(text)s” được tính theo ngày kết thúc năm học, %(day_on)s, của khung năm học, kế hoạch không ghi ngày. Hãy xem "
    "hạn có đúng không; nếu khác, hãy ghi ngày."
)
_BY_OFFICE = N_(
    "“%(text)s” được tính theo ngày %(day_on)s mà cơ quan đã ghi cho mốc ấy của năm học, kế hoạch không ghi ngày. Hãy "
    "xem hạn có đúng không; nếu khác, hãy ghi ngày."
)
_GUESSES: dict[str, tuple[Severity, str, str]] = {
    "listed": ("note", "listed-as-one", N_(
        "“%(text)s” kể các thời gian liền nhau, hiểu là một khoảng từ đầu đến cuối, một hạn. Nếu là nhiều đợt, mỗi đợt "
        "một hạn, hãy ghi cách nhau bằng dấu “;”."
    )),
    "week": ("note", "week-of-month", N_(
        "“%(text)s” được hiểu theo bảy ngày một: tuần 1 là ngày 1 đến 7 của tháng, tuần 2 là ngày 8 đến 14, tuần cuối "
        "là bảy ngày cuối. Nếu khác, hãy ghi ngày."
    )),
    "school-week": ("question", "school-week", N_(
        "“%(text)s” là tuần của năm học mà kế hoạch không kèm lịch các tuần: tạm coi tuần 1 là tuần có ngày khai "
        "giảng, ngày %(opens_on)s. Hãy xem hạn có đúng không; nếu khác, hãy ghi ngày."
    )),
    "opens": ("question", "school-frame", N_(
        "“%(text)s” được tính theo ngày khai giảng %(day_on)s của khung năm học, kế hoạch không ghi ngày. Hãy xem hạn "
        "có đúng không; nếu khác, hãy ghi ngày."
    )),
    "semester": ("question", "school-frame", _SEMESTER),
    "whole-semester": ("note", "school-frame", _SEMESTER),
    "ends": ("question", "school-frame", _ENDS),
    "whole-ends": ("note", "school-frame", _ENDS),
    "new-year": ("question", "lunar-new-year", N_(
        "“%(text)s” được tính theo Tết Nguyên đán, nghỉ từ ngày %(day_on)s (30 hoặc 29 tháng Chạp) đến mùng 4. Hãy xem "
        "ngày có đúng không; nếu khác, hãy ghi ngày."
    )),
    "event": ("question", "undated-event", N_(
        "“%(text)s” tính theo một việc mà kế hoạch không ghi ngày: nếu để vậy thì ghi không có hạn. Hãy ghi hạn nếu "
        "biết ngày."
    )),
    "issue": ("note", "counted-from-issue", N_(
        "“%(text)s” được tính từ ngày ban hành kế hoạch. Nếu phải tính từ ngày khác, hãy ghi hạn."
    )),
    "unclear": ("question", "unclear-origin", N_(
        "“%(text)s” không rõ tính từ ngày nào: nếu để vậy thì ghi không có hạn. Hãy ghi hạn nếu biết."
    )),
    "no-issue": ("question", "no-issue-date", _NO_ISSUE_DAY),
    "end": ("question", "end-unused", N_(
        "“%(text)s” là việc thường xuyên có ghi khi kết thúc; chưa lấy hạn nào. Nếu phải xong vào lúc ấy, hãy ghi như "
        "“Từ tháng 9/2024 đến tháng 5/2025”."
    )),
}  # fmt: skip


@lru_cache(maxsize=8192)  # bare text is cut in many ways, and the same words are tried again and again
def read_cell(text: str, context: TimeContext) -> CellTime:
    """Everything a time cell says; never raises. An empty cell gives no part and no problem."""
    whole = tidy(text)
    if not whole:
        return CellTime(())
    if len(whole) > _LONGEST:
        return CellTime((), (TimeProblem("question", "unread-time", _UNREAD, f"{squeeze(whole)[:_LONGEST]}…"),))
    try:
        return _read(whole, context)
    except NotInCalendar as wrong:
        return CellTime((), (TimeProblem("error", "bad-date", _NOT_THERE[wrong.kind], squeeze(whole), wrong.part),))
    except YearUnknown:
        return CellTime((), (TimeProblem("question", "no-year", _NO_YEAR, squeeze(whole)),))


def _read(whole: str, context: TimeContext) -> CellTime:
    bulleted = len(_BULLET.findall(whole)) > 1
    if not bulleted and (parts := _one(squeeze(whole), context)):
        return CellTime(parts, tuple(_about(parts, context)))
    pieces, by_line = _pieces(whole, context)
    readings = list(takewhile(bool, (_one(piece, context) for piece in pieces)))
    if not readings or not (by_line or len(readings) == len(pieces)):
        return CellTime((), (unread(squeeze(whole)),))
    parts = _as_several([part for reading in readings for part in reading])
    rest = "; ".join(pieces[len(readings) :])
    problems = (TimeProblem("question", "time-remainder", _REMAINDER, rest),) if rest else ()
    return CellTime(parts, problems + tuple(_about(parts, context)))


def _pieces(whole: str, context: TimeContext) -> tuple[list[str], bool]:
    """The phrases of a cell, and whether lines or semicolons part them; else commas and 'và' do."""
    pieces = [squeeze(_BULLET.sub("", piece)) for piece in re.split(r"\s*[;\n]\s*", whole)]
    pieces = [piece for piece in pieces if piece]
    if len(pieces) > 1:
        return pieces, True
    return [piece for piece in re.split(r" và |, ", pieces[0] if pieces else "") if piece.strip(" ,")], False


def unread(text: str) -> TimeProblem:
    """What is asked about words that are no known time: they stay, and nothing is due."""
    if re.search(r"\d", text):
        return TimeProblem("question", "bad-time", _MALFORMED, text)
    return TimeProblem("question", "unread-time", _UNREAD, text)


def remainder(text: str) -> TimeProblem:
    """What is asked about words beside a time that are none."""
    return TimeProblem("question", "time-remainder", _REMAINDER, text)


def _about(parts: Sequence[TimePart], context: TimeContext) -> Iterator[TimeProblem]:
    """What was taken for granted in the parts, each told once."""
    told: dict[tuple[str, str], None] = {}
    for part in parts:
        if part.guess.split(" ")[0] in _GUESSES:
            told[part.guess, part.text] = None
        if part.kind == "date" and part.due and _is_other_weekday(part):
            yield TimeProblem("question", "other-weekday", _OTHER_WEEKDAY, part.text)
        if part.kind == "offset" and part.due and counts_working_days(bare(part.text)):
            message = _WEEKDAYS_ALONE if context.days_off is None else _WORKING_DAYS
            yield TimeProblem("note", "working-days", message, part.text)
    for guess, text in told:
        what, _, day = guess.partition(" ")
        severity, code, message = _GUESSES[what]
        if code == "school-frame" and context.year and context.year.sets(day):
            message = _BY_OFFICE
        yield TimeProblem(severity, code, message, text, day)


def _is_other_weekday(part: TimePart) -> bool:
    found = _WEEKDAY.search(bare(part.text))
    return bool(found and part.due and part.due.weekday() != _WEEKDAYS.get(found[1] or "", 6))


def _as_several(parts: list[TimePart]) -> tuple[TimePart, ...]:
    if len(parts) < 2:
        return tuple(parts)
    return tuple(replace(part, kind="several") if part.kind in ("date", "period") else part for part in parts)


def _one(text: str, context: TimeContext) -> tuple[TimePart, ...]:
    """The parts of one phrase; () where it is no phrase of time. Raises NotInCalendar, YearUnknown."""
    words = core(text)
    if (days := yearly(words)) and (parts := _yearly_days(days, context)):
        return parts
    for read in (_done, recurrence, _counted, _begun_and_done, _bounded, _ranged, _spanned):
        if part := read(words, text, context):
            return (part,)
    if parts := _each_bounded(words, text, context) or listed(words, text, context.year):
        return parts
    part = _waiting(words, text)
    return (part,) if part else ()


def _yearly_days(days: str, context: TimeContext) -> tuple[TimePart, ...]:
    """The times of this plan's year where they come every year; () where 'hằng năm' is not about such."""
    for read in (_bounded, _ranged, _spanned):
        if part := read(days, days, context):
            return (part,) if part.due else ()
    return _each_bounded(days, days, context) or listed(days, days, context.year)


def _done(words: str, text: str, context: TimeContext) -> TimePart | None:
    return TimePart("done", None, None, text) if _DONE.fullmatch(words) else None


def _counted(words: str, text: str, context: TimeContext) -> TimePart | None:
    if context.counts_days and re.fullmatch(r"\d{1,3}(?: ngay)?", words):
        return TimePart("days", None, None, text)
    return offset_of(words, text, context)


def _begun_and_done(words: str, text: str, context: TimeContext) -> TimePart | None:
    """Both ends told by verbs: 'Bắt đầu tháng 9/2024, hoàn thành trước 31/12/2024'."""
    found = _BEGUN_AND_DONE.fullmatch(words)
    if not found:
        return None
    first = _spanned(found["a"], text, context)
    readings = (read(each, text, context) for each in (found["b"], core(found["b"])) for read in (_bounded, _spanned))
    last = next(filter(None, readings), None)
    if first is None or last is None or first.start is None:
        return None
    return replace(last, kind="before" if last.kind == "before" else "range", start=first.start)


def _bounded(words: str, text: str, context: TimeContext) -> TimePart | None:
    if (found := _NOT_AFTER.fullmatch(words)) and (span := read_span(found["x"], context.year)):
        guess = span.guess.removeprefix("whole-")
        return TimePart("date" if span.precision == "day" else "period", None, span.due, text, guess)
    if (found := _BEFORE_BY.fullmatch(words)) and (span := read_span(found["x"], context.year)):
        due = span.start - timedelta(days=int(found["n"]) * (7 if found["unit"] == "tuan" else 1))
        return TimePart("before", None, due, text, begun_by(span))
    if (found := _BEFORE.fullmatch(words)) and (span := read_span(found["x"], context.year)):
        due = span.start if context.before_includes_day else span.start - timedelta(days=1)
        return TimePart("before", None, due, text, begun_by(span))
    return None


def _each_bounded(words: str, text: str, context: TimeContext) -> tuple[TimePart, ...]:
    """'Trước ngày 15/6 và 15/12': what stands before a list of days is said of each."""
    found = _NOT_AFTER.fullmatch(words) or _BEFORE.fullmatch(words)
    parts = listed(found["x"], text, context.year) if found else ()
    if not found or not parts or any(part.start != part.due for part in parts):
        return ()
    each = [_bounded(words.replace(found["x"], f"{part.due:%d/%m/%Y}"), text, context) for part in parts]
    return tuple(replace(part, kind="several") for part in each if part)


def _ranged(words: str, text: str, context: TimeContext) -> TimePart | None:
    if span := range_of(words, context.year):
        return TimePart("range", span.start, span.due, text, span.guess)
    ends = ends_of(words)
    if not ends or origin(ends[0]) != "issue" or read_span(words, context.year):
        return None
    last = read_span(ends[1], context.year)
    guess = "" if context.issued_on else "no-issue"
    return TimePart("range", context.issued_on, last.due, text, guess) if last else None


def _spanned(words: str, text: str, context: TimeContext) -> TimePart | None:
    if not _MAY_BE_WORK.fullmatch(words) and (span := read_span(words, context.year)):
        day = span.precision == "day"
        return TimePart("date" if day else "period", span.start, span.due, text, span.guess)
    found = _FROM.fullmatch(words)
    begun = (found["x"] or found["y"]) if found else ""
    if begun and (span := read_span(begun, context.year)):
        return TimePart("from", span.start, None, text, span.guess)
    if found and found["x"] and origin(found["x"]) == "issue":
        return TimePart("from", context.issued_on, None, text, "" if context.issued_on else "no-issue")
    if (found := _AFTER.fullmatch(words)) and (span := read_span(found["x"], context.year)):
        return TimePart("from", span.due + timedelta(days=1), None, text, span.guess)
    return None


def _waiting(words: str, text: str) -> TimePart | None:
    if _WAITING.fullmatch(words):
        return TimePart("external", None, None, text)
    if _EVENT.fullmatch(words):
        return TimePart("event", None, None, text, "event" if _ABOUT_EVENT.fullmatch(words) else "")
    return None
