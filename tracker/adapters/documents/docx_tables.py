"""Tables in Word documents (.docx): merged cells, tables inside cells, tables that go on after a break."""

import io
import warnings
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from docx import Document
from docx.oxml.ns import qn

from tracker.adapters.documents.limits import check_table
from tracker.adapters.documents.word_numbers import Numbering
from tracker.domain.names import nfc, squeeze
from tracker.domain.plan_document import Finding, Place
from tracker.domain.reading.continued import join_continued
from tracker.domain.reading.grid import Cell, Source
from tracker.domain.reading.revised import outside, row_deleted

_P, _TABLE, _ROW, _CELL = qn("w:p"), qn("w:tbl"), qn("w:tr"), qn("w:tc")
_WRAPPERS = {qn(name) for name in ("w:sdt", "w:sdtContent", "w:customXml", "w:ins", "w:moveTo", "w:smartTag")}
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_SKIPPED = {qn(name) for name in ("w:del", "w:moveFrom", "w:pPr", "w:rPr")} | {_FALLBACK}
_SKIPPED_BEFORE = {qn(name) for name in ("w:ins", "w:moveTo", "w:pPr", "w:rPr")} | {_FALLBACK}
_BOTH = (_SKIPPED, _SKIPPED_BEFORE)
_TEXTS = {qn("w:t"), qn("w:delText")}
_ADDED, _DELETED = f"{qn('w:trPr')}/{qn('w:ins')}", f"{qn('w:trPr')}/{qn('w:del')}"
_CELL_ADDED, _CELL_DELETED = f"{qn('w:tcPr')}/{qn('w:cellIns')}", f"{qn('w:tcPr')}/{qn('w:cellDel')}"
_MARKS = {qn("w:tab"): " ", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
_SAME_LINE = 200  # twentieths of a point; borders nearer than 3.5 mm were meant to be one
_SMALLEST = 2  # rows and columns of what is worth offering as a table


@dataclass(frozen=True, slots=True)
class _RawCell:
    begin: int
    end: int
    text: str
    continues: bool
    was: str | None = None


def read_tables(data: bytes, filename: str) -> list[Source]:
    """The tables of a Word document in its order, those inside cells after the one that holds them.

    Tracked changes are read as if accepted, and each is asked about; numbers that Word makes itself are written out.
    Raises UnreadableDocument for a table too large; whatever a broken file makes the libraries raise goes through.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        document = Document(io.BytesIO(data))
    reader = _Reader(Numbering(document), filename)
    reader.read(document.element.body)
    return reader.sources()


class _Reader:
    """Walks the body once, in order, because numbered lists count as they go."""

    def __init__(self, numbering: Numbering, filename: str) -> None:
        self._numbering = numbering
        self._filename = filename
        self._lines: list[str] = []  # everything but the tables found, with the tables' places in it
        self._tables: list[tuple[int, int, list[list[Cell]], list[Finding]]] = []  # first line, line after it, rows
        self._outside: list[tuple[str, str]] = []  # words before and after a tracked change

    def read(self, body: Any) -> None:
        for block in _blocks(body):
            if block.tag == _P:
                self._lines += self._paragraph(block).split("\n")
                if (was := _was([block])) is not None:
                    self._outside.append((was, "".join(_pieces(block))))
            else:
                self._table(block)

    def _paragraph(self, paragraph: Any) -> str:
        text = "".join(_pieces(paragraph))
        label = self._numbering.label(paragraph)
        return nfc(f"{label} {text}" if label else text).strip()

    def _table(self, table: Any) -> None:
        first, at = len(self._lines), len(self._tables)
        rows = list(_inside(table, _ROW))
        deleted = [row_deleted(list(map(_text_before, _inside(row, _CELL)))) for row in rows if _is_deleted(row)]
        raw = [self._row(row) for row in rows if not _is_deleted(row)]
        grid = _grid(raw, _offsets(table))
        check_table(grid, self._filename)
        self._lines += [line for row in raw for cell in row if not cell.continues for line in cell.text.split("\n")]
        if max(map(len, grid), default=0) >= _SMALLEST:
            self._tables.insert(at, (first, len(self._lines), grid, deleted))

    def _row(self, row: Any) -> list[_RawCell]:
        at = _number(row, "w:trPr", "w:gridBefore")
        added = _has(row, _ADDED)
        cells: list[_RawCell] = []
        for cell in _inside(row, _CELL):
            properties = cell.find(qn("w:tcPr"))
            span = max(1, _number(cell, "w:tcPr", "w:gridSpan"))
            if cells and _merge(properties, "w:hMerge") == "continue":
                last = cells[-1]
                cells[-1] = _RawCell(last.begin, last.end + span, last.text, last.continues)
            else:
                continues = _merge(properties, "w:vMerge") == "continue"
                was = "" if added or _has(cell, _CELL_ADDED) else _was(_paragraphs(cell))
                text = self._content(cell)
                if _has(cell, _CELL_DELETED):  # the cells beside it stay in their columns
                    was, text = squeeze(_text_before(cell)), ""
                cells.append(_RawCell(at, at + span, text, continues, was))
            at += span
        return cells

    def _content(self, cell: Any) -> str:
        """A cell's paragraphs, one a line; a table inside it is told row by row and kept as a table of its own."""
        lines: list[str] = []
        for block in _blocks(cell):
            if block.tag == _P:
                lines.append(self._paragraph(block))
            else:
                before = len(self._lines)
                self._table(block)
                lines += self._lines[before:]
                del self._lines[before:]
        return "\n".join(line for line in lines if line)

    def sources(self) -> list[Source]:
        found, last = [], 0
        changes = [outside(*map("; ".join, zip(*self._outside, strict=True)))] if self._outside else []
        for first, end, rows, deleted in self._tables:
            around = _said(self._lines[:first]), _said(self._lines[end:])
            above, inside = _said(self._lines[last:first]), first < last
            told = (*changes, *deleted)
            found.append(Source(tuple(map(tuple, rows)), *around, findings=told, above=above, inside=inside))
            last = max(last, end)
        return [each for each in join_continued(found) if len(each.rows) >= _SMALLEST]


def _said(lines: Sequence[str]) -> tuple[str, ...]:
    return tuple(line for line in lines if line.strip())


def _blocks(parent: Any) -> Iterator[Any]:
    """The paragraphs and tables directly in `parent`, also those that controls and tracked changes wrap."""
    for child in parent:
        if child.tag in (_P, _TABLE):
            yield child
        elif child.tag in _WRAPPERS:
            yield from _blocks(child)


def _inside(parent: Any, tag: str) -> Iterator[Any]:
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag in _WRAPPERS:
            yield from _inside(child, tag)


def _pieces(element: Any, skipped: Collection[str] = _SKIPPED) -> Iterator[str]:
    for child in element:
        if child.tag in _TEXTS:
            yield child.text or ""
        elif child.tag in _MARKS:
            yield _MARKS[child.tag]
        elif child.tag not in skipped and isinstance(child.tag, str):
            yield from _pieces(child, skipped)
            if child.tag == _P:
                yield "\n"


def _was(paragraphs: Sequence[Any]) -> str | None:
    """The text of paragraphs before the changes tracked in them, None where these change no text."""
    now, before = ("\n".join("".join(_pieces(each, skipped)) for each in paragraphs) for skipped in _BOTH)
    return None if squeeze(now) == squeeze(before) else squeeze(before)


def _text_before(cell: Any) -> str:
    return squeeze("".join(_pieces(cell, _SKIPPED_BEFORE)))


def _paragraphs(cell: Any) -> list[Any]:
    return [block for block in _blocks(cell) if block.tag == _P]


def _has(element: Any, mark: str) -> bool:
    return element.find(mark) is not None


def _is_deleted(row: Any) -> bool:
    """Whether a row is deleted as a tracked change, whole or cell by cell."""
    cells = list(_inside(row, _CELL))
    return _has(row, _DELETED) or (bool(cells) and all(_has(cell, _CELL_DELETED) for cell in cells))


def _number(element: Any, properties: str, name: str) -> int:
    found = element.find(f"{qn(properties)}/{qn(name)}")
    text = found.get(qn("w:val"), "") if found is not None else ""
    return min(int(text), 1000) if text.isdecimal() else 0


def _merge(properties: Any, name: str) -> str | None:
    found = properties.find(qn(name)) if properties is not None else None
    return None if found is None else found.get(qn("w:val"), "continue")


def _offsets(table: Any) -> list[int]:
    """How far from the left each column of the table's grid begins; [] where the file does not really tell."""
    widths = [column.get(qn("w:w"), "") for column in table.iterfind(f"{qn('w:tblGrid')}/{qn('w:gridCol')}")]
    numbers = [int(width) if width.isdecimal() else 0 for width in widths]
    if sum(number < _SAME_LINE for number in numbers) * 2 > len(numbers):
        return []
    return [0, *accumulate(numbers)]


def _grid(raw: Sequence[Sequence[_RawCell]], offsets: Sequence[int]) -> list[list[Cell]]:
    """Rows of cells in common columns: borders that a hand moved a little in one row still are one border."""
    begins = sorted({cell.begin for row in raw for cell in row})
    columns: dict[int, int] = {}
    for before, begin in zip([None, *begins], begins, strict=False):
        near = before is not None and max(begin, before) < len(offsets)
        near = near and offsets[begin] - offsets[before or 0] < _SAME_LINE
        columns[begin] = (columns[before] + (not near)) if before is not None else 0
    width = max(columns.values(), default=-1) + 1
    above: dict[int, Cell] = {}
    return [_cells(row, number, columns, width, above) for number, row in enumerate(raw, start=1)]


def _cells(
    row: Sequence[_RawCell], number: int, columns: dict[int, int], width: int, above: dict[int, Cell]
) -> list[Cell]:
    place = Place(None, number)
    cells = [Cell("", place)] * width
    for each in row:
        at = columns[each.begin]
        end = next((column for begin, column in columns.items() if begin >= each.end), width)
        upper = above.get(at)
        if each.continues and upper is not None:
            cells[at] = Cell(upper.text, place, inherited=True, span=upper.span)
        else:
            joined = "\n".join(filter(None, (cells[at].text, each.text)))
            cells[at] = above[at] = Cell(joined, place, span=max(1, end - at), was=each.was)
    return cells
