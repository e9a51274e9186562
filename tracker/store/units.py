"""Units, groups and days off, as the pure rules want to see them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from tracker.domain.calendar_days import DaysOff
from tracker.domain.errors import UNITS, Refused
from tracker.domain.names import search_key, squeeze
from tracker.domain.units import Directory, Group, GroupKind, GroupRule, Unit
from tracker.domain.views import UnitRef
from tracker.domain.words import N_
from tracker.store.database import session
from tracker.store.tables import DayOff, GroupMember, UnitAlias, UnitEventRow, UnitEventUnit, UnitGroup, UnitRow
from tracker.store.tenure import CACHED_DAYS, unit_on

_DAYS_OFF = sa.select(DayOff.day, DayOff.is_off).where(DayOff.removed_at.is_(None))
_UNIT_CODES, _GROUP_CODES = sa.select(UnitRow.code, UnitRow.id), sa.select(UnitGroup.code, UnitGroup.id)
_ALIASES = sa.select(UnitAlias.text, UnitAlias.unit_id, UnitAlias.group_id).order_by(UnitAlias.id)
_UNITS = sa.select(
    UnitRow.id,
    UnitRow.code,
    UnitRow.name,
    UnitRow.short_name,
    UnitRow.kind,
    UnitRow.level,
    UnitRow.parent_id,
    UnitRow.starts_on,
    UnitRow.ends_on,
).order_by(UnitRow.id)
_MEMBERS = sa.select(GroupMember.group_id, GroupMember.unit_id)
_GROUPS = sa.select(UnitGroup.id, UnitGroup.code, UnitGroup.name, UnitGroup.kind, UnitGroup.rule).order_by(UnitGroup.id)


def days_off() -> DaysOff:
    """The office's table of days off and worked days."""
    return DaysOff.from_rows((row.day, row.is_off) for row in session().execute(_DAYS_OFF))


def all_days_off() -> Any:
    """The whole table of days off as one value of another query, for `days_off_from`."""
    marked = sa.cast(DayOff.day, sa.String) + sa.case((DayOff.is_off, "-"), else_="+")
    return sa.select(sa.func.aggregate_strings(marked, " ")).where(DayOff.removed_at.is_(None)).scalar_subquery()


def days_off_from(text: str | None) -> DaysOff:
    """The days off in a value of `all_days_off`."""
    return DaysOff.from_rows((date.fromisoformat(each[:-1]), each[-1] == "-") for each in (text or "").split())


def refs(living_on: date | None = None) -> list[UnitRef]:
    """All units, by name as Vietnamese sorts it; with `living_on`, those alive on that day as they are called then."""
    return [UnitRef(*row) for row in session().execute(_refs(living_on))]


@lru_cache(CACHED_DAYS)
def _refs(living_on: date | None) -> sa.Select[Any]:
    query = sa.select(*unit_on(living_on)).order_by(UnitRow.sort_key, UnitRow.id)
    if living_on is None:
        return query
    begun = sa.or_(UnitRow.starts_on.is_(None), UnitRow.starts_on <= living_on)
    return query.where(begun, sa.or_(UnitRow.ends_on.is_(None), UnitRow.ends_on >= living_on))


@dataclass(frozen=True, slots=True)
class NamedUnit:
    """A unit as filters name it; `level` is empty where it has none."""

    code: str
    name: str
    level: str


def named(on: date) -> list[NamedUnit]:
    """All units as they were called on a day, by name as Vietnamese sorts it. 1 query."""
    return [NamedUnit(*row) for row in session().execute(_named(on))]


@lru_cache(CACHED_DAYS)
def _named(on: date) -> sa.Select[Any]:
    _, code, name, _ = unit_on(on)
    return sa.select(code, name, sa.func.coalesce(UnitRow.level, "")).order_by(UnitRow.sort_key, UnitRow.id)


def ref_by_code(code: str, on: date | None = None) -> UnitRef | None:
    """The unit with that code, as it was called on a day; without one, as it is called last."""
    row = session().execute(_by_code(on), {"code": code}).first()
    return UnitRef(*row) if row else None


@lru_cache(CACHED_DAYS)
def _by_code(on: date | None) -> sa.Select[Any]:
    return sa.select(*unit_on(on)).where(UnitRow.code == sa.bindparam("code"))


def ids_by_code() -> dict[str, int]:
    """Unit ids by code."""
    return {row.code: row.id for row in session().execute(_UNIT_CODES)}


def group_ids_by_code() -> dict[str, int]:
    """Group ids by code."""
    return {row.code: row.id for row in session().execute(_GROUP_CODES)}


def successions() -> list[tuple[date, int, tuple[int, ...]]]:
    """Every end of a unit: (its first day without the unit, the unit, its heirs), by day. 1 query."""
    return successions_of(session().execute(_in_order()))


@cache
def _in_order() -> sa.Select[Any]:
    return succession_query().order_by("on_day", "event_id", "heir_id")


@cache
def succession_query() -> sa.Select[*tuple[Any, ...]]:
    """Selects on_day, unit_id, heir_id and event_id of every end of a unit, a row for each heir."""
    subject, heir = aliased(UnitEventUnit), aliased(UnitEventUnit)
    return (
        sa.select(
            UnitEventRow.on_day, subject.unit_id, heir.unit_id.label("heir_id"), UnitEventRow.id.label("event_id")
        )
        .join(subject, sa.and_(subject.event_id == UnitEventRow.id, subject.part == "subject"))
        .outerjoin(heir, sa.and_(heir.event_id == UnitEventRow.id, heir.part == "heir"))
        .where(UnitEventRow.ends)
    )


def successions_of(rows: Iterable[Any]) -> list[tuple[date, int, tuple[int, ...]]]:
    """The ends of units in rows of `succession_query`, which come by day, event and heir."""
    found: dict[tuple[date, int], list[int]] = {}
    for on, unit_id, heir_id, _event_id in rows:
        found.setdefault((on, unit_id), []).extend([heir_id] if heir_id is not None else [])
    return [(on, unit_id, tuple(heirs)) for (on, unit_id), heirs in found.items()]


def directory() -> Directory:
    """Every unit and group with its spellings."""
    heirs = {unit_id: found for _on, unit_id, found in successions()}
    aliases: dict[tuple[str, int], list[str]] = {}
    for text, unit_id, group_id in session().execute(_ALIASES):
        aliases.setdefault(("unit", unit_id) if unit_id else ("group", group_id or 0), []).append(text)
    rows = session().execute(_UNITS).all()
    codes = {row.id: row.code for row in rows}
    units = [
        Unit(
            code=row.code,
            name=row.name,
            short_name=row.short_name,
            kind=row.kind,
            level=row.level,
            parent=codes.get(row.parent_id) if row.parent_id else None,
            aliases=tuple(aliases.get(("unit", row.id), ())),
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            successors=tuple(codes[heir] for heir in heirs.get(row.id, ())),
        )
        for row in rows
    ]
    members: dict[int, list[str]] = {}
    for member in session().execute(_MEMBERS):
        members.setdefault(member.group_id, []).append(codes[member.unit_id])
    groups = [
        Group(
            code=row.code,
            name=row.name,
            kind=row.kind,
            rule=GroupRule(tuple(row.rule["kinds"]), tuple(row.rule["levels"])) if row.rule else None,
            members=tuple(members.get(row.id, ())),
            aliases=tuple(aliases.get(("group", row.id), ())),
        )
        for row in session().execute(_GROUPS)
    ]
    return Directory(units, groups)


def add_directory(new: Directory) -> int:
    """Store the units and groups whose codes are not there yet, with their spellings; returns how many were added."""
    known_units, known_groups = ids_by_code(), group_ids_by_code()
    units = [unit for unit in new.units if unit.code not in known_units]
    groups = [group for group in new.groups if group.code not in known_groups]
    for unit in units:
        session().add(_unit_row(unit))
    for group in groups:
        session().add(UnitGroup(code=group.code, name=group.name, kind=group.kind, rule=_rule_json(group.rule)))
    session().flush()
    unit_ids, group_ids = ids_by_code(), group_ids_by_code()
    taken = set(session().scalars(sa.select(UnitAlias.text)))
    for unit in units:
        if unit.parent:
            session().execute(
                sa.update(UnitRow).where(UnitRow.code == unit.code).values(parent_id=unit_ids.get(unit.parent))
            )
        _add_aliases(unit.aliases, taken, unit_id=unit_ids[unit.code])
    for group in groups:
        _add_aliases(group.aliases, taken, group_id=group_ids[group.code])
        for code in group.members:
            session().add(GroupMember(group_id=group_ids[group.code], unit_id=unit_ids[code]))
    session().flush()
    return len(units) + len(groups)


def _unit_row(unit: Unit) -> UnitRow:
    return UnitRow(
        code=unit.code,
        name=unit.name,
        short_name=unit.short_name,
        kind=unit.kind,
        level=unit.level,
        starts_on=unit.starts_on,
        ends_on=unit.ends_on,
        sort_key=search_key(unit.name),
    )


def _add_aliases(texts: tuple[str, ...], taken: set[str], **owner: int) -> None:
    for text in texts:
        if text not in taken:
            taken.add(text)
            session().add(UnitAlias(text=text, **owner))


def add_alias(text: str, code: str) -> bool:
    """Let `text` name the unit or group with that code from now on; False where it does so already.

    Refused for an unknown code, and where the text, in any spelling, names another unit or group.
    """
    known = directory()
    owner, found = known.get(code), known.find(text)
    if owner is None:
        raise Refused(N_("Không có đơn vị hay nhóm với mã “%(code)s”. Hãy chọn lại."), code=code).see(UNITS)
    if not squeeze(text):
        raise Refused(N_("Tên gọi khác để trống; hãy ghi tên."))
    if found is not None and found.code != code:
        raise Refused(
            N_("“%(text)s” đã là tên gọi của “%(name)s”, nên không thể chỉ đơn vị khác."), text=text, name=found.name
        )
    if found is not None:
        return False
    is_unit = isinstance(owner, Unit)
    ids = ids_by_code() if is_unit else group_ids_by_code()
    session().add(UnitAlias(text=squeeze(text)[:300], **{"unit_id" if is_unit else "group_id": ids[code]}))
    session().flush()
    return True


def set_group(code: str, kind: GroupKind, rule: GroupRule | None, members: Iterable[str]) -> None:
    """Replace how a group is counted."""
    group_id, unit_ids = group_ids_by_code()[code], ids_by_code()
    session().execute(sa.update(UnitGroup).where(UnitGroup.id == group_id).values(kind=kind, rule=_rule_json(rule)))
    session().execute(sa.delete(GroupMember).where(GroupMember.group_id == group_id))
    for member in dict.fromkeys(members):
        session().add(GroupMember(group_id=group_id, unit_id=unit_ids[member]))
    session().flush()


def set_spellings(code: str, short_name: str, aliases: Iterable[str]) -> None:
    """Replace a unit's short name and its other spellings; those that another unit has are left to it."""
    unit_id = ids_by_code()[code]
    session().execute(sa.update(UnitRow).where(UnitRow.id == unit_id).values(short_name=short_name))
    session().execute(sa.delete(UnitAlias).where(UnitAlias.unit_id == unit_id))
    _add_aliases(tuple(aliases), set(session().scalars(sa.select(UnitAlias.text))), unit_id=unit_id)
    session().flush()


def _rule_json(rule: GroupRule | None) -> dict[str, list[str]] | None:
    return {"kinds": list(rule.kinds), "levels": list(rule.levels)} if rule else None


def add_days_off(rows: Iterable[tuple[date, bool, str, str]]) -> None:
    """Store (day, is_off, name, document) rows for days of which the table never spoke."""
    known = set(session().scalars(sa.select(DayOff.day)))
    for day, is_off, name, document in rows:
        if day not in known:
            session().add(DayOff(day=day, is_off=is_off, name=name, document=document))
