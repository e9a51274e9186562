"""The one shape every reader of documents ends in: rows of cells that know their place."""

from collections.abc import Iterable
from dataclasses import dataclass

from tracker.domain.plan_document import Finding, Place


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell's text as a person sees it, line breaks kept, and where it stands.

    A cell merged over several rows stands in each of them, `inherited` in all but the first; one merged over several
    columns stands in the first, `span` counts them, and the others are empty. `was` is its text before a change that
    was tracked and not accepted, None where there is none.
    """

    text: str
    place: Place
    inherited: bool = False
    span: int = 1
    was: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """A document taken apart: its table (heading rows included), the lines before and after, and what was odd.

    `after` holds what stands behind the table's last row; `findings` what the reader could not place; `above` those
    of the lines before that stand between this table and the one before; `inside` says that it lies in another's cell.
    """

    rows: tuple[tuple[Cell, ...], ...]
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    above: tuple[str, ...] = ()
    inside: bool = False


def grid_row(texts: Iterable[str], row: int, page: int | None = None) -> tuple[Cell, ...]:
    """One row of cells that all stand in the same row of the same page."""
    place = Place(page, row)
    return tuple(Cell(text, place) for text in texts)
