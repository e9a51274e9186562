"""The tables found in a document: what each looks like, and which one is the plan's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tracker.domain.names import squeeze
from tracker.domain.plan_document import Place
from tracker.domain.reading.grid import Cell, Source
from tracker.domain.reading.guesses import guess_columns, heading_at
from tracker.domain.reading.headings import Headings, find_headings, sureness

_SAMPLE = 3  # rows shown
_LOOKED_AT = 50  # rows that tell what a column holds
_LONGEST = 80  # characters of a cell shown
_MANY_ROWS = 1000


@dataclass(frozen=True, slots=True)
class FoundTable:
    """One table: its first cell's place, its columns' headings, the rows below them and the first few of those.

    `mapping` is the guess what each column (from 0) holds, for a person to look at; `score` is 0 where the headings
    tell of no tasks.
    """

    index: int
    place: Place
    headings: tuple[str, ...]
    rows: int
    sample: tuple[tuple[str, ...], ...]
    mapping: Mapping[int, str]
    score: float


def describe(sources: Sequence[Source]) -> tuple[FoundTable, ...]:
    """The tables of a document in its order, each described for a person who has to choose."""
    return tuple(_describe(index, source) for index, source in enumerate(sources))


def _describe(index: int, source: Source) -> FoundTable:
    found = find_headings(source.rows)
    start, end = (found.first, found.end) if found else heading_at(_texts(source.rows))
    body = [row for row in source.rows[end:] if any(cell.text.strip() for cell in row)]
    top = source.rows[start] if source.rows else ()
    headings = _headings(source, found, start, end)
    known = {column.at: column.kind for column in found.columns} if found else {}
    return FoundTable(
        index=index,
        place=top[0].place if top else Place(),
        headings=headings,
        rows=len(body),
        sample=tuple(tuple(text[:_LONGEST] for text in row) for row in _texts(body[:_SAMPLE])),
        mapping=guess_columns(headings, _texts(body[:_LOOKED_AT]), known) if body else known,
        score=sureness(found) + min(len(body), _MANY_ROWS) / _MANY_ROWS if found and body else 0.0,
    )


def _headings(source: Source, found: Headings | None, start: int, end: int) -> tuple[str, ...]:
    if found:
        return tuple(column.heading for column in found.columns)
    texts = next(iter(_texts(source.rows[start:end])), [])
    return (*texts, *[""] * (max(map(len, source.rows), default=0) - len(texts)))


def _texts(rows: Sequence[tuple[Cell, ...]]) -> list[list[str]]:
    return [[squeeze(cell.text) for cell in row] for row in rows]


def best(found: Sequence[FoundTable]) -> FoundTable | None:
    """The likeliest table of tasks; the first of equals; None where none is one."""
    likely = [table for table in found if table.score > 0]
    return max(likely, key=lambda table: (table.score, -table.index), default=None)
