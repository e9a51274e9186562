"""My unit's work: what it owes, in the order in which it is owed."""

from itertools import groupby

from flask import Blueprint, render_template, request

from tracker.domain.assignments import LEAD, PARTNER
from tracker.domain.status import Cell
from tracker.domain.summaries import tally
from tracker.domain.views import WorkLine
from tracker.domain.work import State
from tracker.store.facts import unit_lines
from tracker.web.cutoffs import cut_off, plan_of_page
from tracker.web.paging import paged
from tracker.web.runtime import person

pages = Blueprint("work", __name__)

SECTIONS = ("returned", "overdue", "soon", "in_time", "no_date", "submitted", "done")


@pages.get("/my")
def mine() -> str:
    """The shares of the person's unit: leads and partners apart, the most urgent first."""
    plan, who = plan_of_page(), person()
    if plan is None or who.unit_id is None:
        return render_template("pages/my.html", plan=plan, page=None, has_unit=who.unit_id is not None)
    lines = unit_lines(plan, who.unit_id, cut_off())
    counts = {name: sum(line.share.part == name for line in lines) for name in (LEAD, PARTNER)}
    # A unit that only takes part, as most schools do, opens with what it has.
    part = request.args.get("part") or (LEAD if counts[LEAD] or not counts[PARTNER] else PARTNER)
    chosen = sorted((line for line in lines if line.share.part == part), key=lambda line: SECTIONS.index(section(line)))
    page = paged(chosen)
    return render_template(
        "pages/my.html",
        plan=plan,
        part=part,
        page=page,
        sections=[(name, list(group)) for name, group in groupby(page.items, section)],
        has_unit=True,
        counts=counts,
        tally=tally(line.share.status for line in lines if line.share.part == part),
    )


def section(line: WorkLine) -> str:
    """Where a share stands in the unit's day: what was sent back comes first, what is done last."""
    status = line.share.status
    if status.state is State.RETURNED:
        return "returned"
    if status.state is State.SUBMITTED:
        return "submitted"
    if status.done:
        return "done"
    if status.cell is Cell.OVERDUE:
        return "overdue"
    return "soon" if status.soon else status.cell.value
