"""A plan as the reader understood it: the records that go from a document to the rest of the program."""

import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, get_args

from tracker.domain.errors import UnreadableDocument
from tracker.domain.words import N_, filled, identity

PartyKind = Literal["unit", "group", "open"]
Severity = Literal["error", "question", "note"]
MilestoneKind = Literal[
    "date",
    "period",
    "range",
    "before",
    "offset",
    "several",
    "from",
    "recurring",
    "external",
    "days",
    "event",
    "done",
    "none",
]


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in the document: page, row (or line) counted from 1, the column's and sheet's name."""

    page: int | None = None
    row: int | None = None
    column: str | None = None
    sheet: str | None = None


@dataclass(frozen=True, slots=True)
class Party:
    """One unit or group that a cell names.

    `text` is the cell's own wording, `name` the directory's (else the text), `code` the directory's code or
    None where the directory does not know it, `role` a word that stood around the name ("Trưởng").
    """

    text: str
    name: str
    kind: PartyKind
    code: str | None = None
    role: str | None = None


@dataclass(frozen=True, slots=True)
class ReadMilestone:
    """One stretch of time of a task: the dates understood and the cells they were understood from.

    `part` holds, where a cell names several times, the words of this one ('T5/2025'); else it is empty.
    """

    kind: MilestoneKind
    start: date | None
    due: date | None
    start_as_written: str = ""
    due_as_written: str = ""
    part: str = ""


@dataclass(frozen=True, slots=True)
class ReadTask:
    """One numbered row. `extra` keeps the columns the program has no use for: (heading, text)."""

    number: str
    group: str | None
    title: str
    product: str | None
    leads_as_written: str
    partners_as_written: str
    leads: tuple[Party, ...]
    partners: tuple[Party, ...]
    milestones: tuple[ReadMilestone, ...]
    place: Place
    extra: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a person should know about the document.

    An error blocks the import, a question waits for a person or takes the shown default, a note informs.
    `task` is the number of the task, `column` one of number, group, title, product, leads, partners, start, due.
    `message` is a Vietnamese template filled from `params`; a value whose name ends in `_on` is a day in ISO form.
    """

    severity: Severity
    task: str | None
    column: str | None
    code: str
    message: str
    params: Mapping[str, str] = field(default_factory=dict)
    place: Place | None = None

    def text(self, translate: Callable[[str], str] = identity) -> str:
        """The sentence, its template first passed through `translate`."""
        return filled(self.message, self.params, translate)


@dataclass(frozen=True, slots=True)
class PlanDocument:
    """Everything read from one document; `findings` stand in the order of the rows they speak of."""

    title: str
    school_year: str | None
    tasks: tuple[ReadTask, ...]
    findings: tuple[Finding, ...] = ()
    number: str | None = None
    issuer: str | None = None
    issued_on: date | None = None

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that block an import."""
        return tuple(each for each in self.findings if each.severity == "error")


def sorted_findings(findings: Iterable[Finding], order: Mapping[str, int]) -> tuple[Finding, ...]:
    """Findings in the order of their tasks (`order` maps number to position), those of the whole plan first."""
    return tuple(sorted(findings, key=lambda each: order.get(each.task or "", -1)))


def to_json(document: PlanDocument, translate: Callable[[str], str] = identity) -> dict[str, Any]:
    """The document as plain data, the shape that `plan read --json` prints; days are ISO texts."""
    return {
        "plan": {
            "title": document.title,
            "school_year": document.school_year,
            "number": document.number,
            "issuer": document.issuer,
            "issued_on": _iso(document.issued_on),
        },
        "tasks": [_task_json(task) for task in document.tasks],
        "findings": [
            {
                "severity": each.severity,
                "task": each.task,
                "column": each.column,
                "code": each.code,
                "message": each.text(translate),
                "template": each.message,
                "params": dict(each.params),
                "place": _place_json(each.place),
            }
            for each in document.findings
        ],
    }


def _task_json(task: ReadTask) -> dict[str, Any]:
    return {
        "number": task.number,
        "group": task.group,
        "title": task.title,
        "product": task.product,
        "leads_as_written": task.leads_as_written,
        "partners_as_written": task.partners_as_written,
        "leads": [_party_json(party) for party in task.leads],
        "partners": [_party_json(party) for party in task.partners],
        "milestones": [_milestone_json(each) for each in task.milestones],
        "extra": [list(pair) for pair in task.extra],
        "place": _place_json(task.place),
    }


def _party_json(party: Party) -> dict[str, Any]:
    return {"text": party.text, "name": party.name, "kind": party.kind, "code": party.code, "role": party.role}


def _milestone_json(each: ReadMilestone) -> dict[str, Any]:
    shape = {
        "kind": each.kind,
        "start": _iso(each.start),
        "due": _iso(each.due),
        "start_as_written": each.start_as_written,
        "due_as_written": each.due_as_written,
    }
    return shape | ({"part": each.part} if each.part else {})


def _place_json(place: Place | None) -> dict[str, Any] | None:
    if place is None:
        return None
    shape = {"page": place.page, "row": place.row, "column": place.column}
    return shape | ({"sheet": place.sheet} if place.sheet else {})


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


_WRONG_JSON = N_("Tệp JSON không đúng mẫu của chương trình ở “%(where)s”. Hãy xuất lại tệp hoặc dùng mẫu CSV.")
_FREE: Any = object()
_PLACEHOLDER = re.compile(r"%\((\w+)\)s")


def from_json(data: object) -> PlanDocument:
    """The document that `to_json` wrote; unknown keys are passed over.

    Raises UnreadableDocument naming the first key that is missing or of a wrong kind.
    """
    plan = _get(data, "plan", dict, "plan")
    tasks, findings = _get(data, "tasks", list, "tasks"), _get(data, "findings", list, "findings", [])
    return PlanDocument(
        title=_get(plan, "title", str, "plan.title"),
        school_year=_get(plan, "school_year", str, "plan.school_year", None),
        tasks=tuple(_read_task(row, f"tasks[{at}]") for at, row in enumerate(tasks)),
        findings=tuple(_read_finding(row, f"findings[{at}]") for at, row in enumerate(findings)),
        number=_get(plan, "number", str, "plan.number", None),
        issuer=_get(plan, "issuer", str, "plan.issuer", None),
        issued_on=_day(plan, "issued_on", "plan.issued_on"),
    )


def _get(data: object, key: str, kind: type, where: str, default: Any = _FREE) -> Any:
    value = data.get(key, default) if isinstance(data, dict) else _FREE
    if value is default and default is not _FREE:
        return default
    if value is None and default is None:
        return None
    if not isinstance(value, kind):
        raise UnreadableDocument(_WRONG_JSON, where=where)
    return value


def _day(data: object, key: str, where: str) -> date | None:
    text = _get(data, key, str, where, None)
    try:
        return date.fromisoformat(text) if text is not None else None
    except ValueError:
        raise UnreadableDocument(_WRONG_JSON, where=where) from None


def _choice(data: object, key: str, choices: Any, where: str) -> Any:
    value = _get(data, key, str, where)
    if value not in get_args(choices):
        raise UnreadableDocument(_WRONG_JSON, where=where)
    return value


def _read_task(row: object, where: str) -> ReadTask:
    parties = {
        key: tuple(
            _read_party(each, f"{where}.{key}[{at}]") for at, each in enumerate(_get(row, key, list, f"{where}.{key}"))
        )
        for key in ("leads", "partners")
    }
    milestones = _get(row, "milestones", list, f"{where}.milestones")
    return ReadTask(
        number=_get(row, "number", str, f"{where}.number"),
        group=_get(row, "group", str, f"{where}.group", None),
        title=_get(row, "title", str, f"{where}.title"),
        product=_get(row, "product", str, f"{where}.product", None),
        leads_as_written=_get(row, "leads_as_written", str, f"{where}.leads_as_written"),
        partners_as_written=_get(row, "partners_as_written", str, f"{where}.partners_as_written"),
        **parties,
        milestones=tuple(_read_milestone(each, f"{where}.milestones[{at}]") for at, each in enumerate(milestones)),
        place=_read_place(_get(row, "place", dict, f"{where}.place", None), where) or Place(),
        extra=tuple(_read_pair(each, f"{where}.extra") for each in _get(row, "extra", list, f"{where}.extra", [])),
    )


def _read_party(row: object, where: str) -> Party:
    text, name = _get(row, "text", str, f"{where}.text"), _get(row, "name", str, f"{where}.name")
    kind, code = _choice(row, "kind", PartyKind, f"{where}.kind"), _get(row, "code", str, f"{where}.code", None)
    return Party(text, name, kind, code, _get(row, "role", str, f"{where}.role", None))


def _read_milestone(row: object, where: str) -> ReadMilestone:
    return ReadMilestone(
        kind=_choice(row, "kind", MilestoneKind, f"{where}.kind"),
        start=_day(row, "start", f"{where}.start"),
        due=_day(row, "due", f"{where}.due"),
        start_as_written=_get(row, "start_as_written", str, f"{where}.start_as_written"),
        due_as_written=_get(row, "due_as_written", str, f"{where}.due_as_written"),
        part=_get(row, "part", str, f"{where}.part", ""),
    )


def _read_pair(pair: object, where: str) -> tuple[str, str]:
    if not isinstance(pair, list) or len(pair) != 2 or not all(isinstance(each, str) for each in pair):
        raise UnreadableDocument(_WRONG_JSON, where=where)
    return pair[0], pair[1]


def _read_place(row: object, where: str) -> Place | None:
    if row is None:
        return None
    page, line = _get(row, "page", int, f"{where}.page", None), _get(row, "row", int, f"{where}.row", None)
    column, sheet = (_get(row, key, str, f"{where}.{key}", None) for key in ("column", "sheet"))
    return Place(page, line, column, sheet)


def _read_finding(row: object, where: str) -> Finding:
    message, params = _read_message(row, where)
    return Finding(
        severity=_choice(row, "severity", Severity, f"{where}.severity"),
        task=_get(row, "task", str, f"{where}.task", None),
        column=_get(row, "column", str, f"{where}.column", None),
        code=_get(row, "code", str, f"{where}.code"),
        message=message,
        params=params,
        place=_read_place(_get(row, "place", dict, f"{where}.place", None), where),
    )


def _read_message(row: object, where: str) -> tuple[str, dict[str, str]]:
    """A finding's template and values; its finished sentence where the two do not fit each other."""
    template = _get(row, "template", str, f"{where}.template", "")
    params = _get(row, "params", dict, f"{where}.params", {})
    names = set(_PLACEHOLDER.findall(template))
    plain = "%" not in _PLACEHOLDER.sub("", template) or not params
    if template and plain and names <= set(params) and all(isinstance(value, str) for value in params.values()):
        with suppress(ValueError):
            filled(template, params)
            return template, dict(params)
    return "%(text)s", {"text": _get(row, "message", str, f"{where}.message")}
