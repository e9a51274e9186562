"""A plan as a spreadsheet (.xlsx) that reads back to the same plan."""

import io
from typing import Any

from tracker.adapters.documents.plan_table import COLUMNS, particulars, printable, table
from tracker.domain.plan_document import PlanDocument

_SHEET = "Kế hoạch"
_WIDTHS = (7, 24, 48, 28, 34, 16, 16, 24)  # characters; further columns are as wide as the last
_LONGEST = 32_767  # characters in a cell
_A4 = 9


def export_xlsx(document: PlanDocument) -> bytes:
    """The plan as a workbook of one sheet: A4 landscape, the heading frozen and repeated. No text is a formula."""
    from openpyxl import Workbook  # noqa: PLC0415 - half a second, for this alone
    from openpyxl.utils import get_column_letter  # noqa: PLC0415
    from openpyxl.worksheet.properties import PageSetupProperties  # noqa: PLC0415

    workbook = Workbook()
    sheet: Any = workbook.active
    sheet.title = _SHEET
    above, rows = particulars(document), table(document)
    first = len(above) + 2
    for at, (label, value) in enumerate(above, start=1):
        _write(sheet.cell(at, 1), label)
        _write(sheet.cell(at, 2), value)
    for at, row in enumerate(rows, start=first):
        for column, text in enumerate(row, start=1):
            _write(sheet.cell(at, column), text)
    _dress(sheet, len(above), first)
    for column in range(1, len(rows[0]) + 1):
        sheet.column_dimensions[get_column_letter(column)].width = _WIDTHS[min(column, len(_WIDTHS)) - 1]
    sheet.freeze_panes = f"{get_column_letter(COLUMNS.index('Nội dung công việc') + 2)}{first + 1}"
    sheet.print_title_rows = f"{first}:{first}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", _A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def _write(cell: Any, text: str) -> None:
    cell.value = printable(text)[:_LONGEST]
    cell.data_type = "s"  # also what begins with '='
    cell.quotePrefix = text[:1] in tuple("=+-@")


def _dress(sheet: Any, labels: int, first: int) -> None:
    """Bold labels and heading, lines around the cells of the table, long texts wrapped."""
    from openpyxl.styles import Alignment, Border, Font, Side  # noqa: PLC0415

    thin, bold = Side(style="thin"), Font(bold=True)
    line, wrapped = Border(left=thin, right=thin, top=thin, bottom=thin), Alignment(wrap_text=True, vertical="top")
    for at in range(1, labels + 1):
        sheet.cell(at, 1).font = bold
    for cell in sheet[first]:
        cell.font = bold
    for row in sheet.iter_rows(min_row=first):
        for cell in row:
            cell.alignment, cell.border = wrapped, line
