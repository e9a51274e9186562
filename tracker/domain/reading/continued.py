"""Tables of one document that are one plan: cut apart by a break, by a group's title, or laid on several sheets."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from tracker.domain.names import fold, squeeze
from tracker.domain.plan_document import Finding, Place
from tracker.domain.reading.furniture import END_OF_TABLE
from tracker.domain.reading.grid import Cell, Source
from tracker.domain.reading.headings import Headings, find_headings
from tracker.domain.reading.numbers import is_number, label_of, mark_of, style_of
from tracker.domain.words import N_

_JOINED_NUMBERS = N_("Bảng thứ %(table)s được đọc tiếp vào bảng trước: cùng các cột, số thứ tự nối tiếp.")
_JOINED_GROUPS = N_("Bảng thứ %(table)s được đọc tiếp vào bảng trước: cùng các cột, là nhóm tiếp theo “%(group)s”.")
_BETWEEN = N_("Giữa hai bảng còn có: “%(text)s”.")
_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV")
_FEWEST_WORDS = 2  # of a group's title that has no mark

Row = tuple[Cell, ...]


def join_continued(sources: Sequence[Source]) -> list[Source]:
    """The tables of a document with those made one that go on after a break: nothing stands between them, and the
    second repeats the heading of the first or, as wide, has none."""
    joined: list[Source] = []
    for source in sources:
        if joined and _goes_on(joined[-1], source):
            joined[-1] = _with_rows(joined[-1], joined[-1].rows, source, source.rows)
        else:
            joined.append(source)
    return joined


def _goes_on(first: Source, second: Source) -> bool:
    if second.above or first.inside or second.inside or len(first.rows[0]) != len(second.rows[0]):
        return False
    above, below = find_headings(first.rows), find_headings(second.rows)
    return above is not None and (below is None or _named(above) == _named(below))


def _named(headings: Headings) -> list[str]:
    return [fold(column.heading) for column in headings.columns]


def join_parts(sources: Sequence[Source]) -> list[Source]:
    """The tables of a document with those made one that are parts of one plan, which a note tells.

    Parts have the same columns, and either their numbers go on, or a title with the next mark ('II.' after 'I.')
    stands above the second. Titles between them become groups; any other words between them are told by a note.
    """
    joined: list[Source] = []
    last: _Part | None = None
    for at, source in enumerate(sources, start=1):
        headings = find_headings(source.rows)
        part = _Part(source, headings, at) if headings else None
        if last and part and (together := _together(last, part, joined[-1])):
            joined[-1] = together
        else:
            joined.append(source)
        last = part
    return joined


@dataclass(frozen=True, slots=True)
class _Part:
    """One table of tasks, the `index`th of its document (from 1)."""

    source: Source
    headings: Headings
    index: int

    @property
    def key(self) -> int:
        """The column of the numbers, else of the tasks: where a group's title is put."""
        number = self.headings.at("number")
        return number if number is not None else self.headings.at("title") or 0

    @property
    def body(self) -> tuple[Row, ...]:
        return self.source.rows[self.headings.end :]

    @property
    def lines(self) -> list[str]:
        """The words above the heading: between the tables, and in the table's own rows."""
        rows = self.source.rows[: self.headings.first]
        return [*self.source.above, *filter(None, (squeeze(" ".join(cell.text for cell in row)) for row in rows))]

    @property
    def mark(self) -> str:
        """The mark of the group whose title stands right above, or ''."""
        return next((mark for line in reversed(self.lines) if (mark := mark_of(line))), "")

    def numbers(self) -> Iterator[int]:
        """The numbers of the rows, of '1.2' the first part."""
        if self.headings.at("number") is not None:
            labels = (label_of(row[self.key].text) for row in self.body if self.key < len(row))
            yield from (int(label.split(".")[0]) for label in labels if is_number(label))


def _together(before: _Part, part: _Part, joined: Source) -> Source | None:
    """`joined`, whose last part is `before`, with one more part, or None where that is a table of its own."""
    if _named(before.headings) != _named(part.headings):
        return None
    *_, last = (0, *before.numbers())
    goes_on = next(part.numbers(), 0) == last + 1 > 1
    follows = _follows(before.mark, part.mark)
    if not part.body or not (goes_on or follows):
        return None
    place = part.source.rows[0][0].place
    known = {fold(line) for line in before.lines}
    lines = [line for line in part.lines if fold(line) not in known]
    titles = [line for line in lines if _is_title(line)]
    upper, tail = _without_tail(joined.rows, find_headings(joined.rows))
    if follows and before.source is joined:
        upper = _headed(upper, before)
    rest = " ".join([*tail, *(line for line in lines if line not in titles)])
    groups = tuple(_group_row(title, part, place) for title in titles)
    both = _with_rows(joined, upper, part.source, (*groups, *part.body))
    return replace(both, findings=(*both.findings, *_told(part, titles, goes_on, rest, both.rows[len(upper)][0].place)))


def _told(part: _Part, titles: Sequence[str], goes_on: bool, rest: str, place: Place) -> Iterator[Finding]:
    params = {"table": str(part.index), "group": titles[-1] if titles else ""}
    message = _JOINED_NUMBERS if goes_on else _JOINED_GROUPS
    yield Finding("note", None, None, "tables-joined", message, params, place)
    if rest:
        yield Finding("note", None, None, "between-tables", _BETWEEN, {"text": rest}, place)


def _is_title(line: str) -> bool:
    return bool(mark_of(line)) or (line.isupper() and len(line.split()) >= _FEWEST_WORDS)


def _follows(first: str, second: str) -> bool:
    """Whether a group's mark is the next after another: II after I, B after A."""
    if not first or not second:
        return False
    if first in _ROMAN[:-1] and second == _ROMAN[_ROMAN.index(first) + 1]:
        return True
    return style_of(second, first) == "letter" and len(first) == 1 and ord(second) == ord(first) + 1


def _headed(rows: tuple[Row, ...], part: _Part) -> tuple[Row, ...]:
    """The rows of the first part with the title of its group, which stood above the table, below its heading."""
    title = next(line for line in reversed(part.lines) if mark_of(line))
    end = part.headings.end
    return (*rows[:end], _group_row(title, part, rows[end][0].place), *rows[end:])


def _group_row(title: str, part: _Part, place: Place) -> Row:
    return tuple(Cell(title if at == part.key else "", place) for at in range(len(part.headings.columns)))


def _without_tail(rows: tuple[Row, ...], headings: Headings | None) -> tuple[tuple[Row, ...], list[str]]:
    """The rows up to a note or a signature that ends a sheet, and the words of that."""
    for at, row in enumerate(rows):
        first = next((cell.text for cell in row if cell.text.strip()), "")
        if headings and at >= headings.end and END_OF_TABLE.match(first):
            return rows[:at], [squeeze(" ".join(cell.text for cell in each)) for each in rows[at:]]
    return rows, []


def _with_rows(first: Source, upper: tuple[Row, ...], second: Source, lower: tuple[Row, ...]) -> Source:
    last_row = max((row[0].place.row or 0 for row in first.rows), default=0)
    rows = (*upper, *(tuple(_moved(cell, last_row) for cell in row) for row in lower))
    told = (each for each in second.findings if each not in first.findings)
    return replace(first, rows=rows, after=second.after, findings=(*first.findings, *told))


def _moved(cell: Cell, rows: int) -> Cell:
    """A cell with its row counted from the beginning of the joined table; pages and sheets count their own."""
    place = cell.place
    if place.page is not None or place.sheet is not None:
        return cell
    return replace(cell, place=replace(place, row=(place.row or 0) + rows))
