"""Words that people look for: how texts are folded for a search, how a search is read, and what of a text it found."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tracker.domain.names import expand_abbreviations, fold, nfc

MOST_CHARACTERS = 200
MOST_WORDS = 12
_PARTS = re.compile(r"[a-z]+|[0-9]+")
_WRITTEN = re.compile(r"[^\W\d_]+|\d+")
_QUOTED = re.compile(r'["“”«»]([^"“”«»]*)["“”«»]')


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for: every one of `words` as the beginning of a word, every one of `phrases` as whole words.

    Each is folded; the words of a phrase stand in their order with a space between them.
    """

    words: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.words or self.phrases)

    @property
    def pieces(self) -> tuple[str, ...]:
        """What the text of `search_text` contains where the search finds it."""
        return tuple(f" {word}" for word in self.words) + tuple(f" {phrase} " for phrase in self.phrases)

    def finds(self, *texts: str) -> bool:
        """Whether these texts together hold everything that is looked for."""
        folded = search_text(*texts)
        return all(piece in folded for piece in self.pieces)


def words_of(text: str) -> list[str]:
    """The words of a text, folded; digits and letters that touch are two words: '456/QĐ-UBND' -> 456, qd, ubnd."""
    return _PARTS.findall(fold(text))


def search_text(*texts: str) -> str:
    """Texts as they are kept for the search: folded words with a space around each; '' where there is no word."""
    words = [word for text in texts for word in words_of(text)]
    return f" {' '.join(words)} " if words else ""


def number_text(number: str) -> str:
    """The number of a document, to be kept with it: found too where it is typed without what parts its letters."""
    words = words_of(number)
    return " ".join([*words, *("".join(words[at:]) for at in range(1, len(words) - 1))])


def unit_text(name: str) -> str:
    """A unit's name, to be kept with it: as it is, and with the field's abbreviations written out."""
    folded = fold(name)
    written_out = expand_abbreviations(folded)
    return folded if written_out == folded else f"{folded} {written_out}"


def read_search(text: str) -> Search:
    """What somebody typed, as a search; what is in quotes is a phrase. Nothing is found by what has no word in it."""
    text = text[:MOST_CHARACTERS]
    phrases = [" ".join(words_of(found)) for found in _QUOTED.findall(text)]
    words = dict.fromkeys(words_of(_QUOTED.sub(" ", text)))
    return Search(tuple(words)[:MOST_WORDS], tuple(filter(None, dict.fromkeys(phrases)))[:MOST_WORDS])


def marked(text: str, search: Search) -> list[tuple[str, bool]]:
    """`text` (composed) in pieces, each with whether it is a word that the search found."""
    text = nfc(text)
    pieces: list[tuple[str, bool]] = []
    at = 0
    for start, end in _found(text, search):
        pieces += [(text[at:start], False), (text[start:end], True)]
        at = end
    return [piece for piece in (*pieces, (text[at:], False)) if piece[0]]


def excerpt(text: str, search: Search, about: int = 160) -> str:
    """The part of a text around the first word found, `about` characters long, cut between words and with dots."""
    text = nfc(text)
    first = next(_found(text, search), (0, 0))[0]
    start = 0 if first < about // 2 else text.rfind(" ", 0, first - about // 4) + 1
    end = len(text) if len(text) <= start + about else max(text.rfind(" ", 0, start + about), first + 1)
    return f"{'… ' if start else ''}{text[start:end].strip()}{' …' if end < len(text) else ''}"


def best_excerpt(texts: Sequence[str], search: Search) -> str:
    """The excerpt of the text (of at least one) in which most words are found, the first of several."""
    best = max(texts, key=lambda text: len({word for word, found in marked(text, search) if found}))
    return excerpt(best, search)


def _found(text: str, search: Search) -> Iterator[tuple[int, int]]:
    """From where to where the words found stand, one after the other."""
    places = [(word, found.span()) for found in _WRITTEN.finditer(text) for word in words_of(found.group())]
    words = [word for word, _ in places]
    in_phrase = {at for phrase in search.phrases for at in _phrase_at(words, phrase.split())}
    last = -1
    for at, (word, (start, end)) in enumerate(places):
        if (at in in_phrase or word.startswith(search.words)) and start >= last:
            yield start, end
            last = end


def _phrase_at(words: Sequence[str], phrase: Sequence[str]) -> Iterator[int]:
    """The places of the words of a phrase, wherever it stands."""
    size = len(phrase)
    for at in range(len(words) - size + 1):
        if list(words[at : at + size]) == list(phrase):
            yield from range(at, at + size)
