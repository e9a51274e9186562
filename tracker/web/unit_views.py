"""What a unit's page leads on to: its log, how it was urged, its people, and two days side by side."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from flask import Blueprint, render_template, request

from tracker.domain.access import may_see_contacts, may_see_log
from tracker.domain.calendar_days import day_end
from tracker.domain.errors import NotFound
from tracker.domain.status import Status
from tracker.domain.summaries import Tally, tally
from tracker.domain.views import PlanHead, UnitRef, WorkLine
from tracker.domain.words import N_
from tracker.store import people, share_people, unit_log, units, urging_list
from tracker.store.facts import CutOff
from tracker.store.standings import work_of
from tracker.store.urging_list import Wanted
from tracker.usecases.history import note_contacts_seen
from tracker.web.cutoffs import cut_off, plan_of_page
from tracker.web.outbox import channel_name
from tracker.web.overview import month_before
from tracker.web.paging import PAGE_SIZE, Page, paged
from tracker.web.runtime import as_of, asked_day, now, person, runtime, today

pages = Blueprint("unit_views", __name__)

EVER = datetime(1990, 1, 1, tzinfo=UTC)


@pages.get("/units/<code>/log")
def log(code: str) -> str:
    """Every line of the unit's logs in the plan, the newest first; for its people and those who oversee all."""
    unit, plan, cut = _seen(code)
    within = may_see_log(person(), unit.id, within=True)
    place = paged(range(unit_log.count(plan, unit.id, cut, within=within)))
    lines = unit_log.listed(plan, unit.id, cut, within=within, offset=max(place.first - 1, 0), limit=PAGE_SIZE)
    page = Page(lines, place.number, place.size, place.total)
    return render_template("pages/unit_log.html", unit=unit, plan=plan, page=page)


@pages.get("/units/<code>/urgings")
def urgings(code: str) -> str:
    """Every time the unit was urged or reminded about the plan, the newest last."""
    unit, plan, cut = _seen(code)
    wanted = Wanted(plan.id, EVER, cut.until, unit.id)
    place = paged(range(urging_list.count(wanted)))
    lines = urging_list.listed(wanted, max(place.first - 1, 0), place.size)
    page = Page(lines, place.number, place.size, place.total)
    return render_template("pages/unit_urgings.html", unit=unit, plan=plan, page=page, channel_name=channel_name)


@pages.get("/units/<code>/people")
def staff(code: str) -> str:
    """Who works for the unit today; how to reach each for those who may know, which is noted once a day."""
    unit, plan, _cut = _seen(code)
    contacts = people.of_units([unit.id], today()).get(unit.id, ()) if may_see_contacts(person()) else ()
    if contacts:
        note_contacts_seen(person(), now(), runtime().zone)
    return render_template(
        "pages/unit_people.html",
        unit=unit,
        plan=plan,
        people=share_people.colleagues(unit.id, today()),
        contacts={each.id: each for each in contacts},
    )


@dataclass(frozen=True, slots=True)
class Changed:
    """A share of the unit that stands otherwise on the later day; None where it was not there."""

    line: WorkLine
    before: Status | None
    after: Status | None


@pages.get("/units/<code>/compare")
def compare(code: str) -> str:
    """The unit on the day `from` (else a month earlier) beside the day shown: its cells, and each share that moved."""
    unit, plan, cut = _seen(code)
    first = asked_day(request.args.get("from", "")) or month_before(as_of())
    then = replace(cut, as_of=first, until=day_end(first, cut.zone))
    before, after = work_of(plan, unit.id, then), work_of(plan, unit.id, cut)
    found = _changed({each.share.id: each for each in before}, {each.share.id: each for each in after})
    return render_template(
        "pages/unit_compare.html",
        unit=unit,
        plan=plan,
        first=first,
        parts=[(part, _cells(before, part), _cells(after, part)) for part in ("lead", "partner")],
        page=paged(found),
    )


def _cells(lines: Sequence[WorkLine], part: str) -> Tally:
    return tally(line.share.status for line in lines if line.share.part == part)


def _changed(before: dict[int, WorkLine], after: dict[int, WorkLine]) -> list[Changed]:
    """The shares whose cell or state differs, by due date as on the later day, those that are gone last."""
    found = []
    for share_id, line in {**after, **before, **after}.items():
        old, new = before.get(share_id), after.get(share_id)
        was, now_is = old.share.status if old else None, new.share.status if new else None
        if _stands(was) != _stands(now_is):
            found.append(Changed(line, was, now_is))
    return found


def _stands(status: Status | None) -> object:
    return (status.cell, status.state, status.ended) if status else None


def _seen(code: str) -> tuple[UnitRef, PlanHead, CutOff]:
    """The unit, the plan and the day; NotFound where there is none of them, or its logs are not the reader's to see."""
    unit, plan = units.ref_by_code(code, as_of()), plan_of_page()
    if unit is None or plan is None or not may_see_log(person(), unit.id):
        raise NotFound(N_("Không có đơn vị này. Hãy mở lại từ trang Đơn vị."))
    return unit, plan, cut_off()
