"""Every sentence people read exists in English, with the same placeholders."""

import re
from functools import cache

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from dev import ROOT

CATALOG = ROOT / "translations" / "en" / "LC_MESSAGES" / "messages.po"
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")
PYTHON = [("**.py", "python")]
TEMPLATES = [("**.html", "jinja2"), ("**.txt", "jinja2")]
OPTIONS = {"**.html": {"silent": "false"}, "**.txt": {"silent": "false"}}


@cache
def messages() -> list[tuple[str, str | tuple[str, ...]]]:
    """Place and text (singular and plural where both are given) of every message in code and templates."""
    return [
        (f"{folder}/{name}:{line}", message)
        for folder, methods in (("tracker", PYTHON), ("templates", TEMPLATES))
        for name, line, message, _comments, _context in extract_from_dir(ROOT / folder, methods, OPTIONS)
    ]


@pytest.fixture(scope="module")
def english() -> Catalog:
    with CATALOG.open("rb") as file:
        return read_po(file, locale="en", abort_invalid=True)


def forms(text: str | tuple[str, ...]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def placeholders(text: str | tuple[str, ...]) -> set[str]:
    return {name for form in forms(text) for name in PLACEHOLDER.findall(form)}


def test_every_message_has_its_english(english: Catalog) -> None:
    found = messages()
    missing = [
        f"{place}: {message!r}"
        for place, message in found
        if (entry := english.get(message)) is None or entry.fuzzy or not all(forms(entry.string or ""))
    ]
    assert len(found) > 50
    assert missing == []


def test_english_fills_in_the_same_things(english: Catalog) -> None:
    wrong = [
        f"{entry.id!r} -> {entry.string!r}"
        for entry in english
        if entry.id and entry.string and placeholders(entry.id) != placeholders(entry.string)
    ]
    assert wrong == []


def test_english_has_no_sentence_that_nobody_says(english: Catalog) -> None:
    said = {forms(message)[0] for _place, message in messages()}
    assert [entry.id for entry in english if entry.id and forms(entry.id)[0] not in said] == []


def test_every_counted_message_has_a_form_of_its_own_for_one(english: Catalog) -> None:
    counted = {forms(message) for _place, message in messages() if not isinstance(message, str)}
    one_and_many = [english.get(singular).string for singular, _plural in counted]
    assert len(counted) > 5
    assert [each for each in one_and_many if each[0] == each[1]] == []
