"""The year against the calendar: milestones due and done by the end of each month, as a chart and as a table."""

from dataclasses import dataclass
from datetime import date

from flask import Blueprint, render_template, request

from tracker.domain.access import oversees
from tracker.domain.burn_up import chart, is_done_by, is_due_by
from tracker.domain.standing import Standing
from tracker.domain.views import MilestoneLine
from tracker.store.standings import standing
from tracker.web.cutoffs import cut_off, plan_of_page
from tracker.web.kept_pages import kept
from tracker.web.paging import paged
from tracker.web.runtime import asked_day, person

pages = Blueprint("burn_up", __name__)


@pages.get("/burn-up")
@kept
def index() -> str:
    """Both lines over the months that the plan's own dates span, on any day."""
    plan = plan_of_page()
    if plan is None:
        return render_template("pages/burn_up.html", plan=None, counts=())
    stands = standing(plan, cut_off())
    chosen = _chosen(stands)
    return render_template(
        "pages/burn_up.html",
        plan=plan,
        counts=stands.months,
        total=len(stands),
        chart=chart(stands.months, len(stands)),
        chosen=chosen,
        page=paged(chosen.lines) if chosen else None,
        sees_all=oversees(person()),
    )


@dataclass(frozen=True, slots=True)
class Chosen:
    """The milestones behind one figure of the table: what is counted (`due` or `done`) and by the end of which day."""

    what: str
    by: date
    lines: list[MilestoneLine]


def _chosen(stands: Standing) -> Chosen | None:
    """What `due_by` or `done_by` asks for, of those who see the state of all; None where nothing is asked."""
    for what, holds in (("due", is_due_by), ("done", is_done_by)):
        day = asked_day(request.args.get(f"{what}_by", ""))
        if day and oversees(person()):
            return Chosen(what, day, [line for line in stands.lines if holds(line, day)])
    return None
