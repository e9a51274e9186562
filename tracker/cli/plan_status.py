"""How a plan stands at a cut-off, as `plan status` prints it and `plan export --as-of` writes it beside the rows."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from tracker.domain.plan_document import PlanDocument
from tracker.domain.status import Cell
from tracker.domain.summaries import tally
from tracker.domain.views import MilestoneLine, PlanHead
from tracker.store.facts import CutOff, milestone_lines
from tracker.store.unit_cells import unit_cells

WORDS = {
    Cell.DONE_ON_TIME: "xong đúng hạn",
    Cell.DONE_LATE: "xong trễ hạn",
    Cell.IN_TIME: "chưa xong, còn hạn",
    Cell.OVERDUE: "chưa xong, quá hạn",
    Cell.NO_DATE: "không có hạn",
}


def status_json(plan: PlanHead, cut_off: CutOff) -> dict[str, Any]:
    """The plan's cells count its milestones, a unit's count its shares."""
    total = tally(line.status for line in milestone_lines(plan, cut_off))
    return {
        "plan": {"id": plan.id, "title": plan.title, "school_year": plan.school_year},
        "as_of": cut_off.as_of.isoformat(),
        "cells": total.cells(),
        "quiet": total.quiet,
        "on_time_extended": total.on_time_extended,
        "late_to_original": total.late_to_original,
        "units": [
            {
                "code": each.unit.code,
                "name": each.unit.name,
                "lead": each.lead.cells(),
                "partner": each.partner.cells(),
            }
            for each in unit_cells(plan, cut_off)
        ],
    }


def status_lines(plan: PlanHead, cut_off: CutOff) -> Iterator[str]:
    """The same in words."""
    total = tally(line.status for line in milestone_lines(plan, cut_off))
    yield f"{plan.title}, tính đến ngày {cut_off.as_of:%d/%m/%Y}: {total.total} mốc"
    for cell, word in WORDS.items():
        yield f"  {word}: {total.cells()[cell.value]}/{total.total}"
    yield f"  chưa cập nhật {plan.calendar.quiet_days} ngày trở lên: {total.quiet}/{total.total}"
    yield f"  xong đúng hạn gốc: {total.on_time_originally}/{total.total}"
    yield f"  xong đúng hạn sau gia hạn: {total.on_time_extended}/{total.total}"
    yield f"  trễ so với hạn gốc: {total.late_to_original}/{total.total}"
    yield "Đơn vị: phần chủ trì (xong / quá hạn / tất cả); phần phối hợp (đã xác nhận / tất cả)"
    for each in unit_cells(plan, cut_off):
        lead, partner = each.lead, each.partner
        yield f"  {each.unit.name}: {lead.done}/{lead.overdue}/{lead.total}; {partner.done}/{partner.total}"


def annotated(document: PlanDocument, plan: PlanHead, cut_off: CutOff) -> PlanDocument:
    """The document with three columns more: how each task stands, its percent, and the day it was done."""
    lines: dict[str, list[MilestoneLine]] = {}
    for line in milestone_lines(plan, cut_off):
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
