"""A list as a file for a spreadsheet: the one place where headings and rows become .xlsx and .csv.

The workbook is written part by part: for thousands of rows that takes a tenth of what a library takes.
"""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from xml.sax.saxutils import escape

from tracker.adapters.documents.delimited import harmless
from tracker.adapters.documents.plan_table import printable

Cell = str | int | date | datetime | None
KINDS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
LONGEST = 32_767  # characters in a cell
MOST_ROWS = 20_000
_FORMULA = tuple("=+-@\t\r")
_FIRST_DAY = date(1899, 12, 30)  # day 0 as spreadsheets count
_SHEET_NAME = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
_NORMAL, _HEAD, _DAY, _MOMENT, _NUMBER, _GUARDED, _TITLE, _NOTE = range(8)
_LINE_HEIGHT, _MOST_LINES = 15, 27  # points; a row has 409 at most
_NARROW, _WIDE, _MOST_WIDE = 6, 11, 38  # characters


@dataclass(frozen=True, slots=True)
class ListTable:
    """A list to be taken away: what it is (`title`), what it speaks for (`notes`), its headings, its rows.

    Moments are local and without a zone. `more` is what to say below where not every row is there.
    """

    title: str
    notes: Sequence[str]
    headings: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    more: str = ""


def bounded(rows: Iterable[Sequence[Cell]], most: int) -> tuple[list[Sequence[Cell]], bool]:
    """The first `most` rows, and whether there are more."""
    found: list[Sequence[Cell]] = []
    for row in rows:
        if len(found) == most:
            return found, True
        found.append(row)
    return found, False


def csv_pieces(table: ListTable) -> Iterator[bytes]:
    """The list as CSV, piece by piece: UTF-8 with a byte order mark and semicolons, no cell a formula."""
    yield "\ufeff".encode()
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(table.headings)
    for row in table.rows:
        writer.writerow([harmless(_written(cell)) for cell in row])
        if out.tell() > 1 << 16:
            yield out.getvalue().encode()
            out.seek(0)
            out.truncate()
    if table.more:
        writer.writerow([table.more])
    yield out.getvalue().encode()


def _written(cell: Cell) -> str:
    if isinstance(cell, datetime):
        return f"{cell:%d/%m/%Y %H:%M}"
    return f"{cell:%d/%m/%Y}" if isinstance(cell, date) else "" if cell is None else str(cell)


def xlsx(table: ListTable) -> bytes:
    """The list as a workbook: typed dates, the heading frozen, with a filter, repeated on each page of A4 landscape."""
    rows = [list(row) for row in table.rows]
    above = [table.title, *filter(None, table.notes), ""]
    first, last = len(above) + 1, len(above) + 1 + len(rows)
    columns = len(table.headings)
    below: list[list[Cell]] = [[table.more]] if table.more else []
    area = f"$A${first}:${_letters(columns)}${max(last, first)}"
    name = table.title.translate(_SHEET_NAME).strip()[:31] or "1"
    parts = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": _RELATIONS.format(kind="officeDocument", target="xl/workbook.xml"),
        "xl/workbook.xml": _WORKBOOK.format(
            name=_text(name), quoted=_text(f"'{name}'"), area=area, head=f"${first}:${first}"
        ),
        "xl/_rels/workbook.xml.rels": _WORKBOOK_RELATIONS,
        "xl/styles.xml": _STYLES,
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=5) as archive:
        for path, text in parts.items():
            archive.writestr(path, text)
        with archive.open("xl/worksheets/sheet1.xml", "w") as sheet:
            widths = _widths(table.headings, rows)
            sheet.write(_head(first, widths).encode())
            for piece in _lines(above, [table.headings, *rows], below, widths):
                sheet.write(piece.encode())
            sheet.write(_TAIL.format(area=area.replace("$", ""), title=_text(table.title)).encode())
    return out.getvalue()


def _lines(
    above: Sequence[str], rows: Sequence[Sequence[Cell]], below: Sequence[Sequence[Cell]], widths: Sequence[int]
) -> Iterator[str]:
    """Every line of the sheet: what stands above, the heading and its rows, what stands below."""
    letters = [_letters(at) for at in range(1, len(widths) + 1)]
    for at, text in enumerate(above, start=1):
        yield _line(at, letters, [text], _TITLE if at == 1 else _NOTE)
    for at, row in enumerate(rows, start=len(above) + 1):
        yield _line(at, letters, row, _HEAD if at == len(above) + 1 else _NORMAL, _height(row, widths))
    for at, row in enumerate(below, start=len(above) + 1 + len(rows)):
        yield _line(at, letters, row, _NOTE)


def _line(number: int, letters: Sequence[str], cells: Sequence[Cell], style: int, height: int | None = None) -> str:
    pairs = zip(letters, cells, strict=False)
    written = "".join(_cell(f"{letter}{number}", cell, style) for letter, cell in pairs)
    tall = f' ht="{height}"' if height else ""
    return f'<row r="{number}"{tall}>{written}</row>'


def _height(row: Sequence[Cell], widths: Sequence[int]) -> int:
    """How high a line is (points) whose texts are broken to the widths of the columns: not every program finds out."""
    lines = (
        sum(-(-len(part) // width) or 1 for part in cell.split("\n"))
        for cell, width in zip(row, widths, strict=False)
        if isinstance(cell, str) and cell
    )
    return min(max(lines, default=1), _MOST_LINES) * _LINE_HEIGHT


def _cell(place: str, cell: Cell, style: int) -> str:
    if cell is None or cell == "":
        return f'<c r="{place}" s="{style}"/>'
    if isinstance(cell, datetime):
        days = (cell.date() - _FIRST_DAY).days + (cell.hour * 60 + cell.minute) / 1440
        return f'<c r="{place}" s="{_MOMENT}"><v>{days:.10f}</v></c>'
    if isinstance(cell, date):
        return f'<c r="{place}" s="{_DAY}"><v>{(cell - _FIRST_DAY).days}</v></c>'
    if isinstance(cell, int):
        return f'<c r="{place}" s="{_NUMBER}"><v>{cell}</v></c>'
    if style == _NORMAL and cell.startswith(_FORMULA):
        style = _GUARDED
    text = _text(cell[:LONGEST])
    return f'<c r="{place}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def _text(text: str) -> str:
    return escape(printable(text), {'"': "&quot;"})


def _letters(column: int) -> str:
    """The letters of a column, from 1: A, Z, AA."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _widths(headings: Sequence[str], rows: Sequence[Sequence[Cell]]) -> list[int]:
    """How wide each column is, by what its first rows hold."""
    widths = []
    for at, heading in enumerate(headings):
        longest = max((len(_written(row[at])) for row in rows[:200] if at < len(row)), default=0)
        widths.append(min(max(longest + 2, min(len(heading) + 3, _WIDE), _NARROW), _MOST_WIDE))
    return widths


def _head(first: int, widths: Sequence[int]) -> str:
    columns = "".join(
        f'<col min="{at}" max="{at}" width="{width}" customWidth="1"/>' for at, width in enumerate(widths, start=1)
    )
    return _SHEET.format(above=first, below=first + 1, columns=columns)


_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_TYPES = (
    f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_KIND}.worksheet+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_KIND}.styles+xml"/></Types>'
)
_RELATIONS = (
    f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/{{kind}}" Target="{{target}}"/></Relationships>'
)
_WORKBOOK_RELATIONS = (
    f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>'
)
_WORKBOOK = (
    f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
    '<sheets><sheet name="{name}" sheetId="1" r:id="rId1"/></sheets>'
    '<definedNames><definedName name="_xlnm._FilterDatabase" localSheetId="0" hidden="1">{quoted}!{area}</definedName>'
    '<definedName name="_xlnm.Print_Titles" localSheetId="0">{quoted}!{head}</definedName></definedNames></workbook>'
)
_SHEET = (
    f'{_XML}<worksheet xmlns="{_MAIN}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
    '<sheetViews><sheetView workbookViewId="0"><pane ySplit="{above}" topLeftCell="A{below}" activePane="bottomLeft" '
    'state="frozen"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/><cols>{columns}</cols><sheetData>'
)
_TAIL = (
    '</sheetData><autoFilter ref="{area}"/>'
    '<pageMargins left="0.5" right="0.5" top="0.5" bottom="0.6" header="0.3" footer="0.3"/>'
    '<pageSetup paperSize="9" orientation="landscape" fitToWidth="1" fitToHeight="0"/>'
    "<headerFooter><oddFooter>&amp;C&amp;P/&amp;N</oddFooter></headerFooter></worksheet>"
)
_LINES = "".join(
    f'<{side} style="thin"><color rgb="FF9AA5A8"/></{side}>' for side in ("left", "right", "top", "bottom")
)
_WRAP = '<alignment vertical="top" wrapText="1"/>'
_PLAIN = 'numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"'
_BORDERED = 'borderId="1" xfId="0" applyBorder="1" applyAlignment="1"'
_STYLES = (
    f'{_XML}<styleSheet xmlns="{_MAIN}">'
    '<numFmts count="2"><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/>'
    '<numFmt numFmtId="165" formatCode="dd/mm/yyyy\\ hh:mm"/></numFmts>'
    '<fonts count="3"><font><sz val="11"/><name val="Times New Roman"/></font>'
    '<font><b/><sz val="11"/><name val="Times New Roman"/></font>'
    '<font><b/><sz val="14"/><name val="Times New Roman"/></font></fonts>'
    '<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '<fill><patternFill patternType="solid"><fgColor rgb="FFE3EEF0"/></patternFill></fill></fills>'
    f'<borders count="2"><border/><border>{_LINES}</border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="8">'
    f"<xf {_BORDERED}>{_WRAP}</xf>"
    f'<xf numFmtId="0" fontId="1" fillId="2" applyFont="1" applyFill="1" {_BORDERED}>{_WRAP}</xf>'
    f'<xf numFmtId="164" fontId="0" fillId="0" applyFont="1" applyNumberFormat="1" {_BORDERED}>{_WRAP}</xf>'
    f'<xf numFmtId="165" fontId="0" fillId="0" applyFont="1" applyNumberFormat="1" {_BORDERED}>{_WRAP}</xf>'
    f'<xf numFmtId="1" fontId="0" fillId="0" applyFont="1" applyNumberFormat="1" {_BORDERED}>{_WRAP}</xf>'
    f'<xf numFmtId="0" fontId="0" fillId="0" quotePrefix="1" applyFont="1" {_BORDERED}>{_WRAP}</xf>'
    '<xf numFmtId="0" fontId="2" fillId="0" borderId="0" xfId="0" applyFont="1"/>'
    f"<xf {_PLAIN}/></cellXfs>"
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
