"""Bringing a plan in: begin with a document, find begun imports again, choose the table, throw away; kept documents."""

from dataclasses import replace

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response as AnyResponse

from tracker.adapters.documents.plan_csv import template_bytes
from tracker.adapters.files import MAX_FILE_OCTETS, Upload
from tracker.domain.errors import NotFound, Refused, TrackerError, UnreadableDocument
from tracker.domain.words import N_
from tracker.store import documents, plans
from tracker.store import import_drafts as drafts
from tracker.usecases import import_reading, import_wizard
from tracker.web import import_difference, import_steps, reading
from tracker.web.cutoffs import plan_or_404
from tracker.web.runtime import gettext, now, person, runtime

pages = Blueprint("imports", __name__)

ACCEPT = ".docx,.xlsx,.csv,.txt,.pdf,.json"
PASTED = "van-ban-dan-vao.txt"
COLUMN_KINDS = ("number", "title", "leads", "partners", "start", "due", "days", "product", "group", "extra")
REFRESH = "2"  # seconds


@pages.get("/plans/import")
def index() -> str:
    """The imports a person began, and the form to begin another."""
    return _start({})


@pages.post("/plans/import")
def begin() -> AnyResponse | tuple[str, int]:
    """Keep a document, read it for a moment, and lead to what was found."""
    typed = {name: request.form.get(name, "").strip() for name in ("text", "school_year", "plan")}
    try:
        upload = _upload(typed["text"])
        plan_id = int(typed["plan"]) if typed["plan"].isdecimal() and len(typed["plan"]) < 10 else None
        draft_id = import_wizard.begin(
            person(), upload, files=runtime().files, now=now(), plan_id=plan_id, school_year=typed["school_year"]
        )
    except Refused as problem:
        return _start(typed, problem.text(gettext)), 422
    reading.start(draft_id, 1)
    draft = drafts.one(draft_id, person().id)
    if draft.state != "failed":
        return redirect(url_for("imports.show", draft_id=draft_id), code=303)
    import_wizard.discard(person(), draft_id, files=runtime().files)
    return _start(typed, _sentence(draft)), 422


def _upload(text: str) -> Upload:
    """The file sent, else the text pasted."""
    sent = request.files.get("document")
    if sent is not None:
        with sent.stream:
            data = sent.stream.read(MAX_FILE_OCTETS + 1)
        if sent.filename or data:
            return Upload(sent.filename or "", data)
    if not text:
        raise Refused(N_("Hãy chọn một tệp, hoặc dán văn bản của phụ lục vào ô."))
    return Upload(PASTED, text.encode("utf-8"))


def _start(typed: dict[str, str], problem: str = "") -> str:
    heads = plans.heads()
    return render_template(
        "pages/import.html",
        drafts=drafts.of_person(person().id),
        plans=[plan for plan in heads if plan.state != "closed"],
        titles={plan.id: plan.title for plan in heads},
        typed=typed,
        problem=problem,
        accept=ACCEPT,
        most=MAX_FILE_OCTETS // 1024 // 1024,
    )


@pages.get("/plans/import/template.csv")
def template() -> Response:
    """An empty plan to fill in a spreadsheet."""
    answer = make_response(template_bytes())
    answer.headers["Content-Type"] = "text/csv; charset=utf-8"
    answer.headers["Content-Disposition"] = "attachment; filename=mau-ke-hoach.csv"
    return answer


@pages.get("/plans/import/<int:draft_id>")
def show(draft_id: int) -> AnyResponse | str:
    """Where a begun import stands: being read, a table to choose, refused, ready to preview, or done."""
    draft = drafts.one(draft_id, person().id)
    if draft.state == "ready":
        return import_steps.preview_page(draft)
    if draft.state == "done":
        return import_difference.result_page(draft)
    if draft.state == "choosing":
        return _table_page(draft)
    answer = make_response(render_template("pages/import_reading.html", draft=draft, problem=_sentence(draft)))
    if draft.state == "reading":
        answer.headers["Refresh"] = REFRESH  # the page shows how far it is, without a script
    return answer


@pages.post("/plans/import/<int:draft_id>/read")
def read(draft_id: int) -> AnyResponse | tuple[str, int]:
    """Read the document again: another table, other columns, another year, or because the last time got stuck."""
    try:
        if "back" in request.form:
            attempt = import_wizard.read_as_before(person(), draft_id, now())
        else:
            attempt = import_wizard.read_anew(person(), draft_id, now(), _options())
    except Refused as problem:
        return _table_page(drafts.one(draft_id, person().id), problem.text(gettext)), 422
    reading.start(draft_id, attempt)
    return redirect(url_for("imports.show", draft_id=draft_id), code=303)


def _options() -> dict[str, object]:
    """How to read, as the form says; what it leaves out stays as it was."""
    options: dict[str, object] = {}
    if "school_year" in request.form:
        options["school_year"] = import_wizard.school_year_of(request.form["school_year"])
    chosen = request.form.get("table", "")
    if chosen.isdecimal() and len(chosen) < 6:
        columns = {name.removeprefix(f"column-{chosen}-"): kind for name, kind in request.form.items()}
        mapping = {at: kind for at, kind in columns.items() if at.isdecimal() and kind in COLUMN_KINDS}
        options |= {"table": int(chosen), "mapping": mapping or None}
    return options


@pages.get("/plans/import/<int:draft_id>/table")
def choose_table(draft_id: int) -> AnyResponse | str:
    """Another table, other columns, another year: only the choice; nothing is read before a button asks for it."""
    draft = drafts.one(draft_id, person().id)
    if draft.state not in ("ready", "choosing", "failed"):
        return redirect(url_for("imports.show", draft_id=draft_id))
    try:
        tables = import_reading.tables_of(draft, files=runtime().files)
    except TrackerError as problem:
        return _table_page(draft, problem.text(gettext))
    return _table_page(replace(draft, tables=tables))


def _table_page(draft: drafts.Draft, problem: str = "") -> str:
    chosen = draft.options.get("table")
    best = max(draft.tables, key=lambda each: each["score"], default=None)
    return render_template(
        "pages/import_table.html",
        draft=draft,
        chosen=best["index"] if chosen is None and best else chosen,
        kinds=COLUMN_KINDS,
        corrected=len({name for key in ("cells", "same", "skipped") for name in draft.decisions.get(key, ())}),
        problem=problem,
    )


@pages.post("/plans/import/<int:draft_id>/discard")
def discard(draft_id: int) -> AnyResponse:
    """Throw a begun import away."""
    import_wizard.discard(person(), draft_id, files=runtime().files)
    flash(gettext(N_("Đã bỏ lần nhập; kế hoạch đã ghi không thay đổi.")), "success")
    return redirect(url_for("imports.index"), code=303)


@pages.get("/plans/<int:plan_id>/documents")
def of_plan(plan_id: int) -> str:
    """The documents that a plan was imported from, with their checksums."""
    return render_template("pages/plan_documents.html", plan=plan_or_404(plan_id), documents=documents.of_plan(plan_id))


@pages.get("/documents/<int:document_id>")
def document(document_id: int) -> Response:
    """A kept document as it came, always as a download; one that became no plan only for who brought it."""
    kept = documents.one(document_id)
    if kept.plan_id is None and kept.person_id != person().id:
        raise NotFound(N_("Không tìm thấy văn bản này. Hãy mở lại từ trang Nhập kế hoạch."))
    path = runtime().files.path(kept.sha256)
    answer = send_file(path, mimetype=kept.media_type, as_attachment=True, download_name=kept.name, max_age=0)
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


def _sentence(draft: drafts.Draft) -> str:
    """Why a document could not be read, in the reader's language."""
    if not draft.problem:
        return ""
    found: TrackerError = UnreadableDocument(draft.problem["message"], **draft.problem["params"])
    return found.text(gettext)
