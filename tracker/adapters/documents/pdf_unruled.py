"""A table in a PDF that has no rules: its columns and rows are told by the white between them."""

from collections.abc import Iterator, Sequence

from tracker.adapters.documents.pdf_pages import PageContent, TextLine, Word, lines_of, text_line, wrapped_text
from tracker.domain.names import fold
from tracker.domain.plan_document import Finding, Place
from tracker.domain.reading.furniture import END_OF_TABLE
from tracker.domain.reading.grid import Cell, Source
from tracker.domain.reading.headings import find_headings
from tracker.domain.reading.numbers import mark_of
from tracker.domain.words import N_

_UNRULED = N_("Bảng trong tệp PDF không có đường kẻ; các ô được tách theo khoảng trắng. Hãy đối chiếu từng dòng.")
_GUTTER = 3.0  # points of white between two columns
_RARELY = 0.03  # of the lines may cross a gutter: titles, notes
_PARTING = 0.3  # of a letter's height, white between two rows
_FEWEST_COLUMNS = 3

Block = list[list[TextLine]]  # a row's lines, column by column


def unruled_table(contents: Sequence[PageContent], first_page: int) -> list[Source]:
    """The table of tasks in pages without rules, as a list of one; [] where no heading of such a table is found."""
    columns = _columns([line for each in contents for line in lines_of(each.words)])
    if len(columns) < _FEWEST_COLUMNS:
        return []
    blocks: list[Block] = []
    places: list[Place] = []
    for page, content in enumerate(contents, start=first_page):
        for at, words in enumerate(_blocks(content.words), start=1):
            blocks.append(_by_column(words, columns))
            places.append(Place(page, at))
    headings = find_headings(_rows(blocks, places))
    number = headings.at("number") if headings else None
    if headings is None or number is None:
        return []
    said = [_said(block) for block in blocks]
    repeated = {fold(text) for text in said[: headings.end + 1]}
    end = next((at for at, text in enumerate(said) if at > headings.end and END_OF_TABLE.match(text)), len(said))
    body = [at for at in range(headings.end, end) if at == headings.end or fold(said[at]) not in repeated]
    whole = _whole([(blocks[at], places[at]) for at in body], number)
    top = list(zip(blocks, places, strict=True))[headings.first : headings.end]
    rows = _rows(*map(list, zip(*(*top, *whole), strict=True)))
    asked = Finding("question", None, None, "unruled", _UNRULED, {}, places[headings.first])
    return [Source(rows, tuple(said[: headings.first]), tuple(said[end:]), (asked,))]


def _said(block: Block) -> str:
    return " ".join(line.text for lines in block for line in lines)


def _columns(lines: Sequence[Sequence[Word]]) -> list[float]:
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


def _blocks(words: Sequence[Word]) -> Iterator[list[Word]]:
    """The words of a page parted where white goes through all columns."""
    block: list[Word] = []
    bottom = 0.0
    for word in sorted(words, key=lambda each: each.top):
        if block and word.top - bottom > _PARTING * (word.bottom - word.top):
            yield block
            block = []
        bottom = max(bottom, word.bottom) if block else word.bottom
        block.append(word)
    if block:
        yield block


def _by_column(words: Sequence[Word], columns: Sequence[float]) -> Block:
    found: list[list[Word]] = [[] for _ in columns]
    for word in words:
        found[max((at for at, begin in enumerate(columns) if begin <= word.x0 + _GUTTER), default=0)].append(word)
    return [[text_line(line) for line in lines_of(each)] for each in found]


def _whole(blocks: Sequence[tuple[Block, Place]], number: int) -> list[tuple[Block, Place]]:
    """Blocks without a number of their own put to the row before, but for a line alone that is headed like a group."""
    rows: list[tuple[Block, Place]] = []
    for block, place in blocks:
        said = _said(block)
        alone = sum(map(len, block)) == 1 and (bool(mark_of(said)) or said.isupper())
        if rows and not block[number] and not alone:
            above, begun = rows[-1]
            rows[-1] = [upper + lower for upper, lower in zip(above, block, strict=True)], begun
        else:
            rows.append((block, place))
    return rows


def _rows(blocks: Sequence[Block], places: Sequence[Place]) -> tuple[tuple[Cell, ...], ...]:
    columns = list(zip(*blocks, strict=True))
    rooms = [max((line.width for lines in column for line in lines), default=0.0) for column in columns]
    return tuple(
        tuple(Cell(wrapped_text(lines, room), place) for lines, room in zip(block, rooms, strict=True))
        for block, place in zip(blocks, places, strict=True)
    )
