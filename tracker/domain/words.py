"""Marking the sentences people read, so that they can be collected for translation, and filling their places."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Protocol, runtime_checkable


def N_(text: str) -> str:
    """Return `text` unchanged; the call marks it as a message to extract."""
    return text


def identity(text: str) -> str:
    """The translation into the source language: the text itself."""
    return text


# How a language writes a day, for `date.strftime`.
DAY = N_("%d/%m/%Y")


@runtime_checkable
class Worded(Protocol):
    """Something with words of its own, which fill a place in a sentence in the language of the sentence."""

    def text(self, translate: Callable[[str], str] = identity) -> str:
        """Its words, their templates first passed through `translate`."""


def filled(template: str, params: Mapping[str, object], translate: Callable[[str], str] = identity) -> str:
    """The sentence of a template with `%(name)s` places, in the language of `translate`; without values, as it stands.

    A value that is Worded speaks that language, and days are written as it writes them: a date, or the ISO form of one
    under a name that ends in `_on`.
    """
    said = translate(template)
    return said % {name: _said(name, value, translate) for name, value in params.items()} if params else said


def _said(name: str, value: object, translate: Callable[[str], str]) -> object:
    if isinstance(value, Worded):
        return value.text(translate)
    if isinstance(value, str) and name.endswith("_on"):
        value = date.fromisoformat(value)
    return day_in_words(value, translate) if isinstance(value, date) else value


def day_in_words(day: date, translate: Callable[[str], str] = identity) -> str:
    """A day as the language of `translate` writes it: 05/09/2024, and 5 Sep 2024 in English."""
    said = f"{day:{translate(DAY)}}"
    return said if translate(DAY) == DAY else said.lstrip("0")
