"""A plan as a Word document (.docx) that reads back to the same plan."""

import io

from tracker.adapters.documents.plan_table import particulars, printable, table
from tracker.domain.plan_document import PlanDocument

_PAGE = (29.7, 21.0)  # cm, A4 landscape
_MARGIN = 1.5  # cm
_WIDTHS = (1.2, 3.2, 6.4, 4.0, 4.6, 2.2, 2.2, 2.9)  # cm; further columns are as wide as the last
_FONT, _SIZE = "Times New Roman", 11  # points


def export_docx(document: PlanDocument) -> bytes:
    """The plan as a Word document: its particulars a line each, then the table, its heading repeated on each page."""
    from docx import Document  # noqa: PLC0415 - a quarter of a second, for this alone
    from docx.enum.section import WD_ORIENT  # noqa: PLC0415
    from docx.oxml import OxmlElement  # noqa: PLC0415
    from docx.shared import Cm, Pt  # noqa: PLC0415

    word = Document()
    word.styles["Normal"].font.name, word.styles["Normal"].font.size = _FONT, Pt(_SIZE)
    section = word.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = map(Cm, _PAGE)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(_MARGIN)
    for label, value in particulars(document):
        if value:
            word.add_paragraph(printable(f"{label}: {value}"))
    rows = table(document)
    drawn = word.add_table(len(rows), len(rows[0]), style="Table Grid")
    for at, (line, row) in enumerate(zip(drawn.rows, rows, strict=True)):
        for cell, text in zip(line.cells, row, strict=True):
            cell.text = printable(text)
        if at == 0:
            line._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for at, column in enumerate(drawn.columns):
        column.width = Cm(_WIDTHS[min(at, len(_WIDTHS) - 1)])
    out = io.BytesIO()
    word.save(out)
    return out.getvalue()
