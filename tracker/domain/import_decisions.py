"""What a person decided while a plan was being imported: names, corrected cells, the plan's own particulars.

Plain records that go to and from JSON; nothing here is written anywhere until the import is confirmed.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from itertools import count
from typing import Any, Literal, TypeVar

from tracker.domain.assignments import LONGEST_NAME
from tracker.domain.names import unit_key
from tracker.domain.units import Directory, Group, GroupRule, Unit

Named = TypeVar("Named", Unit, Group)
NameKind = Literal["known", "unit", "group", "open"]
FIXABLE = ("number", "group", "title", "product", "leads", "partners", "start", "due")
PARTICULARS = ("title", "school_year", "number", "issuer", "issued_on")
SCOPES = ("whole", "listed")


@dataclass(frozen=True, slots=True)
class NameDecision:
    """What a name in the document (`text`) stands for.

    known: the unit or group with `code`; unit: a new one; group: a new group of `members` (unit codes) or, with
    `rule`, of whoever the rule admits; open: a phrase that nobody can count.
    """

    text: str
    kind: NameKind
    code: str
    name: str = ""
    short_name: str = ""
    unit_kind: str = ""
    level: str | None = None
    parent: str | None = None
    members: tuple[str, ...] = ()
    rule: GroupRule | None = None
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RowDecision:
    """What was decided about one row, with the words by which the row is known when the document is read anew.

    `asked` tells that a person said which stored task it is (`same`, None for a new one); `reason` is why it is left
    out, empty where it is not.
    """

    at: int
    words: tuple[str, ...]
    cells: Mapping[str, str] = field(default_factory=dict)
    asked: bool = False
    same: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Decisions:
    """All that was decided: names by their key, cells by the row's place in the document (from 0), particulars.

    `monitors` are the codes of the units that are to watch; `amendment` what is said of the decision that the document
    comes with; `same` the id of the stored task that a row is, or None where the row is new after all. `skipped` are
    rows that are left out, with the reason. `scope` says whether the document is the whole plan or lists the changed
    tasks alone (empty: nobody said); `as_new` that it is another plan than the one much like it. `unfit` waits for the
    rows that it is about: those of another reading of the document.
    """

    names: Mapping[str, NameDecision] = field(default_factory=dict)
    cells: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    particulars: Mapping[str, str] = field(default_factory=dict)
    monitors: tuple[str, ...] = ()
    amendment: Mapping[str, str] = field(default_factory=dict)
    same: Mapping[int, int | None] = field(default_factory=dict)
    skipped: Mapping[int, str] = field(default_factory=dict)
    scope: str = ""
    as_new: bool = False
    unfit: tuple[RowDecision, ...] = ()

    @property
    def only_listed(self) -> bool | None:
        """Whether the document lists the changed tasks alone, None where nobody said."""
        return self.scope == "listed" if self.scope else None

    def with_name(self, decision: NameDecision) -> "Decisions":
        """These decisions and one more about a name; an earlier one about the same name is replaced."""
        return replace(self, names={**self.names, unit_key(decision.text): decision})

    def without_name(self, text: str) -> "Decisions":
        """These decisions without the one about a name."""
        return replace(self, names={key: each for key, each in self.names.items() if key != unit_key(text)})

    def beside(self, proposals: Iterable[NameDecision]) -> "Decisions":
        """These decisions and, for names that none of them speaks of, the proposals."""
        return replace(self, names={**{unit_key(each.text): each for each in proposals}, **self.names})

    def with_cells(self, row: int, cells: Mapping[str, str]) -> "Decisions":
        """These decisions with the corrected cells of one row; no cells take its correction back."""
        others = {at: each for at, each in self.cells.items() if at != row}
        return replace(self, cells={**others, row: dict(cells)} if cells else others)

    def with_skipped(self, row: int, reason: str) -> "Decisions":
        """These decisions with one row left out for a reason; without a reason the row is taken in again."""
        others = {at: each for at, each in self.skipped.items() if at != row}
        return replace(self, skipped={**others, row: reason} if reason else others)

    def loosened(self, words: Sequence[tuple[str, ...]]) -> "Decisions":
        """These decisions with all about rows (`words` of each) laid aside, before the document is read anew."""
        rows = sorted({*self.cells, *self.same, *self.skipped} & set(range(len(words))))
        loose = [
            RowDecision(
                at, words[at], self.cells.get(at, {}), at in self.same, self.same.get(at), self.skipped.get(at, "")
            )
            for at in rows
        ]
        return replace(self, cells={}, same={}, skipped={}, unfit=(*self.unfit, *loose))

    def fitted(self, words: Sequence[tuple[str, ...]]) -> "Decisions":
        """These decisions with what was laid aside put back to the rows of the same words, at their place or alone."""
        decided, waiting = self, []
        for each in self.unfit:
            alike = [at for at, own in enumerate(words) if own == each.words]
            at = each.at if each.at in alike else alike[0] if len(alike) == 1 else None
            if at is None:
                waiting.append(each)
                continue
            decided = decided.with_cells(at, each.cells) if each.cells else decided
            decided = decided.with_skipped(at, each.reason) if each.reason else decided
            decided = replace(decided, same={**decided.same, at: each.same}) if each.asked else decided
        return replace(decided, unfit=tuple(waiting))

    def as_json(self) -> dict[str, Any]:
        """The decisions as plain data."""
        return {
            "names": {key: asdict(each) for key, each in self.names.items()},
            "cells": {str(row): dict(cells) for row, cells in self.cells.items()},
            "particulars": dict(self.particulars),
            "monitors": list(self.monitors),
            "amendment": dict(self.amendment),
            "same": {str(row): task_id for row, task_id in self.same.items()},
            "skipped": {str(row): reason for row, reason in self.skipped.items()},
            "scope": self.scope,
            "as_new": self.as_new,
            "unfit": [asdict(each) for each in self.unfit],
        }

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> "Decisions":
        """What `as_json` wrote; an empty mapping is no decision at all."""
        return Decisions(
            names={unit_key(each["text"]): _name(each) for each in data.get("names", {}).values()},
            cells={int(row): dict(cells) for row, cells in data.get("cells", {}).items()},
            particulars=dict(data.get("particulars", {})),
            monitors=tuple(data.get("monitors", ())),
            amendment=dict(data.get("amendment", {})),
            same={int(row): task_id for row, task_id in data.get("same", {}).items()},
            skipped={int(row): reason for row, reason in data.get("skipped", {}).items()},
            scope=data.get("scope", ""),
            as_new=data.get("as_new", False),
            unfit=tuple(RowDecision(**{**each, "words": tuple(each["words"])}) for each in data.get("unfit", ())),
        )


def _name(data: Mapping[str, Any]) -> NameDecision:
    rule = data["rule"]
    lists = {name: tuple(data[name]) for name in ("members", "aliases")}
    found = GroupRule(tuple(rule["kinds"]), tuple(rule["levels"])) if rule else None
    return NameDecision(**{**data, **lists, "rule": found})


@dataclass(frozen=True, slots=True)
class Learnt:
    """What confirming an import adds to the directory: units, groups, and spellings of known ones (code, text)."""

    units: tuple[Unit, ...] = ()
    groups: tuple[Group, ...] = ()
    spellings: tuple[tuple[str, str], ...] = ()

    def beside(self, other: "Learnt") -> "Learnt":
        """This and what `other` adds."""
        return Learnt(self.units + other.units, self.groups + other.groups, self.spellings + other.spellings)

    def onto(self, directory: Directory) -> Directory:
        """`directory` with what is learnt."""
        added: dict[str, tuple[str, ...]] = {}
        for code, text in self.spellings:
            added[code] = (*added.get(code, ()), text)
        units = [_respelt(each, added) for each in (*directory.units, *self.units)]
        return Directory(units, [_respelt(each, added) for each in (*directory.groups, *self.groups)])

    def as_json(self) -> dict[str, Any]:
        """Codes and names, for the page before and the report after."""
        return {
            "units": [{"code": each.code, "name": each.name} for each in self.units],
            "groups": [{"code": each.code, "name": each.name, "kind": each.kind} for each in self.groups],
            "spellings": [{"code": code, "text": text} for code, text in self.spellings],
        }


def _respelt(each: Named, added: Mapping[str, tuple[str, ...]]) -> Named:
    return replace(each, aliases=each.aliases + added[each.code]) if each.code in added else each


def brought(directory: Directory, known: Directory) -> Learnt:
    """What of `directory` is not in `known` yet, by code."""
    units = tuple(each for each in directory.units if known.get(each.code) is None)
    return Learnt(units, tuple(each for each in directory.groups if known.get(each.code) is None))


def learnt(decisions: Iterable[NameDecision], directory: Directory) -> Learnt:
    """What the decisions add to `directory`.

    One about a name that it knows by now adds nothing, nor does one that points to a unit that is not to be. A new
    unit or group of a name that is there, or that another decision makes, is a spelling of that one. Where another
    name has its code by now, it gets the next free one.
    """
    units: dict[str, Unit] = {}
    groups: dict[str, Group] = {}
    spellings: dict[str, str] = {}
    made: dict[str, str] = {}
    for each in decisions:
        if directory.find(each.text) is not None:
            continue
        if each.kind == "known":
            spellings[each.text] = each.code
            continue
        namesake = directory.find(each.name)
        if namesake or unit_key(each.name) in made:
            spellings[each.text] = namesake.code if namesake else made[unit_key(each.name)]
            continue
        code = _free(each.code, lambda code: code in units or code in groups or directory.get(code) is not None)
        made[unit_key(each.name)] = code
        if each.kind == "unit":
            units[code] = _unit(replace(each, code=code))
        else:
            groups[code] = _group(replace(each, code=code))
    there = [(code, text) for text, code in spellings.items() if code in units or code in groups or directory.get(code)]
    return Learnt(tuple(units.values()), tuple(groups.values()), tuple(there))


def _free(code: str, is_taken: Callable[[str], bool]) -> str:
    numbered = (f"{code}-{n}" for n in count(2))
    return code if not is_taken(code) else next(each for each in numbered if not is_taken(each))


def _unit(each: NameDecision) -> Unit:
    return Unit(
        code=each.code,
        name=each.name,
        short_name=each.short_name,
        kind=each.unit_kind,
        level=each.level,
        parent=each.parent,
        aliases=_spellings(each),
    )


def _group(each: NameDecision) -> Group:
    kind: Literal["open", "rule", "list"] = "open" if each.kind == "open" else "rule" if each.rule else "list"
    return Group(each.code, each.name or each.text, kind, each.rule, each.members, _spellings(each))


def _spellings(each: NameDecision) -> tuple[str, ...]:
    said = each.text if each.name and unit_key(each.text) != unit_key(each.name) else ""
    return tuple(dict.fromkeys(text for text in (said, *each.aliases) if text))


def proposed(directory: Directory) -> tuple[NameDecision, ...]:
    """A proposed directory as decisions that a person may still change, one for each name short enough to be one."""
    units = [
        NameDecision(
            text=each.name,
            kind="unit",
            code=each.code,
            name=each.name,
            short_name=each.short_name,
            unit_kind=each.kind,
            level=each.level,
            parent=each.parent,
            aliases=each.aliases,
        )
        for each in directory.units
    ]
    groups = [
        NameDecision(
            each.name, "group", each.code, each.name, members=each.members, rule=each.rule, aliases=each.aliases
        )
        for each in directory.groups
    ]
    return tuple(each for each in (*units, *groups) if len(each.name) <= LONGEST_NAME)


def issue_day(particulars: Mapping[str, str]) -> date | None:
    """The corrected day of issue, where it was corrected to a day."""
    text = particulars.get("issued_on", "")
    return date.fromisoformat(text) if text else None
