"""The directory: how units and groups are called, which there are, and who is in a group."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from tracker.domain.errors import UNITS, NotFound, Refused
from tracker.domain.names import squeeze
from tracker.domain.people import Person
from tracker.domain.units import Directory, Group, GroupKind, GroupRule, Unit
from tracker.domain.words import N_
from tracker.store import units
from tracker.store.database import transaction
from tracker.store.feeds import touch_scopes_of_units
from tracker.store.history import record_change

CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
MAX_CODE, MAX_NAME, MAX_SHORT = 80, 300, 120


def decide_name(text: str, code: str, *, person: Person | None, now: datetime) -> bool:
    """Learn once that `text` names the unit or group `code`, as `person` decided at `now`; False if it was known.

    Refused for an unknown code and for a text that names another unit.
    """
    with transaction():
        learnt = units.add_alias(text, code)
        if learnt:
            record_spelling(text, code, person=person, now=now)
        return learnt


def record_spelling(text: str, code: str, *, person: Person | None, now: datetime) -> None:
    """Write into the history that `text` names the unit or group `code` from now on."""
    owner = units.directory().get(code)
    assert owner is not None
    kind = "unit" if isinstance(owner, Unit) else "group"
    row_id = (units.ids_by_code() if kind == "unit" else units.group_ids_by_code())[code]
    fields = {"aliases": (None, squeeze(text))}
    record_change(f"{kind}.named", kind, row_id, now=now, person=person, label=owner.name, fields=fields)


def create_unit(unit: Unit, *, now: datetime, person: Person | None = None) -> Unit:
    """Add one unit to the directory; Refused where its code or a name of it is taken, or its parent unknown."""
    with transaction():
        add_unit(unit, now=now, person=person)
    return unit


def add_unit(unit: Unit, *, now: datetime, person: Person | None) -> None:
    """`create_unit` inside an open transaction."""
    known = units.directory()
    _check_new(unit.code, unit.name, known)
    for spelling in (unit.short_name, *unit.aliases):
        _check_free(spelling, unit.code, known)
    if len(unit.short_name) > MAX_SHORT:
        raise Refused(N_("Tên ngắn dài quá %(most)s ký tự; hãy rút gọn."), most=str(MAX_SHORT))
    if unit.parent is not None and not isinstance(known.get(unit.parent), Unit):
        raise Refused(N_("Không có đơn vị cấp trên với mã “%(code)s”."), code=unit.parent)
    units.add_directory(Directory([unit]))
    record_created(unit, now=now, person=person)


def record_created(added: Unit | Group, *, now: datetime, person: Person | None) -> None:
    """Write a unit or a group that was just stored into the history."""
    kind = "unit" if isinstance(added, Unit) else "group"
    row_id = (units.ids_by_code() if kind == "unit" else units.group_ids_by_code())[added.code]
    fields = {"name": (None, added.name), "kind": (None, added.kind)}
    record_change(f"{kind}.created", kind, row_id, now=now, person=person, label=added.name, fields=fields)


def create_group(group: Group, *, now: datetime, person: Person | None = None) -> Group:
    """Add one group: counted by a rule, by hand or open; Refused as for a unit, and for a rule that says nothing."""
    with transaction():
        known = units.directory()
        _check_new(group.code, group.name, known)
        for spelling in group.aliases:
            _check_free(spelling, group.code, known)
        _check_rule(group.kind, group.rule)
        _check_members(group.members, known)
        units.add_directory(Directory((), [group]))
        record_created(group, now=now, person=person)
    return group


def set_group(
    code: str,
    kind: GroupKind,
    *,
    rule: GroupRule | None = None,
    members: Sequence[str] = (),
    now: datetime,
    person: Person | None = None,
) -> Group:
    """Say anew how a group is counted: by `rule`, by hand (`members`, unit codes), or open (nobody is reminded).

    What was shared out before stays. NotFound for an unknown group, Refused for unknown members or an empty rule.
    """
    with transaction():
        known = units.directory()
        found = known.get(code)
        if not isinstance(found, Group):
            raise NotFound(N_("Không có nhóm với mã “%(code)s”. Hãy chọn lại nhóm."), code=code).see(UNITS)
        _check_rule(kind, rule)
        _check_members(members, known)
        units.set_group(code, kind, rule if kind == "rule" else None, members if kind == "list" else ())
        changed = units.directory().get(code)
        assert isinstance(changed, Group)
        fields: dict[str, tuple[object, object]] = {"kind": (found.kind, changed.kind)}
        fields["members"] = (_names(found.members, known), _names(changed.members, known))
        fields["rule"] = (_rule_words(found.rule), _rule_words(changed.rule))
        group_id = units.group_ids_by_code()[code]
        record_change("group.changed", "group", group_id, now=now, person=person, label=changed.name, fields=fields)
    return changed


def _names(codes: Iterable[str], known: Directory) -> list[str]:
    return [unit.name for code in codes if (unit := known.get(code))]


def _rule_words(rule: GroupRule | None) -> list[str] | None:
    return [*rule.kinds, *rule.levels] if rule else None


def edit_unit(
    code: str, *, short_name: str, aliases: Iterable[str], now: datetime, person: Person | None = None
) -> Unit:
    """Correct a unit's short name and its other spellings (all of them, as they shall be from now on).

    NotFound for an unknown unit; Refused for a spelling that names another one. Names that change on a day are an
    event, not a correction.
    """
    wanted = tuple(dict.fromkeys(text for each in aliases if (text := squeeze(each))))
    if len(short_name) > MAX_SHORT or any(len(each) > MAX_NAME for each in wanted):
        raise Refused(N_("Tên ngắn tối đa %(short)s ký tự, tên gọi khác tối đa %(name)s."), short="120", name="300")
    with transaction():
        known = units.directory()
        found = known.get(code)
        if not isinstance(found, Unit):
            raise NotFound(N_("Không có đơn vị với mã “%(code)s”. Hãy chọn lại đơn vị."), code=code).see(UNITS)
        for spelling in (short_name, *wanted):
            _check_free(spelling, code, known)
        units.set_spellings(code, squeeze(short_name), wanted)
        unit_id = units.ids_by_code()[code]
        touch_scopes_of_units([unit_id], now)
        changed = units.directory().get(code)
        assert isinstance(changed, Unit)
        fields = {name: (getattr(found, name), getattr(changed, name)) for name in ("short_name", "aliases")}
        record_change("unit.changed", "unit", unit_id, now=now, person=person, label=changed.name, fields=fields)
    return changed


def _check_new(code: str, name: str, known: Directory) -> None:
    if not CODE.fullmatch(code) or len(code) > MAX_CODE:
        raise Refused(
            N_("Mã “%(code)s” không dùng được: chỉ gồm chữ thường không dấu, số và gạch nối, tối đa 80 ký tự."),
            code=code[:MAX_CODE],
        )
    if known.get(code) is not None:
        raise Refused(N_("Mã “%(code)s” đã có trong danh bạ; hãy chọn mã khác."), code=code)
    if not squeeze(name) or len(name) > MAX_NAME:
        raise Refused(N_("Hãy ghi tên đơn vị, tối đa %(most)s ký tự."), most=str(MAX_NAME))
    _check_free(name, code, known)


def _check_free(text: str, code: str, known: Directory) -> None:
    found = known.find(text)
    if found is not None and found.code != code:
        raise Refused(
            N_("“%(text)s” đã là tên gọi của “%(name)s”, nên không thể chỉ đơn vị khác."), text=text, name=found.name
        )


def _check_rule(kind: GroupKind, rule: GroupRule | None) -> None:
    if kind == "rule" and (rule is None or not rule.kinds):
        raise Refused(N_("Nhóm đếm theo quy tắc cần ít nhất một loại đơn vị."))


def _check_members(members: Iterable[str], known: Directory) -> None:
    unknown = [code for code in members if not isinstance(known.get(code), Unit)]
    if unknown:
        raise Refused(N_("Không có đơn vị với mã: %(codes)s."), codes=", ".join(unknown))
