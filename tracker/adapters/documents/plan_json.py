"""A plan as JSON, as `plan read --json` writes it, read again."""

import json
from dataclasses import replace

from tracker.domain.errors import UnreadableDocument
from tracker.domain.plan_document import Finding, Party, PlanDocument, ReadTask, from_json, sorted_findings
from tracker.domain.reading.checks import check
from tracker.domain.reading.periods import plan_year
from tracker.domain.units import Directory, Group, Unit
from tracker.domain.words import N_

_BROKEN = N_("Tệp JSON hỏng ở dòng %(row)s. Hãy xuất lại tệp hoặc dùng mẫu CSV.")
_NO_TASKS = N_("Tệp JSON không có nhiệm vụ nào. Hãy kiểm tra lại tệp.")


def looks_like_json(text: str, filename: str) -> bool:
    """Whether to read a file as JSON: by its name, or because it begins like the program's own."""
    return filename.lower().endswith(".json") or "".join(text[:200].split()).startswith('{"plan":')


def read_plan_json(text: str, directory: Directory, school_year: str | None = None) -> PlanDocument:
    """The plan in a JSON text: its dates and texts as they stand, its units looked up in `directory` again.

    The rows are checked again. Raises UnreadableDocument for broken JSON or another shape.
    """
    try:
        data = json.loads(text)
    except ValueError as error:
        raise UnreadableDocument(_BROKEN, row=getattr(error, "lineno", 1)) from error
    except RecursionError as error:
        raise UnreadableDocument(_BROKEN, row=1) from error
    document = from_json(data)
    if not document.tasks:
        raise UnreadableDocument(_NO_TASKS)
    tasks = tuple(_known(task, directory) for task in document.tasks)
    school_year = school_year or document.school_year
    year = plan_year(school_year) if school_year else None
    return replace(
        document,
        school_year=school_year,
        tasks=tasks,
        findings=_findings(document, tasks, list(check(tasks, directory, year))),
    )


def _known(task: ReadTask, directory: Directory) -> ReadTask:
    leads = tuple(_party(party, directory) for party in task.leads)
    return replace(task, leads=leads, partners=tuple(_party(party, directory) for party in task.partners))


def _party(party: Party, directory: Directory) -> Party:
    found = (directory.get(party.code) if party.code else None) or directory.find(party.name)
    if isinstance(found, Unit):
        return replace(party, name=found.name, kind="unit", code=found.code)
    if isinstance(found, Group):
        return replace(party, name=found.name, kind="open" if found.kind == "open" else "group", code=found.code)
    return replace(party, code=None)


def _findings(document: PlanDocument, tasks: tuple[ReadTask, ...], fresh: list[Finding]) -> tuple[Finding, ...]:
    """The file's own findings about reading, and today's about the rows."""
    again = {(each.task, each.column, each.code) for each in fresh}
    kept = [each for each in document.findings if (each.task, each.column, each.code) not in again]
    order: dict[str, int] = {}
    for at, task in enumerate(tasks):
        order.setdefault(task.number, at)
    return sorted_findings([*kept, *fresh], order)
