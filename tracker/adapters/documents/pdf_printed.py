"""A PDF's pages as text that keeps their layout, for tables without rules whose numbers stand in the middle of rows."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate, pairwise
from statistics import median

from tracker.adapters.documents.pdf_pages import PageContent, Word
from tracker.adapters.documents.spaced import read_spaced
from tracker.domain.errors import UnreadableDocument
from tracker.domain.plan_document import Place
from tracker.domain.reading.grid import Source

_BETWEEN_PAGES = "\n\n\f"
_SAME_LINE = 0.35  # of a letter's height
_BLANK = 0.45  # of a letter's height; wider white parts two cells
_BETWEEN = 2  # blanks at least between two cells


def printed_table(contents: Sequence[PageContent], first_page: int, filename: str) -> list[Source]:
    """The table of tasks that the places of words tell, as a list of one; [] where they do not."""
    pages = [_text(content.words) for content in contents]
    try:
        found = read_spaced(_BETWEEN_PAGES.join(pages), filename)
    except UnreadableDocument:
        return []
    if found is None:
        return []
    begins = [0, *accumulate(page.count("\n") + _BETWEEN_PAGES.count("\n") for page in pages)]

    def on_page(place: Place | None) -> Place | None:
        row = place.row if place else None
        page = bisect_left(begins, row) - 1 if row else 0
        return Place(first_page + page, row - begins[page]) if row else place

    rows = tuple(tuple(replace(cell, place=on_page(cell.place) or cell.place) for cell in row) for row in found.rows)
    findings = tuple(replace(each, place=on_page(each.place)) for each in found.findings)
    return [replace(found, rows=rows, findings=findings)]


def _text(words: Sequence[Word]) -> str:
    """A page's words where they stand, in letters of one width."""
    lines = [_cells(line) for line in _lines(words)]
    cells = [cell for line in lines for cell in line]
    if not cells:
        return ""
    widths = [(cell.x1 - cell.x0) / len(cell.text) for cell in cells]
    room = [(b.x0 - a.x0) / (len(a.text) + _BETWEEN) for line in lines for a, b in pairwise(line)]
    width = max(1.0, min([median(widths), *room]))
    left = min(cell.x0 for cell in cells)
    printed = []
    for line in lines:
        text = ""
        for cell in line:
            text = text.ljust(round((cell.x0 - left) / width)) if text else " " * round((cell.x0 - left) / width)
            text += cell.text if not text.strip() or text.endswith(" " * _BETWEEN) else " " * _BETWEEN + cell.text
        printed.append(text)
    return "\n".join(printed)


def _lines(words: Sequence[Word]) -> list[list[Word]]:
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda each: (each.bottom, each.x0)):
        if lines and word.bottom - lines[-1][0].bottom < _SAME_LINE * (word.bottom - word.top):
            lines[-1].append(word)
        else:
            lines.append([word])
    return [sorted(line, key=lambda each: each.x0) for line in lines]


def _cells(line: Sequence[Word]) -> list[Word]:
    """The words of a line put together where no more than a blank parts them."""
    cells: list[Word] = []
    for word in line:
        last = cells[-1] if cells else None
        if last and word.x0 - last.x1 < _BLANK * (word.bottom - word.top):
            cells[-1] = Word(last.x0, last.top, word.x1, last.bottom, f"{last.text} {word.text}")
        else:
            cells.append(word)
    return cells
