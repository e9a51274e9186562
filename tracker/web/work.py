"""My unit's work: what it owes, in the order in which it is owed, and who of the unit does it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from flask import Blueprint, render_template, request

from tracker.domain.assignments import LEAD, PARTNER
from tracker.domain.list_filters import ListFilter, due_months
from tracker.domain.people import Person
from tracker.domain.saved_views import OF_WORK, WORK, asked_of
from tracker.domain.status import Cell
from tracker.domain.summaries import Tally, tally
from tracker.domain.views import WorkLine
from tracker.domain.work import State
from tracker.store import saved_views
from tracker.store.remembered import remembered
from tracker.store.share_people import PeopleOfShares
from tracker.store.standings import people_of, work_of
from tracker.web.asked import leave_out, one_of
from tracker.web.cutoffs import cut_off, left_of_others, plan_of_page
from tracker.web.giving import giving
from tracker.web.kept_pages import kept
from tracker.web.paging import paged
from tracker.web.runtime import person

pages = Blueprint("work", __name__)

TO_DO = ("approving", "returned", "overdue", "soon", "in_time", "no_date")
WORK_FILTERS = ("overdue", "soon", "in_time", "no_date", "quiet", "submitted", "returned", "done")
SECTIONS = (*TO_DO, "submitted", "asked_away", "done", "ended")


@dataclass(frozen=True, slots=True)
class Chosen:
    """The lines of a unit's work that an address asks for: of which part, whose, by which filter.

    `counts` are the shares by part, `whose` those of the part by whose they are, `of_part` all of the part, `months`
    those in which something of it is due; `tally` counts the lines.
    """

    part: str
    who: str
    wanted: ListFilter
    counts: Mapping[str, int]
    whose: Mapping[str, int]
    of_part: Sequence[WorkLine]
    lines: Sequence[WorkLine]
    months: Sequence[str]
    tally: Tally

    def __len__(self) -> int:
        return len(self.of_part)


@pages.get("/my")
@kept
def mine() -> str:
    """The shares of the person's unit: leads and partners apart, the most urgent first.

    `who` chooses what the person was given (me), or what was given to nobody (nobody); further as `ListFilter` tells.
    """
    plan, who, cut = plan_of_page(), person(), cut_off()
    if plan is None or who.unit_id is None:
        return render_template("pages/my.html", plan=plan, page=None, has_unit=who.unit_id is not None)
    lines = work_of(plan, who.unit_id, cut)
    people = people_of(plan, who.unit_id, cut)
    asked = tuple(sorted(request.args.items(multi=True)))
    _tell_unknown()
    chosen = remembered(("chosen", plan, who, cut, asked), lambda: chosen_work(lines, who, people), picked=True)
    page = paged(chosen.lines)
    return render_template(
        "pages/my.html",
        plan=plan,
        part=chosen.part,
        chosen=chosen.wanted,
        asked=asked_of(WORK, request.args),
        views=saved_views.offered(who.id, WORK),
        filters=WORK_FILTERS,
        months=chosen.months,
        page=page,
        sections=[(name, list(group)) for name, group in groupby(page.items, section)],
        has_unit=True,
        called=called(lines, who),
        counts=chosen.counts,
        others=left_of_others(plan, who.unit_id),
        who=chosen.who,
        whose=chosen.whose,
        tally=chosen.tally,
        giving=giving(who, plan, people, cut),
    )


def chosen_work(lines: Sequence[WorkLine], who: Person, people: PeopleOfShares) -> Chosen:
    """What the address asks for of a unit's work, what comes first to do first.

    A unit that only takes part, as most schools do, opens with what it has.
    """
    counts = {name: sum(line.share.part == name for line in lines) for name in (LEAD, PARTNER)}
    part = one_of("part", counts) or (LEAD if counts[LEAD] or not counts[PARTNER] else PARTNER)
    of_part = [line for line in lines if line.share.part == part]
    whose, by = _whose(who, people), request.args.get("who", "")
    wanted = ListFilter.of(request.args)
    found = wanted.of_work(filter(whose.get(by, whose[""]), of_part))
    found = sorted(found, key=lambda line: SECTIONS.index(section(line)))
    return Chosen(
        part=part,
        who=by if by in whose else "",
        wanted=wanted,
        counts=counts,
        whose={name: sum(map(chooses, of_part)) for name, chooses in whose.items()},
        of_part=of_part,
        lines=found,
        months=due_months(of_part),
        tally=tally(line.share.status for line in found),
    )


def _tell_unknown() -> None:
    """Have the page say what of its address is left out, also where its list was worked out before."""
    for name, choices in OF_WORK.items():
        one_of(name, choices)
    if not ListFilter.of(request.args).month:
        leave_out("month")


def _whose(who: Person, people: PeopleOfShares) -> dict[str, Callable[[WorkLine], bool]]:
    """The choices of `who`: everything of the unit, what the person does or stands in for, what nobody was given."""
    return {
        "": lambda line: True,
        "me": lambda line: any(each.person_id == who.id for each in people.now(line.share.id)),
        "nobody": lambda line: not people.now(line.share.id),
    }


def called(lines: Sequence[WorkLine], who: Person) -> str:
    """What the unit of the person is called on the day shown, by its lines there; without any, as it is called now."""
    return lines[0].share.unit.name if lines else who.unit_name or ""


def section(line: WorkLine) -> str:
    """Where a share stands in the unit's day: what was sent back comes first, what is done last."""
    status = line.share.status
    if status.ended:
        return "ended"
    if status.state in (State.RETURNED, State.SUBMITTED, State.APPROVING, State.ASKED_AWAY):
        return status.state.value
    if status.done:
        return "done"
    if status.cell is Cell.OVERDUE:
        return "overdue"
    return "soon" if status.soon else status.cell.value
