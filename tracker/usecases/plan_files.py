"""A plan as a document to be taken away: as it held on a day, with or without how each task stood."""

from collections.abc import Callable
from dataclasses import replace

from tracker.domain.amendments import rebuilt
from tracker.domain.plan_document import PlanDocument
from tracker.domain.status import Cell
from tracker.domain.views import MilestoneLine, PlanHead
from tracker.store import amendments
from tracker.store.facts import CutOff
from tracker.store.standings import standing

# The language of the plan itself, whatever the reader's.
WORDS = {
    Cell.DONE_ON_TIME: "xong đúng hạn",
    Cell.DONE_LATE: "xong trễ hạn",
    Cell.IN_TIME: "chưa xong, còn hạn",
    Cell.OVERDUE: "chưa xong, quá hạn",
    Cell.NO_DATE: "không có hạn",
}


def document_of(found: PlanHead, cut: CutOff) -> PlanDocument:
    """The plan as a document, as it held on the day asked for or as first issued; without dropped tasks."""
    stored = rebuilt(amendments.look_on(found.id, cut.held_on, shares=False))
    tasks = tuple(each.content for each in stored if each.dropped_on is None)
    head = PlanDocument(found.title, found.school_year, tasks)
    return replace(head, number=found.number, issuer=found.issuer, issued_on=found.issued_on)


def annotated(
    document: PlanDocument, plan: PlanHead, cut_off: CutOff, seen: Callable[[int], bool] = lambda _task_id: True
) -> PlanDocument:
    """The document with three columns more: how each task stands, its percent, and the day it was done.

    They stay empty for tasks that are not `seen`, by their id.
    """
    lines: dict[str, list[MilestoneLine]] = {}
    for line in standing(plan, cut_off).lines:
        if seen(line.task_id):
            lines.setdefault(_key(line.heading, line.number, line.title), []).append(line)
    day = f"{cut_off.as_of:%d/%m/%Y}"
    tasks = []
    for task in document.tasks:
        found = lines.get(_key(task.group, task.number, task.title), [])
        columns = (
            (f"Tình hình đến {day}", "; ".join(WORDS[line.status.cell] for line in found)),
            ("Tỷ lệ", "; ".join(f"{line.status.percent}%" for line in found)),
            ("Ngày xong", "; ".join(f"{line.status.done_on:%d/%m/%Y}" for line in found if line.status.done_on)),
        )
        tasks.append(replace(task, extra=(*task.extra, *columns)))
    return replace(document, tasks=tuple(tasks))


def _key(group: str | None, number: str, title: str) -> str:
    return "\n".join((group or "", number, title))
