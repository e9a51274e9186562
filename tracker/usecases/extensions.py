"""Later due dates: a unit asks, whoever may confirm its share decides, and everything that shows a date follows."""

from datetime import date, datetime, tzinfo

from tracker.domain import access
from tracker.domain.calendar_days import local_day
from tracker.domain.extensions import Decision, Extension, Outcome, Request, check_decision, check_request
from tracker.domain.people import Person
from tracker.store import extensions, work
from tracker.store.confirming import who_answers
from tracker.store.database import transaction
from tracker.store.feeds import touch_milestones
from tracker.usecases.open_shares import ask_open


def ask(person: Person, share_id: int, request: Request, now: datetime, zone: tzinfo) -> int:
    """Ask for a later due date of a share of one's own unit; returns the id of its task.

    Before or after the due date, one request at a time. Raises NotFound, Forbidden, Refused or StaleState, nothing
    written then.
    """
    today = local_day(now, zone)
    with transaction():
        share = work.share_now(share_id)
        access.ask_to_see_task(person, share.task_unit_ids)
        access.ask_to_log(person, share.unit_id)
        ask_open(share, today)
        deadline = extensions.deadline_now(share)
        wanted = check_request(request, share.standing.state, deadline, today)
        assert deadline.due is not None
        asked = Extension(0, share.log_id, person.name, now, deadline.due, wanted, request.reason.strip())
        extensions.ask(asked, person.id)
    return share.task_id


def decide(person: Person, extension_id: int, decision: Decision, now: datetime, zone: tzinfo) -> tuple[int, int]:
    """Grant a request, grant another day, or refuse it; returns the ids of its task and share.

    By whoever may confirm the share, never of one's own unit. A granted day holds from `now` on: calendars and
    reminders follow.
    """
    return _settle(person, extension_id, decision, now, local_day(now, zone))


def withdraw(person: Person, extension_id: int, now: datetime, zone: tzinfo) -> tuple[int, int]:
    """Take back an undecided request of one's own unit; returns the ids of its task and share."""
    return _settle(person, extension_id, Decision(Outcome.WITHDRAWN), now, local_day(now, zone))


def _settle(person: Person, extension_id: int, decision: Decision, now: datetime, today: date) -> tuple[int, int]:
    with transaction():
        extension = extensions.one(extension_id)
        share = work.share_now(extensions.current_share(extension.share_id, today))
        access.ask_to_see_task(person, share.task_unit_ids)
        if decision.outcome is Outcome.WITHDRAWN:
            access.ask_to_log(person, share.unit_id)
        else:
            access.ask_to_confirm(person, who_answers(share, today))
            ask_open(share, today)
        deadline = extensions.deadline_now(share)
        granted = check_decision(decision, extension, share.standing.state, deadline, today)
        extensions.decide(extension_id, decision, granted, person.id, now)
        if granted is not None:
            touch_milestones([share.milestone_id], now)
    return share.task_id, share.id
