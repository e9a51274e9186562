"""Putting a row's lines back into its cells where only the order of the lines is left.

Every way to cut the lines into consecutive cells gets a score from what is known of such cells: units that parse,
times that parse, how wide the column's lines are, how a cell may begin and end. The best cut wins.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from heapq import nlargest
from itertools import pairwise
from math import inf

from tracker.domain.names import plain
from tracker.domain.plan_document import Party
from tracker.domain.reading import lexicon
from tracker.domain.reading.headings import ColumnKind
from tracker.domain.reading.joining import join_lines
from tracker.domain.reading.lines import Line
from tracker.domain.reading.parties import PartyReader
from tracker.domain.reading.phrases import TimeContext, read_cell

Widths = Mapping[int, int]  # column -> characters that fill one of its lines

_KEPT = 12  # cuts remembered on the way
_BEST_TWO = 2  # the same where a row is not broken: only how sure the best one is has to be known
_KEPT_MORE = 40  # the same for the rest of a row on its next page, told apart only with what it continues
_LONGEST_PARTY_CELL = 26  # lines
_LONGEST_TIME_CELL = 7  # lines
_LONGEST_TIME = 60  # characters
_NATURES = {"start": "time", "due": "time", "days": "time", "leads": "units", "partners": "units", "product": "product"}
_EMPTY = {"title": -30.0, "leads": -12.0, "partners": -4.0, "start": -6.0, "due": -8.0, "product": -5.0}
_HOPELESS = -40.0  # units that do not begin like units, times that are none
_INSIDE_A_LINE = -5.0
_UNIT_IN_TITLE = 2.5
_PRODUCTS = re.compile(
    r"(?:văn bản|kế hoạch|nghị quyết|nghị định|quyết định|báo cáo|đề án|luật|thông tư|tờ trình|công văn|chỉ thị|"
    r"hội nghị|danh mục|quy chế|hướng dẫn|chương trình|các (?:hoạt động|kế hoạch|văn bản|nghị quyết|báo cáo)|hồ sơ)\b"
)
_TIMELIKE = re.compile(  # a sieve before the real reading, which costs more
    r"\d|xuyên|liên tục|h[ằà]ng |định kỳ|mỗi |"
    r"^(?:theo|sau|khi|căn|t[ùu][yỳ]|đã|ngay|cả|trong|học|từ|quý|kỳ|tại|chờ|phụ|đồng|đầu|cuối|trước|hết|kết thúc|suốt)",
    re.IGNORECASE,
)
_BULLET = re.compile(r"^[-–+•*] (?=\w)")
_HAS_TIME = re.compile(r"(?:tháng|quý|\bT\.?|\d/) ?(?:\d|[IV]+\b)", re.IGNORECASE)
_AGAIN_AND_AGAIN = re.compile(r" h[ằà]ng (?:ngày|tuần|tháng|quý|năm)$", re.IGNORECASE)
_DATES = re.compile(r"(?:\d{1,2}[/.])?\d{1,2}[/.]\d{4}(?: (?:\d{1,2}[/.])?\d{1,2}[/.]\d{4})?")
# Words after which a date in figures goes on with what stands before it: 'Tháng 8/2024', 'đến 15/8/2024'.
_BEFORE_A_DATE = re.compile(
    r"(?:^|\W)(?:tháng|ngày|quý|năm|từ|đến|tới|hết|trước|sau|và|nhất|là|vào|số|hạn|xong|hoàn thành|trong|[-–+•*&,;(])$",
    re.IGNORECASE,
)
# The name that this word begins stands in the next cell: 'các địa phương Bộ' | 'Công an'.
_HEAD_ALONE = re.compile(
    r"(?<!,)(?<!\bcác)(?<!\bCác)(?<!\bvà) "
    r"(?:Bộ|Sở|Phòng|Ban|Cục|Chi cục|Tổng cục|Vụ|Viện|Hội|Trường|Trung tâm|Văn phòng|Ủy ban|UBND|Hội đồng|Công ty)$"
)
_UNFINISHED = re.compile(r"(?:,|(?<!\w)(?:và|các|có|của|cho|với|tại|theo|liên|cơ|Tháng|Ngày|Quý|Trước))$")
_TWO_UNITS = re.compile(
    r"(?<![,;.:/(]) (?:Phòng|Bộ|Sở|Ban|Ủy ban|Uỷ ban|UBND|Các|Văn phòng|Công an|Trung tâm|Trường|Cơ sở|Cơ quan)\b"
)


@dataclass(frozen=True, slots=True, eq=False)  # each is itself, so that runs of them are quickly looked up
class Chunk:
    """A line, or the part of a line after a place where a cell may end. `opens` says that it begins its line."""

    text: str
    line: Line
    opens: bool = True


@dataclass(frozen=True, slots=True)
class Cut:
    """One way to cut a row: the text of each column, how good it is, and how much better than the next best way."""

    score: float
    cells: tuple[tuple[Chunk, ...], ...]
    lead: float = inf

    def texts(self) -> tuple[str, ...]:
        """The text of each column."""
        return tuple(_joined(cell) for cell in self.cells)


class Cutter:
    """Cuts rows of one table into cells. `kinds` are its columns without the number's."""

    def __init__(self, kinds: Sequence[ColumnKind], parties: PartyReader) -> None:
        self._kinds = tuple(kinds)
        self._parties = parties
        self._meanings: dict[tuple[ColumnKind, tuple[Chunk, ...]], float] = {}
        self._worths: dict[tuple[str, str], float] = {}
        self._openings: dict[str, bool] = {}
        self._chunked: dict[tuple[Line, ...], list[Chunk]] = {}  # the same ones in each pass, so that cells are known
        self.widths: Widths = {}

    def cut(self, lines: Sequence[Line]) -> Cut:
        """The best cut of a row's lines; a row broken over pages is cut page by page and joined."""
        fragments = _fragments(lines)
        best = self._cuts(self._chunks(fragments[0]), _BEST_TWO if len(fragments) == 1 else _KEPT)
        for fragment in fragments[1:]:
            more = self._cuts(self._chunks(fragment), _KEPT_MORE, continued=True)
            best = nlargest(_KEPT, (self._continued(a, b) for a in best for b in more), key=lambda cut: cut.score)
        return replace(best[0], lead=best[0].score - best[1].score) if len(best) > 1 else best[0]

    def _continued(self, first: Cut, more: Cut) -> Cut:
        cells = tuple(a + b for a, b in zip(first.cells, more.cells, strict=True))
        worth = sum(self._meaning(kind, cell) for kind, cell in zip(self._kinds, cells, strict=True))
        seams = sum(self._seam(at, a, b) for at, (a, b) in enumerate(zip(first.cells, more.cells, strict=True)))
        return Cut(worth + seams + self._shape(first, False) + self._shape(more, True), cells)

    def _seam(self, at: int, above: tuple[Chunk, ...], below: tuple[Chunk, ...]) -> float:
        """How likely a cell that ends a page goes on with what the next page has."""
        if not above or not below:
            return 0.0
        return 3.0 * self._filling(at, (above[-1], below[0])) - 1.0

    def _shape(self, cut: Cut, continued: bool) -> float:
        return sum(self._form(at, cell, continued) for at, cell in enumerate(cut.cells) if cell)

    def _cuts(self, chunks: list[Chunk], kept: int, continued: bool = False) -> list[Cut]:
        """The best cuts of one fragment, best first. Cuts with an impossible cell only where all have one."""
        return self._ways(chunks, kept, continued, strict=True) or self._ways(chunks, kept, continued, strict=False)

    def _ways(self, chunks: list[Chunk], kept: int, continued: bool, strict: bool) -> list[Cut]:
        ways: list[list[Cut]] = [[Cut(0.0, ())], *([] for _ in chunks)]
        for at in range(len(self._kinds)):
            longer: list[list[Cut]] = [[] for _ in ways]
            for end in range(len(ways)):
                choices = [
                    Cut(way.score + worth, (*way.cells, tuple(chunks[begin:end])))
                    for begin in range(end + 1)
                    if ways[begin]
                    and (worth := self._worth(at, tuple(chunks[begin:end]), continued))
                    > (_HOPELESS if strict else -1e9)
                    for way in ways[begin]
                ]
                longer[end] = nlargest(kept, choices, key=lambda cut: cut.score)
            ways = longer
        return ways[-1]

    def _worth(self, at: int, cell: tuple[Chunk, ...], continued: bool) -> float:
        if continued:
            return self._form(at, cell, continued) if cell else 0.0
        meaning = self._meaning(self._kinds[at], cell)
        if not cell or meaning <= _HOPELESS:
            return meaning
        return meaning + self._form(at, cell, continued)

    def _form(self, at: int, cell: tuple[Chunk, ...], continued: bool) -> float:
        """How much the cell looks like one: how it begins, ends and fills its lines."""
        score = 0.0 if cell[0].opens else _INSIDE_A_LINE
        first = cell[0].text[0]
        if continued:
            score -= 1.0 if first.islower() or first.isdigit() else 3.0
        else:
            score += 1.0 if not first.islower() else -6.0
        return score + self._filling(at, cell)

    def _filling(self, at: int, cell: tuple[Chunk, ...]) -> float:
        width = self.widths.get(at)
        if width is None:
            return 0.0
        lines = _by_line(cell)
        slack = 2 + width // 10
        over = sum(max(0, len(line) - width - slack) for line in lines)
        score = -1.0 * over
        for line, following in _wrapped(lines):
            full = len(line) + 1 + len(following.split()[0]) >= width - slack
            score += 0.5 if full else -1.5
        return score

    def _meaning(self, kind: ColumnKind, cell: tuple[Chunk, ...]) -> float:
        """How much the cell's words are what its column holds."""
        if not cell:
            return _EMPTY.get(kind, -2.0)
        known = self._meanings.get((kind, cell))
        if known is None:
            known = self._meanings[kind, cell] = self._meaning_of(kind, cell)
        return known

    def _meaning_of(self, kind: ColumnKind, cell: tuple[Chunk, ...]) -> float:
        nature = _NATURES.get(kind, "words")
        if nature == "units" and (len(cell) > _LONGEST_PARTY_CELL or not self._may_open(cell[0].text)):
            return _HOPELESS
        if nature == "time" and len(cell) > _LONGEST_TIME_CELL:
            return _HOPELESS
        text = _joined(cell)
        known = self._worths.get((nature, text))
        if known is None:
            known = self._worths[nature, text] = self._worth_of(nature, text)
        return known - (_UNIT_IN_TITLE * _units_inside(cell) if kind == "title" else 0.0)

    def _may_open(self, line: str) -> bool:
        """Whether a cell of units can begin with this line."""
        if line not in self._openings:
            begun = _BULLET.sub("", line)
            self._openings[line] = lexicon.begins_party(plain(begun)) or bool(re.match(r"\(?1[.)]", line))
        return self._openings[line]

    def _worth_of(self, nature: str, text: str) -> float:
        score = -8.0 if _UNFINISHED.search(text) else 0.0
        if nature == "time":
            return score + _time_worth(text)
        if nature == "units":
            score -= 8.0 if _HEAD_ALONE.search(text) else 0.0
            return score + sum(_known_worth(party) for party in self._parties.read(text).everyone)
        if nature == "product":
            is_time = len(text) < _LONGEST_TIME and bool(read_cell(text, _ANY).parts)
            return score + (2.0 if _PRODUCTS.match(plain(text)) else 0.0) - (4.0 if is_time else 0.0)
        return score

    def _chunks(self, lines: Sequence[Line]) -> list[Chunk]:
        known = self._chunked.get(tuple(lines))
        if known is None:
            known = self._chunked[tuple(lines)] = self._broken(lines)
        return known

    def _broken(self, lines: Sequence[Line]) -> list[Chunk]:
        chunks: list[Chunk] = []
        for line in lines:
            begin = 0
            for at in self._inner_breaks(line.text):
                chunks.append(Chunk(line.text[begin:at].strip(), line, begin == 0))
                begin = at
            chunks.append(Chunk(line.text[begin:].strip(), line, begin == 0))
        return chunks

    @staticmethod
    def _inner_breaks(text: str) -> list[int]:
        """Where inside a line another cell may begin: before a time that ends the line, before a unit in capitals."""
        breaks = []
        for found in re.finditer(r"(?<=[^\s,;(“\"]) (?=[A-ZĐÀ-Ỹ0-9])", text):
            rest = text[found.end() :]
            before = text[: found.start()]
            if rest[0].islower() or lexicon.head(plain(before)) == plain(before):
                continue  # 'đội ngũ' is no unit, 'Văn phòng' is not all of a cell's line
            dated = _DATES.fullmatch(rest) and not _BEFORE_A_DATE.search(before)
            bulleted = re.search(r"(?:^|\s)[-–+•*]$", before)
            worded = not bulleted and not rest[0].isdigit() and (_is_time(rest) or _begins_unit(before, rest))
            if dated or worded:
                breaks.append(found.end())
        return breaks

    def learn(self, cuts: Sequence[Cut]) -> None:
        """Take each column's width from cuts already made: how long its lines are where the cell goes on below."""
        widths: dict[int, int] = {}
        for at in range(len(self._kinds)):
            broken = [_wrapped(_by_line(cut.cells[at])) for cut in cuts]
            lengths = sorted(max(len(line) for line, _ in pairs) for pairs in broken if pairs)
            if lengths:
                widths[at] = lengths[len(lengths) * 4 // 5]
        self.widths = widths


_ANY = TimeContext()


def _begins_unit(before: str, rest: str) -> bool:
    previous = plain(before).rsplit(" ", 1)[-1]
    return lexicon.head(plain(rest)) is not None and previous not in lexicon.LINKS


def _units_inside(cell: Sequence[Chunk]) -> int:
    """How many of a title's lines but the first begin with a unit although the line above was finished."""
    pairs = [(before.text, chunk.text) for before, chunk in pairwise(cell) if chunk.opens]
    return sum(line[:1].isupper() and above[-1] not in ",-–" and _begins_unit(above, line) for above, line in pairs)


def _is_another_time(lines: Sequence[str], line: str) -> bool:
    return line[:1].isupper() and bool(_HAS_TIME.search(line)) and _is_time(line) and _is_time(" ".join(lines))


def _is_time(text: str) -> bool:
    return len(text) < _LONGEST_TIME and read_cell(text, _ANY).complete


def _time_worth(text: str) -> float:
    if len(text) > _LONGEST_TIME * 4 or not _TIMELIKE.search(text):
        return _HOPELESS
    reading = read_cell(text, _ANY)
    if reading.complete or [problem.code for problem in reading.problems] in (["no-year"], ["no-issue-date"]):
        return 8.0 - max(0, len(text) - 40) / 8
    if [problem.code for problem in reading.problems] == ["bad-date"]:
        return 4.0
    return -2.0 if reading.parts else _HOPELESS


def _known_worth(party: Party) -> float:
    if party.code is not None:
        return 4.0
    if party.kind == "open":
        return 3.0
    if lexicon.role(plain(party.text)) == plain(party.text):
        return -6.0
    wrong = 4.0 if _TWO_UNITS.search(party.text[1:]) else 0.0
    wrong += 6.0 if _HAS_TIME.search(party.text) or _AGAIN_AND_AGAIN.search(party.text) else 0.0
    wrong += 3.0 if len(party.text.split()) > 14 else 0.0
    return (1.0 if lexicon.begins_party(plain(party.text)) else -5.0) - wrong


def _fragments(lines: Sequence[Line]) -> list[list[Line]]:
    fragments: list[list[Line]] = [[]]
    for line in lines:
        if line.broken and fragments[-1]:
            fragments.append([])
        fragments[-1].append(line)
    return fragments


def _wrapped(lines: Sequence[str]) -> list[tuple[str, str]]:
    """Each line that the column's width broke with the next one; a line before a dash ends where somebody ended it."""
    return [(line, following) for line, following in pairwise(lines) if not _BULLET.match(following)]


def _by_line(cell: Sequence[Chunk]) -> list[str]:
    lines: list[str] = []
    for before, chunk in zip([None, *cell], cell, strict=False):
        if before is not None and before.line == chunk.line:
            lines[-1] += f" {chunk.text}"
        else:
            lines.append(chunk.text)
    return lines


def _joined(cell: Sequence[Chunk]) -> str:
    """A cell's lines as one text; a line that a dash begins, and a time below another one, stay lines."""
    listed: list[list[str]] = [[]]
    for chunk in cell:
        if chunk.opens and listed[-1] and (_BULLET.match(chunk.text) or _is_another_time(listed[-1], chunk.text)):
            listed.append([])
        listed[-1].append(chunk.text)
    return "\n".join(map(join_lines, listed))
