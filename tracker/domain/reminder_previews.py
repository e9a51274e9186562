"""What rules would send on a range of days: a rehearsal, with a ledger of its own that nobody keeps."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from tracker.domain.calendar_days import ONE_DAY
from tracker.domain.people import Person
from tracker.domain.reminder_decisions import decide
from tracker.domain.reminder_facts import History, OwedShare, standing_on
from tracker.domain.reminder_people import Office
from tracker.domain.reminder_rules import Rule
from tracker.domain.reminders import Digest, Ledger, Telling

# By then everybody's hour has come.
_EVENING = time(23, 59)


@dataclass(frozen=True, slots=True)
class Reminded:
    """That somebody is reminded of a share on a day; None is of how the plans stand."""

    day: date
    person: Person
    share: OwedShare | None


def would_send(
    rules: Sequence[Rule],
    histories: Sequence[History],
    office: Office,
    first: date,
    last: date,
    told: Iterable[Telling] = (),
) -> list[Digest]:
    """Every digest that these rules would make from the day `first` to the day `last`, both included, in their order.

    Each day is decided on the shares as they stood when it began, on those of today for a day to come: nobody reports
    anything in a rehearsal. `told` is what the ledger knows by then: without it the first day tells all that is live on
    it, and whose day `first` was told something already waits for the next. People, preferences and days off are those
    of today. An urgent line that would have a message of its own is in the digest of its day.
    """
    lines: dict[int, list[Telling]] = {}
    for each in told:
        lines.setdefault(each.share_id, []).append(each)
    had = frozenset((each.person_id, each.channel) for some in lines.values() for each in some if each.told_on == first)
    standing = _Standing(histories)
    looks: dict[int, datetime | None] = {}
    made: list[Digest] = []
    for day in (each for each in _days(first, last) if not office.days_off.is_off(each)):
        evening = datetime.combine(day, _EVENING, office.zone)
        looks.update(dict.fromkeys(standing.move_to(day), evening))
        due = [each for each in standing.shares() if (look := looks.get(each.id)) and look <= evening]
        known = [telling for each in due for telling in lines.get(each.id, ())]
        found = decide(rules, due, office, Ledger(known, had if day == first else frozenset()), evening)
        looks.update(found.looks)
        for telling in (each for digest in found.digests for each in digest.tellings()):
            lines.setdefault(telling.share_id, []).append(telling)
        made += found.digests
    return made


def by_rule(digests: Iterable[Digest]) -> dict[str, tuple[Reminded, ...]]:
    """Who is reminded of what under each rule, by its code; a line that goes over several channels is one."""
    found: dict[str, dict[tuple[date, int, int, str], Reminded]] = {}
    for each in digests:
        for item in each.items:
            for telling in item.tellings:
                key = (each.day, each.person.id, telling.share_id, telling.subject)
                found.setdefault(telling.rule_code, {})[key] = Reminded(each.day, each.person, item.share)
    return {code: tuple(lines.values()) for code, lines in found.items()}


class _Standing:
    """The shares as they stood when a day began, moved on from day to day: only what changed is made anew."""

    def __init__(self, histories: Sequence[History]) -> None:
        self._of_milestone: dict[int, list[History]] = {}
        for each in histories:
            self._of_milestone.setdefault(each.share.milestone_id, []).append(each)
        self._changes = {
            milestone: sorted({day for each in some for day in _happened(each)})
            for milestone, some in self._of_milestone.items()
        }
        self._at: date | None = None
        self._shares: dict[int, list[OwedShare]] = {}

    def move_to(self, day: date) -> list[int]:
        """Go on to a later day; returns the shares that are new or stand otherwise since."""
        before, self._at = self._at, day
        moved = []
        for milestone, histories in self._of_milestone.items():
            if before is None or any(before <= each < day for each in self._changes[milestone]):
                self._shares[milestone] = standing_on(histories, day)
                moved += [share.id for share in self._shares[milestone]]
        return moved

    def shares(self) -> Iterator[OwedShare]:
        """Those that are owed on the day."""
        for some in self._shares.values():
            yield from some


def _happened(history: History) -> Iterator[date]:
    """The days on which something about a share changed."""
    yield from (line.day for line in history.log)
    for request in history.requests:
        yield request.asked_on
        if request.decided_on:
            yield request.decided_on
    for own in history.checkpoints:
        yield own.added_on
        if own.done_on:
            yield own.done_on
    yield from (each.day for each in history.urged)


def _days(first: date, last: date) -> Iterator[date]:
    yield from (first + n * ONE_DAY for n in range((last - first) // timedelta(days=1) + 1))
