"""Rows of a table that are no tasks' and no groups': headings told again, remarks, signatures, what stands below."""

import re
from collections.abc import Iterator, Sequence

from tracker.domain.names import fold, squeeze
from tracker.domain.plan_document import Finding
from tracker.domain.reading.grid import Cell
from tracker.domain.reading.headings import Headings, is_numbering
from tracker.domain.reading.numbers import is_number, label_of
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
