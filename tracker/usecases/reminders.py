"""The tick of reminders: plan what is due into the outbox, deliver, sweep. Run it at will: each is told once."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from typing import Any, TypeVar

from tracker.adapters.reminder_rules import load_rules
from tracker.domain.calendar_days import day_start, local_day
from tracker.domain.outbox import BELL, MAIL, Mail
from tracker.domain.reminder_decisions import decide
from tracker.domain.reminder_facts import OwedShare
from tracker.domain.reminders import Decision, Ledger, Reason, Skip, may_go
from tracker.store import looks, outbox, preferences, reminder_facts, reminder_rules, reminders, units
from tracker.store.database import transaction
from tracker.usecases import digests, log_drafts, weekly
from tracker.usecases.history import sweep_history
from tracker.usecases.outbox import Desk, deliver, sweep
from tracker.usecases.unit_changes import apply_due

T = TypeVar("T", Mail, outbox.Draft)


# Of so many shares one look takes under a second; more are looked at in portions first.
FEW = 2_000


@dataclass(frozen=True, slots=True)
class Planned:
    """What planning put into the outbox (ids), or would put there (drafts), and what it left out."""

    drafts: tuple[outbox.Draft, ...] = ()
    ids: tuple[int, ...] = ()
    skipped: tuple[Skip, ...] = ()


@dataclass(frozen=True, slots=True)
class TickResult:
    """What one tick did, at `now` (aware, UTC)."""

    now: datetime
    planned: int
    sent: int
    failed: int
    skipped: tuple[Skip, ...]
    messages: tuple[dict[str, Any], ...]

    def as_json(self, zone: tzinfo) -> dict[str, Any]:
        """The document of `tracker remind --json`; the moment is told in `zone`."""
        return {
            "now": self.now.astimezone(zone).isoformat(),
            "planned": self.planned,
            "sent": self.sent,
            "failed": self.failed,
            "skipped": [_skip_json(skip) for skip in self.skipped],
            "messages": list(self.messages),
        }


def ensure_rules() -> int:
    """Store the rules that come with the program where they are missing; returns how many. A use case of its own."""
    with transaction():
        return reminder_rules.add_rules(load_rules())


def tick(desk: Desk, *, dry_run: bool = False) -> TickResult:
    """One tick: let people follow their units, plan, deliver, sweep. A dry run plans, tells it, and writes nothing."""
    now = desk.clock()
    if not dry_run:
        apply_due(now, desk.zone)
        sweep_history(now, desk.history_months)
    planned = plan(now, desk.zone, desk.base_url, list(desk.channels), dry_run=dry_run)
    if dry_run:
        would = [_message_json(each, "pending") for each in _told_once(planned.drafts)]
        return TickResult(now, len(would), 0, 0, planned.skipped, tuple(would))
    done = deliver(desk)
    sweep(desk.clock())
    log_drafts.sweep(desk.clock())
    touched = _told_once(outbox.by_ids({*planned.ids, *done.sent, *done.failed}))
    return TickResult(
        now=now,
        planned=sum(each.id in planned.ids for each in touched),
        sent=sum(each.id in done.sent for each in touched),
        failed=sum(each.id in done.failed for each in touched),
        skipped=tuple(dict.fromkeys((*planned.skipped, *done.skipped))),
        messages=tuple(_message_json(each, each.state.value) for each in touched),
    )


def _told_once(messages: Iterable[T]) -> list[T]:
    """The messages without those of a bell whose person gets the same beside, by mail or otherwise."""
    found = list(messages)
    beside = {(each.person_id, each.kind) for each in found if each.channel != BELL}
    return [each for each in found if each.channel != BELL or (each.person_id, each.kind) not in beside]


def plan(now: datetime, zone: tzinfo, base_url: str, channels: Collection[str], *, dry_run: bool = False) -> Planned:
    """Write every message that is due at `now` into the outbox, one digest per person, channel and day.

    Only the shares whose next look has come are read; a dry run looks at all, and tells of each why it is not told.
    What an earlier day could not send is told anew with what is due today where mail is among the `channels` of this
    installation; without a mail server it counts as told, for it can be read in the outbox. Planned twice, by any
    number of processes, it is there once.
    """
    unsent_before = day_start(local_day(now, zone), zone) if MAIL in channels else None
    left = bool(unsent_before and reminders.missed(unsent_before))
    closed = may_go(now, zone, off := units.days_off())
    pages = [] if closed else weekly.drafts(now, zone, base_url, {MAIL, BELL, *channels}, off)
    if not (dry_run or left or pages or looks.any_due(now)):
        return Planned()
    if closed:
        return Planned(skipped=(Skip(closed),))
    if dry_run:
        decision = _decision(now, zone, reminder_facts.owed(now, zone), channels, unsent_before)
        return Planned((*pages, *digests.drafts(decision.digests, base_url, now)), (), decision.skipped)
    try:
        while looks.more_due(now, FEW):
            _look_ahead(now, zone, channels)
        with transaction():
            if unsent_before:
                _take_back(unsent_before, now)
            added = outbox.add_all(pages, now)
            planned = _write(now, zone, base_url, channels)
            return replace(planned, drafts=(*pages, *planned.drafts), ids=(*added.values(), *planned.ids))
    except looks.Held:
        return Planned(skipped=(Skip(Reason.BUSY),))


def _look_ahead(now: datetime, zone: tzinfo, channels: Collection[str]) -> None:
    """Send some of very many shares to sleep that have nothing to say now; those that have wait for the others.

    So that a first look at everything holds up nobody who writes for long, and digests are whole all the same.
    """
    with transaction():
        taken = looks.take(now, FEW)
        decision = _decision(now, zone, reminder_facts.owed(now, zone, taken), channels)
        speaking = dict.fromkeys((item.share.id for found in decision.digests for item in found.items), now)
        looks.put(_next_looks(taken, decision, now, zone) | speaking)


def _next_looks(taken: list[int], decision: Decision, now: datetime, zone: tzinfo) -> dict[int, datetime | None]:
    """When to look at each of the shares again that were taken."""
    begins = looks.not_begun([each for each in taken if each not in decision.looks], local_day(now, zone))
    found = {**dict.fromkeys(taken), **{each: day_start(day, zone) for each, day in begins.items()}}
    return found | {each: moment for each, moment in decision.looks.items() if each in found}


def _write(now: datetime, zone: tzinfo, base_url: str, channels: Collection[str]) -> Planned:
    """Decide on the shares whose time has come, put the messages out, and note the next looks."""
    taken = looks.take(now)
    decision = _decision(now, zone, reminder_facts.owed(now, zone, taken), channels)
    next_looks = _next_looks(taken, decision, now, zone)
    drafts = digests.drafts(decision.digests, base_url, now)
    ids = outbox.add_all(drafts, now)
    told = []
    for found, draft in zip(decision.digests, drafts, strict=True):
        if draft.key in ids:
            told += [(telling, ids[draft.key]) for telling in found.tellings()]
        else:  # of the same day already: what it does not hold is looked at again
            for item in found.items:
                next_looks.pop(item.share.id, None)
    reminders.write_down(told)
    looks.put(next_looks)
    return Planned(tuple(drafts), tuple(ids.values()), decision.skipped)


def _decision(
    now: datetime,
    zone: tzinfo,
    shares: list[OwedShare],
    channels: Collection[str],
    unsent_before: datetime | None = None,
) -> Decision:
    """What a moment asks for about these shares, as the tables stand. A fixed number of queries.

    Mail and bell are planned in any case, for both can be read here; other channels where the installation has them.
    """
    rules, today = reminder_rules.rules(), local_day(now, zone)
    ledger = Ledger(
        reminders.told([share.id for share in shares], zone, unsent_before),
        frozenset(outbox.recipients_since(digests.KIND, day_start(today, zone))),
    )
    decision = decide(rules, shares, preferences.office(today, zone), ledger, now)
    there = {MAIL, BELL, *channels}
    decision = replace(decision, digests=tuple(each for each in decision.digests if each.channel in there))
    return decision if rules else replace(decision, skipped=(Skip(Reason.NO_RULES),))


def _take_back(before: datetime, now: datetime) -> None:
    """Let what earlier days could not send be told anew; a message still waiting is set aside."""
    for message_id, dead in reminders.missed(before):
        if dead or outbox.set_aside(message_id, now, Reason.NEXT_DIGEST.value):
            reminders.free(message_id)


def _skip_json(skip: Skip) -> dict[str, Any]:
    """Why something was not sent, with the task and unit, or the address, that it was about."""
    about: Mapping[str, Any] = {}
    if skip.share:
        due = skip.share.due.isoformat() if skip.share.due else None
        about = {"task": skip.share.number, "unit": skip.share.unit_name, "due": due, "event": skip.event}
    elif skip.to:
        about = {"to": skip.to}
    return {"reason": skip.reason.value, **about}


def _message_json(message: Mail | outbox.Draft, state: str) -> dict[str, Any]:
    """A message as `remind --json` tells it; `rule` is that of its most pressing line, `items` has every line's."""
    items: Sequence[Mapping[str, Any]] = message.items
    return {
        "to": message.to_address,
        "channel": message.channel,
        "rule": items[0]["rule"] if items else message.kind if message.kind == weekly.KIND else None,
        "subject": message.subject,
        "tasks": [item["task"] for item in items],
        "state": state,
        "items": [{name: item[name] for name in ("task", "rule", "due", "unit")} for item in items],
    }
