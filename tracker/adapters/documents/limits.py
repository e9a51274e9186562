"""How large a document may be, and the sentences for what is larger. The same for every kind of file."""

from collections.abc import Callable, Iterable, Sequence

from tracker.domain.errors import UnreadableDocument
from tracker.domain.reading.grid import Cell
from tracker.domain.words import N_

Progress = Callable[[int, int], None]  # done, of how many

MOST_ROWS = 20_000
MOST_COLUMNS = 200
LONGEST_CELL = 20_000  # characters

_TOO_MANY = N_("Tệp “%(name)s” có hơn %(most)s dòng. Hãy tách thành nhiều tệp.")
_TOO_WIDE = N_("Bảng trong tệp “%(name)s” có hơn %(most)s cột. Hãy chỉ giữ các cột của bảng phân công.")
_TOO_LONG = N_("Ô ở dòng %(row)s, cột %(column)s dài hơn %(most)s ký tự. Hãy rút gọn ô này.")


def check_rows(count: int, filename: str) -> None:
    """Raise UnreadableDocument where a table has too many rows."""
    if count > MOST_ROWS:
        raise UnreadableDocument(_TOO_MANY, name=filename, most=MOST_ROWS)


def check_columns(count: int, filename: str) -> None:
    """Raise UnreadableDocument where a table has too many columns."""
    if count > MOST_COLUMNS:
        raise UnreadableDocument(_TOO_WIDE, name=filename, most=MOST_COLUMNS)


def check_texts(texts: Iterable[str], row: int) -> None:
    """Raise UnreadableDocument where a cell of a row is too long."""
    for column, text in enumerate(texts, start=1):
        if len(text) > LONGEST_CELL:
            raise UnreadableDocument(_TOO_LONG, row=row, column=column, most=LONGEST_CELL)


def check_table(rows: Sequence[Sequence[Cell]], filename: str) -> None:
    """Raise UnreadableDocument where a table is too long, too wide, or has a cell too long to be one."""
    check_rows(len(rows), filename)
    for at, row in enumerate(rows, start=1):
        check_columns(len(row), filename)
        check_texts((cell.text for cell in row), row[0].place.row or at if row else at)
