"""From a grid of cells to a plan: the one interpreter behind every kind of document."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tracker.domain.errors import UnreadableDocument
from tracker.domain.names import fold, squeeze
from tracker.domain.plan_document import Finding, Place, PlanDocument, ReadTask, Severity, sorted_findings
from tracker.domain.reading.checks import check
from tracker.domain.reading.grid import Cell, Source
from tracker.domain.reading.headings import ColumnKind, Headings, find_headings, is_numbering
from tracker.domain.reading.parties import Parties, PartyReader, as_written
from tracker.domain.reading.periods import plan_year
from tracker.domain.reading.phrases import TimeContext, milestones
from tracker.domain.reading.preamble import Preamble, read_preamble
from tracker.domain.units import Directory
from tracker.domain.words import N_

NO_TABLE = N_(
    "Không tìm thấy bảng nhiệm vụ: cần một dòng tiêu đề có ít nhất nội dung công việc và đơn vị chủ trì "
    "hoặc thời gian. Nếu kế hoạch chỉ viết bằng lời, hãy điền vào mẫu CSV của chương trình."
)
NO_ROWS = N_("Bảng nhiệm vụ không có dòng nào dưới tiêu đề. Hãy kiểm tra lại tệp.")

_AFTER = N_("Sau bảng còn có: “%(text)s”.")
_GROUP_GUESS = N_("Dòng không có số “%(text)s” được hiểu là tên nhóm nhiệm vụ.")
_PARENT = N_("Dòng không có số “%(text)s” được hiểu là nhóm của các dòng sau nó, không tính là một nhiệm vụ.")
_NO_NUMBER = N_("Dòng %(row)s có nội dung “%(text)s” nhưng không có số thứ tự. Hãy đánh số dòng này.")
_GROUP_CELLS = N_("Dòng nhóm “%(text)s” có cả đơn vị hoặc thời gian: “%(rest)s”; không tính là một nhiệm vụ.")
_ODD_NUMBER = N_("Số thứ tự “%(text)s” ở dòng %(row)s không phải là số. Hãy sửa ô này.")
_MISSING_WORD = N_("“%(text)s” thiếu một từ so với “%(name)s”; hiểu là đơn vị ấy, chữ trong kế hoạch giữ nguyên.")
_UNKNOWN_UNIT = N_("Chưa có đơn vị nào tên “%(text)s” trong danh mục.")
_UNKNOWN_GROUP = N_("Chưa có nhóm đơn vị nào tên “%(text)s” trong danh mục.")
_TRAILING = N_("Ô “%(text)s” kết thúc bằng dấu “%(mark)s”; vẫn giữ nguyên.")
_SLIPS: dict[str, tuple[Severity, str]] = {
    "missing-word": ("note", _MISSING_WORD),
    "unknown-unit": ("question", _UNKNOWN_UNIT),
    "unknown-group": ("question", _UNKNOWN_GROUP),
}
_QUOTED = 90  # characters of a long text shown in a finding
_MARK = re.compile(r"(?:[IVXLC]+|[A-Z])")
_NUMBER = re.compile(r"\d{1,4}(?:\.\d{1,4})*")
_END = re.compile(r"\W*(?:ghi chú|nơi nhận|tm\.|kt\.)", re.IGNORECASE)


@dataclass(slots=True)
class _Row:
    """A row's texts by kind of column while the table is walked."""

    texts: dict[ColumnKind, str]
    extra: dict[str, str]
    place: Place
    group: str | None = None

    def get(self, kind: ColumnKind) -> str:
        return squeeze(self.texts.get(kind, ""))

    @property
    def assigned(self) -> str:
        """What the row says about units, time and product."""
        kinds: tuple[ColumnKind, ...] = ("leads", "partners", "start", "due", "days", "product")
        return "; ".join(text for kind in kinds if (text := self.get(kind)))


@dataclass(slots=True)
class _Table:
    """The rows that are tasks, in order, and what was found on the way."""

    rows: list[_Row] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    group: str | None = None
    subgroup: str | None = None

    def enter(self, group: str) -> None:
        """Begin a group; what follows belongs to it."""
        self.group, self.subgroup = group, None


def interpret(source: Source, directory: Directory, school_year: str | None = None) -> PlanDocument:
    """The plan that a document's table holds. `school_year` ('2024-2025') overrules what the document says.

    Deterministic. Raises UnreadableDocument where there is no table of tasks or it has no rows.
    """
    headings = find_headings(source.rows)
    if headings is None:
        raise UnreadableDocument(NO_TABLE)
    top = [[cell.text for cell in row] for row in source.rows[: headings.first]]
    preamble = read_preamble(source.before, top)
    year = plan_year(school_year) if school_year else preamble.year
    table = _walk(source.rows[headings.end :], headings)
    if not table.rows:
        raise UnreadableDocument(NO_ROWS)
    context = TimeContext(year, preamble.issued_on, counts_days=headings.at("due") is None)
    reader = PartyReader(directory)
    tasks = []
    for row in table.rows:
        task, findings = _task(row, reader, context)
        tasks.append(task)
        table.findings.extend(findings)
    table.findings.extend(source.findings)
    table.findings.extend(check(tasks, directory, year))
    if source.after:
        table.findings.append(
            Finding("note", None, None, "after-table", _AFTER, {"text": squeeze(" ".join(source.after))})
        )
    return _document(preamble, school_year, tasks, table.findings)


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
    return _task(_Row({**written, **cells}, dict(task.extra), task.place, task.group), reader, context)


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


def _walk(rows: Sequence[tuple[Cell, ...]], headings: Headings) -> _Table:
    table = _Table()
    heading = [fold(column.heading) for column in headings.columns]
    for at, cells in enumerate(rows):
        texts = [cell.text for cell in cells]
        if not any(text.strip() for text in texts) or is_numbering(texts):
            continue
        if _repeats(texts, heading):
            continue
        row = _row(cells, headings)
        if _END.match(next(text for text in texts if text.strip())) and not row.assigned:
            table.findings.extend(_left_over(rows[at:]))
            break
        following = _row(rows[at + 1], headings) if at + 1 < len(rows) else None
        _place(table, row, following, headings.at("number") is not None)
    return table


def _repeats(texts: Sequence[str], heading: Sequence[str]) -> bool:
    """Whether a row says nothing but what the heading says: a heading repeated on a new page."""
    words = [fold(text) for text in texts]
    said = [word for word in words if word]
    return len(said) >= 2 and all(any(word and word in each for each in heading) for word in said)


def _left_over(rows: Sequence[tuple[Cell, ...]]) -> Iterator[Finding]:
    text = squeeze(" ".join(cell.text for row in rows for cell in row))
    yield Finding("note", None, None, "after-table", _AFTER, {"text": text}, rows[0][0].place)


def _row(cells: Sequence[Cell], headings: Headings) -> _Row:
    texts: dict[ColumnKind, str] = {}
    extra: dict[str, str] = {}
    for column in headings.columns:
        text = cells[column.at].text if column.at < len(cells) else ""
        if column.kind == "extra" or (column.kind == "days" and headings.at("due") is not None):
            if squeeze(text):
                extra[column.heading or f"Cột {column.at + 1}"] = squeeze(text)
        else:
            texts[column.kind] = text
    beyond = [squeeze(cell.text) for cell in cells[len(headings.columns) :] if squeeze(cell.text)]
    if beyond:
        extra["Ngoài bảng"] = "; ".join(beyond)
    place = cells[0].place if cells else Place()
    return _Row(texts, extra, place)


def _place(table: _Table, row: _Row, following: _Row | None, numbered: bool) -> None:
    """Put one row where it belongs: a task, a group's heading, the rest of the task before it."""
    label, title = row.get("number").strip(" .):"), row.get("title")
    if not numbered:
        row.texts["number"] = str(len(table.rows) + 1)
        _add(table, row)
    elif not label:
        _unnumbered(table, row, following)
    elif _NUMBER.fullmatch(label):
        if not row.assigned and following and following.get("number").startswith(f"{label}."):
            table.enter(f"{label}. {title}")
        else:
            row.texts["number"] = label
            _add(table, row)
    elif _MARK.fullmatch(label):
        table.enter(f"{label}. {title}" if title else label)
        if row.assigned:
            params = {"text": _short(table.group or ""), "rest": row.assigned}
            table.findings.append(
                Finding("question", None, "group", "group-with-cells", _GROUP_CELLS, params, row.place)
            )
    elif not row.assigned and not title:
        table.enter(row.get("number"))
    else:
        params = {"text": label, "row": str(row.place.row)}
        table.findings.append(Finding("error", label, "number", "bad-number", _ODD_NUMBER, params, row.place))
        row.texts["number"] = label
        _add(table, row)


def _add(table: _Table, row: _Row) -> None:
    row.group = row.get("group") or " / ".join(each for each in (table.group, table.subgroup) if each) or None
    table.rows.append(row)


def _unnumbered(table: _Table, row: _Row, following: _Row | None) -> None:
    title = row.get("title")
    if table.rows and (not title or title[:1].islower()):
        _append(table.rows[-1], row)
    elif title and not row.assigned:
        table.enter(title)
        params = {"text": _short(title)}
        table.findings.append(Finding("note", None, "group", "group-guess", _GROUP_GUESS, params, row.place))
    elif following and _is_parent(row, following):
        table.subgroup = title
        params = {"text": _short(title)}
        table.findings.append(Finding("note", None, "group", "parent-row", _PARENT, params, row.place))
    else:
        params = {"text": _short(title or row.assigned), "row": str(row.place.row)}
        table.findings.append(Finding("error", None, "number", "row-without-number", _NO_NUMBER, params, row.place))


def _short(text: str) -> str:
    return text if len(text) <= _QUOTED else f"{text[:_QUOTED].rsplit(' ', 1)[0]}…"


def _append(before: _Row, row: _Row) -> None:
    """Add the cells of a row that goes on from the page before."""
    for kind, text in row.texts.items():
        before.texts[kind] = f"{before.texts.get(kind, '')} {text}".strip()
    for heading, text in row.extra.items():
        before.extra[heading] = f"{before.extra.get(heading, '')} {text}".strip()


def _is_parent(row: _Row, following: _Row) -> bool:
    """Whether the next row's code is this row's with more behind it: KH.1 before KH.1.1."""
    return any(following.extra.get(heading, "").startswith(f"{code}.") for heading, code in row.extra.items())


def _task(row: _Row, reader: PartyReader, context: TimeContext) -> tuple[ReadTask, list[Finding]]:
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
        partners=partners.parties,
        milestones=times,
        place=row.place,
        extra=tuple(row.extra.items()),
    )
    findings = [
        Finding(
            each.severity, number, column, each.code, each.message, {"text": each.text, "part": each.part}, row.place
        )
        for column, each in problems
    ]
    findings += _party_findings(task, "leads", task.leads_as_written, leads)
    findings += _party_findings(task, "partners", task.partners_as_written, partners)
    return task, findings


def _party_findings(task: ReadTask, column: str, written: str, read: Parties) -> Iterator[Finding]:
    for slip in read.slips:
        severity, message = _SLIPS[slip.code]
        yield Finding(
            severity, task.number, column, slip.code, message, {"text": slip.text, "name": slip.name}, task.place
        )
    if written.endswith((";", ",")):
        params = {"text": written, "mark": written[-1]}
        yield Finding("note", task.number, column, "trailing-mark", _TRAILING, params, task.place)
