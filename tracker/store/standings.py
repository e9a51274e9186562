"""How plans and units stand at a cut-off, read once for each state of the work: what pages begin with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tracker.domain.assignments import LEAD, PARTNER
from tracker.domain.standing import Standing
from tracker.domain.summaries import Remainder, Tally, tally
from tracker.domain.views import PlanHead, ShareLine, UnitRef, WorkLine
from tracker.store import matrix, plans, share_people
from tracker.store.extensions import OpenRequest, undecided
from tracker.store.facts import CutOff, milestone_lines, partner_counts, unit_lines, waiting_shares
from tracker.store.remainders import remainders
from tracker.store.remembered import remembered
from tracker.store.share_people import PeopleOfShares
from tracker.store.unit_cells import UnitCells, unit_cells
from tracker.store.work import task_ids_of_unit


@dataclass(frozen=True, slots=True)
class Partners:
    """The partners of some milestones, by the milestone: (reported, owed), and the units that have not reported."""

    counts: Mapping[int, tuple[int, int]]
    missing: Mapping[int, Sequence[UnitRef]]


def heads() -> Sequence[PlanHead]:
    """All plans, the newest school year first. 1 query at most."""
    return remembered("plans", lambda: tuple(plans.heads()))


def standing(plan: PlanHead, cut_off: CutOff) -> Standing:
    """The plan at a cut-off. 3 queries at most, 4 where something changed since."""
    return remembered(("standing", plan, cut_off), lambda: Standing(tuple(milestone_lines(plan, cut_off))))


def waiting_of(plan: PlanHead, cut_off: CutOff) -> Sequence[ShareLine]:
    """The shares of the plan, leads and partners, that wait for an answer, the longest first. 1 query at most."""
    lines = standing(plan, cut_off).lines
    return remembered(("waiting", plan, cut_off), lambda: tuple(waiting_shares(plan, lines, cut_off)))


def requests_of(plan: PlanHead, cut_off: CutOff) -> Sequence[OpenRequest]:
    """The undecided requests for more time about the plan, the oldest first. 1 query at most."""
    return remembered(("requests", plan.id, cut_off), lambda: tuple(undecided(plan.id, cut_off.as_of)))


def partners_of(plan: PlanHead, milestone_ids: Sequence[int], cut_off: CutOff) -> Partners:
    """How many partners of these milestones reported, and which have not. 2 queries at most."""
    ids = tuple(milestone_ids)
    return remembered(
        ("partners", plan, ids, cut_off),
        lambda: Partners(partner_counts(plan, ids, cut_off), matrix.unreported(plan, ids, cut_off)),
    )


def work_of(plan: PlanHead, unit_id: int, cut_off: CutOff) -> Sequence[WorkLine]:
    """Every share of one unit in the plan, by due date. 1 query at most, 2 where something changed since."""
    return remembered(("work", plan, unit_id, cut_off), lambda: tuple(unit_lines(plan, unit_id, cut_off)))


def people_of(plan: PlanHead, unit_id: int, cut_off: CutOff) -> PeopleOfShares:
    """Who does the unit's shares in the plan, and the unit's people. 1 query at most."""
    until, day = cut_off.until, cut_off.as_of
    return remembered(("people", plan.id, unit_id, cut_off), lambda: share_people.of_unit(plan.id, unit_id, until, day))


def cells_of_work(plan: PlanHead, unit_id: int, cut_off: CutOff) -> Mapping[str, Tally]:
    """The unit's shares in the plan counted into cells, by part. As many queries as `work_of`."""
    lines = work_of(plan, unit_id, cut_off)
    return remembered(
        ("cells of work", plan, unit_id, cut_off),
        lambda: {
            part: tally(line.share.status for line in lines if line.share.part == part) for part in (LEAD, PARTNER)
        },
    )


def cells_of_units(plan: PlanHead, cut_off: CutOff) -> Sequence[UnitCells]:
    """Every unit with a share in the plan, by name. 2 queries at most, 3 where something changed since."""
    return remembered(("units", plan, cut_off), lambda: tuple(unit_cells(plan, cut_off)))


def left_of(others: tuple[PlanHead, ...], cut_off: CutOff, unit_id: int | None = None) -> Sequence[Remainder]:
    """What is open of other plans, or of one unit's shares of them. 2 queries at most."""
    if not others:
        return ()
    return remembered(("left", others, unit_id, cut_off), lambda: tuple(remainders(others, cut_off, unit_id)))


def tasks_of(plan_id: int, unit_id: int) -> frozenset[int]:
    """The tasks of a plan in which a unit has a share. 1 query at most."""
    return remembered(("tasks", plan_id, unit_id), lambda: task_ids_of_unit(plan_id, unit_id))
