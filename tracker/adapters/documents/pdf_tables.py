"""Tables in PDF files that hold text: ruled tables put together over their pages, and scans told apart."""

import io
import logging
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfplumber.utils.exceptions import PdfminerException

from tracker.adapters.documents.limits import Progress, check_table
from tracker.adapters.documents.pdf_pages import PageCell, PageContent, PageTable, content_of
from tracker.adapters.documents.pdf_printed import printed_table
from tracker.adapters.documents.pdf_unruled import unruled_table
from tracker.domain.errors import UnreadableDocument
from tracker.domain.names import fold
from tracker.domain.plan_document import Finding, Place
from tracker.domain.reading.grid import Cell, Source
from tracker.domain.reading.headings import find_headings, is_numbering
from tracker.domain.reading.numbers import is_number, label_of, mark_of
from tracker.domain.reading.tables import best, describe
from tracker.domain.words import N_

MOST_PAGES = 400
_FEWEST_LETTERS = 20  # on a page that is no scan
_NEAR = 6.0  # points
_SAME_RULE = 3.0  # points

_PAGE_NUMBER = re.compile(r"\W*(?:trang\s*)?\d{1,4}(?:\s*/\s*\d{1,4})?\W*", re.IGNORECASE)

_SCAN = N_(
    "Tệp “%(name)s” là bản quét hoặc hình vẽ, không có chữ để đọc. Hãy xin bản Word hoặc Excel của kế hoạch, hoặc "
    "dùng phần mềm nhận dạng chữ rồi kiểm tra và lưu thành .docx."
)
_LOCKED = N_("Tệp “%(name)s” có đặt mật khẩu nên không đọc được. Hãy gỡ mật khẩu rồi lưu lại.")
_TOO_MANY = N_("Tệp “%(name)s” có hơn %(most)s trang. Hãy chọn các trang của phụ lục, ví dụ 12-16.")
_BAD_PAGES = N_("Không hiểu các trang “%(pages)s”. Hãy ghi như 12-16; tệp có %(count)s trang.")
_NO_CODES = N_(
    "Chữ trong tệp “%(name)s” không kèm bảng mã nên không đọc được. Hãy xin bản Word hoặc Excel của kế hoạch."
)
_SCANNED_PAGES = N_("Trang %(pages)s là ảnh quét, không đọc được chữ; có thể thiếu nhiệm vụ ở đó.")
_BETWEEN = N_("Giữa các trang của bảng còn có: “%(text)s”.")
_CELL_OVER_PAGE = N_("Ô trống đầu trang %(page)s được hiểu là phần tiếp của ô “%(text)s” cuối trang trước.")
_OVER_PAGE = N_("Dòng đầu trang %(page)s không có số, được ghép vào nhiệm vụ cuối trang trước: “%(text)s”.")


def read_tables(data: bytes, filename: str, pages: str | None = None, progress: Progress | None = None) -> list[Source]:
    """The tables of a PDF in its order, each with the lines before and after it.

    A table without any rules is found by the places of its words. `pages` chooses ('12-16', '3'). Raises
    UnreadableDocument for a scan, a file with a password, too many pages; whatever a broken file makes the library
    raise goes through.
    """
    logging.getLogger("pdfminer").setLevel(logging.CRITICAL)
    try:
        with pdfplumber.open(io.BytesIO(data)) as pdf:
            first, last = _range(pages, len(pdf.pages), filename)
            contents: list[PageContent] = []
            for number in range(first, last + 1):
                page = pdf.pages[number - 1]
                contents.append(content_of(page, number, contents[-1] if contents else None))
                page.close()
                if progress:
                    progress(number - first + 1, last - first + 1)
    except PdfminerException as wrong:
        if isinstance(wrong.args[0] if wrong.args else None, PDFPasswordIncorrect):
            raise UnreadableDocument(_LOCKED, name=filename) from wrong
        raise
    _refuse_scans(contents, filename)
    sources = _sources(contents, first)
    if best(describe(sources)) is None:
        sources += unruled_table(contents, first) or printed_table(contents, first, filename)
    for source in sources:
        check_table(source.rows, filename)
    return sources


def _range(pages: str | None, count: int, filename: str) -> tuple[int, int]:
    if pages is None:
        if count > MOST_PAGES:
            raise UnreadableDocument(_TOO_MANY, name=filename, most=MOST_PAGES)
        return 1, count
    found = re.fullmatch(r"\s*(\d{1,5})(?:\s*[-–]\s*(\d{1,5}))?\s*", pages)
    first, last = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
    if not 1 <= first <= last <= count:
        raise UnreadableDocument(_BAD_PAGES, pages=pages, count=count)
    if last - first >= MOST_PAGES:
        raise UnreadableDocument(_TOO_MANY, name=filename, most=MOST_PAGES)
    return first, last


def _refuse_scans(contents: Sequence[PageContent], filename: str) -> None:
    letters = sum(each.letters for each in contents)
    if letters < _FEWEST_LETTERS * len(contents):
        raise UnreadableDocument(_SCAN, name=filename)
    text = "".join(line for each in contents for _, line in each.lines)
    text += "".join(cell.text for each in contents for table in each.tables for cell in table.cells)
    if len(re.findall(r"\(cid:\d+\)|�", text)) * 10 > len(text) / 8:
        raise UnreadableDocument(_NO_CODES, name=filename)


@dataclass(slots=True)
class _Growing:
    """A table while its pages are put together: where its columns begin, its rows, what stands around it.

    `ends` are the last row's cells by column as printed, for the page that may go on with them; `unclosed` the columns
    of merged cells that certainly go on.
    """

    columns: list[float]
    right: float
    before: list[str]
    rows: list[list[Cell]]
    ends: dict[int, PageCell]
    unclosed: frozenset[int]
    is_open: bool = False
    above: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    after: list[str] = field(default_factory=list)


def _sources(contents: Sequence[PageContent], first_page: int) -> list[Source]:
    said: list[str] = []
    above: list[str] = []
    tables: list[_Growing] = []
    for content in contents:
        parts: list[tuple[float, str | PageTable]] = [*content.lines, *((each.top, each) for each in content.tables)]
        for _, part in sorted(parts, key=lambda part: part[0]):
            if isinstance(part, str):
                said.append(part)
                above.append(part)
                for table in tables:
                    table.after.append(part)
                continue
            if not (tables and _continue(tables[-1], part)):
                tables.append(_begin(part, said, above))
                said += [cell.text for cell in part.cells if cell.lines]
            above.clear()
    scans = list(_scanned(contents, first_page))
    return [
        Source(
            tuple(map(tuple, each.rows)),
            tuple(each.before),
            tuple(each.after),
            (*scans, *each.findings),
            tuple(line for line in each.above if not _PAGE_NUMBER.fullmatch(line)),
        )
        for each in tables
    ]


def _scanned(contents: Sequence[PageContent], first_page: int) -> Iterator[Finding]:
    pages = [at for at, each in enumerate(contents, first_page) if each.letters < _FEWEST_LETTERS and each.pictures]
    if pages:
        params = {"pages": ", ".join(map(str, pages))}
        yield Finding("question", None, None, "scanned-pages", _SCANNED_PAGES, params)


def _begin(table: PageTable, said: Sequence[str], above: Sequence[str]) -> _Growing:
    columns = _columns(table)
    right = max(cell.x1 for cell in table.cells)
    rows, ends = list(_rows(table, columns)), _beginning(table, -1, columns)
    return _Growing(columns, right, list(said), rows, ends, _unclosed(table, columns), table.is_open, list(above))


def _unclosed(table: PageTable, columns: Sequence[float]) -> frozenset[int]:
    return frozenset(_column(cell.x0, columns) for cell in table.cells if cell.goes_on)


def _columns(table: PageTable) -> list[float]:
    found: list[float] = []
    for left in sorted(cell.x0 for cell in table.cells):
        if not found or left - found[-1] > _NEAR:
            found.append(left)
    return found


def _continue(growing: _Growing, table: PageTable) -> bool:
    """Add a table that goes on with `growing` on a later page; False where it is another table."""
    columns = _columns(table)
    right = max(cell.x1 for cell in table.cells)
    if growing.rows[-1][0].place.page == table.page or abs(growing.right - right) > _NEAR * 2:
        return False
    if not all(any(abs(left - known) <= _NEAR * 2 for known in growing.columns) for left in columns):
        return False
    rows = list(_rows(table, growing.columns))
    repeated = _repeated(growing.rows, rows)
    if not repeated and find_headings(tuple(map(tuple, rows))) is not None:
        return False
    if repeated and _begins_anew(growing, rows[repeated:]):
        return False
    growing.findings += _between(growing.after)
    growing.after.clear()
    body = rows[repeated:]
    ends = _beginning(table, -1, growing.columns)
    if body and _is_rest(growing, body[0]):
        growing.findings += _doubt(growing, body[0], table.page)
        rest = _join(growing, _beginning(table, repeated, growing.columns))
        ends = rest if len(body) == 1 else ends
        body = body[1:]
    growing.findings += _inherit(growing, body)
    growing.rows += body
    if rows[repeated:]:
        growing.ends, growing.unclosed = ends, _unclosed(table, growing.columns)
    growing.is_open = table.is_open
    return True


def _begins_anew(growing: _Growing, body: Sequence[Sequence[Cell]]) -> bool:
    """Whether a table with the same heading is another one: its numbers begin again, or a title stands above it."""
    lines = [line for line in growing.after if not _PAGE_NUMBER.fullmatch(line)]
    found = find_headings(tuple(map(tuple, growing.rows)))
    number = found.at("number") if found else None
    if not lines or not body or number is None:
        return False
    above, below = label_of(growing.rows[-1][number].text), label_of(body[0][number].text)
    return any(map(mark_of, lines)) or (below == "1" and is_number(above))


def _inherit(growing: _Growing, rows: Sequence[list[Cell]]) -> Iterator[Finding]:
    """Tell a merged cell again that goes on over the page's end: nothing is printed in its part on the new page.

    A missing rule proves that it goes on; where a rule is drawn on each page, an empty merged cell asks.
    """
    above = growing.rows[-1] if rows else []
    for at, cell in enumerate(above):
        lower = rows[0][at]  # inherited: from the rest of the last row, which was put to it
        proven = at in growing.unclosed or cell.inherited or lower.inherited
        if at in growing.unclosed and lower.text and _is_one_text(cell.text, lower.text):
            cell = _lengthened(growing.rows, at, f"{cell.text} {lower.text}".strip())
        elif not cell.text or not (lower.inherited or not lower.text) or not (proven or _is_merged(rows, at)):
            continue
        if not proven:
            params = {"page": str(lower.place.page), "text": cell.text}
            yield Finding("question", None, None, "cell-over-page", _CELL_OVER_PAGE, params, lower.place)
        for number, row in enumerate(rows):
            if number and (row[at].text != lower.text or not row[at].inherited):
                break
            row[at] = replace(row[at], text=cell.text, inherited=True)


def _is_merged(rows: Sequence[Sequence[Cell]], at: int) -> bool:
    return len(rows) > 1 and rows[1][at].inherited


def _is_one_text(upper: str, lower: str) -> bool:
    """Whether a text printed below the page's end goes on with the one above it, or is all there is."""
    return not upper or lower[:1].islower() or upper.endswith((",", "-", "–"))


def _lengthened(rows: Sequence[list[Cell]], at: int, text: str) -> Cell:
    """The last row's merged cell with its whole text, which all its rows get."""
    for row in reversed(rows):
        row[at] = replace(row[at], text=text)
        if not row[at].inherited:
            break
    return rows[-1][at]


def _doubt(growing: _Growing, row: Sequence[Cell], page: int) -> Iterator[Finding]:
    """The question whether a row goes on, where no missing rule proves it."""
    if not growing.is_open:
        text = " ".join(" ".join(cell.text for cell in row).split())
        params = {"page": str(page), "text": text}
        yield Finding("question", None, None, "row-over-page", _OVER_PAGE, params, row[0].place)


def _join(growing: _Growing, lower: dict[int, PageCell]) -> dict[int, PageCell]:
    """Put the rest of the last row to it; returns its cells as they are then."""
    whole = dict(growing.ends)
    for at, cell in lower.items():
        upper = whole.get(at)
        whole[at] = replace(upper, lines=upper.lines + cell.lines) if upper else cell
        old = growing.rows[-1][at]
        if cell.lines:
            growing.rows[-1][at] = replace(old, text=whole[at].text)
    return whole


def _repeated(above: Sequence[Sequence[Cell]], rows: Sequence[Sequence[Cell]]) -> int:
    """How many rows of its heading, and of the line that numbers its columns, a page repeats."""
    found = find_headings(tuple(map(tuple, above)))
    most = min(len(above), len(rows))
    if found:
        numbered = found.end < len(above) and is_numbering([cell.text for cell in above[found.end]])
        most = min(most, found.end + numbered)
    count = 0
    while count < most and _words(above[count]) == _words(rows[count]):
        count += 1
    return count


def _words(row: Sequence[Cell]) -> list[str]:
    return [fold(cell.text) for cell in row]


def _is_rest(growing: _Growing, row: Sequence[Cell]) -> bool:
    """Whether a page's first row goes on with the last row of the page before."""
    if growing.is_open:
        return True
    found = find_headings(tuple(map(tuple, growing.rows)))
    number = found.at("number") if found else None
    if number is None or row[number].text.strip() or row[number].inherited or row[number].span > 1:
        return False
    title = found.at("title") if found else None
    alone = title is not None and row[title].span > 1
    return not alone and bool(growing.rows[-1][number].text.strip())


def _between(lines: Sequence[str]) -> Iterator[Finding]:
    """Lines between two pages of a table that are more than page numbers."""
    text = " ".join(line for line in lines if not _PAGE_NUMBER.fullmatch(line))
    if text:
        yield Finding("note", None, None, "between-pages", _BETWEEN, {"text": text})


def _beginning(table: PageTable, row: int, columns: Sequence[float]) -> dict[int, PageCell]:
    """The cells that begin in a row of a page's table, by column."""
    top = table.rows[row][0]
    return {_column(cell.x0, columns): cell for cell in table.cells if abs(cell.top - top) <= _SAME_RULE}


def _rows(table: PageTable, columns: Sequence[float]) -> Iterator[list[Cell]]:
    """The table's rows in the given columns; a cell over several rows or columns is told as such."""
    above: dict[int, tuple[PageCell, int]] = {}
    for number, (_, bottom) in enumerate(table.rows, start=1):
        place = Place(table.page, number)
        row = [Cell("", place)] * len(columns)
        begins = _beginning(table, number - 1, columns)
        for at, cell in sorted(begins.items()):
            span = max(1, sum(left < cell.x1 - _NEAR for left in columns) - at)
            row[at] = Cell(cell.text, place, span=span)
            above[at] = cell, span
        for at, (cell, span) in above.items():
            if at not in begins and cell.bottom > bottom - _SAME_RULE:
                row[at] = Cell(cell.text, place, inherited=True, span=span)
        yield row


def _column(left: float, columns: Sequence[float]) -> int:
    return min(range(len(columns)), key=lambda at: abs(columns[at] - left))
