"""Taking a cell of units apart by its marks and connecting words, before anybody is looked up."""

import re
from dataclasses import dataclass
from typing import Literal

from tracker.domain.names import nfc, plain, squeeze
from tracker.domain.reading import lexicon

Side = Literal["lead", "partner", ""]

_BULLET = re.compile(r"^[-+•*] (?=\w)")
_ORDINAL = re.compile(r"(?:^|(?<=[\s.;,:]))\(?(\d{1,2}|[a-hđ])(?:\)|(?<=\d)\.)\s*(?=[^\W\d_])", re.IGNORECASE)
_LETTERS = "abcdđegh"
# A full stop ends a part; the one of 'P. Nội vụ' or 'v.v. ' does not.
_SHORTENED = "".join(rf"(?<!\b{short})" for short in ("P", "Q", "H", "X", "TT", "TP", "TX", "Tr", "VP", r"v\.v"))
_PARTS = re.compile(rf"\s*;\s*|{_SHORTENED}\.\s+(?=[^\W\d_])(?![^()]*\))")
_NEXT_UNIT = r"(?=(?:{}|(?:ubnd|ủy ban nhân dân) (?:xã|phường|thị trấn|quận|huyện))(?!\w))".format(
    "|".join(
        ("phòng", "sở", "bộ", "trường", "trung tâm", "tt", "trạm", "công an", "bệnh viện", "văn phòng", "p.", "các")
    )
)
_PIECE = re.compile(
    r"(?P<mark>\s*(?:,|\bvà\b|(?<=\s)\+(?=\s)|/(?!\w*\d)|(?<=\s)(?:cùng với|cùng|&|-)\s+" + _NEXT_UNIT + r")\s*)"
    r"(?![^()]*\))",
    re.IGNORECASE,
)
_LISTED = re.compile(r"các ([^:,]{2,30}):\s*", re.IGNORECASE)
_DEPARTMENTS = re.compile(r"[Cc]ác (?:[Pp]hòng|[Ss]ở|[Bb]ộ|[Cc]ục|[Vv]ụ) (?=[A-ZĐÀ-Ỹ])")
_FIXED = re.compile("|".join(map(re.escape, lexicon.FIXED)))
_LABEL = re.compile(
    r"(?:(?:các )?(?:đơn vị|cơ quan|bộ phận|phòng) )?(?P<what>chủ trì|phối hợp|thực hiện|ct|ph)\s*:\s*", re.IGNORECASE
)
_WITH = re.compile(
    r"[\s,(–-]*\b(?:(?:và|để|cùng) )?(?:phối kết|phối|kết) hợp(?: chặt chẽ)?"
    r"(?:\s*:| cùng với| cùng| với| của)?\s+(?=\S)",
    re.IGNORECASE,
)
_ASIDE = re.compile(r"(?P<name>[^()]*[^()\s])\s*\((?P<aside>[^()]+)\)")


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch of a cell's part; `side` is what its label or connecting word says of whom it names, '' for nothing."""

    text: str
    side: Side = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a clause between two marks; `mark` stood before it: '', ',', 'và'."""

    text: str
    mark: str


def as_written(text: str) -> str:
    """A cell of units with its wrapped lines joined; a line break stays where it parts two units."""
    lines: list[str] = []
    for line in (squeeze(line) for line in nfc(text).split("\n")):
        begins = line[:1].isupper() and lexicon.begins_party(plain(line))
        if lines and not _BULLET.match(line) and (not begins or lines[-1].endswith((",", "và"))):
            lines[-1] = f"{lines[-1]} {line}".strip()
        elif line:
            lines.append(line)
    return "\n".join(lines)


def hard_parts(text: str) -> list[str]:
    """The parts of a cell that certainly are apart: by semicolons, numbers, full stops, lines that begin a unit."""
    joined = " ; ".join(_BULLET.sub("", line) for line in as_written(text).split("\n"))
    parts = _PARTS.split(_without_ordinals(joined))
    return [part.strip(" .,;:") for part in parts if part.strip(" .,;:")]


def _without_ordinals(text: str) -> str:
    """`text` with '(1) … (2) …' or 'a) … b) …' as semicolons, where they count from the first without a gap."""
    marks: list[re.Match[str]] = []
    if ")" not in text and not any(each.isdigit() for each in text):
        return text
    for found in _ORDINAL.finditer(text):
        if _follows(marks[-1][1].lower() if marks else "", found[1].lower()):
            marks.append(found)
    if not marks or (len(marks) == 1 and marks[0].start() > 0):
        return text
    for found in reversed(marks):
        text = f"{text[: found.start()]} ; {text[found.end() :]}"
    return text


def _follows(before: str, ordinal: str) -> bool:
    if not before:
        return ordinal in ("1", "a")
    if before.isdigit() or ordinal.isdigit():
        return before.isdigit() and ordinal.isdigit() and int(ordinal) == int(before) + 1
    step = _LETTERS.index(ordinal) - _LETTERS.index(before) if ordinal in _LETTERS else 0
    return step == 1 or (before, ordinal) == ("d", "e")


def clauses(part: str) -> list[Clause]:
    """A part in its clauses: 'X chủ trì, phối hợp với Y' is one about X and one about Y, who cooperates.

    Words of cooperating after which nobody is named stay with the unit before them.
    """
    side: Side = ""
    if label := _LABEL.match(part):
        side = "partner" if label["what"].lower() in ("phối hợp", "ph") else "lead"
        part = part[label.end() :]
    found, begin = [], 0
    for connecting in _WITH.finditer(part) if "hợp" in part.lower() else ():
        if lexicon.names_somebody(part[connecting.end() :]):
            found.append(Clause(part[begin : connecting.start()], side))
            side, begin = "partner", connecting.end()
    found.append(Clause(part[begin:], side))
    return [Clause(text, each.side) for each in found if (text := _balanced(each.text))]


def _balanced(text: str) -> str:
    """`text` without a bracket that has no other."""
    if text.count("(") != text.count(")"):
        text = squeeze(text.replace("(", " ").replace(")", " "))
    return text.strip(" ,;:-")


def pieces_of(clause: str) -> list[Piece]:
    """The pieces of a clause between commas, 'và' and the like; those inside one fixed name stay together."""
    if listed := _LISTED.match(clause):
        clause = f"{listed[1]} {clause[listed.end() :]}"
    pieces, mark, begin = [], "", 0
    closed = [found.span() for found in _FIXED.finditer(plain(clause))]
    marks = [each for each in _PIECE.finditer(clause) if not any(a <= each.start() < b for a, b in closed)]
    for found in [*marks, None]:
        text = clause[begin : found.start() if found else len(clause)].strip()
        if text:
            pieces.append(Piece(text, mark))
        if found:
            mark, begin = found["mark"].strip().lower(), found.end()
    return _each_named(pieces)


def _each_named(pieces: list[Piece]) -> list[Piece]:
    """'các phòng Nội vụ, Y tế' names each of its departments; 'các phòng Nội vụ' alone are those of several places."""
    listed = _DEPARTMENTS.match(pieces[0].text) if pieces else None
    names = (
        each.mark == "," and each.text[:1].isupper() and not lexicon.begins_unit(plain(each.text)) for each in pieces
    )
    return [Piece(pieces[0].text[4:], ""), *pieces[1:]] if listed and any(names) else pieces


def join(pieces: list[Piece]) -> str:
    """The words of the pieces as they stood together."""
    text = pieces[0].text
    for piece in pieces[1:]:
        text += f"{piece.mark} {piece.text}" if piece.mark == "," else f" {piece.mark} {piece.text}"
    return text


def apart(text: str) -> tuple[str, str | None]:
    """A unit's name and the words about its duty in this row, which may stand in brackets."""
    squeezed = squeeze(text)
    aside = _ASIDE.fullmatch(squeezed)
    if aside and lexicon.is_duty(plain(aside["aside"])):
        return aside["name"], aside["aside"].strip()
    for at in lexicon.duties_at(plain(text)):
        # A capital letter inside a name is the name's own: 'UBND xã Tân Lập', 'Phòng Tổng hợp'.
        if not squeezed[at + 1 : at + 2].isupper() or squeezed.isupper() or squeezed[at - 1] in ":-(,":
            return squeezed[:at].strip(" ,(:-"), squeezed[at:].strip(" )")
    return squeezed, None


def aside_of(text: str) -> tuple[str, str] | None:
    """A name and what stands in brackets after it, or None."""
    found = _ASIDE.fullmatch(squeeze(text))
    return (found["name"], found["aside"].strip()) if found else None
