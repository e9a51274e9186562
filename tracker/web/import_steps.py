"""The preview of a document that was read: findings, every row beside its source, corrections in place."""

from dataclasses import replace

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker.domain.errors import NotFound
from tracker.domain.import_decisions import FIXABLE, PARTICULARS, Decisions
from tracker.domain.import_preview import names_to_decide
from tracker.domain.plan_document import PlanDocument, from_json
from tracker.domain.reading.preamble import read_day
from tracker.domain.words import N_
from tracker.store import import_drafts as drafts
from tracker.usecases import import_wizard
from tracker.usecases.import_results import COLUMNS, MOST_NAMED
from tracker.usecases.import_wizard import Preview
from tracker.web import import_views as views
from tracker.web.paging import paged
from tracker.web.runtime import gettext, now, person

pages = Blueprint("import_steps", __name__)

ROWS = 25  # to a page
MOST_FINDINGS = 40  # of one severity, listed at the top
LONGEST_CELL = 20_000  # characters
LONGEST_NAME = 300


def preview_page(draft: drafts.Draft, problem: str = "", typed: dict[str, str] | None = None) -> str:
    """Findings first, then every row beside its source; one row at a time opens to be corrected."""
    found = import_wizard.preview(draft)
    rows = views.preview_rows(_source(draft), found)
    show, edit = request.args.get("show", ""), request.args.get("edit", "")
    return render_template(
        "pages/import_preview.html",
        draft=draft,
        document=found.document,
        counts=views.counts(found.document.findings),
        told=views.told_by_severity(found.document.findings),
        most=MOST_FINDINGS,
        most_named=MOST_NAMED,
        page=paged(views.rows_shown(rows, show), ROWS),
        rows_at={row.task.number: row.at for row in reversed(rows)},
        rows_to_a_page=ROWS,
        show=show,
        shown=views.SHOWN,
        edit=int(edit) if edit.isdecimal() and len(edit) < 7 else None,
        learnt=found.learnt,
        waiting=len([each for each in names_to_decide(found.document) if each.kind != "open"]),
        columns=COLUMNS,
        units=found.directory.units,
        monitors=found.decisions.monitors,
        problem=problem,
        typed=typed or {},
    )


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
    task = source.tasks[at]
    first = task.milestones[0]
    written = {
        "number": task.number,
        "title": task.title,
        "leads": task.leads_as_written,
        "partners": task.partners_as_written,
        "start": first.start_as_written,
        "due": first.due_as_written,
    }
    typed = {name: typed_text(name, LONGEST_CELL) for name in FIXABLE if name in request.form}
    cells = {} if "undo" in request.form else {name: text for name, text in typed.items() if text != written[name]}
    import_wizard.decide(person(), draft_id, now(), lambda decisions: decisions.with_cells(at, cells))
    number = at // ROWS + 1
    return redirect(url_for("imports.show", draft_id=draft_id, page=number, _anchor=f"row-{at}"), code=303)


def typed_text(name: str, most: int) -> str:
    """A field of the form with plain line ends, no longer than `most`."""
    return request.form.get(name, "").replace("\r\n", "\n").strip()[:most]


@pages.post("/plans/import/<int:draft_id>/particulars")
def particulars(draft_id: int) -> Response | tuple[str, int]:
    """Keep what the plan is called, its number, issuer and day of issue, and who is to watch it."""
    typed = {name: typed_text(name, LONGEST_NAME) for name in PARTICULARS}
    day = read_day(typed["issued_on"]) if typed["issued_on"] else None
    if typed["issued_on"] and day is None:
        problem = gettext(
            N_("Ngày ban hành “%(text)s” không phải là một ngày. Ví dụ: 09/8/2024."), text=typed["issued_on"]
        )
        return preview_page(drafts.one(draft_id, person().id), problem, typed), 422
    typed["issued_on"] = day.isoformat() if day else ""
    draft, found = ready(draft_id)
    codes = [code for code in request.form.getlist("monitor") if found.directory.get(code) is not None]
    source = _source(draft)
    said = {name: text for name, text in typed.items() if text and text != str(getattr(source, name) or "")}

    def change(decisions: Decisions) -> Decisions:
        return replace(decisions, particulars=said, monitors=tuple(dict.fromkeys(codes)))

    import_wizard.decide(person(), draft_id, now(), change)
    return redirect(url_for("imports.show", draft_id=draft_id), code=303)
