"""Naming the units of a cell by the directory.

A comma may stand between two units, inside one name, or inside one open phrase; a list may leave out the word its
members share. So pieces are joined and completed until the directory knows them; where it does not, by the
general words of `lexicon`. What is known only in part or but for its marks is nobody until a person says so.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from tracker.domain.names import plain, squeeze, unit_key
from tracker.domain.plan_document import Party, PartyKind
from tracker.domain.reading import lexicon
from tracker.domain.reading.clauses import (
    Piece,
    Side,
    apart,
    as_written,
    aside_of,
    clauses,
    hard_parts,
    join,
    pieces_of,
)
from tracker.domain.units import Directory, Group, Unit

__all__ = ["Parties", "PartyReader", "Slip", "as_written", "distinct"]

_LONGEST_JOIN = 6
_LONGEST_NAME = 12  # words of a name looked for inside words about a duty
_COUNCIL_OFFICE = re.compile(r"(?:văn phòng|vp) (?:hđnd|hội đồng nhân dân)")
_OFFICE_LETTER = re.compile(r"P(?:\.\s*|\s+)(?=[^\W\d_])")  # phòng, or phường


@dataclass(frozen=True, slots=True)
class Slip:
    """Something odd in a cell's list of units.

    Code 'missing-word', 'unknown-unit', 'unknown-group', 'without-marks' and 'other-marks' (`name` is whom it would be
    if marks did not count), 'unit-in-role' (`name` is the unit that the words about somebody's duty name).
    """

    code: str
    text: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Parties:
    """The units of one cell, in its order, and what was odd about them.

    `partners` are those of whom the cell itself says that they cooperate with the others.
    """

    parties: tuple[Party, ...]
    slips: tuple[Slip, ...] = ()
    partners: tuple[Party, ...] = ()

    @property
    def everyone(self) -> tuple[Party, ...]:
        """All whom the cell names."""
        return self.parties + self.partners


@dataclass(frozen=True, slots=True)
class _Named:
    """A party, what was odd about it, and on which side the words before it put it."""

    party: Party
    slip: Slip | None
    side: Side = ""


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
        named: list[_Named] = []
        side: Side = ""
        for part in hard_parts(text):
            for clause in clauses(part):
                side = clause.side or ("lead" if "chủ trì" in plain(clause.text) else side)
                pieces = pieces_of(clause.text)
                at = 0
                while at < len(pieces):
                    taken, party, slip = self._next(pieces, at, [each.party for each in named])
                    named.append(_Named(party, slip, side))
                    at += taken
        slips = [slip for each in named for slip in (each.slip, self._inside(each.party)) if slip]
        leads, partners = _by_side(named)
        return Parties(distinct(leads), tuple(slips), distinct(partners))

    def _inside(self, party: Party) -> Slip | None:
        """What is odd about words of a duty that name another unit: it may have a part in the work."""
        said = party.role or (party.name if lexicon.is_duty(plain(party.name)) else "")
        words = squeeze(said).strip(".,;:()").split()
        for at in range(len(words)):
            if lexicon.begins_unit(plain(" ".join(words[at : at + 3]))):
                for end in range(min(len(words), at + _LONGEST_NAME), at, -1):
                    found = self._directory.find(" ".join(words[at:end]))
                    if found and found.code != party.code:
                        return Slip("unit-in-role", party.text, found.name)
        return None

    def _next(self, pieces: list[Piece], at: int, before: list[Party]) -> tuple[int, Party, Slip | None]:
        for end in range(min(len(pieces), at + _LONGEST_JOIN), at, -1):
            joined = join(pieces[at:end])
            if known := self._known(joined, before, end - at):
                longer = self._end_of_longer(pieces, end, [*before, known[0]])
                if longer > end:
                    return longer - at, *self._by_name(join(pieces[at:longer]), before)
                return end - at, *known
            if self._is_known_with_duty(pieces[at:end]):
                return self._by_words(pieces, at, before, end)
        return self._by_words(pieces, at, before, at + 1)

    def _is_known_with_duty(self, pieces: list[Piece]) -> bool:
        """Whether several pieces are one known name with words about a duty in the last of them."""
        name, role = apart(join(pieces)) if len(pieces) > 1 else ("", None)
        if role is None or any(lexicon.duty_at(f" {plain(each.text)}") is not None for each in pieces[:-1]):
            return False
        return self._directory.find(name) is not None

    def _end_of_longer(self, pieces: list[Piece], end: int, before: list[Party]) -> int:
        """Where a longer name ends that nobody knows: 'Phòng Kinh tế', which is known, before 'và Hạ tầng'."""
        last = before[-1]
        if last.kind != "unit" or last.role:
            return end
        ends = end
        for at in range(end, len(pieces)):
            text = plain(pieces[at].text)
            if _is_rest_of_office(last.text, text):
                ends = at + 1
                continue
            alone = lexicon.begins_unit(text) or lexicon.is_open(text) or lexicon.is_people(text)
            if alone or lexicon.is_and_so_on(text) or self._begins_known(pieces, at, before):
                break
            ends = at + 1 if pieces[at].mark == "và" else ends
        return ends

    def _begins_known(self, pieces: list[Piece], at: int, before: list[Party]) -> bool:
        ends = range(at + 1, min(len(pieces), at + _LONGEST_JOIN) + 1)
        return any(self._known(apart(join(pieces[at:end]))[0], before, end - at) for end in ends)

    def _known(self, text: str, before: list[Party], pieces: int) -> tuple[Party, Slip | None] | None:
        if lexicon.is_tier(plain(text)) and (completed := self._completed(text, before)):
            return completed
        if party := self._named(text, text) or self._by_role(text) or self._counted(text):
            return party, None
        if nearly := self._but_for_marks(text):
            return nearly
        if found := self._directory.shortened.get(unit_key(text)):
            return Party(text, found.name, _kind(found), found.code), Slip("missing-word", text, found.name)
        if pieces > 1 and lexicon.begins_unit(plain(text)):
            return None
        return self._completed(text, before)

    def _named(self, name: str, text: str) -> Party | None:
        found = self._directory.find(name)
        if found is None and _OFFICE_LETTER.match(name):
            found = self._directory.find(_OFFICE_LETTER.sub("Phường ", name, count=1))
        if found is None:
            return None
        return Party(text, found.name, _kind(found), found.code)

    def _by_role(self, text: str) -> Party | None:
        """A unit with a person's office before it, or with something in brackets after it."""
        role = lexicon.role(plain(text))
        if role and (party := self._named(squeeze(text)[len(role) :].strip(), text)):
            return replace(party, role=squeeze(text)[: len(role)])
        if (aside := aside_of(text)) and (party := self._named(aside[0], text)):
            return replace(party, role=aside[1])
        return None

    def _counted(self, text: str) -> Party | None:
        """The group of as many units as the text counts: 'UBND 8 phường' where there are eight."""
        counted = lexicon.counted(plain(text))
        if counted is None:
            return None
        words, number = counted
        last = words.split()[0]
        for name in (words, f"các {words}", f"{last} các {words.removeprefix(last).strip()}"):
            found = self._directory.find(name)
            if isinstance(found, Group) and (number is None or number == len(self._directory.expand(found.code))):
                return Party(text, found.name, _kind(found), found.code)
        return None

    def _but_for_marks(self, text: str) -> tuple[Party, Slip] | None:
        """Whom `text` names if marks do not count: a guess where it has none at all, else nobody yet."""
        meant = self._directory.but_for_marks(text)
        if not meant or all(_kind(each) == "open" for each in meant):
            return None
        if found := self._directory.without_marks(text):
            return Party(text, found.name, _kind(found), found.code), Slip("without-marks", text, found.name)
        names = "”, “".join(each.name for each in meant)
        return Party(text, squeeze(text), _kind(meant[0])), Slip("other-marks", text, names)

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
                    return replace(party, role=_shared_role(last)), None
        return None

    def _by_words(self, pieces: list[Piece], at: int, before: list[Party], end: int) -> tuple[int, Party, Slip | None]:
        """The next unit where the directory knows none: by heads, open phrases and what cannot begin a unit.

        It goes at least to the piece before `end`.
        """
        while end < len(pieces) and self._continues(pieces, at, end):
            end += 1
        return end - at, *self._by_name(join(pieces[at:end]), before)

    def _by_name(self, text: str, before: list[Party]) -> tuple[Party, Slip | None]:
        """The party that a whole text is: one known after all once its duty is taken off, else a new one."""
        name, role = apart(text)
        if known := self._known(name, before, 1) if role else None:
            return replace(known[0], text=text, role=role), known[1]
        if not name or lexicon.is_duty(plain(name)):
            return Party(text, squeeze(text), "open"), None
        if lexicon.is_open(plain(name)) or lexicon.is_and_so_on(plain(name)):
            return Party(text, name, "open", None, role), None
        if before and (level := _school_group(name, before[-1])):
            found = self._named(level, text)
            return (found, None) if found else (Party(text, level, "group", None, role), Slip("unknown-group", level))
        head = lexicon.head(plain(name))
        if head is None and not lexicon.has_short_head(plain(name)) and before and (shared := _shared_head(before[-1])):
            name = f"{shared} {name}"
        if head in lexicon.PLURALS or _is_plural(plain(name)) or lexicon.counted(plain(name)):
            return Party(text, name, "group", None, role), Slip("unknown-group", name)
        name = _OFFICE_LETTER.sub("Phòng ", name, count=1) if _OFFICE_LETTER.match(name) else name
        return Party(text, name, "unit", None, role), Slip("unknown-unit", name)

    def _continues(self, pieces: list[Piece], at: int, end: int) -> bool:
        """Whether the piece at `end` still belongs to the unit that began at `at`."""
        so_far, piece = plain(join(pieces[at:end])), pieces[end]
        text = plain(piece.text)
        if _is_rest_of_office(so_far, text):
            return True
        if lexicon.is_and_so_on(text) or (self._directory.find(piece.text) and not lexicon.is_open(so_far)):
            return False
        if lexicon.duty_at(f" {so_far}") is not None and not lexicon.begins_unit(text):
            return True
        if lexicon.is_tier(text):
            return True
        if lexicon.role(so_far) == so_far:
            return True
        if lexicon.is_open(so_far) and re.search(r"\bliên quan\b", so_far) is None and piece.mark != "và":
            return (
                lexicon.is_open(plain(apart(piece.text)[0]))
                and not text.startswith(lexicon.PLURALS)
                and not piece.text[:1].isupper()
            )
        is_list = _is_plural_school(so_far) or lexicon.is_school_levels(so_far)
        if lexicon.begins_unit(text) or (is_list and lexicon.is_school_levels(text)):
            return False
        return piece.mark == "và" or piece.text[:1].islower()


def _is_rest_of_office(so_far: str, text: str) -> bool:
    """Whether 'UBND phường' goes on with 'Văn phòng HĐND và'."""
    return bool(_COUNCIL_OFFICE.fullmatch(plain(so_far))) and text.startswith(("ubnd", "ủy ban nhân dân"))


def _by_side(named: Sequence[_Named]) -> tuple[list[Party], list[Party]]:
    """Who leads and who, by the cell's own words, cooperates; one that cooperates with nobody leads."""
    helping = [each.side == "partner" for each in named]
    said = [plain(each.party.role or "").removeprefix("cùng ").startswith("phối hợp") for each in named]
    if not all(one or other for one, other in zip(helping, said, strict=True)):
        helping = [one or other for one, other in zip(helping, said, strict=True)]
    leads = [each.party for each, helps in zip(named, helping, strict=True) if not helps]
    return leads, [each.party for each, helps in zip(named, helping, strict=True) if helps]


def _kind(found: Unit | Group) -> PartyKind:
    if isinstance(found, Unit):
        return "unit"
    return "open" if found.kind == "open" else "group"


def _shared_head(last: Party) -> str | None:
    head = lexicon.head(plain(last.name))
    return squeeze(last.name)[: len(head)] if head and head not in lexicon.PLURALS and last.kind == "unit" else None


def _shared_role(last: Party) -> str | None:
    """A person's office goes for the units listed after it ('Trưởng khối Mầm non, Tiểu học'), a duty for its own."""
    return last.role if last.role and lexicon.role(plain(last.role)) else None


def _school_group(name: str, last: Party) -> str | None:
    """'các trường Trung học cơ sở' for a level of schools that stands alone after 'các trường Tiểu học'."""
    if last.kind != "group" or not _is_plural_school(plain(last.name)) or not lexicon.is_school_levels(plain(name)):
        return None
    return f"các trường {name}"


def _is_plural_school(text: str) -> bool:
    return re.match(r"(?:(?:các|những|một số|toàn bộ|tất cả|\d+%?) )+(?:nhà )?trường\b", text) is not None


def _is_plural(text: str) -> bool:
    return bool(re.match(r"(?:ubnd|ủy ban nhân dân|sở|phòng|ban|trường) (?:các|cấp|xã,|phường,)", text))


def distinct(parties: Iterable[Party]) -> tuple[Party, ...]:
    """The same party said twice counts once."""
    return tuple({(party.code or unit_key(party.name), party.role): party for party in parties}.values())
