"""How alike two names of units are, by rapidfuzz."""

from collections.abc import Iterator, Sequence

from rapidfuzz import fuzz

from tracker.domain import matching
from tracker.domain.units import Directory

_OTHER_ORDER = 0.97  # the same words in another order are nearly, not quite, the same name


def suggest(text: str, directory: Directory, most: int = 3) -> tuple[matching.Suggestion, ...]:
    """The units and groups that `text` may mean, the nearest first, each with a score from 0 to 100."""
    return matching.suggest(text, directory, scores, most)


def scores(key: str, spellings: Sequence[str]) -> Iterator[tuple[str, float]]:
    """How alike `key` and each of `spellings` are, 0 to 100: letter by letter, or with the words put in order.

    All are folded names as `unit_key` writes them.
    """
    for spelling in spellings:
        yield spelling, max(fuzz.ratio(key, spelling), _OTHER_ORDER * fuzz.token_sort_ratio(key, spelling))
