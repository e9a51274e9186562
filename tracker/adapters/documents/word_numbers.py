"""The numbers that Word shows before paragraphs of a numbered list; the file holds only how to count."""

import re
from collections.abc import Callable
from typing import Any

from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn

_ROMAN = ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_DEEPEST = 9


class Numbering:
    """Counts the numbered paragraphs of one document, which must be asked about in its order."""

    def __init__(self, document: Document) -> None:
        self._levels: dict[str, dict[int, Any]] = {}
        self._lists: dict[str, tuple[str, dict[int, int]]] = {}
        self._counts: dict[str, dict[int, int]] = {}
        self._begun: set[str] = set()
        self._styles = {
            style.style_id: style.element.find(f".//{qn('w:numPr')}")
            for style in document.styles
            if style.element.find(f".//{qn('w:numPr')}") is not None
        }
        for relation in document.part.rels.values():
            if relation.reltype == RELATIONSHIP_TYPE.NUMBERING and not relation.is_external:
                self._load(relation.target_part.element)

    def _load(self, numbering: Any) -> None:
        for abstract in numbering.iter(qn("w:abstractNum")):
            levels = {_int(each, "w:ilvl"): each for each in abstract.iter(qn("w:lvl"))}
            self._levels[abstract.get(qn("w:abstractNumId"))] = levels
        for number in numbering.iter(qn("w:num")):
            abstract = number.find(qn("w:abstractNumId"))
            starts = {
                _int(each, "w:ilvl"): _int(each.find(qn("w:startOverride")), "w:val", 1)
                for each in number.iter(qn("w:lvlOverride"))
                if each.find(qn("w:startOverride")) is not None
            }
            if abstract is not None:
                self._lists[number.get(qn("w:numId"))] = abstract.get(qn("w:val")), starts

    def label(self, paragraph: Any) -> str:
        """What Word shows before a paragraph ('1.', 'a)', '-'), or ''."""
        own = paragraph.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
        style = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        properties = own if own is not None else self._styles.get(style.get(qn("w:val"))) if style is not None else None
        if properties is None:
            return ""
        identity, level = properties.find(qn("w:numId")), properties.find(qn("w:ilvl"))
        known = self._lists.get(identity.get(qn("w:val"))) if identity is not None else None
        if known is None:
            return ""
        return self._next(identity.get(qn("w:val")), *known, min(_int(level, "w:val"), _DEEPEST - 1))

    def _next(self, identity: str, abstract: str, starts: dict[int, int], level: int) -> str:
        levels, counts = self._levels.get(abstract, {}), self._counts.setdefault(abstract, {})
        if level not in levels:
            return ""
        if identity not in self._begun and starts:
            counts.clear()
        self._begun.add(identity)
        for upper in range(level):
            counts.setdefault(upper, starts.get(upper, _start(levels, upper)))
        counts[level] = counts[level] + 1 if level in counts else starts.get(level, _start(levels, level))
        for deeper in [each for each in counts if each > level]:
            del counts[deeper]
        return _text(levels, counts, level)


def _text(levels: dict[int, Any], counts: dict[int, int], level: int) -> str:
    if _format(levels, level) == "bullet":
        return "-"
    pattern = levels[level].find(qn("w:lvlText"))
    text = pattern.get(qn("w:val"), "") if pattern is not None else ""
    return re.sub(r"%([1-9])", lambda found: _spelled(levels, counts, int(found[1]) - 1), text).strip()


def _spelled(levels: dict[int, Any], counts: dict[int, int], level: int) -> str:
    write = _WRITERS.get(_format(levels, level), str)
    return write(counts.get(level, 1))


def _format(levels: dict[int, Any], level: int) -> str:
    found = levels[level].find(qn("w:numFmt")) if level in levels else None
    return found.get(qn("w:val"), "decimal") if found is not None else "decimal"


def _start(levels: dict[int, Any], level: int) -> int:
    found = levels[level].find(qn("w:start")) if level in levels else None
    return _int(found, "w:val", 1)


def _int(element: Any, name: str, default: int = 0) -> int:
    text = element.get(qn(name)) if element is not None else None
    return int(text) if text and re.fullmatch(r"-?\d{1,9}", text) else default


def _letter(number: int) -> str:
    return chr(97 + (number - 1) % 26) * min(1 + (number - 1) // 26, 5) if number > 0 else ""


def _roman(number: int) -> str:
    text = ""
    for value, letters in _ROMAN:
        while number >= value and len(text) < 20:
            text, number = text + letters, number - value
    return text


_WRITERS: dict[str, Callable[[int], str]] = {
    "lowerLetter": _letter,
    "upperLetter": lambda number: _letter(number).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda number: _roman(number).upper(),
    "decimalZero": lambda number: f"{number:02d}",
    "none": lambda number: "",
}
