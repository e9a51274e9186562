"""Tables for tests, drawn as text: '^' goes on with the cell above, '<' with the one left of it."""

from tests.support.samples import directory
from tracker.domain.plan_document import Place, PlanDocument
from tracker.domain.reading.grid import Cell, Source
from tracker.domain.reading.plan import interpret
from tracker.domain.units import Directory

HEADING = "Số TT | Nội dung công việc | Đơn vị chủ trì | Đơn vị phối hợp | Bắt đầu | Hoàn thành"


def source(drawing: str) -> Source:
    """The table of a drawing: a row a line, cells between '|', ' / ' a line break in a cell."""
    rows: list[list[Cell]] = []
    lines = [line for line in drawing.strip().split("\n") if line.strip()]
    for number, line in enumerate(lines, start=1):
        place = Place(None, number)
        row: list[Cell] = []
        for at, text in enumerate(each.strip() for each in line.split("|")):
            if text == "^" and at < len(rows[-1]):
                row.append(Cell(rows[-1][at].text, place, inherited=True, span=rows[-1][at].span))
            elif text == "<":
                begin = next(back for back in range(at - 1, -1, -1) if line.split("|")[back].strip() != "<")
                row[begin] = Cell(row[begin].text, place, row[begin].inherited, span=at - begin + 1)
                row.append(Cell("", place))
            else:
                row.append(Cell(text.replace(" / ", "\n"), place))
        rows.append(row)
    return Source(tuple(map(tuple, rows)))


def plan(
    drawing: str, mapping: dict[int, str] | None = None, known: Directory | None = None, heading: str = HEADING
) -> PlanDocument:
    """The plan a drawing gives, under the usual heading unless told otherwise, in the school year 2024-2025."""
    table = source(f"{heading}\n{drawing}" if heading else drawing)
    return interpret(table, known or directory(), "2024-2025", mapping=mapping)


def codes(document: PlanDocument) -> list[tuple[str, str | None, str]]:
    """What was found, as (severity, task, code)."""
    return [(each.severity, each.task, each.code) for each in document.findings]
