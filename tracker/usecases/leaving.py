"""Somebody leaves: what they still owe, and to whom it is handed over, before the account closes."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime

from tracker.domain.errors import Refused
from tracker.domain.people import ROLES_OF_UNITS, Person, Role
from tracker.domain.share_people import Named
from tracker.domain.views import PlanHead, UnitRef
from tracker.domain.words import N_
from tracker.domain.work import State
from tracker.store import people, plans, share_people
from tracker.store.confirming import manned_alone
from tracker.store.database import transaction
from tracker.store.feeds import touch_people
from tracker.store.unit_events import OpenShare, open_shares
from tracker.usecases import acting
from tracker.usecases.people import Correction, check_correction, correct_person, set_active

NOBODY = 0
DOCUMENT = "Bàn giao khi người phụ trách thôi làm việc ở đây"


class StillOwes(Refused):
    """Something is left behind, and nobody was named who takes it over."""


@dataclass(frozen=True, slots=True)
class Owed:
    """What a person leaves behind: open shares given to them, or all of their unit where they are its last.

    `heirs` may take it over: people of the same unit, or, for a unit that is left without anybody, of all others.
    `approvals` are the reports that wait for the unit's last head, `unmanned` the plans and monitors in which nobody
    else confirms.
    """

    shares: tuple[OpenShare, ...] = ()
    last_of_unit: bool = False
    heirs: tuple[Person, ...] = ()
    approvals: tuple[OpenShare, ...] = ()
    unmanned: tuple[tuple[PlanHead, UnitRef], ...] = ()

    @property
    def anything(self) -> bool:
        """Whether there is something to be read before the person goes."""
        return bool(self.shares or self.approvals or self.unmanned)


def owed(person: Person, today: date) -> Owed:
    """What the person owes on the day `today`. 5 queries, and 1 for each plan in force."""
    found = Owed(unmanned=_unmanned(person, today))
    if person.unit_id is None or person.role not in ROLES_OF_UNITS:
        return found
    reachable = [each for each in people.reachable(today) if each.active and each.role in ROLES_OF_UNITS]
    others = [each for each in reachable if each.id != person.id]
    colleagues = [each for each in others if each.unit_id == person.unit_id]
    listed = open_shares([person.unit_id], today)
    if person.role is Role.HEAD and all(each.role is not Role.HEAD for each in colleagues):
        waiting = [share for share in listed if share.share.state is State.APPROVING]
        found = replace(found, approvals=tuple(waiting))
    if not colleagues:
        heirs = {each.id: each for each in others}
        return replace(found, shares=tuple(listed), last_of_unit=True, heirs=tuple(heirs.values()))
    given = share_people.named([share.id for share in listed])
    own = [share for share in listed if share.id in given and person.id in given[share.id].everyone]
    return replace(found, shares=tuple(own), heirs=tuple(colleagues))


def _unmanned(person: Person, today: date) -> tuple[tuple[PlanHead, UnitRef], ...]:
    """The plans in force, with their monitors in which nobody but the person confirms."""
    if person.role is not Role.MONITOR:
        return ()
    in_force = [plan for plan in plans.heads() if plan.state == "in_force"]
    return tuple((plan, unit) for plan in in_force for unit in manned_alone(plan, today, person.id))


def leave(person: Person, heir_id: int | None, *, by: Person, now: datetime, today: date) -> Person:
    """Close the account, with what it owes handed over to the person `heir_id` (NOBODY: to nobody in particular).

    Refused where something is owed and nothing was said about it, and for an heir who cannot take it.
    """
    with transaction():
        _hand_over(person, owed(person, today), heir_id, by, now, today)
        return set_active(person.email, False, now=now, by=by)


def correct(
    person: Person, wanted: Correction, heir_id: int | None, *, by: Person, now: datetime, today: date
) -> Person:
    """Correct a person; what another unit or role makes them leave behind is handed over first, as in `leave`.

    StillOwes where nothing was said about it (`heir_id` None); Refused as for `correct_person`.
    """
    with transaction():
        check_correction(person, wanted, by)
        found = left_behind(person, wanted, today)
        if heir_id is None and found.anything:
            raise StillOwes(N_("Thay đổi này để lại việc ở đơn vị cũ. Hãy đọc dưới đây rồi xác nhận."))
        _hand_over(person, found, heir_id, by, now, today)
        return correct_person(person, wanted, now=now, by=by)


def left_behind(person: Person, wanted: Correction, today: date) -> Owed:
    """What a correction makes a person leave: with the unit all they owe, with the role what only they could answer."""
    if not person.active or (wanted.unit_code, wanted.role) == (person.unit_code, person.role):
        return Owed()
    found = owed(person, today)
    stays = wanted.unit_code == person.unit_code and wanted.role in ROLES_OF_UNITS
    return replace(found, shares=(), last_of_unit=False) if stays else found


def _hand_over(person: Person, found: Owed, heir_id: int | None, by: Person, now: datetime, today: date) -> None:
    heir = _heir(found, heir_id)
    if heir and found.last_of_unit and person.unit_code:
        acting.let_act(heir, person.unit_code, today, None, DOCUMENT, by=by, now=now)
    elif heir:
        _pass_on(person, heir, [share.id for share in found.shares], by, now)


def _heir(found: Owed, heir_id: int | None) -> Person | None:
    if not found.shares or heir_id == NOBODY:
        return None
    heir = next((each for each in found.heirs if each.id == heir_id), None)
    if heir is None:
        raise StillOwes(
            N_("Người này còn phần việc đang làm. Hãy chọn người nhận bàn giao, hoặc chọn chưa giao cho ai.")
        )
    return heir


def _pass_on(person: Person, heir: Person, share_ids: Collection[int], by: Person, now: datetime) -> None:
    """Put the heir in the leaver's place on every share that was given to them."""
    given = share_people.named(share_ids)
    for share in share_people.shares(share_ids):
        before = given[share.id]
        doers = _instead(before.doers, person, heir)
        after = Named(doers, _instead(before.stand_ins, person, heir) - doers)
        share_people.replace(share.id, after, by.id, now)
        share_people.tell_given(share, before, after, now=now, by=by, reason=DOCUMENT)
    touch_people([person.id, heir.id], now)


def _instead(ids: frozenset[int], person: Person, heir: Person) -> frozenset[int]:
    return (ids - {person.id}) | {heir.id} if person.id in ids else ids
