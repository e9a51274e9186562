"""Tables in text whose columns nothing but runs of blanks or tabs parts, as a viewer or a terminal prints them."""

import re
from collections.abc import Callable, Sequence

from tracker.adapters.documents.limits import check_rows, check_texts
from tracker.domain.names import squeeze
from tracker.domain.plan_document import Finding, Place
from tracker.domain.reading.grid import Cell, Source, grid_row
from tracker.domain.reading.headings import classify, find_headings
from tracker.domain.reading.joining import join_lines
from tracker.domain.reading.lines import ends_table
from tracker.domain.words import N_

_GAP = re.compile(r" {2,}| ?\t[ \t]*")
_SEPARATED = re.compile(r"[;|,].*[;|,]")  # by something else than blanks
_PART = re.compile(r"\S+(?: \S+)*")
_SEARCHED = 200  # lines in which a heading is looked for
_FEWEST_COLUMNS = 3
_EXACTLY = 2  # what `classify` says of a heading that is known word by word
_FEWEST_ROWS = 2
_LONGEST_GROUP = 2  # parts of a line that heads a group: its mark and its words
_MARK = re.compile(r"(?:[IVX]{1,5}|[A-H])[.)]?(?: .*)?")
_PAGE_NUMBER = re.compile(r"(?:trang )?-?\s?\d{1,3}\s?-?", re.IGNORECASE)
_BY_LAYOUT = N_(
    "Các cột của văn bản chỉ cách nhau bằng khoảng trắng: chữ được chia vào cột theo chỗ đứng của nó, dòng không có số "
    "thứ tự được hiểu là phần tiếp của dòng trên. Hãy đối chiếu từng dòng với bản gốc."
)
_Line = tuple[int, str]  # its number from 1, and its words where they stand


def read_spaced(text: str, filename: str) -> Source | None:
    """The table of a text whose columns runs of blanks part, or None where no heading is parted so.

    Where each line has as many parts as the heading, they are the cells. Else the columns are what stays blank in all
    lines, a line without a number goes on with the row above it, and a person is asked to compare. Raises
    UnreadableDocument for a table too long.
    """
    lines = [(at, line.replace("\f", "")) for at, line in enumerate(text.split("\n"), start=1)]
    for at, (row, line) in enumerate(lines[:_SEARCHED]):
        parts = _parts(line)
        if len(parts) >= _FEWEST_COLUMNS and not _SEPARATED.search(line) and any(classify(part)[1] for part in parts):
            body, after = _body(lines[at + 1 :])
            check_rows(len(body), filename)
            ordered = _by_order((row, line), body)
            rows = ordered or _by_place((row, line), body)
            if rows and find_headings(rows):
                findings = () if ordered else (_compare(row),)
                return Source(rows, _said(lines[:at]), _said(after), findings)
    return None


def _compare(row: int) -> Finding:
    return Finding("question", None, None, "rows-by-layout", _BY_LAYOUT, {}, Place(None, row))


def _parts(line: str) -> list[str]:
    return [part for part in map(squeeze, _GAP.split(line.strip())) if part]


def _said(lines: Sequence[_Line]) -> tuple[str, ...]:
    return tuple(squeeze(line) for _, line in lines if line.strip())


def _body(lines: Sequence[_Line]) -> tuple[list[_Line], Sequence[_Line]]:
    """The lines of the table below the first of its heading, blank ones left out, and those after it."""
    end = next((at for at, (_, line) in enumerate(lines) if ends_table(squeeze(line))), len(lines))
    return [each for each in lines[:end] if each[1].strip()], lines[end:]


def _by_order(heading: _Line, body: Sequence[_Line]) -> tuple[tuple[Cell, ...], ...] | None:
    """The rows where every line has as many parts as the heading, but for those that head a group."""
    rows = [(row, _parts(line)) for row, line in (heading, *body)]
    width = len(rows[0][1])
    whole = [texts for _, texts in rows if len(texts) == width]
    groups = [texts for _, texts in rows if len(texts) <= _LONGEST_GROUP < width and _MARK.fullmatch(texts[0])]
    if len(whole) + len(groups) < len(rows) or len(whole) <= _FEWEST_ROWS or _is_separated((heading, *body)):
        return None
    for row, texts in rows:
        check_texts(texts, row)
    return tuple(grid_row(texts, row) for row, texts in rows)


def _is_separated(lines: Sequence[_Line]) -> bool:
    """Whether each line has as many tabs: those of a spreadsheet, with cells that may be empty."""
    return all("\t" in line for _, line in lines) and len({line.count("\t") for _, line in lines}) == 1


def _by_place(heading: _Line, body: Sequence[_Line]) -> tuple[tuple[Cell, ...], ...] | None:
    """The rows by where their words stand; None where words lie across columns, or lines stand above the first row."""
    known = {squeeze(heading[1])}
    lines = [(row, line.expandtabs()) for row, line in (heading, *body)]
    begins = _columns([line for _, line in lines if len(_parts(line)) >= _FEWEST_COLUMNS - 1])
    if len(begins) < _FEWEST_COLUMNS or classify(_parts(heading[1])[0])[0] != "number":
        return None
    rows: list[tuple[int, list[list[str]]]] = []
    numbered = False
    for row, line in lines:
        if (numbered and squeeze(line) in known) or _is_page_number(line, begins):
            continue
        cells = _placed(line, begins)
        if cells is None or _is_inside(cells):
            return None
        starts = bool(cells[0]) and rows
        numbered = numbered or bool(starts)
        if not numbered:
            known.add(squeeze(line))
        if starts or not rows:
            rows.append((row, [[text] if text else [] for text in cells]))
        else:
            for cell, text in zip(rows[-1][1], cells, strict=True):
                cell += [text] if text else []
    if sum(_is_row(cells[0]) for _, cells in rows) < _FEWEST_ROWS or _sure(rows[0][1], len) < _sure(rows[0][1], _once):
        return None  # a line of the first row stands above its number, and so would all others
    return tuple(grid_row(map(join_lines, cells), row) for row, cells in rows)


def _is_inside(cells: Sequence[str]) -> bool:
    """Whether a number stands beside a later line of its row: then nothing tells the first line from the row before."""
    return cells[0][:1].isdigit() and (not cells[1] or cells[1][:1].islower())


def _is_row(first: Sequence[str]) -> bool:
    return any(text[:1].isdigit() for text in first)


def _sure(heading: Sequence[Sequence[str]], lines: Callable[[Sequence[str]], int]) -> int:
    """How many columns their first so many lines surely tell."""
    return sum(classify(join_lines(cell[: lines(cell)]))[1] == _EXACTLY for cell in heading)


def _once(_cell: Sequence[str]) -> int:
    return 1


def _columns(lines: Sequence[str]) -> list[int]:
    """Where the columns begin: behind each stretch of two blanks or more that all lines share."""
    width = max(map(len, lines), default=0)
    filled = [any(at < len(line) and not line[at].isspace() for line in lines) for at in range(width)]
    return [at for at in range(width) if filled[at] and not any(filled[max(0, at - 2) : at])]


def _is_page_number(line: str, begins: Sequence[int]) -> bool:
    return bool(_PAGE_NUMBER.fullmatch(squeeze(line))) and len(line) - len(line.lstrip()) >= begins[1]


def _placed(line: str, begins: Sequence[int]) -> list[str] | None:
    """The words of a line in their columns; None where some lie across two and are not the line's only ones."""
    cells = [""] * len(begins)
    found = list(_PART.finditer(line))
    for part in found:
        at = max((n for n, begin in enumerate(begins) if begin <= part.start()), default=0)
        across = at + 1 < len(begins) and part.end() > begins[at + 1]
        if across and len(found) > _LONGEST_GROUP:
            return None
        cells[at] = f"{cells[at]} {part[0]}".strip()
    return cells
