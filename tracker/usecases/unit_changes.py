"""What becomes of units: renamed, merged, split, dissolved, taken over, with their shares and their people."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from typing import Any

from tracker.domain import access
from tracker.domain.calendar_days import local_day
from tracker.domain.errors import Refused
from tracker.domain.people import Person
from tracker.domain.unit_events import (
    Change,
    Decision,
    Doing,
    EventKind,
    LoggedShare,
    check,
    check_decision,
    default_decision,
    ended,
)
from tracker.domain.units import Directory, Unit
from tracker.domain.words import N_
from tracker.store import people as stored_people
from tracker.store import unit_events as store
from tracker.store import unit_followers as followers
from tracker.store import units
from tracker.store.database import transaction
from tracker.store.feeds import touch_milestones, touching_new_names
from tracker.store.history import record_change
from tracker.store.unit_events import OpenShare
from tracker.usecases.units import add_unit

STAYS = ""
ENDINGS = {Doing.CLOSE: "closed", Doing.CANCEL: "cancelled"}


@dataclass(frozen=True, slots=True)
class Choices:
    """What a person decided about what an event touches; what is not named takes the event's default.

    `shares` by the id of the share, `all_shares` for every other one; `people` gives a unit's code (STAYS for none) by
    the id of the person.
    """

    shares: Mapping[int, Decision]
    people: Mapping[int, str]
    all_shares: Decision | None = None


NO_CHOICES = Choices({}, {})


@dataclass(frozen=True, slots=True)
class ChangeResult:
    """What an event did, or in a dry run would do: each open share with its decision, each person with a unit's code.

    `watched` are the titles of the plans that a unit that ends was watching. `waits` tells that the day is to come:
    people and monitors follow on it.
    """

    event_id: int | None
    change: Change
    dry_run: bool
    waits: bool
    shares: tuple[tuple[OpenShare, Decision], ...]
    people: tuple[tuple[Person, str], ...]
    watched: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The result as plain lists, texts and numbers."""
        change = self.change
        return {
            "event": self.event_id,
            "kind": change.kind.value,
            "on": change.on.isoformat(),
            "document": change.document,
            "units": list(change.units),
            "heirs": list(change.heirs),
            "dry_run": self.dry_run,
            "waits_for_its_day": self.waits,
            "shares": [_share_json(share, decision) for share, decision in self.shares],
            "people": [{"email": person.email, "to": code or None} for person, code in self.people],
            "watched_plans": list(self.watched),
        }


class _Undo(Exception):
    """Ends the transaction of a dry run without writing."""

    def __init__(self, result: ChangeResult) -> None:
        super().__init__()
        self.result = result


def change_units(
    change: Change,
    choices: Choices = NO_CHOICES,
    *,
    person: Person | None,
    now: datetime,
    zone: tzinfo = UTC,
    dry_run: bool = False,
) -> ChangeResult:
    """Record an event and let everything follow it, in one transaction; `now` is aware, `zone` gives its day.

    `person` is None for the command line. Forbidden for who is neither administrator nor monitor; Refused, with nothing
    written, where the event or a choice breaks a rule. A dry run undoes everything at the end.
    """
    if person is not None:
        access.ask_to_change_units(person)
    try:
        with transaction(), touching_new_names(now):
            result = _change(change, choices, person, now, zone, dry_run)
            if dry_run:
                raise _Undo(result)
            return result
    except _Undo as undo:
        return undo.result


def apply_due(now: datetime, zone: tzinfo) -> int:
    """Let people and monitors follow the events whose day has come by `now`; returns how many events that were."""
    today = local_day(now, zone)
    if not followers.due(today):
        return 0
    with transaction():
        events = followers.due(today)
        with touching_new_names(now):
            for event in events:
                followers.settle(event, now)
    return len(events)


def _change(
    change: Change, choices: Choices, person: Person | None, now: datetime, zone: tzinfo, dry_run: bool
) -> ChangeResult:
    known = units.directory()
    check(change, known, store.latest_by_unit())
    if _is_late_heir(change, known):
        change = replace(change, ends=True)
    for unit in change.founded:
        add_unit(replace(unit, starts_on=change.on), now=now, person=person)
    unit_ids = units.ids_by_code()
    subjects, heirs = [unit_ids[code] for code in change.units], [unit_ids[code] for code in change.heirs]
    event_id = store.add(change, unit_ids, person.id if person else None, now)
    if change.kind is EventKind.RENAME:
        _rename(change, known, unit_ids, event_id)
    ends = ended(change)
    listed = [] if change.kind is EventKind.RENAME else store.open_shares(subjects, change.on)
    watched = followers.watched_by(subjects) if ends else []
    decided = _decided(change, choices, listed)
    _pass_on(decided, change, unit_ids, event_id)
    if ends:
        store.end_units(subjects, change.on)
        if len(heirs) == 1:
            store.adopt(subjects, heirs[0], change.on, event_id)
    moves = _moves(change, choices, subjects)
    _write_down(change, known, unit_ids, moves, person, now)
    followers.add_moves(event_id, {each.id: unit_ids[code] for each, code in moves if code != STAYS})
    touched = {share.milestone_id for share, decision in decided if decision.doing is not Doing.LEAVE}
    touch_milestones(touched, now, left_units=[*subjects, *heirs])
    today = local_day(now, zone)
    for event in followers.due(today):
        followers.settle(event, now)
    return ChangeResult(
        event_id=None if dry_run else event_id,
        change=change,
        dry_run=dry_run,
        waits=change.on > today,
        shares=decided,
        people=moves,
        watched=tuple(watched),
    )


def _write_down(
    change: Change,
    known: Directory,
    unit_ids: Mapping[str, int],
    moves: Iterable[tuple[Person, str]],
    person: Person | None,
    now: datetime,
) -> None:
    """Put an event into the history of each of its units, and of each person who moves with it."""
    after = units.directory()
    heirs = [found.name for code in change.heirs if (found := after.get(code))]
    for code in change.units:
        old = known.get(code)
        assert isinstance(old, Unit)
        renamed = change.kind is EventKind.RENAME
        record_change(
            f"unit.{change.kind.value}",
            "unit",
            unit_ids[code],
            now=now,
            person=person,
            label=old.name,
            fields={"name": (old.name, change.name)} if renamed else {"heirs": (None, heirs)},
            reason=change.document,
        )
    for each, code in moves:
        if code != STAYS:
            fields = {"unit": (each.unit_code, code)}
            record_change(
                "person.moved", "person", each.id, now=now, person=person, fields=fields, reason=change.document
            )


def _is_late_heir(change: Change, known: Directory) -> bool:
    """Whether a takeover is from a unit that ended without an heir, who is found with it."""
    units_of = [known.get(code) for code in change.units]
    gone = all(isinstance(unit, Unit) and unit.ends_on is not None and not unit.successors for unit in units_of)
    return change.kind is EventKind.TAKEOVER and gone


def _rename(change: Change, known: Directory, unit_ids: Mapping[str, int], event_id: int) -> None:
    """New names for a unit; documents that use the old ones still find it."""
    unit = known.get(change.units[0])
    assert isinstance(unit, Unit)
    store.rename(unit_ids[unit.code], change, unit_ids.get(change.parent or ""), event_id)
    for former in (unit.name, unit.short_name):
        if former and units.directory().find(former) is None:
            units.add_alias(former, unit.code)


def _decided(change: Change, choices: Choices, listed: Iterable[OpenShare]) -> tuple[tuple[OpenShare, Decision], ...]:
    """Every open share with what becomes of it; Refused for a choice about a share that is not among them."""
    default = choices.all_shares or default_decision(change)
    found = tuple((each, choices.shares.get(each.id, default)) for each in listed)
    unknown = set(choices.shares) - {each.id for each, _ in found}
    if unknown:
        raise Refused(
            N_("Phần việc số %(ids)s không thuộc đơn vị này hoặc đã xong; hãy xem lại danh sách rồi chọn."),
            ids=", ".join(map(str, sorted(unknown))),
        )
    for _share, decision in found:
        check_decision(decision, change)
    return found


def _pass_on(
    decided: Iterable[tuple[OpenShare, Decision]], change: Change, unit_ids: Mapping[str, int], event_id: int
) -> None:
    given: dict[str, list[tuple[int, LoggedShare]]] = {}
    for share, decision in decided:
        if decision.doing is Doing.HAND and decision.heir:
            given.setdefault(decision.heir, []).append((share.milestone_id, share.share))
        elif decision.doing in ENDINGS:
            store.end_share(share.id, decision, ENDINGS[decision.doing], change.on, event_id)
    for heir, shares in given.items():
        store.hand_over(shares, unit_ids[heir], change.on, event_id)


def _moves(change: Change, choices: Choices, subjects: list[int]) -> tuple[tuple[Person, str], ...]:
    """Everybody of the units with the unit they go to: the one heir of units that end, else none unless chosen."""
    if change.kind is EventKind.RENAME:
        return ()
    default = change.heirs[0] if ended(change) and len(change.heirs) == 1 else STAYS
    listed = [each for each in stored_people.everyone() if each.unit_id in subjects]
    found = tuple((each, choices.people.get(each.id, default)) for each in listed)
    for each, code in found:
        if code not in (STAYS, *change.heirs):
            raise Refused(
                N_("%(person)s không chuyển được về “%(code)s”: đó không phải đơn vị nhận."),
                person=each.name,
                code=code,
            )
    return found


def _share_json(share: OpenShare, decision: Decision) -> dict[str, Any]:
    return {
        "share": share.id,
        "unit": share.unit_code,
        "part": share.share.part,
        "plan": share.plan_id,
        "task": share.number,
        "title": share.title,
        "milestone": share.ordinal,
        "due": share.due.isoformat() if share.due else None,
        "state": share.share.state.value,
        "percent": share.share.percent,
        "decision": decision.doing.value,
        "heir": decision.heir,
        "reason": decision.reason,
    }
