"""Decisions that change a plan: what they replaced, field by field, and the plan of any day from what holds now.

A plan is looked at as things (tasks, milestones, shares) with fields of text. The difference between two looks is a
list of changes; undoing them, the latest first, gives the earlier look exactly.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Literal

from tracker.domain.assignments import FORMER
from tracker.domain.differences import StoredMilestone, StoredTask
from tracker.domain.errors import Refused
from tracker.domain.names import search_key, squeeze
from tracker.domain.plan_document import Party, Place, ReadMilestone, ReadTask
from tracker.domain.words import N_

Subject = Literal["task", "milestone", "share"]
Key = tuple[Subject, int]
THERE = "there"
LONGEST_NUMBER, LONGEST_TEXT = 80, 300


@dataclass(frozen=True, slots=True)
class AmendmentHead:
    """A decision that changes a plan: its number, the day it was issued, who issued it, the kept document if any."""

    number: str
    issued_on: date
    issuer: str | None = None
    note: str = ""
    document_id: int | None = None

    @property
    def key(self) -> str:
        """Its number as numbers are compared: spaces, marks and capitals aside."""
        return search_key(self.number).replace(" ", "")


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """When (UTC), by whose hand and why a decision that had been recorded by mistake was taken back."""

    at: datetime
    person_name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Amendment:
    """A stored decision; `withdrawn` where it was taken back."""

    id: int
    plan_id: int
    head: AmendmentHead
    withdrawn: Withdrawal | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One value replaced by a decision; `field` THERE tells that the thing itself is new."""

    subject: Subject
    subject_id: int
    task_id: int
    field: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class Thing:
    """A task, milestone or share as fields of text; `parent` is what it belongs to."""

    task_id: int
    fields: Mapping[str, str | None]
    parent: Key | None = None


Look = Mapping[Key, Thing]


def changes_between(before: Look, after: Look) -> tuple[Change, ...]:
    """What turned one look into the other. Nothing is ever deleted, so `after` has every thing of `before`.

    What belongs to a new thing needs no change of its own. A share that is new on an old milestone was `former`.
    """
    found: list[Change] = []
    for key, thing in after.items():
        old = before.get(key)
        if old is None and thing.parent is not None and thing.parent not in before:
            continue
        if old is None and key[0] == "share":
            old = Thing(thing.task_id, {"part": FORMER})
        if old is None:
            found.append(Change(*key, thing.task_id, THERE, None, "1"))
            continue
        found += (
            Change(*key, thing.task_id, name, old.fields[name], value)
            for name, value in thing.fields.items()
            if old.fields[name] != value
        )
    return tuple(found)


def undone(look: Look, changes: Sequence[Change]) -> dict[Key, Thing]:
    """The look before `changes`, which are in the order in which they were made."""
    result = dict(look)
    for change in reversed(changes):
        key = (change.subject, change.subject_id)
        if change.field == THERE:
            result.pop(key, None)
        elif thing := result.get(key):
            result[key] = replace(thing, fields={**thing.fields, change.field: change.old})
    return result


def rebuilt(look: Look) -> tuple[StoredTask, ...]:
    """The tasks of a look in the plan's order, dropped ones too, with their living milestones."""
    milestones: dict[int, list[tuple[int, StoredMilestone]]] = {}
    for (subject, row_id), thing in look.items():
        if subject == "milestone" and thing.fields["dropped_on"] is None:
            milestones.setdefault(thing.task_id, []).append(_milestone(row_id, thing.fields))
    tasks = []
    for (subject, row_id), thing in look.items():
        if subject == "task":
            own = [each for _position, each in sorted(milestones.get(row_id, []), key=lambda each: each[0])]
            tasks.append(_task(row_id, thing.fields, tuple(own)))
    return tuple(sorted(tasks, key=lambda each: (each.position, each.id)))


def _milestone(row_id: int, fields: Mapping[str, str | None]) -> tuple[int, StoredMilestone]:
    kind: Any = fields["kind"]
    content = ReadMilestone(
        kind=kind,
        start=day_of(fields["start"]),
        due=day_of(fields["due"]),
        start_as_written=fields["start_as_written"] or "",
        due_as_written=fields["due_as_written"] or "",
    )
    return int(fields["position"] or 0), StoredMilestone(row_id, day_of(fields["original_due"]), content)


def _task(row_id: int, fields: Mapping[str, str | None], milestones: tuple[StoredMilestone, ...]) -> StoredTask:
    content = ReadTask(
        number=fields["number"] or "",
        group=fields["group"],
        title=fields["title"] or "",
        product=fields["product"],
        leads_as_written=fields["leads_as_written"] or "",
        partners_as_written=fields["partners_as_written"] or "",
        leads=parties_of(fields["leads"]),
        partners=parties_of(fields["partners"]),
        milestones=tuple(each.content for each in milestones),
        place=Place(),
        extra=tuple((heading, text) for heading, text in json.loads(fields["extra"] or "[]")),
    )
    return StoredTask(row_id, int(fields["position"] or 0), content, milestones, day_of(fields["dropped_on"]))


def parties_text(parties: Iterable[Party]) -> str:
    """Parties as one text."""
    listed = [[each.text, each.name, each.kind, each.code, each.role] for each in parties]
    return json.dumps(listed, ensure_ascii=False)


def parties_of(text: str | None) -> tuple[Party, ...]:
    """What `parties_text` wrote."""
    return tuple(Party(*each) for each in json.loads(text or "[]"))


def extra_text(extra: Iterable[Iterable[str]]) -> str:
    """A task's further columns as one text."""
    return json.dumps([list(pair) for pair in extra], ensure_ascii=False)


def day_of(text: str | None) -> date | None:
    """A day from its ISO text."""
    return date.fromisoformat(text) if text else None


class Held:
    """What held on another day than today, from the changes since (the latest first): value by value."""

    def __init__(self, later: Iterable[Change] = ()) -> None:
        self._old: dict[Key, dict[str, str | None]] = {}
        for change in later:
            self._old.setdefault((change.subject, change.subject_id), {})[change.field] = change.old

    def __bool__(self) -> bool:
        return bool(self._old)

    def text(self, subject: Subject, row_id: int, name: str, now: str | None) -> str | None:
        """The value that held, `now` where it is the same."""
        return self._old.get((subject, row_id), {}).get(name, now)

    def day(self, subject: Subject, row_id: int, name: str, now: date | None) -> date | None:
        """A day that held."""
        old = self._old.get((subject, row_id), {})
        return day_of(old[name]) if name in old else now

    def there(self, subject: Subject, row_id: int, dropped_on: date | None) -> bool:
        """Whether the thing was in the plan: added already and not dropped yet."""
        if THERE in self._old.get((subject, row_id), {}):
            return False
        return self.day(subject, row_id, "dropped_on", dropped_on) is None


def check_head(head: AmendmentHead, plan_issued_on: date | None, today: date) -> AmendmentHead:
    """The head with tidy texts; Refused where number or day are missing or cannot be."""
    number = squeeze(head.number)
    if not number:
        raise Refused(N_("Hãy ghi số của quyết định điều chỉnh, ví dụ 123/QĐ-UBND."))
    if len(number) > LONGEST_NUMBER or len(head.issuer or "") > LONGEST_TEXT:
        raise Refused(N_("Số hoặc cơ quan ban hành quá dài; hãy rút gọn."))
    days = {"number": number, "day": head.issued_on}
    if plan_issued_on and head.issued_on < plan_issued_on:
        raise Refused(
            N_("Điều chỉnh số %(number)s ghi ngày %(day)s, trước ngày ban hành kế hoạch (%(plan)s). Hãy sửa ngày."),
            plan=plan_issued_on,
            **days,
        )
    if head.issued_on > today:
        raise Refused(
            N_("Điều chỉnh số %(number)s ghi ngày %(day)s, sau hôm nay (%(today)s). Hãy sửa ngày, hoặc ghi khi đã có."),
            today=today,
            **days,
        )
    return replace(head, number=number, issuer=squeeze(head.issuer or "") or None, note=head.note.strip())


def check_order(head: AmendmentHead, recorded: Sequence[Amendment]) -> Amendment | None:
    """The decision among `recorded` that `head` names; Refused where its day contradicts what is recorded.

    Numbers begin anew each year: the same number of another year is another decision.
    """
    for each in recorded:
        if each.head.key == head.key and each.head.issued_on.year == head.issued_on.year:
            if each.head.issued_on != head.issued_on:
                raise Refused(
                    N_("Điều chỉnh số %(number)s đã có với ngày ban hành %(day)s. Hãy kiểm tra số và ngày."),
                    number=each.head.number,
                    day=each.head.issued_on,
                )
            return each
    later = max(recorded, key=lambda each: (each.head.issued_on, each.id), default=None)
    if later and later.head.issued_on > head.issued_on:
        raise Refused(
            N_(
                "Đã ghi điều chỉnh số %(number)s ngày %(day)s; không ghi xen một điều chỉnh ban hành trước đó. "
                "Hãy ghi theo thứ tự ban hành."
            ),
            number=later.head.number,
            day=later.head.issued_on,
        )
    return None
