"""Rows of a table that are no tasks' and no groups': headings told again, remarks, signatures, what stands below."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from tracker.domain.names import fold, squeeze
from tracker.domain.plan_document import Finding
from tracker.domain.reading.grid import Cell
from tracker.domain.reading.headings import Column, Headings, is_numbering
from tracker.domain.reading.numbers import is_number, label_of, led_title
from tracker.domain.reading.rows import Row
from tracker.domain.words import N_

_AFTER = N_("Sau bảng còn có: “%(text)s”.")
END_OF_TABLE = re.compile(
    r"\W*(?:ghi chú|nơi nhận|tm\.|kt\.|tl\.|tuq\.|người lập(?: biểu)?$|(?:phó )?chủ tịch$|thủ trưởng(?: đơn vị)?$|"
    r"(?:phó )?hiệu trưởng$|(?:phó )?giám đốc$)",
    re.IGNORECASE,
)


def numbers(rows: Sequence[tuple[Cell, ...]], headings: Headings) -> set[str]:
    """The numbers that the rows have of their own."""
    at = headings.at("number")
    texts = [cells[at].text for cells in rows if at is not None and at < len(cells)]
    return {label for text in texts if is_number(label := label_of(text))}


def numbers_apart(rows: Sequence[tuple[Cell, ...]], headings: Headings) -> tuple[Sequence[tuple[Cell, ...]], Headings]:
    """The rows and columns with the numbers that titles begin with ('2. Tập huấn') in a column of their own.

    Only where no column holds numbers and most titles begin with one.
    """
    title = headings.at("title")
    if title is None or headings.at("number") is not None:
        return rows, headings
    led = [led_title(cells[title].text) if title < len(cells) else ("", "") for cells in rows]
    titles = sum(bool(rest.strip()) for _, rest in led)
    if not 2 <= titles < 2 * sum(bool(label) for label, _ in led):
        return rows, headings
    width = max(len(headings.columns), *map(len, rows))
    blank = (Column(at, "", "extra") for at in range(len(headings.columns), width))
    apart = replace(headings, columns=(*headings.columns, *blank, Column(width, "", "number")))
    return [_apart(cells, title, *each, width) for cells, each in zip(rows, led, strict=True)], apart


def _apart(cells: tuple[Cell, ...], title: int, label: str, rest: str, width: int) -> tuple[Cell, ...]:
    place = cells[0].place
    whole = [*cells, *[Cell("", place)] * (width - len(cells))]
    if label:
        whole[title] = replace(whole[title], text=rest)
    return (*whole, Cell(label, place, inherited=bool(label) and whole[title].inherited))


def last_numbered(rows: Sequence[tuple[Cell, ...]], headings: Headings) -> int:
    """Where the last row with a number stands: a remark above it does not end the table. -1 where none has one."""
    numbered = (at for at in range(len(rows) - 1, -1, -1) if numbers(rows[at : at + 1], headings))
    return next(numbered, -1)


def is_remark(row: Row, cells: Sequence[Cell]) -> bool:
    """Whether a row is a note, a signature or a list of recipients and no task's."""
    first = next(cell.text for cell in cells if cell.text.strip())
    alone = not row.assigned or not row.get("title")
    return bool(END_OF_TABLE.match(first)) and alone and not is_number(label_of(row.get("number")))


def is_furniture(cells: Sequence[Cell], heading: Sequence[str]) -> bool:
    """Whether a row says nothing of its own: blank, drawn (---), the columns' numbers, a heading on a new page."""
    texts = [cell.text for cell in cells if not cell.inherited]
    words = [word for text in texts if (word := fold(text))]
    if not any(re.search(r"[^\W_]", text) for text in texts) or is_numbering(texts):
        return True
    return len(words) >= 2 and all(any(word in each for each in heading) for word in words)


def left_over(rows: Sequence[tuple[Cell, ...]]) -> Iterator[Finding]:
    """What is told about rows behind the table's end."""
    text = squeeze(" ".join(cell.text for row in rows for cell in row))
    yield Finding("note", None, None, "after-table", _AFTER, {"text": text}, rows[0][0].place)
