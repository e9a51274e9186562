"""A table in a PDF that has no rules: columns told by the white between them, rows by their numbers and the gaps."""

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from tracker.adapters.documents.pdf_pages import PageContent, Word, lines_of
from tracker.domain.names import nfc
from tracker.domain.plan_document import Finding, Place
from tracker.domain.reading.grid import Cell, Source
from tracker.domain.reading.headings import Headings, find_headings
from tracker.domain.reading.joining import goes_on
from tracker.domain.words import N_

_UNRULED = N_("Bảng trong tệp PDF không có đường kẻ; các ô được tách theo khoảng trắng. Hãy đối chiếu từng dòng.")
_GUTTER = 3.0  # points of white between two columns
_RARELY = 0.03  # of the lines may cross a gutter: titles, notes
_GAP = 1.25  # of the usual distance between lines parts two rows

Line = tuple[Word, ...]


def unruled_table(contents: Sequence[PageContent], first_page: int) -> list[Source]:
    """The table of tasks in pages without rules, as a list of one; [] where no heading of such a table is found."""
    pages = [lines_of(each.words) for each in contents]
    columns = _columns([line for lines in pages for line in lines])
    if len(columns) < 3:
        return []
    rows: list[tuple[Cell, ...]] = []
    gaps: list[float] = []
    for number, lines in enumerate(pages, start=first_page):
        usual = median([b[0].top - a[0].top for a, b in pairwise(lines)] or [0.0])
        for at, line in enumerate(lines):
            gap = line[0].top - lines[at - 1][0].top if at else 0.0
            gaps.append(gap / usual if usual else 0.0)
            rows.append(_cells(line, columns, Place(number, at + 1)))
    headings = find_headings(tuple(rows))
    number_column = headings.at("number") if headings else None
    if headings is None or number_column is None:
        return []
    before = tuple(" ".join(cell.text for cell in row if cell.text) for row in rows[: headings.first])
    body = _stitched(rows, gaps, headings, number_column)
    asked = Finding("question", None, None, "unruled", _UNRULED, {}, rows[headings.first][0].place)
    return [Source((*rows[headings.first : headings.end], *body), before, findings=(asked,))]


def _columns(lines: Sequence[Line]) -> list[float]:
    """Where columns begin: the right end of every stretch of white that almost no line crosses."""
    right = int(max((word.x1 for line in lines for word in line), default=0)) + 2
    covered = [0] * right
    for line in lines:
        for x in {x for word in line for x in range(max(0, int(word.x0)), min(right, int(word.x1) + 1))}:
            covered[x] += 1
    most = len(lines) * _RARELY
    begins, white = [], _GUTTER
    for x, count in enumerate(covered):
        if count > most:
            if white >= _GUTTER:
                begins.append(float(x))
            white = 0.0
        else:
            white += 1
    return begins


def _cells(line: Line, columns: Sequence[float], place: Place) -> tuple[Cell, ...]:
    texts = [""] * len(columns)
    for word in line:
        at = max((at for at, begin in enumerate(columns) if begin <= word.x0 + _GUTTER), default=0)
        texts[at] = f"{texts[at]} {nfc(word.text)}".strip()
    return tuple(Cell(text, place) for text in texts)


def _stitched(
    rows: Sequence[tuple[Cell, ...]], gaps: Sequence[float], headings: Headings, number: int
) -> list[tuple[Cell, ...]]:
    """Lines put together to rows: a block of lines between wider gaps is a row if it has a number, else the rest of
    the one before; a block with several numbers is cut at each."""
    blocks: list[list[tuple[Cell, ...]]] = []
    for at in range(headings.end, len(rows)):
        row = rows[at]
        numbered = bool(row[number].text)
        has_number = bool(blocks) and any(each[number].text for each in blocks[-1])
        if not blocks or gaps[at] > _GAP or (numbered and has_number):
            blocks.append([row])
        else:
            blocks[-1].append(row)
    whole: list[list[tuple[Cell, ...]]] = []
    for block in blocks:
        alone = sum(bool(cell.text) for cell in block[0]) == 1 and len(block) == 1
        if whole and not alone and not any(row[number].text for row in block):
            whole[-1] += block
        else:
            whole.append(block)
    return [tuple(map(_column, zip(*block, strict=True))) for block in whole]


def _column(cells: Sequence[Cell]) -> Cell:
    lines: list[str] = []
    for cell in cells:
        if lines and cell.text and goes_on(lines[-1], cell.text):
            lines[-1] += cell.text
        elif cell.text:
            lines.append(cell.text)
    return Cell("\n".join(lines), cells[0].place)
