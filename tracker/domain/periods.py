"""Closed periods: what is kept of a plan as of the last day, its checksum, and what a recomputation finds otherwise."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tracker.domain.errors import Refused
from tracker.domain.names import search_key, squeeze
from tracker.domain.words import N_

LONGEST_NAME, LONGEST_NOTE = 120, 2_000
FIRST_YEAR = 1990
Figures = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Period:
    """A period of a plan that was closed, with what was kept; `closed_by` is empty for the command line.

    `version` counts the closings of the period from 1; `reason` is why it was closed anew.
    """

    id: int
    plan_id: int
    name: str
    version: int
    from_on: date | None
    to_on: date
    closed_at: datetime
    closed_by: str
    figures: Figures
    digest: str
    note: str
    reason: str

    @property
    def sound(self) -> bool:
        """Whether the figures are those that were kept, by their checksum."""
        return digest_of(self.figures) == self.digest

    @property
    def done_within(self) -> int | None:
        """How many milestones were done within the period; None where its first day is not known."""
        if self.from_on is None:
            return None
        first, last = self.from_on.isoformat(), self.to_on.isoformat()
        done: int = sum(first <= (each["done_on"] or "") <= last for each in self.figures["milestones"])
        return done


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure that a recomputation finds otherwise: of the plan, a unit or a milestone, called `name`.

    `kept` and `now` are texts, None where the thing was or is not counted at all.
    """

    subject: str
    name: str
    field: str
    kept: str | None
    now: str | None


def digest_of(figures: Figures) -> str:
    """The SHA-256 of the figures as canonical JSON (keys in order, no blanks), in hex."""
    text = json.dumps(figures, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def check_period(name: str, note: str, from_on: date | None, to_on: date, today: date) -> str:
    """The tidy name of a period to close; Refused where name or days cannot be."""
    tidy = squeeze(name)
    if not tidy or len(tidy) > LONGEST_NAME:
        raise Refused(N_("Hãy ghi tên kỳ, ví dụ “Học kỳ I”, tối đa %(most)s ký tự."), most=str(LONGEST_NAME))
    if len(note) > LONGEST_NOTE:
        raise Refused(N_("Ghi chú dài quá %(most)s ký tự; hãy rút gọn."), most=str(LONGEST_NOTE))
    if min(to_on, from_on or to_on).year < FIRST_YEAR:
        raise Refused(N_("Ngày của kỳ phải từ năm %(first)s trở đi. Hãy kiểm tra lại."), first=str(FIRST_YEAR))
    if from_on is not None and from_on > to_on:
        raise Refused(N_("Ngày đầu kỳ ở sau ngày cuối kỳ. Hãy sửa lại."))
    if to_on >= today:
        raise Refused(
            N_("Kỳ chỉ chốt được sau ngày cuối (%(day)s), khi không còn ai ghi thêm vào ngày ấy."),
            day=to_on,
        )
    return tidy


def name_key(name: str) -> str:
    """A period's name as names are compared: capitals, marks and spaces aside."""
    return search_key(name)[:LONGEST_NAME]


def differences(kept: Figures, now: Figures) -> list[Difference]:
    """Every figure that is not equal, in the order of the plan; empty where all are."""
    before, after = dict(_flat(kept)), dict(_flat(now))
    keys = [*before, *(key for key in after if key not in before)]
    found = [(key, before.get(key), after.get(key)) for key in keys]
    return [
        Difference(key[0], (old or new or ("", ""))[0], key[2], old and old[1], new and new[1])
        for key, old, new in found
        if old != new
    ]


def _flat(figures: Figures) -> Iterator[tuple[tuple[str, str, str], tuple[str, str]]]:
    """Each figure under (subject, which, field), with the name of what it is of and its value as a text."""
    for field, value in (*figures["cells"].items(), ("quiet", figures["quiet"])):
        yield ("plan", "", field), ("", str(value))
    for unit in figures["units"]:
        for part in ("lead", "partner"):
            for field, value in unit[part].items():
                yield ("unit", unit["code"], f"{part}.{field}"), (unit["name"], str(value))
    for each in figures["milestones"]:
        name = f"{each['number']}. {each['title']}" if each["number"] else each["title"]
        for field in ("due", "cell", "done_on", "days_late"):
            yield ("milestone", str(each["id"]), field), (name, str(each[field] if each[field] is not None else ""))
