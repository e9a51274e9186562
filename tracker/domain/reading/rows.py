"""One row of a table of tasks: its texts by what their columns hold."""

from collections.abc import Sequence
from dataclasses import dataclass

from tracker.domain.names import squeeze
from tracker.domain.plan_document import Finding, Place
from tracker.domain.reading.grid import Cell
from tracker.domain.reading.headings import ColumnKind, Headings
from tracker.domain.words import N_

_ACROSS = N_("Ô “%(text)s” trải qua các cột %(columns)s; hiểu là của cột đầu.")
_QUOTED = 90  # characters of a long text shown in a finding
TIMES: tuple[ColumnKind, ...] = ("start", "due", "days")


@dataclass(slots=True)
class Row:
    """A row's texts by kind of column; `inherited` names those told again from a merged cell above."""

    texts: dict[ColumnKind, str]
    extra: dict[str, str]
    place: Place
    group: str | None = None
    inherited: frozenset[ColumnKind] = frozenset()
    findings: tuple[Finding, ...] = ()

    def get(self, kind: ColumnKind) -> str:
        """The text of that kind of column, squeezed; '' where there is none."""
        return squeeze(self.texts.get(kind, ""))

    @property
    def assigned(self) -> str:
        """What the row itself says about units, time and product."""
        kinds: tuple[ColumnKind, ...] = ("leads", "partners", "start", "due", "days", "product")
        return "; ".join(text for kind in kinds if kind not in self.inherited and (text := self.get(kind)))


def row_of(cells: Sequence[Cell], headings: Headings) -> Row:
    """The cells of one row by what their columns hold; those of no use to the program, and those beyond, as extras."""
    texts: dict[ColumnKind, str] = {}
    extra: dict[str, str] = {}
    inherited: set[ColumnKind] = set()
    for column in headings.columns:
        cell = cells[column.at] if column.at < len(cells) else None
        text = cell.text if cell else ""
        if column.kind == "extra" or (column.kind == "days" and headings.at("due") is not None):
            if squeeze(text):
                extra[column.heading or f"Cột {column.at + 1}"] = squeeze(text)
        else:
            texts[column.kind] = text
            inherited |= {column.kind} if cell and cell.inherited else set()
    beyond = [squeeze(cell.text) for cell in cells[len(headings.columns) :] if squeeze(cell.text)]
    if beyond:
        extra["Ngoài bảng"] = "; ".join(beyond)
    place = cells[0].place if cells else Place()
    row = Row(texts, extra, place, inherited=frozenset(inherited))
    _spread(row, cells, headings)
    return row


def _spread(row: Row, cells: Sequence[Cell], headings: Headings) -> None:
    """A time merged over both columns of time counts for both; other cells over several columns are told of."""
    for column in headings.columns:
        span = cells[column.at].span if column.at < len(cells) else 1
        covered = [each for each in headings.columns[column.at : column.at + span] if each.kind != "extra"]
        filled = [bool(row.get(each.kind)) for each in covered]
        if len(covered) < 2 or filled != [True, *[False] * (len(covered) - 1)]:
            continue
        text = row.texts[covered[0].kind]
        if [each.kind for each in covered] == ["start", "due"]:
            row.texts["due"] = text
        else:
            params = {"text": short(squeeze(text)), "columns": ", ".join(f"“{each.heading}”" for each in covered)}
            told = Finding("question", row.get("number"), covered[0].kind, "cell-across", _ACROSS, params, row.place)
            row.findings += (told,)


def short(text: str) -> str:
    """A long text cut at a word, for a finding."""
    return text if len(text) <= _QUOTED else f"{text[:_QUOTED].rsplit(' ', 1)[0]}…"
