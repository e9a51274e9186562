"""Where the rows begin in lines that stand in columns: at their numbers, or about them where those stand in the middle.

A number that is centred says which lines are its row's only by their count: as many above it as below. What lies
between two numbers is parted so that this holds best, and no row begins in the middle of a sentence.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from tracker.adapters.documents.spaced_lines import PlacedLine, is_mark
from tracker.domain.reading.lines import is_period
from tracker.domain.reading.numbers import is_number, label_of, mark_of

_MOST_ASIDE = 1.0  # lines that a number may stand beside the middle of its row
_MOST_ASIDE_CUT = 2.0  # the same, where a page cuts the row
_USUALLY_ASIDE = 0.25  # the same, of all rows that no page cuts on average
_WEIGHT = 2.0  # of a line beside the middle
_SMALL = {True: 3.0, False: 1.5}  # a row in whose title, or in another cell, a sentence goes on
_NO_TITLE = 5.0
_PARTED = -0.5  # white stands above the row
_LOWER = 0.25  # its title begins below its first line
_OVER_PAGE = 0.75
_CLOSE = 0.75  # two ways to part rows are as likely where no more than this is between them
_FEWEST = 2  # numbers
_LONGEST = 80  # lines between two numbers


@dataclass(frozen=True, slots=True)
class Row:
    """The lines of one row; `doubtful` says that the first of the next may as well be its own, or the other way."""

    lines: tuple[PlacedLine, ...]
    doubtful: bool = False


def rows_of(body: Sequence[PlacedLine], title: int) -> list[Row] | None:
    """The rows of a table's body, None where nothing tells them apart; `title` is the column of what is to be done."""
    return _from_above(body, title) or _about_middles(body, title)


def _from_above(body: Sequence[PlacedLine], title: int) -> list[Row] | None:
    """Rows that begin with their numbers; None where a number stands beside a later line of its row."""
    begins = [at for at, line in enumerate(body) if line.label]
    if not begins or begins[0] != 0 or any(_is_inside(line, title) for line in body):
        return None
    return [Row(tuple(body[begin:end])) for begin, end in pairwise([*begins, len(body)])]


def _is_inside(line: PlacedLine, title: int) -> bool:
    said = line.cells[title]
    return line.label[:1].isdigit() and (not said or said[:1].islower())


def _about_middles(body: Sequence[PlacedLine], title: int) -> list[Row] | None:
    """Rows with their numbers in the middle; None where there are too few, or some do not fit."""
    anchors = [at for at, line in enumerate(body) if is_mark(line.label) or _is_group(line)]
    longest = max((b - a for a, b in pairwise([0, *anchors, len(body)])), default=0)
    if sum(is_number(label_of(body[at].label)) for at in anchors) < _FEWEST or longest > _LONGEST:
        return None
    costs, choices = _before(body, anchors, title)
    ends = [len(body)]
    for chosen in reversed(choices):
        ends.insert(0, chosen[ends[0]])
    rows = list(pairwise(ends))
    aside = [_aside(body, begin, end, anchor) for (begin, end), anchor in zip(rows, anchors, strict=True)]
    whole = [each for each, row in zip(aside, rows, strict=True) if not _is_cut(body, *row)]
    if ends[0] or max(aside) > _MOST_ASIDE_CUT or max(whole, default=0.0) > _MOST_ASIDE:
        return None
    if not whole or sum(whole) > _USUALLY_ASIDE * len(whole):
        return None
    doubtful = _doubtful(body, anchors, costs, ends, title)
    return [Row(tuple(body[begin:end]), at in doubtful) for at, (begin, end) in enumerate(rows)]


def _is_group(line: PlacedLine) -> bool:
    """Whether a line's only words head rows: they stand where numbers do, or are a month or capitals with a mark."""
    said = [cell for cell in line.cells if cell]
    return len(said) == 1 and (bool(line.label) or (said[0].isupper() and bool(mark_of(said[0]) or is_period(said[0]))))


_Costs = list[dict[int, float]]  # for each row, by the line it ends before: what it costs with all rows above


def _before(body: Sequence[PlacedLine], anchors: Sequence[int], title: int) -> tuple[_Costs, list[dict[int, int]]]:
    """What the rows cost up to each place where one may end, and where the row that ends there begins best."""
    costs: _Costs = [{0: 0.0}]
    choices: list[dict[int, int]] = []
    for anchor, following in pairwise([*anchors, len(body)]):
        costs.append({})
        choices.append({})
        for end in range(anchor + 1, following + 1) if following < len(body) else (len(body),):
            ways = ((cost + _cost(body, begin, end, anchor, title), begin) for begin, cost in costs[-2].items())
            costs[-1][end], choices[-1][end] = min(ways)
    return costs, choices


def _cost(body: Sequence[PlacedLine], begin: int, end: int, anchor: int, title: int) -> float:
    """How unlikely the lines from `begin` to `end` are one row whose number stands on line `anchor`."""
    cost = _WEIGHT * _aside(body, begin, end, anchor)
    cost += _OVER_PAGE if _is_cut(body, begin, end) else 0.0
    cost += _PARTED if body[begin].parted and not body[begin].breaks else 0.0
    cost += _LOWER if not body[begin].cells[title] else 0.0
    for at in range(1, len(body[begin].cells)):
        first = next((line.cells[at] for line in body[begin:end] if line.cells[at]), "")
        cost += _SMALL[at == title] if first[:1].islower() else 0.0
    return cost + (0.0 if any(line.cells[title] for line in body[begin:end]) else _NO_TITLE)


def _aside(body: Sequence[PlacedLine], begin: int, end: int, anchor: int) -> float:
    """How far from the middle of its row line `anchor` is; where a page cuts the row, of the part that it stands in."""
    begin = max((at for at in range(begin + 1, anchor + 1) if body[at].breaks), default=begin)
    end = next((at for at in range(anchor + 1, end) if body[at].breaks), end)
    return abs((begin + end - 1) / 2 - anchor)


def _is_cut(body: Sequence[PlacedLine], begin: int, end: int) -> bool:
    return any(line.breaks for line in body[begin + 1 : end])


def _doubtful(
    body: Sequence[PlacedLine], anchors: Sequence[int], costs: _Costs, ends: Sequence[int], title: int
) -> set[int]:
    """The rows that might as well end elsewhere: another end costs hardly more, with the best rows around it."""
    found: set[int] = set()
    for at in range(1, len(anchors)):
        begin, end = ends[at - 1], ends[at + 1]
        here = [
            (_cost(body, begin, middle, anchors[at - 1], title) + _cost(body, middle, end, anchors[at], title), middle)
            for middle in costs[at]
        ]
        chosen = next(cost for cost, middle in here if middle == ends[at])
        found |= {at - 1} if any(cost - chosen <= _CLOSE for cost, middle in here if middle != ends[at]) else set()
    return found
