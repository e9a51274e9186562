"""A plan as CSV: the template an office fills, and an export that reads back to the same plan.

UTF-8 with a byte order mark and semicolons: what a spreadsheet set to Vietnamese opens without questions.
"""

import csv
import io
from collections.abc import Iterable

from tracker.adapters.documents.delimited import harmless
from tracker.domain.plan_document import PlanDocument, ReadTask
from tracker.domain.reading.preamble import LABELS

_COLUMNS = ("Số TT", "Nhóm", "Nội dung công việc", "Đơn vị chủ trì", "Đơn vị phối hợp", "Bắt đầu")
_DUE, _DAYS, _PRODUCT = "Hoàn thành", "Số ngày", "Sản phẩm"


def template_bytes() -> bytes:
    """An empty plan to fill: the particulars on top, then the heading of the table."""
    return _bytes([*([label, ""] for label in LABELS.values()), [], [*_COLUMNS, _DUE, _PRODUCT]])


def export_csv(document: PlanDocument) -> bytes:
    """The plan as CSV. Dates are written as the plan has them, and are understood again from the same words."""
    headings = list(dict.fromkeys(heading for task in document.tasks for heading, _ in task.extra))
    in_days = any(each.kind == "days" for task in document.tasks for each in task.milestones)
    rows: list[list[str]] = [
        [LABELS["title"], document.title],
        [LABELS["year"], document.school_year or ""],
        [LABELS["number"], document.number or ""],
        [LABELS["issuer"], document.issuer or ""],
        [LABELS["issued_on"], f"{document.issued_on:%d/%m/%Y}" if document.issued_on else ""],
        [],
        [*_COLUMNS, _DAYS if in_days else _DUE, _PRODUCT, *headings],
    ]
    return _bytes([*rows, *(_row(task, headings) for task in document.tasks)])


def _row(task: ReadTask, headings: list[str]) -> list[str]:
    first = task.milestones[0]
    extra = dict(task.extra)
    return [
        task.number,
        task.group or "",
        task.title,
        task.leads_as_written,
        task.partners_as_written,
        first.start_as_written,
        first.due_as_written,
        task.product or "",
        *(extra.get(heading, "") for heading in headings),
    ]


def _bytes(rows: Iterable[list[str]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerows([[harmless(cell) for cell in row] for row in rows])
    return out.getvalue().encode("utf-8-sig")
