"""What rules would send on a range of days: a rehearsal, with a ledger of its own that nobody keeps."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta

from tracker.domain.reminder_decisions import decide
from tracker.domain.reminder_facts import History, standing_on
from tracker.domain.reminder_people import Office
from tracker.domain.reminder_rules import Rule
from tracker.domain.reminders import Digest, Ledger, Telling

# By then everybody's hour has come.
_EVENING = time(23, 59)


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
    anything in a rehearsal. `told` is what the ledger knows before `first`; without it the first day tells all that is
    live on it. People, preferences and days off are those of today. An urgent line that would have a message of its own
    is in the digest of its day.
    """
    lines = [line for line in told if line.told_on < first]
    made: list[Digest] = []
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    for day in (each for each in days if not office.days_off.is_off(each)):
        evening = datetime.combine(day, _EVENING, office.zone)
        found = decide(rules, standing_on(histories, day), office, Ledger(lines), evening).digests
        lines += [telling for each in found for telling in each.tellings()]
        made += found
    return made


def by_rule(digests: Iterable[Digest]) -> dict[str, list[tuple[Digest, Telling]]]:
    """The lines of digests by the rule that makes each, with the digest it is in."""
    found: dict[str, list[tuple[Digest, Telling]]] = {}
    for each in digests:
        for telling in each.tellings():
            found.setdefault(telling.rule_code, []).append((each, telling))
    return found
