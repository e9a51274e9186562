"""What confirming an import would change, the confirmation, and the result."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker.adapters.import_report import report_csv, report_json
from tracker.domain.errors import NotFound, Refused, StaleState, TrackerError
from tracker.domain.import_decisions import SCOPES
from tracker.domain.reading.preamble import read_day
from tracker.domain.words import N_
from tracker.store import import_drafts as drafts
from tracker.usecases import import_wizard
from tracker.usecases.import_results import COLUMNS
from tracker.web.import_steps import LONGEST_NAME, ROWS, preview_page, ready, typed_text
from tracker.web.import_views import plan_lines, row_lines
from tracker.web.paging import of_kind, paged
from tracker.web.runtime import gettext, now, person, runtime

pages = Blueprint("import_difference", __name__)

AMENDMENT = ("number", "issued_on", "issuer", "note")


@pages.post("/plans/import/<int:draft_id>/difference")
def compare(draft_id: int) -> Response | tuple[str, int]:
    """Find out what confirming would change."""
    return _compared(draft_id)


def _compared(draft_id: int, decision: Mapping[str, str] | None = None) -> Response | tuple[str, int]:
    try:
        import_wizard.compare(person(), draft_id, now=now(), zone=runtime().zone)
    except Refused as problem:
        return preview_page(drafts.one(draft_id, person().id), problem.text(gettext), decision=decision), 422
    return redirect(url_for("import_difference.show", draft_id=draft_id), code=303)


@pages.post("/plans/import/<int:draft_id>/amendment")
def amendment(draft_id: int) -> Response | tuple[str, int]:
    """Keep what is said of the decision that the document comes with, and compare under it; no number for none."""
    said = {name: typed_text(f"amendment_{name}", LONGEST_NAME) for name in AMENDMENT}
    day = read_day(said["issued_on"]) if said["issued_on"] else None
    scope = request.form.get("scope", "")
    if bool(said["number"]) != bool(day):
        problem = gettext(N_("Hãy ghi cả số và ngày của quyết định điều chỉnh. Ví dụ: 123/QĐ-UBND, 09/12/2024."))
        return preview_page(drafts.one(draft_id, person().id), problem, decision={**said, "scope": scope}), 422
    kept = {**said, "issued_on": day.isoformat()} if day else {}
    import_wizard.decide(
        person(),
        draft_id,
        now(),
        lambda decisions: replace(decisions, amendment=kept, scope=scope if scope in SCOPES else ""),
    )
    return _compared(draft_id, decision={**said, "scope": scope})


@pages.post("/plans/import/<int:draft_id>/monitors")
def monitors(draft_id: int) -> Response | tuple[str, int]:
    """Keep who is to watch the plan, and compare anew."""
    _draft, found = ready(draft_id)
    codes = tuple(code for code in request.form.getlist("monitor") if found.directory.get(code) is not None)
    import_wizard.decide(person(), draft_id, now(), lambda decisions: replace(decisions, monitors=codes))
    return _compared(draft_id)


@pages.post("/plans/import/<int:draft_id>/same")
def same(draft_id: int) -> Response | tuple[str, int]:
    """Keep which rows are stored tasks in new words, and which are new."""
    draft = drafts.one(draft_id, person().id)
    told = {str(each["at"]): each["stored_id"] for each in (draft.difference or {}).get("doubts", ())}
    answers = {at: request.form.get(f"same-{at}", "") for at in told}
    chosen = {int(at): told[at] if said == "same" else None for at, said in answers.items() if said in ("same", "new")}
    import_wizard.decide(
        person(), draft_id, now(), lambda decisions: replace(decisions, same={**decisions.same, **chosen})
    )
    return _compared(draft_id)


@pages.get("/plans/import/<int:draft_id>/difference")
def show(draft_id: int) -> Response | str:
    """What confirming would change, as it was found out last."""
    draft = drafts.one(draft_id, person().id)
    if draft.state != "ready" or draft.difference is None:
        return redirect(url_for("imports.show", draft_id=draft_id))
    return _difference_page(draft)


def _difference_page(draft: drafts.Draft, problem: str = "") -> str:
    assert draft.difference is not None
    return render_template(
        "pages/import_difference.html",
        draft=draft,
        difference=draft.difference,
        **_rows(draft.difference),
        problem=problem,
        columns=COLUMNS,
        units=() if draft.difference.get("watched", True) else import_wizard.preview(draft).directory.units,
        scope=draft.decisions.get("scope") or ("listed" if draft.difference.get("only_listed") else ""),
        plan_lines=plan_lines(draft.difference["plan_changes"]),
        row_lines=row_lines,
    )


@pages.post("/plans/import/<int:draft_id>/confirm")
def confirm(draft_id: int) -> Response | tuple[str, int]:
    """Write it all, or say why not and what has changed meanwhile."""
    who, accepts = person(), "accept_defaults" in request.form
    if drafts.one(draft_id, who.id).state == "done":
        flash(gettext(N_("Lần nhập này đã được ghi rồi; đây là kết quả.")), "info")
        return redirect(url_for("imports.show", draft_id=draft_id), code=303)
    problem: TrackerError
    try:
        import_wizard.confirm(
            who,
            draft_id,
            seen=request.form.get("seen", ""),
            accept_defaults=accepts,
            now=now(),
            zone=runtime().zone,
        )
    except Refused as refused:
        problem, status = refused, 422
    except StaleState as stale:
        problem, status = stale, 409
    else:
        return redirect(url_for("imports.show", draft_id=draft_id), code=303)
    return _shown_anew(draft_id, problem), status


def _shown_anew(draft_id: int, problem: TrackerError) -> str:
    """The difference as it is now, under the sentence that says why nothing was written."""
    draft = drafts.one(draft_id, person().id)
    import_wizard.ask_ready(draft)
    import_wizard.compare(person(), draft_id, now=now(), zone=runtime().zone)
    return _difference_page(drafts.one(draft_id, person().id), problem.text(gettext))


def _rows(difference: Mapping[str, Any]) -> dict[str, Any]:
    """The rows that something becomes of, those of one kind where `?kind=` asks for it."""
    kinds, chosen, rows = of_kind(difference["rows"], lambda row: str(row["kind"]))
    return {"page": paged(rows, ROWS), "kinds": kinds, "chosen": chosen}


def result_page(draft: drafts.Draft) -> str:
    """What a finished import wrote."""
    assert draft.difference is not None
    return render_template(
        "pages/import_result.html",
        draft=draft,
        difference=draft.difference,
        **_rows(draft.difference),
        columns=COLUMNS,
        plan_lines=plan_lines(draft.difference["plan_changes"]),
        row_lines=row_lines,
    )


@pages.get("/plans/import/<int:draft_id>/result.<kind>")
def report(draft_id: int, kind: str) -> Response:
    """What a finished import wrote, as a table (csv) or as data (json)."""
    draft = drafts.one(draft_id, person().id)
    writers = {"csv": (report_csv, "text/csv; charset=utf-8"), "json": (report_json, "application/json")}
    if draft.state != "done" or draft.difference is None or kind not in writers:
        raise NotFound(N_("Chưa có kết quả để tải về. Hãy mở lại từ trang Nhập kế hoạch."))
    write, media_type = writers[kind]
    document = {"name": draft.document_name, "sha256": draft.sha256}
    answer = make_response(write({**draft.difference, "document": document}))
    answer.headers["Content-Type"] = media_type
    answer.headers["Content-Disposition"] = f"attachment; filename=ket-qua-nhap-{draft.id}.{kind}"
    return answer
