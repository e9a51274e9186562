"""A plan as a table that the reader understands again: the same columns in CSV, spreadsheets and Word documents."""

import re

from tracker.domain.plan_document import PlanDocument, ReadTask
from tracker.domain.reading.preamble import LABELS

COLUMNS = ("Số TT", "Nhóm", "Nội dung công việc", "Đơn vị chủ trì", "Đơn vị phối hợp", "Bắt đầu")
DUE, DAYS, PRODUCT = "Hoàn thành", "Số ngày", "Sản phẩm"
_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def particulars(document: PlanDocument) -> list[tuple[str, str]]:
    """What stands above the table: label and value, '' where the plan does not tell."""
    return [
        (LABELS["title"], document.title),
        (LABELS["year"], document.school_year or ""),
        (LABELS["number"], document.number or ""),
        (LABELS["issuer"], document.issuer or ""),
        (LABELS["issued_on"], f"{document.issued_on:%d/%m/%Y}" if document.issued_on else ""),
    ]


def table(document: PlanDocument) -> list[list[str]]:
    """The heading and a row per task. Dates are written as the plan has them, and understood again from those words."""
    headings = list(dict.fromkeys(heading for task in document.tasks for heading, _ in task.extra))
    in_days = any(each.kind == "days" for task in document.tasks for each in task.milestones)
    heading = [*COLUMNS, DAYS if in_days else DUE, PRODUCT, *headings]
    return [heading, *(_row(task, headings) for task in document.tasks)]


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


def printable(text: str) -> str:
    """`text` without the control characters that no XML can hold."""
    return _NOT_XML.sub("", text)
