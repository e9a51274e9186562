"""Changes that somebody tracked in the document and nobody accepted: each row they touch is asked about."""

from collections.abc import Iterator, Sequence

from tracker.domain.names import squeeze
from tracker.domain.plan_document import Finding, Place
from tracker.domain.reading.grid import Cell
from tracker.domain.reading.headings import Headings
from tracker.domain.reading.rows import Row, short
from tracker.domain.words import N_

_CELL = N_(
    "Văn bản còn sửa đổi chưa được chấp nhận ở ô này: “%(old)s” thành “%(new)s”. Tạm lấy chữ đã sửa; hãy xem có đúng "
    "không."
)
_ADDED = N_(
    "Dòng “%(text)s” được thêm bằng sửa đổi chưa được chấp nhận trong văn bản. Tạm nhập; hãy xem có đúng không."
)
_DELETED = N_(
    "Dòng “%(text)s” bị xóa bằng sửa đổi chưa được chấp nhận trong văn bản. Tạm coi là đã xóa, không nhập. Nếu dòng ấy "
    "còn, hãy từ chối sửa đổi trong tệp rồi nộp lại."
)
_OUTSIDE = N_(
    "Văn bản còn sửa đổi chưa được chấp nhận ở ngoài bảng: “%(old)s” thành “%(new)s”. Tạm lấy chữ đã sửa; hãy xem có "
    "đúng không."
)
# The columns that findings know, of the kinds of columns.
_COLUMNS = ("number", "group", "title", "product", "leads", "partners", "start", "due")


def revisions(body: Sequence[Sequence[Cell]], headings: Headings, rows: Sequence[Row]) -> Iterator[Finding]:
    """A question for each cell of a table's body that was changed, and for each row that was added.

    `rows` are the tasks found in it, by whose numbers the questions are told.
    """
    numbers = {row.place: row.get("number") for row in rows}
    kinds = {column.at: column.kind for column in headings.columns}
    for cells in body:
        changed = [(at, cell) for at, cell in enumerate(cells) if cell.was is not None and not cell.inherited]
        if not changed:
            continue
        place = cells[0].place
        number = numbers.get(place)
        if all(cell.was == "" for cell in cells if cell.text.strip()):
            text = short(squeeze(" ".join(cell.text for cell in cells)))
            yield Finding("question", number, None, "tracked-row-added", _ADDED, {"text": text}, place)
            continue
        for at, cell in changed:
            column = kind if (kind := kinds.get(at, "extra")) in _COLUMNS else None
            yield Finding("question", number, column, "tracked-change", _CELL, _words(cell.was, cell.text), place)


def row_deleted(texts: Sequence[str], place: Place | None = None) -> Finding:
    """The question about a row that the reader leaves out because it was deleted."""
    return Finding(
        "question", None, None, "tracked-row-deleted", _DELETED, {"text": short(squeeze(" ".join(texts)))}, place
    )


def outside(old: str, new: str) -> Finding:
    """The question about words around the table that were changed."""
    return Finding("question", None, None, "tracked-outside", _OUTSIDE, _words(old, new))


def _words(old: str | None, new: str) -> dict[str, str]:
    return {"old": short(squeeze(old or "")), "new": short(squeeze(new))}
