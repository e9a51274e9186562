"""Units that can owe work, the groups that collect them, and the directory that finds both by any spelling."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal

from tracker.domain.names import bare, bare_key, has_marks, unit_key

_LONG_NAME = 7  # words; a shorter name with a word missing may be another name
GroupKind = Literal["rule", "list", "open"]
TIERS = ("tỉnh", "thành phố", "quận", "huyện", "thị xã", "thị trấn", "xã", "phường", "đặc khu")


@dataclass(frozen=True, slots=True)
class Unit:
    """An organisation. `level` is its tier (district, ward) or, for a school, its school level.

    `starts_on` and `ends_on` bound its life, both days included; None means unbounded. `successors` are the codes of
    the units that took its place when it ended; several after a split.
    """

    code: str
    name: str
    short_name: str = ""
    kind: str = ""
    level: str | None = None
    parent: str | None = None
    aliases: tuple[str, ...] = ()
    starts_on: date | None = None
    ends_on: date | None = None
    successors: tuple[str, ...] = ()

    def lives_on(self, day: date) -> bool:
        """Whether the unit exists on `day`."""
        return (self.starts_on is None or self.starts_on <= day) and (self.ends_on is None or day <= self.ends_on)


@dataclass(frozen=True, slots=True)
class GroupRule:
    """Which units belong to a group: of one of `kinds` and, where `levels` is not empty, of one of `levels`."""

    kinds: tuple[str, ...]
    levels: tuple[str, ...] = ()

    def admits(self, unit: Unit) -> bool:
        """Whether `unit` belongs to a group with this rule."""
        return unit.kind in self.kinds and (not self.levels or unit.level in self.levels)


@dataclass(frozen=True, slots=True)
class Group:
    """A collective assignee: counted by a rule, by a list kept by hand (`members`, unit codes), or open."""

    code: str
    name: str
    kind: GroupKind
    rule: GroupRule | None = None
    members: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()


class Directory:
    """All units and groups known; looks them up by name, short name or alias in any usual spelling.

    `keys` maps every known spelling, as `unit_key` writes it, to its unit or group. Marks count: what differs in them
    alone is another name.
    """

    def __init__(self, units: Iterable[Unit] = (), groups: Iterable[Group] = ()) -> None:
        self.units = tuple(units)
        self.groups = tuple(groups)
        everyone: tuple[Unit | Group, ...] = (*self.units, *self.groups)
        self._by_code = {each.code: each for each in everyone}
        self.keys = _keys(everyone)

    @cached_property
    def shortened(self) -> dict[str, Unit | Group]:
        """Every long known name with one inner word left out, where that tells only one unit."""
        found: dict[str, Unit | Group | None] = {}
        for key, named in self.keys.items():
            words = key.split()
            for at in range(1, len(words) - 1) if len(words) >= _LONG_NAME else ():
                short = " ".join(words[:at] + words[at + 1 :])
                known = found.setdefault(short, named)
                if short in self.keys or (known and known.code != named.code):
                    found[short] = None
        return {short: named for short, named in found.items() if named}

    @cached_property
    def _bare(self) -> dict[str, tuple[Unit | Group, ...]]:
        """Every known spelling without marks, and whom it may mean."""
        found: dict[str, dict[str, Unit | Group]] = {}
        for key, named in self.keys.items():
            found.setdefault(bare(key), {})[named.code] = named
        return {key: tuple(named.values()) for key, named in found.items()}

    @cached_property
    def _tiers(self) -> dict[str | None, frozenset[str]]:
        """The words by which units of each level tell their tier: 'quận' where a district's unit has it in its name."""
        said: dict[str | None, set[str]] = {}
        for unit in self.units:
            key = f" {unit_key(unit.name)} "
            said.setdefault(unit.level, set()).update(tier for tier in TIERS if f" {tier} " in key)
        return {level: frozenset(tiers) for level, tiers in said.items()}

    def get(self, code: str) -> Unit | Group | None:
        """The unit or group with that code."""
        return self._by_code.get(code)

    def find(self, text: str) -> Unit | Group | None:
        """The unit or group that `text` names, in any spelling and with its tier said or not, or None."""
        key = unit_key(text)
        return self.keys.get(key) or self._with_its_tier(key)

    def _with_its_tier(self, key: str) -> Unit | None:
        """The unit that the name means which ends in the unit's own tier: 'Ban QLDA quận'."""
        if not key.endswith(TIERS):
            return None
        for tier in TIERS:
            if key.endswith(f" {tier}"):
                found = self.keys.get(key.removesuffix(f" {tier}"))
                if isinstance(found, Unit) and tier in self._tiers[found.level]:
                    return found
        return None

    def without_marks(self, text: str) -> Unit | Group | None:
        """The one unit or group that a name typed wholly without marks can mean; None for one with marks."""
        meant = () if has_marks(text) else self._bare.get(bare_key(text), ())
        return meant[0] if len(meant) == 1 else None

    def but_for_marks(self, text: str) -> tuple[Unit | Group, ...]:
        """Whom `text` would name if marks did not count."""
        return self._bare.get(bare_key(text), ())

    def heirs(self, code: str, on: date) -> tuple[str, ...]:
        """Codes of the units that stand in a unit's place on the day `on`: itself while it lives, else its successors.

        () where it has ended without any.
        """
        unit = self._by_code.get(code)
        if not isinstance(unit, Unit):
            return ()
        if unit.ends_on is None or on <= unit.ends_on:
            return (code,)
        return tuple(dict.fromkeys(heir for each in unit.successors for heir in self.heirs(each, on)))

    def expand(self, group_code: str, on: date | None = None) -> tuple[str, ...]:
        """Codes of the units in a group, in the directory's order; () for an open or unknown group.

        With `on`, only units alive on that day.
        """
        group = self._by_code.get(group_code)
        if not isinstance(group, Group) or group.kind == "open":
            return ()
        chosen = [unit for unit in self.units if _belongs(unit, group)]
        return tuple(unit.code for unit in chosen if on is None or unit.lives_on(on))


def _keys(everyone: tuple[Unit | Group, ...]) -> dict[str, Unit | Group]:
    """Folded name to unit or group; official names win over short names and aliases."""
    found: dict[str, Unit | Group] = {}
    for each in everyone:
        found.setdefault(unit_key(each.name), each)
    for each in everyone:
        short = (each.short_name,) if isinstance(each, Unit) else ()
        for spelling in (*short, *each.aliases):
            found.setdefault(unit_key(spelling), each)
    found.pop("", None)
    return found


def _belongs(unit: Unit, group: Group) -> bool:
    if group.kind == "list":
        return unit.code in group.members
    return group.rule is not None and group.rule.admits(unit)
