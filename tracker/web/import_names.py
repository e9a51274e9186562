"""The names in a document that the directory does not know: decided once, remembered when the import is written."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker.domain.errors import NotFound, Refused
from tracker.domain.import_decisions import Decisions, NameDecision
from tracker.domain.words import N_
from tracker.usecases import import_wizard
from tracker.usecases.import_wizard import Preview
from tracker.web import import_views as views
from tracker.web.import_steps import LONGEST_NAME, ready, typed_text
from tracker.web.paging import paged
from tracker.web.runtime import gettext, now, person, today
from tracker.web.unit_words import LEVELS, UNIT_KINDS

pages = Blueprint("import_names", __name__)

NAMES = 25  # to a page
LONGEST_SHORT_NAME = 120


@pages.get("/plans/import/<int:draft_id>/names")
def index(draft_id: int) -> str:
    """The names that the directory does not know, each with what it may mean."""
    draft, found = ready(draft_id)
    every = views.name_choices(found)
    page = paged(every, NAMES)
    choices = [views.with_suggestions(each, found.directory, today()) for each in page.items]
    return render_template(
        "pages/import_names.html",
        draft=draft,
        page=page,
        choices=choices,
        strangers=len(views.strangers(every, found.directory)),
        directory=found.directory,
        kinds=UNIT_KINDS,
        levels=LEVELS,
    )


@pages.post("/plans/import/<int:draft_id>/names")
def decide_all(draft_id: int) -> Response:
    """Keep the choices of one page of names."""
    _draft, found = ready(draft_id)
    known = {each.text: each for each in views.name_choices(found)}
    picked = [(text, request.form.get(f"choice-{at}", "kept")) for at, text in enumerate(request.form.getlist("name"))]

    def change(decisions: Decisions) -> Decisions:
        for text, value in picked:
            if text in known:
                decisions = views.chosen(known[text], value, decisions, found.directory)
        return decisions

    import_wizard.decide(person(), draft_id, now(), change)
    flash(gettext(N_("Đã ghi nhận cách hiểu các tên.")), "success")
    return redirect(url_for("imports.show", draft_id=draft_id), code=303)


@pages.post("/plans/import/<int:draft_id>/names/new")
def create_strangers(draft_id: int) -> Response:
    """Let every name that is near no unit or group become a new one, as proposed."""
    _draft, found = ready(draft_id)
    new = views.strangers(views.name_choices(found), found.directory)

    def change(decisions: Decisions) -> Decisions:
        for each in new:
            decisions = views.chosen(each, "new", decisions, found.directory)
        return decisions

    import_wizard.decide(person(), draft_id, now(), change)
    flash(gettext(N_("%(n)s tên sẽ được lập mới khi ghi; từng tên còn sửa được ở đây."), n=len(new)), "success")
    return redirect(url_for("import_names.index", draft_id=draft_id), code=303)


@pages.get("/plans/import/<int:draft_id>/name")
def show(draft_id: int) -> str:
    """One name (`?text=`) with every way to decide it."""
    return _name_page(draft_id, request.args.get("text", ""))


@pages.post("/plans/import/<int:draft_id>/name")
def decide(draft_id: int) -> Response | tuple[str, int]:
    """Keep what one name stands for: a known unit, a new one, a group picked by hand, or nobody that can be counted."""
    text = request.form.get("text", "")
    _draft, found = ready(draft_id)
    choice = _choice(found, text)
    try:
        decision = _typed_decision(choice, found)
    except Refused as problem:
        return _name_page(draft_id, text, problem.text(gettext)), 422
    import_wizard.decide(person(), draft_id, now(), lambda decisions: decisions.with_name(decision))
    flash(gettext(N_("Đã ghi nhận cách hiểu “%(text)s”."), text=text), "success")
    return redirect(url_for("import_names.index", draft_id=draft_id), code=303)


def _choice(found: Preview, text: str) -> views.NameChoice:
    choice = next((each for each in views.name_choices(found) if each.text == text), None)
    if choice is None:
        raise NotFound(N_("Văn bản không còn tên này để quyết định. Hãy mở lại danh sách tên."))
    return choice


def _typed_decision(choice: views.NameChoice, found: Preview) -> NameDecision:
    kind = request.form.get("kind", "")
    if kind == "known":
        code = request.form.get("code", "")
        if found.directory.get(code) is None or code == (choice.decision.code if choice.decision else None):
            raise Refused(N_("Hãy chọn đơn vị hoặc nhóm mà tên này chỉ."))
        return NameDecision(choice.text, "known", code)
    if kind == "open":
        return NameDecision(choice.text, "open", choice.fresh.code, choice.text)
    called = typed_text("name", LONGEST_NAME) or choice.text
    if kind == "group":
        members = tuple(code for code in request.form.getlist("member") if found.directory.get(code) is not None)
        if not members:
            raise Refused(N_("Hãy chọn ít nhất một đơn vị của nhóm."))
        return NameDecision(choice.text, "group", choice.fresh.code, called, members=members)
    if kind != "unit":
        raise Refused(N_("Hãy chọn một cách hiểu cho tên này."))
    unit_kind, level = request.form.get("unit_kind", ""), request.form.get("level", "")
    return NameDecision(
        choice.text,
        "unit",
        choice.fresh.code,
        called,
        typed_text("short_name", LONGEST_SHORT_NAME),
        unit_kind if unit_kind in UNIT_KINDS else "",
        level if level in LEVELS and level else None,
    )


def _name_page(draft_id: int, text: str, problem: str = "") -> str:
    draft, found = ready(draft_id)
    choice = views.with_suggestions(_choice(found, text), found.directory, today())
    return render_template(
        "pages/import_name.html",
        draft=draft,
        choice=choice,
        directory=found.directory,
        kinds=UNIT_KINDS,
        levels=LEVELS,
        problem=problem,
    )
