"""A document that was read once, understood again under what a person decided since: the same words, the same rules."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from tracker.domain.assignments import LONGEST_NAME
from tracker.domain.import_decisions import Decisions, issue_day
from tracker.domain.import_listed import speaks_of_some
from tracker.domain.names import bare, plain, unit_key
from tracker.domain.plan_document import Finding, Party, Place, PlanDocument, ReadTask
from tracker.domain.reading.checks import check, without_members
from tracker.domain.reading.headings import ColumnKind
from tracker.domain.reading.offsets import counts_working_days
from tracker.domain.reading.parties import PartyReader
from tracker.domain.reading.periods import PlanYear, plan_year
from tracker.domain.reading.phrases import TimeContext
from tracker.domain.reading.plan import read_again
from tracker.domain.reading.preamble import year_of
from tracker.domain.reading.times import OfficeDays
from tracker.domain.units import Directory

LONGEST_TITLE = 500  # characters
_COOPERATING = re.compile(r"hợp\b|\bph:")  # words by which a cell of leads names partners too
_OF_SCHOOL_YEAR = re.compile(r"khai (?:giang|truong)|nam hoc|hoc k[yi]|\bhk|\btuan\b")
_COUNTED_FROM_ISSUE = ("offset", "from", "range")


@dataclass(frozen=True, slots=True)
class NameInDocument:
    """A name that the directory does not know: how the document writes it, what it seems to be, and in which tasks."""

    text: str
    kind: str
    tasks: tuple[str, ...]


def unchecked(document: PlanDocument, directory: Directory) -> PlanDocument:
    """The document without the findings that `understood` makes anew each time."""
    again = {_identity(each) for each in check(document.tasks, directory, year_read_in(document))}
    return replace(document, findings=tuple(each for each in document.findings if _identity(each) not in again))


def words_of(task: ReadTask) -> tuple[str, ...]:
    """The words of a row's cells, by which it is known when its document is read anew."""
    first = task.milestones[0]
    cells = (task.number, task.title, task.leads_as_written, task.partners_as_written)
    return (*cells, first.start_as_written, first.due_as_written)


def understood(
    document: PlanDocument,
    directory: Directory,
    decisions: Decisions,
    source: PlanDocument | None = None,
    office: OfficeDays | None = None,
) -> PlanDocument:
    """`document` with the decided names and corrections: cells read again where needed, all rows checked again.

    `directory` holds what the decisions add to it already; `source` is the document under its own name, where it goes
    under that of a plan; by `office`, its own tables, working days are counted and the dates of a school year known.
    A row's cells are read again by the document's own rules where a person corrected them or where they name somebody
    whom the directory did not know; all times where a person gave another year, or the plan tells the year that the
    document does not. Rows that are left out are asked nothing.
    """
    read_in, document = year_read_in(source or document), _with_particulars(document, decisions.particulars)
    reader, year = PartyReader(directory), year_read_in(document)
    context = _context(document, year, office)
    issued = bool(decisions.particulars.get("issued_on"))
    dated = year != read_in and (read_in is None or "school_year" in decisions.particulars)
    tasks: list[ReadTask] = []
    fresh: list[Finding] = []
    stale, renumbered = set[tuple[str | None, Place | None, str | None]](), dict[tuple[str | None, Place | None], str]()
    for at, task in enumerate(document.tasks):
        cells = decisions.cells.get(at, {})
        redated = dated or (office is not None and _by_office(task, own_frame=context.year != year))
        columns = _columns_to_read(task, cells, directory, issued=issued, dated=redated)
        if columns:
            again, findings = read_again(task, _cells(task, cells), reader, context)
            stale |= {(task.number, task.place, column) for column in columns}
            renumbered[task.number, task.place] = again.number
            fresh += [each for each in findings if each.column in columns]
            task = _taken_over(task, again, columns)
        tasks.append(task)
    kept = [each for each in document.findings if (each.task, each.place, each.column) not in stale]
    kept = [replace(each, task=renumbered.get((each.task, each.place), each.task)) for each in kept]
    silent = {(tasks[at].number, tasks[at].place) for at in decisions.skipped if at < len(tasks)}
    asked = [each for each in (*kept, *fresh) if (each.task, each.place) not in silent]
    asked += _checked(tasks, decisions, directory, year, (source or document).title)
    return replace(document, tasks=tuple(tasks), findings=_in_order(asked, tasks))


def asked_for_members(document: PlanDocument, directory: Directory, skipped: Collection[int]) -> PlanDocument:
    """`document` with a question for each group kept by hand, in a row that is taken in, in which nobody is yet."""
    taken = [task for at, task in enumerate(document.tasks) if at not in skipped]
    asked = [each for task in taken for each in without_members(task, directory)]
    return replace(document, findings=_in_order([*document.findings, *asked], document.tasks)) if asked else document


def _checked(
    tasks: Sequence[ReadTask], decisions: Decisions, directory: Directory, year: PlanYear | None, titled: str
) -> Iterator[Finding]:
    """What is odd about the rows that are taken in, of a document `titled` so.

    A gap in their numbers is meant where leaving a row out makes it, or the document lists the changed tasks alone.
    """
    listed = decisions.scope == "listed" or (not decisions.scope and speaks_of_some(titled))
    known = set() if listed else {_identity(each) for each in check(tasks, directory, year)}
    for each in check([task for at, task in enumerate(tasks) if at not in decisions.skipped], directory, year):
        if each.code != "number-gap" or _identity(each) in known:
            yield each


def names_to_decide(document: PlanDocument, skipped: Collection[int] = ()) -> tuple[NameInDocument, ...]:
    """The names of an understood document that stand for nobody in the directory, in the document's order.

    What is too long for a name is left out: it stays words. So are the rows that are `skipped`.
    """
    found: dict[str, tuple[Party, list[str]]] = {}
    for at, task in enumerate(document.tasks):
        for party in (*task.leads, *task.partners):
            if at not in skipped and party.code is None and len(party.name) <= LONGEST_NAME:
                found.setdefault(unit_key(party.name), (party, []))[1].append(task.number)
    return tuple(NameInDocument(party.name, party.kind, tuple(dict.fromkeys(tasks))) for party, tasks in found.values())


def _with_particulars(document: PlanDocument, said: Mapping[str, str]) -> PlanDocument:
    return replace(
        document,
        title=(said.get("title") or document.title)[:LONGEST_TITLE],
        school_year=said.get("school_year") or document.school_year,
        number=said.get("number") or document.number,
        issuer=said.get("issuer") or document.issuer,
        issued_on=issue_day(said) or document.issued_on,
    )


def year_read_in(document: PlanDocument) -> PlanYear | None:
    """The year by which the document's times are understood, None where nothing tells."""
    return plan_year(document.school_year) if document.school_year else year_of(document.title)


def _columns_to_read(
    task: ReadTask, cells: Mapping[str, str], directory: Directory, *, issued: bool, dated: bool
) -> frozenset[str]:
    columns = set(cells)
    for name, parties in (("leads", task.leads), ("partners", task.partners)):
        if any(party.code is None or directory.get(party.code) is None for party in parties):
            columns.add(name)
    said = plain(f"{task.leads_as_written} {cells.get('leads', '')}")
    if columns & {"leads", "partners"} and _COOPERATING.search(said):
        columns |= {"leads", "partners"}
    counted = issued and any(m.kind in _COUNTED_FROM_ISSUE for m in task.milestones)
    if columns & {"start", "due"} or counted or dated:
        columns |= {"start", "due"}
    return frozenset(columns)


def _context(document: PlanDocument, year: PlanYear | None, office: OfficeDays | None) -> TimeContext:
    days = any(each.kind == "days" for task in document.tasks for each in task.milestones)
    own, off = (office.of_year(year), office.off) if office else (year, None)
    return TimeContext(own, document.issued_on, counts_days=days, days_off=off)


def _by_office(task: ReadTask, *, own_frame: bool) -> bool:
    """Whether a time of the task hangs on the office's tables, without which the document was read.

    Working days always do, days of the school year where the office set its own.
    """
    for each in task.milestones:
        words = bare(f"{each.start_as_written} {each.due_as_written}")
        if (each.kind == "offset" and counts_working_days(words)) or (own_frame and _OF_SCHOOL_YEAR.search(words)):
            return True
    return False


def _cells(task: ReadTask, corrected: Mapping[str, str]) -> dict[ColumnKind, str]:
    """The corrected cells; and the parties' own words where a document has no cell to read them from."""
    cells: dict[ColumnKind, str] = {}
    if not task.leads_as_written and task.leads:
        cells["leads"] = "; ".join(party.text for party in task.leads)
    if not task.partners_as_written and task.partners:
        cells["partners"] = "; ".join(party.text for party in task.partners)
    return {**cells, **corrected}  # type: ignore[dict-item]


def _taken_over(task: ReadTask, again: ReadTask, columns: Iterable[str]) -> ReadTask:
    """`task` with the columns that were read again."""
    wanted = set(columns)
    task = replace(task, number=again.number, group=again.group, title=again.title, product=again.product)
    if "leads" in wanted:
        task = replace(task, leads=again.leads, leads_as_written=again.leads_as_written)
    if "partners" in wanted:
        task = replace(task, partners=again.partners, partners_as_written=again.partners_as_written)
    return replace(task, milestones=again.milestones) if wanted & {"start", "due"} else task


def _in_order(findings: Sequence[Finding], tasks: Sequence[ReadTask]) -> tuple[Finding, ...]:
    """Errors first, then questions, then notes; within each the order of the rows, the plan as a whole first."""
    rows: dict[str, int] = {}
    for at, task in enumerate(tasks):
        rows.setdefault(task.number, at)
    weight = {"error": 0, "question": 1, "note": 2}
    return tuple(sorted(findings, key=lambda each: (weight[each.severity], rows.get(each.task or "", -1))))


def _identity(each: Finding) -> tuple[str | None, str | None, str, Place | None]:
    return each.task, each.column, each.code, each.place
