"""Tables in text whose columns nothing but runs of blanks or tabs parts, as a viewer or a terminal prints them."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from tracker.adapters.documents.limits import check_rows, check_texts
from tracker.adapters.documents.spaced_lines import (
    FEWEST_COLUMNS,
    TextLine,
    layout_of,
    parts_of,
    text_lines,
)
from tracker.adapters.documents.spaced_rows import Row, rows_of
from tracker.domain.errors import UnreadableDocument
from tracker.domain.plan_document import Finding, Place
from tracker.domain.reading.grid import Cell, Source, grid_row
from tracker.domain.reading.headings import classify, find_headings
from tracker.domain.reading.joining import join_lines
from tracker.domain.reading.lines import ends_table
from tracker.domain.reading.numbers import is_number, label_of
from tracker.domain.reading.periods import PlanYear
from tracker.domain.reading.phrases import TimeContext, read_cell
from tracker.domain.words import N_

_SEPARATED = re.compile(r"[;|,].*[;|,]")  # by something else than blanks
_SEARCHED = 200  # lines in which a heading is looked for
_FEWEST_ROWS = 2
_LONGEST_GROUP = 2  # parts of a line that heads a group: its mark and its words
_MARK = re.compile(r"(?:[IVX]{1,5}|[A-H])[.)]?(?: .*)?")
_BY_LAYOUT = N_(
    "Các cột của văn bản chỉ cách nhau bằng khoảng trắng: chữ được chia vào cột theo chỗ đứng của nó, dòng không có số "
    "thứ tự được hiểu là phần tiếp của dòng trên. Hãy đối chiếu từng dòng với bản gốc."
)
_BY_MIDDLE = N_(
    "Các cột của văn bản chỉ cách nhau bằng khoảng trắng và số thứ tự đứng giữa ô: dòng nào thuộc nhiệm vụ nào được "
    "hiểu theo chỗ đứng của số. Hãy đối chiếu từng dòng với bản gốc."
)
_DOUBTFUL = N_(
    "Không chắc dòng “%(text)s” bắt đầu nhiệm vụ sau hay còn thuộc nhiệm vụ số %(number)s. Hãy đối chiếu với bản gốc."
)
_CROWDED = N_(
    "Dòng số %(number)s có nhiều thời gian, mỗi thời gian đứng cạnh một việc: có thể là nhiều nhiệm vụ chung một số. "
    "Hãy đối chiếu với bản gốc."
)
_NOT_PARTED = N_(
    "Văn bản giữ cách trình bày của bản in nhưng chương trình không tách được bảng thành từng dòng, từng cột: các ô "
    "chỉ cách nhau bằng khoảng trắng, không rõ dòng nào thuộc nhiệm vụ nào. Hãy nộp chính tệp PDF hoặc bản Word, Excel."
)


def read_spaced(text: str, filename: str) -> Source | None:
    """The table of a text whose columns runs of blanks part, or None where no heading is parted so.

    Where each line has as many parts as the heading, they are the cells. Else the columns are what stays blank in all
    lines of a page, a line without a number belongs to the row whose number stands above it, or in the middle of it,
    and a person is asked to compare. Raises UnreadableDocument for a table too long, and for one that is printed so
    and whose rows cannot be told.
    """
    lines = text_lines(text)
    for at, line in enumerate(lines[:_SEARCHED]):
        parts = parts_of(line.text)
        if len(parts) < FEWEST_COLUMNS or _SEPARATED.search(line.text) or not any(classify(part)[1] for part in parts):
            continue
        last = max((n for n in range(at, len(lines)) if _is_numbered(lines[n].text)), default=at)
        end = next((end for end in range(last + 1, len(lines)) if ends_table(lines[end].said)), len(lines))
        check_rows(end - at, filename)
        after = tuple(line.said for line in lines[end:])
        rows = _by_order(lines[at:end])
        if rows and find_headings(rows):
            return Source(rows, tuple(line.said for line in lines[:at]), after)
        if found := _by_place(lines[:end], at, after):
            return found
        if _is_printed(lines[at:end]):
            raise UnreadableDocument(_NOT_PARTED)
    return None


def _is_numbered(line: str) -> bool:
    parts = parts_of(line)
    return len(parts) > 1 and is_number(label_of(parts[0]))


def _by_place(lines: Sequence[TextLine], at: int, after: tuple[str, ...]) -> Source | None:
    """The rows by where their words stand; None where words lie across columns, or nothing tells the rows apart."""
    layout = layout_of(lines, at)
    kinds = [classify(text)[0] for text in layout.heading] if layout else []
    if layout is None or kinds[0] != "number":
        return None
    rows = rows_of(layout.body, kinds.index("title")) if "title" in kinds else None
    if rows is None or sum(any(line.label[:1].isdigit() for line in row.lines) for row in rows) < _FEWEST_ROWS:
        return None
    place = lines[layout.first].row
    grid = (grid_row(layout.heading, place), *(grid_row(_texts(row), row.lines[0].row) for row in rows))
    if find_headings(grid) is None:
        return None
    before = tuple(line.said for line in lines[: layout.first])
    return Source(grid, before, after, (*_told(rows, place), *_crowded(rows, kinds)))


def _texts(row: Row) -> list[str]:
    return [join_lines(filter(None, cells)) for cells in zip(*(line.cells for line in row.lines), strict=True)]


def _told(rows: Sequence[Row], place: int) -> Iterator[Finding]:
    above = all(row.lines[0].label for row in rows)
    message = _BY_LAYOUT if above else _BY_MIDDLE
    yield Finding("question", None, None, "rows-by-layout", message, {}, Place(None, place))
    for row, following in pairwise(rows):
        if row.doubtful:
            first, number = following.lines[0], label_of(_texts(row)[0])
            params = {"text": " ".join(filter(None, first.cells)), "number": number}
            yield Finding("question", number, None, "row-by-layout", _DOUBTFUL, params, Place(None, first.row))


def _crowded(rows: Sequence[Row], kinds: Sequence[str]) -> Iterator[Finding]:
    """Rows with several times, each beside a line that may begin a task: a number merged over several tasks."""
    if "due" not in kinds:
        return
    due, title = kinds.index("due"), kinds.index("title")
    for row in rows:
        begun = [line for line in row.lines if line.cells[title][:1].isupper() and _is_time(line.cells[due])]
        if len(begun) > 1:
            number = label_of(_texts(row)[0])
            place = Place(None, begun[1].row)
            yield Finding("question", number, None, "maybe-two-tasks", _CROWDED, {"number": number}, place)


def _is_time(text: str) -> bool:
    return read_cell(text, TimeContext(PlanYear(2000, 2001))).complete


def _is_printed(lines: Sequence[TextLine]) -> bool:
    """Whether lines below a heading stand in columns, so that reading them one after another would mix their cells."""
    wide = sum(len(parts_of(line.text)) >= FEWEST_COLUMNS for line in lines[1:])
    return wide >= _FEWEST_ROWS and not any("\t" in line.text for line in lines)


def _by_order(lines: Sequence[TextLine]) -> tuple[tuple[Cell, ...], ...] | None:
    """The rows where every line has as many parts as the heading, but for those that head a group."""
    rows = [(line.row, parts_of(line.text)) for line in lines]
    width = len(rows[0][1])
    whole = [texts for _, texts in rows if len(texts) == width]
    groups = [texts for _, texts in rows if len(texts) <= _LONGEST_GROUP < width and _MARK.fullmatch(texts[0])]
    if len(whole) + len(groups) < len(rows) or len(whole) <= _FEWEST_ROWS or _is_separated(lines):
        return None
    for row, texts in rows:
        check_texts(texts, row)
    return tuple(grid_row(texts, row) for row, texts in rows)


def _is_separated(lines: Sequence[TextLine]) -> bool:
    """Whether each line has as many tabs: those of a spreadsheet, with cells that may be empty."""
    return all("\t" in line.text for line in lines) and len({line.text.count("\t") for line in lines}) == 1
