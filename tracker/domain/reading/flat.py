"""From text with no layout left (a PDF's text, its table flattened line by line) to a grid of cells."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from tracker.domain.errors import UnreadableDocument
from tracker.domain.plan_document import Finding, Place
from tracker.domain.reading.cells import Cut, Cutter
from tracker.domain.reading.grid import Cell, Source
from tracker.domain.reading.headings import ColumnKind
from tracker.domain.reading.lines import FlatRow, FlatTable, find_table, is_period, to_lines
from tracker.domain.reading.parties import PartyReader
from tracker.domain.reading.periods import PlanYear
from tracker.domain.reading.phrases import TimeContext, read_cell
from tracker.domain.units import Directory
from tracker.domain.words import N_

_STRAY = N_("Dòng %(row)s đến %(last)s nằm trong bảng nhưng không thuộc nhiệm vụ nào: “%(text)s”. Hãy đánh số dòng ấy.")
_BROKEN = N_("Nhiệm vụ này nằm trên hai trang; các ô đã được ghép lại, cần đối chiếu với bản gốc.")
_TOO_LONG = N_(
    "Dòng số %(number)s (dòng %(row)s của tệp) dài bất thường, không tách được thành các ô. Hãy tách hoặc sửa."
)
_TOO_MANY = N_("Bảng có hơn %(most)s dòng: quá nhiều cho văn bản không còn khung bảng. Hãy dùng tệp CSV.")
_RUN_TOGETHER = N_("Dòng số %(number)s chứa nhiều hơn một nhiệm vụ: sau nó mất một số thứ tự. Hãy ghi lại số bị mất.")
_BY_TIMES = N_(
    "Văn bản không còn khung bảng và không có số thứ tự: mỗi nhiệm vụ được hiểu là kết thúc ở ô thời gian của nó. "
    "Hãy đối chiếu từng dòng với bản gốc."
)
_TWO_TASKS = N_("Đoạn “%(text)s” nêu nhiều đơn vị hơn số cột đơn vị: có thể là hai nhiệm vụ. Hãy xem lại dòng này.")
_PERIOD_AS_TIME = N_(
    "“%(text)s” ở cuối dòng số %(number)s được hiểu là thời gian của nhiệm vụ, không phải tên nhóm sau đó."
)
_UNSURE = N_(
    "Văn bản không còn khung bảng và chữ của dòng này có thể chia vào các ô theo cách khác: “%(text)s”. Hãy đối chiếu "
    "từng ô với bản gốc."
)
_SURE = 2.0  # by how much one way to cut a row is better than all others
_TIMES = ("start", "due", "days")
_TIME_WORD = re.compile(
    r"(?:\d{1,2}[/.]\d{1,2}[/.]\d{4}$|Tháng|Ngày|Quý|T\.?\d|Tuần \d|Từ|"
    r"Trước|Thường xuyên|Năm|Hằng|Hàng|Trong|Chậm|Đến|Học k)"
)
_LINES_OF_TIME = 4
_MOST_ROWS = 1000
_LONGEST_ROW = 120  # lines
_LONGEST_LINE = 600  # characters
_LONGEST_QUOTE = 200  # characters
_PASSES = 2


def read_flat(text: str, directory: Directory) -> Source | None:
    """The first table of tasks in `text` as a grid, one heading row first, or None where there is no such table.

    Raises UnreadableDocument for a table too long to be put together again.
    """
    table = find_table(to_lines(text))
    if table is None or not any(not row.is_group for row in table.rows):
        return None
    if len(table.rows) > _MOST_ROWS:
        raise UnreadableDocument(_TOO_MANY, most=_MOST_ROWS)
    cuts = _cuts(table, directory)
    rows = [_row(row, table, cuts[row.first.row].texts() if row.first.row in cuts else None) for row in table.rows]
    heading = tuple(Cell(words, Place(1, 0)) for words in table.headings)
    findings = (*_findings(table), *_doubts(table, directory), *_unsure(table, cuts))
    return Source((heading, *rows), table.before, table.after, findings)


def _doubts(table: FlatTable, directory: Directory) -> Iterator[Finding]:
    """What was taken to be so although nothing says it: where rows without numbers end, whose time a month is."""
    if "number" not in table.kinds:
        yield Finding("question", None, "number", "rows-by-times", _BY_TIMES, {}, _place(table.rows[0]))
        for row in table.rows:
            units = sum(directory.find(line.text.strip(" ,;.")) is not None for line in row.lines)
            if units > sum(kind in ("leads", "partners") for kind in table.kinds):
                params = {"text": " ".join(line.text for line in row.lines)[:_LONGEST_QUOTE]}
                yield Finding("question", None, "title", "maybe-two-tasks", _TWO_TASKS, params, _place(row))
    by_period = any(row.is_group and not row.label for row in table.rows)
    for row, following in pairwise(table.rows) if by_period else ():
        if not row.is_group and not following.is_group and row.lines and is_period(row.lines[-1].text):
            params = {"text": row.lines[-1].text, "number": row.label}
            yield Finding("question", row.label, "due", "period-as-time", _PERIOD_AS_TIME, params, _place(row))


def _findings(table: FlatTable) -> Iterator[Finding]:
    if table.stray:
        first, last = table.stray[0], table.stray[-1]
        params = {"row": str(first.row), "last": str(last.row), "text": " ".join(line.text for line in table.stray)}
        yield Finding("error", None, None, "stray-lines", _STRAY, params, Place(first.page, first.row))
    for row in table.rows:
        if _swallows(row, table.kinds):
            yield Finding(
                "error", row.label, "number", "rows-run-together", _RUN_TOGETHER, {"number": row.label}, _place(row)
            )
        if not _is_cuttable(row):
            params = {"number": row.label, "row": str(row.first.row)}
            yield Finding("error", row.label, "title", "row-too-long", _TOO_LONG, params, _place(row))
        elif not row.is_group and any(line.broken for line in row.lines[1:]):
            yield Finding("question", row.label, None, "row-over-page", _BROKEN, {}, _place(row))


def _swallows(row: FlatRow, kinds: Sequence[ColumnKind]) -> bool:
    """Whether a row's lines hold times in more places than it has cells of time: a number went missing inside it."""
    if row.is_group:
        return False
    wanted = sum(kind in _TIMES and before not in _TIMES for before, kind in pairwise(kinds))
    return _runs_of_time([line.text for line in row.lines]) > wanted


def _runs_of_time(lines: list[str]) -> int:
    """How often times that begin a line follow lines that are none."""
    runs, at, inside = 0, 0, False
    while at < len(lines):
        length = next((n for n in range(_LINES_OF_TIME, 0, -1) if _is_time(lines[at : at + n], inside)), 0)
        runs += bool(length) and not inside
        inside = bool(length)
        at += length or 1
    return runs


def _is_time(lines: list[str], inside: bool) -> bool:
    if not (inside or _TIME_WORD.match(lines[0])):
        return False
    return read_cell(" ".join(lines), TimeContext(PlanYear(2000, 2000))).complete


def _place(row: FlatRow) -> Place:
    return Place(row.first.page, row.first.row)


def _is_cuttable(row: FlatRow) -> bool:
    return len(row.lines) <= _LONGEST_ROW and all(len(line.text) <= _LONGEST_LINE for line in row.lines)


def _cuts(table: FlatTable, directory: Directory) -> dict[int, Cut]:
    """Every task's cells by its first line. The columns' widths are learnt from a first cut and used for the next."""
    kinds = [kind for kind in table.kinds if kind != "number"]
    cutter = Cutter(kinds, PartyReader(directory))
    tasks = [row for row in table.rows if not row.is_group and row.lines and _is_cuttable(row)]
    cuts = [cutter.cut(row.lines) for row in tasks]
    for _ in range(_PASSES - 1):
        cutter.learn(cuts)
        cuts = [cutter.cut(row.lines) for row in tasks]
    return {row.first.row: cut for row, cut in zip(tasks, cuts, strict=True)}


def _unsure(table: FlatTable, cuts: Mapping[int, Cut]) -> Iterator[Finding]:
    """The tasks whose words might as well be cut into other cells."""
    for row in table.rows:
        cut = cuts.get(row.first.row)
        if cut is not None and cut.lead < _SURE:
            params = {"text": " ".join(line.text for line in row.lines)[:_LONGEST_QUOTE]}
            yield Finding("question", row.label or None, None, "cells-unsure", _UNSURE, params, _place(row))


def _row(row: FlatRow, table: FlatTable, texts: tuple[str, ...] | None) -> tuple[Cell, ...]:
    if texts is None:  # a group's heading, or a row that could not be cut
        title = " ".join(line.text for line in row.lines)[:_LONGEST_LINE]
        texts = tuple(title if kind == "title" else "" for kind in table.kinds if kind != "number")
    left = iter(texts)
    return tuple(Cell(row.label if kind == "number" else next(left), _place(row)) for kind in table.kinds)
