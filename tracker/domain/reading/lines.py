"""Taking flattened text apart: headings, page furniture, the table's end, and where each row begins."""

import re
from dataclasses import dataclass
from itertools import groupby

from tracker.domain.names import fold, plain, squeeze
from tracker.domain.reading import lexicon
from tracker.domain.reading.headings import ColumnKind, is_table, spell
from tracker.domain.reading.numbers import is_total
from tracker.domain.reading.periods import PlanYear
from tracker.domain.reading.phrases import TimeContext, read_cell


@dataclass(frozen=True, slots=True)
class Line:
    """One line that is not blank. `broken` says that a page's heading stood between it and the line before."""

    text: str
    row: int
    page: int
    broken: bool = False


@dataclass(frozen=True, slots=True)
class FlatRow:
    """The lines of one row: its number (or a group's mark) as printed and the lines of all its other cells."""

    label: str
    is_group: bool
    first: Line
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class FlatTable:
    """A table in flattened text. `stray` are lines of the table that belong to no row."""

    kinds: tuple[ColumnKind, ...]
    headings: tuple[str, ...]
    before: tuple[str, ...]
    rows: tuple[FlatRow, ...]
    after: tuple[str, ...]
    stray: tuple[Line, ...]


_FURNITURE = re.compile(r"công báo\s*/\s*số\b.*|trang\s+\d+(?:\s*/\s*\d+)?|-\s*\d{1,3}\s*-|_{5,}|-{5,}", re.IGNORECASE)
_PAGE_NUMBER = re.compile(r"\d{1,3}")
_END = re.compile(
    r"\W*(?:ghi chú|nơi nhận|tm\.|kt\.|tl\.|tuq\.|người lập biểu|chủ tịch$|thủ trưởng đơn vị$)", re.IGNORECASE
)
_LINES_AFTER_TOTAL = 12
_LABEL = re.compile(r"(?P<label>\d{1,3}(?:\.\d{1,3}){0,3})(?P<dot>[.)]?)(?:\s+(?P<rest>\S.*))?")
_LETTERED = re.compile(r"(?P<label>[a-zđ])\s*[.)](?:\s+(?P<rest>\S.*))?")
_SMALL = "abcdđefghiklmn"
_MARK = re.compile(r"(?P<mark>[IVX]{1,5}|[A-H])(?:\s*[.)\-:/]\s*(?P<rest>\S.*)?)?")
_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV")
_LETTERS = tuple("ABCDEFGH")
_NUMBER_WORDS = (["so"], ["stt"], ["tt"], ["thu"], ["st"])
_LONGEST_HEADING = 24  # lines
_LONGEST_LOWER = 8  # lines of a heading's lower row
_UNITS: tuple[ColumnKind, ...] = ("leads", "partners")
_TIMES: tuple[ColumnKind, ...] = ("start", "due")
_PERIOD = re.compile(
    r"(?:(?:công việc|nhiệm vụ) )?(?:trong )?(?:tháng|quý|học k[ỳì]) (?:[IV]+|\d{1,2})"
    r"(?:\s*[/.\-]\s*\d{4}| năm \d{4})?\s*:?",
    re.IGNORECASE,
)
_YEARS = re.compile(r"(?:(?:cả|trong|hết) )?(?:năm(?: học)?|(?:năm(?: học)? )?20\d\d(?: ?- ?20\d\d)?)")
_LONGEST_STRAY = 3  # lines of a group's title
_LONGEST_TIME = 6  # words; a longer line that ends in a time is a row's last one, not its time alone
_GAP = 9  # how many numbers may be missing before a lone number is no row's any more


def to_lines(text: str) -> list[Line]:
    """The lines of a text that are not blank, with their number from 1 and their page (a form feed begins one)."""
    lines: list[Line] = []
    page = 1
    for row, raw in enumerate(text.split("\n"), start=1):
        page += raw.count("\f")
        if words := squeeze(raw):
            lines.append(Line(words, row, page))
    return lines


def find_table(lines: list[Line]) -> FlatTable | None:
    """The first table of tasks in flattened text whose rows are numbered, else whose rows end in times, or None."""
    for numbered in (True, False):
        for at in range(len(lines)):
            found = _heading_at(lines, at, numbered)
            kinds = found[1] if found else []
            if found and is_table(kinds) and ("number" in kinds if numbered else kinds[-1] in _TIMES):
                return _table(lines, at, *found)
    return None


def is_period(text: str) -> bool:
    """Whether a line is nothing but a month, a quarter or a semester: 'Tháng 8/2024'."""
    return bool(_PERIOD.fullmatch(text))


def _heading_at(lines: list[Line], at: int, numbered: bool = True) -> tuple[int, list[ColumnKind], list[str]] | None:
    """Where the heading that begins at line `at` ends, with its kinds and words; the longest that is whole."""
    whole: list[tuple[int, list[ColumnKind], list[str]]] = []
    words: list[str] = []
    printed: list[str] = []  # for every folded word the one it comes from
    for end in range(at, min(len(lines), at + _LONGEST_HEADING)):
        for word in lines[end].text.split():
            words += (folded := fold(word).split())
            printed += [word] * len(folded)
        if len(lines[end].text) > 60 or (numbered and end == at and words[:1] not in _NUMBER_WORDS):
            break
        spelled = spell(words)
        if spelled and len(spelled) >= 3 and _is_row(spelled) and (numbered or spelled[0][0] == "title"):
            whole.append((end + 1, [kind for kind, _ in spelled], _as_printed(spelled, printed)))
    if not whole:
        return None
    found = max((_with_lower_line(lines, *each) for each in reversed(whole)), key=lambda each: each[0])
    end = found[0]
    numbering = " ".join(str(each) for each in range(1, len(found[1]) + 1))
    joined = ""
    for stop in range(end, min(len(lines), end + len(found[1]))):
        joined = f"{joined} {lines[stop].text.strip('()')}".strip()
        if joined == numbering:
            return stop + 1, found[1], found[2]
    return found


def _with_lower_line(
    lines: list[Line], end: int, kinds: list[ColumnKind], headings: list[str]
) -> tuple[int, list[ColumnKind], list[str]]:
    """The heading with the columns that its lower line tells: 'Chủ trì', 'Phối hợp' below 'Phân công thực hiện'."""
    words: list[str] = []
    printed: list[str] = []
    found = end, kinds, headings
    for at in range(end, min(len(lines), end + _LONGEST_LOWER)):
        for word in lines[at].text.split():
            words += (folded := fold(word).split())
            printed += [word] * len(folded)
        lower = spell(words)
        if lower and len(lower) > 1 and _is_row(lower) and {kind for kind, _ in lower} <= {*_UNITS, *_TIMES}:
            found = at + 1, *_split(kinds, headings, lower, _as_printed(lower, printed))
    return found


def _split(
    kinds: list[ColumnKind], headings: list[str], lower: list[tuple[ColumnKind, str]], told: list[str]
) -> tuple[list[ColumnKind], list[str]]:
    """Every column of units or of time that stands alone, in the columns of its kind in the lower line."""
    columns: list[tuple[ColumnKind, str]] = []
    for kind, heading in zip(kinds, headings, strict=True):
        family = next((each for each in (_UNITS, _TIMES) if kind in each), ())
        below = [(each, text) for (each, _), text in zip(lower, told, strict=True) if each in family]
        alone = sum(each in family for each in kinds) == 1
        columns += below if below and alone else [(kind, heading)]
    return [kind for kind, _ in columns], [heading for _, heading in columns]


def _as_printed(spelled: list[tuple[ColumnKind, str]], printed: list[str]) -> list[str]:
    """The headings in their own letters; a word such as 'Sản/phẩm' that folds to two is told once."""
    headings, begin = [], 0
    for _, phrase in spelled:
        end = begin + phrase.count(" ") + 1
        headings.append(" ".join(word for word, _ in groupby(printed[begin:end])))
        begin = end
    return headings


def _is_row(spelled: list[tuple[ColumnKind, str]]) -> bool:
    """Whether headings can stand side by side: a kind that comes twice tells of lines above each other."""
    kinds = [kind for kind, _ in spelled if kind != "extra"]
    return len(set(kinds)) == len(kinds)


def _table(lines: list[Line], at: int, end: int, kinds: list[ColumnKind], headings: list[str]) -> FlatTable:
    body, after = _cut_end(_without_furniture(lines[end:], kinds))
    rows, stray = _rows(body, kinds) if "number" in kinds else (_by_times(body), [])
    if rows and stray and _is_group_title(stray):
        rows, stray = [FlatRow("", True, stray[0], tuple(stray)), *rows], []
    before = tuple(line.text for line in lines[:at])
    return FlatTable(tuple(kinds), tuple(headings), before, tuple(rows), after, tuple(stray))


def _without_furniture(lines: list[Line], kinds: list[ColumnKind]) -> list[Line]:
    """The lines without repeated headings, running titles and page numbers; what follows one is marked broken."""
    kept: list[Line] = []
    at, broken = 0, False
    while at < len(lines):
        heading = _heading_at(lines, at, "number" in kinds)
        if heading and heading[1] == kinds:
            at, broken = heading[0], True
        elif _is_furniture(lines, at, kinds):
            at, broken = at + 1, True
        else:
            line = lines[at]
            kept.append(Line(line.text, line.row, line.page, broken))
            at, broken = at + 1, False
    return kept


def _is_furniture(lines: list[Line], at: int, kinds: list[ColumnKind]) -> bool:
    if _FURNITURE.fullmatch(lines[at].text):
        return True
    if not _PAGE_NUMBER.fullmatch(lines[at].text):
        return False
    if at and _FURNITURE.fullmatch(lines[at - 1].text):
        return True
    following = _heading_at(lines, at + 1, "number" in kinds) if at + 1 < len(lines) else None
    return bool(following and following[1] == kinds)


def ends_table(text: str) -> bool:
    """Whether a line such as 'Nơi nhận:' or 'TM. ỦY BAN NHÂN DÂN' stands behind the table."""
    return bool(_END.match(text))


def _cut_end(lines: list[Line]) -> tuple[list[Line], tuple[str, ...]]:
    for at, line in enumerate(lines):
        if ends_table(line.text) or (len(lines) - at <= _LINES_AFTER_TOTAL and is_total(line.text)):
            return lines[:at], tuple(each.text for each in lines[at:])
    return lines, ()


class _RowFinder:
    """Walks down the lines of a table's body and tells where rows and groups begin."""

    def __init__(self, lines: list[Line], kinds: list[ColumnKind]) -> None:
        self._lines = lines
        self.ends_in_time = kinds[-1] in _TIMES
        self._times = sum(kind in _TIMES for kind in kinds)
        self._by_period = bool(lines) and bool(_PERIOD.fullmatch(lines[0].text))
        self.last = ""
        self._marks = {_ROMAN: -1, _LETTERS: -1}
        self.fresh = True  # nothing, or a group's heading, stands before
        self._alone = False  # numbers stand on lines of their own, so that '2. Sở Y tế' inside a cell is no row

    def next_start(self, begin: int) -> tuple[int, str, str, bool] | None:
        """(line, label, rest of that line, is it a group) of the next row at or after `begin`."""
        likely = None
        for at in range(begin, len(self._lines)):
            if mark := self._group(at):
                return likely or mark
            found = _LABEL.fullmatch(self._lines[at].text)
            if (
                not found
                or (found["rest"] and self._alone)
                or (found["rest"] and not found["rest"][:1].isupper() and found["rest"][:1] not in '“"-(')
            ):
                continue
            settled = self._settled(at)
            start = (at, found["label"], found["rest"] or "", False)
            if found["label"] in self._expected():
                if settled:
                    self._alone = self._alone or not (self.ends_in_time or found["rest"] or self.last)
                    return likely if likely and likely[1] == start[1] and not self.ends_in_time else start
                likely = likely or (start if not found["rest"] else None)
            elif settled and not found["rest"] and self._near(found["label"]):
                return likely or start
        return likely

    def take(self, label: str, is_group: bool) -> None:
        """Remember the row or group that was found."""
        if is_group:
            for marks in self._marks:
                if label in marks and marks.index(label) == self._marks[marks] + 1:
                    self._marks[marks] += 1
        else:
            self.last = label
        self.fresh = is_group

    def _expected(self) -> set[str]:
        if not self.last:
            return {"1", "01", "1.1"}
        parts = [int(part) for part in self.last.split(".")]
        following = {".".join(map(str, [*parts[:at], parts[at] + 1])) for at in range(len(parts))}
        following |= {f"{self.last}.1"} | ({f"{parts[0] + 1:02d}"} if len(parts) == 1 else set())
        return following | ({"1", "01"} if self.fresh else set())

    def _near(self, label: str) -> bool:
        if "." in label or "." in self.last:
            return False
        return 0 <= int(label) - int(self.last or 1) <= _GAP

    def _settled(self, at: int) -> bool:
        """Whether a row can have ended before line `at`: what stands there is a time, or nothing at all."""
        if not self.ends_in_time:
            return at > 0 or self.fresh
        if at == 0 or (self.fresh and not self.last):
            return True
        joined = ""
        for line in reversed(self._lines[max(0, at - 5) : at]):
            joined = f"{line.text} {joined}".strip()
            if read_cell(joined, TimeContext(year=None)).parts or _ends_in_time(line.text):
                return True
        return self.fresh

    def _group(self, at: int) -> tuple[int, str, str, bool] | None:
        if self._by_period and _PERIOD.fullmatch(self._lines[at].text) and self._begins_period(at):
            return at, "", self._lines[at].text, True
        found = _MARK.fullmatch(self._lines[at].text)
        if not found or (found["rest"] and not found["rest"][:1].isupper()):
            return None
        for marks, last in self._marks.items():
            if found["mark"] in marks[last + 1 : last + 2] and self._settled(at):
                return at, found["mark"], found["rest"] or "", True
        return None

    def _begins_period(self, at: int) -> bool:
        """Whether a line such as 'Tháng 9/2024' heads the rows below it and is no time of the row above it."""
        following = _LABEL.fullmatch(self._lines[at + 1].text) if at + 1 < len(self._lines) else None
        if following is None or following["label"] not in self._expected() | {"1", "01"}:
            return False
        above = [line.text for line in self._lines[max(0, at - self._times) : at]]
        if self.fresh or not self.ends_in_time:
            return True
        own_line = len(above[-1].split()) <= _LONGEST_TIME
        return _ends_in_time(above[-1]) and (not own_line or all(map(_ends_in_time, above)))


def _ends_in_time(text: str) -> bool:
    """Whether a line's last words are a whole phrase of time ('văn bản phối hợp Thường xuyên')."""
    words = text.split()
    return any(
        read_cell(" ".join(words[at:]), TimeContext()).complete for at in range(max(0, len(words) - 4), len(words))
    )


def _rows(lines: list[Line], kinds: list[ColumnKind]) -> tuple[list[FlatRow], list[Line]]:
    finder = _RowFinder(lines, kinds)
    starts: list[tuple[int, str, str, bool]] = []
    begin = 0
    while (found := finder.next_start(begin)) is not None:
        finder.take(found[1], found[3])
        starts.append(found)
        begin = found[0] + 1
    if not starts:
        return [], lines
    rows = []
    for (at, label, rest, is_group), end in zip(starts, [*(each[0] for each in starts[1:]), len(lines)], strict=True):
        first = lines[at]
        own = (Line(rest, first.row, first.page),) if rest else ()
        row = FlatRow(label, is_group, first, own + tuple(lines[at + 1 : end]))
        rows += _with_lettered(row) if finder.ends_in_time and not is_group else [row]
    return rows, lines[: starts[0][0]]


def _is_group_title(stray: list[Line]) -> bool:
    """Whether what stands above the first row is only a title: short, without a time, and no unit below its words."""
    texts = [line.text for line in stray]
    units = any(lexicon.begins_party(plain(text)) and text[:1].isupper() for text in texts[1:])
    return len(texts) <= _LONGEST_STRAY and not units and not any(map(_ends_in_time, texts))


def _by_times(lines: list[Line]) -> list[FlatRow]:
    """The rows of a table without numbers: each ends with the last line in a row that ends in a time."""
    rows, begin = [], 0
    for at, line in enumerate(lines):
        following = lines[at + 1].text if at + 1 < len(lines) else ""
        inside = following[:1].islower() or _is_dated(following)
        if not following or (not inside and _ends_in_date(line.text)):
            rows.append(FlatRow("", False, lines[begin], tuple(lines[begin : at + 1])))
            begin = at + 1
    return rows


def _is_dated(text: str) -> bool:
    """Whether a text is a time that names days, or says that work recurs: 'Khai giảng' alone may well be a task."""
    reading = read_cell(text, TimeContext(PlanYear(2000, 2001)))
    return reading.complete and all(part.start or part.due or part.kind == "recurring" for part in reading.parts)


def _ends_in_date(text: str) -> bool:
    """Whether a line is a time or ends in one; a year ends a title as well ('Khai giảng năm học 2024-2025')."""
    if _is_dated(text):
        return not text[:1].islower()
    words = text.split()
    tails = (" ".join(words[at:]) for at in range(max(1, len(words) - 4), len(words)))
    return any(_is_dated(tail) and not _YEARS.fullmatch(plain(tail)) for tail in tails)


def _with_lettered(row: FlatRow) -> list[FlatRow]:
    """A row and the rows 'a)', 'b)' below it, where each of those ends in its own time; else they are its words."""
    begins: list[int] = []
    for at, line in enumerate(row.lines):
        found = _LETTERED.fullmatch(line.text)
        if found and len(begins) < len(_SMALL) and found["label"] == _SMALL[len(begins)]:
            begins.append(at)
    ends = [*begins[1:], len(row.lines)]
    if len(begins) < 2 or not all(_ends_in_time(row.lines[end - 1].text) for end in ends):
        return [row]
    rows = [FlatRow(row.label, False, row.first, row.lines[: begins[0]])]
    for begin, end in zip(begins, ends, strict=True):
        found, first = _LETTERED.fullmatch(row.lines[begin].text), row.lines[begin]
        own = (Line(found["rest"], first.row, first.page, first.broken),) if found and found["rest"] else ()
        rows.append(FlatRow(f"{found['label']})" if found else "", False, first, own + row.lines[begin + 1 : end]))
    return rows
