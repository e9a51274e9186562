"""Tables in text with a separator between cells: CSV in its dialects, and text copied from a spreadsheet."""

import csv
import io
import re
from collections import Counter
from itertools import dropwhile
from typing import Literal

from tracker.adapters.documents.limits import LONGEST_CELL, check_rows, check_texts
from tracker.domain.errors import UnreadableDocument
from tracker.domain.reading.grid import Cell, Source, grid_row
from tracker.domain.reading.headings import classify, find_headings
from tracker.domain.words import N_

_SEPARATORS = (";", ",", "\t", "|")
_SURE_SEPARATORS = (";", "\t", "|")  # a comma also stands in sentences
_FEWEST_COLUMNS = 3
_SAMPLE = 200  # lines
_QUOTED = re.compile(r'"[^"]*"')
_ESCAPED = re.compile(r"'+[=+\-@\t\r]")
_BROKEN = N_("Tệp CSV “%(name)s” hỏng ở dòng %(row)s: thiếu hoặc thừa dấu ngoặc kép. Hãy sửa dòng này.")


def read_delimited(text: str, filename: str) -> Source | None:
    """The table of a text whose cells are separated, or None where no separator makes a table of tasks.

    The separator is found out by the heading it brings to light. Raises UnreadableDocument for a table that is
    broken, or too long.
    """
    separator = _separator(text)
    if separator is None:
        return None
    rows = _rows(text, separator, filename)
    return Source(rows) if find_headings(rows) else None


def read_unknown(text: str, filename: str) -> Source | None:
    """The table of a text whose lines almost all have the same number of cells, whatever its heading says, or None.

    Lines above the first with a separator are its title. Commas also stand in sentences: but for a file that is called
    .csv they separate only where each of at least three lines has as many.
    """
    filled = [line for line in text.split("\n")[:_SAMPLE] if line.strip()]
    for separator in _SEPARATORS:
        cells = [_QUOTED.sub("", line).count(separator) + 1 for line in filled]
        cells = list(dropwhile(lambda n: n == 1, cells))
        columns, often = Counter(cells).most_common(1)[0] if cells else (0, 0)
        sure = separator in _SURE_SEPARATORS or filename.lower().endswith(".csv")
        alike = often * 5 >= len(cells) * 4 and often > 1 if sure else often == len(cells) > _FEWEST_COLUMNS - 1
        if columns >= _FEWEST_COLUMNS and alike:
            return Source(_rows(text, separator, filename))
    return None


def _separator(text: str) -> str | None:
    lines = text.split("\n")[:_SAMPLE]
    best, most = None, 0
    for separator in _SEPARATORS:
        if not any(line.count(separator) >= 1 for line in lines):
            continue
        sample = tuple(grid_row(line.split(separator), at) for at, line in enumerate(lines, start=1))
        found = find_headings(_unquoted(sample))
        if found and any(_filled(line, separator) >= _FEWEST_COLUMNS for line in lines[found.first : found.end]):
            sure = sum(classify(column.heading)[1] for column in found.columns if column.kind != "extra")
            if sure > most:
                best, most = separator, sure
    return best


def _filled(line: str, separator: str) -> int:
    return sum(bool(text.strip()) for text in line.split(separator))


def _unquoted(rows: tuple[tuple[Cell, ...], ...]) -> tuple[tuple[Cell, ...], ...]:
    return tuple(tuple(Cell(cell.text.strip().strip('"'), cell.place) for cell in row) for row in rows)


def _rows(text: str, separator: str, filename: str) -> tuple[tuple[Cell, ...], ...]:
    """All rows. Text copied from a spreadsheet may hold quotes that quote nothing: they are read as they stand."""
    try:
        return _parsed(text, separator, filename, csv.QUOTE_MINIMAL)
    except csv.Error as error:
        if separator == "\t":
            return _parsed(text, separator, filename, csv.QUOTE_NONE)
        raise UnreadableDocument(_BROKEN, name=filename, row=_line_of(text, separator)) from error


def _parsed(text: str, separator: str, filename: str, quoting: Literal[0, 3]) -> tuple[tuple[Cell, ...], ...]:
    csv.field_size_limit(LONGEST_CELL * 4)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, quoting=quoting, strict=True)
    rows: list[tuple[Cell, ...]] = []
    for at, texts in enumerate(reader, start=1):
        check_rows(at, filename)
        check_texts(texts, at)
        rows.append(grid_row(map(_plain_cell, texts), at))
    return tuple(rows)


def _plain_cell(text: str) -> str:
    """A cell as it was before its formula sign was made harmless; '⏎' stands for a line break inside the cell."""
    text = text[1:] if _ESCAPED.match(text) else text
    return re.sub(r" *⏎ *", "\n", text)


def _line_of(text: str, separator: str) -> int:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for _ in reader:
            pass
    except csv.Error:
        pass
    return reader.line_num


def harmless(text: str) -> str:
    """A cell that no spreadsheet takes for a formula; `read_delimited` gives back the text as it was."""
    return f"'{text}" if re.match(r"'*[=+\-@\t\r]", text) else text
