"""A plan as the reader understood it: the records that go from a document to the rest of the program."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from tracker.domain.words import identity

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
    """Where something stands in the document: page, row (or line) counted from 1, and the column's name."""

    page: int | None = None
    row: int | None = None
    column: str | None = None


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
    `message` is a Vietnamese template filled from `params`.
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
        template = translate(self.message)
        return template % self.params if self.params else template


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
