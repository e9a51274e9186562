"""What the person asking may do with a share now: nothing in a closed plan, nor on a page that shows the past."""

from collections.abc import Callable
from dataclasses import dataclass

from tracker.domain import access
from tracker.domain.extensions import may_ask
from tracker.domain.people import Person
from tracker.domain.status import Ending
from tracker.domain.views import PlanHead, ShareLine
from tracker.domain.work import SETTLED, Action, may_follow
from tracker.store.confirming import Confirming


@dataclass(frozen=True, slots=True)
class Doings:
    """What may be done: `own` are the unit's people, `decide` tells that the person answers the unit.

    `headless` tells that a report waits for the approval of a head who has gone, which the person gives instead.
    """

    own: bool = False
    log: bool = False
    correct: bool = False
    ask_away: bool = False
    withdraw: bool = False
    approve: bool = False
    headless: bool = False
    accept: bool = False
    send_back: bool = False
    answer_away: bool = False
    extend: bool = False
    decide: bool = False
    plan_ahead: bool = False

    @property
    def confirm(self) -> bool:
        """Whether the person answers what the unit reported or asked."""
        return self.accept or self.send_back or self.answer_away

    @property
    def asked(self) -> bool:
        """Whether the unit waits for the person's answer to what it reported or asked."""
        return self.accept or self.answer_away

    def takes(self, form: str) -> bool:
        """Whether the form that something was typed into is still there; an extension's and its decision's always."""
        there = {
            "": self.log,
            "away": self.ask_away,
            "withdraw": self.withdraw,
            "approve": self.approve,
            "confirm": self.send_back or self.answer_away,
            "checkpoint": self.plan_ahead,
        }
        return there.get(form, True)


def doings(
    who: Person,
    plan: PlanHead,
    present: bool,
    may_withdraw: Callable[[ShareLine], bool],
    unit_has_head: bool,
    confirming: Confirming,
) -> Callable[[ShareLine], Doings]:
    """What may be done with each share of the plan; `present` tells that the page shows today.

    `may_withdraw` tells whether the person is one who takes back what the share's unit reported or asked,
    `unit_has_head` whether the person's own unit has a head, `confirming` who answers.
    """
    open_now = present and plan.state == "in_force"

    def of(share: ShareLine) -> Doings:
        state, ended = share.facts.state, share.status.ended
        if not open_now or ended in (Ending.CLOSED, Ending.CANCELLED):
            return Doings()
        approves = access.may_approve(who, share.unit.id, unit_has_head)
        own = ended is not Ending.ORPHANED and access.may_log(who, share.unit.id)
        confirms = access.may_confirm(who, confirming.of(share.id, share.unit.id))
        return Doings(
            own=own,
            log=own and may_follow(state, Action.PROGRESS),
            correct=own and may_follow(state, Action.CORRECT),
            ask_away=own and may_follow(state, Action.ASK_AWAY),
            withdraw=own and may_follow(state, Action.WITHDRAW) and may_withdraw(share),
            approve=own and may_follow(state, Action.APPROVE) and approves,
            headless=approves and not unit_has_head,
            accept=confirms and may_follow(state, Action.ACCEPT),
            send_back=confirms and may_follow(state, Action.RETURN),
            answer_away=confirms and may_follow(state, Action.CONSENT),
            extend=own and may_ask(state, share.deadline),
            decide=confirms,
            plan_ahead=own and state not in SETTLED,
        )

    return of
