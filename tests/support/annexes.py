"""The annex of Hải An as the kinds of document an office has: made by the tests from the rows read by hand."""

import io
from collections.abc import Sequence
from html import escape
from typing import Any

from docx import Document
from docx.oxml import OxmlElement
from docx.shared import Cm
from openpyxl import Workbook
from playwright.sync_api import Browser

HEADING = ("Số TT", "Nội dung công việc", "Đơn vị chủ trì", "Đơn vị phối hợp", "Thời gian")
TITLE = ("PHỤ LỤC", "PHÂN CÔNG NHIỆM VỤ NĂM HỌC 2024-2025")
NOTE = "Ghi chú: Các nhiệm vụ có thể điều chỉnh, bổ sung phù hợp."
WIDTHS = (1.0, 5.6, 3.3, 3.3, 1.9, 1.9)  # cm

Row = Sequence[str]


def texts(rows: Sequence[dict[str, Any]]) -> list[tuple[str, ...]]:
    """The cells of rows read by hand, in the order of the columns."""
    names = ("number", "title", "leads_as_written", "partners_as_written", "start_as_written", "end_as_written")
    return [tuple(str(row[name]) for name in names) for row in rows]


def word_annex(rows: Sequence[Row]) -> bytes:
    """A .docx: a heading of two lines with merged cells, repeated on each page, the numbers of its columns below."""
    document = Document()
    for line in TITLE:
        document.add_paragraph(line)
    table = document.add_table(rows=3, cols=6)
    for column, text in enumerate(HEADING):
        table.cell(0, column).text = text
        if column < 4:
            table.cell(0, column).merge(table.cell(1, column))
    table.cell(0, 4).merge(table.cell(0, 5))
    table.cell(1, 4).text, table.cell(1, 5).text = "Bắt đầu", "Hoàn thành"
    for column in range(6):
        table.cell(2, column).text = str(column + 1)
    for row in table.rows[:2]:
        row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    for column, width in zip(table.columns, WIDTHS, strict=True):
        column.width = Cm(width)
    document.add_paragraph(NOTE)
    return _saved(document)


def sheet_annex(rows: Sequence[Row]) -> bytes:
    """An .xlsx of the same shape: numbers as numbers, everything else as text."""
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    for line in TITLE:
        sheet.append([line])
    sheet.append([*HEADING, None])
    sheet.append([None, None, None, None, "Bắt đầu", "Hoàn thành"])
    for reference in ("A1:F1", "A2:F2", "A3:A4", "B3:B4", "C3:C4", "D3:D4", "E3:F3"):
        sheet.merge_cells(reference)
    for number, *rest in rows:
        sheet.append([int(number), *rest])
    sheet.append([NOTE])
    return _saved(workbook)


def _saved(file: Any) -> bytes:
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


def page(rows: Sequence[Row], font: str, size: float = 13) -> str:
    """The annex as a page to print: A4, a heading of two lines on each page, rows that may break over pages."""
    body = "".join("<tr>" + "".join(f"<td>{escape(text)}</td>" for text in row) + "</tr>" for row in rows)
    columns = "".join(f'<col style="width:{width}cm">' for width in WIDTHS)
    tall = "".join(f'<th rowspan="2">{text}</th>' for text in HEADING[:4])
    numbers = "".join(f"<th>{number}</th>" for number in range(1, 7))
    return f"""<!doctype html><meta charset="utf-8"><style>
      @page {{ size: A4; margin: 20mm 15mm 20mm 30mm }}
      body {{ font: {size}pt "{font}"; margin: 0 }} h1 {{ font-size: 14pt; text-align: center }}
      table {{ border-collapse: collapse; table-layout: fixed; width: 100% }}
      th, td {{ border: 1px solid black; padding: 3px; overflow-wrap: anywhere; vertical-align: middle }}
    </style><h1>{"<br>".join(TITLE)}</h1><table><colgroup>{columns}</colgroup><thead>
    <tr>{tall}<th colspan="2">{HEADING[4]}</th></tr><tr><th>Bắt đầu</th><th>Hoàn thành</th></tr><tr>{numbers}</tr>
    </thead><tbody>{body}</tbody></table><p>{NOTE}</p>"""


def printed(browser: Browser, html: str) -> bytes:
    """A page as the browser prints it to PDF."""
    tab = browser.new_page()
    try:
        tab.set_content(html)
        return tab.pdf(prefer_css_page_size=True, print_background=True)
    finally:
        tab.close()
