"""Monitors and administrators say by which rules people are reminded, and see before what that would send."""

import hashlib
import secrets
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass, replace
from datetime import date, datetime, timedelta, tzinfo
from functools import cache

from tracker.domain import access
from tracker.domain.calendar_days import ONE_DAY, DaysOff, local_day
from tracker.domain.errors import NotFound, Refused, StaleState
from tracker.domain.people import Person
from tracker.domain.reminder_facts import LEAD, History
from tracker.domain.reminder_people import Office
from tracker.domain.reminder_previews import Reminded, by_rule, would_send
from tracker.domain.reminder_rules import Event, Rule, check_rule, described, headline
from tracker.domain.weekly_pages import pages
from tracker.domain.words import N_, filled, identity
from tracker.domain.work import SETTLED
from tracker.store import preferences, reminder_facts, reminder_rules, reminders
from tracker.store.database import transaction
from tracker.store.history import record_change
from tracker.usecases import weekly

SPAN = timedelta(days=30)
OWN = "own-"
MOST_SHARES = 1_500
"""So many shares a page rehearses, about a second's work; of more the newest, and it says so."""

Translate = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """Whom rules would have reminded from `since` to yesterday, and would from today to `until`, by the rule's code.

    `a_part` tells that there are more shares than were rehearsed.
    """

    since: date
    until: date
    past: dict[str, tuple[Reminded, ...]]
    coming: dict[str, tuple[Reminded, ...]]
    a_part: bool = False


def is_own(rule: Rule) -> bool:
    """Whether the office made the rule; those that come with the program would come back with its next start."""
    return rule.code.startswith(OWN)


def fingerprint(rule: Rule) -> str:
    """What tells whether a rule is still the one that a form was opened on."""
    said = [sorted(each) if isinstance(each, frozenset) else each for each in astuple(rule)]
    return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


def words(rule: Rule, translate: Translate = identity) -> tuple[str, str, str]:
    """What a rule is called, when it speaks, and to whom, in a language."""
    when, to = (", ".join(filled(*each, translate) for each in phrases) for phrases in described(rule))
    return filled(*headline(rule), translate), when, to


def add(person: Person | None, rule: Rule, now: datetime) -> Rule:
    """Add a rule at the end, with a code of its own; `person` None is a command. Forbidden, Refused."""
    _ask(person)
    check_rule(rule)
    made = replace(rule, code=f"{OWN}{secrets.token_hex(4)}")
    with transaction():
        reminder_rules.save(made)
        _remember("rule.added", person, None, made, now)
    return made


def change(person: Person | None, rule: Rule, seen: str, now: datetime) -> bool:
    """Put a rule in the place of the one with its code; False where it is that rule already.

    `seen` is the fingerprint of the rule on the page: StaleState where it is another one by now. NotFound, Forbidden,
    Refused.
    """
    _ask(person)
    check_rule(rule)
    with transaction():
        before = _found(rule.code)
        if before == rule:
            return False
        _ask_unchanged(before, seen)
        reminder_rules.save(rule)
        _remember("rule.changed", person, before, rule, now)
    return True


def switch(person: Person | None, code: str, active: bool, now: datetime) -> Rule:
    """Switch a rule on or off; what it told before stays told. NotFound, Forbidden."""
    _ask(person)
    with transaction():
        before = _found(code)
        after = replace(before, active=active)
        if after != before:
            reminder_rules.save(after)
            _remember("rule.changed", person, before, after, now)
    return after


def remove(person: Person | None, code: str, seen: str, now: datetime) -> Rule:
    """Take away a rule of the office's own that never told anything.

    NotFound, Forbidden, StaleState as for a change, Refused for one that told something or came with the program.
    """
    _ask(person)
    with transaction():
        before = _found(code)
        _ask_unchanged(before, seen)
        if not is_own(before):
            raise Refused(N_("Quy tắc có sẵn chỉ tắt được, không xóa được."))
        if reminder_rules.was_told(code):
            raise Refused(N_("Đã có thư nhắc theo quy tắc này, nên không xóa được; hãy tắt quy tắc."))
        reminder_rules.remove(code)
        _remember("rule.removed", person, before, None, now)
    return before


def rehearse(rules: Sequence[Rule], now: datetime, zone: tzinfo, *, everything: bool = False) -> Rehearsal:
    """What these rules would have sent in the thirty days before today, and would send in the thirty from today on.

    The ledger tells what was said before. Of more than MOST_SHARES the newest alone, but for `everything`. 8 queries.
    """
    today = local_day(now, zone)
    since, until = today - SPAN, today + SPAN - ONE_DAY
    histories = reminder_facts.histories(now, zone, most=None if everything else MOST_SHARES + 1)
    a_part = not everything and len(histories) > MOST_SHARES
    histories = histories[1:] if a_part else histories
    off = histories[0].share.calendar.days_off if histories else DaysOff()
    people, chosen = preferences.reachable(today)
    office = Office(people, off, zone, chosen)
    told = reminders.told([each.share.id for each in histories], zone)
    speaking = [rule for rule in rules if rule.active]
    before = [line for line in told if line.told_on < since]
    past = by_rule(would_send(speaking, histories, office, since, today - ONE_DAY, before))
    coming = by_rule(would_send(speaking, histories, office, today, until, told))
    for rule in [each for each in speaking if each.event is Event.WEEKLY][:1]:  # of several only the first speaks
        past[rule.code], coming[rule.code] = _weekly(rule, office, histories, today)
    return Rehearsal(since, until, past, coming, a_part)


def _weekly(
    rule: Rule, office: Office, histories: Sequence[History], today: date
) -> tuple[tuple[Reminded, ...], tuple[Reminded, ...]]:
    """The weekly pages of the thirty days before today, and of the thirty from today on; one query."""

    @cache
    def owed_on(day: date) -> bool:
        as_of = min(day, today)
        return any(each.share.part == LEAD and each.on(as_of).state not in SETTLED for each in histories)

    since = today - SPAN
    monday = since - timedelta(days=since.weekday())
    past = [each for each in pages(rule, office, monday, today - ONE_DAY, (), owed_on) if each[0] >= since]
    had = weekly.had_in_week(today, office.zone)
    coming = pages(rule, office, today, today + SPAN - ONE_DAY, had, owed_on)
    first, second = (tuple(Reminded(day, person, None) for day, person in some) for some in (past, coming))
    return first, second


def _ask(person: Person | None) -> None:
    if person is not None:
        access.ask_to_set_reminder_rules(person)


def _found(code: str) -> Rule:
    found = reminder_rules.by_code().get(code)
    if found is None:
        raise NotFound(N_("Không có quy tắc nhắc việc này. Hãy mở lại từ danh sách quy tắc."))
    return found


def _ask_unchanged(rule: Rule, seen: str) -> None:
    if fingerprint(rule) != seen:
        raise StaleState(N_("Người khác vừa sửa quy tắc này. Hãy xem quy tắc hiện nay ở trên rồi lưu lại nếu vẫn cần."))


def _remember(what: str, person: Person | None, before: Rule | None, after: Rule | None, now: datetime) -> None:
    known = after or before
    assert known
    told = [_told(each) if each else {} for each in (before, after)]
    fields = {name: (told[0].get(name), told[1].get(name)) for name in _told(known)}
    label = words(known)[0]
    record_change(what, "reminder_rule", None, now=now, person=person, label=label, fields=fields)


def _told(rule: Rule) -> dict[str, object]:
    """A rule as the history tells it."""
    _, when, to = words(rule)
    return {
        "name": rule.name or None,
        "speaks": when,
        "audiences": to,
        "except_kinds": sorted(rule.except_kinds),
        "in_use": rule.active,
    }
