"""How a plan stands at a cut-off, as `plan status` prints it."""

from collections.abc import Iterator
from typing import Any

from tracker.domain.summaries import tally
from tracker.domain.views import PlanHead
from tracker.store.facts import CutOff, milestone_lines
from tracker.store.unit_cells import unit_cells
from tracker.usecases.plan_files import WORDS


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
