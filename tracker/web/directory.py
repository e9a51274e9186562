"""The directory by hand: groups and who is in them, new units, and a unit's short name and other spellings."""

from collections.abc import Iterable, Mapping
from typing import get_args

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker.domain.errors import NotFound, Refused
from tracker.domain.names import squeeze
from tracker.domain.units import Directory, Group, GroupKind, GroupRule, Unit
from tracker.domain.words import N_
from tracker.store import units
from tracker.usecases import units as usecases
from tracker.web.runtime import gettext, now, person, today
from tracker.web.unit_words import LEVELS, UNIT_KINDS

pages = Blueprint("directory", __name__)
edit_pages = Blueprint("unit_edits", __name__)

FIELDS = ("code", "name", "short_name", "kind", "level", "parent")


@pages.get("/groups")
def index() -> str:
    """Every group with how many units it counts, and the forms that add a group or a unit."""
    return _index({})


@pages.post("/groups")
def add_group() -> Response | tuple[str, int]:
    """Add a group; who is in it is said on its own page."""
    typed = _typed()
    try:
        added = usecases.create_group(Group(typed["code"], typed["name"], "list"), now=now(), person=person())
    except Refused as problem:
        return _index(typed, group_problem=problem.text(gettext)), 422
    return redirect(url_for("directory.group", code=added.code), code=303)


@pages.post("/groups/units")
def add_unit() -> Response | tuple[str, int]:
    """Add a unit to the directory."""
    typed = _typed()
    new = Unit(
        code=typed["code"],
        name=typed["name"],
        short_name=typed["short_name"],
        kind=typed["kind"],
        level=typed["level"] or None,
        parent=typed["parent"] or None,
    )
    try:
        added = usecases.create_unit(new, now=now(), person=person())
    except Refused as problem:
        return _index(typed, unit_problem=problem.text(gettext)), 422
    flash(gettext(N_("Đã thêm đơn vị %(name)s."), name=added.name), "success")
    return redirect(url_for("units.show", code=added.code), code=303)


@pages.get("/groups/<code>")
def group(code: str) -> str:
    """One group: by which rule it is counted, or which units a person picked."""
    known = units.directory()
    return _group(known, _known_group(known, code))


@pages.post("/groups/<code>")
def change_group(code: str) -> Response | tuple[str, int]:
    """Say anew how a group is counted."""
    known = units.directory()
    found = _known_group(known, code)
    kind = request.form.get("counted", "")
    members = request.form.getlist("members")
    rule = GroupRule(tuple(request.form.getlist("kinds")), tuple(request.form.getlist("levels")))
    try:
        if kind not in get_args(GroupKind):
            raise Refused(N_("Hãy chọn cách đếm nhóm: theo quy tắc, theo danh sách, hoặc để ngỏ."))
        usecases.set_group(code, kind, rule=rule, members=members, now=now(), person=person())  # type: ignore[arg-type]
    except Refused as problem:
        return _group(known, found, problem.text(gettext)), 422
    flash(gettext(N_("Đã ghi thành phần của nhóm.")), "success")
    return redirect(url_for("directory.group", code=code), code=303)


@edit_pages.get("/units/<code>/edit")
def edit(code: str) -> str:
    """A unit's short name and other spellings, one to a line."""
    return _edit(_known_unit(code), {})


@edit_pages.post("/units/<code>/edit")
def change_spellings(code: str) -> Response | tuple[str, int]:
    """Correct a unit's short name and other spellings."""
    found = _known_unit(code)
    typed = {name: request.form.get(name, "").replace("\0", "") for name in ("short_name", "aliases")}
    try:
        aliases = typed["aliases"].splitlines()
        usecases.edit_unit(code, short_name=squeeze(typed["short_name"]), aliases=aliases, now=now(), person=person())
    except Refused as problem:
        return _edit(found, typed, problem.text(gettext)), 422
    flash(gettext(N_("Đã sửa tên ngắn và tên gọi khác.")), "success")
    return redirect(url_for("units.show", code=code), code=303)


def _typed() -> dict[str, str]:
    return {name: squeeze(request.form.get(name, "").replace("\0", "")) for name in FIELDS}


def _index(typed: dict[str, str], *, group_problem: str = "", unit_problem: str = "") -> str:
    known = units.directory()
    return render_template(
        "pages/groups.html",
        groups=[(each, len(known.expand(each.code, on=today()))) for each in known.groups],
        units=units.refs(living_on=today()),
        kinds=_named(UNIT_KINDS, (each.kind for each in known.units)),
        levels=_named(LEVELS, (each.level for each in known.units)),
        typed=typed,
        group_problem=group_problem,
        unit_problem=unit_problem,
    )


def _group(known: Directory, found: Group, problem: str = "") -> str:
    living = [each for each in known.units if each.lives_on(today()) or each.code in found.members]
    return render_template(
        "pages/group.html",
        group=found,
        members=set(known.expand(found.code)),
        units=[(each.code, each.name) for each in sorted(living, key=lambda each: (each.kind, each.name))],
        kinds=[each for each in _named(UNIT_KINDS, (each.kind for each in known.units)) if each[0]],
        levels=[each for each in _named(LEVELS, (each.level for each in known.units)) if each[0]],
        problem=problem,
    )


def _edit(found: Unit, typed: dict[str, str], problem: str = "") -> str:
    return render_template("pages/unit_edit.html", unit=found, typed=typed, problem=problem)


def _named(names: Mapping[str, str], used: Iterable[str | None]) -> list[tuple[str, str]]:
    """Codes with their names in the reader's language: those that have one, then others in use."""
    others = sorted({each for each in used if each} - set(names))
    return [(code, gettext(name)) for code, name in names.items()] + [(code, code) for code in others]


def _known_group(known: Directory, code: str) -> Group:
    found = known.get(code)
    if not isinstance(found, Group):
        raise NotFound(N_("Không có nhóm này. Hãy mở lại từ trang Nhóm đơn vị."))
    return found


def _known_unit(code: str) -> Unit:
    found = units.directory().get(code)
    if not isinstance(found, Unit):
        raise NotFound(N_("Không có đơn vị này. Hãy mở lại từ trang Đơn vị."))
    return found
