"""Who of the unit does a share: the forms that say so, for one share on its task's page, for many on my unit's."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from tracker.domain import access
from tracker.domain.errors import Refused, StaleState
from tracker.domain.people import Person
from tracker.domain.share_people import Colleague, has_head
from tracker.domain.views import PlanHead, ShareLine
from tracker.domain.words import N_
from tracker.domain.work import State
from tracker.store import share_people
from tracker.store.facts import CutOff
from tracker.store.share_people import PeopleOfShares
from tracker.usecases.share_people import give
from tracker.web.forms import to_share, whole_number
from tracker.web.runtime import gettext, now, person, runtime, today

pages = Blueprint("share_people", __name__)

GIVEN = N_("Đã giao %(count)s phần việc cho %(names)s.")
FREE = N_("%(count)s phần việc nay là việc chung của đơn vị: cả đơn vị được nhắc.")
FIELDS = ("share", "doer", "stand_in")


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

    return Giving(people, may, gives, {name: set(map(whole_number, request.args.getlist(name))) for name in FIELDS})


@pages.post("/shares/<int:share_id>/people")
def one(share_id: int) -> Response:
    """Say who does one share."""
    return to_share(_give([share_id]), share_id)


@pages.post("/my/people")
def many() -> Response:
    """Say who does the chosen shares of the unit; where that is refused, the list says why, with what was chosen."""
    asked: dict[str, Any] = {name: request.form.get(name) or None for name in ("as_of", "plan", "part", "who", "page")}
    try:
        _give(_ids("share"))
    except (Refused, StaleState) as problem:
        flash(problem.text(gettext), "error")
        asked |= {name: request.form.getlist(name) for name in FIELDS}
    return redirect(url_for("work.mine", **asked), code=303)


@pages.get("/my/people")
def back_to_list() -> Response:
    """The form's own address, opened again, leads to the list."""
    return redirect(url_for("work.mine"))


def _give(share_ids: list[int]) -> int:
    """Gives the shares to the people of the form; returns the id of the first one's task."""
    doers, stand_ins = _ids("doer"), _ids("stand_in")
    found = give(person(), share_ids, doers, stand_ins, now(), runtime().zone)
    names = {each.id: each.name for each in share_people.colleagues(found[0].unit_id, today())}
    said = GIVEN if doers else FREE
    flash(gettext(said, count=str(len(found)), names=", ".join(names[each] for each in doers)), "success")
    return found[0].task_id


def _ids(name: str) -> list[int]:
    """The ids of a form's field, empty ones left out; Refused for what is no id."""
    texts = [text for text in request.form.getlist(name) if text]
    if not all(text.isascii() and text.isdigit() and len(text) < 10 for text in texts):
        raise Refused(N_("Biểu mẫu có ô không hợp lệ. Hãy tải lại trang rồi chọn lại."))
    return list(dict.fromkeys(map(int, texts)))
