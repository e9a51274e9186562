"""The lines of a text that keeps its printed layout: in which column each of their words stands, page by page."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from tracker.domain.names import squeeze
from tracker.domain.reading.headings import is_heading, is_numbering
from tracker.domain.reading.joining import join_lines
from tracker.domain.reading.numbers import is_number, is_sub_label, label_of, style_of

FEWEST_COLUMNS = 3
_GAP = re.compile(r" {2,}| ?\t[ \t]*")
_PART = re.compile(r"\S+(?: \S+)*")
_LONGEST_GROUP = 2  # parts of a line that heads a group: its mark and its words
_PAGE_NUMBER = re.compile(r"(?:trang )?-?\s?\d{1,3}\s?-?", re.IGNORECASE)
_ABOVE = 3  # lines that may stand above the one by which a heading was found
_LONGEST_HEADING = 12  # lines
_SELDOM = 0.05  # of the lines hold white inside a cell
_RARELY = 0.2  # of the lines that stand in a column have one blank before it


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line: its number from 1, its words where they stand, its page; `parted` says that white stands above it."""

    row: int
    text: str
    page: int = 0
    parted: bool = False

    @property
    def said(self) -> str:
        """The line's words with single blanks."""
        return squeeze(self.text)


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """A line of a table's body, its words by column. `breaks` says that a page ends before it."""

    row: int
    cells: tuple[str, ...]
    breaks: bool = False
    parted: bool = False

    @property
    def label(self) -> str:
        """The number or the mark that it begins with, as printed; '' where it has none."""
        return self.cells[0]


@dataclass(frozen=True, slots=True)
class Layout:
    """A table's heading, column by column, the line it begins with, and the lines below it."""

    heading: tuple[str, ...]
    first: int
    body: tuple[PlacedLine, ...]


def text_lines(text: str) -> list[TextLine]:
    """The lines that are not blank; a form feed begins a page."""
    lines: list[TextLine] = []
    page, parted = 0, False
    for row, line in enumerate(text.split("\n"), start=1):
        page += line.count("\f")
        line = line.replace("\f", "")
        if line.strip():
            lines.append(TextLine(row, line, page, parted))
        parted = not line.strip()
    return lines


def parts_of(line: str) -> list[str]:
    """The stretches of a line that two blanks or a tab part."""
    return [part for part in map(squeeze, _GAP.split(line.strip())) if part]


def is_mark(text: str) -> bool:
    """Whether a text is what a row begins with: a number, a dash or small letter, a group's letter or Roman number."""
    label = label_of(text)
    return is_number(label) or is_sub_label(label) or style_of(label) is not None


def layout_of(lines: Sequence[TextLine], at: int) -> Layout | None:
    """The table whose heading was found at line `at`, or None where columns cannot be told or words lie across them."""
    width = len(parts_of(lines[at].text))
    by_page = groupby(lines[at:], key=lambda line: line.page)
    pages = {page: [line.text.expandtabs() for line in of_page] for page, of_page in by_page}
    first = _columns(pages[lines[at].page])
    common = _columns([text for texts in pages.values() for text in texts])
    for begins in ({page: _fitted(first, texts) for page, texts in pages.items()}, dict.fromkeys(pages, common)):
        if any(len(each) < max(width, FEWEST_COLUMNS) for each in begins.values()):
            continue
        mixed = sum(_is_mixed(line.text, begins[line.page]) for line in lines[at:])
        if mixed <= len(lines[at:]) * _SELDOM and (found := _placed(lines, at, begins)):
            return found
    return None


def _fitted(begins: Sequence[int], lines: Sequence[str]) -> list[int]:
    """Where the columns that begin at `begins` on the first page begin in another page's lines, [] where they do not.

    A page is printed somewhat narrower or wider than another, and some of its columns may be empty.
    """
    own = _columns(lines)
    if len(own) == len(begins):
        return own
    lines = [line for line in lines if not _runs_across(parts_of(line))]
    scales = sorted({at / begin for at in own for begin in begins if begin and at}, key=lambda scale: abs(scale - 1))
    for scale in scales:
        found = [_gutter(round(begin * scale), lines) for begin in begins[1:]]
        if all(found):
            return [0, *(at for at in found if at)]
    return []


def _gutter(near: int, lines: Sequence[str]) -> int | None:
    """The place nearest to `near`, and hardly from it, before which all lines are white."""
    places = (near, near + 1, near - 1)
    return next((at for at in places if at > 1 and all(line[at - 1 : at] in ("", " ") for line in lines)), None)


def _placed(lines: Sequence[TextLine], at: int, begins: dict[int, list[int]]) -> Layout | None:
    """The table in columns that begin where `begins` tells for each page."""
    first, at, texts = _heading(lines, at, begins[lines[at].page])
    heading, above = lines[first:at], lines[max(0, first - _ABOVE) : first]
    body: list[PlacedLine] = []
    breaks = False
    while at < len(lines):
        line = lines[at]
        told = _told_again(lines, at, heading, above)
        breaks = breaks or bool(told) or line.page != lines[at - 1].page
        if told or _is_page_number(line.text, begins[line.page]) or is_numbering(parts_of(line.text)):
            at += told or 1
            continue
        cells = by_column(line.text, begins[line.page])
        if cells is None:
            return None
        body.append(PlacedLine(line.row, tuple(cells), breaks and bool(body), line.parted))
        breaks, at = False, at + 1
    return Layout(tuple(texts), first, tuple(body)) if body else None


def _told_again(lines: Sequence[TextLine], at: int, heading: Sequence[TextLine], above: Sequence[TextLine]) -> int:
    """How many lines from `at` on tell the heading again: all of it, or what stands at the top of a page.

    A line of those `above` it, such as that of merged cells, may be told with it.
    """
    known, over = [line.said for line in heading], {line.said for line in above}
    upper = next((n for n, line in enumerate(lines[at : at + _ABOVE]) if line.said not in over), 0)
    for begin in (at, at + upper):
        if [line.said for line in lines[begin : begin + len(known)]] == known:
            return begin + len(known) - at
    if lines[at].page == lines[at - 1].page:
        return 0
    return next((n for n, line in enumerate(lines[at : at + len(known)]) if line.said not in known), len(known))


def _heading(lines: Sequence[TextLine], at: int, begins: Sequence[int]) -> tuple[int, int, list[str]]:
    """Where the heading begins and ends that was found by line `at`, and its words by column.

    Its longest stretch of lines that tells most columns exactly, with no more lines above than it takes.
    """
    best = (-1, 0, 0)
    found: tuple[int, int, list[str]] = at, at + 1, [""] * len(begins)
    for first in range(at, max(-1, at - 1 - _ABOVE), -1):
        cells: list[list[str]] = [[] for _ in begins]
        for end in range(first, min(len(lines), first + _LONGEST_HEADING)):
            placed = by_column(lines[end].text, begins)
            if placed is None or is_mark(placed[0]) or lines[end].page != lines[at].page:
                break
            for cell, text in zip(cells, placed, strict=True):
                cell += [text] if text else []
            texts = list(map(_told, cells))
            worth = (sum(map(is_heading, texts)), first - at, end)
            if end >= at and worth > best:
                best, found = worth, (first, end + 1, texts)
        if first and lines[first].parted:
            break
    return found


def _told(lines: Sequence[str]) -> str:
    """What a column's heading says: all its lines, or the lowest where they stand below one over several columns."""
    whole = join_lines(lines)
    return lines[-1] if lines and not is_heading(whole) and is_heading(lines[-1]) else whole


def by_column(line: str, begins: Sequence[int]) -> list[str] | None:
    """The words of a line in their columns; None where some lie across two and are not the line's only ones.

    What heads a group stands in the column where it begins.
    """
    line = line.expandtabs()
    parts = parts_of(line)
    if not _runs_across(parts) and all(line[begin - 1 : begin] in ("", " ") for begin in begins[1:]):
        return [squeeze(line[begin:end]) for begin, end in pairwise([*begins, len(line) + begins[-1]])]
    if len(parts) > _LONGEST_GROUP:
        return None
    cells = [""] * len(begins)
    for part in _PART.finditer(line):
        at = max((n for n, begin in enumerate(begins) if begin <= part.start()), default=0)
        cells[at] = f"{cells[at]} {part[0]}".strip()
    return cells


def _columns(lines: Sequence[str]) -> list[int]:
    """Where the columns begin: behind each stretch of white that all lines share, and most as two blanks or more.

    What heads a group may run across them.
    """
    lines = [line.expandtabs() for line in lines]
    lines = [line for line in lines if not _runs_across(parts_of(line))]
    width = max(map(len, lines), default=0)
    filled = [any(at < len(line) and not line[at].isspace() for line in lines) for at in range(width)]
    begins = [at for at in range(width) if filled[at] and not (at and filled[at - 1])]
    real = begins[:1]
    for at, end in pairwise([*begins[1:], width]):
        held = [line for line in lines if line[at:end].strip()]
        if sum(_is_tight(line, at) for line in held) <= len(held) * _RARELY:
            real.append(at)
    return real


def _is_tight(line: str, at: int) -> bool:
    """Whether one blank alone stands between the words on both sides of a place."""
    return at > 1 and line[at - 2 : at - 1].strip() != "" and line[at : at + 1].strip() != ""


def _is_mixed(line: str, begins: Sequence[int]) -> bool:
    """Whether two stretches of a line stand in the same column: most likely there are two columns."""
    cells = by_column(line, begins)
    return cells is not None and sum(map(bool, cells)) < len(parts_of(line.expandtabs()))


def _runs_across(parts: Sequence[str]) -> bool:
    """Whether a line's only words, a mark before them or not, may head a group; a number's row has cells."""
    return len(parts) < _LONGEST_GROUP or (len(parts) == _LONGEST_GROUP and is_mark(parts[0]))


def _is_page_number(line: str, begins: Sequence[int]) -> bool:
    """Whether a line is a page's number: no cell begins where it stands."""
    indent = len(line) - len(line.lstrip())
    return bool(_PAGE_NUMBER.fullmatch(squeeze(line))) and indent >= begins[1] and indent not in begins
