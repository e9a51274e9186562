"""How alike two names of units are, by rapidfuzz."""

from collections.abc import Iterator, Sequence

from rapidfuzz import fuzz

from tracker.domain import matching
from tracker.domain.names import bare
from tracker.domain.units import Directory

_OTHER_ORDER = 0.97  # the same words in another order are nearly, not quite, the same name
_OTHER_KIND = 0.7  # a 'phòng' is no 'phường', however alike the rest is
_MARKS = 0.25  # of the score; people leave marks out or set others more often than they mistake letters
_NOT_QUITE = 99.0


def suggest(text: str, directory: Directory, most: int = 3) -> tuple[matching.Suggestion, ...]:
    """The units and groups that `text` may mean, the nearest first, each with a score from 0 to 100."""
    return matching.suggest(text, directory, scores, most)


def scores(key: str, spellings: Sequence[str]) -> Iterator[tuple[str, float]]:
    """How alike `key` and each of `spellings` are, 0 to 100: letter by letter, or with the words put in order.

    All are names as `unit_key` writes them. Letters count for most, marks for a part; names that begin with another
    word are of another kind of unit, and so less alike than their letters.
    """
    letters = bare(key)
    for spelling in spellings:
        own = bare(spelling)
        score = max(fuzz.ratio(letters, own), _OTHER_ORDER * fuzz.token_sort_ratio(letters, own))
        if score > matching.LEAST_SCORE:
            score = (1 - _MARKS) * score + _MARKS * max(fuzz.ratio(key, spelling), fuzz.token_sort_ratio(key, spelling))
        if letters.split(" ", 1)[0] != own.split(" ", 1)[0]:
            score *= _OTHER_KIND
        yield spelling, score if key == spelling else min(score, _NOT_QUITE)
