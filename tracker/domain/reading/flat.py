"""From text with no layout left (a PDF's text, its table flattened line by line) to a grid of cells."""

from tracker.domain.plan_document import Finding, Place
from tracker.domain.reading.cells import Cutter
from tracker.domain.reading.grid import Cell, Source
from tracker.domain.reading.lines import FlatRow, FlatTable, find_table, to_lines
from tracker.domain.reading.parties import PartyReader
from tracker.domain.units import Directory
from tracker.domain.words import N_

_STRAY = N_("Dòng %(row)s nằm trong bảng nhưng không thuộc nhiệm vụ nào: “%(text)s”.")
_PASSES = 2


def read_flat(text: str, directory: Directory) -> Source | None:
    """The first table of tasks in `text` as a grid, one heading row first, or None where there is no such table."""
    table = find_table(to_lines(text))
    if table is None or not any(not row.is_group for row in table.rows):
        return None
    rows = _cut_rows(table, directory)
    heading = tuple(Cell(words, Place(1, 0)) for words in table.headings)
    findings = tuple(
        Finding(
            "question",
            None,
            None,
            "stray-line",
            _STRAY,
            {"row": str(line.row), "text": line.text},
            Place(line.page, line.row),
        )
        for line in table.stray
    )
    return Source((heading, *rows), table.before, table.after, findings)


def _cut_rows(table: FlatTable, directory: Directory) -> list[tuple[Cell, ...]]:
    """Every row's cells. The columns' widths are learnt from a first cut and used for the next."""
    cutter = Cutter([kind for kind in table.kinds if kind != "number"], PartyReader(directory))
    tasks = [row for row in table.rows if not row.is_group and row.lines]
    cuts = [cutter.cut(row.lines) for row in tasks]
    for _ in range(_PASSES - 1):
        cutter.learn(cuts)
        cuts = [cutter.cut(row.lines) for row in tasks]
    texts = {row.first.row: cut.texts() for row, cut in zip(tasks, cuts, strict=True)}
    return [_row(row, table, texts.get(row.first.row, ())) for row in table.rows]


def _row(row: FlatRow, table: FlatTable, texts: tuple[str, ...]) -> tuple[Cell, ...]:
    place = Place(row.first.page, row.first.row)
    if row.is_group:
        texts = (" ".join(line.text for line in row.lines),)
    left = iter(texts)
    if row.is_group:
        kinds = table.kinds
        return tuple(
            Cell(row.label if kind == "number" else next(left, "") if kind == "title" else "", place) for kind in kinds
        )
    return tuple(Cell(row.label if kind == "number" else next(left, ""), place) for kind in table.kinds)
