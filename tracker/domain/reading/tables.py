"""The tables found in a document: what each looks like, and which one is the plan's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tracker.domain.names import squeeze
from tracker.domain.plan_document import Place
from tracker.domain.reading.grid import Source
from tracker.domain.reading.headings import Headings, find_headings, sureness

_SAMPLE = 3  # rows shown
_LONGEST = 80  # characters of a cell shown
_MANY_ROWS = 1000


@dataclass(frozen=True, slots=True)
class FoundTable:
    """One table: its first cell's place, its columns' headings, the rows below them and the first few of those.

    `mapping` is the guess what each column (from 0) holds; `score` is 0 where the headings tell of no tasks.
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
    width = max(map(len, source.rows), default=0)
    body = source.rows[found.end :] if found else source.rows[1:]
    filled = [row for row in body if any(cell.text.strip() for cell in row)]
    first = source.rows[found.first if found else 0] if source.rows else ()
    return FoundTable(
        index=index,
        place=first[0].place if first else Place(),
        headings=_headings(source, found, width),
        rows=len(filled),
        sample=tuple(tuple(squeeze(cell.text)[:_LONGEST] for cell in row) for row in filled[:_SAMPLE]),
        mapping={column.at: column.kind for column in found.columns} if found else {},
        score=sureness(found) + min(len(filled), _MANY_ROWS) / _MANY_ROWS if found and filled else 0.0,
    )


def _headings(source: Source, found: Headings | None, width: int) -> tuple[str, ...]:
    if found:
        return tuple(column.heading for column in found.columns)
    texts = [squeeze(cell.text) for cell in source.rows[0]] if source.rows else []
    return (*texts, *[""] * (width - len(texts)))


def best(found: Sequence[FoundTable]) -> FoundTable | None:
    """The likeliest table of tasks; the first of equals; None where none is one."""
    likely = [table for table in found if table.score > 0]
    return max(likely, key=lambda table: (table.score, -table.index), default=None)
