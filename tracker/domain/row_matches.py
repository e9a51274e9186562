"""Which row of a revised plan is which row of the plan before: found again when moved, renumbered or reworded.

A pair gets a score out of 100 from its wording, its units, its dates, its neighbours and its number. A clear score
makes the pair, a doubtful one is left to a person, and no row is ever paired by its number alone.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import lru_cache
from heapq import nlargest
from typing import Any

from tracker.domain.names import expand_abbreviations, fold
from tracker.domain.plan_document import Party, ReadTask

SURE, DOUBTFUL = 70, 45  # out of 100
WORDING, UNITS, DATES, NEIGHBOURS, NUMBER = 60, 15, 10, 10, 5
_CONTAINED = 0.6  # what a title is worth that is wholly kept within a longer one
_OTHER_MARK = 0.75  # what remains of likeness where both count or name a school level, and not the same (đợt 1, đợt 2)
_RUNNER_UP = 5  # a pair as good as another one is not clear
_NEAREST = 8  # rows with the most words in common that are looked at closely
_COMMON = 200  # rows; a word in more of them is asked only where rarer ones found too few
_COUNTS = frozenset(("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x"))
_LEVELS = ("mam non", "tieu hoc", "trung hoc co so", "trung hoc pho thong")


@dataclass(frozen=True, slots=True)
class Matches:
    """Index of a read row to index of its stored row; and pairs left open: (read, stored, score out of 100)."""

    pairs: dict[int, int]
    doubts: tuple[tuple[int, int, int], ...] = ()


@dataclass(slots=True)
class _Board:
    """Two plans side by side while rows find each other."""

    stored: Sequence[ReadTask]
    read: Sequence[ReadTask]
    pairs: dict[int, int] = field(default_factory=dict)
    closed: set[int] = field(default_factory=set)  # read rows that a person called new

    def open_rows(self) -> tuple[list[int], list[int]]:
        """Indexes of read and of stored rows without a partner."""
        taken = set(self.pairs.values())
        mine = [at for at in range(len(self.read)) if at not in self.pairs and at not in self.closed]
        return mine, [at for at in range(len(self.stored)) if at not in taken]

    def by(self, key: Callable[[ReadTask], tuple[str, ...]]) -> None:
        """Pair open rows with the same key, in their order."""
        mine, theirs = self.open_rows()
        free: dict[tuple[str, ...], list[int]] = {}
        for at in theirs:
            free.setdefault(key(self.stored[at]), []).append(at)
        for at in mine:
            if same := free.get(key(self.read[at])):
                self.pairs[at] = same.pop(0)

    def score(self, mine: int, theirs: int) -> int:
        """How much speaks for one row being the other, out of 100."""
        new, old = self.read[mine], self.stored[theirs]
        points = WORDING * likeness(old.title, new.title) + UNITS * _units_alike(old, new)
        points += DATES * _dates_alike(old, new) + NEIGHBOURS * self._neighbours_alike(mine, theirs)
        return round(points + NUMBER * (old.number == new.number))

    def _neighbours_alike(self, mine: int, theirs: int) -> float:
        return sum(self._beside(mine + step, theirs + step) for step in (-1, 1)) / 2

    def _beside(self, mine: int, theirs: int) -> bool:
        inside = 0 <= mine < len(self.read)
        if inside != (0 <= theirs < len(self.stored)):
            return False
        if not inside or self.pairs.get(mine) == theirs:
            return True
        return mine not in self.pairs and likeness(self.stored[theirs].title, self.read[mine].title) > _CONTAINED


def match_rows(
    stored: Sequence[ReadTask], read: Sequence[ReadTask], same: Mapping[int, int | None] | None = None
) -> Matches:
    """Pair the rows of two plans. `same` is what a person decided: index read to index stored, None for a new row."""
    board = _Board(stored, read)
    for mine, theirs in (same or {}).items():
        if theirs is None:
            board.closed.add(mine)
        else:
            board.pairs[mine] = theirs
    board.by(exact_key)
    board.by(title_key)
    candidates = _candidates(board)
    while _pair_clear_ones(board, candidates):
        pass
    return Matches(board.pairs, _doubts(board, candidates))


def exact_key(task: ReadTask) -> tuple[str, ...]:
    """Group, number and title."""
    return fold(task.group or ""), task.number, fold(task.title)


def title_key(task: ReadTask) -> tuple[str, ...]:
    """The title alone."""
    return (fold(task.title),)


def _candidates(board: _Board) -> list[tuple[int, int]]:
    """Pairs of open rows worth a close look: many words in common, the same number, the same neighbour."""
    mine, theirs = board.open_rows()
    where: dict[str, list[int]] = {}
    for at in theirs:
        for word in set(_words(board.stored[at].title)):
            where.setdefault(word, []).append(at)
    numbers: dict[str, list[int]] = {}
    for at in theirs:
        numbers.setdefault(board.stored[at].number, []).append(at)
    found = []
    for at in mine:
        shared: Counter[int] = Counter()
        telling = sorted((rows for word in set(_words(board.read[at].title)) if (rows := where.get(word))), key=len)
        for rows in telling:
            if len(rows) > _COMMON and len(shared) >= _NEAREST:
                break  # a word of so many rows tells little more
            for other in rows:
                shared[other] += 1000 // len(rows)
        near = {other for other, _ in nlargest(_NEAREST, shared.items(), key=lambda each: each[1])}
        near.update(numbers.get(board.read[at].number, ())[:_NEAREST])
        found += [(at, other) for other in sorted(near)]
    return found


def _scored(board: _Board, candidates: Iterable[tuple[int, int]]) -> list[tuple[int, int, int]]:
    taken = set(board.pairs.values())
    open_pairs = [(mine, theirs) for mine, theirs in candidates if mine not in board.pairs and theirs not in taken]
    scored = [(board.score(mine, theirs), mine, theirs) for mine, theirs in open_pairs]
    return sorted(scored, key=lambda each: (-each[0], each[1], each[2]))


def _pair_clear_ones(board: _Board, candidates: Iterable[tuple[int, int]]) -> bool:
    """Make the pairs whose score is high and stands alone; whether there were any."""
    scored = _scored(board, candidates)
    of_mine: dict[int, list[tuple[int, int]]] = {}
    of_theirs: dict[int, list[tuple[int, int]]] = {}
    for score, mine, theirs in scored:
        of_mine.setdefault(mine, []).append((score, theirs))
        of_theirs.setdefault(theirs, []).append((score, mine))
    taken = set(board.pairs.values())
    before = len(taken)
    for score, mine, theirs in scored:
        if score < SURE:
            break
        if mine in board.pairs or theirs in taken:
            continue
        rivals = [points for points, other in of_mine[mine] if other != theirs and other not in taken]
        rivals += [points for points, other in of_theirs[theirs] if other != mine and other not in board.pairs]
        if max(rivals, default=0) <= score - _RUNNER_UP:
            board.pairs[mine] = theirs
            taken.add(theirs)
    return len(taken) > before


def _doubts(board: _Board, candidates: Iterable[tuple[int, int]]) -> tuple[tuple[int, int, int], ...]:
    """For each read row still alone its best partner, where there is something in it."""
    found: dict[int, tuple[int, int, int]] = {}
    for score, mine, theirs in _scored(board, candidates):
        if score >= DOUBTFUL:
            found.setdefault(mine, (mine, theirs, score))
    return tuple(found[at] for at in sorted(found))


@lru_cache(maxsize=16384)
def _words(title: str) -> tuple[str, ...]:
    return tuple(fold(title).split())


@lru_cache(maxsize=65536)
def likeness(old: str, new: str) -> float:
    """How alike two titles are, 0 to 1: their words in their order, or one title kept within the other."""
    before, after = _words(old), _words(new)
    if not before or not after:
        return 0.0
    in_order = SequenceMatcher(None, before, after, autojunk=False).ratio()
    common = sum((Counter(before) & Counter(after)).values())
    reordered = 0.9 * 2 * common / (len(before) + len(after))
    found = max(in_order, reordered, _CONTAINED * common / min(len(before), len(after)))
    for tell in (_counts, _levels):
        marks = tell(old), tell(new)
        if all(marks) and marks[0] != marks[1]:
            found *= _OTHER_MARK
    return found


def _counts(title: str) -> list[str]:
    return sorted(word for word in _words(title) if word.isdigit() or word in _COUNTS)


def _levels(title: str) -> list[str]:
    text = expand_abbreviations(" ".join(_words(title)))
    return [level for level in _LEVELS if level in text]


def _units_alike(old: ReadTask, new: ReadTask) -> float:
    """The leads tell twice as much as the partners."""
    leads, partners = (
        _overlap(_names(before), _names(after))
        for before, after in ((old.leads, new.leads), (old.partners, new.partners))
    )
    return (2 * leads + partners) / 3


def _names(cell: Iterable[Party]) -> frozenset[str]:
    return frozenset(each.code or fold(each.name) for each in cell)


def _dates_alike(old: ReadTask, new: ReadTask) -> float:
    return _overlap(
        frozenset((each.start, each.due) for each in old.milestones),
        frozenset((each.start, each.due) for each in new.milestones),
    )


def _overlap(before: frozenset[Any], after: frozenset[Any]) -> float:
    if not before and not after:
        return 1.0
    return len(before & after) / len(before | after)
