"""Who of a unit does its shares: given by its head, one share or many at once."""

from collections.abc import Collection
from datetime import datetime, tzinfo

from tracker.domain import access
from tracker.domain.assignments import FORMER
from tracker.domain.calendar_days import local_day
from tracker.domain.errors import NotFound, Refused, StaleState
from tracker.domain.people import Person
from tracker.domain.share_people import MOST_SHARES, NOBODY, check_named, has_head
from tracker.domain.words import N_
from tracker.store import share_people, work
from tracker.store.database import transaction
from tracker.store.feeds import touch_people_of_units
from tracker.store.share_people import GivenShare


def give(
    person: Person | None,
    share_ids: Collection[int],
    doers: Collection[int],
    stand_ins: Collection[int] | None,
    now: datetime,
    zone: tzinfo,
) -> list[GivenShare]:
    """Let people (ids) of one's unit do these shares from `now` on, and others stand in; nobody gives them back.

    With `stand_ins` None, who stands in for each share goes on doing so.
    Those who are not named any more stay in the history. `person` None is a command, whose shares are one unit's.
    Returns the shares. NotFound for a share that is none or that the person may not see, Forbidden for another unit's
    and for who is not its head, Refused for people who are not of the unit, StaleState for what is not the unit's work
    any more.
    """
    with transaction():
        found = _asked(person, share_ids)
        people = share_people.colleagues(found[0].unit_id, local_day(now, zone))
        for share in found:
            if person is not None:
                access.ask_to_give(person, share.unit_id, has_head(people))
            _ask_open(share, now, zone)
        named = share_people.named([share.id for share in found])
        for share in found:
            before = named.get(share.id, NOBODY)
            wanted = before.given_to(doers, stand_ins)
            check_named(wanted.doers, wanted.stand_ins, people)
            share_people.replace(share.id, wanted, person.id if person else None, now)
            share_people.tell_given(share, before, wanted, now=now, by=person)
        touch_people_of_units([found[0].unit_id], now)
    return found


def stop(person_ids: Collection[int], now: datetime, by: Person | None = None) -> None:
    """Let people be named for nothing any more, inside an open transaction: they left their unit, or their account."""
    units = share_people.units_naming(person_ids)
    share_people.end_of_people(person_ids, now, by=by)
    touch_people_of_units(units, now)


def _asked(person: Person | None, share_ids: Collection[int]) -> list[GivenShare]:
    """The shares asked for, each of a task that the person may see."""
    if not share_ids:
        raise Refused(N_("Hãy chọn ít nhất một phần việc để giao."))
    if len(share_ids) > MOST_SHARES:
        raise Refused(N_("Mỗi lần giao nhiều nhất %(most)s phần việc; hãy chọn ít hơn."), most=str(MOST_SHARES))
    found = share_people.shares(share_ids)
    if person is not None:
        for task_id in {share.task_id for share in found if share.unit_id != person.unit_id}:
            access.ask_to_see_task(person, work.unit_ids_of_task(task_id))
    if len(found) < len(set(share_ids)):
        raise NotFound(access.NOT_SEEN)
    return found


def _ask_open(share: GivenShare, now: datetime, zone: tzinfo) -> None:
    over = share.until_on is not None and share.until_on <= local_day(now, zone)
    if over or share.part == FORMER or share.plan_state == "closed":
        raise StaleState(
            N_("Nhiệm vụ số %(number)s không còn là việc đang làm của đơn vị. Hãy tải lại trang."), number=share.number
        )
