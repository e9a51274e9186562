"""Near matches: which units and groups a name may mean that the directory does not know, each with a score.

A person decides; nothing is matched in silence. How alike two names are is asked of a `Scorer`, so that this module
needs nothing but the directory.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from tracker.domain.names import unit_key
from tracker.domain.units import Directory, Group, Unit

LEAST_SCORE = 65
Scorer = Callable[[str, Sequence[str]], Iterable[tuple[str, float]]]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A unit or group that a name may mean; `score` runs from 0 to 100, the latter for the same name.

    `after` names the unit that has ended whose name is so alike, where this one stands in its place.
    """

    code: str
    name: str
    kind: Literal["unit", "group", "open"]
    score: int
    after: str = ""


def with_heirs(found: Iterable[Suggestion], directory: Directory, day: date) -> tuple[Suggestion, ...]:
    """The suggestions with who stands on `day` in the place of a unit that has ended before it, each once."""
    told: dict[str, Suggestion] = {}
    for each in found:
        for code in directory.heirs(each.code, day) if each.kind == "unit" else ():
            heir = directory.get(code)
            if code != each.code and heir is not None:
                told.setdefault(code, Suggestion(code, heir.name, "unit", each.score, each.name))
        told.setdefault(each.code, each)
    return tuple(told.values())


def suggest(text: str, directory: Directory, scorer: Scorer, most: int = 3) -> tuple[Suggestion, ...]:
    """The `most` units and groups whose names, short names or aliases are nearest to `text`, the nearest first.

    `scorer` gives each of many folded names a score from 0 to 100 against one. What scores below `LEAST_SCORE` is no
    match; of equal scores the shorter name comes first.
    """
    key = unit_key(text)
    if not key:
        return ()
    best: dict[str, Suggestion] = {}
    for spelling, score in scorer(key, tuple(directory.keys)):
        found = directory.keys[spelling]
        known = best.get(found.code)
        if score >= LEAST_SCORE and (known is None or known.score < round(score)):
            best[found.code] = Suggestion(found.code, found.name, kind_of(found), round(score))
    ranked = sorted(best.values(), key=lambda each: (-each.score, len(each.name), each.code))
    return tuple(ranked[:most])


def kind_of(found: Unit | Group) -> Literal["unit", "group", "open"]:
    """What a cell's party is that names `found`: a unit, a countable group, or an open one."""
    if isinstance(found, Unit):
        return "unit"
    return "open" if found.kind == "open" else "group"
