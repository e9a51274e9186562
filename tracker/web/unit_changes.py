"""What becomes of a unit: the form, the preview with every open share and person, and the record of it."""

from collections.abc import Mapping
from dataclasses import replace

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from tracker.domain.errors import NotFound, Refused
from tracker.domain.names import squeeze
from tracker.domain.proposals import free_code
from tracker.domain.unit_events import Change, Decision, Doing, EventKind, default_decision
from tracker.domain.units import Unit
from tracker.domain.words import N_
from tracker.store import units
from tracker.store.typed_forms import Typed
from tracker.usecases.unit_changes import NO_CHOICES, ChangeResult, Choices, change_units
from tracker.web.forms import required_day, typed_day
from tracker.web.runtime import gettext, now, person, runtime, today
from tracker.web.typed import fields_of, mark_recorded, shown_by_address, typed_form

pages = Blueprint("unit_changes", __name__)

ALL_ALIKE, CONFIRM = "all", "confirm"
Form = Mapping[str, str] | MultiDict[str, str]


@pages.get("/units/<code>/change")
def ask(code: str) -> Response | str | tuple[str, int]:
    """The form for one kind of change, `?kind=`, or what one that was sent would do; else the kinds to choose from."""
    unit = _unit(code)
    if typed := typed_form(url_for("unit_changes.ask", code=code)):
        return _sent(unit, typed)
    kind = request.args.get("kind", "")
    if kind not in tuple(EventKind):
        return render_template("pages/unit_change_kinds.html", unit=unit, kinds=tuple(EventKind))
    return _form(unit, EventKind(kind), MultiDict())


@pages.post("/units/<code>/change")
def record(code: str) -> Response:
    """Lead to the preview of a change, or with `step=confirm` record it; what is refused is told on the preview."""
    unit, form, place = _unit(code), request.form, url_for("unit_changes.ask", code=code)
    if form.get("step") != CONFIRM:
        return shown_by_address(place)
    try:
        change = _change(unit, _kind(form), form)
        preview = _run(change, NO_CHOICES, dry_run=True)
        _run(change, _choices(change, preview, form), dry_run=False)
    except Refused:
        return shown_by_address(place)
    mark_recorded(place)
    flash(gettext(N_("Đã ghi thay đổi của đơn vị.")), "success")
    return redirect(url_for("units.show", code=code), code=303)


def _sent(unit: Unit, typed: Typed) -> Response | str | tuple[str, int]:
    """What a form that was sent would do, or the form again with what was typed."""
    form = fields_of(typed)
    if typed.recorded:
        flash(gettext(N_("Thay đổi này đã được ghi rồi.")), "info")
        return redirect(url_for("units.show", code=unit.code))
    if request.args.get("edit"):
        return _form(unit, _kind(form), form)
    try:
        change = _change(unit, _kind(form), form)
        preview = _run(change, NO_CHOICES, dry_run=True)
    except Refused as problem:
        return _form(unit, _kind(form), form, problem.text(gettext)), 422
    try:
        return _preview(unit, _run(change, _choices(change, preview, form), dry_run=True), form)
    except Refused as problem:
        return _preview(unit, preview, form, problem.text(gettext)), 422


def _kind(form: Form) -> EventKind:
    return EventKind(form["kind"]) if form.get("kind") in tuple(EventKind) else EventKind.RENAME


def _unit(code: str) -> Unit:
    found = units.directory().get(code)
    if not isinstance(found, Unit):
        raise NotFound(N_("Không có đơn vị này. Hãy mở lại từ trang Đơn vị."))
    return found


def _run(change: Change, choices: Choices, *, dry_run: bool) -> ChangeResult:
    return change_units(change, choices, person=person(), now=now(), zone=runtime().zone, dry_run=dry_run)


def _form(unit: Unit, kind: EventKind, typed: Form, problem: str = "") -> str:
    others = [each for each in units.refs(living_on=today()) if each.code != unit.code]
    return render_template(
        "pages/unit_change.html",
        unit=unit,
        kind=kind,
        typed=typed,
        chosen=_listed(typed),
        others=others,
        problem=problem,
    )


def _preview(unit: Unit, result: ChangeResult, typed: Form, problem: str = "") -> str:
    names = {each.code: each.name for each in units.refs()}
    names |= {each.code: each.name for each in result.change.founded}
    return render_template(
        "pages/unit_change_preview.html",
        unit=unit,
        result=result,
        chosen={share.id: decision.heir or decision.doing.value for share, decision in result.shares}
        | (_said(typed) if problem else {}),
        typed=typed,
        kept=_kept(typed),
        names=names,
        heirs=[(code, names.get(code, code)) for code in result.change.heirs],
        doings=(Doing.LEAVE, Doing.CLOSE, Doing.CANCEL),
        problem=problem,
    )


def _said(typed: Form) -> dict[int, str]:
    """What was chosen for each share in a form that was refused."""
    marked = ((name.removeprefix("share-"), value) for name, value in typed.items() if name.startswith("share-"))
    return {int(number): value for number, value in marked if number.isascii() and number.isdigit()}


def _kept(typed: Form) -> list[tuple[str, str]]:
    """What the form sent that the preview carries on: all but the decisions that it shows itself."""
    shown = ("share-", "person-")
    own = ("csrf_token", "step", "all_shares", "reason")
    pairs = typed.items(multi=True) if isinstance(typed, MultiDict) else typed.items()
    return [(name, value) for name, value in pairs if name not in own and not name.startswith(shown)]


def _listed(typed: Form) -> dict[str, list[str]]:
    """The units chosen in the lists of the form."""
    return {name: typed.getlist(name) if isinstance(typed, MultiDict) else [] for name in ("units", "heirs")}


def _change(unit: Unit, kind: EventKind, form: MultiDict[str, str]) -> Change:
    """The event that the form asks for."""
    taken = {*units.ids_by_code(), *units.group_ids_by_code()}
    founded = tuple(_founded(line, unit, taken) for line in form.get("founded", "").splitlines() if line.strip())
    heirs = [code for code in form.getlist("heirs") if code]
    others = [code for code in form.getlist("units") if code] if kind is EventKind.MERGE else []
    asked = Change(
        kind=kind,
        on=required_day(form.get("on", ""), N_("Có hiệu lực từ ngày")),
        document=squeeze(form.get("document", "")),
        document_date=typed_day(form.get("document_date", ""), N_("Ngày của văn bản")),
        units=(unit.code, *others),
        heirs=(*heirs, *(each.code for each in founded)),
        founded=founded,
        ends=form.get("ends") == "yes",
    )
    if kind is not EventKind.RENAME:
        return asked
    name, short_name = squeeze(form.get("name", "")), squeeze(form.get("short_name", ""))
    return replace(asked, name=name or unit.name, short_name=short_name, parent=form.get("parent", ""))


def _founded(line: str, like: Unit, taken: set[str]) -> Unit:
    """A new unit from its name, or from a line 'mã = tên', of the kind, level and parent of the one it comes from."""
    code, mark, name = line.partition("=")
    name = squeeze(name if mark else line)
    if not name or (mark and not code.strip()):
        raise Refused(N_("Đơn vị mới “%(line)s”: hãy ghi tên, hoặc mã = tên, mỗi dòng một đơn vị."), line=line[:80])
    code = code.strip() if mark else free_code(name, taken)
    return Unit(code, name, kind=like.kind, level=like.level, parent=like.parent)


def _choices(change: Change, preview: ChangeResult, form: MultiDict[str, str]) -> Choices:
    """What was decided share by share and person by person, or for all shares at once."""
    reason = squeeze(form.get("reason", ""))
    moves = {each.id: form[f"person-{each.id}"] for each, _code in preview.people if f"person-{each.id}" in form}
    every = form.get("all_shares", "")
    if form.get("step") == ALL_ALIKE and every:
        return Choices({}, moves, _decision(every, reason))
    shares = {
        share.id: _decision(form[f"share-{share.id}"], reason)
        for share, _decided in preview.shares
        if f"share-{share.id}" in form
    }
    return Choices(shares, moves, default_decision(change))


def _decision(text: str, reason: str) -> Decision:
    if text in (Doing.LEAVE, Doing.CLOSE, Doing.CANCEL):
        return Decision(Doing(text), None, reason if text != Doing.LEAVE else "")
    return Decision(Doing.HAND, text)
