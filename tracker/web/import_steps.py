"""The preview of a document that was read: findings, every row beside its source, corrections in place."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker.domain.errors import NotFound, Refused
from tracker.domain.import_corrections import cells_of
from tracker.domain.import_decisions import FIXABLE, PARTICULARS, Decisions
from tracker.domain.import_listed import speaks_of_some
from tracker.domain.import_preview import names_to_decide
from tracker.domain.names import squeeze
from tracker.domain.plan_document import PlanDocument, from_json
from tracker.domain.reading.preamble import read_day
from tracker.domain.words import N_
from tracker.store import import_drafts as drafts
from tracker.store import plans
from tracker.usecases import import_wizard
from tracker.usecases.import_results import COLUMNS, MOST_NAMED
from tracker.usecases.import_wizard import Preview
from tracker.web import import_views as views
from tracker.web.forms import whole_number
from tracker.web.paging import paged
from tracker.web.runtime import gettext, now, person

pages = Blueprint("import_steps", __name__)

ROWS = 25  # to a page
MOST_FINDINGS = 40  # of one severity, listed at the top
MOST = {"most": MOST_FINDINGS, "most_named": MOST_NAMED, "rows_to_a_page": ROWS}
LONGEST_CELL = 20_000  # characters
LONGEST_NAME = 300


def preview_page(
    draft: drafts.Draft,
    problem: str = "",
    typed: Mapping[str, str] | None = None,
    decision: Mapping[str, str] | None = None,
) -> str:
    """Findings first, then every row beside its source; one row at a time opens to be corrected.

    `typed` are particulars of the plan and `decision` what was said of an amendment, where they were refused.
    """
    found = import_wizard.preview(draft)
    rows = views.preview_rows(_source(draft), found)
    show, edit = request.args.get("show", ""), whole_number(request.args.get("edit", ""))
    return render_template(
        "pages/import_preview.html",
        draft=draft,
        document=found.document,
        counts=views.counts(found.document.findings),
        told=views.told_by_severity(found.document.findings),
        page=paged(views.rows_shown(rows, show), ROWS),
        row_of=views.row_finder([row.task for row in rows]),
        **MOST,
        way_out=lambda finding: views.way_out(finding, found),
        show=show,
        shown=views.SHOWN,
        edit=edit,
        learnt=found.learnt,
        waiting=sum(each.kind != "open" for each in names_to_decide(found.document, found.decisions.skipped)),
        columns=COLUMNS,
        units=found.directory.units,
        decided=found.decisions,
        corrected=found.corrected,
        taken=_taken(draft),
        scope=found.decisions.scope or ("listed" if speaks_of_some(found.titled) else ""),
        plans=[plan for plan in plans.heads() if plan.state != "closed"],
        problem=problem,
        typed=typed or {},
        decision=decision or {},
    )


def _taken(draft: drafts.Draft) -> dict[str, Any]:
    """What is told of what was taken over from an earlier import; empty where nothing was."""
    taken = draft.options.get("taken")
    return {**taken, "kept_at": datetime.fromisoformat(taken["kept_at"])} if taken else {}


def _source(draft: drafts.Draft) -> PlanDocument:
    """The document as it was read, before any correction."""
    assert draft.content is not None
    return from_json(draft.content)


def ready(draft_id: int) -> tuple[drafts.Draft, Preview]:
    """The draft of the person asking with what is understood of it now."""
    draft = drafts.one(draft_id, person().id)
    return draft, import_wizard.preview(draft)


@pages.post("/plans/import/<int:draft_id>/rows/<int:at>")
def correct(draft_id: int, at: int) -> Response:
    """Keep the corrected cells of one row; those that say what the document says are no correction."""
    draft = drafts.one(draft_id, person().id)
    import_wizard.ask_ready(draft)
    source = _source(draft)
    if at >= len(source.tasks):
        raise NotFound(N_("Văn bản không có dòng này. Hãy mở lại trang xem trước."))
    written = cells_of(source.tasks[at])
    typed = {name: typed_text(name, LONGEST_CELL) for name in FIXABLE if name in request.form}
    cells = {} if "undo" in request.form else {name: text for name, text in typed.items() if text != written[name]}
    import_wizard.decide(person(), draft_id, now(), lambda decisions: decisions.with_cells(at, cells))
    return _to_row(draft_id, at)


@pages.post("/plans/import/<int:draft_id>/rows/<int:at>/skip")
def skip(draft_id: int, at: int) -> Response | tuple[str, int]:
    """Leave one row out, with a reason, or take it in again."""
    draft = drafts.one(draft_id, person().id)
    import_wizard.ask_ready(draft)
    if at >= len(_source(draft).tasks):
        raise NotFound(N_("Văn bản không có dòng này. Hãy mở lại trang xem trước."))
    reason = "" if "undo" in request.form else squeeze(typed_text("reason", LONGEST_NAME))
    if not reason and "undo" not in request.form:
        return preview_page(draft, gettext(N_("Hãy ghi lý do bỏ dòng này."))), 422
    import_wizard.decide(person(), draft_id, now(), lambda decisions: decisions.with_skipped(at, reason))
    return _to_row(draft_id, at)


def _to_row(draft_id: int, at: int) -> Response:
    number = at // ROWS + 1
    return redirect(url_for("imports.show", draft_id=draft_id, page=number, _anchor=f"row-{at}"), code=303)


@pages.post("/plans/import/<int:draft_id>/unfit")
def drop_unfit(draft_id: int) -> Response:
    """Let go of corrections whose rows this reading of the document does not have."""
    import_wizard.decide(person(), draft_id, now(), lambda decisions: replace(decisions, unfit=()))
    return redirect(url_for("imports.show", draft_id=draft_id), code=303)


@pages.post("/plans/import/<int:draft_id>/as-printed")
def as_printed(draft_id: int) -> Response:
    """Let go of what was taken over from an earlier import; the columns stay as they were read."""
    import_wizard.take_nothing_over(person(), draft_id, now())
    return redirect(url_for("imports.show", draft_id=draft_id), code=303)


@pages.post("/plans/import/<int:draft_id>/target")
def target(draft_id: int) -> Response | tuple[str, int]:
    """Choose the plan that the document goes into, or that it is a new one."""
    chosen = request.form.get("plan", "")
    plan_id = int(chosen) if chosen.isdecimal() and len(chosen) < 10 else None
    try:
        import_wizard.set_target(person(), draft_id, now(), plan_id, as_new=chosen == "new")
    except Refused as problem:
        return preview_page(drafts.one(draft_id, person().id), problem.text(gettext)), 422
    if "compare" in request.form:
        return redirect(url_for("import_difference.compare", draft_id=draft_id), code=307)
    return redirect(url_for("imports.show", draft_id=draft_id), code=303)


def typed_text(name: str, most: int) -> str:
    """A field of the form with plain line ends, no longer than `most`."""
    return request.form.get(name, "").replace("\r\n", "\n").strip()[:most]


@pages.post("/plans/import/<int:draft_id>/particulars")
def particulars(draft_id: int) -> Response | tuple[str, int]:
    """Keep what the plan is called, its number, issuer and day of issue, and who is to watch it."""
    typed = {name: typed_text(name, LONGEST_NAME) for name in PARTICULARS}
    day = read_day(typed["issued_on"]) if typed["issued_on"] else None
    if typed["issued_on"] and day is None:
        wrong = gettext(
            N_("Ngày ban hành “%(text)s” không phải là một ngày. Ví dụ: 09/8/2024."), text=typed["issued_on"]
        )
        return preview_page(drafts.one(draft_id, person().id), wrong, typed), 422
    try:
        year = import_wizard.school_year_of(typed["school_year"])
    except Refused as problem:
        return preview_page(drafts.one(draft_id, person().id), problem.text(gettext), typed), 422
    typed |= {"issued_on": day.isoformat() if day else "", "school_year": year or ""}
    draft, found = ready(draft_id)
    codes = [code for code in request.form.getlist("monitor") if found.directory.get(code) is not None]
    source = _source(draft)
    said = {name: text for name, text in typed.items() if text and text != str(getattr(source, name) or "")}

    def change(decisions: Decisions) -> Decisions:
        return replace(decisions, particulars=said, monitors=tuple(dict.fromkeys(codes)))

    import_wizard.decide(person(), draft_id, now(), change)
    return redirect(url_for("imports.show", draft_id=draft_id), code=303)
