"""What pages show of who of a unit does which share, and what the forms that say so offer."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from flask import request

from tracker.domain import access
from tracker.domain.people import Person
from tracker.domain.share_people import Colleague, has_head
from tracker.domain.views import PlanHead, ShareLine
from tracker.domain.work import State
from tracker.store.facts import CutOff
from tracker.store.share_people import PeopleOfShares
from tracker.web.forms import whole_number
from tracker.web.runtime import now

FIELDS = ("share", "doer", "stand_in")
"""Of the forms that give shares to people."""


@dataclass(frozen=True, slots=True)
class Giving:
    """What pages show of who does which share.

    `may` tells whether the person asking may give a share to people now, `gives` whether any of the person's unit.
    `marked` is what was chosen in a form that was refused: the ids sent in each of its FIELDS.
    """

    people: PeopleOfShares
    may: Callable[[ShareLine], bool]
    gives: bool
    marked: Mapping[str, Collection[int | None]]

    @property
    def able(self) -> list[Colleague]:
        """The people of one's unit whom its shares can be given to."""
        return [each for each in self.people.colleagues if each.may_do]


def giving(who: Person, plan: PlanHead, people: PeopleOfShares, cut: CutOff) -> Giving:
    """What may be given: nothing in a closed plan, nor on a page that shows the past, nor what is done or ended."""
    open_now = cut.until > now() and plan.state != "closed"
    headed = has_head(people.colleagues)
    gives = open_now and who.unit_id is not None and access.may_give(who, who.unit_id, headed)

    def may(share: ShareLine) -> bool:
        ended = share.status.ended is not None or share.facts.state is State.ACCEPTED
        return gives and share.unit.id == who.unit_id and not ended

    return Giving(people, may, gives, {name: set(map(whole_number, request.values.getlist(name))) for name in FIELDS})
