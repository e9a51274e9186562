"""What the pages of an import show: rows beside their source, guesses as guesses, names to decide."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from tracker.adapters.near_names import suggest
from tracker.domain.amendment_lines import ChangeLine, change_lines
from tracker.domain.amendments import day_of
from tracker.domain.differences import FieldChange
from tracker.domain.import_decisions import Decisions, NameDecision, proposed
from tracker.domain.import_preview import names_to_decide
from tracker.domain.matching import Suggestion, with_heirs
from tracker.domain.names import squeeze, unit_key
from tracker.domain.plan_document import Finding, Party, Place, PlanDocument, ReadMilestone, ReadTask
from tracker.domain.proposals import free_code, kind_of_name, level_of_name, propose_directory
from tracker.domain.units import Directory
from tracker.usecases.import_results import Told, told_once
from tracker.usecases.import_wizard import Preview

Spot = tuple[int | None, int | None, str | None]  # page, row, sheet
SHOWN = ("error", "question", "note", "corrected")


@dataclass(frozen=True, slots=True)
class PartyGuess:
    """A name in a cell and what it is taken for: unit, group (of `members` units), open, or unknown."""

    text: str
    name: str
    kind: str
    members: int
    said: bool


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One task: its place in the document (from 0), the cells as the document has them, and how they are understood."""

    at: int
    source: ReadTask
    task: ReadTask
    leads: tuple[PartyGuess, ...]
    partners: tuple[PartyGuess, ...]
    findings: tuple[Finding, ...]
    corrected: bool
    skipped: str  # why it is left out, empty where it is not

    @property
    def dates(self) -> tuple[ReadMilestone, ...]:
        """The milestones, in order."""
        return self.task.milestones


def preview_rows(source: PlanDocument, found: Preview) -> list[PreviewRow]:
    """Every row of the document, in its order."""
    spoken: dict[int, list[Finding]] = {}
    row_of = row_finder(found.document.tasks)
    for each in found.document.findings:
        if (at := row_of(each)) is not None:
            spoken.setdefault(at, []).append(each)
    return [
        PreviewRow(
            at=at,
            source=before,
            task=task,
            leads=_guesses(task.leads, found.directory),
            partners=_guesses(task.partners, found.directory),
            findings=tuple(spoken.get(at, ())),
            corrected=at in found.decisions.cells,
            skipped=found.decisions.skipped.get(at, ""),
        )
        for at, (before, task) in enumerate(zip(source.tasks, found.document.tasks, strict=True))
    ]


def row_finder(tasks: Sequence[ReadTask]) -> Callable[[Finding], int | None]:
    """What tells the row (from 0) that a finding speaks of: by its place and number, by its place, by its number."""
    exact: dict[tuple[str | None, Spot], int] = {}
    placed: dict[Spot, int] = {}
    numbered: dict[str | None, int] = {}
    for at, task in enumerate(tasks):
        exact.setdefault((task.number, _spot(task.place)), at)
        placed.setdefault(_spot(task.place), at)
        numbered.setdefault(task.number, at)

    def row_of(finding: Finding) -> int | None:
        spot = _spot(finding.place)
        found = exact.get((finding.task, spot))
        if found is None and any(spot):
            found = placed.get(spot)
        return numbered.get(finding.task) if found is None else found

    return row_of


def _spot(place: Place | None) -> Spot:
    return (place.page, place.row, place.sheet) if place else (None, None, None)


def rows_shown(rows: list[PreviewRow], show: str) -> list[PreviewRow]:
    """The rows with a finding of that severity, or the corrected ones; all of them for anything else."""
    if show == "corrected":
        return [row for row in rows if row.corrected or row.skipped]
    if show in SHOWN:
        return [row for row in rows if any(each.severity == show for each in row.findings)]
    return rows


def _guesses(parties: Iterable[Party], directory: Directory) -> tuple[PartyGuess, ...]:
    return tuple(_guess(party, directory) for party in parties)


def _guess(party: Party, directory: Directory) -> PartyGuess:
    known = party.code is not None and directory.get(party.code) is not None
    kind = party.kind if known or party.kind == "open" else "unknown"
    members = len(directory.expand(party.code or "")) if kind == "group" else 0
    return PartyGuess(squeeze(party.text), party.name, kind, members, squeeze(party.text) == party.name)


@dataclass(frozen=True, slots=True)
class NameChoice:
    """A name to decide: in which tasks it stands, what was decided, what it may mean, what would be made of it new."""

    text: str
    kind: str
    tasks: tuple[str, ...]
    decision: NameDecision | None
    fresh: NameDecision
    suggestions: tuple[Suggestion, ...] = ()


def name_choices(found: Preview) -> list[NameChoice]:
    """The names nobody knows, undecided ones first, then open phrases, then what was decided; without suggestions."""
    fresh = {unit_key(each.text): each for each in proposed(propose_directory(found.document))}
    taken = {unit.code for unit in found.directory.units} | {group.code for group in found.directory.groups}
    waiting = [
        NameChoice(each.text, each.kind, each.tasks, None, _fresh(each.text, each.kind, fresh, taken))
        for each in names_to_decide(found.document, found.decisions.skipped)
    ]
    tasks = _tasks_by_code(found.document)
    decided = [
        NameChoice(each.text, each.kind, tasks.get(each.code, ()), each, each)
        for each in found.decisions.names.values()
    ]
    return [*sorted(waiting, key=lambda each: each.kind == "open"), *decided]


def with_suggestions(choice: NameChoice, directory: Directory, today: date) -> NameChoice:
    """The choice with the known units and groups that the name is nearest to, heirs before the unit that has ended."""
    return replace(choice, suggestions=with_heirs(suggest(choice.text, directory), directory, today))


def strangers(choices: Iterable[NameChoice], directory: Directory) -> list[NameChoice]:
    """Those that nobody has decided and that are near no unit or group: whoever they are, they are new."""
    waiting = (each for each in choices if each.decision is None and each.kind != "open")
    return [each for each in waiting if not suggest(each.text, directory)]


def way_out(finding: Finding, found: Preview) -> tuple[str, dict[str, str]] | None:
    """The endpoint and its values where a question about a group in which nobody is can be answered, else None."""
    code = finding.params.get("code", "")
    if finding.code != "empty-group" or not code:
        return None
    decided = next((each for each in found.decisions.names.values() if each.code == code), None)
    if decided:
        return "import_names.show", {"text": decided.text}
    fresh = any(each.code == code for each in found.learnt.groups)  # and has no page before it is written
    return None if fresh else ("directory.group", {"code": code})


def _fresh(text: str, kind: str, proposals: dict[str, NameDecision], taken: set[str]) -> NameDecision:
    """What the name would become as something new: a unit, or a group where its words mean several.

    Its code is none of `taken`, to which it is added.
    """
    found = proposals.get(unit_key(text))
    name = text[:1].upper() + text[1:]
    code = free_code(name, taken)
    if found is not None:
        return replace(found, text=text, code=code)
    if kind == "group":
        return NameDecision(text, "group", code, text)
    return NameDecision(text, "unit", code, name, unit_kind=kind_of_name(name), level=level_of_name(name))


def _tasks_by_code(document: PlanDocument) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for task in document.tasks:
        for party in (*task.leads, *task.partners):
            if party.code:
                found.setdefault(party.code, []).append(task.number)
    return {code: tuple(dict.fromkeys(numbers)) for code, numbers in found.items()}


def chosen(choice: NameChoice, value: str, decisions: Decisions, directory: Directory) -> Decisions:
    """The decisions after one choice of the form: 'kept', 'known:CODE', 'new', 'open', or nothing decided ('')."""
    if value.startswith("known:") and directory.get(value[6:]) is not None:
        return decisions.with_name(NameDecision(choice.text, "known", value[6:]))
    if value == "new":
        return decisions.with_name(choice.fresh)
    if value == "open":
        return decisions.with_name(NameDecision(choice.text, "open", choice.fresh.code, choice.text))
    return decisions.without_name(choice.text) if value == "" else decisions


def counts(findings: Sequence[Finding]) -> dict[str, int]:
    """How many errors, questions and notes there are."""
    return {severity: sum(each.severity == severity for each in findings) for severity in SHOWN[:3]}


def told_by_severity(findings: Sequence[Finding]) -> dict[str, list[Told]]:
    """The findings as they are told at the top: those that are the same of several tasks once."""
    told = told_once(findings)
    return {severity: [each for each in told if each.finding.severity == severity] for severity in SHOWN[:3]}


def row_lines(row: Mapping[str, Any]) -> tuple[ChangeLine, ...]:
    """What would change in one row of a kept difference, told as amendments tell it."""
    return change_lines(map(_change, row["changes"]), several=row.get("milestones", 1) > 1)


def plan_lines(changes: Iterable[Mapping[str, Any]]) -> list[ChangeLine]:
    """What a kept difference says otherwise of the plan itself."""
    read = {"issued_on": day_of}
    told = [(each, read.get(each["field"], str)) for each in changes]
    return [ChangeLine(each["field"], value(each["old"]), value(each["new"])) for each, value in told]


def _change(each: Mapping[str, Any]) -> FieldChange:
    return FieldChange(each["field"], each["old"], each["new"], each.get("milestone"))
