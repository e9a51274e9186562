"""From a grid of cells to a plan: the one interpreter behind every kind of document."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from tracker.domain.errors import UnreadableDocument
from tracker.domain.names import has_marks, squeeze
from tracker.domain.plan_document import Finding, PlanDocument, ReadTask, Severity, sorted_findings
from tracker.domain.reading.checks import check
from tracker.domain.reading.grid import Source
from tracker.domain.reading.headings import ColumnKind, find_headings, map_columns
from tracker.domain.reading.milestones import milestones
from tracker.domain.reading.parties import Parties, PartyReader, as_written, distinct
from tracker.domain.reading.periods import plan_year
from tracker.domain.reading.phrases import TimeContext, TimeProblem
from tracker.domain.reading.preamble import Preamble, read_preamble
from tracker.domain.reading.rows import Row
from tracker.domain.reading.walk import walk
from tracker.domain.units import Directory
from tracker.domain.words import N_

NO_TABLE = N_(
    "Không tìm thấy bảng nhiệm vụ: cần một dòng tiêu đề có ít nhất nội dung công việc và đơn vị chủ trì "
    "hoặc thời gian. Nếu kế hoạch chỉ viết bằng lời, hãy điền vào mẫu CSV của chương trình."
)
NO_ROWS = N_("Bảng nhiệm vụ không có dòng nào dưới tiêu đề. Hãy kiểm tra lại tệp.")

_AFTER = N_("Sau bảng còn có: “%(text)s”.")
_MISSING_WORD = N_("“%(text)s” thiếu một từ so với “%(name)s”; hiểu là đơn vị ấy, chữ trong kế hoạch giữ nguyên.")
_UNKNOWN_UNIT = N_("Chưa có đơn vị nào tên “%(text)s” trong danh mục.")
_UNKNOWN_GROUP = N_("Chưa có nhóm đơn vị nào tên “%(text)s” trong danh mục.")
_WITHOUT_MARKS = N_("“%(text)s” viết không dấu; hiểu là “%(name)s”, chữ trong kế hoạch giữ nguyên.")
_OTHER_MARKS = N_(
    "“%(text)s” chỉ khác “%(name)s” ở dấu, có thể là đơn vị khác; chưa coi là một, nên chưa giao cho ai. Hãy quyết "
    "định ở trang Tên đơn vị."
)
_IN_ROLE = N_(
    "“%(text)s” còn nhắc đến “%(name)s” trong lời về việc phải làm; chưa giao gì cho “%(name)s”. Nếu đơn vị ấy cùng "
    "làm, hãy sửa ô này."
)
_PARTNER = N_("Ô chủ trì ghi “%(text)s” phối hợp; hiểu “%(name)s” là đơn vị phối hợp, chữ trong kế hoạch giữ nguyên.")
_SEVERAL = N_(
    "Ô nội dung kể %(count)s việc, mỗi việc một gạch đầu dòng; hiểu là một nhiệm vụ. Nếu phải theo dõi riêng từng "
    "việc, hãy tách mỗi việc thành một dòng của bảng."
)
_BULLET = re.compile(r"[-–+•*] ?\w")
_TRAILING = N_("Ô “%(text)s” kết thúc bằng dấu “%(mark)s”; vẫn giữ nguyên.")
_SLIPS: dict[str, tuple[Severity, str]] = {
    "missing-word": ("note", _MISSING_WORD),
    "unknown-unit": ("question", _UNKNOWN_UNIT),
    "unknown-group": ("question", _UNKNOWN_GROUP),
    "without-marks": ("question", _WITHOUT_MARKS),
    "other-marks": ("question", _OTHER_MARKS),
    "unit-in-role": ("question", _IN_ROLE),
}
_STEP = 250  # tasks between two tellings of progress
Progress = Callable[[int, int], None]


def interpret(
    source: Source,
    directory: Directory,
    school_year: str | None = None,
    *,
    mapping: Mapping[int, str] | None = None,
    progress: Progress | None = None,
) -> PlanDocument:
    """The plan that a document's table holds. `school_year` ('2024-2025') overrules what the document says.

    `mapping` gives columns (from 0) their kind by hand; `progress` hears how many rows of how many are done.
    Deterministic. Raises UnreadableDocument where there is no table of tasks, it has no rows, or `mapping` is wrong.
    """
    headings = map_columns(source.rows, mapping) if mapping else find_headings(source.rows)
    if headings is None:
        raise UnreadableDocument(NO_TABLE)
    top = [[cell.text for cell in row] for row in source.rows[: headings.first]]
    preamble = read_preamble(source.before, top)
    year = plan_year(school_year) if school_year else preamble.year
    table = walk(source.rows[headings.end :], headings, directory)
    if not table.rows:
        raise UnreadableDocument(NO_ROWS)
    context = TimeContext(year, preamble.issued_on, counts_days=headings.at("due") is None)
    reader = PartyReader(directory)
    tasks, findings = [], [*table.findings, *source.findings]
    for done, row in enumerate(table.rows, start=1):
        task, odd = _task(row, reader, context)
        tasks.append(task)
        findings += odd
        if progress and (done % _STEP == 0 or done == len(table.rows)):
            progress(done, len(table.rows))
    findings += check(tasks, directory, year)
    if source.after:
        params = {"text": squeeze(" ".join(source.after))}
        findings.append(Finding("note", None, None, "after-table", _AFTER, params))
    return _document(preamble, school_year, tasks, findings)


def read_again(
    task: ReadTask, cells: Mapping[ColumnKind, str], reader: PartyReader, context: TimeContext
) -> tuple[ReadTask, list[Finding]]:
    """A task read anew with other words in some of its `cells`, and what was odd about its units and times.

    The cells not given are read as they were written, which gives what they gave before where nothing else changed.
    """
    first = task.milestones[0]
    written: dict[ColumnKind, str] = {
        "number": task.number,
        "title": task.title,
        "leads": task.leads_as_written,
        "partners": task.partners_as_written,
        "start": first.start_as_written,
        "due": first.due_as_written,
        "product": task.product or "",
    }
    group = cells.get("group", task.group or "").strip() or None
    return _task(Row({**written, **cells}, dict(task.extra), task.place, group), reader, context)


def _document(
    preamble: Preamble, school_year: str | None, tasks: Sequence[ReadTask], findings: Sequence[Finding]
) -> PlanDocument:
    order: dict[str, int] = {}
    for at, task in enumerate(tasks):
        order.setdefault(task.number, at)
    return PlanDocument(
        title=preamble.title,
        school_year=school_year or preamble.school_year,
        tasks=tuple(tasks),
        findings=sorted_findings(findings, order),
        number=preamble.number,
        issuer=preamble.issuer,
        issued_on=preamble.issued_on,
    )


def _task(row: Row, reader: PartyReader, context: TimeContext) -> tuple[ReadTask, list[Finding]]:
    number = row.get("number")
    leads, partners = reader.read(row.texts.get("leads", "")), reader.read(row.texts.get("partners", ""))
    due = row.texts.get("due") if "due" in row.texts else row.texts.get("days", "")
    times, problems = milestones(row.texts.get("start", ""), due or "", context)
    task = ReadTask(
        number=number,
        group=row.group,
        title=row.get("title"),
        product=row.get("product") or None,
        leads_as_written=as_written(row.texts.get("leads", "")),
        partners_as_written=as_written(row.texts.get("partners", "")),
        leads=leads.parties,
        partners=distinct((*partners.everyone, *leads.partners)),
        milestones=times,
        place=row.place,
        extra=tuple(row.extra.items()),
    )
    findings = [
        Finding(each.severity, number, column, each.code, each.message, _params(each), row.place)
        for column, each in problems
    ]
    works = [line.strip() for line in row.texts.get("title", "").split("\n") if line.strip()]
    if len(works) > 1 and all(map(_BULLET.match, works)):
        params = {"count": str(len(works))}
        findings.append(Finding("question", number, "title", "several-works", _SEVERAL, params, row.place))
    findings += _party_findings(task, "leads", task.leads_as_written, leads)
    for party in leads.partners:
        params = {"text": party.text, "name": party.name}
        findings.append(Finding("note", number, "leads", "partner-in-leads", _PARTNER, params, row.place))
    findings += _party_findings(task, "partners", task.partners_as_written, partners)
    return task, findings


def _params(problem: TimeProblem) -> dict[str, str]:
    """What fills a sentence about time; a part that is a day is written by the reader's language."""
    name = {"school-week": "opens_on", "school-frame": "day_on", "lunar-new-year": "day_on"}.get(problem.code)
    day = {name: problem.part} if name else {}
    return {"text": problem.text, "part": problem.part, **day}


def _party_findings(task: ReadTask, column: str, written: str, read: Parties) -> Iterator[Finding]:
    """What was odd about a cell of units; a name without marks is asked about where its row has some."""
    for slip in read.slips:
        severity, message = _SLIPS[slip.code]
        if slip.code == "without-marks" and not has_marks(task.title):
            severity = "note"
        yield Finding(
            severity, task.number, column, slip.code, message, {"text": slip.text, "name": slip.name}, task.place
        )
    if written.endswith((";", ",")):
        params = {"text": written, "mark": written[-1]}
        yield Finding("note", task.number, column, "trailing-mark", _TRAILING, params, task.place)
