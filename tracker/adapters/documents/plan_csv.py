"""A plan as CSV: the template an office fills, and an export that reads back to the same plan.

UTF-8 with a byte order mark and semicolons: what a spreadsheet set to Vietnamese opens without questions.
"""

import csv
import io
from collections.abc import Iterable, Sequence

from tracker.adapters.documents.delimited import harmless
from tracker.adapters.documents.plan_table import COLUMNS, DUE, PRODUCT, particulars, table
from tracker.domain.plan_document import PlanDocument
from tracker.domain.reading.preamble import LABELS


def template_bytes() -> bytes:
    """An empty plan to fill: the particulars on top, then the heading of the table."""
    return _bytes([*([label, ""] for label in LABELS.values()), [], [*COLUMNS, DUE, PRODUCT]])


def export_csv(document: PlanDocument) -> bytes:
    """The plan as CSV."""
    return _bytes([*particulars(document), [], *table(document)])


def _bytes(rows: Iterable[Sequence[str]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerows([[harmless(cell) for cell in row] for row in rows])
    return out.getvalue().encode("utf-8-sig")
