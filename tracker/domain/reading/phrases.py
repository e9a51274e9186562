"""The language of time in plans: from the words of a cell to milestones.

Each wording has a kind (see `MilestoneKind`); a wording the program does not know is never guessed: it is handed
back with a problem that says so.
"""

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

from tracker.domain.names import bare, nfc, squeeze
from tracker.domain.plan_document import MilestoneKind, Severity
from tracker.domain.reading.periods import NotInCalendar, PlanYear, Span, YearUnknown, read_span
from tracker.domain.words import N_


@dataclass(frozen=True, slots=True)
class TimeContext:
    """What the plan itself tells about time: its year, its day of issue, how 'trước ngày' is read.

    `counts_days` is set for a column headed 'số ngày', where a bare number is a number of days.
    """

    year: PlanYear | None = None
    issued_on: date | None = None
    before_includes_day: bool = False
    counts_days: bool = False


@dataclass(frozen=True, slots=True)
class TimePart:
    """One stretch of time understood from a cell, with the words it came from."""

    kind: MilestoneKind
    start: date | None
    due: date | None
    text: str


@dataclass(frozen=True, slots=True)
class TimeProblem:
    """Something in a time cell that a person must see; `message` is a template with %(text)s."""

    severity: Severity
    code: str
    message: str
    text: str
    part: str = ""


@dataclass(frozen=True, slots=True)
class CellTime:
    """Everything understood from one cell."""

    parts: tuple[TimePart, ...]
    problems: tuple[TimeProblem, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether the cell holds time and nothing but time."""
        return bool(self.parts) and not self.problems


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
_OFTEN = r"(?:thuong xuyen|lien tuc|dinh ky|hang (?:thang|nam|quy|tuan|ngay)|moi (?:thang|nam|quy|tuan|hoc ky))"
_RECURRING = re.compile(rf"(?:(?P<x>.+?)(?:,| va|;)? )?(?P<often>{_OFTEN})(?P<rest>\b.*)?")
_YEARLY = re.compile(r"(?P<days>.+?),? (?:hang nam|moi nam)")
_OFFSET = re.compile(
    r"(?:cham nhat |trong |vong |sau |khong qua )*(?P<n>\d{1,3})(?: ?\([^)]*\))? ngay(?P<work> lam viec)?,? "
    r"(?:ke )?(?:tu|sau)(?: khi)?(?: ngay)? (?P<event>.+)"
)
_ISSUE = re.compile(
    r"(?:ngay )?(?:ban hanh|ky|ky ban hanh|ban hanh ke hoach|co hieu luc)(?: (?:ke hoach|van ban|quyet dinh).*)?"
)
_BEFORE = re.compile(r"(?:hoan thanh |xong |bao cao |nop )?truoc (?P<x>.+)")
_UNTIL = re.compile(
    r"(?:hoan thanh |xong )?(?:(?:cham|muon|tre) nhat(?: la)?(?: vao| den het| den)?|den het|den|het) (?P<x>.+)"
)
_FROM = re.compile(r"(?:bat dau )?(?:ke )?tu (?P<x>.+?)(?: tro di| den khi hoan thanh)?")
_EVENT = re.compile(r"(?!.*\d{4}).*\b(?:ky hop|hoi nghi|dai hoi|phien hop|khai giang|be giang)\b.*")
_UNIT_RANGE = re.compile(
    r"(?:tu )?(?P<unit>thang|quy|ngay|t\.?)? ?(?P<a>iv|i{1,3}|\d{1,2}(?:/\d{1,2})?) ?(?P<link>-|den|toi|va|,|\+) ?"
    r"(?:het )?(?:thang |quy |ngay |t\.?)?(?P<rest>(?:iv|i{1,3}|\d{1,2})\b.*)"
)
_RANGE = re.compile(r"(?:tu )?(?P<a>.+?),? ?(?:\bden\b|\btoi\b|-) ?(?:het )?(?P<b>.+)")

_UNREAD = N_(
    "Không hiểu thời gian “%(text)s”: nếu để vậy thì ghi không có hạn. Hãy ghi như “Tháng 8/2024”, “Ngày 05/9/2024” "
    "hoặc “Thường xuyên”."
)
_MALFORMED = N_("Không đọc được thời gian “%(text)s”: có số nhưng không thành ngày, tháng hay quý. Hãy sửa ô này.")
_NOT_THERE = {
    "day": N_("“%(text)s” không có trong lịch: không có ngày %(part)s. Hãy sửa ô này."),
    "month": N_("“%(text)s” không có trong lịch: không có tháng %(part)s. Hãy sửa ô này."),
    "years": N_("“%(text)s” không có trong lịch: %(part)s kết thúc trước khi bắt đầu. Hãy sửa ô này."),
}
_NO_YEAR = N_(
    "“%(text)s” không ghi năm, kế hoạch cũng không cho biết năm: nếu để vậy thì ghi không có hạn. Hãy ghi đủ năm."
)
_REMAINDER = N_("Phần “%(text)s” trong ô thời gian chưa được hiểu; tạm lấy phần đầu của ô làm thời hạn.")
_NO_ISSUE_DAY = N_(
    "“%(text)s” tính từ ngày ban hành, mà kế hoạch chưa có ngày ban hành: nếu để vậy thì ghi không có hạn."
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
    if parts := _yearly_days(squeeze(whole), context) or _one(squeeze(whole), context):
        return CellTime(parts, _missing_issue_day(parts, context))
    pieces = [squeeze(piece) for piece in re.split(r"\s*[;\n]\s*", whole) if squeeze(piece)]
    if len(pieces) == 1:
        pieces = [piece for piece in re.split(r" và |, ", pieces[0]) if piece.strip(" ,")]
        readings = [_one(piece, context) for piece in pieces]
        if not all(readings):
            return CellTime((), (_unread(squeeze(whole)),))
    else:
        readings = [_one(piece, context) for piece in pieces]
    if not any(readings[:1]):
        return CellTime((), (_unread(squeeze(whole)),))
    understood = next((at for at, parts in enumerate(readings) if not parts), len(readings))
    parts = _as_several([part for reading in readings[:understood] for part in reading])
    rest = "; ".join(pieces[understood:])
    problems = (TimeProblem("question", "time-remainder", _REMAINDER, rest),) if rest else ()
    return CellTime(parts, problems + _missing_issue_day(parts, context))


def _unread(text: str) -> TimeProblem:
    if re.search(r"\d", text):
        return TimeProblem("error", "bad-time", _MALFORMED, text)
    return TimeProblem("question", "unread-time", _UNREAD, text)


def _missing_issue_day(parts: tuple[TimePart, ...], context: TimeContext) -> tuple[TimeProblem, ...]:
    if context.issued_on is not None:
        return ()
    waiting = [part for part in parts if _lacks_issue_day(part)]
    return tuple(TimeProblem("question", "no-issue-date", _NO_ISSUE_DAY, part.text) for part in waiting)


def _lacks_issue_day(part: TimePart) -> bool:
    if part.kind == "offset":
        return part.due is None and _of_issue(part.text)
    return part.kind in ("from", "range") and part.start is None


def _of_issue(text: str) -> bool:
    found = _OFFSET.fullmatch(_core(text))
    return bool(found and _ISSUE.fullmatch(found["event"]))


def _as_several(parts: list[TimePart]) -> tuple[TimePart, ...]:
    if len(parts) < 2:
        return tuple(parts)
    return tuple(replace(part, kind="several") if part.kind in ("date", "period") else part for part in parts)


def _core(text: str) -> str:
    folded = bare(squeeze(text)).strip(" .,;:")
    return re.sub(r" ?\([^()]*[^\d()][^()]*\)$", "", folded).strip(" .,;:")


def _yearly_days(text: str, context: TimeContext) -> tuple[TimePart, ...]:
    found = _YEARLY.fullmatch(_core(text))
    if not found:
        return ()
    days = re.split(r" va |, ", found["days"])
    spans = [read_span(day, context.year) if re.match(r"(?:ngay )?\d{1,2}[/.]\d{1,2}$", day) else None for day in days]
    if not all(spans):
        return ()
    kind: MilestoneKind = "several" if len(spans) > 1 else "date"
    return tuple(TimePart(kind, span.start, span.due, day) for span, day in zip(spans, days, strict=True) if span)


def _one(text: str, context: TimeContext) -> tuple[TimePart, ...]:
    """The parts of one phrase; () where it is no phrase of time. Raises NotInCalendar, YearUnknown."""
    core = _core(text)
    for read in (_stateful, _counted, _bounded, _ranged, _spanned, _waiting):
        if part := read(core, text, context):
            return part if isinstance(part, tuple) else (part,)
    return ()


def _stateful(core: str, text: str, context: TimeContext) -> TimePart | None:
    if _DONE.fullmatch(core):
        return TimePart("done", None, None, text)
    found = _RECURRING.fullmatch(core)
    if not found:
        return None
    start = None
    if found["x"]:
        lead = re.sub(r"^(?:ke )?tu (?=\S)", "", found["x"].strip(" ,"))
        span = None if re.fullmatch(_OFTEN, lead) else read_span(lead, context.year)
        if span is None and not re.fullmatch(_OFTEN, lead):
            return None
        start = span.start if span else None
    return None if re.search(r"\d", found["rest"] or "") else TimePart("recurring", start, None, text)


def _counted(core: str, text: str, context: TimeContext) -> TimePart | None:
    if context.counts_days and re.fullmatch(r"\d{1,3}(?: ngay)?", core):
        return TimePart("days", None, None, text)
    found = _OFFSET.fullmatch(core)
    if not found:
        return None
    if context.issued_on is None or not _ISSUE.fullmatch(found["event"]):
        return TimePart("offset", None, None, text)
    due = _after(context.issued_on, int(found["n"]), bool(found["work"]))
    return TimePart("offset", context.issued_on + timedelta(days=1), due, text)


def _after(day: date, count: int, working: bool) -> date:
    """`count` days after `day`, which itself does not count (Bộ luật Dân sự 2015, Điều 147)."""
    if not working:
        return day + timedelta(days=count)
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day


def _bounded(core: str, text: str, context: TimeContext) -> TimePart | None:
    if (found := _BEFORE.fullmatch(core)) and (span := read_span(found["x"], context.year)):
        due = span.start if context.before_includes_day else span.start - timedelta(days=1)
        return TimePart("before", None, due, text)
    if (found := _UNTIL.fullmatch(core)) and (span := read_span(found["x"], context.year)):
        return TimePart("date" if span.precision == "day" else "period", None, span.due, text)
    return None


def _ranged(core: str, text: str, context: TimeContext) -> TimePart | tuple[TimePart, ...] | None:
    if read_span(core, context.year):
        return None
    if found := _UNIT_RANGE.fullmatch(core):
        unit = {"t": "thang", "t.": "thang", None: ""}.get(found["unit"], found["unit"])
        if part := _range_of(f"{unit} {found['a']}".strip(), f"{unit} {found['rest']}".strip(), text, context):
            if found["link"] in ("va", ",", "+") and not _adjoin(part[0], part[1]):
                return tuple(TimePart("several", span.start, span.due, text) for span in part)
            return TimePart("range", part[0].start, part[1].due, text)
    found = _RANGE.fullmatch(core)
    if not found:
        return None
    if (part := _range_of(found["a"], found["b"], text, context)) is not None:
        return TimePart("range", part[0].start, part[1].due, text)
    last = read_span(found["b"], context.year)
    if last and _ISSUE.fullmatch(found["a"]):
        return TimePart("range", context.issued_on, last.due, text)
    return None


def _range_of(first: str, last: str, text: str, context: TimeContext) -> tuple[Span, Span] | None:
    """Both ends; the first takes the year of the last where it has none of its own."""
    try:
        end = read_span(last, context.year)
    except NotInCalendar:
        return None
    if end is None:
        return None
    if not first[:1].isalpha() and (unit := re.match(r"(thang|quy|ngay) ", last)):
        first = f"{unit[1]} {first}"
    if re.fullmatch(r"(?:ngay )?\d{1,2}", first) and end.precision == "day":
        first = f"{first.split()[-1]}/{end.due.month}/{end.due.year}"
    begin = read_span(first, PlanYear(end.due.year, end.due.year) if end.dated else context.year)
    if begin is None:
        return None
    if end.dated and not begin.dated and begin.start > end.due:
        begin = read_span(first, PlanYear(end.due.year - 1, end.due.year - 1)) or begin
    return begin, end


def _adjoin(first: Span, last: Span) -> bool:
    return first.due + timedelta(days=1) == last.start


def _spanned(core: str, text: str, context: TimeContext) -> TimePart | None:
    if span := read_span(core, context.year):
        day = span.precision == "day"
        return TimePart("date" if day else "period", span.start, span.due, text)
    found = _FROM.fullmatch(core)
    if found and (span := read_span(found["x"], context.year)):
        return TimePart("from", span.start, None, text)
    if found and _ISSUE.fullmatch(found["x"]):
        return TimePart("from", context.issued_on, None, text)
    return None


def _waiting(core: str, text: str, context: TimeContext) -> TimePart | None:
    if _WAITING.fullmatch(core):
        return TimePart("external", None, None, text)
    return TimePart("event", None, None, text) if _EVENT.fullmatch(core) else None
