"""The rules of reminders in the table."""

from collections.abc import Iterable

import sqlalchemy as sa

from tracker.domain.reminder_rules import Audience, Event, Rule
from tracker.store.database import session
from tracker.store.inserts import insert_if_new
from tracker.store.looks import wake_all
from tracker.store.tables import ReminderRecord, ReminderRule


def rules(*, idle_too: bool = False, of: Event | None = None) -> list[Rule]:
    """The rules in use, in their own order, or those `of` one event; with `idle_too` also what is off. 1 query."""
    query = sa.select(ReminderRule).order_by(ReminderRule.position, ReminderRule.code)
    query = query if of is None else query.where(ReminderRule.event == of.value)
    found = [_rule(row) for row in session().scalars(query)]
    return [rule for rule in found if rule.active or idle_too]


def by_code() -> dict[str, Rule]:
    """Every rule there is, by code."""
    return {rule.code: rule for rule in rules(idle_too=True)}


def add_rules(shipped: Iterable[Rule]) -> int:
    """Store the rules whose codes are not there yet; returns how many were added, and looks at everything if any."""
    added = sum(
        insert_if_new(ReminderRule, code=rule.code, position=position, **_columns(rule))
        for position, rule in enumerate(shipped, start=1)
    )
    if added:
        wake_all()
    return added


def save(rule: Rule, position: int | None = None) -> None:
    """Put a rule in the place of the one with its code, or add it at the end; reminders look at everything anew."""
    there = session().get(ReminderRule, rule.code)
    last = session().scalar(sa.select(sa.func.max(ReminderRule.position))) or 0
    row = there or ReminderRule(code=rule.code, position=last + 1)
    for name, value in _columns(rule).items():
        setattr(row, name, value)
    if position is not None:
        row.position = position
    session().add(row)
    session().flush()
    wake_all()


def was_told(code: str) -> bool:
    """Whether the ledger has a line of that rule."""
    return session().scalar(sa.select(sa.exists().where(ReminderRecord.rule_code == code))) or False


def remove(code: str) -> None:
    """Take a rule away that never told anything; what it would have spoken of is looked at anew."""
    session().execute(sa.delete(ReminderRule).where(ReminderRule.code == code))
    wake_all()


def _rule(row: ReminderRule) -> Rule:
    return Rule(
        code=row.code,
        days=row.days,
        event=Event(row.event),
        every=row.every,
        times=row.times,
        weekday=row.weekday,
        to=frozenset(map(Audience, row.audiences)),
        except_kinds=frozenset(row.except_kinds),
        urgent=row.urgent,
        urged=row.urged,
        name=row.name,
        active=row.active,
    )


def _columns(rule: Rule) -> dict[str, object]:
    plain = ("name", "days", "every", "times", "weekday", "urgent", "urged", "active")
    return {
        **{name: getattr(rule, name) for name in plain},
        "event": rule.event.value,
        "audiences": sorted(rule.to),
        "except_kinds": sorted(rule.except_kinds),
    }
