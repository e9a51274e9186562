"""A unit's own days before a due date: set, ticked off, opened again, removed."""

from datetime import date, datetime, tzinfo
from enum import StrEnum

from tracker.domain import access
from tracker.domain.calendar_days import local_day
from tracker.domain.checkpoints import check_checkpoint
from tracker.domain.errors import StaleState
from tracker.domain.people import Person
from tracker.domain.words import N_
from tracker.domain.work import SETTLED
from tracker.store import checkpoints, extensions, share_people, work
from tracker.store.database import transaction
from tracker.store.history import record_change
from tracker.usecases.open_shares import ask_open


class Doing(StrEnum):
    """What is done with a checkpoint."""

    DONE = "done"
    REOPEN = "reopen"
    REMOVE = "remove"


def add(person: Person, share_id: int, day: date | None, title: str, now: datetime, zone: tzinfo) -> int:
    """Set a day for a share of one's own unit that is still to be done; returns the id of its task."""
    today = local_day(now, zone)
    with transaction():
        share = _own(person, share_id, today)
        deadline = extensions.deadline_now(share)
        checked, words = check_checkpoint(day, title, deadline, checkpoints.known(share.log_id), today)
        checkpoints.add(share.log_id, checked, words, person.id, now)
        _remember(person, "set", share, (None, [checked, words]), now)
    return share.task_id


def change(person: Person, checkpoint_id: int, doing: Doing, now: datetime, zone: tzinfo) -> tuple[int, int]:
    """Tick a checkpoint off, open it again or remove it; returns the ids of its task and of the share."""
    today = local_day(now, zone)
    with transaction():
        log_id, day, title = checkpoints.by_id(checkpoint_id)
        share = _own(person, extensions.current_share(log_id, today), today)
        if doing is Doing.REMOVE:
            checkpoints.remove(checkpoint_id)
        else:
            checkpoints.set_done(checkpoint_id, now if doing is Doing.DONE else None)
        told = [day, title]
        _remember(person, doing.value, share, (told, None) if doing is Doing.REMOVE else (None, told), now)
    return share.task_id, share.id


def _remember(
    person: Person,
    doing: str,
    share: work.ShareNow,
    told: tuple[list[object] | None, list[object] | None],
    now: datetime,
) -> None:
    (named,) = share_people.shares([share.id])
    record_change(
        f"checkpoint.{doing}",
        "share",
        share.id,
        now=now,
        person=person,
        label=f"{named.number}. {named.title}",
        plan_id=named.plan_id,
        unit_id=share.unit_id,
        fields={"checkpoint": told},
    )


def _own(person: Person, share_id: int, today: date) -> work.ShareNow:
    share = work.share_now(share_id)
    access.ask_to_see_task(person, share.task_unit_ids)
    access.ask_to_log(person, share.unit_id)
    ask_open(share, today)
    if share.standing.state in SETTLED:
        raise StaleState(N_("Phần việc này đã xong hoặc không áp dụng, nên không đặt mốc nội bộ nữa."))
    return share
