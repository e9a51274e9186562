"""What one page of a PDF holds: its ruled tables as cells with their lines of text, and the lines around them."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pdfplumber.page import Page
from pdfplumber.table import Table
from pdfplumber.utils.text import extract_words

from tracker.domain.names import nfc
from tracker.domain.reading.joining import goes_on

_NEAR = 3.0  # points
_SHORTEST_RULE = 8.0  # points
_SLACK = 1.0  # points
_WORD_GAP = 0.2  # of a letter's height


_Box = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True, slots=True)
class TextLine:
    """One printed line of a cell: its text, its width, how much its first word takes."""

    text: str
    width: float
    first: float


@dataclass(frozen=True, slots=True)
class PageCell:
    """One cell: its box, its printed lines, the width its lines may fill.

    `goes_on` tells that no rule closes it at the end of the table's page although one closes its neighbours.
    """

    x0: float
    top: float
    x1: float
    bottom: float
    lines: tuple[TextLine, ...] = ()
    room: float = 0.0
    goes_on: bool = False

    @property
    def text(self) -> str:
        """The cell's text: lines broken by the column's width joined, those that somebody broke apart."""
        return wrapped_text(self.lines, self.room)


@dataclass(frozen=True, slots=True)
class PageTable:
    """A table on one page. `rows` are (top, bottom) of its rows, `is_open` tells that no rule closes the last."""

    page: int
    top: float
    bottom: float
    cells: tuple[PageCell, ...]
    rows: tuple[tuple[float, float], ...]
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Word:
    """One word and its box."""

    x0: float
    top: float
    x1: float
    bottom: float
    text: str

    @property
    def middle(self) -> float:
        """The height of its middle on the page, from the top."""
        return (self.top + self.bottom) / 2


@dataclass(frozen=True, slots=True)
class PageContent:
    """A page's tables, the lines around them with their height from the top, and the words of those lines."""

    tables: tuple[PageTable, ...]
    lines: tuple[tuple[float, str], ...]
    words: tuple[Word, ...]
    letters: int
    pictures: int


def content_of(page: Page, number: int, before: PageContent | None = None) -> PageContent:
    """Everything readable on a page, with that of the page before it. Text is composed Unicode."""
    letters = sorted((each for each in page.chars if each["text"]), key=_middle)
    tables = _tables(page)
    found = tuple(_page_table(table, is_open, letters, number) for table, is_open in tables)
    above = before.tables[-1] if before and before.tables else None
    found = tuple(each for each in found if len(each.cells) > len(each.rows) and _is_table(each, above))
    words = _words([each for each in letters if not any(_inside(each, table) for table in found)])
    lines = tuple((line[0].top, _joined(line)) for line in lines_of(words))
    return PageContent(found, lines, tuple(words), len(letters), len(page.images))


def _is_table(table: PageTable, above: PageTable | None) -> bool:
    """Whether a table is one: a single row is a frame, unless it has all columns of the table that the page before
    ends with, so that it is the rest of it."""
    if len(table.rows) > 1:
        return True
    lefts, known = (_distinct(cell.x0 for cell in each.cells) if each else [] for each in (table, above))
    return len(lefts) == len(known) and all(abs(a - b) <= _NEAR for a, b in zip(lefts, known, strict=True))


def _middle(letter: dict[str, Any]) -> float:
    return (letter["top"] + letter["bottom"]) / 2


def _inside(letter: dict[str, Any], table: PageTable) -> bool:
    left, right = min(cell.x0 for cell in table.cells), max(cell.x1 for cell in table.cells)
    return table.top <= _middle(letter) <= table.bottom and left <= (letter["x0"] + letter["x1"]) / 2 <= right


def _tables(page: Page) -> list[tuple[Table, bool]]:
    """The ruled tables of a page. One whose rules run on to the page's end is closed there, and called open."""
    found = page.find_tables()
    standing = [edge for edge in page.edges if edge["orientation"] == "v" and edge["height"] >= _SHORTEST_RULE]
    if not standing:
        return [(table, False) for table in found]
    top, end = min(edge["top"] for edge in standing), max(edge["bottom"] for edge in standing)
    lowest = max((table.bbox[3] for table in found), default=0.0)
    highest = min((table.bbox[1] for table in found), default=page.height)
    ends = [end] if end > lowest + _SHORTEST_RULE else []
    begins = [top] if top < highest - _SHORTEST_RULE else []
    if ends or begins:
        found = page.find_tables({"explicit_horizontal_lines": [*begins, *ends]})
    return [(table, bool(ends) and table.bbox[3] > end - _NEAR) for table in found]


def _page_table(table: Table, is_open: bool, letters: Sequence[dict[str, Any]], number: int) -> PageTable:
    _, top, right, bottom = table.bbox
    tops = _distinct(box[1] for box in table.cells)
    rows = tuple(zip(tops, [*tops[1:], bottom], strict=True))
    lefts = _distinct(box[0] for box in table.cells)
    columns = list(zip(lefts, [*lefts[1:], right], strict=True))
    middles = [_middle(letter) for letter in letters]
    found = []
    holes = set(_holes(table.cells, rows, columns))
    for box in (*table.cells, *holes):
        within = letters[bisect_left(middles, box[1]) : bisect_left(middles, box[3])]
        own = [letter for letter in within if box[0] <= (letter["x0"] + letter["x1"]) / 2 < box[2]]
        goes_on = box in holes and box[3] == rows[-1][1]
        found.append(PageCell(*box, tuple(map(text_line, lines_of(_words(own)))), goes_on=goes_on))
    padding = min(((cell.x1 - cell.x0 - line.width) / 2 for cell in found for line in cell.lines), default=0.0)
    cells = tuple(replace(cell, room=cell.x1 - cell.x0 - 2 * max(0.0, padding)) for cell in found)
    return PageTable(number, top, bottom, cells, rows, is_open)


def _holes(
    cells: Sequence[_Box], rows: Sequence[tuple[float, float]], columns: Sequence[tuple[float, float]]
) -> Iterator[_Box]:
    """The places in a table that no cell covers: a merged cell that goes on over the page's end has no rule there."""
    for left, right in columns:
        begun: float | None = None
        for top, bottom in rows:
            x, y = (left + right) / 2, (top + bottom) / 2
            covered = any(box[0] <= x <= box[2] and box[1] <= y <= box[3] for box in cells)
            if covered and begun is not None:
                yield left, begun, right, top
                begun = None
            elif not covered and begun is None:
                begun = top
        if begun is not None:
            yield left, begun, right, rows[-1][1]


def _distinct(values: Any) -> list[float]:
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > _NEAR:
            found.append(value)
    return found


def _words(letters: Sequence[dict[str, Any]]) -> list[Word]:
    found = extract_words(list(letters), x_tolerance_ratio=_WORD_GAP)
    return [Word(each["x0"], each["top"], each["x1"], each["bottom"], each["text"]) for each in found]


def lines_of(words: Sequence[Word]) -> list[tuple[Word, ...]]:
    """Words put together to lines, from above, each from the left."""
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda each: (each.middle, each.x0)):
        last = lines[-1][0] if lines else None
        if last and word.middle - last.middle < (last.bottom - last.top) / 2:
            lines[-1].append(word)
        else:
            lines.append([word])
    return [tuple(sorted(line, key=lambda each: each.x0)) for line in lines]


def _joined(line: Sequence[Word]) -> str:
    return nfc(" ".join(word.text for word in line))


def text_line(words: Sequence[Word]) -> TextLine:
    """The words of one line as a cell's printed line."""
    return TextLine(_joined(words), words[-1].x1 - words[0].x0, words[0].x1 - words[0].x0)


def wrapped_text(lines: Sequence[TextLine], room: float) -> str:
    """Printed lines as text. Where the next word would still have had room, somebody began a new line: it stays."""
    text = ""
    for before, line in zip([None, *lines], lines, strict=False):
        if before is None:
            text = line.text
        elif goes_on(text, line.text):
            text += line.text
        else:
            space = 0.3 * before.width / max(1, len(before.text))
            broken = before.width + space + line.first + _SLACK < room
            text += f"\n{line.text}" if broken else f" {line.text}"
    return text
