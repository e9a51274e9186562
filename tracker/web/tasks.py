"""One task, and the files that its units sent."""

from collections.abc import Iterator

from flask import Blueprint, Response, send_file

from tracker.adapters.archives import Member, archive
from tracker.adapters.files import safe_name
from tracker.domain import access
from tracker.domain.errors import NotFound, Refused
from tracker.domain.words import N_
from tracker.store import logs as log_store
from tracker.store import tasks
from tracker.usecases.deadline_files import milestone_file
from tracker.web.cutoffs import cut_off, plan_or_404
from tracker.web.runtime import locale, person, runtime, today
from tracker.web.task_page import task_page

pages = Blueprint("tasks", __name__)

MAX_ARCHIVE_OCTETS = 500 * 1024 * 1024


@pages.get("/tasks/<int:task_id>")
def show(task_id: int) -> str:
    """A task as the person asking may see it."""
    return task_page(task_id)


@pages.get("/milestones/<int:milestone_id>.ics")
def deadline(milestone_id: int) -> Response:
    """One milestone to put into a calendar; the calendar then knows it as the event of the feeds."""
    file = milestone_file(person(), milestone_id, runtime().zone, runtime().base_url, locale())
    answer = Response(file.content, content_type="text/calendar; charset=utf-8")
    answer.headers.set("Content-Disposition", "attachment", filename=file.name)
    return answer


@pages.get("/evidence/<int:evidence_id>")
def evidence(evidence_id: int) -> Response:
    """A kept file, always as a download: nothing a unit sent is ever shown as a page of ours."""
    found, who = log_store.owned_evidence(evidence_id, today(), runtime().zone), person()
    kept = found.file
    if not any(access.may_see_log(who, unit_id, within=found.within) for unit_id in found.unit_ids):
        raise NotFound(N_("Không tìm thấy tệp minh chứng này."))
    path = runtime().files.path(kept.sha256)
    answer = send_file(path, mimetype=kept.media_type, as_attachment=True, download_name=kept.name)
    return _closed(answer)


@pages.get("/tasks/<int:task_id>/evidence.zip")
def evidence_of_task(task_id: int) -> Response:
    """Every file of a task that the person asking may read, a folder per unit, written while it is sent."""
    who, cut = person(), cut_off()
    task, shares = tasks.head(task_id), log_store.shares_of_task(task_id, cut)
    access.ask_to_see_task(who, shares.unit_ids)
    plan_or_404(task.plan_id)
    found = [
        (unit, file)
        for unit_id, unit, file in log_store.evidence_of_task(shares, cut, who.unit_id)
        if access.may_see_log(who, unit_id)
    ]
    if not found:
        raise NotFound(N_("Nhiệm vụ này chưa có tệp minh chứng nào mà bạn được xem."))
    if sum(file.size for _, file in found) > MAX_ARCHIVE_OCTETS:
        raise Refused(
            N_("Các tệp minh chứng của nhiệm vụ này lớn hơn %(most)s MB. Hãy tải từng tệp trong nhật ký."),
            most=str(MAX_ARCHIVE_OCTETS // 1024 // 1024),
        )
    members = [Member(unit, file.name, runtime().files.path(file.sha256)) for unit, file in found]
    name = safe_name(f"minh-chung-nhiem-vu-{task.number}.zip")
    chunks: Iterator[bytes] = archive(members)
    answer = Response(chunks, mimetype="application/zip")
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return _closed(answer)


def _closed(answer: Response) -> Response:
    """The answer, so that nothing in it runs, and kept nowhere, as all else that is not everybody's."""
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
