"""A plan as a spreadsheet (.xlsx) that reads back to the same plan."""

import io
from typing import cast

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from tracker.adapters.documents.plan_table import COLUMNS, particulars, printable, table
from tracker.domain.plan_document import PlanDocument

_SHEET = "Kế hoạch"
_WIDTHS = (7, 24, 48, 28, 34, 16, 16, 24)  # characters; further columns are as wide as the last
_THIN = Side(style="thin")
_LINE = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_WRAPPED = Alignment(wrap_text=True, vertical="top")
_LONGEST = 32_767  # characters in a cell


def export_xlsx(document: PlanDocument) -> bytes:
    """The plan as a workbook of one sheet: A4 landscape, the heading frozen and repeated. No text is a formula."""
    workbook = Workbook()
    sheet = cast(Worksheet, workbook.active)
    sheet.title = _SHEET
    above = particulars(document)
    for at, (label, value) in enumerate(above, start=1):
        _write(sheet, at, 1, label, bold=True)
        _write(sheet, at, 2, value)
    first = len(above) + 2
    rows = table(document)
    for at, row in enumerate(rows, start=first):
        for column, text in enumerate(row, start=1):
            _write(sheet, at, column, text, bold=at == first, framed=True)
    for column in range(1, len(rows[0]) + 1):
        sheet.column_dimensions[get_column_letter(column)].width = _WIDTHS[min(column, len(_WIDTHS)) - 1]
    sheet.freeze_panes = f"{get_column_letter(COLUMNS.index('Nội dung công việc') + 2)}{first + 1}"
    sheet.print_title_rows = f"{first}:{first}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def _write(sheet: Worksheet, row: int, column: int, text: str, bold: bool = False, framed: bool = False) -> None:
    cell = sheet.cell(row, column)
    cell.value = printable(text)[:_LONGEST]
    cell.data_type = "s"  # also what begins with '='
    cell.quotePrefix = text[:1] in tuple("=+-@")
    if bold:
        cell.font = Font(bold=True)
    if framed:
        cell.alignment, cell.border = _WRAPPED, _LINE
