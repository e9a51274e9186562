"""Splitting a cell into the units it names, and naming them by the directory.

A comma may stand between two units, inside one name, or inside one open phrase; a list may leave out the word its
members share. So pieces are joined and completed until the directory knows them; where it does not, by the
general words of `lexicon`.
"""

import re
from dataclasses import dataclass, replace

from tracker.domain.names import nfc, plain, squeeze, unit_key
from tracker.domain.plan_document import Party, PartyKind
from tracker.domain.reading import lexicon
from tracker.domain.units import Directory, Group, Unit

_PIECE = re.compile(r"(?P<mark>\s*(?:,|\bvà\b|(?<=\s)\+(?=\s)|/(?!\w*\d))\s*)(?![^()]*\))", re.IGNORECASE)
_NUMBERED = re.compile(r"(?:^|(?<=[\s.;,]))(?:\(\d\)|\d[.)])\s+(?=[^\W\d_])")
_BULLET = re.compile(r"^[-+•*] (?=\w)")
_LONGEST_JOIN = 6


@dataclass(frozen=True, slots=True)
class Slip:
    """Something odd in a cell's list of units: code 'missing-word', 'unknown-unit' or 'unknown-group'."""

    code: str
    text: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Parties:
    """The units of one cell, in its order, and what was odd about them."""

    parties: tuple[Party, ...]
    slips: tuple[Slip, ...] = ()


@dataclass(frozen=True, slots=True)
class _Piece:
    text: str
    mark: str  # what stood before it: '', ',', 'và'


class PartyReader:
    """Reads cells against one directory; remembers what it has read."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self._seen: dict[str, Parties] = {}

    def read(self, text: str) -> Parties:
        """The units that `text` (one cell, line breaks kept or not) names."""
        if text not in self._seen:
            self._seen[text] = self._read(text)
        return self._seen[text]

    def _read(self, text: str) -> Parties:
        parties: list[Party] = []
        slips: list[Slip] = []
        for part in _hard_parts(text):
            pieces = _pieces(part)
            at = 0
            while at < len(pieces):
                taken, party, slip = self._next(pieces, at, parties)
                at += taken
                parties.append(party)
                slips.extend([slip] if slip else [])
        return Parties(_distinct(parties), tuple(slips))

    def _next(self, pieces: list[_Piece], at: int, before: list[Party]) -> tuple[int, Party, Slip | None]:
        for end in range(min(len(pieces), at + _LONGEST_JOIN), at, -1):
            joined = _join(pieces[at:end])
            if known := self._known(joined, before, end - at):
                return end - at, *known
        return self._by_words(pieces, at, before)

    def _known(self, text: str, before: list[Party], pieces: int) -> tuple[Party, Slip | None] | None:
        if lexicon.is_tier(plain(text)) and (completed := self._completed(text, before)):
            return completed
        if party := self._named(text, text):
            return party, None
        role = lexicon.role(plain(text))
        if role and (party := self._named(squeeze(text)[len(role) :].strip(), text)):
            return replace(party, role=squeeze(text)[: len(role)]), None
        if found := self._directory.shortened.get(unit_key(text)):
            return Party(text, found.name, _kind(found), found.code), Slip("missing-word", text, found.name)
        if pieces > 1 and lexicon.begins_party(plain(text)):
            return None
        return self._completed(text, before)

    def _named(self, name: str, text: str) -> Party | None:
        found = self._directory.find(name)
        if found is None:
            return None
        return Party(text, found.name, _kind(found), found.code)

    def _completed(self, text: str, before: list[Party]) -> tuple[Party, Slip | None] | None:
        """`text` with the words it shares with the unit named before it: 'Nội vụ' after 'Phòng Giáo dục'."""
        if not before:
            return None
        last = before[-1]
        for words in (squeeze(last.text).split(), squeeze(last.name).split()):
            role = lexicon.role(" ".join(words).casefold())
            words = words[len(role.split()) :] if role and last.role else words
            if lexicon.is_tier(plain(text)) and words:
                for tier in (text, f"các {text}"):
                    if party := self._named(" ".join([*words[:-1], tier]), text):
                        return party, None
            for length in range(len(words) - 1, 0, -1):
                if party := self._named(" ".join([*words[:length], text]), text):
                    return replace(party, role=last.role), None
        return None

    def _by_words(self, pieces: list[_Piece], at: int, before: list[Party]) -> tuple[int, Party, Slip | None]:
        """The next unit where the directory knows none: by heads, open phrases and what cannot begin a unit."""
        end = at + 1
        while end < len(pieces) and self._continues(pieces, at, end):
            end += 1
        text = _join(pieces[at:end])
        name, role = _apart(text)
        if found := self._named(name, text):
            return end - at, replace(found, role=role), None
        if lexicon.is_open(plain(name)):
            return end - at, Party(text, name, "open", None, role), None
        head = lexicon.head(plain(name))
        if head is None and before and (shared := _shared_head(before[-1])):
            name = f"{shared} {name}"
        if head in lexicon.PLURALS or _is_plural(plain(name)):
            return end - at, Party(text, name, "group", None, role), Slip("unknown-group", name)
        return end - at, Party(text, name, "unit", None, role), Slip("unknown-unit", name)

    def _continues(self, pieces: list[_Piece], at: int, end: int) -> bool:
        """Whether the piece at `end` still belongs to the unit that began at `at`."""
        so_far, piece = plain(_join(pieces[at:end])), pieces[end]
        text = plain(piece.text)
        if self._directory.find(piece.text) and not lexicon.is_open(so_far):
            return False
        if lexicon.duty_at(f" {so_far}") is not None and not lexicon.begins_party(text):
            return True
        if lexicon.is_tier(text):
            return True
        if lexicon.role(so_far) == so_far:
            return True
        if lexicon.is_open(so_far) and re.search(r"\bliên quan\b", so_far) is None and piece.mark != "và":
            return (
                lexicon.is_open(plain(_apart(piece.text)[0]))
                and not text.startswith(lexicon.PLURALS)
                and not piece.text[:1].isupper()
            )
        if lexicon.begins_party(text):
            return False
        return piece.mark == "và" or piece.text[:1].islower()


def _kind(found: Unit | Group) -> PartyKind:
    if isinstance(found, Unit):
        return "unit"
    return "open" if found.kind == "open" else "group"


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


def _hard_parts(text: str) -> list[str]:
    """The parts of a cell that certainly are apart: by semicolons, numbers, full stops, lines that begin a unit."""
    joined = " ; ".join(_BULLET.sub("", line) for line in as_written(text).split("\n"))
    if _NUMBERED.match(joined):
        joined = _NUMBERED.sub(" ; ", joined)
    parts = re.split(r"\s*;\s*|\.\s+(?=[^\W\d_])(?![^()]*\))", joined)
    return [part.strip(" .,;:") for part in parts if part.strip(" .,;:")]


def _pieces(part: str) -> list[_Piece]:
    listed = re.match(r"(các [^:,]{2,30}):\s*", part, re.IGNORECASE)
    if listed:
        part = f"{listed[1][4:]} {part[listed.end() :]}"
    pieces, mark, begin = [], "", 0
    closed = [found.span() for fixed in lexicon.FIXED for found in re.finditer(re.escape(fixed), plain(part))]
    marks = [each for each in _PIECE.finditer(part) if not any(a <= each.start() < b for a, b in closed)]
    for found in [*marks, None]:
        text = part[begin : found.start() if found else len(part)].strip()
        if text:
            pieces.append(_Piece(text, mark))
        if found:
            mark, begin = found["mark"].strip().lower(), found.end()
    return pieces


def _join(pieces: list[_Piece]) -> str:
    text = pieces[0].text
    for piece in pieces[1:]:
        text += f"{piece.mark} {piece.text}" if piece.mark == "," else f" {piece.mark} {piece.text}"
    return text


def _apart(text: str) -> tuple[str, str | None]:
    """A unit's name and the words about its duty in this row."""
    at = lexicon.duty_at(plain(text))
    squeezed = squeeze(text)
    if at is None:
        return squeezed, None
    return squeezed[:at].strip(" ,"), squeezed[at:].strip()


def _shared_head(last: Party) -> str | None:
    head = lexicon.head(plain(last.name))
    return squeeze(last.name)[: len(head)] if head and head not in lexicon.PLURALS and last.kind == "unit" else None


def _is_plural(text: str) -> bool:
    return bool(re.match(r"(?:ubnd|ủy ban nhân dân|sở|phòng|ban|trường) (?:các|cấp|xã,|phường,)", text))


def _distinct(parties: list[Party]) -> tuple[Party, ...]:
    """The same party said twice in one cell counts once."""
    return tuple({(party.code or unit_key(party.name), party.role): party for party in parties}.values())
