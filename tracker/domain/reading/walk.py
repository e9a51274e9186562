"""Walking down a table's body: which rows are tasks, which are groups, and which go on with the row above."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from tracker.domain.names import fold, plain, squeeze
from tracker.domain.plan_document import Finding, Place
from tracker.domain.reading import lexicon
from tracker.domain.reading.furniture import is_furniture, is_remark, last_numbered, left_over, numbers, numbers_apart
from tracker.domain.reading.grid import Cell
from tracker.domain.reading.headings import ColumnKind, Headings
from tracker.domain.reading.numbers import (
    is_number,
    is_sub_label,
    is_total,
    label_of,
    mark_of,
    next_number,
    style_of,
    sub_number,
)
from tracker.domain.reading.phrases import TimeContext, read_cell
from tracker.domain.reading.revised import revisions
from tracker.domain.reading.rows import TIMES, Row, row_of, short
from tracker.domain.units import Directory
from tracker.domain.words import N_

_GROUP_GUESS = N_("Dòng không có số “%(text)s” được hiểu là tên nhóm nhiệm vụ.")
_PARENT = N_("Dòng không có số “%(text)s” được hiểu là nhóm của các dòng sau nó, không tính là một nhiệm vụ.")
_NO_NUMBER = N_(
    "Dòng %(row)s có nội dung “%(text)s” nhưng không có số thứ tự; tạm đánh số %(number)s. Hãy xem có đúng là một "
    "nhiệm vụ không, rồi sửa số nếu cần."
)
_BY_POSITION = N_("Bảng không có số thứ tự; các nhiệm vụ được đánh số theo thứ tự trong bảng.")
_TOTAL = N_("Dòng tổng “%(text)s” không tính là một nhiệm vụ.")
_GROUP_CELLS = N_(
    "Dòng nhóm “%(text)s” còn ghi “%(rest)s”; không tính là một nhiệm vụ, "
    "nhiệm vụ nào trong nhóm để trống đơn vị chủ trì hoặc thời gian thì theo nhóm."
)
_GROUP_REST = N_("Dòng nhóm “%(text)s” còn ghi “%(rest)s”; phần này không nhập.")
_ODD_NUMBER = N_("Số thứ tự “%(text)s” ở dòng %(row)s không phải là số. Hãy sửa ô này.")
_EMPTY_GROUP = N_("Nhóm “%(text)s” không có nhiệm vụ nào bên dưới.")
_LENT = N_("Ô để trống; lấy “%(text)s” của nhóm “%(group)s”.")
_FROM_ABOVE = N_("Ô thời gian để trống; lấy “%(text)s” của dòng trên, vì bảng xếp theo thời gian.")
_UNIT_GROUP = N_("Nhóm “%(group)s” là tên một đơn vị: nhiệm vụ để trống đơn vị chủ trì được giao cho đơn vị ấy.")
_SUB_NUMBER = N_("Dòng %(row)s không có số riêng; tạm đánh số %(number)s.")
_LONGEST_UNIT_NAME = 16  # words
_LISTED = re.compile(r"(?:[-–+•*]|[a-zđ]\)) ?\w")
_LENDABLE: tuple[ColumnKind, ...] = ("leads", *TIMES)


@dataclass(slots=True)
class _Level:
    """One open group: how its mark looks, its title, what it gives to children, how they say that they took it."""

    style: str
    title: str
    given: dict[ColumnKind, str]
    place: Place
    is_unit: bool = False
    codes: tuple[tuple[str, str], ...] = ()
    has_tasks: bool = False


@dataclass(slots=True)
class Table:
    """The rows that are tasks, in order, and what was found on the way.

    `counts` says that no row has a number, `taken` holds the numbers there are and those proposed, `base` is the last
    and `heads` the rows with a number of their own, by it, that rows below may belong to.
    """

    directory: Directory
    rows: list[Row] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    levels: list[_Level] = field(default_factory=list)
    entered: list[_Level] = field(default_factory=list)
    base: str = ""
    heads: dict[str, Row] = field(default_factory=dict)
    counts: bool = False
    taken: set[str] = field(default_factory=set)

    @property
    def group(self) -> str | None:
        """The titles of the open groups, the outermost first."""
        return " / ".join(level.title for level in self.levels) or None

    def enter(self, style: str, title: str, row: Row) -> None:
        """Begin a group; what follows belongs to it. Groups of its style, and those within them, end."""
        styles = [level.style for level in self.levels]
        if style in styles:
            del self.levels[styles.index(style) :]
        given = {kind: row.texts[kind] for kind in _LENDABLE if row.get(kind) and kind not in row.inherited}
        unit = "" if "leads" in given else self._unit_in(title)
        if unit:
            given["leads"] = unit
        if style in ("roman", "letter"):
            self.base, self.heads = "", {}
        self.entered.append(_Level(style, title, given, row.place, bool(unit), tuple(row.extra.items())))
        self.levels.append(self.entered[-1])
        self.findings.extend(_group_cells(title, row))

    def leave_numbers(self, label: str) -> None:
        """End the numbered groups ('5. …') that the number `label` is not under."""
        self._leave(lambda each: each.style.startswith("number") and not label.startswith(f"{each.style[6:]}."))

    def leave_codes(self, row: Row) -> None:
        """End the groups known by their code ('KH.1') that the row's code is not under."""
        self._leave(lambda each: each.style == "code" and not _is_below(row, each.codes))

    def _leave(self, ended: Callable[[_Level], bool]) -> None:
        at = next((at for at, level in enumerate(self.levels) if ended(level)), None)
        if at is not None:
            del self.levels[at:]

    def _unit_in(self, title: str) -> str:
        """The unit that a group's title names, or ''."""
        name = re.sub(r"^(?:[IVXL]+|[A-Z]|\d+)[.)/:\- ]\s*", "", title).strip(" :;.")
        if self.directory.find(name):
            return name
        words = plain(name)
        is_name = lexicon.head(words) not in (None, "các", "những", "công ty") and lexicon.duty_at(words) is None
        return name if is_name and len(words.split()) <= _LONGEST_UNIT_NAME and name[:1].isupper() else ""

    def add(self, row: Row, headings: Headings) -> None:
        """Add a task; what it leaves empty and its groups tell, it takes from them."""
        row.group = row.get("group") or self.group
        for level in self.levels:
            level.has_tasks = True
        self.rows.append(row)
        self.findings.extend(row.findings)
        _borrow(self, row, headings)


def _group_cells(title: str, row: Row) -> Iterator[Finding]:
    rest = "; ".join(filter(None, (row.assigned, *row.extra.values())))
    params = {"text": short(title), "whole": title, "rest": rest}
    if row.assigned:
        yield Finding("question", None, "group", "group-with-cells", _GROUP_CELLS, params, row.place)
    elif rest:
        yield Finding("note", None, "group", "group-rest", _GROUP_REST, params, row.place)


def _borrow(table: Table, row: Row, headings: Headings) -> None:
    timed = any(row.get(kind) for kind in TIMES)
    if not timed:
        _same_time(table, row, headings)
        timed = bool(row.get("due"))
    for kind in ("leads", *(() if timed else TIMES)):
        level = next((each for each in reversed(table.levels) if each.given.get(kind)), None)
        if level is None or row.get(kind):
            continue
        if level.is_unit and headings.at("leads") is not None and not _is_known(table, level.given[kind]):
            continue  # the table has a column for units and its cell is empty: a title that only looks like a unit
        row.texts[kind] = level.given[kind]
        params = {"text": squeeze(level.given[kind]), "group": short(level.title)}
        number = row.get("number")
        if level.is_unit:
            table.findings.append(Finding("note", number, kind, "group-is-unit", _UNIT_GROUP, params, row.place))
        else:
            table.findings.append(Finding("note", number, kind, "from-group", _LENT, params, row.place))


def _same_time(table: Table, row: Row, headings: Headings) -> None:
    """The time of the row above, in a table whose rows stand below a month told once in its first column."""
    above = table.rows[-2] if len(table.rows) > 1 else None
    if headings.at("due") != 0 or above is None or above.group != row.group or not above.get("due"):
        return
    row.texts["due"] = above.texts["due"]
    params = {"text": above.get("due")}
    table.findings.append(Finding("note", row.get("number"), "due", "time-from-above", _FROM_ABOVE, params, row.place))


def _is_known(table: Table, name: str) -> bool:
    return table.directory.find(name) is not None


def walk(rows: Sequence[tuple[Cell, ...]], headings: Headings, directory: Directory) -> Table:
    """The tasks, groups and leftovers of a table's rows below its heading."""
    heading = [fold(column.heading) for column in headings.columns]
    body, headings = numbers_apart([cells for cells in rows if not is_furniture(cells, heading)], headings)
    rows_read = [row_of(cells, headings) for cells in body]
    table = Table(directory, taken=numbers(body, headings))
    table.counts = not table.taken
    if table.counts and body:
        place = body[0][0].place
        table.findings.append(Finding("note", None, "number", "numbered-by-position", _BY_POSITION, {}, place))
    last = last_numbered(body, headings)
    for at, (cells, row) in enumerate(zip(body, rows_read, strict=True)):
        if is_remark(row, cells):
            end = at + 1 if at < last else len(body)
            table.findings.extend(left_over(body[at:end]))
            if end == len(body):
                break
            continue
        _place(table, row, rows_read[at + 1] if at + 1 < len(body) else None, headings)
    table.findings.extend(_empty_groups(table))
    table.findings.extend(revisions(body, headings, table.rows))
    return table


def _empty_groups(table: Table) -> Iterator[Finding]:
    for level in table.entered:
        if not level.has_tasks:
            yield Finding("note", None, "group", "empty-group", _EMPTY_GROUP, {"text": level.title}, level.place)


def _place(table: Table, row: Row, following: Row | None, headings: Headings) -> None:
    """Put one row where it belongs: a task, a group's heading, the rest of the task before it."""
    label, title = label_of(row.get("number")), row.get("title")
    if "number" in row.inherited and table.rows:
        _under_the_same_number(table, row, headings)
    elif not is_number(label) and is_total(title or label):
        _total(table, row)
    elif not label:
        (_count if table.counts else _unnumbered)(table, row, following, headings)
    elif is_number(label):
        _numbered(table, row, label, following, headings)
    elif style := style_of(label, _letter(table)):
        table.enter(style, f"{label}. {title}" if title else label, row)
    elif not title and (mark_of(row.get("number")) or not row.assigned):
        table.enter(_style(row.get("number"), table), row.get("number"), row)
    elif is_sub_label(label):
        _sub_row(table, row, headings)
    else:
        params = {"text": label, "row": str(row.place.row)}
        table.findings.append(Finding("error", label, "number", "bad-number", _ODD_NUMBER, params, row.place))
        row.texts["number"] = label
        table.add(row, headings)


def _letter(table: Table) -> str:
    return next((level.title[:1] for level in table.levels if level.style == "letter"), "")


def _style(title: str, table: Table) -> str:
    """How a group's title is marked: 'letter', 'roman', or 'plain' where it only has words."""
    return style_of(mark_of(title), _letter(table)) or "plain"


def _total(table: Table, row: Row) -> None:
    text = "; ".join(filter(None, (row.get("number"), row.get("title"), row.assigned, *row.extra.values())))
    table.findings.append(Finding("note", None, None, "total-row", _TOTAL, {"text": text}, row.place))


def _count(table: Table, row: Row, following: Row | None, headings: Headings) -> None:
    """A row of a table without numbers: a group's title, or a task numbered by its position."""
    title = row.get("title")
    if table.rows and ("title" in row.inherited or not title):
        _append(table.rows[-1], row)
    elif title and not row.assigned and (mark_of(title) or title.isupper()):
        _guessed_group(table, row)
    else:
        row.texts["number"] = str(len(table.rows) + 1)
        table.add(row, headings)


def _numbered(table: Table, row: Row, label: str, following: Row | None, headings: Headings) -> None:
    table.leave_numbers(label)
    table.leave_codes(row)
    table.base = label
    below = label_of(following.get("number")) if following else ""
    is_head = below.startswith(f"{label}.") or is_sub_label(below) or (following is not None and _is_listed(following))
    if not row.assigned and is_head:
        table.enter(f"number{label}", f"{label}. {row.get('title')}", row)
        return
    row.texts["number"] = label
    table.add(row, headings)
    if "." in label and headings.at("group") is None:
        _belong(table, row, label.rpartition(".")[0])
    table.heads[label] = row


def _under_the_same_number(table: Table, row: Row, headings: Headings) -> None:
    """A row below a merged number: another task of that number, or more of the same one."""
    if "title" in row.inherited or not row.get("title"):
        _append(table.rows[-1], row)
    else:
        _sub_row(table, row, headings)


def _sub_row(table: Table, row: Row, headings: Headings) -> None:
    """A task without a number of its own below a numbered row: 5.1, 5.2 below 5."""
    number = sub_number(table.base, table.taken)
    table.taken.add(number)
    params = {"row": str(row.place.row), "number": number, "label": row.get("number")}
    table.findings.append(Finding("note", number, "number", "sub-number", _SUB_NUMBER, params, row.place))
    row.texts["number"] = number
    table.add(row, headings)
    if not {"number", "leads"} <= row.inherited:  # a merged number beside a merged unit is the unit's, not a task's
        _belong(table, row, table.base)


def _belong(table: Table, row: Row, number: str) -> None:
    """A task below the numbered row it belongs to: that is its group, and tells who leads where it does not."""
    head = table.heads.get(number)
    if head is None:
        return
    name = f"{number}. {head.get('title')}"
    if not row.get("group"):
        row.group = " / ".join(filter(None, (head.group, name)))
    if head.get("leads") and not row.get("leads"):
        row.texts["leads"] = head.texts["leads"]
        params = {"text": head.get("leads"), "group": short(name)}
        table.findings.append(Finding("note", row.get("number"), "leads", "from-group", _LENT, params, row.place))


def _is_listed(row: Row) -> bool:
    """Whether a row without a number begins as one of a list below a numbered one, with cells of its own: 'a) …'."""
    return not row.get("number") and bool(_LISTED.match(row.get("title"))) and bool(row.assigned)


def _unnumbered(table: Table, row: Row, following: Row | None, headings: Headings) -> None:
    title = row.get("title")
    if table.base and "title" not in row.inherited and _is_listed(row):
        _sub_row(table, row, headings)
    elif table.rows and (not title or "title" in row.inherited or _goes_on(table.rows[-1], row)):
        _append(table.rows[-1], row)
    elif title and not row.assigned:
        _guessed_group(table, row)
    elif following and _is_parent(row, following):
        table.enter("code", title, row)
        params = {"text": short(title), "whole": title}
        table.findings.append(Finding("note", None, "group", "parent-row", _PARENT, params, row.place))
    else:
        _propose_number(table, row, headings)


def _guessed_group(table: Table, row: Row) -> None:
    title = row.get("title")
    table.enter(_style(title, table), title, row)
    params = {"text": short(title), "whole": title}
    table.findings.append(Finding("note", None, "group", "group-guess", _GROUP_GUESS, params, row.place))


def _propose_number(table: Table, row: Row, headings: Headings) -> None:
    """A row with a task's cells among numbered ones: a task under the next free number, for a person to look at."""
    number = next_number(table.base, table.taken)
    table.taken.add(number)
    if number.count(".") <= table.base.count("."):
        table.base = number
    params = {"text": short(row.get("title") or row.assigned), "row": str(row.place.row), "number": number}
    table.findings.append(Finding("question", number, "number", "row-without-number", _NO_NUMBER, params, row.place))
    row.texts["number"] = number
    table.add(row, headings)


def _append(before: Row, row: Row) -> None:
    """Add the cells of a row that goes on with the row before, from the page before or beside merged cells."""
    for kind, text in row.texts.items():
        if kind not in row.inherited and text.strip():
            above = before.texts.get(kind, "")
            mark = "\n" if kind in TIMES and _is_time(above) and _is_time(text) else " "
            before.texts[kind] = f"{above}{mark}{text}".strip()
    for heading, text in row.extra.items():
        above = before.extra.get(heading, "")
        before.extra[heading] = above if above == text else f"{above} {text}".strip()


def _goes_on(before: Row, row: Row) -> bool:
    """Whether a row's title goes on with the row before: a small letter, and not a second unit with its own time."""
    timed = all(any(_is_time(each.get(kind)) for kind in TIMES if each.get(kind)) for each in (before, row))
    own = timed and before.get("leads") and lexicon.begins_party(plain(row.get("leads")))
    return row.get("title")[:1].islower() and not own


def _is_time(text: str) -> bool:
    return read_cell(text, TimeContext()).complete


def _is_parent(row: Row, following: Row) -> bool:
    """Whether the next row's code is this row's with more behind it: KH.1 before KH.1.1."""
    return _is_below(following, tuple(row.extra.items()))


def _is_below(row: Row, codes: tuple[tuple[str, str], ...]) -> bool:
    return any(row.extra.get(heading, "").startswith(f"{code}.") for heading, code in codes)
