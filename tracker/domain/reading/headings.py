"""Which column is what, told by the words of its heading: any order, one to three lines, merged or repeated."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import cast

from tracker.domain.errors import UnreadableDocument
from tracker.domain.names import fold, squeeze
from tracker.domain.reading.grid import Cell
from tracker.domain.reading.guesses import heading_at
from tracker.domain.reading.heading_words import ALONE, BY_WORDS, KINDS, PERSONS
from tracker.domain.reading.heading_words import ColumnKind as ColumnKind
from tracker.domain.words import N_

EXACTLY = 2  # how surely `classify` knows a heading word by word
_BAD_MAPPING = N_("Không gán được cột %(column)s là “%(kind)s”: bảng có %(columns)s cột, và tên trường phải có sẵn.")
_TWICE = N_("Hai cột được gán cùng một trường. Hãy chọn cho mỗi trường một cột.")
_NO_TITLE = N_("Chưa có cột nào được gán là nội dung công việc. Hãy chọn cột ấy.")

_LONGEST = max(phrase.count(" ") + 1 for phrase in BY_WORDS)
_DEEPEST = 3
_LONGEST_HEADING = 12  # words
_SEARCHED_ROWS = 200


@dataclass(frozen=True, slots=True)
class Column:
    """One column: where it stands (from 0), its heading as written, what it holds and how surely (see `classify`)."""

    at: int
    heading: str
    kind: ColumnKind
    sure: int = 0


@dataclass(frozen=True, slots=True)
class Headings:
    """A table's columns and the rows of the grid that its heading fills, `first` up to but not `end`."""

    columns: tuple[Column, ...]
    first: int
    end: int

    def at(self, kind: ColumnKind) -> int | None:
        """Where the column of that kind stands, or None."""
        return next((column.at for column in self.columns if column.kind == kind), None)


def spell(words: list[str]) -> list[tuple[ColumnKind, str]] | None:
    """Folded words read as a run of headings, the longest first, or None where a word belongs to no heading."""
    found: list[tuple[ColumnKind, str]] = []
    at = 0
    while at < len(words):
        for end in range(min(len(words), at + _LONGEST), at, -1):
            if kind := BY_WORDS.get(" ".join(words[at:end])):
                found.append((kind, " ".join(words[at:end])))
                at = end
                break
        else:
            return None
    led = any(kind == "leads" and words not in PERSONS for kind, words in found)
    return [("extra" if led and words in PERSONS else kind, words) for kind, words in found]


def is_table(kinds: list[ColumnKind]) -> bool:
    """Whether these columns make a table of tasks: what is to be done, and who or until when."""
    known = [kind for kind in kinds if kind != "extra"]
    enough = len(set(known)) >= 3 or (len(set(known)) == 2 and "number" not in known)
    return enough and "title" in known and bool({"leads", "due"} & set(known))


def classify(text: str) -> tuple[ColumnKind, int]:
    """What a heading cell announces and how surely: 2 exactly, 1 among other words, 0 nothing known ('extra')."""
    folded = fold(text)
    if kind := BY_WORDS.get(folded) or ALONE.get(folded):
        return kind, 1 if folded in PERSONS else EXACTLY
    words = folded.split()
    if len(words) > _LONGEST_HEADING:
        return "extra", 0
    for length in range(min(_LONGEST, len(words)), 1, -1):
        for at in range(len(words) - length + 1):
            if kind := BY_WORDS.get(" ".join(words[at : at + length])):
                return kind, 1
    return "extra", 0


def is_heading(text: str) -> bool:
    """Whether a text is a heading known word by word."""
    return fold(text) in BY_WORDS or fold(text) in ALONE


def find_headings(rows: tuple[tuple[Cell, ...], ...]) -> Headings | None:
    """The first heading in a grid that makes it a table of tasks, or None."""
    begins = [at for at, row in enumerate(rows[:_SEARCHED_ROWS]) if not any(cell.inherited for cell in row)]
    for first in begins:
        if _tables(rows, first):
            near = [table for at in begins if first <= at < first + _DEEPEST for table in _tables(rows, at)]
            return max(near, key=_sureness)
    return None


def map_columns(rows: tuple[tuple[Cell, ...], ...], mapping: Mapping[int, str]) -> Headings:
    """The table's columns with `mapping` (column from 0 -> kind) set by hand over what the heading tells.

    Where no heading is known, the row above the first numbered one is it, or what `heading_at` takes for it. Raises
    UnreadableDocument for a column that is not there, an unknown kind, one given twice, or none for the task.
    """
    width = max(map(len, rows), default=0)
    for at, kind in mapping.items():
        if not 0 <= at < width or kind not in KINDS:
            raise UnreadableDocument(_BAD_MAPPING, column=at + 1, kind=kind, columns=width)
    given = [kind for kind in mapping.values() if kind != "extra"]
    if len(set(given)) < len(given):
        raise UnreadableDocument(_TWICE)
    found = find_headings(rows) or _unknown_heading(rows, mapping, width)
    known = {column.at: column for column in found.columns}
    columns = []
    for at in range(max(width, len(known))):
        column = known.get(at) or Column(at, "", "extra")
        guess = "extra" if column.kind in given else column.kind
        columns.append(replace(column, kind=cast(ColumnKind, mapping.get(at, guess))))
    headings = Headings(tuple(columns), found.first, found.end)
    if headings.at("title") is None:
        raise UnreadableDocument(_NO_TITLE)
    return headings


def _unknown_heading(rows: tuple[tuple[Cell, ...], ...], mapping: Mapping[int, str], width: int) -> Headings:
    number = next((at for at, kind in mapping.items() if kind == "number"), None)
    numbered = (
        at
        for at, row in enumerate(rows)
        if number is not None and number < len(row) and re.fullmatch(r"\s*\d+(?:\.\d+)*[.)]?\s*", row[number].text)
    )
    end = next(numbered, None)
    first, end = heading_at([[cell.text for cell in row] for row in rows]) if end is None else (max(0, end - 1), end)
    texts = _stacked(rows[first:end])
    texts += [""] * (width - len(texts))
    return Headings(tuple(Column(at, text, "extra") for at, text in enumerate(texts)), first, end)


def sureness(headings: Headings) -> int:
    """How surely the headings are those of a table of tasks: two for every column known exactly, one among words."""
    return sum(column.sure for column in headings.columns if column.kind != "extra")


def _tables(rows: tuple[tuple[Cell, ...], ...], first: int) -> list[Headings]:
    choices = [_headings(rows, first, end) for end in range(first + 1, min(len(rows), first + _DEEPEST) + 1)]
    return [each for each in choices if each and _is_sure(each)]


def _is_sure(headings: Headings) -> bool:
    """Whether the columns make a table of tasks; a word such as 'đơn vị' tells something only among others."""
    kinds = [column.kind for column in headings.columns]
    vague = any(fold(column.heading) in ALONE for column in headings.columns)
    return is_table(kinds) and (not vague or len(set(kinds) - {"extra"}) >= 3)


def _sureness(headings: Headings) -> tuple[int, int, int]:
    return sureness(headings), headings.first - headings.end, -headings.first


def _headings(rows: tuple[tuple[Cell, ...], ...], first: int, end: int) -> Headings | None:
    if any(_is_body(row) for row in rows[first + 1 : end]):
        return None
    texts = _stacked(rows[first:end])
    lowest = [next(filter(None, reversed(line)), "") for line in zip(*_lines(rows[first:end]), strict=True)]
    guesses = [_guess(text, below) for text, below in zip(texts, lowest, strict=True)]
    best: dict[ColumnKind, int] = {}
    for at, (kind, sure) in enumerate(guesses):
        if kind != "extra" and (kind not in best or sure > guesses[best[kind]][1]):
            best[kind] = at
    columns: list[Column] = []
    for at, (text, (kind, sure)) in enumerate(zip(texts, guesses, strict=True)):
        again = sum(text == column.heading.split(" (")[0] for column in columns) if text else 0
        heading = f"{text} ({again + 1})" if again else text
        columns.append(Column(at, heading, kind if best.get(kind) == at else "extra", sure))
    return Headings(tuple(columns), first, end)


def _guess(text: str, lowest: str) -> tuple[ColumnKind, int]:
    """What a heading of several lines announces: all of it, else its lowest line ('Từ tháng' below 'Thời gian')."""
    kind, sure = classify(text)
    below, known = classify(lowest)
    exactly = known == EXACTLY and fold(lowest) not in ALONE
    return (below, EXACTLY) if sure < EXACTLY and exactly else (kind, sure)


def _is_body(row: tuple[Cell, ...]) -> bool:
    return bool(row) and bool(re.fullmatch(r"\s*(?:\d+|[IVX]+|[A-H])[.)]?\s*", row[0].text))


def _stacked(rows: tuple[tuple[Cell, ...], ...]) -> list[str]:
    """Heading lines read downwards; a merged cell counts for all the columns it covers.

    Where the document does not tell what is merged, a cell of the upper line counts for the empty ones right of it.
    """
    lines = _lines(rows)
    return [" ".join(dict.fromkeys(text for text in column if text)) for column in zip(*lines, strict=True)]


def _lines(rows: tuple[tuple[Cell, ...], ...]) -> list[list[str]]:
    """A heading's lines, all as wide, each text standing in every column that it is for."""
    width = max(map(len, rows), default=0)
    lines = [[*_texts(row), *[""] * (width - len(row))] for row in rows]
    if not any(cell.inherited or cell.span > 1 for row in rows for cell in row):
        for upper, lower in pairwise(lines):
            for at in range(1, width):
                if not upper[at] and lower[at] and lower[at - 1]:
                    upper[at] = upper[at - 1]
    return lines


def _texts(row: tuple[Cell, ...]) -> list[str]:
    """A heading line's texts, each told again in the columns its cell covers, not in the rows."""
    texts = ["" if cell.inherited else squeeze(cell.text) for cell in row]
    for at, cell in enumerate(row):
        if texts[at]:
            end = min(at + cell.span, len(texts))
            texts[at + 1 : end] = [texts[at]] * (end - at - 1)
    return texts


def is_numbering(texts: list[str]) -> bool:
    """Whether a row only numbers the columns: 1 2 3 4 5 6, or (1) (2) (3)."""
    numbers = [re.sub(r"\W", "", text) for text in texts if text.strip()]
    return len(numbers) >= 3 and numbers == [str(at) for at in range(1, len(numbers) + 1)]
